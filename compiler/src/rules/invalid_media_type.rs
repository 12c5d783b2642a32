//! A `content-type` or `accept` that is not a media type.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::{Subject, headers, members};
use super::{Check, Lint, Page};
use crate::diagnostic::{Rule, near};

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0395", "invalid-media-type"),
    page: Page {
        checks: "Checks for a `content-type` or `accept` header whose value is no list of media types.",
        why: "A media type is `type/subtype`, perhaps with parameters (RFC 9110 section 8.3.1). Anything else is refused, or read as \
              something that was not meant.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}', accept: 'application/json | jq'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}', accept: application/json}
        verification: {method: GET, endpoints: [/me]}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for map in headers(subject) {
        for header in members(&map.path, map.node.as_mapping()) {
            let Some(text) = header.node.as_str() else { continue };
            let names_one = ["content-type", "accept"].iter().any(|name| header.name().eq_ignore_ascii_case(name));
            if names_one && !text.contains("${") && !text.split(',').all(is_media_type) {
                let message = format!("`{text}` is no media type");
                report.at(&header, message, |found| {
                    let found = found.label("not `type/subtype`");
                    match meant(text) {
                        Some(meant) => {
                            found.help(format!("did you mean `{meant}`?")).offer(fixes::write(&header, meant))
                        }
                        None => found.help("write it like `application/json`"),
                    }
                });
            }
        }
    }
}

/// The media types that APIs speak.
const KNOWN: [&str; 5] =
    ["application/json", "application/xml", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];

/// The media type of a subtype alone, or of a misspelt one.
fn meant(text: &str) -> Option<&'static str> {
    let subtype = |known: &&&str| known.split_once('/').is_some_and(|(_, subtype)| subtype.eq_ignore_ascii_case(text));
    let near = near(text, KNOWN).filter(|near| near.clear).map(|near| near.name);
    KNOWN.iter().find(subtype).copied().or(near)
}

/// `type/subtype` and parameters (RFC 9110 section 8.3.1).
fn is_media_type(text: &str) -> bool {
    let token = |text: &str| {
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
    };
    let mut parts = text.split(';').map(str::trim);
    let essence = parts.next().and_then(|essence| essence.split_once('/'));
    essence.is_some_and(|(kind, subtype)| token(kind) && token(subtype))
        && parts
            .all(|parameter| parameter.split_once('=').is_some_and(|(name, value)| token(name) && !value.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::is_media_type;

    #[test]
    fn media_types_have_two_parts_and_named_parameters() {
        for (text, expected) in [
            ("application/json", true),
            ("application/vnd.api+json; charset=utf-8", true),
            ("*/*", true),
            ("application/json | jq", false),
            ("json", false),
            ("text/plain; utf-8", false),
            ("", false),
        ] {
            assert_eq!(is_media_type(text), expected, "{text}");
        }
    }
}
