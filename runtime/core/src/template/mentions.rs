//! Which names a template uses and whether it uses its moment, without evaluating it: what a request will carry decides
//! where it may go, and what can be kept of it.

use keyway_spec::template::Function;
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
    within(template, &|node| matches!(node, Node::Reference(reference) if fits(reference)), 0)
}

/// True if any text of a value does.
pub(crate) fn value_refers(value: &Value, fits: &dyn Fn(&Reference) -> bool) -> bool {
    in_value(value, &|node| matches!(node, Node::Reference(reference) if fits(reference)), 0)
}

/// True if a template uses the instant or the UUID of the request.
pub(crate) fn uses_moment(template: &Template) -> bool {
    within(template, &is_of_moment, 0)
}

/// True if any text of a value does.
pub(crate) fn value_uses_moment(value: &Value) -> bool {
    in_value(value, &is_of_moment, 0)
}

fn is_of_moment(node: &Node) -> bool {
    matches!(node, Node::Now(_) | Node::Random | Node::Call(Function::AwsSigV4, _))
}

fn within(template: &Template, fits: &dyn Fn(&Node) -> bool, depth: u8) -> bool {
    depth > MAX_DEPTH
        || template.nodes().iter().any(|node| {
            fits(node)
                || match node {
                    Node::Text(_) | Node::Now(_) | Node::Random | Node::Reference(_) => false,
                    Node::Call(_, inner) | Node::Choice(inner) => {
                        inner.iter().any(|inner| within(inner, fits, depth + 1))
                    }
                }
        })
}

fn in_value(value: &Value, fits: &dyn Fn(&Node) -> bool, depth: u8) -> bool {
    depth > MAX_DEPTH
        || match value {
            Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => false,
            Value::Text(template) => within(template, fits, 0),
            Value::List(items) => items.iter().any(|item| in_value(item, fits, depth + 1)),
            Value::Map(entries) => entries.iter().any(|entry| in_value(&entry.value, fits, depth + 1)),
        }
}
