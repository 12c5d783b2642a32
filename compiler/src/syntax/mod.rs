//! YAML text to a tree of nodes, every key and value with its span.
//!
//! [`parse`] reads events and builds [`Node`]s; [`node`] is the tree; [`scalar`] decides types by the YAML 1.2 core
//! schema; `events` is the only place that names the YAML crate. This stage knows nothing of the format.

mod events;
pub mod node;
mod parse;
mod recover;
mod scalar;

pub use node::{Entry, Key, Mapping, Node, Text, Value};
pub use parse::{RULES, parse};

use crate::source::Span;

/// The root of a file: entries by key, in file order.
#[derive(Clone, Debug, Default)]
pub struct Document {
    /// The entries.
    pub entries: Mapping,
    /// Parts that could not be read; findings inside them are reported already.
    pub lost: Vec<Span>,
}
