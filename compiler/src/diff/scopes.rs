//! Scopes: those of an integration without any, and those that the vendor documents.
//!
//! Their order says nothing.

use super::side::Pair;
use super::{Change, Kind};

const LISTS: [&[&str]; 2] = [&["default_scopes"], &["keyway", "scopes"]];

/// Changes of scopes.
pub(super) fn compare(pair: &Pair<'_>) -> Vec<Change> {
    LISTS.iter().flat_map(|path| list(pair, path)).collect()
}

fn list(pair: &Pair<'_>, path: &[&str]) -> Vec<Change> {
    let (old, new) = (pair.old.texts(path), pair.new.texts(path));
    let gone = old.iter().filter(|scope| !new.contains(scope));
    let added = new.iter().filter(|scope| !old.contains(scope));
    let gone =
        gone.map(|scope| pair.change(Kind::ScopeRemoved, path, format!("the scope `{scope}` is no longer listed")));
    gone.chain(added.map(|scope| pair.change(Kind::ScopeAdded, path, format!("the scope `{scope}` is listed"))))
        .collect()
}
