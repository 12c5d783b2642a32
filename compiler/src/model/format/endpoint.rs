//! `keyway.endpoints`: the few operations that an entry vouches for.
//!
//! Only what is used is said, so nothing here describes an API as a whole. Whether the parts of an operation fit
//! together is found where it is lowered.

use super::paginate::PaginateOverKeys;
use crate::model::kit::grammar::{LiteralHeaderValue, LowerHeaderName};
use crate::model::kit::lowering::Lowering;
use crate::model::kit::text::{Map, Spanned, Str, Validated};
use crate::model::kit::value_type::{Below, ValueType};
use crate::source::Span;
use crate::syntax::{Node, Value};
use keyway_spec::operation::{ListStyle, OperationBody, ValueKind, Verb};

#[cfg(feature = "schema")]
use schemars::{Schema, SchemaGenerator, json_schema};

keys! {
    /// One operation: a verb with its path, and what a caller may send.
    pub struct EndpointKeys {
        /// A read: the path below `proxy.base_url`, with `{name}` for a value and `{name*}` for one whose slashes
        /// stay. An operation has exactly one verb.
        get: Option<Str>,
        /// A read of the head alone, with its path.
        head: Option<Str>,
        /// A creation or an action, with its path.
        post: Option<Str>,
        /// A replacement, with its path.
        put: Option<Str>,
        /// A change, with its path.
        patch: Option<Str>,
        /// A deletion, with its path.
        delete: Option<Str>,
        /// Its purpose, in one sentence.
        title: Option<Str>,
        /// The vendor's page about it.
        docs: Option<Str>,
        /// Where its facts were read, where that is another document than `docs`. Only people read it.
        source: Option<Str>,
        /// Headers of every call, literal.
        headers: Option<Map<Validated<LiteralHeaderValue>, LowerHeaderName>>,
        /// More about parameters of the path, by name. One that is not listed is a string.
        path: Option<Map<EndpointParameter>>,
        /// Query parameters, by the vendor's name: a map, or the word of its type.
        query: Option<Map<EndpointParameter>>,
        /// Members of the body, by the vendor's name: a map, or the word of its type.
        body: Option<Map<EndpointParameter>>,
        /// The encoding of the body. Default: `json`.
        body_format: Option<Spanned<EndpointBodyFormat>>,
        /// The header of a key that makes a repeated call safe, such as `idempotency-key`. Default for `post`: that of
        /// the entry.
        idempotency_key: Option<Validated<LowerHeaderName>>,
        /// The rule by which its list goes on: `true` for that of the entry as it is, or keys laid over it.
        /// Default: there are no pages.
        paginate: Option<EndpointPages>,
        /// Short for `response_path` of `paginate`: the dotted path of the list in a page.
        items: Option<Str>,
        /// Members of the answer that people read, by dotted path, each with the word of its type; of a list those of
        /// one item.
        returns: Option<Map<Spanned<ValueKind>>>,
        ---
        ---
    }
}

impl EndpointKeys {
    /// Its verbs with their paths, in the order of the listing. There is one, unless something is wrong.
    pub fn verbs(&self) -> impl Iterator<Item = (Verb, &Str)> {
        let verbs = [
            (Verb::Get, &self.get),
            (Verb::Head, &self.head),
            (Verb::Post, &self.post),
            (Verb::Put, &self.put),
            (Verb::Patch, &self.patch),
            (Verb::Delete, &self.delete),
        ];
        verbs.into_iter().filter_map(|(verb, path)| Some((verb, path.as_ref()?)))
    }
}

keys! {
    /// One thing that a caller may send.
    pub struct EndpointParameterKeys {
        /// The type of its value.
        kind = "type": Spanned<ValueKind>,
        /// True if a call without it is refused before it is sent. A parameter of the path always is. Default: false.
        required: Option<Spanned<bool>>,
        /// The values there are. Default: any.
        values: Option<Vec<Str>>,
        /// The spelling of a list in a query or a form. Default: `repeat`.
        style: Option<Spanned<ListStyle>>,
        /// Its meaning, in one sentence.
        description: Option<Str>,
        ---
        ---
    }
}

