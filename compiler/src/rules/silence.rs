//! Findings that an entry means: `keyway: {allow: {rule: reason}}`.
//!
//! An allowed finding is left out; a reason that allows nothing is reported, so that none outlives what it was for.
//! Findings of every stage can be allowed but errors of shape and templates: without those there is nothing to lower.

use crate::diagnostic::{Diagnostic, Diagnostics, Fix, Page, Rule, acme, near};
use crate::resolve::Resolved;
use crate::source::Span;
use crate::syntax::Entry;
use std::collections::{HashMap, HashSet};

/// Checks for an entry of `keyway.allow` that allows nothing.
pub static UNUSED_ALLOW: Rule = Rule::warning("KW0300", "unused-allow");

/// Its page.
pub static UNUSED_ALLOW_PAGE: Page = Page {
    checks: "Checks for an entry of `keyway.allow` that allows nothing.",
    why: "A silence that outlives its reason would hide the next finding of that rule without a sign of it.",
    fails: acme!(
        "    auth_mode: NONE
    proxy: {base_url: 'https://api.acme.example'}
    keyway: {allow: {insecure-scheme: the sandbox has no certificate}}
"
    ),
    mended: acme!(
        "    auth_mode: NONE
    proxy: {base_url: 'http://api.acme.example'}
    keyway: {allow: {insecure-scheme: the sandbox has no certificate}}
"
    ),
};

/// Leaves out what entries allow, and reports what they allow in vain. `providers` are the entries that have the shape
/// of one; `names` are the rules that exist.
pub fn silence(found: Diagnostics, providers: &[&Resolved], names: &[String]) -> Diagnostics {
    let mut kept = Diagnostics::default();
    let mut used: HashSet<(&str, &str)> = HashSet::new();
    let allowing: HashMap<&str, &Resolved> = providers
        .iter()
        .filter(|provider| allows(provider).next().is_some())
        .map(|provider| (provider.key.name.as_str(), *provider))
        .collect();
    for finding in found {
        match allowed(&finding, &allowing) {
            Some(pair) => {
                used.insert(pair);
            }
            None => kept.push(finding),
        }
    }
    for provider in providers {
        for (rule, reason) in allows(provider) {
            let key = provider.key.name.as_str();
            if used.contains(&(key, rule)) || super::is_left_out(rule) || provider.alias.is_some() && reason.2 {
                continue;
            }
            kept.push(unused(key, rule, reason, names));
        }
    }
    kept
}

/// A reason's key, where its text stands, and whether both are inherited.
type Reason = (Span, Span, bool);

/// The rules an entry allows, with the reasons. What is no text is reported with the shapes.
fn allows(entry: &Resolved) -> impl Iterator<Item = (&str, Reason)> {
    let keyway = entry.body.get("keyway").and_then(|keyway| keyway.value.as_mapping());
    let allow = keyway.and_then(|keyway| keyway.get("allow")).and_then(|allow| allow.value.as_mapping());
    let reasons = allow.into_iter().flatten().filter(|reason| reason.value.as_str().is_some());
    reasons.map(|Entry { key, value }| (key.name.as_str(), (key.span, value.span, !entry.span.contains(key.span))))
}

fn allowed<'p>(finding: &Diagnostic, allowing: &HashMap<&str, &'p Resolved>) -> Option<(&'p str, &'p str)> {
    let provider = *allowing.get(finding.provider()?)?;
    let (rule, _) = allows(provider).find(|(rule, _)| *rule == finding.rule.name)?;
    Some((&provider.key.name, rule))
}

fn unused(key: &str, rule: &str, (span, reason, _): Reason, names: &[String]) -> Diagnostic {
    let path = [key, "keyway", "allow", rule].map(str::to_owned);
    let found = if names.iter().any(|name| name == rule) {
        Diagnostic::new(&UNUSED_ALLOW, format!("`{rule}` finds nothing in `{key}`"), span)
            .help("remove this line")
            .removing(span, reason)
    } else {
        let found = Diagnostic::new(&UNUSED_ALLOW, format!("there is no rule `{rule}`"), span);
        match near(rule, names.iter().map(String::as_str)) {
            Some(near) if near.clear && span.range().len() == rule.len() => {
                found.help(format!("did you mean `{}`?", near.name)).fix(Fix::write(span, near.name))
            }
            Some(near) => found.help(format!("did you mean `{}`?", near.name)),
            None => found.help("`keyway rules` lists them"),
        }
    };
    found.label("allows nothing").at(&path)
}
