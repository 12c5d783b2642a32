//! Scopes in the wrong place.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::model::Mode;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0377", "scope-in-params"),
    page: Page {
        checks: "Checks for a fixed `scope` in `authorization_params` or `token_params`.",
        why: "In `authorization_params` it silently beats the scopes that a connection asks for. In `token_params` \
              of `OAUTH2_CC` it is sent only where neither the connection nor the integration has scopes, and no \
              listing shows it. `default_scopes` asks for scopes where neither the operator nor the caller names others.",
        fails: acme!(
            "    auth_mode: OAUTH2_CC
    token_url: https://acme.example/token
    token_params: {grant_type: client_credentials, scope: read}
    credentials:
        client_id: {type: string, title: Client ID, description: Shown in the settings.}
        client_secret: {type: string, title: Client secret, description: Shown once.}
    proxy: {base_url: 'https://api.acme.example'}
"
        ),
        mended: acme!(
            "    auth_mode: OAUTH2_CC
    token_url: https://acme.example/token
    token_params: {grant_type: client_credentials}
    credentials:
        client_id: {type: string, title: Client ID, description: Shown in the settings.}
        client_secret: {type: string, title: Client secret, description: Shown once.}
    proxy: {base_url: 'https://api.acme.example'}
    default_scopes: [read]
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for (path, message) in [
        ("authorization_params.scope", "a fixed `scope` beats the scopes that are asked for"),
        ("token_params.scope", "a fixed `scope` is hidden among the parameters"),
    ] {
        let Some(scope) = subject.get(path) else { continue };
        let fixed = scope.node.as_str().is_some_and(|text| !text.is_empty() && !text.contains("${"));
        let flow = matches!(subject.mode, Mode::OAuth2 | Mode::OAuth2ClientCredentials);
        if fixed && flow {
            report.at(&scope, message, |found| {
                found.label("the same for every connection").help("move it to `default_scopes`")
            });
        }
    }
}