string_enum! {
    impl ValueKind {
        /// A text.
        String,
        /// A whole number.
        Integer,
        /// A number.
        Number,
        /// `true` or `false`.
        Boolean,
        /// A list of texts.
        Strings,
        /// A list of whole numbers.
        Integers,
        /// Any JSON.
        Any,
    }
}

string_enum! {
    impl ListStyle {
        /// `a=1&a=2`
        Repeat,
        /// `a=1,2`
        Comma,
        /// `a=1%202`
        Space,
        /// `a=1%7C2`
        Pipe,
        /// `a[]=1&a[]=2`; of objects `a[b]=1`, `a[0][b]=1`
        Brackets,
        /// `a[0]=1&a[1]=2`; of an object `a[b]=1`
        Indices,
        /// Of an object `a[b]=1&a[c]=2`; a list repeats its name.
        DeepObject,
    }
}

string_enum! {
    /// The encoding of a body.
    pub struct EndpointBodyFormat(OperationBody) {
        /// `application/json`, an object.
        Json = "json",
        /// `application/x-www-form-urlencoded`.
        Form = "form",
    }
}

/// A parameter: its keys, or the word of its type for short.
#[derive(Clone, Debug, PartialEq)]
pub struct EndpointParameter {
    /// The keys that say more of it.
    pub keys: EndpointParameterKeys,
    /// Where that stands.
    pub span: Span,
}

impl ValueType for EndpointParameter {
    fn type_name() -> String {
        "the word of a type, or a map with `type`".to_owned()
    }

    fn plural() -> String {
        "types of parameters".to_owned()
    }

    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
        let keys = match &node.value {
            Value::Text(_) => {
                let kind = Spanned::lower(node, lowering)?;
                EndpointParameterKeys { kind, required: None, values: None, style: None, description: None }
            }
            Value::Mapping(_) => EndpointParameterKeys::lower(node, lowering)?,
            _ => {
                lowering.wrong_type::<Self>(node);
                return None;
            }
        };
        Some(EndpointParameter { keys, span: node.span })
    }

    fn values() -> Vec<(&'static str, &'static str)> {
        Spanned::<ValueKind>::values()
    }

    fn below(visit: &mut dyn FnMut(Below)) {
        EndpointParameterKeys::below(visit);
    }

    #[cfg(feature = "schema")]
    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let (word, keys) = (Spanned::<ValueKind>::schema(generator), EndpointParameterKeys::schema(generator));
        json_schema!({ "anyOf": [word, keys] })
    }
}

/// The pages of an operation: whether it has those of its entry, or what differs.
#[derive(Clone, Debug, PartialEq)]
pub enum EndpointPages {
    /// `true`: the rule of the entry. `false`: none.
    OfEntry(Spanned<bool>),
    /// Keys laid over the rule of the entry.
    Over(Box<PaginateOverKeys>, Span),
}

impl ValueType for EndpointPages {
    fn type_name() -> String {
        "`true` or a map".to_owned()
    }

    fn plural() -> String {
        "booleans or maps".to_owned()
    }

    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
        match &node.value {
            Value::Bool(_) => Spanned::lower(node, lowering).map(EndpointPages::OfEntry),
            Value::Mapping(_) => {
                PaginateOverKeys::lower(node, lowering).map(|keys| EndpointPages::Over(Box::new(keys), node.span))
            }
            _ => {
                lowering.wrong_type::<Self>(node);
                None
            }
        }
    }

    fn below(visit: &mut dyn FnMut(Below)) {
        PaginateOverKeys::below(visit);
    }

    #[cfg(feature = "schema")]
    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let (flag, keys) = (Spanned::<bool>::schema(generator), PaginateOverKeys::schema(generator));
        json_schema!({ "anyOf": [flag, keys] })
    }
}
