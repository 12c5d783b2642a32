//! An entry that is a copy of another.

use super::support::findings::Findings;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::syntax::{Node, Value};
use std::collections::HashMap;
use std::fmt::Write as _;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0306", "duplicate-entry"),
    page: Page {
        checks: "Checks for two entries that differ in their description and their hosts only.",
        why: "What is mended in one of them stays wrong in the other. An `alias` has only what differs.",
        fails: "\
acme:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
acme-test:
    display_name: Acme (test)
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
",
        mended: "\
acme:
    display_name: Acme
    docs: https://docs.acme.example
    categories: [other]
    auth_mode: API_KEY
    credentials: {apiKey: {type: string, title: Key, description: Made in the settings.}}
    proxy:
        base_url: https://api.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
acme-test: {alias: acme, display_name: Acme (test)}
",
    },
    check: Check::Catalogue(check),
};

/// Keys that describe an entry, or say where it is.
const OWN: [&str; 9] = [
    "display_name",
    "docs",
    "docs_connect",
    "setup_guide_url",
    "categories",
    "logo",
    "keyway",
    "authorization_url",
    "token_url",
];

fn check(subjects: &[Subject<'_>], lint: &'static Lint, findings: &mut Findings) {
    let mut first: HashMap<String, &Subject<'_>> = HashMap::new();
    for subject in subjects.iter().filter(|subject| subject.entry.alias.is_none()) {
        // What says little is alike by nature: a sign-in of two URLs is no copy of another.
        let Some(body) = body(subject).filter(|body| body.len() >= LEAST) else { continue };
        let Some(other) = first.get(&body) else {
            first.insert(body, subject);
            continue;
        };
        let (key, twin) = (&subject.entry.key, &other.entry.key);
        findings.of(lint, subject).spanned(
            &[],
            key.span,
            format!("`{}` is a copy of `{}`", key.name, twin.name),
            |found| {
                found
                    .label("the same but for its description")
                    .secondary(twin.span, "the original")
                    .help(format!("write `alias: {}` and what differs", twin.name))
            },
        );
    }
}

/// Keys of a field that say nothing about requests.
const DESCRIBING: [&str; 4] = ["title", "description", "doc_section", "example"];

/// The least that makes a copy: the body as one text.
const LEAST: usize = 160;

/// What an entry says, without its description, in one text.
fn body(subject: &Subject<'_>) -> Option<String> {
    let mut text = String::new();
    for entry in subject.entry.body.iter().filter(|entry| !OWN.contains(&entry.key.name.as_str())) {
        write_value(&entry.key.name, &entry.value, &mut text);
    }
    (!text.is_empty()).then_some(text)
}

/// A value without what describes it; at most as deep as the parser lets a file be.
fn write_value(name: &str, node: &Node, text: &mut String) {
    text.push_str(name);
    match &node.value {
        Value::Mapping(map) => {
            text.push('{');
            for entry in map.iter().filter(|entry| !DESCRIBING.contains(&entry.key.name.as_str())) {
                write_value(&entry.key.name, &entry.value, text);
            }
            text.push('}');
        }
        Value::Sequence(items) => items.iter().for_each(|item| write_value(",", item, text)),
        Value::Text(value) => text.extend(["=", &value.text, ";"]),
        scalar => {
            let _ = write!(text, "={scalar:?};");
        }
    }
}
