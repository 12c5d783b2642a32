//! Values that the format accepts in two shapes.
//!
//! Which shape was written is kept: nothing is guessed.

use crate::model::kit::grammar::SecondsText;
use crate::model::kit::lowering::Lowering;
use crate::model::kit::text::{Spanned, Str, Validated};
use crate::model::kit::value_type::{Below, ValueType};
use crate::source::Span;
use crate::syntax::{Node, Value};

#[cfg(feature = "schema")]
use schemars::{Schema, SchemaGenerator, json_schema};

/// One value, or a list of them.
#[derive(Clone, Debug, PartialEq)]
pub struct OneOrMany<T> {
    /// The values.
    pub items: Vec<T>,
    /// Where they stand.
    pub span: Span,
}

impl<T: ValueType> ValueType for OneOrMany<T> {
    fn type_name() -> String {
        format!("{} or {}", T::type_name(), Vec::<T>::type_name())
    }

    fn plural() -> String {
        Vec::<T>::plural()
    }

    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
        let items = match &node.value {
            Value::Text(_) => vec![T::lower(node, lowering)?],
            Value::Sequence(_) => Vec::lower(node, lowering)?,
            _ => {
                lowering.wrong_type::<Self>(node);
                return None;
            }
        };
        Some(OneOrMany { items, span: node.span })
    }

    #[cfg(feature = "schema")]
    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let (one, many) = (T::schema(generator), Vec::<T>::schema(generator));
        json_schema!({ "anyOf": [one, many] })
    }
}

/// A token endpoint, or one endpoint per step.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenUrl {
    /// One endpoint, a template.
    Single(Str),
    /// One per step.
    ByMode(Box<TokenUrls>),
}

keys! {
    /// Token endpoints by the step that uses them.
    pub struct TokenUrls {
        /// The token endpoint of the OAuth 2.0 code flow, a template.
        oauth2 = "OAUTH2": Option<Str>,
        /// The installation-token endpoint of the app, a template.
        app = "APP": Option<Str>,
        /// The token endpoint of OAuth 1.0.
        oauth1 = "OAUTH1": Option<Str>,
        ---
        ---
        /// No step uses it.
        "API_KEY": Str,
        /// No step uses it.
        "APP_STORE": Str,
        /// No step uses it.
        "BASIC": Str,
        /// No step uses it.
        "CUSTOM": Str,
        /// No step uses it.
        "NONE": Str,
        /// No step uses it.
        "OAUTH2CC": Str,
    }
}

impl ValueType for TokenUrl {
    fn type_name() -> String {
        "a string or a map of strings".to_owned()
    }

    fn plural() -> String {
        "strings or maps of strings".to_owned()
    }

    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
        match &node.value {
            Value::Text(_) => Str::lower(node, lowering).map(TokenUrl::Single),
            Value::Mapping(_) => TokenUrls::lower(node, lowering).map(|urls| TokenUrl::ByMode(Box::new(urls))),
            _ => {
                lowering.wrong_type::<Self>(node);
                None
            }
        }
    }

    fn below(visit: &mut dyn FnMut(Below)) {
        TokenUrls::below(visit);
    }

    #[cfg(feature = "schema")]
    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let (single, by_mode) = (Str::schema(generator), TokenUrls::schema(generator));
        json_schema!({ "anyOf": [single, by_mode] })
    }
}

/// A number of seconds, as a number or as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seconds {
    /// How many.
    pub value: u64,
    /// Where they stand.
    pub span: Span,
}

impl ValueType for Seconds {
    fn type_name() -> String {
        "a number of seconds".to_owned()
    }

    fn plural() -> String {
        "numbers of seconds".to_owned()
    }

    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
        let value = match &node.value {
            Value::Text(_) => Validated::<SecondsText>::lower(node, lowering)?.text.parse().ok()?,
            Value::Integer(_) | Value::Float(_) => Spanned::<u64>::lower(node, lowering)?.value,
            _ => {
                lowering.wrong_type::<Self>(node);
                return None;
            }
        };
        Some(Seconds { value, span: node.span })
    }

    #[cfg(feature = "schema")]
    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let (number, text) = (Spanned::<u64>::schema(generator), Validated::<SecondsText>::schema(generator));
        json_schema!({ "anyOf": [number, text] })
    }
}
