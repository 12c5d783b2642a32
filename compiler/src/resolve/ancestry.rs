//! Questions about who builds on whom.

use super::Resolved;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use std::collections::{BTreeMap, BTreeSet};

/// Entries and all they build on. A key that names no entry stays in the set.
pub fn with_ancestors(only: &[String], entries: &[Resolved]) -> BTreeSet<String> {
    let parents = parents(entries);
    let mut wanted = BTreeSet::new();
    for key in only {
        let mut next = Some(key.as_str());
        while let Some(key) = next.filter(|key| !wanted.contains(*key)) {
            wanted.insert(key.to_owned());
            next = parents.get(key).copied();
        }
    }
    wanted
}

/// The entries whose text has an error, and those that build on one.
pub fn broken<'e>(found: &Diagnostics, entries: &'e [Resolved]) -> BTreeSet<&'e str> {
    let errors = found.iter().filter(|found| found.severity == Severity::Error);
    let wrong: BTreeSet<&str> = errors.filter_map(Diagnostic::provider).collect();
    if wrong.is_empty() {
        return BTreeSet::new();
    }
    let parents = parents(entries);
    let line = |key: &'e str| std::iter::successors(Some(key), |key| parents.get(key).copied());
    let keys = entries.iter().map(|entry| entry.key.name.as_str());
    keys.filter(|key| line(key).any(|key| wrong.contains(key))).collect()
}

/// Each entry with an alias and what it names. Resolved entries have no cycles.
fn parents(entries: &[Resolved]) -> BTreeMap<&str, &str> {
    let with_alias = entries.iter().filter_map(|entry| Some((entry, entry.alias.as_ref()?)));
    with_alias.map(|(entry, alias)| (entry.key.name.as_str(), alias.target.as_str())).collect()
}
