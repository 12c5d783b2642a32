//! An example that the field itself refuses.

use super::lint::acme;
use super::support::fields::InputField;
use super::support::findings::Reporter;
use super::support::subject::{Located, Subject, input_fields};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0357", "example-violates-pattern"),
    page: Page {
        checks: "Checks for an `example` that the `pattern` of its field does not match.",
        why: "One of the two is wrong. If it is the pattern, customers cannot connect; if it is the example, they copy what is refused. Masked \
              examples (`sk_****`, `abc...`) are left alone.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example/${connectionConfig.team}
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        team: {type: string, title: Team, description: Its name., pattern: '^[a-z]+$', example: Blue}
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
        team: {type: string, title: Team, description: Its name., pattern: '^[a-z]+$', example: blue}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for field in input_fields(subject) {
        let Some(example) = field.at("example") else { continue };
        let Some(text) = example.node.as_str().filter(|text| !text.is_empty() && !is_masked(text)) else { continue };
        if let Some((bound, what)) = refused_by_other(field, text) {
            report.at(&bound, format!("the {what} refuses the field's own example `{text}`"), |found| {
                found.secondary(example.node.span, "this is none of them").help("correct whichever of the two is wrong")
            });
            continue;
        }
        let Some(pattern) = field.at("pattern") else { continue };
        let Some(pattern_text) = pattern.node.as_str() else { continue };
        if subject.pattern(pattern_text).is_match(text) != Some(false) {
            continue;
        }
        report.at(&pattern, format!("the pattern refuses the field's own example `{text}`"), |found| {
            found.secondary(example.node.span, "this does not match").help("correct whichever of the two is wrong")
        });
    }
}

/// The list or the format of a field that its example is not of.
fn refused_by_other<'e>(field: &InputField<'e>, text: &str) -> Option<(Located<'e>, &'static str)> {
    if let Some(list) = field.at("enum") {
        let words = list.node.as_sequence()?;
        return (!words.iter().any(|word| word.as_str() == Some(text))).then_some((list, "list"));
    }
    let format = field.at("format")?;
    let fits = match field.text("format") {
        "hostname" => !text.contains("://") && !text.contains([' ', '/', '@', '?']),
        "uri" => text.contains("://"),
        "email" => text.contains('@'),
        "uuid" => text.len() == 36 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'),
        _ => true,
    };
    (!fits).then_some((format, "format"))
}

/// True if part of an example is left out, or it is several.
fn is_masked(text: &str) -> bool {
    ["*", "...", "…", "xxx", "XXX", " | ", "<", "•"].iter().any(|mask| text.contains(mask))
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check, found};

    fn field(keys: &str) -> String {
        let field = format!("    connection_config: {{x: {{type: string, title: T, description: D., {keys}}}}}\n");
        acme(&format!(
            "    auth_mode: NONE\n    proxy: {{base_url: 'https://a.example/${{connectionConfig.x}}'}}\n{field}"
        ))
    }

    #[test]
    fn a_list_and_a_format_refuse_as_well() {
        for (keys, expected) in [
            ("enum: [us, eu], example: de", 1),
            ("format: hostname, example: 'https://acme.com'", 1),
            ("format: hostname, example: acme.com/wiki", 1),
            ("format: uri, example: acme.com", 1),
            ("format: email, example: blue", 1),
            ("format: uuid, example: '12345'", 1),
            ("enum: [us, eu], example: eu", 0),
            ("format: hostname, example: acme.com", 0),
            ("format: hostname, example: <team>.acme.com/", 0),
            ("format: uri, example: 'https://acme.com'", 0),
            ("format: uuid, example: 3f2504e0-4f89-11d3-9a0c-0305e82c3301", 0),
            ("format: date, example: today", 0),
        ] {
            assert_eq!(found("example-violates-pattern", &field(keys)).len(), expected, "{keys}");
        }
    }

    #[test]
    fn masks_are_no_examples() {
        check("example-violates-pattern", &field("pattern: '^k_[a-z]{9}$', example: k_ab****"), &[]);
        let found = &["7:79 the pattern refuses the field's own example `K`"];
        check("example-violates-pattern", &field("pattern: '^k$', example: K"), found);
    }
}
