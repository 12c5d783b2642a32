//! One content type for every call.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0399", "global-content-type"),
    page: Page {
        checks: "Checks for a fixed `content-type` in `proxy.headers`.",
        why: "Every call that names no type of its own gets it, also one that has no body. A program that passes a \
              form by its names and values is refused, where the type is another. The caller knows what it sends.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}', content-type: application/json}
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
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for header in subject.members("proxy.headers") {
        if header.name().eq_ignore_ascii_case("content-type") {
            let span = header.key.unwrap_or(header.node.span);
            report.spanned(&header.path, span, "one content type for every call", |found| {
                found.label("also for calls that send something else, or nothing").help("leave it to the caller")
            });
        }
    }
}
