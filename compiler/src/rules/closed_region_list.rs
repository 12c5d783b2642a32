//! A closed list of regions or hosts, without a way to enter another one.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, input_fields};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::note("KW0336", "closed-region-list"),
    page: Page {
        checks: "Checks for a field in a host or an audience whose pattern is a list of fixed words.",
        why: "A vendor that opens a region, a test system or a government cloud does not ask this catalogue. Until the list is mended, its \
              customers cannot connect. An `enum` is at least shown as a choice; a pattern is a refusal without a reason.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://${connectionConfig.region}.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        region: {type: string, title: Region, description: Where your data is., pattern: '^(eu|us)$'}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://${connectionConfig.region}.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        region: {type: string, title: Region, description: Where your data is., pattern: '^[a-z0-9-]+$'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for field in input_fields(subject) {
        let Some(place) = field.at("pattern").filter(|_| !field.is_secret()) else { continue };
        // Where any name of a subdomain is allowed for testing, the list has its way out.
        if !is_list(field.text("pattern")) {
            continue;
        }
        report.at(&place, format!("`{}` is a closed list", field.name()), |found| {
            found
                .label("what the vendor adds is refused")
                .help("allow the shape of a name, or name the choices in an `enum`")
        });
    }
}

/// True if a pattern is a choice of words, perhaps with words around it and parts that may be left out.
fn is_list(pattern: &str) -> bool {
    let pattern = pattern.strip_prefix("(?i)").unwrap_or(pattern);
    let Some(inside) = pattern.strip_prefix('^').and_then(|text| text.strip_suffix('$')) else { return false };
    let mut words = inside.replace("(?:", "(").replace("(?i)", "");
    for dot in [r"\.", "[.]", r"\/", r"\-", "[-]"] {
        words = words.replace(dot, "-");
    }
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:()|?".contains(letter);
    words.contains('|') && words.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::is_list;

    #[test]
    fn a_list_has_words_only() {
        for (pattern, expected) in [
            ("^(eu|us)$", true),
            ("^api-(au|eu)$", true),
            (r"^(acme\.com|acme\.eu)$", true),
            ("^eu|us$", true),
            ("^(?:eu|us)$", true),
            ("(?i)^(EU|US)$", true),
            ("^(eu|us)(-sandbox)?$", true),
            ("^api[.](eu|us)[.]acme[.]com$", true),
            (r"^https:\/\/(api|test)\.acme\.com$", true),
            ("^(api|sandbox)(-eu|-us)$", true),
            ("^(eu|us).+$", false),
            ("^(eu|[a-z]+)$", false),
            ("^[a-z]+$", false),
            ("^eu$", false),
        ] {
            assert_eq!(is_list(pattern), expected, "{pattern}");
        }
    }
}
