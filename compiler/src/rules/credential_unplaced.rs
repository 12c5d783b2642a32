//! A credential that no request carries.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::model::Mode;

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0373", "credential-unplaced"),
    page: Page {
        checks: "Checks for an API key that no template of `proxy` places.",
        why: "Nothing places an API key by itself: it goes where a header, the query, the body or the URL names it. One that none \
              names is asked for and never sent.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
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
    // Without its base URL a `proxy` is not whole, and the key may be what is missing.
    if subject.mode != Mode::ApiKey || !subject.has("proxy.base_url") || subject.has("integration_config") {
        return;
    }
    let mut placed = false;
    for template in subject.templates() {
        template.template.each_name(&mut |name, _| placed |= matches!(name, "apiKey" | "credentials.apiKey"));
        // Where a placeholder could not be read, that is reported: it was meant to be there.
        placed |= template.text().contains("${apiKey");
    }
    if placed {
        return;
    }
    report.spanned(&[], subject.entry.key.span, "the API key is never sent", |found| {
        found
            .label("no header, query, body or URL of `proxy` has `${apiKey}`")
            .help("place it, for example with `headers: {authorization: 'Bearer ${apiKey}'}`")
    });
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn any_place_will_do() {
        let of = |proxy: &str| {
            acme(&format!("    auth_mode: API_KEY\n    proxy: {{base_url: 'https://api.acme.example', {proxy}}}\n"))
        };
        check("credential-unplaced", &of("query: {key: '${apiKey}'}"), &[]);
        check("credential-unplaced", &of("body: {key: '${credentials.apiKey}'}"), &[]);
        check("credential-unplaced", &of("headers: {authorization: '${base64(${apiKey}:x)}'}"), &[]);
        check("credential-unplaced", &of("headers: {accept: text/plain}"), &["1:1 the API key is never sent"]);
    }
}
