//! One change for all entries that inherit it.
//!
//! Aliases inherit values with their places, so a change of one value is the same change of every heir. Changes and
//! whether they are breaking have been decided before.

use super::{Change, ChangeKind};
use crate::pipeline::Checked;
use crate::resolve::Resolved;
use crate::source::Span;
use std::collections::BTreeMap;

type Same = (ChangeKind, Vec<String>, String, Option<Span>, Option<Span>);

/// Folds the changes of heirs into that of the entry that wrote the value, and says whom an entry's removal affects.
pub(super) fn fold(changes: Vec<Change>, old: &Checked, new: &Checked) -> Vec<Change> {
    let entries: BTreeMap<&str, &Resolved> = new.entries.iter().map(|entry| (entry.key.name.as_str(), entry)).collect();
    let mut folded: Vec<Change> = Vec::new();
    let mut seen: BTreeMap<Same, usize> = BTreeMap::new();
    for mut change in changes {
        if change.kind == ChangeKind::EntryRemoved {
            change.affected.extend(heirs(&change.path, old));
        }
        let inner = change.path.get(1..).unwrap_or_default().to_vec();
        let same = (change.kind, inner, change.message.clone(), change.old, change.new);
        match seen.get(&same).and_then(|at| folded.get_mut(*at)) {
            None => {
                seen.insert(same, folded.len());
                folded.push(change);
            }
            Some(known) => {
                if writes(&entries, &change) && !writes(&entries, known) {
                    change.affected.append(&mut known.affected);
                    *known = change;
                } else {
                    known.affected.append(&mut change.affected);
                }
            }
        }
    }
    folded
}

/// True if the entry of a change wrote the new value.
fn writes(entries: &BTreeMap<&str, &Resolved>, change: &Change) -> bool {
    let entry = change.path.first().and_then(|key| entries.get(key.as_str()));
    entry.zip(change.new).is_some_and(|(entry, span)| !entry.inherits(span))
}

/// The entries that build on one, however far, in file order.
fn heirs(path: &[String], checked: &Checked) -> Vec<String> {
    let Some(key) = path.first() else { return Vec::new() };
    let builds_on = |entry: &&Resolved| {
        let mut at: Option<&Resolved> = Some(entry);
        // A chain of aliases has no cycle once it is resolved.
        while let Some(alias) = at.and_then(|entry| entry.alias.as_ref()) {
            if alias.target == *key {
                return true;
            }
            at = checked.entries.iter().find(|entry| entry.key.name == alias.target);
        }
        false
    };
    checked.entries.iter().filter(builds_on).map(|entry| entry.key.name.clone()).collect()
}
