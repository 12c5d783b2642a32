//! A probe that succeeds without a credential.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0394", "trivial-verification"),
    page: Page {
        checks: "Checks for a `proxy.verification` that asks for the root of the API, or for its health.",
        why: "Such an endpoint answers without a credential. The connection looks good until the first real call.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/]}
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
    const PUBLIC: [&str; 6] = ["health", "healthcheck", "healthz", "status", "ping", "version"];
    let Some(place) =
        subject.get("proxy.verification.endpoints").or_else(|| subject.get("proxy.verification.endpoint"))
    else {
        return;
    };
    // A base URL with a path of its own may end in something worth asking.
    let base = subject.text("proxy.verification.base_url_override").or_else(|| subject.text("proxy.base_url"));
    let bare = urls::path(base.unwrap_or_default()).trim_matches('/').is_empty();
    let trivial = |text: &str| {
        let path = text.split('?').next().unwrap_or_default().trim_matches('/');
        path.is_empty() && bare || PUBLIC.contains(&path)
    };
    let texts: Vec<&str> = match place.node.as_sequence() {
        Some(list) => list.iter().filter_map(|node| node.as_str()).collect(),
        None => place.node.as_str().into_iter().collect(),
    };
    if let Some(text) = texts.into_iter().find(|text| trivial(text)) {
        report.at(&place, format!("`{text}` may answer without a credential"), |found| {
            found.label("proves nothing").help("ask for something that needs the credential, such as its own user")
        });
    }
}
