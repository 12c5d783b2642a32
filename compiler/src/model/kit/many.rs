//! A value that may be absent, and a list of values.

use super::lowering::Lowering;
use super::value_type::{Below, ValueType};
use crate::diagnostic::Fix;
use crate::syntax::Node;
use std::any::TypeId;

#[cfg(feature = "schema")]
use schemars::{Schema, SchemaGenerator};

impl<T: ValueType> ValueType for Option<T> {
    const REQUIRED: bool = false;
    const TEXT: bool = T::TEXT;

    fn type_name() -> String {
        T::type_name()
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

impl<T: ValueType> ValueType for Vec<T> {
    fn type_name() -> String {
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
