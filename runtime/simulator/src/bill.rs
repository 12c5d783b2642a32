//! The session login of a user name, password, organization and developer key.

use crate::answer;
use crate::check::{Checks, RefusalKind};
use crate::compare::compare;
use crate::expected::{ExpectedParameter, ExpectedRequest};
use crate::grant::TokenUse;
use crate::request::ReceivedRequest;
use crate::state::VendorState;
use crate::text::Expected;
use bytes::Bytes;
use http::Response;
use keyway_spec::auth::{Bill, BodyFormat};
use serde_json::json;

/// Milliseconds that a session lives without use.
const SESSION: i64 = 35 * 60_000;

/// Members of the login with the credentials that they hold.
const MEMBERS: [(&str, &str); 4] =
    [("username", "username"), ("password", "password"), ("organizationId", "organization_id"), ("devKey", "dev_key")];

/// Checks the login.
pub(crate) fn examine(state: &VendorState, mode: &Bill, received: &ReceivedRequest) -> Checks {
    let parameter = |(name, credential): (&str, &str)| {
        let value = state.account.credentials.get(credential).cloned().unwrap_or_default();
        let value = Expected::secret(&format!("credentials.{credential}"), value);
        ExpectedParameter { refused: RefusalKind::Unauthorized, ..ExpectedParameter::text(name, value) }
    };
    let expected = ExpectedRequest {
        method: http::Method::POST,
        url: mode.token_url.to_owned(),
        query: Vec::new(),
        parameters: MEMBERS.into_iter().map(parameter).collect(),
        format: BodyFormat::Json,
        headers: Vec::new(),
        order: &[],
        refused: RefusalKind::Unauthorized,
    };
    compare(&expected, received, &state.mask).0
}

/// Opens a session.
pub(crate) fn succeed(state: &mut VendorState, now: i64) -> Response<Bytes> {
    let (session, family) = (state.grants.fresh("session"), state.grants.family());
    state.issue(session.clone(), TokenUse::Access, family, Some(now.saturating_add(SESSION)));
    let organization = state.account.credentials.get("organization_id").cloned().unwrap_or_default();
    answer::json(200, &json!({"sessionId": session, "organizationId": organization, "userId": "simulated-user"}))
}
