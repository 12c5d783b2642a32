//! A part of a URL that the field asks for, or shows, and the template writes.

use super::lint::acme;
use super::support::fields::InputField;
use super::support::findings::Reporter;
use super::support::subject::{Subject, field_of, input_fields, whole_urls};
use super::{Check, Lint, Page};
use crate::diagnostic::{Diagnostic, Rule, Severity};
use crate::template::Kind;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0422", "repeated-affix"),
    page: Page {
        checks: "Checks for a field whose pattern, example or default brings along what the URL writes before or behind its value, and for a \
                 `prefix` or `suffix` that is also asked for, or that no URL has.",
        why: "`suffix` and `prefix` show what surrounds the value in the URL; they are no part of it. A value `blue.acme.com` before the \
              template's own `.acme.com` makes `blue.acme.com.acme.com`: where the pattern demands that, no value works, which is an \
              error. A suffix that no URL adds promises a host that is never asked.",
        fails: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://${connectionConfig.team}.acme.com
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        team: {type: string, title: Team, description: Its name., pattern: '^[a-z]+\\.acme\\.com$', suffix: .acme.com}
"
        ),
        mended: acme!(
            "    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://${connectionConfig.team}.acme.com
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
    connection_config:
        team: {type: string, title: Team, description: Its name., pattern: '^[a-z]+$', suffix: .acme.com}
"
        ),
    },
    check: Check::Entry(check),
};

fn check(subject: &Subject<'_>, report: &mut Reporter<'_, '_>) {
    for field in input_fields(subject) {
        let around = around(subject, field);
        let mut written: Vec<(&str, bool)> = Vec::new();
        written.extend(around.iter().flat_map(|(before, after)| [(*before, false), (*after, true)]));
        // What is shown around the field is asked for twice as well.
        let suffix = field.text("suffix");
        written.extend([(suffix.split('/').next().unwrap_or_default(), true)]);
        written.retain(|(text, _)| text.len() > 3 && text.contains('.'));
        if asked_for_again(field, &written, report) {
            continue;
        }
        scheme(field, report);
        let is_domain = suffix.starts_with('.') && suffix.trim_matches('.').contains('.');
        let added =
            |(_, after): &(&str, &str)| after.starts_with(suffix) || suffix.starts_with(*after) && !after.is_empty();
        if let Some(place) = field.at("suffix").filter(|_| is_domain && !around.is_empty() && !around.iter().any(added))
        {
            report.at(&place, format!("no URL writes `{suffix}` behind `{}`", field.name()), |found| {
                found.label("shown, and never asked").help("write it in the URL, or show what the URL has there")
            });
        }
    }
}

/// Reports a pattern, an example or a default that has a part which is written beside the value already.
fn asked_for_again(field: &InputField<'_>, written: &[(&str, bool)], report: &mut Reporter<'_, '_>) -> bool {
    let demanded = plain(field.text("pattern"));
    for (text, behind) in written {
        let has = |value: &str| if *behind { value.ends_with(text) } else { value.starts_with(text) };
        if let (Some(place), true) = (field.at("pattern"), has(&demanded)) {
            report.at(
                &place,
                format!("`{}` has to bring `{text}`, which is written beside it", field.name()),
                |found| {
                    let found = found.label("twice in each host").help("match the value alone");
                    Diagnostic { severity: Severity::Error, ..found }
                },
            );
            return true;
        }
        for key in ["default_value", "example"] {
            if let Some(place) = field.at(key).filter(|_| has(field.text(key))) {
                report.at(&place, format!("`{}` brings `{text}`, which is written beside it", field.name()), |found| {
                    found.label("twice in the host").help("leave it out here")
                });
                return true;
            }
        }
    }
    false
}

/// Reports a scheme that is shown before the value and demanded in it.
fn scheme(field: &InputField<'_>, report: &mut Reporter<'_, '_>) {
    let Some(place) = field.at("prefix").filter(|_| field.text("prefix").contains("://")) else { return };
    let demanded = plain(field.text("pattern"));
    let asked = field.text("format") == "uri"
        || ["http://", "https://", "https?://", "http(s)?://"].iter().any(|start| demanded.starts_with(start));
    let shown = field.text("example").contains("://") || field.text("default_value").contains("://");
    if asked || shown {
        let what = if asked { "has to bring" } else { "brings" };
        report.at(&place, format!("`{}` {what} the scheme that is shown before it", field.name()), |found| {
            found.label("shown, and entered once more").help("remove the prefix, or ask for the value without it")
        });
    }
}

