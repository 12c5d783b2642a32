//! The scopes of `keyway.scopes`: names alone, or each with a word on what it allows.

use crate::model::kit::lowering::Lowering;
use crate::model::kit::text::{Map, Str};
use crate::model::kit::value_type::{Below, ValueType};
use crate::source::Span;
use crate::syntax::{Node, Value};

#[cfg(feature = "schema")]
use schemars::{Schema, SchemaGenerator, json_schema};

/// Scopes as they are written, in file order.
#[derive(Clone, Debug, PartialEq)]
pub enum ListedScopes {
    /// Their names.
    Names(Vec<Str>),
    /// Their names, each with what it allows.
    Explained(Map<Str>),
}

/// One of them.
#[derive(Clone, Copy, Debug)]
pub struct ListedScope<'s> {
    /// Its name.
    pub name: &'s str,
    /// The rights that it gives.
    pub allows: Option<&'s Str>,
    /// Where the name stands.
    pub span: Span,
    /// The step from the list to it: its index or its name.
    step: ScopeStep<'s>,
}

#[derive(Clone, Copy, Debug)]
enum ScopeStep<'s> {
    Index(usize),
    Name(&'s str),
}

impl ListedScope<'_> {
    /// The last part of its path.
    pub fn step(&self) -> String {
        match self.step {
            ScopeStep::Index(index) => index.to_string(),
            ScopeStep::Name(name) => name.to_owned(),
        }
    }
}

impl ListedScopes {
    /// Each scope, in file order.
    pub fn iter(&self) -> impl Iterator<Item = ListedScope<'_>> {
        let (names, explained) = match self {
            ListedScopes::Names(names) => (names.as_slice(), [].as_slice()),
            ListedScopes::Explained(map) => ([].as_slice(), map.entries.as_slice()),
        };
        let names = names.iter().enumerate().map(|(index, name)| ListedScope {
            name: name.as_str(),
            allows: None,
            span: name.span,
            step: ScopeStep::Index(index),
        });
        let explained = explained.iter().map(|(key, words)| ListedScope {
            name: &key.name,
            allows: Some(words),
            span: key.span,
            step: ScopeStep::Name(&key.name),
        });
        names.chain(explained)
    }
}

impl ValueType for ListedScopes {
    fn type_name() -> String {
        format!("{} or {}", Vec::<Str>::type_name(), Map::<Str>::type_name())
    }

    fn plural() -> String {
        "lists of strings or maps of strings".to_owned()
    }

    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
        match &node.value {
            Value::Sequence(_) => Vec::lower(node, lowering).map(ListedScopes::Names),
            Value::Mapping(_) => Map::lower(node, lowering).map(ListedScopes::Explained),
            _ => {
                lowering.wrong_type::<Self>(node);
                None
            }
        }
    }

    fn below(visit: &mut dyn FnMut(Below)) {
        Vec::<Str>::below(visit);
    }

    #[cfg(feature = "schema")]
    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let (names, explained) = (Vec::<Str>::schema(generator), Map::<Str>::schema(generator));
        json_schema!({ "anyOf": [names, explained] })
    }
}
