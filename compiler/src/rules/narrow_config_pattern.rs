//! An identifier held to the exact look it has today.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, input_fields};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0340", "narrow-config-pattern"),
    page: Page {
        checks: "Checks for a field of `connection_config` whose pattern has one fixed length of digits, or letters before digits only.",
        why: "Identifiers grow: the next one has a digit more, or begins with a digit. The API says whether an identifier exists.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example/${connectionConfig.team}
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        team: {type: string, title: Team, description: Its name., pattern: '^\\d{16}$'}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example/${connectionConfig.team}
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        team: {type: string, title: Team, description: Its name., pattern: '^\\d+$'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for field in input_fields(subject) {
        if field.map != "connection_config" || field.is_secret() || !is_narrow(field.text("pattern")) {
            continue;
        }
        let Some(place) = field.at("pattern") else { continue };
        report.at(&place, format!("`{}` is held to the look of today's identifiers", field.name()), |found| {
            found
                .label("the next one may be longer, or begin otherwise")
                .help("match the alphabet, in any length and order")
        });
    }
}

/// True if a pattern counts the digits of a number, or has letters that only digits may follow.
fn is_narrow(pattern: &str) -> bool {
    let Some(inside) = pattern.strip_prefix('^').and_then(|text| text.strip_suffix('$')) else { return false };
    let plain = inside.replace(r"\d", "[0-9]");
    let counted = plain.strip_prefix("[0-9]{").and_then(|rest| rest.strip_suffix('}'));
    let ordered = ["[a-z]", "[A-Z]", "[a-zA-Z]", "[A-Za-z]"].iter().any(|class| plain == format!("{class}+[0-9]+"));
    // Years, and numbers of one or two digits, have their length by nature.
    ordered || counted.is_some_and(|count| count.parse::<u32>().is_ok_and(|count| count > 5))
}

#[cfg(test)]
mod tests {
    use super::is_narrow;

    #[test]
    fn lengths_by_nature_are_fine() {
        for (pattern, expected) in [
            (r"^\d{16}$", true),
            (r"^[a-z]+\d+$", true),
            (r"^\d{10,19}$", false),
            ("^[0-9]{4}$", false),
            ("^[0-9]{4}-[0-9]{2}$", false),
            ("^[a-z0-9]+$", false),
        ] {
            assert_eq!(is_narrow(pattern), expected, "{pattern}");
        }
    }
}
