//! Braces that were meant as a template.

use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0310", "interpolation-missing-dollar"),
    page: Page {
        checks: "Checks for `{connectionConfig.x}` where `${connectionConfig.x}` was meant.",
        why: "Without its `$` a placeholder is text. A header or a parameter is sent with its braces, a path with \
              `%7B` and `%7D`; a host with braces is none, so the call fails.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example/{connectionConfig.team}
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        team: {type: string, title: Team, description: Its name., example: blue}
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
        team: {type: string, title: Team, description: Its name., example: blue}
"
        ),
    },
    check: Check::Entry(check),
};

/// How names begin that nobody would write as text.
const ROOTS: [&str; 6] = ["connectionConfig.", "credentials.", "apiKey}", "accessToken}", "username}", "password}"];

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for placed in subject.templates() {
        let text = placed.text();
        for (at, _) in text.match_indices('{') {
            let (before, behind) = (text.get(..at).unwrap_or_default(), text.get(at + 1..).unwrap_or_default());
            let name = behind.split_once('}').map_or("", |(name, _)| name);
            if before.ends_with('$') || name.is_empty() || !ROOTS.iter().any(|root| behind.starts_with(root)) {
                continue;
            }
            let span = placed.node().text_span(at..at + name.len() + 2);
            report.spanned(&placed.place.path, span, format!("`{{{name}}}` is sent as it stands"), |found| {
                let fix = fixes::replace(&placed.place, at..at, "$", "add the `$`");
                found.label("a placeholder begins with `$`").help(format!("write `${{{name}}}`")).offer(fix)
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{acme, check};

    #[test]
    fn other_braces_are_text() {
        let of = |base: &str| acme(&format!("    auth_mode: NONE\n    proxy: {{base_url: '{base}'}}\n"));
        check("interpolation-missing-dollar", &of("https://a.example/{id}/${connectionConfig.x}"), &[]);
        let found = &["6:42 `{connectionConfig.x}` is sent as it stands"];
        check("interpolation-missing-dollar", &of("https://a.example/{connectionConfig.x}"), found);
    }
}
