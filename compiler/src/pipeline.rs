//! The stages in order. START HERE.
//!
//! Each stage takes what the one before it gave and adds findings. This module decides nothing else: it reads no
//! file, prints nothing and knows no key of the format.

use crate::diagnostic::{Diagnostics, nearest};
use crate::model::{self, Provider};
use crate::resolve::{Resolved, fold_inherited, resolve};
use crate::source::{FileId, Sources};
use crate::spec;
use crate::syntax::{Document, parse};
use bumpalo::Bump;
use keyway_spec::ProviderSpec;
use std::collections::BTreeSet;

/// What is known of a file.
#[derive(Debug)]
pub struct Checked {
    /// The entries that could be resolved, in file order.
    pub entries: Vec<Resolved>,
    /// What of them has the shape of a provider. One may have errors all the same.
    pub providers: Vec<Provider>,
    /// The keys of all entries, those that could not be read or resolved included, in file order.
    pub keys: Vec<String>,
    /// All findings, by place.
    pub diagnostics: Diagnostics,
}

/// Checks one file. A `file` that is not of `sources` has no entries.
pub fn check(sources: &Sources, file: FileId) -> Checked {
    compile(&Bump::new(), sources, file, &[]).0
}

/// Checks one file and lowers what has no error. With `only`, these entries and those they build on are checked and
/// lowered; the others are parsed and resolved, and findings about them are dropped.
pub fn compile<'a>(
    arena: &'a Bump,
    sources: &Sources,
    file: FileId,
    only: &[String],
) -> (Checked, Vec<ProviderSpec<'a>>) {
    let text = sources.get(file).map_or("", |file| file.text.as_str());
    let (document, mut diagnostics) = parse(file, text);
    let keys = keys(&document);
    let (entries, found) = resolve(document);
    diagnostics.extend(found);
    let wanted = with_ancestors(only, &entries);
    let is_wanted = |key: &str| only.is_empty() || wanted.contains(key);
    let (mut providers, mut specs) = (Vec::new(), Vec::new());
    for entry in entries.iter().filter(|entry| is_wanted(&entry.key.name)) {
        let (provider, found) = model::lower(entry);
        let is_sound = !found.has_errors();
        diagnostics.extend(found);
        if let Some(provider) = provider {
            let (spec, found) = spec::lower(arena, &provider);
            diagnostics.extend(found);
            specs.extend(spec.filter(|_| is_sound));
            providers.push(provider);
        }
    }
    diagnostics.extend(spec::name_clashes(&providers));
    #[cfg(feature = "schema")]
    diagnostics.extend(crate::schema::cross_check(&entries));

    let diagnostics = fold_inherited(diagnostics, &entries);
    let mut diagnostics: Diagnostics =
        diagnostics.into_iter().filter(|found| found.provider().is_none_or(is_wanted)).collect();
    diagnostics.finish();
    (Checked { entries, providers, keys, diagnostics }, specs)
}

/// That a file has no provider of some key.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownProvider {
    /// The key that comes nearest.
    pub nearest: Option<String>,
}

impl Checked {
    /// Narrows to one provider and those it builds on. Findings about the file as a whole stay.
    pub fn only(mut self, provider: &str) -> Result<Checked, UnknownProvider> {
        if !self.keys.iter().any(|key| key == provider) {
            let nearest = nearest(provider, self.keys.iter().map(String::as_str)).map(str::to_owned);
            return Err(UnknownProvider { nearest });
        }
        let wanted = with_ancestors(&[provider.to_owned()], &self.entries);
        self.entries.retain(|entry| wanted.contains(&entry.key.name));
        self.providers.retain(|provider| wanted.contains(&provider.key.name));
        self.keys.retain(|key| wanted.contains(key));
        let ours = self.diagnostics.into_iter().filter(|found| found.provider().is_none_or(|key| wanted.contains(key)));
        self.diagnostics = ours.collect();
        Ok(self)
    }
}

/// Entries and all they build on. A key that names no entry stays in the set.
fn with_ancestors(only: &[String], entries: &[Resolved]) -> BTreeSet<String> {
    let mut wanted = BTreeSet::new();
    for key in only {
        let mut next = Some(key);
        while let Some(key) = next.filter(|key| !wanted.contains(*key)) {
            wanted.insert(key.clone());
            let entry = entries.iter().find(|entry| entry.key.name == *key);
            next = entry.and_then(|entry| entry.alias.as_ref()).map(|alias| &alias.target);
        }
    }
    wanted
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

    fn run(text: &str) -> Checked {
        let mut sources = Sources::default();
        let file = sources.add("t.yaml", text);
        check(&sources, file)
    }

    #[test]
    fn one_provider_comes_with_what_it_builds_on() {
        let entry = "display_name: A, docs: 'https://a.example', categories: [other], auth_mode: NONE";
        let text =
            format!("c: {{alias: b}}\nb: {{alias: a}}\na: {{{entry}, docs: x}}\nd: {{{entry}, docs: x}}\ne: [\n");
        let all = run(&text);
        assert_eq!(all.keys, ["c", "b", "a", "d", "e"]);
        assert_eq!(all.diagnostics.len(), 3, "{:?}", all.diagnostics);
        let narrowed = all.only("c").unwrap();
        assert_eq!(narrowed.keys, ["c", "b", "a"]);
        assert_eq!(narrowed.entries.len(), 3);
        let found: Vec<_> = narrowed.diagnostics.iter().map(|found| found.path.join(".")).collect();
        assert_eq!(found, ["a.docs"]);
        assert_eq!(narrowed.providers.len(), 3);
    }

    #[test]
    fn an_unknown_provider_gets_the_nearest_key() {
        let error = run("github: {}\nzendesk: {}").only("gihtub").unwrap_err();
        assert_eq!(error, UnknownProvider { nearest: Some("github".to_owned()) });
    }
}
