//! A refresh that would ask for the wrong grant.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::diagnostic::nearest;
use crate::model::Mode;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0370", "refresh-grant-missing"),
    page: Page {
        checks: "Checks for an authorization-code entry that says nothing about its refresh, or names another grant for it.",
        why: "Other readers of the format send `token_params` again when they refresh, with the grant of the first request in it. \
              `refresh_params: {grant_type: refresh_token}` says what is meant (RFC 6749 section 6).",
        fails: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
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

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    if !matches!(subject.mode, Mode::OAuth2 | Mode::McpOAuth2 | Mode::Custom) {
        return;
    }
    if let Some(grant) = subject.get("refresh_params.grant_type") {
        let named = grant.node.as_str().unwrap_or_default();
        if named == "authorization_code" || (named != "refresh_token" && is_close(named)) {
            report.at(&grant, format!("a refresh with the grant `{named}`"), |found| {
                found.label("RFC 6749 section 6 calls it `refresh_token`").help("write `refresh_token`")
            });
        }
        return;
    }
    let inherits = subject.text("token_params.grant_type") == Some("authorization_code");
    if inherits && !subject.has("refresh_params") {
        let key = subject.entry.key.span;
        let place = subject.get("token_params").and_then(|place| place.key);
        report.spanned(&[], key, "nothing says how a token is refreshed", |found| {
            let found = found.label("no `refresh_params`").help("add `refresh_params: {grant_type: refresh_token}`");
            match place {
                Some(span) => found.secondary(span, "other readers send these again when they refresh"),
                None => found,
            }
        });
    }
}

fn is_close(named: &str) -> bool {
    nearest(named, ["refresh_token"]).is_some()
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn only_a_code_that_would_be_sent_again_counts() {
        let rest = "    authorization_url: https://acme.example/a\n    token_url: https://acme.example/t\n    proxy: {base_url: 'https://api.acme.example'}\n";
        let of = |keys: &str| acme(&format!("    auth_mode: OAUTH2\n{rest}{keys}"));
        check("refresh-grant-missing", &of(""), &[]);
        check("refresh-grant-missing", &of("    token_params: {audience: x}\n"), &[]);
        let code = "    token_params: {grant_type: authorization_code}\n";
        check("refresh-grant-missing", &of(code), &["1:1 nothing says how a token is refreshed"]);
        let wrong = "    refresh_params: {grant_type: refresh_tokn}\n";
        check(
            "refresh-grant-missing",
            &of(&format!("{code}{wrong}")),
            &["10:34 a refresh with the grant `refresh_tokn`"],
        );
    }
}
