//! Parameters in the base URL.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0330", "query-in-base-url"),
    page: Page {
        checks: "Checks for a `?` in `proxy.base_url`.",
        why: "Endpoints are put behind the base URL, and behind a query they would become part of its last value: \
              the runtime refuses such a base, so that every call fails. Parameters of every request go to \
              `proxy.query`.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example?format=json
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
        query: {format: json}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let Some(base) = subject.get("proxy.base_url") else { return };
    let text = base.node.as_str().unwrap_or_default();
    if text.contains('?') {
        report.at(&base, "the base URL has a query", |found| {
            found.label("no endpoint can be put behind it").help("move the parameters to `proxy.query`")
        });
    }
}
