//! A revocation that does not say what to revoke.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::syntax::Value;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0418", "revocation-without-token"),
    page: Page {
        checks: "Checks for a `keyway.revocation` whose request holds no token, or the same one twice.",
        why: "The standard parameter `token` names what is revoked (RFC 7009 section 2.1). An entry that takes it away \
              has to send the token in its own way, as a header or another parameter; else the vendor is asked to revoke \
              nothing. Without the parameter the two requests of `token: both` are the same.",
        fails: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
    keyway:
        revocation:
            url: https://acme.example/revoke
            params: {token: null}
"
        ),
        mended: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy: {base_url: 'https://api.acme.example'}
    keyway:
        revocation:
            url: https://acme.example/revoke
            params: {token: null}
            headers: {authorization: 'Bearer ${accessToken}'}
"
        ),
    },
    check: Check::Entry(check),
};

const PLACE: &str = "keyway.revocation";

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let parameter = subject.get("keyway.revocation.params.token");
    let Some(parameter) = parameter.filter(|place| matches!(place.node.value, Value::Null)) else { return };
    if !names_a_token(subject) {
        report.at(&parameter, "the revocation holds no token", |found| {
            found.label("takes the standard parameter away").help("send `${accessToken}` in `params` or `headers`")
        });
        return;
    }
    if let Some(both) = subject.get("keyway.revocation.token").filter(|place| place.node.as_str() == Some("both")) {
        report.at(&both, "the same request twice", |found| {
            let help = "write `token: access` or `token: refresh`, for the token that the request holds";
            found
                .label("only the parameter `token` differs")
                .secondary(parameter.node.span, "taken away here")
                .help(help)
        });
    }
}

/// True if a text of the revocation holds a token.
fn names_a_token(subject: &Subject<'_>) -> bool {
    let mut named = false;
    let inside = |path: &[std::borrow::Cow<'_, str>]| PLACE.split('.').eq(path.iter().take(2).map(AsRef::as_ref));
    for site in subject.templates().iter().filter(|site| inside(&site.place.path)) {
        site.template.each_name(&mut |name, _| {
            named |= matches!(name, "accessToken" | "refresh_token") || name.starts_with("credentials.");
        });
    }
    named
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn a_token_is_named_somewhere_and_differs_where_two_are_revoked() {
        let of = |keys: &str| {
            let url = "https://acme.example/revoke";
            acme(&format!("    auth_mode: OAUTH2\n    keyway: {{revocation: {{url: '{url}', {keys}}}}}\n"))
        };
        for (keys, expected) in [
            ("token: both", &[][..]),
            ("params: {token: null, access_token: '${accessToken}'}", &[]),
            ("params: {token: null}, query: {id: '${refresh_token}'}", &[]),
            ("params: {token: null}, headers: {x-key: '${credentials.more}'}", &[]),
            ("params: {token: null}, headers: {x-key: '${clientId}'}", &["6:79 the revocation holds no token"]),
            ("params: {token: '${accessToken}'}, token: both", &[]),
            ("token: both, params: {token: null}, headers: {a: '${accessToken}'}", &["6:70 the same request twice"]),
        ] {
            check("revocation-without-token", &of(keys), expected);
        }
    }
}
