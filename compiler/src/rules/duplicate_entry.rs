//! An entry that is a copy of another.

use super::support::findings::Findings;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use crate::syntax::{Node, Value};
use std::collections::HashMap;
use std::fmt::Write;
use std::hash::{DefaultHasher, Hasher};

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
    let mut first: HashMap<u128, &Subject<'_>> = HashMap::new();
    for subject in subjects {
        let Some(said) = remember(subject) else { continue };
        let other = *first.entry(said).or_insert(subject);
        if std::ptr::eq(other, subject) {
            continue;
        }
        let (key, twin) = (&subject.entry.key, &other.entry.key);
        findings.of(&lint.rule, subject).spanned(
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

/// What an entry says, where it builds on no other and that is enough to be a copy of one.
pub(super) fn remember(subject: &Subject<'_>) -> Option<u128> {
    let said = || if subject.entry.alias.is_none() { said(subject) } else { None };
    *subject.memo().said.get_or_init(said)
}

/// Keys of a field that say nothing about requests.
const DESCRIBING: [&str; 4] = ["title", "description", "doc_section", "example"];

/// The least that makes a copy: the body as one text.
const LEAST: usize = 160;

/// Two hashes of a text, and its length, without the text.
struct Said {
    hashes: [DefaultHasher; 2],
    length: usize,
}

impl Write for Said {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.hashes.iter_mut().for_each(|hash| hash.write(text.as_bytes()));
        self.length += text.len();
        Ok(())
    }
}

/// A hash of what an entry says, without its description. What says little is alike by nature: a sign-in of two URLs is
/// no copy of another.
fn said(subject: &Subject<'_>) -> Option<u128> {
    let mut said = Said { hashes: [DefaultHasher::new(), DefaultHasher::new()], length: 0 };
    // Of 128 bits two texts do not meet by chance.
    said.hashes[1].write_u8(1);
    for entry in subject.entry.body.iter().filter(|entry| !OWN.contains(&entry.key.name.as_str())) {
        write_value(&entry.key.name, &entry.value, &mut said).ok()?;
    }
    let [low, high] = said.hashes.map(|hash| u128::from(hash.finish()));
    (said.length >= LEAST).then_some(high << 64 | low)
}

/// A value without what describes it; at most as deep as the parser lets a file be.
fn write_value(name: &str, node: &Node, text: &mut Said) -> std::fmt::Result {
    text.write_str(name)?;
    match &node.value {
        Value::Mapping(map) => {
            text.write_str("{")?;
            for entry in map.iter().filter(|entry| !DESCRIBING.contains(&entry.key.name.as_str())) {
                write_value(&entry.key.name, &entry.value, text)?;
            }
            text.write_str("}")
        }
        Value::Sequence(items) => items.iter().try_for_each(|item| write_value(",", item, text)),
        Value::Text(value) => {
            text.write_str("=")?;
            text.write_str(&value.text)?;
            text.write_str(";")
        }
        scalar => write!(text, "={scalar:?};"),
    }
}
