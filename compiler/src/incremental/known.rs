//! What is known of a version of a file, so that the next one need not be looked at as a whole.

use crate::analysis::{self, CheckLevel, Member};
use crate::diagnostic::Diagnostics;
use crate::lower::Arena;
use crate::model::corrected;
use crate::resolve::Resolved;
use crate::rules::{Memo, Shared};
use crate::syntax::{Lost, Outline};

/// What is known of one version of a file.
#[derive(Debug)]
pub struct Known {
    /// The entries that could be resolved, in file order.
    pub entries: Vec<Resolved>,
    /// The keys of all entries, those that could not be read or resolved included, in file order.
    pub keys: Vec<String>,
    /// All findings, by place.
    pub diagnostics: Diagnostics,
    /// What each of the entries says by itself.
    pub(super) verdicts: Vec<Verdict>,
    /// What the next version is compared with, where it can be read in parts.
    pub(super) reading: Option<Reading>,
}

/// A text whose entries can be read one by one.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) text: String,
    pub(super) outline: Outline,
    /// What of it could not be read, and why.
    pub(super) lost: Vec<Lost>,
    pub(super) found: Diagnostics,
}

/// What an entry says by itself.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    /// Findings of shape, names and templates.
    pub(super) shape: Diagnostics,
    /// Findings of rules that look at one entry.
    pub(super) rules: Diagnostics,
    /// Whether it has the shape of a provider.
    pub(super) is_provider: bool,
    /// Whether nothing was to be corrected in it.
    pub(super) is_unchanged: bool,
    /// What rules that compare entries know of it.
    pub(super) memo: Memo,
}

impl Verdict {
    /// What an entry says by itself: a function of the entry, and of its spans only by which of them lie in it.
    pub(super) fn of(entry: &Resolved) -> Verdict {
        let corrected = corrected(entry);
        let (shared, memo) = (Shared::default(), Memo::default());
        let member = Member::new(&corrected, &[], &shared).with(&memo);
        let analysed = analysis::entry(&member, CheckLevel::Findings, Arena::Discarded);
        Verdict {
            shape: analysed.shape,
            rules: analysed.rules,
            is_provider: analysed.is_provider,
            is_unchanged: corrected.is_unchanged(),
            memo,
        }
    }
}
