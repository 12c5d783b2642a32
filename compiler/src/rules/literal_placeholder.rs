//! A placeholder where nothing is filled in.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::{Located, Subject, leaves};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::model::Mode;

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0401", "literal-placeholder"),
    page: Page {
        checks: "Checks for a `${...}` where texts are sent as they are written: headers and body of a verification, a registration, OAuth 1.0.",
        why: "The API gets the text `${apiKey}` and refuses it. A verification carries what `proxy.headers` says by itself, and its own headers \
              replace those of the same name: with a placeholder there, no credential ever passes.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification:
            method: GET
            endpoints: [/me]
            headers: {accept: text/plain, authorization: 'Bearer ${apiKey}'}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification:
            method: GET
            endpoints: [/me]
            headers: {accept: text/plain}
"
        ),
    },
    check: Check::Entry(check),
};

/// Where texts are sent as they are written, in every mode.
const LITERAL: [&str; 6] = [
    "proxy.verification.headers",
    "proxy.verification.data",
    "registration_url",
    "registration_params",
    "request_url",
    "request_params",
];
/// And in `OAUTH1`.
const OAUTH1: [&str; 4] = ["authorization_url", "authorization_params", "token_url", "token_params"];

/// The beginnings of placeholders.
const ROOTS: [&str; 14] = [
    "connectionConfig.",
    "credentials.",
    "apiKey}",
    "accessToken}",
    "username}",
    "password}",
    "clientId}",
    "clientSecret}",
    "token}",
    "random}",
    "now",
    "base64(",
    "sha256",
    "hmac",
];

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let of_mode = OAUTH1.iter().filter(|_| subject.mode == Mode::OAuth1);
    for key in LITERAL.iter().chain(of_mode) {
        let mut texts = Vec::new();
        if let Some(place) = subject.get(key) {
            leaves(place, &mut texts);
        }
        for place in &texts {
            let text = place.node.as_str().unwrap_or_default();
            if let Some(range) = placeholder(text) {
                tell(subject, place, range, report);
            }
        }
    }
}

/// The first placeholder of a text. Without its `$` it is one if nothing but a name stands between the braces.
fn placeholder(text: &str) -> Option<std::ops::Range<usize>> {
    text.match_indices('{').find_map(|(at, _)| {
        let behind = text.get(at + 1..)?;
        let has_dollar = text.get(..at)?.ends_with('$');
        let end = behind.find('}');
        let inside = end.and_then(|end| behind.get(..end)).unwrap_or(behind);
        let is_name =
            end.is_some() && inside.chars().all(|letter| letter.is_ascii_alphanumeric() || "._-".contains(letter));
        let is_known = ROOTS.iter().any(|root| behind.starts_with(root));
        let start = if has_dollar { at - 1 } else { at };
        (is_known && (has_dollar || is_name)).then(|| start..end.map_or(text.len(), |end| at + 1 + end + 1))
    })
}

fn tell(subject: &Subject<'_>, place: &Located<'_>, range: std::ops::Range<usize>, report: &mut Reporter<'_, '_>) {
    let shown = place.node.as_str().and_then(|text| text.get(range.clone())).unwrap_or_default();
    report.spanned(
        &place.path,
        place.node.text_span(range.clone()),
        format!("`{shown}` is sent as it stands"),
        |found| {
            let found = found.label("nothing is filled in here");
            if place.path.get(..3).is_none_or(|path| path != ["proxy", "verification", "headers"]) {
                return found
                    .help("write the value itself; only the fields that the reference calls templates are filled in");
            }
            let found = found.help("remove it: a verification carries what `proxy.headers` says");
            let name = place.name().to_ascii_lowercase();
            let carried =
                subject.members("proxy.headers").iter().any(|header| header.name().eq_ignore_ascii_case(&name));
            if carried { fixes::removing(found, place) } else { found }
        },
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, acme, check};

    #[test]
    fn only_placeholders_where_nothing_is_filled_in() {
        let of = |rest: &str| format!("{CLEAN}            {rest}\n");
        check(
            "literal-placeholder",
            &of("headers: {x-key: 'k ${apiKey}'}"),
            &["13:33 `${apiKey}` is sent as it stands"],
        );
        check(
            "literal-placeholder",
            &of("data: {a: ['${connectionConfig.team}']}"),
            &["13:25 `${connectionConfig.team}` is sent as it stands"],
        );
        check(
            "literal-placeholder",
            &of("headers: {x-team: '{connectionConfig.team}'}"),
            &["13:32 `{connectionConfig.team}` is sent as it stands"],
        );
        check("literal-placeholder", &of("data: {query: 'mutation {token: a}'}"), &[]);
        check("literal-placeholder", &of("data: {query: 'query($id: ID) { a(id: \"${x}\") }'}"), &[]);
        let signed = "    auth_mode: OAUTH1\n    request_url: 'https://${connectionConfig.shop}/r'\n    authorization_url: https://a.example\n    token_params: {a: '${random}'}\n";
        check(
            "literal-placeholder",
            &acme(signed),
            &["6:27 `${connectionConfig.shop}` is sent as it stands", "8:24 `${random}` is sent as it stands"],
        );
    }
}
