//! Scopes: those of an integration without any, and those that have a constant.
//!
//! Their order says nothing.

use super::side::Pair;
use super::{Change, ChangeKind};
use keyway_spec::ProviderSpec;

const DEFAULT: &[&str] = &["default_scopes"];
const LISTED: &[&str] = &["keyway", "scopes"];

/// Changes of scopes.
pub(super) fn compare(pair: &Pair<'_>, old: &ProviderSpec, new: &ProviderSpec) -> Vec<Change> {
    let known = |spec: &ProviderSpec| spec.known_scopes.iter().map(|scope| scope.name).collect::<Vec<_>>();
    let (known_before, known_after) = (known(old), known(new));
    let before = [&known_before, old.default_scopes].concat();
    let after = [&known_after, new.default_scopes].concat();
    let gone = |old: &[&'static str], new: &[&'static str]| -> Vec<&'static str> {
        old.iter().copied().filter(|scope| !new.contains(scope)).collect()
    };
    let mut changes = Vec::new();
    for scope in gone(old.default_scopes, new.default_scopes) {
        let what = if after.contains(&scope) { "is no longer asked for by default" } else { "is no longer listed" };
        changes.push(pair.change(ChangeKind::ScopeRemoved, DEFAULT, format!("the scope `{scope}` {what}")));
    }
    for scope in gone(&known_before, &after).into_iter().filter(|scope| !old.default_scopes.contains(scope)) {
        changes.push(pair.change(ChangeKind::ScopeRemoved, LISTED, format!("the scope `{scope}` is no longer listed")));
    }
    for scope in gone(new.default_scopes, old.default_scopes) {
        let what = if before.contains(&scope) { "is asked for by default" } else { "is listed" };
        changes.push(pair.change(ChangeKind::ScopeAdded, DEFAULT, format!("the scope `{scope}` {what}")));
    }
    for scope in gone(&known_after, &before).into_iter().filter(|scope| !new.default_scopes.contains(scope)) {
        changes.push(pair.change(ChangeKind::ScopeAdded, LISTED, format!("the scope `{scope}` is listed")));
    }
    changes
}
