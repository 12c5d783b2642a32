//! An example that the field itself refuses.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, input_fields};
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
        let (Some(pattern), Some(example)) = (field.at("pattern"), field.at("example")) else { continue };
        let Some(text) = example.node.as_str().filter(|text| !text.is_empty() && !is_masked(text)) else { continue };
        let Some(pattern_text) = pattern.node.as_str() else { continue };
        if subject.pattern(pattern_text).is_match(text) != Some(false) {
            continue;
        }
        report.at(&pattern, format!("the pattern refuses the field's own example `{text}`"), |found| {
            found.secondary(example.node.span, "this does not match").help("correct whichever of the two is wrong")
        });
    }
}

/// True if part of an example is left out, or it is several.
fn is_masked(text: &str) -> bool {
    ["*", "...", "…", "xxx", "XXX", " | ", "<", "•"].iter().any(|mask| text.contains(mask))
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
    fn masks_are_no_examples() {
        check("example-violates-pattern", &field("pattern: '^k_[a-z]{9}$', example: k_ab****"), &[]);
        let found = &["7:79 the pattern refuses the field's own example `K`"];
        check("example-violates-pattern", &field("pattern: '^k$', example: K"), found);
    }
}
