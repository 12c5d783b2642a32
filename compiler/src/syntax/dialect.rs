//! The YAML that a text may use: a catalogue little, a vendor's document more.

/// The YAML that a text may use.
#[derive(Debug)]
pub(super) struct Dialect {
    /// True if tags are passed over. A scalar has the type of its text whatever its tag.
    pub(super) has_tags: bool,
    /// True if `<<` is a key like others.
    pub(super) has_merge_keys: bool,
    /// The deepest nesting of collections.
    pub(super) max_depth: usize,
    /// The most nodes that all uses of anchors together may add.
    pub(super) max_expanded: usize,
}

/// A catalogue. The format needs a depth of 6.
pub(super) static CATALOGUE: Dialect =
    Dialect { has_tags: false, has_merge_keys: false, max_depth: 64, max_expanded: 100_000 };

/// Documents that others wrote. The depth is that of serde_json's readers.
pub(super) static FOREIGN: Dialect =
    Dialect { has_tags: true, has_merge_keys: true, max_depth: 128, max_expanded: 400_000 };
