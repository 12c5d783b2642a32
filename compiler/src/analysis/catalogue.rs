//! What entries say together, after each has been looked at by itself.

use super::entry::{CheckLevel, Member};
use super::registry::allowable;
use crate::diagnostic::Diagnostics;
use crate::lower;
use crate::resolve::{Resolved, fold_inherited};
use crate::rules::{self, Subject};
use crate::source::Sources;
use crate::syntax::Key;

/// A catalogue whose entries have been looked at one by one.
pub(crate) struct Catalogue<'a> {
    /// All its entries, those included that were not asked for.
    entries: &'a [Resolved],
    /// The entries that were asked for, with whether each has the shape of a provider.
    members: Vec<(Member<'a>, bool)>,
    /// What reading, resolving, shapes and templates gave rise to.
    found: Diagnostics,
    /// What rules that look at one entry found.
    of_rules: Diagnostics,
}

impl<'a> Catalogue<'a> {
    /// Before its first member. `found` is what reading and resolving found.
    pub(crate) fn new(entries: &'a [Resolved], found: Diagnostics) -> Catalogue<'a> {
        Catalogue { entries, members: Vec::with_capacity(entries.len()), found, of_rules: Diagnostics::default() }
    }

    /// Adds an entry, with what was found in it alone: in its shape, and by rules.
    pub(crate) fn add(&mut self, member: Member<'a>, is_provider: bool, shape: Diagnostics, of_rules: Diagnostics) {
        self.members.push((member, is_provider));
        self.found.extend(shape);
        self.of_rules.extend(of_rules);
    }

    /// All findings, by place: each mistake once, without what entries allow.
    pub(crate) fn conclude(self, level: CheckLevel, sources: &Sources) -> Diagnostics {
        let Catalogue { entries, members, mut found, of_rules } = self;
        let providers = members.iter().filter(|(_, is_provider)| *is_provider);
        let providers: Vec<&Resolved> = providers.map(|(member, _)| &*member.corrected.entry).collect();

        let keys: Vec<&Key> = providers.iter().map(|provider| &provider.key).collect();
        found.extend(lower::name_clashes(&keys));
        if level.asks_rules() {
            let subjects: Vec<Subject<'_>> = members.iter().filter_map(|(member, _)| member.subject()).collect();
            let compared = rules::together(&subjects, of_rules);
            let corrected = members.iter().map(|(member, _)| member.corrected);
            found.extend(corrected.fold(compared, |found, corrected| corrected.as_written(found)));
        }
        let found = fold_inherited(found, entries);
        let mut found = rules::silence(found, &providers, allowable());
        found.settle(sources);
        found.finish();
        found
    }
}
