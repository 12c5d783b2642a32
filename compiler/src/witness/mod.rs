//! Second sources: the facts of entries, compared with what other catalogues say of the same services.
//!
//! The catalogues are given as texts; nothing of them is part of this project. A difference is a finding at the value,
//! unless the entry explains it under `keyway.sources`. This stage judges no entry by itself and changes none.
//!
//! | file | what |
//! |---|---|
//! | `kind` | the kinds of facts that are compared |
//! | `url` | URLs reduced to what can be compared |
//! | `line` | one line of another catalogue: bounded, and strangers' data throughout |
//! | `stated` | the facts that an entry states |
//! | `opinion` | what one line says about one fact |
//! | `explained` | what `keyway.sources` says |
//! | `verdict` | what all lines say about one fact |
//! | `findings`, `pages` | differences as findings; the pages of their rules |
//! | `table` | how many facts have a second source |

mod explained;
mod findings;
mod kind;
mod line;
mod opinion;
mod pages;
mod stated;
mod table;
#[cfg(test)]
mod tests;
mod url;
mod verdict;

pub use explained::{FactSource, sources};
pub use kind::FactKind;
pub use line::UnreadableLine;
pub use pages::{PAGES, STALE_EXPLANATION, WITNESS_DIFFERS};
pub use table::{KindCounts, counts};
pub use verdict::{ComparedEntry, ComparedFact, Opposing, Standing};

use crate::diagnostic::Diagnostics;
use crate::parallel;
use crate::resolve::{Resolved, fold_inherited};
use explained::Explanations;
use line::Witness;
use std::collections::BTreeMap;

/// The lines of other catalogues, by the entry that each is about.
#[derive(Debug, Default)]
pub struct SecondSources {
    witnesses: Vec<Witness>,
    by_key: BTreeMap<String, Vec<usize>>,
}

impl SecondSources {
    /// Adds the lines of a catalogue: JSON objects, one a line. `source` is what the catalogue is called, `file` how
    /// messages name the text. A line that cannot be read is left out and returned.
    pub fn add(&mut self, source: &str, file: &str, text: &str) -> Vec<UnreadableLine> {
        let (found, unreadable) = line::read(source, file, text);
        for witness in found {
            for (key, _) in &witness.keys {
                self.by_key.entry(key.clone()).or_default().push(self.witnesses.len());
            }
            self.witnesses.push(witness);
        }
        unreadable
    }

    /// The number of lines that are about some entry.
    pub fn len(&self) -> usize {
        self.witnesses.len()
    }

    /// True if no line is about an entry.
    pub fn is_empty(&self) -> bool {
        self.witnesses.is_empty()
    }

    /// The facts of every entry, in the order of the entries, with the findings about them.
    pub fn compare(&self, entries: &[Resolved]) -> (Vec<ComparedEntry>, Diagnostics) {
        let known = Explanations::new(entries);
        let compared: Vec<ComparedEntry> = parallel::map(entries, |entry| {
            let about = self.by_key.get(&entry.key.name).into_iter().flatten();
            let witnesses: Vec<&Witness> = about.filter_map(|at| self.witnesses.get(*at)).collect();
            ComparedEntry { key: entry.key.name.clone(), facts: verdict::compared(entry, &witnesses, &known) }
        });
        let found = compared.iter().flat_map(|entry| findings::findings(entry, &known)).collect();
        (compared, fold_inherited(found, entries))
    }
}
