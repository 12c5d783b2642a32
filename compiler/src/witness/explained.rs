//! `keyway.sources` of an entry: where its facts were read, and which catalogues it contradicts on purpose.

use crate::resolve::Resolved;
use crate::source::Span;
use crate::syntax::{Mapping, Node};
use std::collections::BTreeMap;

/// An entry of `keyway.sources`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactSource {
    /// The dotted path of the fact.
    pub path: String,
    /// Where that path is written.
    pub span: Span,
    /// The vendor's page.
    pub page: Option<String>,
    /// The date on which it was read.
    pub read: Option<String>,
    /// More about it.
    pub note: Option<String>,
    /// The catalogues that are known to say something else, with where each is named.
    pub differs_from: Vec<(String, Span)>,
}

/// The sources that an entry names, in file order.
pub fn sources(entry: &Resolved) -> Vec<FactSource> {
    let keyway = entry.body.get("keyway").and_then(|keyway| keyway.value.as_mapping());
    let sources = keyway.and_then(|keyway| keyway.get("sources")?.value.as_mapping());
    sources
        .into_iter()
        .flatten()
        .filter_map(|item| {
            let body = item.value.as_mapping()?;
            Some(FactSource {
                path: item.key.name.clone(),
                span: item.key.span,
                page: text(body, "page"),
                read: text(body, "read"),
                note: text(body, "note"),
                differs_from: names(body),
            })
        })
        .collect()
}

/// The sources of all entries, by key.
pub(super) struct Explanations<'e>(BTreeMap<&'e str, (&'e Resolved, Vec<FactSource>)>);

impl<'e> Explanations<'e> {
    pub(super) fn new(entries: &'e [Resolved]) -> Explanations<'e> {
        let named = entries.iter().map(|entry| (entry.key.name.as_str(), (entry, sources(entry))));
        Explanations(named.collect())
    }

    /// The source of the value at a path: the entry's own, or that of the entry that wrote the value at `span`.
    pub(super) fn of(&self, key: &str, path: &str, span: Span) -> Option<&FactSource> {
        let mut next = self.0.get(key);
        while let Some((entry, sources)) = next {
            // What an entry writes itself is not explained by what it inherits.
            let about =
                |source: &&FactSource| source.path == path && entry.inherits(span) >= entry.inherits(source.span);
            if let Some(source) = sources.iter().find(about) {
                return Some(source);
            }
            let target = entry.alias.as_ref().filter(|_| entry.inherits(span));
            next = target.and_then(|alias| self.0.get(alias.target.as_str()));
        }
        None
    }

    /// The sources that an entry writes itself.
    pub(super) fn own(&self, key: &str) -> impl Iterator<Item = &FactSource> {
        let of_entry = self.0.get(key).into_iter();
        of_entry.flat_map(|(entry, sources)| sources.iter().filter(|source| !entry.inherits(source.span)))
    }
}

fn text(map: &Mapping, key: &str) -> Option<String> {
    map.get(key)?.value.as_str().map(str::to_owned)
}

fn names(map: &Mapping) -> Vec<(String, Span)> {
    let items = map.get("differs_from").and_then(|list| list.value.as_sequence()).unwrap_or_default();
    let named = |node: &Node| Some((node.as_str()?.to_owned(), node.span));
    items.iter().filter_map(named).collect()
}
