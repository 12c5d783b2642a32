//! Tests of rules: a catalogue, and the findings in it. The pages are executed by the tests of `reference`.

use super::LINTS;
use crate::diagnostic::{Diagnostic, Severity};
use crate::fix::fix;
use crate::pipeline;
use crate::source::Sources;

/// An entry without a finding, to be changed by a test.
pub(crate) const CLEAN: &str = "\
acme:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: API_KEY
    proxy:
        base_url: https://api.acme.example
        headers:
            authorization: Bearer ${apiKey}
        verification:
            method: GET
            endpoints: [/me]
";

/// An entry that begins with the keys that describe it: five lines before `rest`'s second one.
pub(crate) fn acme(rest: &str) -> String {
    format!("acme:\n    display_name: Acme\n    docs: https://docs.acme.example\n    categories: [other]\n{rest}")
}

/// The findings of the rule `name`: `line:column message`, in order.
#[track_caller]
pub(crate) fn found(name: &str, yaml: &str) -> Vec<String> {
    assert!(LINTS.iter().any(|lint| lint.rule.name == name), "there is no rule `{name}`");
    all(yaml).into_iter().filter(|(rule, _)| rule == name).map(|(_, found)| found).collect()
}

/// Asserts that a rule finds this in a catalogue, and nothing else.
#[track_caller]
pub(crate) fn check(name: &str, yaml: &str, expected: &[&str]) {
    assert_eq!(found(name, yaml), expected, "{yaml}");
}

/// Everything that is found: rule, and `line:column message`.
pub(crate) fn all(yaml: &str) -> Vec<(String, String)> {
    let mut sources = Sources::default();
    let file = sources.add("t.yaml", yaml);
    let checked = pipeline::check(&sources, file);
    let found = checked.diagnostics.iter().map(|found| {
        let place = sources.get(file).unwrap().line_column(found.primary.span.range().start);
        (found.rule.name.to_owned(), format!("{}:{} {}", place.line, place.column, found.message))
    });
    found.collect()
}

fn is_note(rule: &str) -> bool {
    LINTS.iter().any(|lint| lint.rule.name == rule && lint.rule.severity == Severity::Note)
}

#[test]
fn what_a_page_offers_to_fix_is_mended_without_anything_new() {
    let mut offered = Vec::new();
    for lint in LINTS {
        let name = lint.rule.name;
        let mut sources = Sources::default();
        let file = sources.add("t.yaml", lint.page.fails);
        let is_of = |found: &Diagnostic| found.rule.name == name;
        if !pipeline::check(&sources, file).diagnostics.iter().any(|found| is_of(found) && found.fix.is_some()) {
            continue;
        }
        offered.push(name);
        let fixed = fix(&sources, &file.into(), is_of);
        let text = &fixed.sources.get(file).unwrap().text;
        assert_eq!((found(name, text), fixed.withheld), (Vec::<String>::new(), 0), "{name}:\n{text}");
        let before: Vec<String> = all(lint.page.fails).into_iter().map(|(rule, _)| rule).collect();
        let new: Vec<_> = all(text).into_iter().filter(|(rule, _)| !is_note(rule) && !before.contains(rule)).collect();
        assert_eq!(new, [], "{name}:\n{text}");
    }
    assert_eq!(
        offered,
        [
            "redundant-key",
            "interpolation-missing-dollar",
            "doubled-scheme",
            "missing-scheme",
            "path-join",
            "insecure-scheme",
            "automated-not-marked",
            "secret-not-marked",
            #[cfg(feature = "patterns")]
            "unanchored-pattern",
            "refresh-grant-missing",
            "hardcoded-state",
            "page-number-offset",
            "json-path",
            "inert-verification",
            "invalid-media-type",
            "retry-regex-delimiters",
            "ambiguous-scalar",
            "literal-placeholder",
            "doubled-auth-scheme",
            "transport-header",
            "verification-header",
        ]
    );
}

#[test]
fn rules_are_registered_once_in_the_order_of_their_codes() {
    let codes: Vec<&str> = LINTS.iter().map(|lint| lint.rule.code).collect();
    let mut sorted = codes.clone();
    sorted.sort_unstable();
    sorted.dedup();
    assert_eq!(codes, sorted);
    let mut names: Vec<&str> = LINTS.iter().map(|lint| lint.rule.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), LINTS.len());
}
