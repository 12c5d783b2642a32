//! A probe that the format's other readers never send.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use keyway_spec::mode::Verification;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0391", "inert-verification"),
    page: Page {
        checks: "Checks for a `proxy.verification` in a mode whose connections are made by a flow.",
        why: "Where a person signs in at the provider, or a token is asked for, that already proves the credential. \
              The runtime sends the probe all the same, and a probe that fails refuses a connection that is good; \
              other readers of the format never send it in such a mode, so a wrong one is not noticed.",
        fails: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy:
        base_url: https://api.acme.example
        verification: {method: GET, endpoints: [/me]}
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

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let probed = subject.mode.facts().verification != Verification::Nothing;
    let Some(probe) = subject.get("proxy.verification").filter(|_| !probed) else { return };
    let span = probe.key.unwrap_or(probe.node.span);
    let message = format!("`verification` proves nothing more in `{}`", subject.mode.name());
    report.spanned(&probe.path, span, message, |found| {
        fixes::removing(found.label("signing in proves the credential already").help("remove it"), &probe)
    });
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn submitted_credentials_are_probed() {
        let proxy =
            "    proxy:\n        base_url: https://api.acme.example\n        verification: {endpoints: [/me]}\n";
        check("inert-verification", &acme(&format!("    auth_mode: BASIC\n{proxy}")), &[]);
        let found = &["8:9 `verification` proves nothing more in `NONE`"];
        check("inert-verification", &acme(&format!("    auth_mode: NONE\n{proxy}")), found);
    }
}
