//! A pattern that means something else elsewhere, or that no linear-time engine runs.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::subject::{Subject, input_fields};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::patterns::Oddity;
use keyway_format::pattern::Alphabet;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0355", "pattern-dialect"),
    page: Page {
        checks: "Checks for a `pattern` with constructs that exist in one regular expression dialect only.",
        why: "Forms, servers and this compiler each have their own engine. A back-reference or a look-behind needs one that backtracks, whose time \
              an attacker can choose; `\\A`, `\\z`, `\\Q` and, without flags, `\\p{L}` are plain letters in ECMAScript.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example/${connectionConfig.team}
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        team: {type: string, title: Team, description: Its name., pattern: '^([a-z])\\1$'}
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
        team: {type: string, title: Team, description: Its name., pattern: '^[a-z]{2}$'}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for field in input_fields(subject) {
        let Some(pattern) = field.at("pattern") else { continue };
        let Some(studied) = pattern.node.as_str().map(|text| subject.pattern(text)) else { continue };
        let Ok(read) = studied.read() else { continue };
        let beyond = read.automaton(Alphabet::Unicode).err();
        let Some(Oddity { at, what }) = beyond.as_ref().or(read.oddities().first()) else { continue };
        report.at(&pattern, format!("the pattern uses {what}"), |found| {
            let found = found.label("not the same in every engine");
            let part = pattern.node.exact_span(at.clone());
            let found = match part {
                Some(part) => found.secondary(part, "this"),
                None => found,
            };
            found.help("write it without")
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
    fn look_ahead_at_the_beginning_is_understood() {
        check("pattern-dialect", &field(r"pattern: '^(?!www\.)[a-z.]+$'"), &[]);
        check("pattern-dialect", &field("pattern: '^[a-z]+(?<!x)$'"), &["7:79 the pattern uses look-around"]);
        let found = &["7:79 the pattern uses an escape that ECMAScript reads as the letter itself"];
        check("pattern-dialect", &field(r"pattern: '\Aa$'"), found);
        check("pattern-dialect", &field(r"pattern: '^\p{L}+$'"), found);
    }
}
