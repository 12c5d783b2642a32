//! The changes between two catalogues that affect users: breaking or compatible.
//!
//! Breaking is what makes a program that compiled stop compiling, or do something else: the generated modules of both
//! are compared name by name, and what both specs do fact by fact. The YAML gives places and words. What is only added
//! (a header, an optional field, a host) is compatible; the table at [`ChangeKind`] has all of it, and
//! `tests/tests/diff_users` holds it against the compiler of Rust.
//!
//! Entries are compared after overlays and aliases are followed, so a change of an entry is a change of every alias
//! that inherits it: it is reported once, with every entry it affects.
//!
//! | file | what is compared |
//! |---|---|
//! | `side` | one entry in both catalogues; how a change gets its two places |
//! | `fields`, `pattern` | what people are asked for, which values are taken, what is stored where nothing is given |
//! | `generated` | the names of the generated module, and what each stands for |
//! | `scopes` | scopes |
//! | `hosts` | which hosts are reached |
//! | `facts`, `calls`, `sign_in`, `quirks` | what a spec does, as a list of facts |
//! | `endpoints` | the operations that an entry vouches for |
//! | `template` | whether a template still gives what it gave |
//! | `behaviour`, `url` | the facts of both |
//! | `rest`, `said` | everything else, value by value, and how values are put into words |
//! | `affected` | one change for all who inherit it |
//!
//! This module reports no mistakes: both catalogues have been checked.

mod affected;
mod behaviour;
mod calls;
mod endpoints;
mod facts;
mod fields;
mod generated;
mod hosts;
mod pattern;
mod quirks;
mod rest;
mod said;
mod scopes;
mod side;
mod sign_in;
mod template;
#[cfg(test)]
mod tests;
mod url;

use crate::model::Provider;
use crate::pipeline::Checked;
use crate::source::Span;
use side::{CatalogueSide, Pair};
use std::collections::BTreeMap;

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The kind of change; decides whether it breaks.
    pub kind: ChangeKind,
    /// The path from the root of the file, the entry's key first.
    pub path: Vec<String>,
    /// The old and the new state: lower case, no full stop.
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
        /// The kind of a change.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum ChangeKind { $($(#[doc = $doc])+ $kind,)+ }

        impl ChangeKind {
            /// All of them.
            pub const ALL: &'static [ChangeKind] = &[$(ChangeKind::$kind,)+];

            /// The name, stable: `field-removed`.
            pub const fn name(self) -> &'static str {
                match self { $(ChangeKind::$kind => $name,)+ }
            }

            /// True if what worked before may no longer.
            pub const fn is_breaking(self) -> bool {
                match self { $(ChangeKind::$kind => $breaking,)+ }
            }
        }
    };
}

kinds! {
    /// An entry is gone.
    EntryRemoved = "entry-removed" true,
    /// Signing in works differently.
    AuthModeChanged = "auth-mode-changed" true,
    /// A field is gone: setting it is an error.
    FieldRemoved = "field-removed" true,
    /// A field that was asked for is not, or not always: it is hidden, the provider's own, or depends on another field.
    FieldHidden = "field-hidden" true,
    /// A value became required.
    RequiredFieldAdded = "required-field-added" true,
    /// A value that was taken is refused.
    PatternNarrowed = "pattern-narrowed" true,
    /// Where nothing is given, another value is stored.
    DefaultChanged = "default-changed" true,
    /// A value that was shown is kept secret, or one that was secret is shown.
    SecrecyChanged = "secrecy-changed" true,
    /// A name of the generated module is gone, or stands for something else.
    NameChanged = "name-changed" true,
    /// Credentials no longer go to a host.
    HostChanged = "host-changed" true,
    /// A URL has another scheme: `http` in the place of `https`.
    SchemeChanged = "scheme-changed" true,
    /// Endpoints of calls are joined to another path.
    BasePathChanged = "base-path-changed" true,
    /// A URL is another in its path, its query or the labels of its host.
    UrlChanged = "url-changed" true,
    /// A header is no longer sent, under another name, or with another value.
    HeaderChanged = "header-changed" true,
    /// A query parameter is no longer sent, under another name, or with another value.
    QueryChanged = "query-changed" true,
    /// A member of bodies is no longer sent, under another name, or with another value.
    BodyChanged = "body-changed" true,
    /// The credential stands elsewhere in a request.
    TokenPlacementChanged = "token-placement-changed" true,
    /// Lists continue in another way.
    PaginationChanged = "pagination-changed" true,
    /// Responses or redirects are treated in another way.
    ResponseChanged = "response-changed" true,
    /// A request of signing in, or how its answer is read, is another: a parameter is gone, say.
    SignInChanged = "sign-in-changed" true,
    /// A value from a callback or an answer is no longer kept with the connection.
    StoredFieldRemoved = "stored-field-removed" true,
    /// A hook has another name, or is no longer called with what it was.
    HookChanged = "hook-changed" true,
    /// A scope is no longer listed.
    ScopeRemoved = "scope-removed" true,
    /// A category is gone: a build of that category no longer contains the entry.
    CategoryRemoved = "category-removed" true,
    /// An operation under `keyway.endpoints` is gone, calls something else, or refuses what it took.
    EndpointChanged = "endpoint-changed" true,
    /// An entry is new.
    EntryAdded = "entry-added" false,
    /// A field that may be left out is new, or a value that had to be given may be left out.
    OptionalFieldAdded = "optional-field-added" false,
    /// More values are taken.
    PatternWidened = "pattern-widened" false,
    /// One more host may get the credential.
    HostAdded = "host-added" false,
    /// A header is sent that was not.
    HeaderAdded = "header-added" false,
    /// A query parameter is sent that was not.
    QueryAdded = "query-added" false,
    /// Bodies have a member that they had not.
    BodyAdded = "body-added" false,
    /// Lists can be walked that could not.
    PaginationAdded = "pagination-added" false,
    /// A request of signing in says more than it did.
    SignInAdded = "sign-in-added" false,
    /// More of a callback or an answer is kept with the connection.
    StoredFieldAdded = "stored-field-added" false,
    /// A scope is new.
    ScopeAdded = "scope-added" false,
    /// An operation under `keyway.endpoints` is new, takes more, or says more of its answer.
    EndpointAdded = "endpoint-added" false,
    /// Failed calls are tried again by other rules.
    RetryChanged = "retry-changed" false,
    /// Credentials are proved in another way when a connection is made.
    VerificationChanged = "verification-changed" false,
    /// Any other value.
    Changed = "changed" false,
}

