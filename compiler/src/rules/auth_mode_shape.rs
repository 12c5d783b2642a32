//! An auth mode that the rest of the entry contradicts.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, headers, members};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0304", "auth-mode-shape"),
    page: Page {
        checks: "Checks for a sign-in page that is the token endpoint, and for Basic authentication made of a bare API key.",
        why: "A browser that is sent to a token endpoint gets an error: the flow has no sign-in page, so its mode is `OAUTH2_CC`. RFC 7617 wants \
              the Base64 of `user:password` behind `Basic`, which `BASIC` makes; a bare key is refused, unless the customer is asked for it already \
              encoded.",
        fails: acme!(
            "    auth_mode: OAUTH2
    authorization_url: https://acme.example/token
    token_url: https://acme.example/token
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

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    if let (Some(page), Some(token)) = (subject.get("authorization_url"), subject.get("token_url"))
        && page.node.as_str().is_some_and(|text| !text.is_empty() && Some(text) == token.node.as_str())
    {
        report.at(&page, "the sign-in page is the token endpoint", |found| {
            let found = found.label("no browser can sign in here").secondary(token.node.span, "the same URL");
            found.help("name the page that people see, or use `OAUTH2_CC` if there is none; a few servers have one URL for both: then allow this")
        });
    }
    let all = headers(subject).flat_map(|map| members(&map.path, map.node.as_mapping()));
    for header in all.filter(|header| header.node.as_str().is_some_and(is_bare)) {
        report.at(&header, "a bare key behind `Basic`", |found| {
            let found = found.label("RFC 7617 wants the Base64 of `user:password`");
            found.help("use the mode `BASIC`, or `${base64(...)}`")
        });
    }
}

/// `Basic ${apiKey}` and `Basic ${password}`: what is not a pair. A field of another name may ask for the encoded
/// pair.
fn is_bare(text: &str) -> bool {
    const BARE: [&str; 5] = ["apiKey", "credentials.apiKey", "username", "password", "accessToken"];
    let name = text.trim().strip_prefix("Basic ${").and_then(|rest| rest.strip_suffix('}'));
    name.is_some_and(|name| BARE.contains(&name))
}
