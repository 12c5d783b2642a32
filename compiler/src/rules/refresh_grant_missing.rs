//! A refresh that would ask for the wrong grant.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::{Located, Subject};
use super::{Check, Lint, Page};
use crate::diagnostic::{Fix, Rule, nearest};
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
    if let Some(grant) = misspelt(subject) {
        let (key, message) = (grant.key.unwrap_or(grant.node.span), format!("`{}` names no grant", grant.name()));
        report.spanned(&grant.path, key, message, |found| {
            let found = found.label("RFC 6749 section 4 calls it `grant_type`").help("did you mean `grant_type`?");
            let plain = key.range().len() == grant.name().len();
            found.offer(plain.then(|| Fix::write(key, "grant_type")))
        });
        return;
    }
    if let Some(grant) = subject.get("refresh_params.grant_type") {
        let named = grant.node.as_str().unwrap_or_default();
        if named == "authorization_code" || (named != "refresh_token" && is_close(named)) {
            report.at(&grant, format!("a refresh with the grant `{named}`"), |found| {
                let found = found.label("RFC 6749 section 6 calls it `refresh_token`").help("write `refresh_token`");
                found.offer(fixes::write(&grant, "refresh_token"))
            });
        }
        return;
    }
    let inherits = subject.text("token_params.grant_type") == Some("authorization_code");
    if inherits && !subject.has("refresh_params") {
        let key = subject.entry.key.span;
        let params = subject.get("token_params").and_then(|place| Some((place.key?, place.node.span)));
        report.spanned(&[], key, "nothing says how a token is refreshed", |found| {
            let line = "refresh_params: {grant_type: refresh_token}";
            let found = found.label("no `refresh_params`").help(format!("add `{line}`"));
            match &params {
                Some((key, value)) => {
                    found.secondary(*key, "other readers send these again when they refresh").adding(line, *key, *value)
                }
                None => found,
            }
        });
    }
}

/// A parameter that was meant to name the grant.
fn misspelt<'e>(subject: &Subject<'e>) -> Option<Located<'e>> {
    let lacks = |map: &&str| !subject.has(&format!("{map}.grant_type"));
    let params = ["token_params", "refresh_params"].into_iter().filter(lacks).flat_map(|map| subject.members(map));
    params.into_iter().find(|param| nearest(param.name(), ["grant_type"]).is_some())
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
        let typo = "    token_params: {greant_type: authorization_code}\n";
        check("refresh-grant-missing", &of(typo), &["9:20 `greant_type` names no grant"]);
        let wrong = "    refresh_params: {grant_type: refresh_tokn}\n";
        check(
            "refresh-grant-missing",
            &of(&format!("{code}{wrong}")),
            &["10:34 a refresh with the grant `refresh_tokn`"],
        );
    }
}
