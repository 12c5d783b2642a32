//! A key that says what holds anyway.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::Located;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::model::Mode;
use crate::syntax::Value;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0303", "redundant-key"),
    page: Page {
        checks: "Checks for a key that repeats the default.",
        why: "What a mode does by itself need not be written: readers of an entry look for what is special in it.",
        fails: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/authorize
    token_url: https://acme.example/token
    token_params: {grant_type: authorization_code}
    refresh_params: {grant_type: refresh_token}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${accessToken}'}
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

/// Keys whose default is one value, and that value.
const DEFAULTS: [(&str, &str); 6] = [
    ("authorization_method", "body"),
    ("disable_pkce", "false"),
    ("scope_separator", " "),
    ("authorization_code_param_in_callback", "code"),
    ("proxy.decompress", "false"),
    ("proxy.forward_headers_on_redirect", "false"),
];

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let bearer = matches!(
        subject.mode,
        Mode::OAuth2
            | Mode::OAuth2ClientCredentials
            | Mode::McpOAuth2
            | Mode::TwoStep
            | Mode::Jwt
            | Mode::App
            | Mode::Custom
    );
    if let Some(header) = subject.get("proxy.headers.authorization").filter(|_| bearer)
        && header.node.as_str() == Some("Bearer ${accessToken}")
    {
        // Without its only header the map would be empty.
        let alone = subject.members("proxy.headers").len() == 1;
        let goes = subject.get("proxy.headers").filter(|_| alone).unwrap_or_else(|| header.clone());
        tell(&header, &goes, "the token is sent as a bearer token by itself", report);
    }
    if let (Some(place), Some(token_url)) = (subject.get("refresh_url"), subject.text("token_url"))
        && place.node.as_str() == Some(token_url)
    {
        tell(&place, &place, "a token is refreshed where it was issued by itself", report);
    }
    for (path, default) in DEFAULTS {
        if let Some(place) = subject.get(path)
            && scalar(&place) == default
        {
            tell(&place, &place, &format!("`{}` is `{default}` by itself", place.name()), report);
        }
    }
    for name in subject.mode.facts().stored.iter().filter(|name| SECRET.contains(name)) {
        if let Some(place) = subject.get(&format!("credentials.{name}.secret"))
            && place.node.value == Value::Bool(true)
        {
            tell(&place, &place, &format!("`{name}` is a secret by itself"), report);
        }
    }
}

/// The standard credentials that are secrets by themselves and have no other use.
const SECRET: [&str; 1] = ["apiKey"];

/// Reports a key; `goes` is what is removed with it.
fn tell(place: &Located<'_>, goes: &Located<'_>, message: &str, report: &mut Reporter<'_, '_>) {
    let span = place.key.unwrap_or(place.node.span);
    report.spanned(&place.path, span, message, |found| {
        fixes::removing(found.label("says nothing new").help("remove it"), goes)
    });
}

fn scalar(place: &Located<'_>) -> String {
    match &place.node.value {
        Value::Bool(value) => value.to_string(),
        Value::Text(text) => text.text.clone(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn only_the_default_itself_is_redundant() {
        let of = |mode: &str, keys: &str| acme(&format!("    auth_mode: {mode}\n{keys}"));
        let key = "    credentials: {apiKey: {type: string, title: Key, description: It., secret: true}}\n";
        check("redundant-key", &of("API_KEY", key), &["6:72 `apiKey` is a secret by itself"]);
        let password = key.replace("apiKey", "password");
        check("redundant-key", &of("BASIC", &password), &[]);
        let proxy =
            "    proxy: {base_url: 'https://api.acme.example', headers: {authorization: 'Token ${accessToken}'}}\n";
        check("redundant-key", &of("OAUTH2_CC", proxy), &[]);
        let urls = "    token_url: https://a.example/t\n    refresh_url: https://a.example/t\n";
        check("redundant-key", &of("OAUTH2", urls), &["7:5 a token is refreshed where it was issued by itself"]);
        check(
            "redundant-key",
            &of("OAUTH2", &urls.replace("refresh_url: https://a.example/t", "refresh_url: https://a.example/r")),
            &[],
        );
    }
}
