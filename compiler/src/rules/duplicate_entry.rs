//! An entry that is a copy of another.

use super::support::findings::Findings;
use super::support::subject::Subject;
use super::support::subject::{Place, leaves};
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
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

/// The least that makes a copy: scalars of the body, joined.
const LEAST: usize = 160;

/// What an entry says, without its description, in one text.
fn body(subject: &Subject<'_>) -> Option<String> {
    let place = subject.entry.body.iter().filter(|entry| !OWN.contains(&entry.key.name.as_str()));
    let mut text = String::new();
    for entry in place {
        let top = Place { path: vec![entry.key.name.clone()], key: Some(entry.key.span), node: &entry.value };
        let mut found = Vec::new();
        leaves(top, &mut found);
        for leaf in found {
            let described = matches!(leaf.name(), "title" | "description" | "doc_section" | "example");
            if !described {
                let _ = write!(text, "{}={:?};", leaf.path.join("."), leaf.node.as_str());
            }
        }
    }
    (!text.is_empty()).then_some(text)
}
