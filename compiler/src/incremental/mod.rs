//! Checking a file again after an edit.
//!
//! Where an edit touches a few entries and the file reads the same entry by entry as whole, only those are read,
//! resolved and analysed (`splice`). Else reading and resolving are done anew, and what an entry says by itself (shape,
//! names, templates, rules that look at one entry) is kept where the entry and all it inherits read as before, moved or
//! not (`again`). What entries say about each other is decided anew. What is looked for, and in which order, is the
//! business of `analysis`. The findings are those of [`crate::pipeline::check`]; a test holds to that on random edits.

mod again;
mod known;
mod splice;

pub use known::Known;

use crate::analysis::{Catalogue, CheckLevel, Entries, Files, Input, Member};
use crate::diagnostic::Diagnostics;
use crate::model::{Corrected, corrected};
use crate::resolve::Resolved;
use crate::rules::Shared;
use crate::source::{FileId, Sources};
use crate::syntax::{Outline, keys};
use known::{Reading, Verdict};
use splice::Edit;
use std::collections::BTreeMap;

/// Checks a file, with what was known `before` the last edits. A file that is not of `sources` has no entries.
pub fn check(before: Option<Known>, sources: &Sources, file: FileId) -> Known {
    let Read { entries, verdicts, keys, found, reading } = read(before, sources, file);
    let corrected = |(entry, verdict): (_, &Verdict)| {
        if verdict.is_unchanged { Corrected::unchanged(entry) } else { corrected(entry) }
    };
    let corrected: Vec<Corrected<'_>> = entries.iter().zip(&verdicts).map(corrected).collect();
    let mut catalogue = Catalogue::new(&entries, found);
    let shared = Shared::default();
    for (corrected, verdict) in corrected.iter().zip(&verdicts) {
        let member = Member::new(corrected, &keys, &shared).with(&verdict.memo);
        catalogue.add(member, verdict.is_provider, verdict.shape.clone(), verdict.rules.clone());
    }
    let diagnostics = catalogue.conclude(CheckLevel::Findings, sources);
    drop(corrected);
    Known { entries, keys, diagnostics, verdicts, reading }
}

/// What a text says, entry by entry.
struct Read {
    entries: Vec<Resolved>,
    /// What each of them says by itself.
    verdicts: Vec<Verdict>,
    keys: Vec<String>,
    /// What reading and resolving found.
    found: Diagnostics,
    /// How to read the next version.
    reading: Option<Reading>,
}

/// Reads what changed where little did, else everything.
fn read(before: Option<Known>, sources: &Sources, file: FileId) -> Read {
    let text = sources.get(file).map_or("", |file| file.text.as_str());
    let plan = before.as_ref().and_then(|known| Edit::plan(known, file, text));
    let before = match (before, plan) {
        (Some(known), Some(edit)) => {
            let (entries, verdicts, reading) = edit.apply(known, text);
            let keys = keys(entries.iter().map(|entry| &entry.key), &reading.lost);
            return Read { entries, verdicts, keys, found: reading.found.clone(), reading: Some(reading) };
        }
        (before, _) => before,
    };
    let files = Files::read(sources, &Input::from(file));
    let (written, of_reading) = (files.document.entries.entries.len(), files.found.clone());
    let outline = Outline::of(text, &files.document, &of_reading);
    let lost = files.document.lost.clone();
    let Entries { resolved: entries, keys, found } = files.resolve();
    let is_whole = found.len() == of_reading.len() && entries.len() == written;
    let reading = outline.filter(|_| is_whole);
    let reading = reading.map(|outline| Reading { text: text.to_owned(), outline, lost, found: of_reading });
    Read { verdicts: verdicts(before, &entries), entries, keys, found, reading }
}

/// The verdict of each entry: an earlier one where it still holds.
fn verdicts(before: Option<Known>, entries: &[Resolved]) -> Vec<Verdict> {
    let (old, verdicts) = before.map_or_else(Default::default, |before| (before.entries, before.verdicts));
    let mut earlier: BTreeMap<&str, (&Resolved, Verdict)> =
        old.iter().zip(verdicts).map(|(entry, verdict)| (entry.key.name.as_str(), (entry, verdict))).collect();
    let verdict = |entry: &Resolved| {
        let known = earlier.remove(entry.key.name.as_str());
        known.and_then(|(old, verdict)| again::still_holds(old, entry, verdict)).unwrap_or_else(|| Verdict::of(entry))
    };
    entries.iter().map(verdict).collect()
}
