//! A `state` parameter that all flows share.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0372", "hardcoded-state"),
    page: Page {
        checks: "Checks for a `state`, a `redirect_uri` or a `code_challenge` among `authorization_params`.",
        why: "The state ties a callback to the browser that started the flow (RFC 6749 section 10.12); it is new for \
              every flow. The runtime knows no flow of a fixed one, so no sign-in ends; where a reader accepts it, a \
              stranger can finish another person's flow.",
        fails: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    authorization_params: {state: fixed}
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
"
        ),
        mended: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
"
        ),
    },
    check: Check::Entry(check),
};

/// Parameters that the flow makes up, each time anew.
const OF_THE_FLOW: [&str; 4] = ["code_challenge", "nonce", "redirect_uri", "state"];

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for param in subject.members("authorization_params") {
        if OF_THE_FLOW.contains(&param.name()) && param.node.as_str().is_some_and(|text| !text.contains("${")) {
            let message = format!("`{}` is the same in every flow", param.name());
            report.at(&param, message, |found| {
                fixes::removing(found.label("made anew for every flow").help("remove it"), &param)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn what_varies_is_no_constant() {
        let rest = "    auth_mode: OAUTH2\n    authorization_url: https://acme.example/a\n    token_url: https://acme.example/t\n";
        let of = |params: &str| acme(&format!("{rest}    authorization_params: {params}\n"));
        check("hardcoded-state", &of("{nonce: '${random}', prompt: consent}"), &[]);
        check("hardcoded-state", &of("{state: abc}"), &["8:35 `state` is the same in every flow"]);
    }
}
