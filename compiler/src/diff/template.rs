//! Whether a template still gives what it gave, for every user of the old one.
//!
//! Users of the old one have given no value for a field that was added later: there the field has its default, or
//! nothing. An alternative (`a || b`) that needs such a value falls away, and one after the old alternatives is used
//! only where those had no value.

use keyway_spec::{Field, Node, ProviderSpec, Reference, Root, Template, Value};
use std::collections::BTreeMap;

/// Fields that were added later, each with the value that it has where none was given.
#[derive(Debug, Default)]
pub(super) struct Newcomers(BTreeMap<(u8, &'static str), NotGiven>);

/// The value of a field where none was given.
#[derive(Clone, Copy, Debug, PartialEq)]
enum NotGiven {
    Default(&'static str),
    Nothing,
}

/// A piece of an alternative.
#[derive(Debug, PartialEq)]
enum Piece {
    Text(String),
    Other(Node),
}

impl Newcomers {
    /// The fields of `new` that `old` has not. One that must be given breaks by itself, and the provider fills in its
    /// own.
    pub(super) fn of(old: &ProviderSpec, new: &ProviderSpec) -> Newcomers {
        let maps = [
            (Root::ConnectionConfig, old.connection_config, new.connection_config),
            (Root::Credentials, old.credentials, new.credentials),
            (Root::AssertionOption, old.assertion_option, new.assertion_option),
        ];
        let mut found = BTreeMap::new();
        for (root, old, new) in maps {
            let is_new = |field: &&Field| old.iter().all(|other| other.name != field.name);
            let may_be_absent = |field: &&Field| !field.automated || field.default_value.is_some();
            for field in new.iter().filter(is_new).filter(may_be_absent) {
                let value = field.default_value.map_or(NotGiven::Nothing, NotGiven::Default);
                found.extend(number(root).map(|root| ((root, field.name), value)));
            }
        }
        Newcomers(found)
    }

    /// The value of a reference to a newcomer.
    fn value(&self, reference: &Reference) -> Option<NotGiven> {
        self.0.get(&(number(reference.root)?, reference.path)).copied()
    }
}

/// The maps of fields, by number: a root has no order.
fn number(root: Root) -> Option<u8> {
    match root {
        Root::ConnectionConfig => Some(0),
        Root::Credentials => Some(1),
        Root::AssertionOption => Some(2),
        _ => None,
    }
}

/// True if a template gives what the old one gave.
pub(super) fn kept(old: &Template, new: &Template, newcomers: &Newcomers) -> bool {
    let pieces = |template: &Template| -> Vec<Vec<Piece>> {
        alternatives(template).into_iter().filter_map(|nodes| as_before(&nodes, newcomers)).collect()
    };
    pieces(new).starts_with(&pieces(old))
}

/// The same of two base URLs: a slash at the end is none.
pub(super) fn kept_base(old: &Template, new: &Template, newcomers: &Newcomers) -> bool {
    let pieces = |template: &Template| -> Vec<Vec<Piece>> {
        let mut all: Vec<Vec<Piece>> =
            alternatives(template).into_iter().filter_map(|nodes| as_before(&nodes, newcomers)).collect();
        for pieces in &mut all {
            if let Some(Piece::Text(text)) = pieces.last_mut() {
                text.truncate(text.trim_end_matches('/').len());
            }
        }
        all
    };
    pieces(new).starts_with(&pieces(old))
}

/// True if a value gives what the old one gave; `as_text` where it is sent as text, so that `1` and `"1"` are one.
pub(super) fn kept_value(old: &Value, new: &Value, as_text: bool, newcomers: &Newcomers) -> bool {
    match (old, new) {
        (Value::Null, Value::Null) => true,
        (Value::Text(old), Value::Text(new)) => kept(old, new, newcomers),
        (Value::Map(old), Value::Map(new)) => old.iter().all(|entry| {
            let other = new.iter().find(|other| other.name == entry.name);
            other.is_some_and(|other| kept_value(&entry.value, &other.value, as_text, newcomers))
        }),
        (Value::List(old), Value::List(new)) => {
            old.len() == new.len() && old.iter().zip(*new).all(|(old, new)| kept_value(old, new, as_text, newcomers))
        }
        (old, new) if as_text => literal(old).is_some_and(|old| literal(new) == Some(old)),
        (old, new) => old == new,
    }
}

/// The text of a scalar without anything to evaluate.
fn literal(value: &Value) -> Option<String> {
    match value {
        Value::Bool(value) => Some(value.to_string()),
        Value::Integer(value) => Some(value.to_string()),
        Value::Float(value) => Some(value.to_string()),
        Value::Text(text) => text.as_literal().map(str::to_owned),
        Value::Null | Value::List(_) | Value::Map(_) => None,
    }
}

/// True if a template mentions a credential.
pub(super) fn holds_credential(template: &Template) -> bool {
    let is_secret = |reference: &Reference| matches!(reference.root, Root::Credentials | Root::AccessToken);
    template.nodes().iter().any(|node| node.has_reference(&is_secret))
}

/// True if a value does.
pub(super) fn value_holds_credential(value: &Value) -> bool {
    match value {
        Value::Text(template) => holds_credential(template),
        Value::List(items) => items.iter().any(value_holds_credential),
        Value::Map(entries) => entries.iter().any(|entry| value_holds_credential(&entry.value)),
        Value::Null | Value::Bool(_) | Value::Integer(_) | Value::Float(_) => false,
    }
}

fn alternatives(template: &Template) -> Vec<Vec<Node>> {
    match template {
        Template::Text(text) => vec![vec![Node::Text(text)]],
        Template::Nodes([Node::Choice(choices)]) => choices.iter().flat_map(alternatives).collect(),
        Template::Nodes(nodes) => vec![nodes.to_vec()],
    }
}

/// An alternative without newcomers; `None` where one of them has no value.
fn as_before(nodes: &[Node], newcomers: &Newcomers) -> Option<Vec<Piece>> {
    let mut pieces: Vec<Piece> = Vec::new();
    for node in nodes {
        let text = match node {
            Node::Text(text) => text,
            Node::Reference(reference) => match newcomers.value(reference) {
                Some(NotGiven::Default(value)) => value,
                Some(NotGiven::Nothing) => return None,
                None => {
                    pieces.push(Piece::Other(*node));
                    continue;
                }
            },
            other => {
                let absent = |reference: &Reference| newcomers.value(reference) == Some(NotGiven::Nothing);
                if other.has_reference(&absent) {
                    return None;
                }
                pieces.push(Piece::Other(*other));
                continue;
            }
        };
        match pieces.last_mut() {
            Some(Piece::Text(before)) => before.push_str(text),
            _ => pieces.push(Piece::Text(text.to_owned())),
        }
    }
    Some(pieces)
}
