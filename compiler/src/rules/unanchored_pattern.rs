//! A pattern that part of a value satisfies.

use super::lint::acme;
use super::support::fields::InputField;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::{Located, Subject, input_fields};
use super::{Check, Lint, Page};
use crate::diagnostic::{Fix, Rule};
use crate::patterns::Matcher;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0356", "unanchored-pattern"),
    page: Page {
        checks: "Checks for a `pattern` that does not hold from the first character of the value to the last.",
        why: "Patterns are searched: without `^` and `$` anything may stand before and behind what matches. A trailing `.*` is as good as none.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example/${connectionConfig.team}
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        team: {type: string, title: Team, description: Its name., pattern: '[a-z]+'}
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
        team: {type: string, title: Team, description: Its name., pattern: '^[a-z]+$'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for field in input_fields(subject) {
        let Some(pattern) = field.at("pattern") else { continue };
        let Some((start, end)) = pattern.node.as_str().and_then(|text| subject.pattern(text).anchors()) else {
            continue;
        };
        let missing = match (start, end) {
            (true, true) => continue,
            (true, false) => "`$` at its end",
            (false, true) => "`^` at its beginning",
            (false, false) => "`^` and `$` around it",
        };
        report.at(&pattern, "the pattern matches part of a value", |found| {
            found
                .label("anything may stand beside it")
                .help(format!("write {missing}; around several branches, group them"))
                .offer(anchored(field, &pattern, (start, end)))
        });
    }
}

/// The pattern with anchors, where it was meant to match all of a value: its example says so, or, where there is none,
/// that it ends in a repetition.
fn anchored(field: &InputField<'_>, pattern: &Located<'_>, (start, end): (bool, bool)) -> Option<Fix> {
    let text = pattern.node.as_str()?;
    let branches = text.contains('|');
    let (open, close) = match (start, end, branches) {
        (false, false, true) => ("^(?:", ")$"),
        (_, _, true) => return None,
        (start, end, false) => (if start { "" } else { "^" }, if end { "" } else { "$" }),
    };
    let example = ["example", "default_value"].map(|key| field.text(key)).into_iter().find(|text| !text.is_empty());
    let meant = match example {
        Some(example) => Matcher::new(&format!("{open}{text}{close}")).ok()??.is_match(example),
        None => text.ends_with(['+', '*', '}']) && !text.ends_with(".*") && !text.ends_with(".+"),
    };
    let edits = [fixes::edit(pattern, 0..0, open), fixes::edit(pattern, text.len()..text.len(), close)];
    let edits = edits.into_iter().zip([open, close]).filter(|(_, text)| !text.is_empty()).map(|(edit, _)| edit);
    fixes::all("anchor it", edits).filter(|_| meant)
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
    fn every_branch_is_anchored() {
        check("unanchored-pattern", &field("pattern: '^(a|b)$'"), &[]);
        check("unanchored-pattern", &field("pattern: '^a$|^b$'"), &[]);
        let found = &["7:79 the pattern matches part of a value"];
        check("unanchored-pattern", &field("pattern: '^a|b$'"), found);
        check("unanchored-pattern", &field("pattern: '^https://'"), found);
    }
}
