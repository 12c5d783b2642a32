//! Providers, as far as a form needs them, and their operations.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// The catalogue.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ProviderList")]
pub(crate) struct ProviderList {
    /// Every provider, by key.
    pub(crate) providers: Vec<ProviderSummary>,
}

/// A provider in the catalogue.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ProviderSummary")]
pub(crate) struct ProviderSummary {
    /// Its key.
    pub(crate) key: &'static str,
    /// Its name for people.
    pub(crate) display_name: &'static str,
    /// The way in which it authenticates: `OAUTH2`, `API_KEY`, ...
    pub(crate) auth_mode: &'static str,
    /// The kinds of product that it is.
    pub(crate) categories: &'static [&'static str],
    /// Its documentation.
    pub(crate) docs: &'static str,
}

/// One provider, with what is needed to draw a form.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Provider")]
pub(crate) struct ProviderDetails {
    #[serde(flatten)]
    pub(crate) summary: ProviderSummary,
    /// The guide for those who connect.
    pub(crate) docs_connect: Option<&'static str>,
    /// The guide for the operator.
    pub(crate) setup_guide_url: Option<&'static str>,
    /// The fields of a connection's `config`.
    pub(crate) connection_config: Vec<ShownField>,
    /// The fields of a connection's `credentials`.
    pub(crate) credentials: Vec<ShownField>,
    /// The fields that an assertion is made from.
    pub(crate) assertion_option: Vec<ShownField>,
    /// The fields of an integration's `custom`.
    pub(crate) integration_config: Vec<ShownField>,
    /// The scopes of an integration that names none.
    pub(crate) default_scopes: &'static [&'static str],
    /// True if an integration has to be created first.
    pub(crate) needs_client: bool,
    /// Those that can be called by name.
    #[schemars(with = "Vec<ShownOperation>")]
    pub(crate) operations: Vec<Value>,
}

/// A field of a form.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Field")]
pub(crate) struct ShownField {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its name for people.
    pub(crate) title: &'static str,
    /// For people.
    pub(crate) description: &'static str,
    /// A value, as an example.
    pub(crate) example: Option<&'static str>,
    /// A regular expression that values match.
    pub(crate) pattern: Option<&'static str>,
    /// The kind of text, by its name in JSON Schema.
    pub(crate) format: Option<&'static str>,
    /// The values to choose from; empty where any text is one.
    pub(crate) choices: &'static [&'static str],
    /// The value unless another is given.
    pub(crate) default_value: Option<&'static str>,
    /// True if it may be left out.
    pub(crate) optional: bool,
    /// True if no form shows it.
    pub(crate) hidden: bool,
    /// True if the provider fills it in.
    pub(crate) automated: bool,
    /// True if it holds a secret.
    pub(crate) secret: bool,
}

/// An operation that can be called by name. The runtime writes it.
#[derive(JsonSchema)]
#[schemars(rename = "Operation")]
#[expect(dead_code, reason = "describes what `keyway::operation::described` writes")]
struct ShownOperation {
    /// Its name.
    name: String,
    /// The method, in lower case.
    verb: String,
    /// The path at the provider, with its parameters in braces.
    path: String,
    /// Its name for people.
    title: Option<String>,
    /// The provider's own page.
    docs: Option<String>,
    /// The kind of body.
    body: String,
    /// The parameters that a call takes.
    parameters: Vec<ShownParameter>,
    /// True if its list has pages.
    pages: bool,
    /// Members of the answer.
    returns: Vec<ShownMember>,
}

/// A parameter of an operation.
#[derive(JsonSchema)]
#[schemars(rename = "OperationParameter")]
#[expect(dead_code, reason = "describes what `keyway::operation::described` writes")]
struct ShownParameter {
    /// Its name.
    name: String,
    /// Where its value goes: the path, the query, the body.
    place: String,
    /// The type of its value.
    #[schemars(rename = "type")]
    kind: String,
    /// The way in which several values are written.
    style: String,
    /// The values to choose from; empty where any is one.
    values: Vec<String>,
    /// True if it has to be given.
    required: bool,
    /// For people.
    description: Option<String>,
}

/// A member of an operation's answer.
#[derive(JsonSchema)]
#[schemars(rename = "OperationMember")]
#[expect(dead_code, reason = "describes what `keyway::operation::described` writes")]
struct ShownMember {
    /// Its place.
    path: String,
    /// The type of its value.
    #[schemars(rename = "type")]
    kind: String,
}
