//! A pattern that is no regular expression.

use super::lint::acme;
use super::support::fields::asked;
use super::support::findings::Reporter;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::patterns::validate;

pub(super) static LINT: Lint = Lint {
    rule: Rule::error("KW0354", "invalid-pattern"),
    page: Page {
        checks: "Checks for a `pattern` that does not compile as an ECMAScript regular expression.",
        why: "Nothing matches it, so no customer can fill in the field.",
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
    for field in asked(subject) {
        let Some(pattern) = field.at("pattern") else { continue };
        let Some(Err(why)) = pattern.node.as_str().map(validate) else { continue };
        report.at(&pattern, format!("the pattern {}", why.0), |found| {
            found.label("nothing matches this").help("mend it, or leave the pattern out")
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
    fn what_a_browser_compiles_is_valid() {
        check("invalid-pattern", &field(r"pattern: '^(?!a)[\w.-]+\/?$'"), &[]);
        let found = &["7:79 the pattern has a range that runs backwards"];
        check("invalid-pattern", &field(r"pattern: '^[\\-+]+$'"), found);
    }
}
