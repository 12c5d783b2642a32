//! YAML text to a tree of nodes, every key and value with its span.
//!
//! [`parse()`] reads events and builds [`Node`]s; [`node`] is the tree; `scalar` decides types by the YAML 1.2 core
//! schema; `events` is the only place that names the YAML crate. This stage knows nothing of the format.

mod builder;
pub(crate) mod characters;
mod chunks;
mod dialect;
mod events;
mod explain;
mod halves;
mod mistyped;
pub mod node;
mod outline;
mod pages;
mod parse;
mod read;
mod recover;
mod rules;
mod scalar;
mod tree;

pub use node::{Entry, Key, Mapping, Node, Text, Value};
pub use outline::{Outline, Reread};
pub use pages::PAGES;
pub use parse::{parse, parse_foreign};
pub use rules::RULES;

use crate::source::Span;

/// The root of a file: entries by key, in file order.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The entries.
    pub entries: Mapping,
    /// Parts that could not be read; why is reported already.
    pub lost: Vec<Lost>,
    /// True if a part of it may mean what stands in another.
    pub has_anchors: bool,
    /// The root where it is not a map, which is reported already.
    pub other: Option<Node>,
}

impl Document {
    /// The keys of all entries, in file order, those of lost parts included.
    pub fn keys(&self) -> Vec<String> {
        keys(self.entries.iter().map(|entry| &entry.key), &self.lost)
    }
}

/// The keys of entries and lost parts, in file order.
pub fn keys<'k>(read: impl Iterator<Item = &'k Key>, lost: &'k [Lost]) -> Vec<String> {
    let read = read.map(|key| (key.span.start, &key.name));
    let lost = lost.iter().filter_map(|lost| lost.key.as_ref().map(|key| (lost.span.start, key)));
    let mut keys: Vec<_> = read.chain(lost).collect();
    keys.sort_unstable();
    keys.dedup_by(|a, b| a.1 == b.1);
    keys.into_iter().map(|(_, key)| key.clone()).collect()
}

/// A part of a file that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Where it stands.
    pub span: Span,
    /// The entry's key, where the text shows one: others may refer to it, and it is not missing.
    pub key: Option<String>,
}

#[cfg(test)]
mod tests;
