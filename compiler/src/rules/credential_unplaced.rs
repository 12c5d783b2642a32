//! A credential that no request carries.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::lookalikes::Lookalike;
use super::support::subject::{Subject, lookalikes};
use super::{Check, Lint, Page};
use crate::diagnostic::{Rule, near};
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
    // Where a placeholder is written in another way, or could not be read, that is reported: it was meant to be there.
    let meant = |found: &Lookalike| matches!(found.meant.as_deref(), Some("apiKey" | "credentials.apiKey"));
    if sends_api_key(subject) || subject.templates().iter().any(|placed| lookalikes(subject, placed).iter().any(meant))
    {
        return;
    }
    report.spanned(&[], subject.entry.key.span, "the API key is never sent", |found| {
        found
            .label("no header, query, body or URL of `proxy` has `${apiKey}`")
            .help("place it, for example with `headers: {authorization: 'Bearer ${apiKey}'}`")
    });
}

/// True if some template places the API key, or tries to.
pub(super) fn sends_api_key(subject: &Subject<'_>) -> bool {
    let mut placed = false;
    for template in subject.templates() {
        let is = |name: &str| matches!(name.trim(), "apiKey" | "credentials.apiKey") || near_key(name.trim());
        template.template.each_name(&mut |name, _| placed |= is(name));
        placed |= template.text().contains("${apiKey");
    }
    placed
}

/// True if a name that no field knows is a misspelt one: `api_key`.
fn near_key(name: &str) -> bool {
    name != "apiKey" && near(name, ["apiKey"]).is_some()
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
