//! The number of facts with a second source, by kind.

use super::kind::FactKind;
use super::verdict::{ComparedEntry, Standing};

/// A row of the table: the facts of one kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindCounts {
    /// The kind.
    pub kind: FactKind,
    /// Entries that state at least one.
    pub entries: usize,
    /// Facts.
    pub facts: usize,
    /// Facts that at least one catalogue states alike.
    pub by_one: usize,
    /// Facts that at least two state alike.
    pub by_two: usize,
    /// Facts of which every difference is explained by the entry.
    pub explained: usize,
    /// Facts that some catalogue states differently without an explanation, the outweighed ones not among them.
    pub differing: usize,
    /// Facts about which no catalogue says anything.
    pub unwitnessed: usize,
}

/// A row for each kind that some entry states.
pub fn counts(entries: &[ComparedEntry]) -> Vec<KindCounts> {
    let rows = FactKind::ALL.into_iter().map(|kind| {
        let of_kind = |entry: &ComparedEntry| entry.facts.iter().filter(|fact| fact.kind == kind).count();
        let facts = || entries.iter().flat_map(|entry| &entry.facts).filter(|fact| fact.kind == kind);
        let standing = |standing: Standing| facts().filter(|fact| fact.standing == standing).count();
        KindCounts {
            kind,
            entries: entries.iter().filter(|entry| of_kind(entry) > 0).count(),
            facts: facts().count(),
            by_one: facts().filter(|fact| !fact.agreed.is_empty()).count(),
            by_two: facts().filter(|fact| fact.agreed.len() > 1).count(),
            explained: standing(Standing::Explained),
            differing: standing(Standing::Differs),
            unwitnessed: standing(Standing::Unwitnessed),
        }
    });
    rows.filter(|row| row.facts > 0).collect()
}
