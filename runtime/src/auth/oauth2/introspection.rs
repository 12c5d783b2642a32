//! Token introspection (RFC 7662), for any mode whose entry configures it.
//!
//! The refresh acts on the answer.

use super::client::{self, OwnedClient};
use super::progress::Progress;
use super::quirky_request::{Side, build};
use crate::auth::exchange::{Answer, Kept};
use crate::auth::given;
use crate::auth::token_request::TokenRequest;
use crate::auth::token_response::number;
use crate::clock::Timestamp;
use crate::egress::Carries;
use crate::error::Result;
use crate::inputs::Inputs;
use keyway_spec::auth::{Auth, Authorization, ClientAuth, TokenEndpoint};
use keyway_spec::quirks::RequestQuirks;
use serde_json::Value;

/// What the vendor said about a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Active, until then; `None` if the answer has no expiry.
    Active(Option<Timestamp>),
    /// Not active.
    Inactive,
    /// The answer cannot be read.
    Unknown,
}

/// The introspection request.
pub(crate) fn question(inputs: &Inputs<'_>, quirks: &RequestQuirks) -> Result<TokenRequest> {
    let token = inputs.credentials.token.as_ref().map(|token| &token.access);
    let side = Side {
        rules: &Authorization::EMPTY,
        endpoint: &TokenEndpoint::EMPTY,
        client: &client(inputs, quirks.client_auth)?,
        returned: None,
        asked_about: token,
    };
    build(&Progress::new(inputs), &side, quirks)
}

/// What an answer means.
pub(crate) fn verdict(answer: &Answer) -> Verdict {
    let said: Option<Value> = serde_json::from_str(answer.body.expose()).ok();
    let Some(said) = said.filter(|_| (200..300).contains(&answer.status)) else { return Verdict::Unknown };
    let active = said.get("active");
    let active = active.and_then(|active| active.as_bool().or_else(|| active.as_str()?.trim().parse().ok()));
    match active {
        Some(true) => {
            let expires_at = said.get("exp").and_then(number);
            #[expect(clippy::cast_possible_truncation, reason = "whole seconds; what is out of range is no instant")]
            let expires_at = expires_at.map(|seconds| seconds as i64);
            Verdict::Active(expires_at.and_then(|seconds| Timestamp::from_second(seconds).ok()))
        }
        Some(false) => Verdict::Inactive,
        None => Verdict::Unknown,
    }
}

/// The client that asks: the one that obtained the token.
fn client(inputs: &Inputs<'_>, how: ClientAuth) -> Result<OwnedClient> {
    match inputs.spec.auth {
        _ if how == ClientAuth::Nothing => {
            Ok(OwnedClient { id: String::new(), secret: None, carries: Carries::CustomerCredential })
        }
        Auth::OAuth2ClientCredentials(_) => Ok(OwnedClient {
            id: given(inputs.credentials, "client_id").map_or_else(String::new, |id| id.expose().to_owned()),
            secret: given(inputs.credentials, "client_secret").cloned(),
            carries: Carries::CustomerCredential,
        }),
        _ => client::of(inputs, &Kept::new()),
    }
}
