//! A pattern that is not a regular expression.

use super::lint::acme;
use super::support::fields::InputField;
use super::support::findings::Reporter;
use super::support::subject::{Located, Subject, input_fields, taken};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::patterns::Refused;

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0354", "invalid-pattern"),
    page: Page {
        checks: "Checks for a `pattern`, or a `proxy.retry.in_body.value`, that is no ECMAScript regular expression without flags, or one that \
                 Keyway does not run.",
        why: "No value can be held to it, so every value is refused: what a customer enters, what an operator sets and what the provider sends. \
              A required field cannot be filled in, and no customer can connect; a field that may stay empty does. Only the \
              field's own `default_value` is taken, because a default is never checked. Not run are back-references to a group \
              that may not have matched, look-behind for texts of several lengths, and what is longer than 4096 bytes, has more than \
              32 groups inside one another or is too large with its repetitions written out. The compiler and the runtime \
              read a pattern with the same code.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example/${connectionConfig.team}
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        team: {type: string, title: Team, description: Its name., pattern: '^[a-z+$'}
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
        refused(subject, &pattern, consequence(field), report);
    }
    for part in taken(subject) {
        refused(subject, &part, "the value is never found", report);
    }
    let Some(wait) = subject.get("proxy.retry.in_body.value") else { return };
    refused(subject, &wait, "no wait is ever read with it", report);
}

/// The effect on the field in the runtime, as `keyway::fields` has it.
fn consequence(field: &InputField<'_>) -> &'static str {
    if field.at("default_value").is_some() {
        "only the default is taken, which is not held to it"
    } else if field.flag("automated") {
        "what the provider sends is refused"
    } else if field.flag("optional") || field.flag("hidden") {
        "every value is refused: the field stays empty"
    } else {
        "every value is refused: the field cannot be filled in"
    }
}

fn refused(subject: &Subject<'_>, at: &Located<'_>, consequence: &str, report: &mut Reporter<'_, '_>) {
    let Some(text) = at.node.as_str() else { return };
    let studied = subject.pattern(text);
    let Err(Refused { at: range, why }) = studied.read() else { return };
    report.at(at, format!("the pattern {why}"), |found| {
        let found = found.label(consequence);
        let found = match at.node.exact_span(range.clone()) {
            Some(part) if part != at.node.span => found.secondary(part, "here"),
            _ => found,
        };
        found.help(if text.contains(r"\\") {
            r"mend it, or leave the pattern out; outside of double quotes YAML keeps both of `\\`, and one is meant"
        } else {
            "mend it, or leave the pattern out"
        })
    });
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, acme, check, found};

    fn field(keys: &str) -> String {
        let field = format!("    connection_config: {{x: {{type: string, title: T, description: D., {keys}}}}}\n");
        acme(&format!(
            "    auth_mode: NONE\n    proxy: {{base_url: 'https://a.example/${{connectionConfig.x}}'}}\n{field}"
        ))
    }

    #[test]
    fn what_a_browser_compiles_is_valid() {
        check("invalid-pattern", &field(r"pattern: '^(?!a)[\w.-]+\/?$'"), &[]);
        let found = &["7:79 the pattern has a range that runs backwards"];
        check("invalid-pattern", &field(r"pattern: '^[\\-+]+$'"), found);
    }

    #[test]
    fn what_the_runtime_does_not_run_is_invalid_too() {
        for (pattern, found) in [
            (r"^(a)?\1$", "7:79 the pattern has a back-reference to a group that may not have matched before"),
            ("^a(?<!x+)$", "7:79 the pattern has a look-behind for texts of several lengths"),
            ("^a{60000}$", "7:79 the pattern is too large once its repetitions are written out"),
            ("^(?i:a)$", "7:79 the pattern has a group that ECMAScript does not know"),
        ] {
            check("invalid-pattern", &field(&format!("pattern: '{pattern}'")), &[found]);
        }
    }

    #[test]
    fn the_pattern_of_a_part_that_a_look_up_takes_is_one_as_well() {
        let of = |part: &str| {
            let lookup = format!("url: 'https://api.acme.example/me', set: {{site: id}}, take: {{site: '{part}'}}");
            format!(
                "{CLEAN}    connection_config: {{site: {{type: string, title: S, description: D., automated: true}}}}\n    \
                 keyway: {{lookups: [{{{lookup}}}]}}\n"
            )
        };
        assert_eq!(found("invalid-pattern", &of("^https://([^/]+)/")).len(), 0);
        assert_eq!(found("invalid-pattern", &of("^https://([^/]+/")).len(), 1);
    }

    #[test]
    fn the_pattern_of_a_wait_is_one_as_well() {
        let of = |value: &str| {
            format!("{CLEAN}        retry: {{in_body: {{path: a, value: '{value}', strategy: after}}}}\n")
        };
        check("invalid-pattern", &of(r"after (\d+)"), &[]);
        check("invalid-pattern", &of(r"after (\d+"), &["13:43 the pattern has a group that is not closed"]);
    }
}
