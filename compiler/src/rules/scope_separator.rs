//! Scopes that are not separated as the entry says.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, item};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0376", "scope-separator"),
    page: Page {
        checks: "Checks for a scope of the entry that contains its own separator.",
        why: "A list item is one scope. `read,write` as one item, at a server whose separator is a space, is a scope that the server does not know.",
        fails: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
    default_scopes: ['read,write']
"
        ),
        mended: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
    default_scopes: [read, write]
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let Some(scopes) = subject.get("default_scopes") else { return };
    for (index, scope) in scopes.node.as_sequence().into_iter().flatten().enumerate() {
        let text = scope.as_str().unwrap_or_default();
        // Scopes are printable characters without spaces (RFC 6749 section 3.3); no known one has a comma.
        if text.contains([',', ' ']) {
            let path = item(&scopes.path, index);
            report.spanned(&path, scope.span, format!("`{text}` is several scopes"), |found| {
                found.label("each scope is an item of its own").help("split it; `scope_separator` joins them")
            });
        }
    }
}
