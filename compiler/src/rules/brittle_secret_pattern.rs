//! A secret held to the exact look it has today.

use super::lint::acme;
use super::support::fields::InputField;
use super::support::findings::Reporter;
use super::support::subject::{Located, Subject, input_fields};
use super::{Check, Lint, Page};
use crate::diagnostic::{Diagnostic, Rule, Severity};

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0359", "brittle-secret-pattern"),
    page: Page {
        checks: "Checks for a `pattern` or `format` that fixes the length or the alphabet of a key, a token or another opaque credential, \
                 whatever its name and its map. A single fixed beginning is a note.",
        why: "Vendors change their keys: a longer one, another prefix, a new letter. Then every new customer is refused by a form that could have \
              asked the API. A prefix helps against pasting the wrong key, until there is a second one; more does not help. A pattern with \
              several branches, or a least length only, has left room; branches that only name environments (`(live|test)`) have not.",
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
    for field in input_fields(subject).iter().filter(|field| is_opaque(field)) {
        let name = field.name();
        let Some(place) = field.at("pattern") else {
            if let Some(format) = field.at("format").filter(|_| field.text("format") == "uuid") {
                tell(&format, name, "length and alphabet", report);
            }
            continue;
        };
        let pattern = field.text("pattern");
        if let Some(what) = fixes(pattern) {
            tell(&place, name, what, report);
        } else if let Some(prefix) = prefix(pattern) {
            report.at(&place, format!("`{name}` has to begin with `{prefix}`"), |found| {
                let found = found.label("one beginning today").help("be ready to add the vendor's next one");
                Diagnostic { severity: Severity::Note, ..found }
            });
        }
    }
}

fn tell(place: &Located<'_>, name: &str, what: &str, report: &mut Reporter<'_, '_>) {
    report.at(place, format!("`{name}` is a secret with a fixed {what}"), |found| {
        found.label("the vendor may change it").help("keep a prefix at most; the API says whether a key is valid")
    });
}

/// True if what is entered is made by the vendor and means nothing: a key or a token, by the name or the title of the
/// field. `username` is one where its title says so.
fn is_opaque(field: &InputField<'_>) -> bool {
    const SOUNDS: [&str; 8] = ["key", "keys", "token", "tokens", "secret", "password", "passphrase", "pat"];
    const NAMES_SOMETHING: [&str; 4] = ["project", "space", "partition", "sort"];
    let sounds = |text: &str| {
        let words = words(text);
        words.last().is_some_and(|last| SOUNDS.contains(&last.as_str()))
            && !words.iter().any(|word| NAMES_SOMETHING.contains(&word.as_str()))
    };
    field.is_secret() || sounds(field.name()) || sounds(field.text("title"))
}

/// The words of a name or a title, lower case: `appKey`, `app_key`, `App Key`.
fn words(text: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for letter in text.chars() {
        let starts = letter.is_ascii_uppercase() && before.is_ascii_lowercase();
        if starts || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.push(letter.to_ascii_lowercase());
        }
        before = letter;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The detail that a pattern fixes, if it leaves no room. A branch, an optional part or an open length is room.
fn fixes(pattern: &str) -> Option<&'static str> {
    if pattern.contains(' ') {
        return None;
    }
    let pattern = without_environments(pattern).replace("(?:", "(").replace("(?i)", "");
    let outside = outside_classes(&pattern);
    let has_room = outside.contains(['|', '?']) || outside.contains(",}");
    if has_room {
        return None;
    }
    // A part that is repeated a fixed number of times, or nearly so. `{8,64}` leaves room.
    let mut counted = outside.split('{').skip(1).filter_map(|part| part.split('}').next());
    if counted.any(is_fixed_count) {
        return Some("length");
    }
    // The last repeated class is the secret part: words only means that no other letter ever comes.
    let (class, _) = classes(&pattern).into_iter().rfind(|(_, rest)| rest.starts_with(['+', '*']))?;
    is_narrow(&class).then_some("alphabet")
}

