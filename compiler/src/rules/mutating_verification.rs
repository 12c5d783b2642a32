//! A probe that changes something.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0392", "mutating-verification"),
    page: Page {
        checks: "Checks for a `proxy.verification` with a method that writes.",
        why: "The probe is sent whenever a connection is made or imported. What it creates or deletes is real. A \
              query that can only be sent by `POST` (GraphQL, a search) is fine.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: POST, endpoints: [/users]}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let Some(method) = subject.get("proxy.verification.method") else { return };
    let named = method.node.as_str().unwrap_or_default();
    let reading = ["graphql", "search", "query", "list", "get", "info", "ping", "verify", "whoami", "test", "me"];
    let endpoints = subject.get("proxy.verification.endpoints").or_else(|| subject.get("proxy.verification.endpoint"));
    let texts = endpoints.iter().flat_map(|place| match place.node.as_sequence() {
        Some(list) => list.iter().filter_map(|node| node.as_str()).collect(),
        None => place.node.as_str().into_iter().collect::<Vec<_>>(),
    });
    let last = |text: &str| text.rsplit(['/', '.']).next().unwrap_or_default().to_ascii_lowercase();
    let reads = texts.map(last).any(|word| reading.iter().any(|known| word.contains(known)));
    let writes = matches!(named, "PUT" | "PATCH" | "DELETE") || named == "POST" && !reads;
    if writes {
        report.at(&method, format!("the probe is sent by `{named}`"), |found| {
            found.label("may change something at the provider").help("probe with `GET`")
        });
    }
}
