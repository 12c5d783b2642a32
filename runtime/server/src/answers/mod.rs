//! The bodies of the API's answers, a type each: what is sent and what `/openapi.json` says of it are one.
//!
//! Their members are written in the order in which they stand here.

mod connection;
mod error;
mod integration;
mod provider;
mod session;

pub(crate) use connection::{ConnectionPage, ListedConnection, OpenConnection, ShownCall, StoredConnection};
pub(crate) use error::{ErrorAnswer, ErrorMembers, ShownChoices, ShownOption, ShownProblem};
pub(crate) use integration::{IntegrationList, ShownIntegration};
pub(crate) use provider::{ProviderDetails, ProviderList, ProviderSummary, ShownField};
pub(crate) use session::{CreatedSession, MadeConnection, SubmittedConnection};

use schemars::JsonSchema;
use serde::Serialize;

/// The process answers.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Health")]
pub(crate) struct Alive {
    /// `ok`.
    pub(crate) status: &'static str,
    /// The server's version.
    pub(crate) version: &'static str,
}
