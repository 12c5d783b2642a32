//! Checking a file again after an edit.
//!
//! Where an edit touches a few entries and the file reads the same entry by entry as whole, only those are read,
//! resolved and judged (`splice`). Else reading and resolving are done anew, and what an entry says by itself (shape,
//! names, templates, rules that look at one entry) is kept where the entry and all it inherits read as before, moved or
//! not (`again`). What entries say about each other is decided anew. The findings are those of
//! [`crate::pipeline::check`], which a test holds to on random edits.

mod again;
mod splice;

use crate::diagnostic::Diagnostics;
use crate::intake;
use crate::model::{self, Provider, Spelled};
use crate::pipeline::silenceable;
use crate::resolve::{Resolved, fold_inherited, resolve};
use crate::rules::Memo;
use crate::source::{FileId, Sources};
use crate::syntax::{Key, Lost, Outline, keys};
use crate::{lower, rules};
use splice::Edit;
use std::collections::BTreeMap;

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
    verdicts: Vec<Verdict>,
    /// What the next version is compared with, where it can be read in parts.
    reading: Option<Reading>,
}

/// A text whose entries can be read one by one.
#[derive(Debug)]
struct Reading {
    text: String,
    outline: Outline,
    /// What of it could not be read, and why.
    lost: Vec<Lost>,
    found: Diagnostics,
}

/// What an entry says by itself.
#[derive(Clone, Debug)]
struct Verdict {
    /// Findings of shape, names and templates.
    shape: Diagnostics,
    /// Findings of rules that look at one entry.
    rules: Diagnostics,
    /// Whether it has the shape of a provider.
    is_provider: bool,
    /// Whether no key is clearly misspelt.
    is_spelled_right: bool,
    /// What rules that compare entries know of it.
    memo: Memo,
}

/// Checks a file, with what was known `before` the last edits. A file that is not of `sources` has no entries.
pub fn check(before: Option<Known>, sources: &Sources, file: FileId) -> Known {
    let text = sources.get(file).map_or("", |file| file.text.as_str());
    let (entries, verdicts, keys, mut diagnostics, reading) = read(before, file, text);
    let mut alone = Diagnostics::default();
    for verdict in &verdicts {
        diagnostics.extend(verdict.shape.clone());
        alone.extend(verdict.rules.clone());
    }
    let providers = entries.iter().zip(&verdicts).filter(|(_, verdict)| verdict.is_provider);
    let providers: Vec<&Key> = providers.map(|(entry, _)| &entry.key).collect();
    diagnostics.extend(lower::name_clashes(&providers));
    let spelled = |(entry, verdict): (_, &Verdict)| {
        if verdict.is_spelled_right { Spelled::right(entry) } else { Spelled::of(entry) }
    };
    let spelled: Vec<Spelled<'_>> = entries.iter().zip(&verdicts).map(spelled).collect();
    let meant = spelled.iter().zip(&verdicts).map(|(spelled, verdict)| (&*spelled.entry, &verdict.memo));
    let meant: Vec<(&Resolved, &Memo)> = meant.collect();
    let found = rules::check_together(&meant, &keys, alone);
    diagnostics.extend(spelled.iter().fold(found, |found, spelled| spelled.as_written(found)));
    let allowing = allowing(&spelled);
    drop(spelled);

    let diagnostics = fold_inherited(diagnostics, &entries);
    let mut diagnostics = rules::silence(diagnostics, &allowing, &silenceable());
    diagnostics.settle(sources);
    diagnostics.finish();
    Known { entries, keys, diagnostics, verdicts, reading }
}

/// What a text says, entry by entry: the entries, what each says by itself, all keys, what reading and resolving found,
/// and how to read the next version.
type Read = (Vec<Resolved>, Vec<Verdict>, Vec<String>, Diagnostics, Option<Reading>);

/// Reads what changed where little did, else everything.
fn read(before: Option<Known>, file: FileId, text: &str) -> Read {
    let before = match before {
        None => None,
        Some(known) => match Edit::plan(&known, file, text) {
            None => Some(known),
            Some(edit) => {
                let (entries, verdicts, reading) = edit.apply(known, text);
                let keys = keys(entries.iter().map(|entry| &entry.key), &reading.lost);
                let found = reading.found.clone();
                return (entries, verdicts, keys, found, Some(reading));
            }
        },
    };
    let (document, found) = intake::read(file, text);
    let (keys, written) = (document.keys(), document.entries.entries.len());
    let outline = Outline::of(text, &document, &found);
    let lost = document.lost.clone();
    let (entries, unresolved) = resolve(document);
    let verdicts = verdicts(before, &entries);
    let is_whole = unresolved.is_empty() && entries.len() == written;
    let reading = outline.filter(|_| is_whole);
    let reading = reading.map(|outline| Reading { text: text.to_owned(), outline, lost, found: found.clone() });
    let mut diagnostics = found;
    diagnostics.extend(unresolved);
    (entries, verdicts, keys, diagnostics, reading)
}

/// The verdict of each entry: an earlier one where it still holds.
fn verdicts(before: Option<Known>, entries: &[Resolved]) -> Vec<Verdict> {
    let (old, verdicts) = before.map_or_else(Default::default, |before| (before.entries, before.verdicts));
    let mut earlier: BTreeMap<&str, (&Resolved, Verdict)> =
        old.iter().zip(verdicts).map(|(entry, verdict)| (entry.key.name.as_str(), (entry, verdict))).collect();
    let verdict = |entry: &Resolved| {
        let known = earlier.remove(entry.key.name.as_str());
        known.and_then(|(old, verdict)| again::still_holds(old, entry, verdict)).unwrap_or_else(|| judge(entry))
    };
    entries.iter().map(verdict).collect()
}

/// What an entry says by itself: a function of the entry, and of its spans only by which of them lie in it.
fn judge(entry: &Resolved) -> Verdict {
    let spelled = Spelled::of(entry);
    let (provider, mut shape) = model::lower_meant(&spelled);
    #[cfg(feature = "schema")]
    shape.extend(crate::schema::cross_check(&[(entry, shape.has_errors())]));
    shape.extend(model::misspelt_alias(entry));
    shape.extend(spelled.as_written(provider.as_ref().map(lower::findings).unwrap_or_default()));
    let rules = spelled.as_written(rules::check_entry(&spelled.entry));
    Verdict {
        shape,
        rules,
        is_provider: provider.is_some(),
        is_spelled_right: spelled.is_right(),
        memo: Memo::default(),
    }
}

/// The providers that may allow something, as they were meant: the others need not be built again.
fn allowing(spelled: &[Spelled<'_>]) -> Vec<Provider> {
    spelled
        .iter()
        .filter(|spelled| spelled.entry.body.get("keyway").is_some())
        .filter_map(|spelled| model::lower_meant(spelled).0)
        .collect()
}
