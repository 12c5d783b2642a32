//! Which names a template uses, without evaluating it: what a request will carry decides where it may go.

use keyway_spec::{Node, Reference, Root, Template, Value};

/// The compiler's limit on nesting is far lower.
const MAX_DEPTH: u8 = 64;

/// True if a template uses a name of a root. One that nests too deeply counts as doing so: it is never evaluated.
pub(crate) fn mentions(template: &Template, root: Root) -> bool {
    refers(template, &|reference| reference.root == root)
}

/// True if any text of a value does.
pub(crate) fn value_mentions(value: &Value, root: Root) -> bool {
    value_refers(value, &|reference| reference.root == root)
}

/// True if a template uses a name that fits.
pub(crate) fn refers(template: &Template, fits: &dyn Fn(&Reference) -> bool) -> bool {
    within(template, fits, 0)
}

/// True if any text of a value does.
pub(crate) fn value_refers(value: &Value, fits: &dyn Fn(&Reference) -> bool) -> bool {
    in_value(value, fits, 0)
}

fn within(template: &Template, fits: &dyn Fn(&Reference) -> bool, depth: u8) -> bool {
    depth > MAX_DEPTH
        || template.nodes().iter().any(|node| match node {
            Node::Text(_) | Node::Now(_) | Node::Random => false,
            Node::Reference(reference) => fits(reference),
            Node::Call(_, inner) | Node::Choice(inner) => inner.iter().any(|inner| within(inner, fits, depth + 1)),
        })
}

fn in_value(value: &Value, fits: &dyn Fn(&Reference) -> bool, depth: u8) -> bool {
    depth > MAX_DEPTH
        || match value {
            Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => false,
            Value::Text(template) => within(template, fits, 0),
            Value::List(items) => items.iter().any(|item| in_value(item, fits, depth + 1)),
            Value::Map(entries) => entries.iter().any(|entry| in_value(&entry.value, fits, depth + 1)),
        }
}
