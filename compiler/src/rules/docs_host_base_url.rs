//! The documentation as the API.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::support::urls;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0331", "docs-host-base-url"),
    page: Page {
        checks: "Checks for a base URL whose host is the documentation of the API.",
        why: "Documentation answers every request with a page, and gets the credential with it.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://developers.acme.example
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
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    const DOCUMENTATION: [&str; 8] =
        ["docs", "doc", "developer", "developers", "help", "support", "readme", "documentation"];
    let Some(base) = subject.get("proxy.base_url") else { return };
    let text = base.node.as_str().unwrap_or_default();
    let host = urls::host(text);
    let first = host.split('.').next().unwrap_or_default();
    // `developer.api.acme.com` and `developer.acme.com/api` are where some vendors serve it; and a product may be for
    // documents.
    let named = subject.entry.key.name.contains(first) || host.split('.').count() > 3;
    if !named && DOCUMENTATION.contains(&first) && urls::path(text).trim_matches('/').is_empty() {
        report.at(&base, format!("`{first}` is where the documentation is"), |found| {
            found.label("a page for people").help("name the host that the examples of the documentation send to")
        });
    }
}
