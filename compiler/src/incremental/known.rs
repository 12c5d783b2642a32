//! The analysis of one version of a file, kept so that the next version is not analysed as a whole.

use crate::analysis::{self, CheckLevel, Member};
use crate::diagnostic::Diagnostics;
use crate::lower::Arena;
use crate::model::corrected;
use crate::resolve::Resolved;
use crate::rules::{Memo, Shared};
use crate::syntax::{Lost, Outline};

/// The analysis of one version of a file.
#[derive(Debug)]
pub struct Known {
    /// The entries that could be resolved, in file order.
    pub entries: Vec<Resolved>,
    /// The keys of all entries, those that could not be read or resolved included, in file order.
    pub keys: Vec<String>,
    /// All findings, by place.
    pub diagnostics: Diagnostics,
    /// The analysis of each entry alone.
    pub(super) verdicts: Vec<Verdict>,
    /// The text that the next version is compared with, where it can be read in parts.
    pub(super) reading: Option<Reading>,
}

/// A text whose entries can be read one by one.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) text: String,
    pub(super) outline: Outline,
    /// The parts that could not be read, with the reason.
    pub(super) lost: Vec<Lost>,
    pub(super) found: Diagnostics,
}

/// The analysis of one entry alone.
#[derive(Clone, Debug)]
pub(super) struct Verdict {
    /// Findings of shape, names and templates.
    pub(super) shape: Diagnostics,
    /// Findings of rules that look at one entry.
    pub(super) rules: Diagnostics,
    /// True if it has the shape of a provider.
    pub(super) is_provider: bool,
    /// True if nothing was to be corrected in it.
    pub(super) is_unchanged: bool,
    /// The memo of the rules that compare entries.
    pub(super) memo: Memo,
}

impl Verdict {
    /// The analysis of one entry alone: a function of the entry, and of its spans only by which of them lie in it.
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
