//! A secret held to the exact look it has today.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, input_fields};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0359", "brittle-secret-pattern"),
    page: Page {
        checks: "Checks for a `pattern` or `format` that fixes the length or the alphabet of a secret.",
        why: "Vendors change their keys: a longer one, another prefix, a new letter. Then every new customer is refused by a form that could have \
              asked the API. A prefix helps against pasting the wrong key; more does not. A pattern with several branches, or a \
              least length only, has left room.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings., pattern: '^[a-f0-9]{32}$'}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings., pattern: '^\\S{16,}$'}}
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
    for field in input_fields(subject).iter().filter(|field| field.is_secret()) {
        let fixed = match (field.at("pattern"), field.at("format")) {
            (Some(pattern), _) => fixes(field.text("pattern")).map(|what| (pattern, what)),
            (None, Some(format)) if field.text("format") == "uuid" => Some((format, "the length and the alphabet")),
            _ => None,
        };
        let Some((place, what)) = fixed else { continue };
        report.at(&place, format!("`{}` is a secret whose {what} is fixed", field.name()), |found| {
            found.label("the vendor may change it").help("keep a prefix at most; the API says whether a key is valid")
        });
    }
}

/// The detail that a pattern fixes, if it leaves no room. A branch, an optional part or an open length is room.
fn fixes(pattern: &str) -> Option<&'static str> {
    if pattern.contains(['|', '?', ' ']) || pattern.contains(",}") {
        return None;
    }
    // A part that is repeated a fixed number of times. `{8,64}` leaves room.
    let counted = pattern.split('{').skip(1).filter_map(|part| part.split('}').next());
    if counted.into_iter().any(|count| !count.is_empty() && count.bytes().all(|byte| byte.is_ascii_digit())) {
        return Some("length");
    }
    // The last class is the secret part: words only means that no other letter ever comes.
    let (_, behind) = pattern.rsplit_once('[')?;
    let (class, rest) = behind.split_once(']')?;
    let narrow =
        !class.starts_with('^') && class.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter));
    let hyphen = class.starts_with('-') || class.ends_with('-') || class.contains("\\-");
    (narrow && !hyphen && rest.starts_with('+')).then_some("alphabet")
}

#[cfg(test)]
mod tests {
    use super::fixes;

    #[test]
    fn a_prefix_and_an_open_end_leave_room() {
        for (pattern, expected) in [
            ("^[a-f0-9]{32}$", Some("length")),
            ("^sk_[a-z]{8}$", Some("length")),
            ("^[a-zA-Z0-9]+$", Some("alphabet")),
            ("^sk_[A-Za-z0-9_]+$", Some("alphabet")),
            ("^(a|b)_[a-z]{8}$", None),
            ("^(x_)?[a-z]{8,}$", None),
            (r"^sk_\S+$", None),
            ("^[A-Za-z0-9._-]+$", None),
            ("^[A-Za-z0-9_-]+$", None),
        ] {
            assert_eq!(fixes(pattern), expected, "{pattern}");
        }
    }
}
