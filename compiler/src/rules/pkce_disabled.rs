//! A sign-in without proof of possession.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::syntax::Value;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0378", "pkce-disabled"),
    page: Page {
        checks: "Checks for `disable_pkce: true`.",
        why: "PKCE (RFC 7636) keeps a stolen code from being redeemed. Servers that do not know it have to ignore its parameters (RFC 6749 \
              section 3.1); turn it off only for one that refuses them, and say so.",
        fails: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
    disable_pkce: true
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
    let Some(off) = subject.get("disable_pkce").filter(|place| place.node.value == Value::Bool(true)) else { return };
    let span = off.key.unwrap_or(off.node.span);
    report.spanned(&off.path, span, "PKCE is turned off", |found| {
        found
            .label("a stolen code can be redeemed")
            .help("remove it; if the server refuses PKCE, allow this with that reason")
    });
}
