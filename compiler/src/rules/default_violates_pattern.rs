//! A default that the field itself refuses.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, input_fields};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0358", "default-violates-pattern"),
    page: Page {
        checks: "Checks for a `default_value` that is not in the `enum` of its field or that its `pattern` does not match.",
        why: "One of the two is wrong. The runtime takes a default as the entry writes it, so a value that the entry \
              itself calls wrong is sent; other readers refuse it, and with it every customer who leaves the field alone.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example/${connectionConfig.team}
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        team: {type: string, title: Team, description: Its name., pattern: '^[a-z]+$', default_value: Blue}
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
        team: {type: string, title: Team, description: Its name., pattern: '^[a-z]+$', default_value: blue}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for field in input_fields(subject) {
        let Some(default) = field.at("default_value") else { continue };
        let Some(text) = default.node.as_str().filter(|text| !text.is_empty()) else { continue };
        let choices = field.at("enum");
        let listed = choices.as_ref().and_then(|place| place.node.as_sequence());
        let outside = listed.is_some_and(|list| !list.iter().any(|node| node.as_str() == Some(text)));
        let refused =
            field.at("pattern").is_some() && subject.pattern(field.text("pattern")).is_match(text) == Some(false);
        if !outside && !refused {
            continue;
        }
        let by = if outside { "enum" } else { "pattern" };
        report.at(&default, format!("the `{by}` refuses the default `{text}`"), |found| {
            found.label("sent where the customer does not change it").help("correct whichever of the two is wrong")
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    fn field(keys: &str) -> String {
        let field = format!("    connection_config: {{x: {{type: string, title: T, description: D., {keys}}}}}\n");
        acme(&format!(
            "    auth_mode: NONE\n    proxy: {{base_url: 'https://a.example/${{connectionConfig.x}}'}}\n{field}"
        ))
    }

    #[test]
    fn a_default_is_one_of_the_choices() {
        check("default-violates-pattern", &field("enum: [a, b], default_value: a"), &[]);
        let found = &["7:99 the `enum` refuses the default `c`"];
        check("default-violates-pattern", &field("enum: [a, b], default_value: c"), found);
    }
}
