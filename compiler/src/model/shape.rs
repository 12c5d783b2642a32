//! The generic half of lowering: what a type of the model must say about itself.
//!
//! A [`Shape`] is a value the format knows ("a string", "a list of header names"); [`Keys`] is a map whose keys the
//! format fixes. Both are implemented once per kind in `text`, `word`, `tree` and by the macro `keys!`; the lowering,
//! the key table and the JSON Schema all read these two traits.

use super::lowering::Lowering;
use crate::diagnostic::{Fix, Rule};
use crate::syntax::{Mapping, Node};
use std::any::TypeId;

#[cfg(feature = "schema")]
use schemars::{Schema, SchemaGenerator};

/// A value of the format.
pub(crate) trait Shape: Sized + 'static {
    /// Whether a map must have a key of this type.
    const REQUIRED: bool = true;
    /// The rule that a map breaks without a key of this type, where it has one of its own.
    const MISSING: Option<&'static Rule> = None;
    /// Whether any text is valid, so that quotes around a number fix it.
    const TEXT: bool = false;

    /// What the format calls one such value: `a string`.
    fn words() -> String;

    /// What the format calls several: `strings`.
    fn plural() -> String;

    /// The fix for a node of another type, if exactly one is certain.
    fn mend(_node: &Node) -> Option<Fix> {
        None
    }

    /// Reads a node. `None` after an error that leaves nothing to build on.
    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self>;

    /// The value of an absent key, if it may be absent.
    fn absent() -> Option<Self> {
        None
    }

    /// The type behind an `Option`: two keys with the same identity take the same values.
    fn identity() -> TypeId {
        TypeId::of::<Self>()
    }

    /// The words it may be, each with its meaning, where the format lists them.
    fn values() -> Vec<(&'static str, &'static str)> {
        Vec::new()
    }

    /// Shows each key that the format fixes below a value of this type.
    fn below(_visit: &mut dyn FnMut(Below)) {}

    /// The JSON Schema of such a value.
    #[cfg(feature = "schema")]
    fn schema(generator: &mut SchemaGenerator) -> Schema;
}

/// A step from a value to the keys below it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Below {
    /// A key that the format fixes.
    Key(&'static KeyInfo),
    /// Any name, then the keys of this function: a map with free names.
    Any(fn(&mut dyn FnMut(Below))),
    /// An item of a list, then the keys of this function.
    Item(fn(&mut dyn FnMut(Below))),
}

/// A map whose keys the format fixes.
pub(crate) trait Keys: Sized {
    /// Shows each key, in the order of the listing.
    fn visit(visit: &mut dyn FnMut(&'static KeyInfo));

    /// Reads the keys it knows; unknown ones are the caller's business.
    fn from_mapping(mapping: &Mapping, lowering: &mut Lowering<'_>) -> Option<Self>;
}

/// What the listing says about one key.
#[derive(Debug)]
pub(crate) struct KeyInfo {
    /// The key.
    pub(crate) name: &'static str,
    /// Its documentation.
    pub(crate) doc: &'static str,
    /// What its value is called.
    pub(crate) words: fn() -> String,
    /// Whether its map must have it.
    pub(crate) required: bool,
    /// Whether nothing reads it.
    pub(crate) dead: bool,
    /// Lowers a value, keeps the findings, drops the result.
    pub(crate) check: fn(&Node, &mut Lowering<'_>),
    /// The type of its value.
    pub(crate) identity: fn() -> TypeId,
    /// The words its value may be, each with its meaning.
    pub(crate) values: fn() -> Vec<(&'static str, &'static str)>,
    /// The keys below it.
    pub(crate) below: fn(&mut dyn FnMut(Below)),
    /// The JSON Schema of its value.
    #[cfg(feature = "schema")]
    pub(crate) schema: fn(&mut SchemaGenerator) -> Schema,
}

impl<T: Shape> Shape for Option<T> {
    const REQUIRED: bool = false;
    const TEXT: bool = T::TEXT;

    fn words() -> String {
        T::words()
    }

    fn plural() -> String {
        T::plural()
    }

    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
        // What could not be read was reported; the rest of the map stands without it.
        Some(T::lower(node, lowering))
    }

    fn absent() -> Option<Self> {
        Some(None)
    }

    fn identity() -> TypeId {
        T::identity()
    }

    fn values() -> Vec<(&'static str, &'static str)> {
        T::values()
    }

    fn below(visit: &mut dyn FnMut(Below)) {
        T::below(visit);
    }

    #[cfg(feature = "schema")]
    fn schema(generator: &mut SchemaGenerator) -> Schema {
        T::schema(generator)
    }
}

impl<T: Shape> Shape for Vec<T> {
    fn words() -> String {
        format!("a list of {}", T::plural())
    }

    fn plural() -> String {
        format!("lists of {}", T::plural())
    }

    fn mend(node: &Node) -> Option<Fix> {
        in_a_list(node, T::TEXT, T::values)
    }

    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
        let Some(nodes) = node.as_sequence() else {
            lowering.wrong_type::<Self>(node);
            return None;
        };
        let mut items = Vec::with_capacity(nodes.len());
        for (index, item) in nodes.iter().enumerate() {
            items.extend(lowering.item(index, item, T::lower));
        }
        (items.len() == nodes.len()).then_some(items)
    }

    fn values() -> Vec<(&'static str, &'static str)> {
        T::values()
    }

    fn below(visit: &mut dyn FnMut(Below)) {
        visit(Below::Item(T::below));
    }

    #[cfg(feature = "schema")]
    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let items = T::schema(generator);
        schemars::json_schema!({ "type": "array", "items": items })
    }
}

/// Brackets around what could be an item.
fn in_a_list(node: &Node, any_text: bool, values: fn() -> Vec<(&'static str, &'static str)>) -> Option<Fix> {
    let is_item = |text: &&str| any_text || values().iter().any(|(word, _)| word == text);
    let text = node.as_str().filter(is_item)?;
    let word = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-./".contains(&byte));
    word.then(|| Fix::around(node.span, "[", "]", "put it in a list"))
}
