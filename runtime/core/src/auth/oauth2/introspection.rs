//! Token introspection (RFC 7662), for any mode whose entry configures it.
//!
//! The refresh acts on the answer.

use super::client::{self, OwnedClient};
use super::custom_request::{AboutToken, ExchangeContext, build};
use super::progress::Progress;
use crate::auth::exchange::{Answer, FlowState};
use crate::auth::purpose::Purpose;
use crate::auth::submitted::given;
use crate::auth::token_request::TokenRequest;

use crate::clock::Timestamp;
use crate::egress::SecretOwner;
use crate::error::Result;
use crate::inputs::Inputs;
use crate::json::number;
use keyway_spec::Mode;
use keyway_spec::auth::{Authorization, ClientAuth, TokenEndpoint};
use keyway_spec::quirks::RequestQuirks;
use serde_json::Value;

/// The vendor's verdict on a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Active, until then; `None` if the answer has no expiry.
    Active(Option<Timestamp>),
    /// Not active.
    Inactive,
    /// The answer cannot be read.
    Unknown,
}

/// The question.
pub fn question(inputs: &Inputs<'_>, quirks: &RequestQuirks) -> Result<TokenRequest> {
    let about = inputs.credentials.token.as_ref().map(|token| AboutToken { token: &token.access, hint: None });
    let context = ExchangeContext {
        rules: &Authorization::EMPTY,
        endpoint: &TokenEndpoint::EMPTY,
        client: &client(inputs, quirks.client_auth)?,
        returned: None,
        about,
    };
    let request = build(&Progress::new(inputs), &context, quirks)?;
    Ok(TokenRequest { purpose: Purpose::Introspection, ..request })
}

/// Reads an answer.
pub fn verdict(answer: &Answer) -> Verdict {
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
pub(super) fn client(inputs: &Inputs<'_>, how: ClientAuth) -> Result<OwnedClient> {
    let of_customer = |id, secret| Ok(OwnedClient { id, secret, carries: SecretOwner::Customer });
    if how == ClientAuth::Nothing {
        return of_customer(String::new(), None);
    }
    if inputs.spec.auth.kind() == Mode::OAuth2ClientCredentials {
        let id = given(inputs.credentials, "client_id").map_or_else(String::new, |id| id.expose().to_owned());
        return of_customer(id, given(inputs.credentials, "client_secret").cloned());
    }
    client::of(inputs, &FlowState::new())
}
