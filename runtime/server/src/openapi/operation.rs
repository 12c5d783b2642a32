//! The words in which the routes are described: one [`ApiOperation`] for each method of each route.

use super::parameter::ApiParameter;
use http::Method;
use schemars::{Schema, SchemaGenerator};

/// One method of one route.
pub(crate) struct ApiOperation {
    /// Its name in clients that are generated.
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    /// The path, with its variables in braces, as axum and OpenAPI both write it.
    pub(crate) path: &'static str,
    /// The heading under which it is shown.
    pub(crate) group: &'static str,
    pub(crate) summary: &'static str,
    /// More about it; may be empty.
    pub(crate) description: &'static str,
    pub(crate) access: Access,
    /// The methods of the path, where `HEAD` is refused because to look would change something.
    pub(crate) head_refused: Option<&'static str>,
    pub(crate) parameters: &'static [ApiParameter],
    pub(crate) body: Option<ApiBody>,
    pub(crate) answers: &'static [ApiAnswer],
    pub(crate) refusals: RefusedAs,
    /// The errors, in groups that routes share: a status and a code each.
    pub(crate) errors: &'static [&'static [ErrorCase]],
}

/// The proof that a caller may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// The API key, as `Authorization: Bearer`.
    Key,
    /// The API key in this way, or as the password that a browser asks for.
    Person,
    /// Nothing, or what the request itself holds.
    Open,
}

/// The form of this server's refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefusedAs {
    /// JSON.
    Json,
    /// A page, because a person reads it. The header `keyway-error` is there, too.
    Page,
    /// A page for a form, JSON for anything else.
    Either,
    /// JSON; but without the header `keyway-error` the answer is the upstream's, whatever it is.
    Proxied,
}

/// A status and a code.
pub(crate) type ErrorCase = (u16, &'static str);

/// Makes the schema of a type.
pub(crate) type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// A request's body.
pub(crate) struct ApiBody {
    pub(crate) required: bool,
    /// The most bytes; `None` for a body that is streamed.
    pub(crate) max: Option<usize>,
    /// By media type. JSON is read whatever the type says.
    pub(crate) media: &'static [(&'static str, SchemaOf)],
    /// Examples, as JSON.
    pub(crate) examples: &'static [&'static str],
}

/// An answer that is no refusal.
pub(crate) struct ApiAnswer {
    pub(crate) status: u16,
    pub(crate) description: &'static str,
    pub(crate) media: &'static [(&'static str, SchemaOf)],
    /// Names and meanings.
    pub(crate) headers: &'static [(&'static str, &'static str)],
    /// An example, as JSON; empty for none.
    pub(crate) example: &'static str,
}

impl ApiOperation {
    /// The parts that most operations have in common.
    pub(crate) const PLAIN: ApiOperation = ApiOperation {
        id: "",
        method: Method::GET,
        path: "",
        group: "",
        summary: "",
        description: "",
        access: Access::Key,
        head_refused: None,
        parameters: &[],
        body: None,
        answers: &[],
        refusals: RefusedAs::Json,
        errors: &[],
    };
}

impl ApiAnswer {
    /// An answer without anything.
    pub(crate) const PLAIN: ApiAnswer =
        ApiAnswer { status: 200, description: "", media: &[], headers: &[], example: "" };
}

pub(crate) const JSON: &str = "application/json";
pub(crate) const HTML: &str = "text/html";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";

/// A page: text.
pub(super) fn page(_: &mut SchemaGenerator) -> Schema {
    schemars::json_schema!({"type": "string"})
}

/// Anything, as an upstream has it.
pub(super) fn anything(_: &mut SchemaGenerator) -> Schema {
    schemars::json_schema!({})
}