/// `32`, or `32,34`. One or two are no length of a secret.
fn is_fixed_count(count: &str) -> bool {
    let (least, most) = count.split_once(',').unwrap_or((count, count));
    match (least.parse::<u32>(), most.parse::<u32>()) {
        (Ok(least), Ok(most)) => most > 2 && most.saturating_sub(least) <= least / 4,
        _ => false,
    }
}

/// The pattern where groups of words for environments are one of them: they are no other look of the secret.
fn without_environments(pattern: &str) -> String {
    const ENVIRONMENTS: [&str; 12] = [
        "live",
        "test",
        "prod",
        "production",
        "sandbox",
        "dev",
        "development",
        "stg",
        "staging",
        "stage",
        "demo",
        "preview",
    ];
    let mut text = String::new();
    let mut rest = pattern;
    while let Some((before, behind)) = rest.split_once('(') {
        text.push_str(before);
        let inside = behind.split(')').next().unwrap_or_default();
        let words = inside.strip_prefix("?:").unwrap_or(inside);
        let optional = behind.get(inside.len() + 1..).is_some_and(|next| next.starts_with('?'));
        if !optional && words.split('|').all(|word| ENVIRONMENTS.contains(&word.trim_matches(['_', '-']))) {
            text.push_str(words.split('|').next().unwrap_or_default());
            rest = behind.get(inside.len() + 1..).unwrap_or_default();
        } else {
            text.push('(');
            rest = behind;
        }
    }
    text + rest
}

/// The pattern without what stands in classes and without escaped characters.
fn outside_classes(pattern: &str) -> String {
    let (mut text, mut within, mut escaped) = (String::new(), false, false);
    for letter in pattern.chars() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => within = true,
            ']' => within = false,
            _ if within => {}
            _ => text.push(letter),
        }
    }
    text
}

/// Every class of a pattern, without its brackets, and what follows it.
fn classes(pattern: &str) -> Vec<(String, &str)> {
    let mut found = Vec::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['[', '\\']) {
        let from = rest.get(at..).unwrap_or_default();
        let (class, behind) = if let Some(inside) = from.strip_prefix('[') {
            let end = end_of_class(inside);
            (inside.get(..end).unwrap_or_default().to_owned(), inside.get(end + 1..).unwrap_or_default())
        } else {
            let next = from.chars().nth(1).map_or(0, char::len_utf8);
            (from.get(..=next).unwrap_or_default().to_owned(), from.get(1 + next..).unwrap_or_default())
        };
        if from.starts_with('[') || class == "\\w" || class == "\\d" {
            found.push((class, behind));
        }
        rest = behind;
    }
    found
}

/// The place of the `]` that closes a class.
fn end_of_class(inside: &str) -> usize {
    let mut escaped = false;
    for (at, letter) in inside.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            ']' if at > 0 => return at,
            _ => {}
        }
    }
    inside.len()
}

/// True if a class lacks letters or digits, or has nothing but them and `_`.
fn is_narrow(class: &str) -> bool {
    let class = class.replace("\\w", "A-Za-z0-9_").replace("\\d", "0-9");
    if class.starts_with('^') || class.contains("\\S") || class.contains("\\W") {
        return false;
    }
    let has_all = ["a-z", "A-Z", "0-9"].iter().all(|range| class.contains(range));
    let rest = class.replace("a-z", "").replace("A-Z", "").replace("0-9", "");
    !has_all || rest.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '_')
}

