//! The stages in order. START HERE.
//!
//! Each stage takes what the one before it gave and adds findings. This module decides nothing else: it reads no
//! file, prints nothing and knows no key of the format.

pub use bumpalo::Bump as Arena;

use crate::diagnostic::{Diagnostic, Diagnostics, Severity, nearest};
use crate::resolve::{Resolved, fold_inherited, resolve};
use crate::source::{FileId, Sources};
use crate::syntax::{Document, parse};
use crate::{model, spec};
use keyway_spec::ProviderSpec;
use std::collections::{BTreeMap, BTreeSet};

/// What is known of a file.
#[derive(Debug)]
pub struct Checked<'a> {
    /// The entries that could be resolved, in file order.
    pub entries: Vec<Resolved>,
    /// The entries without an error of any stage up to this one, in file order.
    pub specs: Vec<ProviderSpec<'a>>,
    /// The keys of all entries, those that could not be read or resolved included, in file order.
    pub keys: Vec<String>,
    /// All findings, by place.
    pub diagnostics: Diagnostics,
}

/// Checks one file, and lowers it into `arena`. A `file` that is not of `sources` has no entries.
pub fn check<'a>(arena: &'a Arena, sources: &Sources, file: FileId) -> Checked<'a> {
    let text = sources.get(file).map_or("", |file| file.text.as_str());
    let (document, mut diagnostics) = parse(file, text);
    let keys = keys(&document);
    let (entries, found) = resolve(document);
    diagnostics.extend(found);

    let broken = broken(&diagnostics, &entries);
    let mut specs = Vec::new();
    for entry in &entries {
        let (provider, mut found) = model::lower(entry);
        if let Some(provider) = provider {
            let fine = !found.has_errors() && !broken.contains(entry.key.name.as_str());
            let (spec, more) = spec::lower(arena, &provider);
            specs.extend(spec.filter(|_| fine));
            found.extend(more);
        }
        diagnostics.extend(found);
    }
    #[cfg(feature = "schema")]
    diagnostics.extend(crate::schema::cross_check(&entries));

    let mut diagnostics = fold_inherited(diagnostics, &entries);
    diagnostics.finish();
    Checked { entries, specs, keys, diagnostics }
}

/// The entries whose text has an error, and those that build on one.
fn broken<'e>(found: &Diagnostics, entries: &'e [Resolved]) -> BTreeSet<&'e str> {
    let wrong: BTreeSet<&str> =
        found.iter().filter(|found| found.severity == Severity::Error).filter_map(Diagnostic::provider).collect();
    if wrong.is_empty() {
        return BTreeSet::new();
    }
    let by_key: BTreeMap<&str, &Resolved> = entries.iter().map(|entry| (entry.key.name.as_str(), entry)).collect();
    let target = |entry: &&Resolved| by_key.get(entry.alias.as_ref()?.target.as_str()).copied();
    let chain = |entry: &'e Resolved| std::iter::successors(Some(entry), target);
    let broken = entries.iter().filter(|entry| chain(entry).any(|entry| wrong.contains(entry.key.name.as_str())));
    broken.map(|entry| entry.key.name.as_str()).collect()
}

/// That a file has no provider of some key.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownProvider {
    /// The key that comes nearest.
    pub nearest: Option<String>,
}

impl<'a> Checked<'a> {
    /// Narrows to one provider and those it builds on. Findings about the file as a whole stay.
    pub fn only(mut self, provider: &str) -> Result<Checked<'a>, UnknownProvider> {
        if !self.keys.iter().any(|key| key == provider) {
            let nearest = nearest(provider, self.keys.iter().map(String::as_str)).map(str::to_owned);
            return Err(UnknownProvider { nearest });
        }
        let mut wanted = BTreeSet::new();
        let mut next = Some(provider.to_owned());
        while let Some(key) = next.filter(|key| !wanted.contains(key)) {
            let entry = self.entries.iter().find(|entry| entry.key.name == key);
            next = entry.and_then(|entry| entry.alias.as_ref()).map(|alias| alias.target.clone());
            wanted.insert(key);
        }
        self.entries.retain(|entry| wanted.contains(&entry.key.name));
        self.specs.retain(|spec| wanted.contains(spec.key));
        self.keys.retain(|key| wanted.contains(key));
        let ours = self.diagnostics.into_iter().filter(|found| found.provider().is_none_or(|key| wanted.contains(key)));
        self.diagnostics = ours.collect();
        Ok(self)
    }
}

