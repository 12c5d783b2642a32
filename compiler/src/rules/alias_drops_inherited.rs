//! An override that drops more than it changes.

use super::support::findings::Findings;
use super::support::subject::Subject;
use super::{Check, Lint, Page};
use crate::diagnostic::Rule;
use std::collections::HashMap;

pub(super) static LINT: Lint = Lint {
    rule: Rule::warning("KW0305", "alias-drops-inherited"),
    page: Page {
        checks: "Checks for an entry with an `alias` whose own `proxy` lacks keys that the target has, and for an alias whose name is another auth mode.",
        why: "Aliases replace whole values: an own `proxy` for another host also removes the target's `retry`, `paginate`, `headers` and `verification`. \
              Usually that was not meant.",
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
        retry: {after: [retry-after]}
        verification: {method: GET, endpoints: [/me]}
acme-eu:
    alias: acme
    display_name: Acme (EU)
    proxy:
        base_url: https://eu.acme.example
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
        retry: {after: [retry-after]}
        verification: {method: GET, endpoints: [/me]}
acme-eu:
    alias: acme
    display_name: Acme (EU)
    proxy:
        base_url: https://eu.acme.example
        headers: {authorization: 'Bearer ${apiKey}'}
        verification: {method: GET, endpoints: [/me]}
        retry: {after: [retry-after]}
",
    },
    check: Check::Catalogue(check),
};

fn check(subjects: &[Subject<'_>], lint: &'static Lint, findings: &mut Findings) {
    // Aliases may come before their targets.
    let by_key: HashMap<&str, &Subject<'_>> =
        subjects.iter().map(|subject| (subject.entry.key.name.as_str(), subject)).collect();
    for subject in subjects {
        let Some(target) = subject.entry.alias.as_ref().and_then(|alias| by_key.get(alias.target.as_str())) else {
            continue;
        };
        let Some(own) = subject.get("proxy").filter(|place| !subject.entry.inherits(place.node.span)) else { continue };
        let (Some(ours), Some(theirs)) = (own.node.as_mapping(), target.get("proxy")) else { continue };
        let lost = theirs.node.as_mapping().into_iter().flatten().filter(|entry| ours.get(&entry.key.name).is_none());
        let lost: Vec<&str> = lost.map(|entry| entry.key.name.as_str()).collect();
        if lost.is_empty() {
            continue;
        }
        let span = own.key.unwrap_or(own.node.span);
        let message = format!("this `proxy` drops `{}` of `{}`", lost.join("`, `"), target.entry.key.name);
        findings.of(&lint.rule, subject).spanned(&own.path, span, message, |found| {
            let found = found
                .label("replaces all of the target's `proxy`")
                .secondary(theirs.node.span, "this is what is replaced");
            found.help("repeat what should stay; if it should go, allow this with the reason")
        });
    }
}