/// The one text that a pattern lets a secret begin with. What every JSON Web Token begins with is none.
fn prefix(pattern: &str) -> Option<String> {
    let inside = pattern.strip_prefix('^')?;
    if inside.contains(['|', ' ']) {
        return None;
    }
    let text: String =
        inside.chars().take_while(|letter| letter.is_ascii_alphanumeric() || "_-".contains(*letter)).collect();
    let is_optional = inside.get(text.len()..).is_some_and(|rest| rest.starts_with(['?', '*', '+', '{', '$']));
    (text.len() > 2 && !is_optional && !text.starts_with("eyJ")).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{fixes, prefix};
    use crate::rules::testing::{CLEAN, found};

    #[test]
    fn a_prefix_and_an_open_end_leave_room() {
        for (pattern, expected) in [
            ("^[a-f0-9]{32}$", Some("length")),
            ("^sk_[a-z]{8}$", Some("length")),
            ("^[a-zA-Z0-9]+$", Some("alphabet")),
            ("^sk_[A-Za-z0-9_]+$", Some("alphabet")),
            // The same in other spellings.
            (r"^\w{40}$", Some("length")),
            ("^.{27}$", Some("length")),
            ("^[A-Za-z0-9]{32,34}$", Some("length")),
            ("^(?:sk)_[a-z0-9]{24}$", Some("length")),
            ("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$", Some("length")),
            ("^(test|live)_[a-f0-9]{35}$", Some("length")),
            ("^sk_(?:live|test|sandbox)_[a-zA-Z0-9]+$", Some("alphabet")),
            (r"^\w+$", Some("alphabet")),
            (r"^[\w]+$", Some("alphabet")),
            (r"^\d+$", Some("alphabet")),
            ("^[A-Z]*$", Some("alphabet")),
            ("^[a-f0-9-]+$", Some("alphabet")),
            ("^[a-z0-9_-]+$", Some("alphabet")),
            ("(?i)[a-f0-9]{40}", Some("length")),
            // What leaves room.
            ("^(a|b)_[a-z]{8}$", None),
            ("^(x_)?[a-z]{8,}$", None),
            ("^(live_)?[a-z]{32}$", None),
            (r"^sk_\S+$", None),
            ("^[^ ]+$", None),
            ("^[A-Za-z0-9._-]+$", None),
            ("^[A-Za-z0-9_-]+$", None),
            (r"^[\w-]+$", None),
            ("^[A-Za-z0-9+/]+={0,2}$", None),
            ("^[A-Za-z0-9.%@?_-]+$", None),
            ("^.{8,64}$", None),
            ("^[A-Za-z0-9_]{36,255}$", None),
            ("^.+$", None),
            ("^-----BEGIN PRIVATE KEY-----", None),
        ] {
            assert_eq!(fixes(pattern), expected, "{pattern}");
        }
    }

    #[test]
    fn one_beginning_is_told_from_several() {
        for (pattern, expected) in [
            (r"^sk_\S+$", Some("sk_")),
            ("^glpat-[A-Za-z0-9._-]+$", Some("glpat-")),
            ("^(sk|pk)_.+$", None),
            ("^sk_.+|pk_.+$", None),
            ("^eyJ[A-Za-z0-9._-]+$", None),
            ("^[a-z]+", None),
            ("^acme?x", None),
        ] {
            assert_eq!(prefix(pattern).as_deref(), expected, "{pattern}");
        }
    }

    #[test]
    fn a_credential_is_opaque_by_its_name_or_title_in_any_map() {
        let of = |map: &str, name: &str, rest: &str| {
            format!(
                "{CLEAN}    {map}: {{{name}: {{type: string, description: D., pattern: '^[a-f0-9]{{32}}$', {rest}}}}}\n"
            )
        };
        for (map, name, rest, expected) in [
            ("credentials", "apiKey", "title: Key", true),
            ("credentials", "username", "title: API Key", true),
            ("credentials", "accessToken", "title: It", true),
            ("credentials", "integrator", "title: Integrator secret", true),
            ("credentials", "code", "title: Code, secret: true", true),
            ("credentials", "pat", "title: PAT", true),
            ("connection_config", "staffUserToken", "title: Staff", true),
            ("connection_config", "app_key", "title: App", true),
            ("integration_config", "partnerKey", "title: Partner", true),
            ("credentials", "username", "title: Username", false),
            ("credentials", "keyId", "title: Number", true),
            ("connection_config", "keyId", "title: Key ID", false),
            ("connection_config", "projectKey", "title: Project Key", false),
            ("connection_config", "tokenDomain", "title: Token Domain", false),
            ("connection_config", "team", "title: Team", false),
        ] {
            let found = found("brittle-secret-pattern", &of(map, name, rest));
            assert_eq!(found.len(), usize::from(expected), "{map}.{name} {rest}: {found:?}");
        }
    }
}
