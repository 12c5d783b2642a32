//! Which names a template uses, without evaluating it: what a request will carry decides where it may go.
//!
//! Absent here: values.

use keyway_spec::{Node, Root, Template, Value};

/// The compiler's limit on nesting is far lower.
const MAX_DEPTH: u8 = 64;

/// Whether a template uses a name of a root. One that nests too deeply counts as doing so: it is never evaluated.
pub(crate) fn mentions(template: &Template<'_>, root: Root) -> bool {
    within(template, root, 0)
}

/// Whether any text of a value does.
pub(crate) fn value_mentions(value: &Value<'_>, root: Root) -> bool {
    in_value(value, root, 0)
}

fn within(template: &Template<'_>, root: Root, depth: u8) -> bool {
    depth > MAX_DEPTH
        || template.0.iter().any(|node| match node {
            Node::Text(_) | Node::Now(_) | Node::Random => false,
            Node::Reference(reference) => reference.root == root,
            Node::Call(_, inner) | Node::Choice(inner) => inner.iter().any(|inner| within(inner, root, depth + 1)),
        })
}

fn in_value(value: &Value<'_>, root: Root, depth: u8) -> bool {
    depth > MAX_DEPTH
        || match value {
            Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => false,
            Value::Text(template) => within(template, root, 0),
            Value::List(items) => items.iter().any(|item| in_value(item, root, depth + 1)),
            Value::Map(entries) => entries.iter().any(|entry| in_value(&entry.value, root, depth + 1)),
        }
}
