//! YAML text to a tree of nodes, every key and value with its span.
//!
//! [`parse()`] reads events and builds [`Node`]s; [`node`] is the tree; `scalar` decides types by the YAML 1.2 core
//! schema; `events` is the only place that names the YAML crate. This stage knows nothing of the format.

mod builder;
mod events;
pub mod node;
mod parse;
mod recover;
mod rules;
mod scalar;

pub use node::{Entry, Key, Mapping, Node, Text, Value};
pub use parse::parse;
pub use rules::RULES;

use crate::source::Span;

/// The root of a file: entries by key, in file order.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The entries.
    pub entries: Mapping,
    /// Parts that could not be read; why is reported already.
    pub lost: Vec<Lost>,
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
