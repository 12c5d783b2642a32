//! Where authorization servers send browsers back to.

use super::connecting::{ENDED, GROUP};
use super::errors::{ANY, CONNECTING, CONNECTION, INTEGRATION, STATE, STORE, TOKEN, UPSTREAM, VALUES};
use super::operation::{Access, ApiOperation, RefusedAs};
use super::parameter::{ApiParameter, any_text};
use http::Method;

/// The rest of a callback's query is the provider's.
const CALLBACK: ApiOperation = ApiOperation {
    method: Method::GET,
    group: GROUP,
    summary: "Where the authorization server sends the browser back to",
    description: "The state and the flow's cookie stand for the API key. The rest of the query is the provider's.",
    access: Access::Open,
    head_refused: Some("GET"),
    parameters: &[STATE_OF_FLOW, CODE],
    answers: &[ENDED],
    refusals: RefusedAs::Page,
    errors: &[
        ANY,
        STORE,
        STATE,
        VALUES,
        &[(400, "authorization_denied")],
        INTEGRATION,
        CONNECTION,
        CONNECTING,
        UPSTREAM,
        TOKEN,
    ],
    ..ApiOperation::PLAIN
};

const STATE_OF_FLOW: ApiParameter = ApiParameter::query("state", "The flow's state.", any_text, "");
const CODE: ApiParameter = ApiParameter::query("code", "What the provider grants.", any_text, "");
const INTEGRATION_ID: ApiParameter = ApiParameter::path("integration", "The integration's id.", "k3v9q2");

pub(crate) const SHARED_CALLBACK: ApiOperation =
    ApiOperation { id: "sharedCallback", path: "/oauth/callback", ..CALLBACK };

pub(crate) const INTEGRATION_CALLBACK: ApiOperation = ApiOperation {
    id: "integrationCallback",
    path: "/oauth/callback/{integration}",
    parameters: &[INTEGRATION_ID, STATE_OF_FLOW, CODE],
    ..CALLBACK
};

pub(crate) const ISSUER_CALLBACK: ApiOperation = ApiOperation {
    id: "issuerCallback",
    path: "/oauth/callback/{integration}/{issuer}",
    parameters: &[
        INTEGRATION_ID,
        ApiParameter::path("issuer", "The hash of the authorization server.", "5d41402abc4b2a76"),
        STATE_OF_FLOW,
        CODE,
    ],
    ..CALLBACK
};
