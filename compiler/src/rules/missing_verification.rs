//! Credentials that nothing proves.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use keyway_spec::mode::Verification;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0390", "missing-verification"),
    page: Page {
        checks: "Checks for submitted credentials that nothing proves when the connection is made.",
        why: "A customer who mistypes a key should hear about it at once, not from the first failed call days later. One endpoint \
              that every credential may read is enough.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
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
    let submitted = subject.mode.facts().verification == Verification::Credential;
    let hook = subject.text("credentials_verification_script").is_some_and(|name| !name.is_empty());
    if !submitted || hook || subject.has("proxy.verification") {
        return;
    }
    let Some(proxy) = subject.get("proxy") else { return };
    let span = proxy.key.unwrap_or(proxy.node.span);
    report.spanned(&proxy.path, span, "nothing proves the credential when a connection is made", |found| {
        found
            .label("no `verification` in here")
            .help("add `verification: {method: GET, endpoints: [...]}` with an endpoint that any credential may read")
    });
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn a_hook_proves_too_and_flows_prove_themselves() {
        let proxy = "    proxy: {base_url: 'https://api.acme.example', headers: {x: '${apiKey}'}}\n";
        let found = &["6:5 nothing proves the credential when a connection is made"];
        check("missing-verification", &acme(&format!("    auth_mode: API_KEY\n{proxy}")), found);
        let hook = "    credentials_verification_script: acmeCredentialsVerification\n";
        check("missing-verification", &acme(&format!("    auth_mode: API_KEY\n{proxy}{hook}")), &[]);
        check("missing-verification", &acme(&format!("    auth_mode: NONE\n{proxy}")), &[]);
    }
}
