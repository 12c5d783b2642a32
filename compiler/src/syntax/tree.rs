//! What reading one text gave.

use super::node::Node;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// What one text gave.
pub(super) struct Tree {
    /// The root; after a refusal, what was complete before it.
    pub(super) root: Option<Node>,
    /// Everything found, a refusal included.
    pub(super) diagnostics: Diagnostics,
    /// How it ended.
    pub(super) end: End,
    /// True if it has anchors, or refers to some.
    pub(super) has_anchors: bool,
}

/// How the reading of a text ended.
pub(super) enum End {
    /// At its end.
    Complete,
    /// At something that YAML allows and this format does not.
    Refused,
    /// At this syntax error.
    NotYaml(Box<Diagnostic>),
}
