//! Overlays and aliases, on nodes: every entry with all its keys, before anything has a type.
//!
//! First come the overlays: maps of further files merged into the entries, however deep ([`resolve_over`]). Then the
//! aliases: an entry with `alias: other` is the resolved `other` with the entry's own keys laid over it, one level
//! deep: a key given again replaces the target's whole value. So a `keyway` map is inherited whole or replaced whole,
//! like every other key. Nodes are moved, never made, so each keeps the span of the text it was written in. This stage
//! knows the key `alias` and nothing else of the format.

mod alias;
mod ancestry;
mod fold;
mod overlay;
mod pages;
mod provenance;
mod rules;
#[cfg(test)]
mod tests;

pub use ancestry::{broken, with_ancestors};
pub use fold::fold_inherited;
pub use pages::PAGES;
pub use provenance::{Origin, origin};
pub use rules::RULES;

use crate::diagnostic::Diagnostics;
use crate::source::Span;
use crate::syntax::{Document, Key, Mapping};

/// The reference of `alias`: the one key of the reference that no later stage sees.
pub const ALIAS_DOC: &str = "The entry whose keys this one inherits. A key given again replaces the whole value.";

/// An entry with everything it inherits.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// The provider's key, as the entry writes it.
    pub key: Key,
    /// All keys, own and inherited, without `alias`.
    pub body: Mapping,
    /// The entry's own text, its key included.
    pub span: Span,
    /// The texts that overlays laid over it, their keys included.
    pub laid_over: Vec<Span>,
    /// The base of the entry.
    pub alias: Option<Alias>,
}

/// The provider that an entry builds on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// Its key.
    pub target: String,
    /// Where the entry names it.
    pub span: Span,
    /// The key that it stands under where that is not `alias`, but was meant to be: `alais`, `extends`.
    pub misspelt: Option<Key>,
}

impl Resolved {
    /// True if the text at `span` was written in another entry. An overlay writes in the entry it is laid over.
    pub fn inherits(&self, span: Span) -> bool {
        !self.span.contains(span) && !self.laid_over.iter().any(|over| over.contains(span))
    }
}

/// Resolves all entries of a file, whatever their order. An entry that cannot be resolved is left out and reported.
pub fn resolve(document: Document) -> (Vec<Resolved>, Diagnostics) {
    resolve_over(document, Vec::new())
}

/// The same after overlays are laid over the file, the later ones over the earlier ones.
pub fn resolve_over(mut document: Document, overlays: Vec<Document>) -> (Vec<Resolved>, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let mut laid = overlay::lay(&mut document, overlays, &mut diagnostics);
    let mut lost = document.lost.into_iter().filter_map(|lost| lost.key).collect();
    let mut own = alias::own(document.entries, &mut lost, &mut diagnostics);
    for entry in &mut own {
        entry.laid_over = laid.remove(&entry.key.name).unwrap_or_default();
    }
    let resolved = alias::inherit(own, &lost, &mut diagnostics);
    (resolved, diagnostics)
}
