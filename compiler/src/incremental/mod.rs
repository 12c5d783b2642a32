//! Checking a file again after an edit.
//!
//! Reading and resolving are done anew; what an entry says by itself (shape, names, templates, rules that look at one
//! entry) is kept where the entry and all it inherits read as before, moved or not. What entries say about each other is
//! decided anew. The findings are those of [`crate::pipeline::check`], which a test holds to on random edits.
//!
//! `again` decides what can be kept. Absent here: what the findings are about.

mod again;

use crate::diagnostic::Diagnostics;
use crate::intake;
use crate::model::{self, Provider, Spelled};
use crate::pipeline::silenceable;
use crate::resolve::{Resolved, fold_inherited, resolve};
use crate::source::{FileId, Sources};
use crate::syntax::Key;
use crate::{rules, spec};
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
}

/// Checks a file, with what was known `before` the last edits. A file that is not of `sources` has no entries.
pub fn check(before: Option<Known>, sources: &Sources, file: FileId) -> Known {
    let text = sources.get(file).map_or("", |file| file.text.as_str());
    let (document, mut diagnostics) = intake::read(file, text);
    let keys = document.keys();
    let (entries, found) = resolve(document);
    diagnostics.extend(found);

    let verdicts = verdicts(before, &entries);
    let mut alone = Diagnostics::default();
    for verdict in &verdicts {
        diagnostics.extend(verdict.shape.clone());
        alone.extend(verdict.rules.clone());
    }
    let providers = entries.iter().zip(&verdicts).filter(|(_, verdict)| verdict.is_provider);
    let providers: Vec<&Key> = providers.map(|(entry, _)| &entry.key).collect();
    diagnostics.extend(spec::name_clashes(&providers));
    let spelled: Vec<Spelled<'_>> = entries.iter().map(Spelled::of).collect();
    let meant: Vec<&Resolved> = spelled.iter().map(|spelled| &*spelled.entry).collect();
    let found = rules::check_together(&meant, &keys, alone);
    diagnostics.extend(spelled.iter().fold(found, |found, spelled| spelled.as_written(found)));
    drop(spelled);

    let diagnostics = fold_inherited(diagnostics, &entries);
    let mut diagnostics = rules::silence(diagnostics, &allowing(&entries), &silenceable());
    diagnostics.settle(sources);
    diagnostics.finish();
    Known { entries, keys, diagnostics, verdicts }
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
    shape.extend(spelled.as_written(provider.as_ref().map(spec::findings).unwrap_or_default()));
    let rules = spelled.as_written(rules::check_entry(&spelled.entry));
    Verdict { shape, rules, is_provider: provider.is_some() }
}

/// The providers that may allow something: the others need not be built again.
fn allowing(entries: &[Resolved]) -> Vec<Provider> {
    entries
        .iter()
        .filter(|entry| entry.body.get("keyway").is_some())
        .filter_map(|entry| model::lower(entry).0)
        .collect()
}
