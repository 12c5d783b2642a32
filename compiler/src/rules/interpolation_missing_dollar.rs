//! Placeholders in the spelling of another language.

use super::credential_unplaced::sends_api_key;
use super::lint::acme;
use super::support::findings::Reporter;
use super::support::fixes;
use super::support::subject::{Subject, lookalikes};
use super::{Check, Lint, Page};
use crate::diagnostic::{Rule, Severity};
use crate::model::Mode;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0310", "interpolation-missing-dollar"),
    page: Page {
        checks: "Checks for `{connectionConfig.x}` and for what other languages write where `${connectionConfig.x}` was meant: `{{x}}`, \
                 `$(x)`, `$x`, `<x>`, `%x%`, `:x`.",
        why: "Without its `$` a placeholder is text. A header or a parameter is sent with its braces, a path with \
              `%7B` and `%7D`; a host with braces is none, so the call fails. Where the API key is sent in no other way, it is an error.",
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

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    let mut unplaced: Option<bool> = None;
    for site in subject.templates() {
        let text = site.text();
        for found in lookalikes(subject, site) {
            let written = text.get(found.range.clone()).unwrap_or_default();
            let span = site.node().text_span(found.range.clone());
            let doubled = written.starts_with("$${");
            let message = if doubled {
                format!("`{written}` is sent with a `$` before the value")
            } else {
                format!("`{written}` is sent as it stands")
            };
            // Then there is no call that works.
            let breaks = matches!(found.meant.as_deref(), Some("apiKey" | "credentials.apiKey"))
                && subject.mode == Mode::ApiKey
                && !doubled
                && *unplaced.get_or_insert_with(|| !sends_api_key(subject));
            report.spanned(&site.place.path, span, message, |mut diagnostic| {
                if breaks {
                    diagnostic.severity = Severity::Error;
                }
                let diagnostic = diagnostic.label("a placeholder is written `${name}`");
                let Some(name) = &found.meant else {
                    return diagnostic.help("write `${name}` with a name that the entry declares or its mode stores");
                };
                let right = format!("${{{name}}}");
                let fix = fixes::replace(&site.place, found.range.clone(), &right, &format!("write `{right}`"));
                let help = if found.certain { format!("write `{right}`") } else { format!("did you mean `{right}`?") };
                diagnostic.help(help).offer(fix.filter(|_| found.certain))
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::fix::fix;
    use crate::rules::testing::{CLEAN, acme, all, check};
    use crate::source::Sources;

    #[test]
    fn other_braces_are_text() {
        let of = |base: &str| acme(&format!("    auth_mode: NONE\n    proxy: {{base_url: '{base}'}}\n"));
        check("interpolation-missing-dollar", &of("https://a.example/{id}/${connectionConfig.x}"), &[]);
        let found = &["6:42 `{connectionConfig.x}` is sent as it stands"];
        check("interpolation-missing-dollar", &of("https://a.example/{connectionConfig.x}"), found);
    }

    #[test]
    fn the_spellings_of_other_languages_are_one_finding_and_become_ours() {
        for (written, mended) in [
            ("{apiKey}", true),
            ("{{apiKey}}", true),
            ("{{ apiKey }}", true),
            ("{{{apiKey}}}", true),
            ("{% apiKey %}", true),
            ("$(apiKey)", true),
            ("$[apiKey]", true),
            ("$apiKey", true),
            ("$apiKey}", true),
            ("<apiKey>", true),
            ("%apiKey%", true),
            ("$ {apiKey}", true),
            ("#{apiKey}", true),
            ("%{apiKey}", true),
            ("$${apiKey}", true),
            ("${ apiKey }", true),
            ("${apiKey ", false),
            ("${apiKey", true),
            ("${apiKey)", true),
            ("${{apiKey}}", true),
            ("${{ apiKey }}", true),
            ("{{credentials.apiKey}}", true),
            ("{{api_key}}", false),
            ("<API_KEY>", false),
            ("{{secret}}", false),
        ] {
            let text = CLEAN.replace("Bearer ${apiKey}", &format!("'Bearer {written}'"));
            let before = all(&text);
            let of_template = |rule: &str| rule == "interpolation-missing-dollar" || rule.contains("template");
            assert_eq!(before.iter().filter(|(rule, _)| of_template(rule)).count(), 1, "{written}: {before:?}");
            let unknown = written == "{{secret}}";
            let expected = 2 + usize::from(unknown); // The clean entry declares no credentials.
            assert_eq!(before.len(), expected, "{written}: {before:?}");
            let mut sources = Sources::default();
            let file = sources.add("t.yaml", text.as_str());
            let fixed = fix(&sources, &file.into(), |found| of_template(found.rule.name));
            let after = fixed.sources.get(file).unwrap().text.replace("credentials.", "");
            let right = CLEAN.replace("Bearer ${apiKey}", "'Bearer ${apiKey}'");
            assert_eq!(after, if mended { right } else { text.replace("credentials.", "") }, "{written}");
        }
    }

    #[test]
    fn a_name_is_completed_where_only_one_is_meant() {
        let of = |base: &str| {
            acme(&format!(
                "    auth_mode: NONE\n    proxy: {{base_url: '{base}'}}\n    connection_config: {{team: {{type: string, title: T, description: D., pattern: '^[a-z]+$'}}}}\n"
            ))
        };
        for base in ["https://{team}.acme.example", "https://acme.example/:team", "https://acme.example/{{team}}/x"] {
            let text = of(base);
            let mut sources = Sources::default();
            let file = sources.add("t.yaml", text.as_str());
            let fixed = fix(&sources, &file.into(), |_| true);
            assert!(fixed.sources.get(file).unwrap().text.contains("${connectionConfig.team}"), "{base}");
            assert_eq!(fixed.checked.diagnostics.len(), 0, "{base}: {:?}", fixed.checked.diagnostics);
        }
    }

    #[test]
    fn other_marks_are_text() {
        let of = |proxy: &str| {
            acme(&format!("    auth_mode: BASIC\n    proxy: {{base_url: 'https://api.acme.example', {proxy}}}\n"))
        };
        for proxy in [
            "headers: {x-query: '100%25'}",
            "headers: {x-a: 'https://a.example:8443/<b>'}",
            "headers: {authorization: 'Basic ${base64(${username}:${password})}'}",
            "body: {query: 'query($username: String) { me { username } }'}",
            "body: {xml: '<a><username>${username}</username></a>'}",
            "query: {fields: 'a[host]', method: '{method}', path: '{path}'}",
            "query: {price: '$5'}",
        ] {
            check("interpolation-missing-dollar", &of(proxy), &[]);
        }
    }
}
