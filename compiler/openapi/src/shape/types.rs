//! Types as data.

use super::dates::DateFormat;
use crate::report::Finding;

/// Which way values of a type go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// They are sent: optional members are left out where they are `None`.
    Request,
    /// They are read: whatever may be missing is an `Option`, whatever the document says about it.
    Answer,
}

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// `bool`
    Bool,
    /// `i64`
    Integer,
    /// `f64`
    Number,
    /// `String`
    Text,
    /// `serde_json::Value`
    Any,
    /// `serde_json::Map<String, serde_json::Value>`
    Object,
    /// `Vec<_>`
    List(Box<Type>),
    /// `BTreeMap<String, _>`
    Map(Box<Type>),
    /// `Option<_>`
    Optional(Box<Type>),
    /// `keyway::Part`, in a form that is sent in parts
    Part,
    /// An item, by its number.
    Named(usize),
}

impl Type {
    /// The type without its `Option`.
    pub fn bare(&self) -> &Type {
        match self {
            Type::Optional(inner) => inner,
            other => other,
        }
    }

    /// The item that a value of this type holds.
    pub fn item(&self) -> Option<usize> {
        match self {
            Type::Named(item) => Some(*item),
            Type::List(inner) | Type::Map(inner) | Type::Optional(inner) => inner.item(),
            _ => None,
        }
    }

    /// The item that a value of this type holds without anything on the heap between.
    pub fn held(&self) -> Option<usize> {
        match self {
            Type::Named(item) => Some(*item),
            Type::Optional(inner) => inner.held(),
            _ => None,
        }
    }
}

/// A struct or an enum.
#[derive(Clone, Debug)]
pub struct Item {
    /// Its name.
    pub name: String,
    /// Which way its values go; `None` where it makes no difference.
    pub direction: Option<Direction>,
    /// Its members.
    pub kind: ItemKind,
    /// The file and the pointer of its schema.
    pub sites: Option<(String, String)>,
    /// The document's words about it, on one line.
    pub about: Option<String>,
    /// Findings about it.
    pub findings: Vec<Finding>,
}

/// The members of an item.
#[derive(Clone, Debug)]
pub enum ItemKind {
    /// A struct.
    Struct(Vec<StructField>),
    /// An enum of texts: each variant with its value, and the variant for all others.
    Choice(Vec<(String, String)>, String),
    /// An enum told by a member of the value: variants with the values of that member.
    Tagged {
        /// The member.
        tag: String,
        /// The variants.
        variants: Vec<(String, Vec<String>, Type)>,
        /// The variant for all others.
        other: String,
    },
    /// An enum told by the kind of JSON value.
    Untagged(Vec<(String, Type)>),
}

/// A field of a struct.
#[derive(Clone, Debug)]
pub struct StructField {
    /// Its name on the wire.
    pub wire: String,
    /// Its name in Rust.
    pub name: String,
    /// Its type, without the `Option` of a field that may be missing.
    pub is: Type,
    /// True if it is there in every value.
    pub is_plain: bool,
    /// True if it is in a box, which ends a recursion.
    pub is_boxed: bool,
    /// True if the vendor requires it.
    pub is_required: bool,
    /// The format of a text that is a date.
    pub date: Option<DateFormat>,
    /// The document's words about it, on one line.
    pub about: Option<String>,
}
