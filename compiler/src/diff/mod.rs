//! What changed between two catalogues, for those who use them: breaking or compatible.
//!
//! Entries are compared after overlays and aliases are followed, so a change of an entry is a change of every alias that
//! inherits it: it is told once, with everybody it affects. The table at [`Kind`] says what breaks.
//!
//! | file | what is compared |
//! |---|---|
//! | `side` | one entry in both catalogues; how a change gets its two places |
//! | `fields`, `pattern` | what people are asked for, and which values are taken |
//! | `hosts` | where requests go |
//! | `requests` | headers, the place of the credential, pagination, retry |
//! | `scopes` | scopes |
//! | `rest` | everything else, value by value |
//! | `affected` | one change for all who inherit it |
//!
//! This module reports no mistakes: both catalogues have been checked.

mod affected;
mod fields;
mod hosts;
mod pattern;
mod requests;
mod rest;
mod scopes;
mod side;
#[cfg(test)]
mod tests;

use crate::model::Mode;
use crate::pipeline::Checked;
use crate::source::Span;
use side::{Pair, Side};
use std::collections::BTreeMap;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What kind of change; decides whether it breaks.
    pub kind: Kind,
    /// The path from the root of the file, the entry's key first.
    pub path: Vec<String>,
    /// What was, and what is: lower case, no full stop.
    pub message: String,
    /// The line in the old catalogue: the value, or what is nearest to where it would stand.
    pub old: Option<Span>,
    /// The same in the new one.
    pub new: Option<Span>,
    /// The entries for which it holds, the one that wrote it first.
    pub affected: Vec<String>,
}

/// The kinds, with what breaks first.
macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $name:literal $breaking:literal,)+) => {
        /// What kind of change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Kind { $($(#[doc = $doc])+ $kind,)+ }

        impl Kind {
            /// All of them.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind,)+];

            /// The name, stable: `field-removed`.
            pub const fn name(self) -> &'static str {
                match self { $(Kind::$kind => $name,)+ }
            }

            /// Whether what worked before may no longer.
            pub const fn is_breaking(self) -> bool {
                match self { $(Kind::$kind => $breaking,)+ }
            }
        }
    };
}

kinds! {
    /// An entry is gone.
    EntryRemoved = "entry-removed" true,
    /// Signing in is another thing.
    AuthModeChanged = "auth-mode-changed" true,
    /// A field is gone: who sets it is refused.
    FieldRemoved = "field-removed" true,
    /// A value must be given that nobody had to give.
    RequiredFieldAdded = "required-field-added" true,
    /// A value that was taken is refused.
    PatternNarrowed = "pattern-narrowed" true,
    /// A host is no longer the one that credentials go to.
    HostChanged = "host-changed" true,
    /// Endpoints of calls are joined to another path.
    BasePathChanged = "base-path-changed" true,
    /// A header is no longer sent, or under another name.
    HeaderChanged = "header-changed" true,
    /// The credential stands elsewhere in a request.
    TokenPlacementChanged = "token-placement-changed" true,
    /// Lists continue in another way.
    PaginationChanged = "pagination-changed" true,
    /// A scope is no longer listed.
    ScopeRemoved = "scope-removed" true,
    /// An entry is new.
    EntryAdded = "entry-added" false,
    /// A field that may be left out is new, or one that had to be given may be left out.
    OptionalFieldAdded = "optional-field-added" false,
    /// More values are taken.
    PatternWidened = "pattern-widened" false,
    /// One more host may get the credential.
    HostAdded = "host-added" false,
    /// A header is sent that was not.
    HeaderAdded = "header-added" false,
    /// Lists can be walked that could not.
    PaginationAdded = "pagination-added" false,
    /// A scope is new.
    ScopeAdded = "scope-added" false,
    /// Failed calls are tried again by other rules.
    RetryChanged = "retry-changed" false,
    /// Any other value.
    Changed = "changed" false,
}

/// What changed from `old` to `new`: what breaks first, then in the order of the new file. The spans of both must be of
/// one [`Sources`](crate::source::Sources). Entries that could not be resolved are in neither.
pub fn diff(old: &Checked, new: &Checked) -> Vec<Change> {
    let (before, after) = (sides(old), sides(new));
    let mut changes: Vec<Change> = Vec::new();
    for entry in &old.entries {
        // An entry that is there and could not be read is not gone.
        if !after.contains_key(entry.key.name.as_str()) && !new.keys.contains(&entry.key.name) {
            changes.push(entry_change(Kind::EntryRemoved, &entry.key.name, "is gone", Some(entry.key.span), None));
        }
    }
    for entry in &new.entries {
        let key = entry.key.name.as_str();
        match (before.get(key), after.get(key)) {
            (Some(one), Some(other)) => changes.extend(compare(&Pair { old: *one, new: *other })),
            _ if old.keys.contains(&entry.key.name) => {}
            _ => changes.push(entry_change(Kind::EntryAdded, key, "is new", None, Some(entry.key.span))),
        }
    }
    let mut changes = affected::fold(changes, old, new);
    changes.sort_by_key(|change| !change.kind.is_breaking());
    changes
}

fn sides(checked: &Checked) -> BTreeMap<&str, Side<'_>> {
    let provider = |key: &str| checked.providers.iter().find(|provider| provider.key.name == key);
    let sides = checked.entries.iter().map(|entry| {
        let key = entry.key.name.as_str();
        (key, Side { entry, provider: provider(key) })
    });
    sides.collect()
}

fn entry_change(kind: Kind, key: &str, what: &str, old: Option<Span>, new: Option<Span>) -> Change {
    let affected = vec![key.to_owned()];
    Change { kind, path: affected.clone(), message: format!("the entry {what}"), old, new, affected }
}

/// An entry that is in both.
fn compare(pair: &Pair<'_>) -> Vec<Change> {
    let mut changes: Vec<Change> = auth_mode(pair).into_iter().collect();
    changes.extend(fields::compare(pair));
    changes.extend(hosts::compare(pair));
    changes.extend(requests::compare(pair));
    changes.extend(scopes::compare(pair));
    let rest = rest::compare(pair, &changes);
    changes.extend(rest);
    changes
}

fn auth_mode(pair: &Pair<'_>) -> Option<Change> {
    let mode = |side: &Side<'_>| Mode::parse(side.get(&["auth_mode"])?.node.as_str()?);
    let (old, new) = (mode(&pair.old)?, mode(&pair.new)?);
    let message = || format!("the auth mode was `{}` and is `{}`", old.name(), new.name());
    (old != new).then(|| pair.change(Kind::AuthModeChanged, &["auth_mode"], message()))
}
