//! Values whose shape the file chooses: parameters, bodies, claims. Types survive.
//!
//! Depth is bounded by `syntax`. Every value is valid, so nothing is reported.

use super::lowering::Lowering;
use super::text::{Map, Spanned, Str};
use super::value_type::ValueType;
use crate::source::Span;
use crate::syntax::{Node, Value};

#[cfg(feature = "schema")]
use schemars::{Schema, SchemaGenerator, json_schema};

/// A free map of values of any type.
pub type Params = Map<Tree>;

/// A value of any type.
#[derive(Clone, Debug, PartialEq)]
pub enum Tree {
    /// `null`.
    Null(Span),
    /// A boolean.
    Bool(Spanned<bool>),
    /// An integer.
    Integer(Spanned<i64>),
    /// Any other number.
    Float(Spanned<f64>),
    /// A text.
    Text(Str),
    /// A list.
    List(Spanned<Vec<Tree>>),
    /// A map.
    Map(Params),
}

impl Tree {
    /// Where it stands.
    pub fn span(&self) -> Span {
        match self {
            Tree::Null(span) => *span,
            Tree::Bool(value) => value.span,
            Tree::Integer(value) => value.span,
            Tree::Float(value) => value.span,
            Tree::Text(text) => text.span,
            Tree::List(list) => list.span,
            Tree::Map(map) => map.span,
        }
    }
}

impl ValueType for Tree {
    fn type_name() -> String {
        "any value".to_owned()
    }

    fn plural() -> String {
        "values of any type".to_owned()
    }

    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
        let span = node.span;
        Some(match &node.value {
            Value::Null => Tree::Null(span),
            Value::Bool(value) => Tree::Bool(Spanned { value: *value, span }),
            Value::Integer(value) => Tree::Integer(Spanned { value: *value, span }),
            Value::Float(value) => Tree::Float(Spanned { value: *value, span }),
            Value::Text(_) => Tree::Text(Str::lower(node, lowering)?),
            Value::Sequence(_) => Tree::List(Spanned { value: Vec::lower(node, lowering)?, span }),
            Value::Mapping(_) => Tree::Map(Map::lower(node, lowering)?),
        })
    }

    #[cfg(feature = "schema")]
    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!(true)
    }
}
