//! The result of reading one text.

use super::node::Node;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// The result of reading one text.
pub(super) struct Tree {
    /// The root; after a refusal, what was complete before it.
    pub(super) root: Option<Node>,
    /// Everything found, a refusal included.
    pub(super) diagnostics: Diagnostics,
    /// The end of the reading.
    pub(super) end: End,
    /// True if it has anchors, or refers to some.
    pub(super) has_anchors: bool,
}

/// The end of reading a text.
pub(super) enum End {
    /// At its end.
    Complete,
    /// At something that YAML allows and this format does not.
    Refused,
    /// At this syntax error.
    NotYaml(Box<Diagnostic>),
}
