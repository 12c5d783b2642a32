//! The answers of connecting: a link, and the connection that came of it.

use schemars::JsonSchema;
use serde::Serialize;

/// A link for one connection.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ConnectSession")]
pub(crate) struct CreatedSession<'a> {
    /// It stands for the API key on the pages of this link.
    pub(crate) token: &'a str,
    /// The address that the customer's browser opens.
    #[schemars(extend("format" = "uri"))]
    pub(crate) url: &'a str,
    /// When the link ends.
    #[schemars(extend("format" = "date-time"))]
    pub(crate) expires_at: String,
}

/// The connection that a choice made.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MadeConnection")]
pub(crate) struct MadeConnection<'a> {
    /// The integration's key.
    pub(crate) integration: &'a str,
    /// The id that you chose.
    pub(crate) connection_id: &'a str,
    /// The provider's key in the catalogue.
    pub(crate) provider: &'a str,
}

/// The connection that a submission made.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "SubmittedConnection")]
pub(crate) struct SubmittedConnection<'a> {
    #[serde(flatten)]
    pub(crate) made: MadeConnection<'a>,
    /// True if the provider's webhook completes it.
    pub(crate) pending: bool,
}
