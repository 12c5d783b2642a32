//! A unit of lifetimes that no answer is read with.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Located, Subject, fixed};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::model::Mode;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0416", "unread-lifetime-unit"),
    page: Page {
        checks: "Checks for an `expires_in_unit` beside which no lifetime is read from an answer, or that another key overrides.",
        why: "The unit says how a number in an answer becomes a lifetime. Where no such number is read, because the \
              entry names none, names an instant, or fixes the lifetime itself, the unit changes nothing: most likely \
              the key that says where the lifetime stands is missing.",
        fails: acme!(
            "    auth_mode: TWO_STEP
    credentials:
        username: {type: string, title: User, description: Who signs in.}
        password: {type: string, title: Password, description: What they know., secret: true}
    token_url: https://api.acme.example/login
    token_params: {user: '${credentials.username}', password: '${credentials.password}'}
    token_response: {token: token, token_expiration: expires}
    keyway: {token: {expires_in_unit: milliseconds}}
    proxy: {base_url: 'https://api.acme.example'}
"
        ),
        mended: acme!(
            "    auth_mode: TWO_STEP
    credentials:
        username: {type: string, title: User, description: Who signs in.}
        password: {type: string, title: Password, description: What they know., secret: true}
    token_url: https://api.acme.example/login
    token_params: {user: '${credentials.username}', password: '${credentials.password}'}
    token_response: {token: token, token_expiration: expires, token_expiration_strategy: expireIn}
    keyway: {token: {expires_in_unit: milliseconds}}
    proxy: {base_url: 'https://api.acme.example'}
"
        ),
    },
    check: Check::Entry(check),
};

const UNIT: &str = "expires_in_unit";

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    if let Some(unit) = subject.get("keyway.token.expires_in_unit")
        && let Some((reason, help)) = unread(subject)
    {
        tell(report, &unit, reason, help);
    }
    for unit in fixed(subject).iter().filter(|place| place.name() == UNIT) {
        let Some((_, map)) = unit.path.split_last() else { continue };
        if map.last().is_none_or(|name| name != "response") {
            continue;
        }
        if map.iter().any(|name| name == "introspect") {
            tell(report, unit, "an introspection answers with an instant", "remove it");
        } else if fixed(subject).iter().any(|other| other.name() == "lifetime" && other.path.starts_with(map)) {
            tell(report, unit, "`lifetime` beside it decides, in seconds", "remove one of the two");
        }
    }
}

/// Why no answer is read with the unit of the entry, and what to do.
fn unread(subject: &Subject<'_>) -> Option<(&'static str, &'static str)> {
    let strategy = subject.text("token_response.token_expiration_strategy");
    match subject.mode {
        Mode::TwoStep if !subject.has("token_response.token_expiration") => {
            Some(("nothing says where the lifetime stands", "add `token_response.token_expiration`"))
        }
        Mode::TwoStep if strategy != Some("expireIn") => {
            let help = "add `token_expiration_strategy: expireIn` if it is a duration, else remove the unit";
            Some(("`token_expiration` is an instant", help))
        }
        Mode::OAuth2ClientCredentials if subject.has(UNIT) => {
            Some(("it overrides the entry's own `expires_in_unit`", "keep one of the two"))
        }
        Mode::TwoStep
        | Mode::OAuth2
        | Mode::OAuth2ClientCredentials
        | Mode::McpOAuth2
        | Mode::McpOAuth2Generic
        | Mode::Custom => None,
        Mode::None
        | Mode::ApiKey
        | Mode::Basic
        | Mode::Jwt
        | Mode::Signature
        | Mode::OAuth1
        | Mode::Tba
        | Mode::App
        | Mode::InstallPlugin
        | Mode::Bill
        | Mode::AwsSigV4 => Some(("this mode reads no lifetime from an answer", "remove it")),
    }
}

fn tell(report: &mut Reporter<'_, '_>, unit: &Located<'_>, reason: &'static str, help: &'static str) {
    report.at(
        unit,
        format!("the unit `{}` is not used as it stands", unit.node.as_str().unwrap_or_default()),
        |found| found.label(reason).help(help),
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn a_unit_needs_a_lifetime_that_is_read() {
        let rule = "unread-lifetime-unit";
        let unit = "    keyway: {token: {expires_in_unit: minutes}}\n";
        let expected = |at: &str| [format!("{at} the unit `minutes` is not used as it stands")];
        let login = "    auth_mode: TWO_STEP\n    token_url: https://api.acme.example/login\n";
        let of = |keys: &str| acme(&format!("{login}    token_response: {keys}\n{unit}"));
        let found = expected("8:39");
        let found: Vec<&str> = found.iter().map(String::as_str).collect();
        check(rule, &of("{token: t}"), &found);
        check(rule, &of("{token: t, token_expiration: e}"), &found);
        check(rule, &of("{token: t, token_expiration: e, token_expiration_strategy: expireAt}"), &found);
        check(rule, &of("{token: t, token_expiration: e, token_expiration_strategy: expireIn}"), &[]);
        let other = expected("6:39");
        let other: Vec<&str> = other.iter().map(String::as_str).collect();
        check(rule, &acme(&format!("    auth_mode: API_KEY\n{unit}")), &other);
        check(rule, &acme(&format!("    auth_mode: OAUTH2\n{unit}")), &[]);
        check(rule, &acme(&format!("    auth_mode: OAUTH2_CC\n{unit}")), &[]);
        check(rule, &acme(&format!("    auth_mode: OAUTH2_CC\n{unit}    expires_in_unit: milliseconds\n")), &other);
    }

    #[test]
    fn a_lifetime_that_is_fixed_has_no_unit() {
        let of = |response: &str| {
            acme(&format!("    auth_mode: OAUTH2\n    keyway: {{token: {{code: {{response: {{{response}}}}}}}}}\n"))
        };
        let rule = "unread-lifetime-unit";
        check(rule, &of("expires_in: e, expires_in_unit: minutes"), &[]);
        let found = &["6:71 the unit `minutes` is not used as it stands"];
        check(rule, &of("lifetime: 60, expires_in_unit: minutes"), found);
    }
}
