//! The generic half of lowering: what a type of the model must say about itself.
//!
//! A [`ValueType`] is a value the format knows ("a string", "a list of header names"); [`Keys`] is a map whose keys the
//! format fixes. Both are implemented once per kind in `text`, `word`, `tree` and by the macro `keys!`; the lowering,
//! the key table and the JSON Schema all read these two traits.

use super::lowering::Lowering;
use crate::diagnostic::{Fix, Rule};
use crate::syntax::{Mapping, Node};
use std::any::TypeId;

#[cfg(feature = "schema")]
use schemars::{Schema, SchemaGenerator};

/// A value of the format.
pub(crate) trait ValueType: Sized + 'static {
    /// True if a map must have a key of this type.
    const REQUIRED: bool = true;
    /// The rule that a map breaks without a key of this type, where it has one of its own.
    const MISSING: Option<&'static Rule> = None;
    /// True if any text is valid, so that quotes around a number fix it.
    const TEXT: bool = false;

    /// The format's name of one such value: `a string`.
    fn type_name() -> String;

    /// The format's name of several: `strings`.
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

/// The listing of one key.
#[derive(Debug)]
pub(crate) struct KeyInfo {
    /// The key.
    pub(crate) name: &'static str,
    /// Its documentation.
    pub(crate) doc: &'static str,
    /// The name of its value's type.
    pub(crate) type_name: fn() -> String,
    /// True if its map must have it.
    pub(crate) required: bool,
    /// True if nothing reads it.
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