/// The texts before and behind a field in every host that it is a part of: `api.` and `.acme.com`.
fn around<'s>(subject: &'s Subject<'_>, field: &InputField<'_>) -> Vec<(&'s str, &'s str)> {
    let is_field = |name: &str| field_of(subject, name).is_some_and(|other| other.span() == field.span());
    let mut found = Vec::new();
    for site in whole_urls(subject) {
        for alternative in site.template.alternatives() {
            for (index, node) in alternative.nodes.iter().enumerate() {
                let Kind::Name(name) = &node.kind else { continue };
                let text = |at: Option<usize>| match at.and_then(|at| alternative.nodes.get(at)).map(|node| &node.kind)
                {
                    Some(Kind::Text(text)) => text.as_str(),
                    _ => "",
                };
                let (before, after) = (text(index.checked_sub(1)), text(Some(index + 1)));
                let before = before.rsplit_once("://").map_or(before, |(_, before)| before);
                let is_host = !before.contains(['/', '?'])
                    && alternative.nodes.iter().take(index).all(|node| match &node.kind {
                        Kind::Text(text) => {
                            !text.rsplit_once("://").map_or(text.as_str(), |(_, text)| text).contains(['/', '?'])
                        }
                        _ => true,
                    });
                if is_host && is_field(name) {
                    found.push((before, after.split(['/', '?', ':', '#']).next().unwrap_or_default()));
                }
            }
        }
    }
    found
}

/// A pattern without anchors and with its escaped characters as they are.
fn plain(pattern: &str) -> String {
    let text = pattern.strip_prefix('^').unwrap_or(pattern);
    let text = text.strip_suffix('$').unwrap_or(text);
    let text = text.strip_suffix("/?").or_else(|| text.strip_suffix(r"\/?")).unwrap_or(text);
    text.replace(r"\.", ".").replace("[.]", ".").replace(r"\/", "/").replace(r"\-", "-")
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{CLEAN, found};

    #[test]
    fn what_is_written_beside_a_value_is_no_part_of_it() {
        let host = "https://${connectionConfig.x}.acme.com";
        for (base, field, expected) in [
            (host, r"pattern: '^[a-z]+\.acme\.com$'", Some("has to bring `.acme.com`")),
            (host, "pattern: '^[a-z]+[.]acme[.]com/?$', suffix: .acme.com", Some("has to bring `.acme.com`")),
            ("https://api.${connectionConfig.x}/v1", r"pattern: '^api\.[a-z.]+$'", Some("has to bring `api.`")),
            (host, "example: blue.acme.com", Some("brings `.acme.com`")),
            (host, "default_value: blue.acme.com", Some("brings `.acme.com`")),
            ("https://${connectionConfig.x}", "suffix: .acme.com, example: blue.acme.com", Some("brings `.acme.com`")),
            (
                "https://${connectionConfig.x}/api",
                "suffix: .acme.com, example: blue",
                Some("no URL writes `.acme.com`"),
            ),
            (host, "suffix: .acme.eu, example: blue", Some("no URL writes `.acme.eu`")),
            (host, "prefix: 'https://', format: uri", Some("has to bring the scheme")),
            (host, "prefix: 'https://', pattern: '^https?://[a-z]+$'", Some("has to bring the scheme")),
            (host, "prefix: 'https://', example: 'https://blue'", Some("brings the scheme")),
            // The value alone, an optional part, and what is no host.
            (host, "suffix: .acme.com, pattern: '^[a-z]+$', example: blue", None),
            (host, "suffix: .acme.com/login, example: blue", None),
            (host, r"pattern: '^[a-z]+(\.acme\.com)?$'", None),
            (host, "prefix: 'https://', pattern: '^[a-z]+$'", None),
            (host, "prefix: 'https://', pattern: '^(https?://)?[a-z]+$'", None),
            ("https://api.acme.com/${connectionConfig.x}", "suffix: .acme.com, example: blue", None),
            ("https://${connectionConfig.x}", "suffix: /login, example: blue.acme.com", None),
            ("https://${connectionConfig.x}", r"pattern: '^[a-z]+\.acme\.com$'", None),
        ] {
            let entry = CLEAN.replace("https://api.acme.example", base);
            let field = format!("{{type: string, title: T, description: D., {field}}}");
            let found = found("repeated-affix", &format!("{entry}    connection_config: {{x: {field}}}\n"));
            assert_eq!(found.len(), usize::from(expected.is_some()), "{base} {field}: {found:?}");
            assert!(expected.is_none_or(|text| found.iter().any(|found| found.contains(text))), "{found:?}");
        }
    }
}
