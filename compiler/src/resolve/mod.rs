//! Aliases, on nodes: every entry with all its keys, before anything has a type.
//!
//! An entry with `alias: other` is the resolved `other` with the entry's own keys laid over it, one level deep: a key
//! given again replaces the target's whole value. Nodes are moved, never made, so each keeps the span of the text it
//! was written in. (A second file laid over the first will be merged in [`resolve`], ahead of the aliases.)
//! This stage knows the key `alias` and nothing else of the format.

mod alias;
mod ancestry;
mod fold;
mod rules;
#[cfg(test)]
mod tests;

pub use ancestry::{broken, with_ancestors};
pub use fold::fold_inherited;
pub use rules::RULES;

use crate::diagnostic::Diagnostics;
use crate::source::Span;
use crate::syntax::{Document, Key, Mapping};

/// An entry with everything it inherits.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// The provider's key, as the entry writes it.
    pub key: Key,
    /// All keys, own and inherited, without `alias`.
    pub body: Mapping,
    /// The entry's own text, its key included.
    pub span: Span,
    /// What the entry builds on.
    pub alias: Option<Alias>,
}

/// The provider that an entry builds on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// Its key.
    pub target: String,
    /// Where the entry names it.
    pub span: Span,
}

impl Resolved {
    /// Whether the text at `span` was written in another entry.
    pub fn inherits(&self, span: Span) -> bool {
        !self.span.contains(span)
    }
}

/// Resolves all entries of a file, whatever their order. An entry that cannot be resolved is left out and reported.
pub fn resolve(document: Document) -> (Vec<Resolved>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let mut lost = document.lost.into_iter().filter_map(|lost| lost.key).collect();
    let own = alias::own(document.entries, &mut lost, &mut diagnostics);
    let resolved = alias::inherit(own, &lost, &mut diagnostics);
    (resolved, diagnostics)
}