/// The changes from `old` to `new`: breaking ones first, then in the order of the new file. The spans of both must be
/// of one [`Sources`](crate::source::Sources). Entries that could not be resolved are in neither; of one that cannot be
/// lowered only values are compared, so it is for the caller to say which those are.
///
/// The differing entries are lowered, and kept until the program ends.
pub fn diff(old: &Checked, new: &Checked) -> Vec<Change> {
    let (before, after) = (sides(old), sides(new));
    let mut changes: Vec<Change> = Vec::new();
    for entry in &old.entries {
        // An entry that is there and could not be read is not gone.
        if !after.contains_key(entry.key.name.as_str()) && !new.keys.contains(&entry.key.name) {
            changes.push(entry_change(
                ChangeKind::EntryRemoved,
                &entry.key.name,
                "is gone",
                Some(entry.key.span),
                None,
            ));
        }
    }
    for entry in &new.entries {
        let key = entry.key.name.as_str();
        match (before.get(key), after.get(key)) {
            (Some(one), Some(other)) => changes.extend(compare(one, other)),
            _ if old.keys.contains(&entry.key.name) => {}
            _ => changes.push(entry_change(ChangeKind::EntryAdded, key, "is new", None, Some(entry.key.span))),
        }
    }
    let mut changes = affected::fold(changes, old, new);
    changes.sort_by_key(|change| !change.kind.is_breaking());
    changes
}

fn sides(checked: &Checked) -> BTreeMap<&str, CatalogueSide<'_>> {
    let providers: BTreeMap<&str, &Provider> =
        checked.providers.iter().map(|provider| (provider.key.name.as_str(), &**provider)).collect();
    let entries = checked.entries.iter();
    let side = |entry| CatalogueSide { entry, provider: None, spec: None };
    let keyed = entries.map(|entry| (entry.key.name.as_str(), side(entry)));
    keyed.map(|(key, side)| (key, CatalogueSide { provider: providers.get(key).copied(), ..side })).collect()
}

fn entry_change(kind: ChangeKind, key: &str, what: &str, old: Option<Span>, new: Option<Span>) -> Change {
    let affected = vec![key.to_owned()];
    Change { kind, path: affected.clone(), message: format!("the entry {what}"), old, new, affected }
}

/// An entry that is in both.
fn compare(old: &CatalogueSide<'_>, new: &CatalogueSide<'_>) -> Vec<Change> {
    if rest::identical(&old.entry.body, &new.entry.body) {
        return Vec::new();
    }
    let pair = &Pair { old: old.lowered(), new: new.lowered() };
    let mut changes: Vec<Change> = auth_mode(pair).into_iter().collect();
    let mut wholes = Vec::new();
    if let (Some(old), Some(new)) = (&pair.old.spec, &pair.new.spec) {
        changes.extend(fields::compare(pair, old, new));
        changes.extend(scopes::compare(pair, old, new));
        generated::compare(pair, old, new, &mut changes);
        if old.auth.mode() != new.auth.mode() {
            // What each mode asks for by itself is told with the mode.
            changes.retain(|change| pair.is_written(change));
        }
        changes.extend(hosts::compare(pair));
        let behaviour = behaviour::compare(pair, old, new, &changes);
        changes.extend(behaviour.changes);
        changes.extend(endpoints::compare(pair, old, new, &changes));
        wholes = behaviour.wholes;
    }
    let rest = rest::compare(pair, &changes, &wholes);
    changes.extend(rest);
    if let (Some(old), Some(new)) = (&pair.old.spec, &pair.new.spec) {
        changes.extend(fields::order(pair, old, new));
    }
    changes
}

fn auth_mode(pair: &Pair<'_>) -> Option<Change> {
    let mode = |side: &CatalogueSide<'_>| Some(side.provider?.auth.mode());
    let (old, new) = (mode(&pair.old)?, mode(&pair.new)?);
    let message = || format!("the auth mode was `{old}` and is `{new}`");
    (old != new).then(|| pair.change(ChangeKind::AuthModeChanged, &["auth_mode"], message()))
}
