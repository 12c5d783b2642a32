//! Parameters of paths, queries and headers, with their bounds.

use serde_json::{Value, json};

/// A parameter.
#[derive(Clone, Copy)]
pub(crate) struct ApiParameter {
    pub(crate) name: &'static str,
    pub(crate) place: ParameterPlace,
    pub(crate) required: bool,
    pub(crate) description: &'static str,
    pub(crate) schema: fn() -> Value,
    /// An example; empty for none.
    pub(crate) example: &'static str,
}

/// Where a parameter stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParameterPlace {
    Path,
    Query,
    /// In a query, as `name[member]=value` for each member.
    QueryMembers,
    Header,
}

impl ApiParameter {
    /// A variable of the path.
    pub(super) const fn path(name: &'static str, description: &'static str, example: &'static str) -> ApiParameter {
        ApiParameter { name, place: ParameterPlace::Path, required: true, description, schema: text, example }
    }

    /// A parameter of the query that may be left out.
    pub(super) const fn query(
        name: &'static str,
        description: &'static str,
        schema: fn() -> Value,
        example: &'static str,
    ) -> ApiParameter {
        ApiParameter { name, place: ParameterPlace::Query, required: false, description, schema, example }
    }

    /// A header that may be left out.
    pub(super) const fn header(
        name: &'static str,
        description: &'static str,
        schema: fn() -> Value,
        example: &'static str,
    ) -> ApiParameter {
        ApiParameter { name, place: ParameterPlace::Header, required: false, description, schema, example }
    }

    /// Values by name, in brackets behind the parameter's.
    pub(super) const fn members(name: &'static str, description: &'static str) -> ApiParameter {
        let place = ParameterPlace::QueryMembers;
        ApiParameter { name, place, required: false, description, schema: texts_by_name, example: "" }
    }

    /// The same parameter, where it has to be given.
    pub(super) const fn required(self) -> ApiParameter {
        ApiParameter { required: true, ..self }
    }
}

/// The word of OpenAPI for a place.
pub(crate) const fn word(place: ParameterPlace) -> &'static str {
    match place {
        ParameterPlace::Path => "path",
        ParameterPlace::Query | ParameterPlace::QueryMembers => "query",
        ParameterPlace::Header => "header",
    }
}

pub(super) fn text() -> Value {
    json!({"type": "string", "minLength": 1})
}

pub(super) fn any_text() -> Value {
    json!({"type": "string"})
}

pub(super) fn flag() -> Value {
    json!({"type": "boolean"})
}

pub(super) fn texts_by_name() -> Value {
    json!({"type": "object", "additionalProperties": {"type": "string"}})
}
