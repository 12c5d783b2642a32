//! A client that identifies itself twice.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Located, Subject};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0375", "client-auth-contradiction"),
    page: Page {
        checks: "Checks for client credentials in `token_params` or `token_headers` beside a method that already sends them.",
        why: "RFC 6749 section 2.3 allows one method per request. Some servers refuse two; others believe the wrong one.",
        fails: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code, client_id: acme}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
    token_request_auth_method: basic
"
        ),
        mended: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
    token_request_auth_method: basic
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let Some(method) = subject.get("token_request_auth_method") else { return };
    if method.node.as_str() != Some("basic") {
        return;
    }
    let header = |header: &Located<'_>| header.name().eq_ignore_ascii_case("authorization");
    let parameter = |parameter: &Located<'_>| matches!(parameter.name(), "client_id" | "client_secret");
    let headers = subject.members("token_headers").into_iter().filter(header);
    for twice in subject.members("token_params").into_iter().filter(parameter).chain(headers) {
        report.at(&twice, format!("`{}` identifies the client a second time", twice.name()), |found| {
            let found =
                found.label("RFC 6749 section 2.3 allows one way").secondary(method.node.span, "the first is here");
            found.help("remove one of the two")
        });
    }
}
