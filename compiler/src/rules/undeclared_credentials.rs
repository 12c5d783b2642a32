//! Credentials that the entry asks for without a word.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::Mode;

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0313", "undeclared-credentials"),
    page: Page {
        checks: "Checks for a mode whose credentials a customer submits, in an entry that declares none.",
        why: "`credentials` gives the form its labels, its examples and its help. Without it a customer sees a bare `apiKey` and has \
              to guess where to find one.",
        fails: acme!(
            "    auth_mode: API_KEY
    proxy:
        base_url: https://api.acme.example
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
    if subject.mode == Mode::TwoStep {
        return two_step(subject, report);
    }
    let asks = matches!(subject.mode, Mode::ApiKey | Mode::Basic | Mode::OAuth2ClientCredentials);
    if !asks || subject.has("credentials") {
        return;
    }
    let severity = if subject.mode == Mode::ApiKey { Severity::Error } else { Severity::Warning };
    let names = subject.mode.facts().stored.join("`, `");
    report.spanned(&[], subject.entry.key.span, "nothing says what a customer has to submit", |found| {
        let found = found.label("no `credentials`").help(format!("declare `{names}` under `credentials`"));
        Diagnostic { severity, ..found }
    });
}

/// A login takes its credentials from the customer, and only from there.
fn two_step(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let asks = ["credentials", "integration_config", "assertion_option"].iter().any(|map| subject.has(map));
    let param = subject.members("token_params").into_iter().find(|param| {
        let text = param.node.as_str().unwrap_or_default();
        text.contains("${")
            && !text.contains("connectionConfig")
            && !text.contains("${now")
            && !text.contains("${random")
    });
    let Some(param) = param.filter(|_| !asks) else { return };
    let message = format!("nothing says what a customer has to submit as `{}`", param.name());
    report.at(&param, message, |found| {
        let found = found.label("no `credentials`").help("declare what the login needs under `credentials`");
        Diagnostic { severity: Severity::Warning, ..found }
    });
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn flows_ask_for_nothing() {
        let proxy = "    proxy: {base_url: 'https://api.acme.example'}\n";
        let found = &["1:1 nothing says what a customer has to submit"];
        check("undeclared-credentials", &acme(&format!("    auth_mode: BASIC\n{proxy}")), found);
        check("undeclared-credentials", &acme(&format!("    auth_mode: NONE\n{proxy}")), &[]);
    }
}
