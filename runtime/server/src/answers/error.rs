//! The body of every refusal.

use schemars::JsonSchema;
use serde::Serialize;

/// A refusal by this server. The header `keyway-error` repeats its code.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Error")]
pub(crate) struct ErrorAnswer<'a> {
    /// The refusal itself.
    pub(crate) error: ErrorMembers<'a>,
}

/// The refusal itself.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ErrorMembers")]
pub(crate) struct ErrorMembers<'a> {
    /// Stable, for programs.
    pub(crate) code: &'a str,
    /// For people. It never holds a value that was sent.
    pub(crate) message: &'a str,
    /// Of `invalid_parameters`: each wrong parameter, 32 at most.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = 32))]
    pub(crate) problems: Vec<ShownProblem<'a>>,
    /// Of `choice_needed`, and of `invalid_value` where a choice was none of these.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) choices: Option<ShownChoices<'a>>,
}

/// A parameter of an operation that cannot be used.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ParameterProblem")]
pub(crate) struct ShownProblem<'a> {
    /// Its name.
    pub(crate) parameter: &'a str,
    /// The kind of problem.
    #[schemars(extend("enum" = ["unknown", "missing", "repeated", "wrong_kind", "wrong_value", "wrong_path", "too_large"]))]
    pub(crate) problem: &'a str,
    /// For people.
    pub(crate) message: &'a str,
}

/// The accounts at the provider, of which one is to be connected.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Choices")]
pub(crate) struct ShownChoices<'a> {
    /// The member of the configuration that the choice fills in.
    pub(crate) field: &'a str,
    /// The accounts.
    pub(crate) options: Vec<ShownOption<'a>>,
    /// For `POST /oauth/choice`, within 15 minutes; `null` where the one that was sent stays good.
    pub(crate) token: Option<&'a str>,
}

/// An account to choose.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ChoiceOption")]
pub(crate) struct ShownOption<'a> {
    /// The `value` that `POST /oauth/choice` takes.
    pub(crate) value: &'a str,
    /// For people.
    pub(crate) label: &'a str,
}