fn keys(document: &Document) -> Vec<String> {
    let read = document.entries.iter().map(|entry| (entry.key.span.start, &entry.key.name));
    let lost = document.lost.iter().filter_map(|lost| lost.key.as_ref().map(|key| (lost.span.start, key)));
    let mut keys: Vec<_> = read.chain(lost).collect();
    keys.sort_unstable();
    keys.dedup_by(|a, b| a.1 == b.1);
    keys.into_iter().map(|(_, key)| key.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = "display_name: A, docs: 'https://a.example', categories: [other], auth_mode: NONE";

    fn run<'a>(arena: &'a Arena, text: &str) -> Checked<'a> {
        let mut sources = Sources::default();
        let file = sources.add("t.yaml", text);
        check(arena, &sources, file)
    }

    #[test]
    fn an_error_keeps_an_entry_and_its_heirs_from_being_lowered() {
        let wrong_shape = ENTRY.replace("NONE", "SOME");
        for (text, lowered, findings) in [
            (format!("a: {{{ENTRY}}}\nb: {{alias: a}}"), &["a", "b"][..], 0),
            (format!("a: {{{ENTRY}, docs: x}}\nb: {{alias: a}}\nc: {{alias: b}}\nd: {{{ENTRY}}}"), &["d"], 1),
            (format!("a: {{{wrong_shape}}}\nb: {{alias: a}}\nd: {{{ENTRY}}}"), &["d"], 1),
            (format!("a: {{{wrong_shape}}}\nb: {{alias: a, auth_mode: NONE}}"), &["b"], 1),
            (format!("a: {{{ENTRY}, proxy: {{base_url: 'https://${{nope}}'}}}}\nd: {{{ENTRY}}}"), &["d"], 1),
        ] {
            let arena = Arena::new();
            let checked = run(&arena, &text);
            let keys: Vec<_> = checked.specs.iter().map(|spec| spec.key).collect();
            assert_eq!(keys, lowered, "{text}");
            assert_eq!(checked.diagnostics.len(), findings, "{text}: {:?}", checked.diagnostics);
        }
    }

    #[test]
    fn one_provider_comes_with_what_it_builds_on() {
        let entry = "display_name: A, docs: 'https://a.example', categories: [other], auth_mode: NONE";
        let text =
            format!("c: {{alias: b}}\nb: {{alias: a}}\na: {{{entry}, docs: x}}\nd: {{{entry}, docs: x}}\ne: [\n");
        let arena = Arena::new();
        let all = run(&arena, &text);
        assert_eq!(all.keys, ["c", "b", "a", "d", "e"]);
        assert_eq!(all.diagnostics.len(), 3, "{:?}", all.diagnostics);
        let narrowed = all.only("c").unwrap();
        assert_eq!(narrowed.keys, ["c", "b", "a"]);
        assert_eq!(narrowed.entries.len(), 3);
        let found: Vec<_> = narrowed.diagnostics.iter().map(|found| found.path.join(".")).collect();
        assert_eq!(found, ["a.docs"]);
    }

    #[test]
    fn an_unknown_provider_gets_the_nearest_key() {
        let arena = Arena::new();
        let error = run(&arena, "github: {}\nzendesk: {}").only("gihtub").unwrap_err();
        assert_eq!(error, UnknownProvider { nearest: Some("github".to_owned()) });
    }
}
