//! Revoking tokens (RFC 7009, or as a vendor has it), for any mode whose entry says how.
//!
//! Each token is one request. All are sent before any answer is judged: that one token is refused, because it is
//! revoked already or unknown, says nothing about the other.

use super::custom_request::{AboutToken, ExchangeContext, build};
use super::introspection::client;
use super::progress::Progress;
use crate::auth::exchange::{Answer, Step};
use crate::auth::purpose::Purpose;
use crate::auth::token_request::TokenRequest;
use crate::auth::token_response::{at, members, refused};
use crate::error::Result;
use crate::inputs::Inputs;
use crate::json::equals;
use crate::secret::Secret;
use keyway_spec::auth::{Authorization, TokenEndpoint};
use keyway_spec::quirks::{ResponseQuirks, RevocationQuirks, RevokedToken};

/// True if a connection has something that can be revoked.
pub fn applies(inputs: &Inputs<'_>, quirks: &RevocationQuirks) -> bool {
    !tokens(inputs, quirks.token).is_empty()
}

/// The next request, or the end: every token is revoked. The error is the first refusal.
pub fn step(inputs: &Inputs<'_>, quirks: &RevocationQuirks, answers: &[Answer]) -> Result<Step<()>> {
    if let Some(token) = tokens(inputs, quirks.token).get(answers.len()) {
        let context = ExchangeContext {
            rules: &Authorization::EMPTY,
            endpoint: &TokenEndpoint::EMPTY,
            client: &client(inputs, quirks.request.client_auth)?,
            returned: None,
            about: Some(*token),
        };
        let request = build(&Progress::new(inputs), &context, &quirks.request)?;
        return Ok(Step::send(TokenRequest { purpose: Purpose::Revocation, ..request }));
    }
    answers.iter().try_for_each(|answer| confirmed(answer, &quirks.request.response)).map(Step::Done)
}

/// The tokens to revoke, in order: what obtains new ones comes first.
fn tokens<'a>(inputs: &Inputs<'a>, which: RevokedToken) -> Vec<AboutToken<'a>> {
    let Some(token) = &inputs.credentials.token else { return Vec::new() };
    let some = |token: &'a Secret, hint| (!token.is_empty()).then_some(AboutToken { token, hint: Some(hint) });
    let access = some(&token.access, "access_token");
    let refresh = token.refresh.as_ref().and_then(|token| some(token, "refresh_token"));
    match which {
        RevokedToken::Access => access.into_iter().collect(),
        RevokedToken::Refresh => refresh.or(access).into_iter().collect(),
        RevokedToken::Both => refresh.into_iter().chain(access).collect(),
    }
}

/// An error unless an answer says that the token is revoked. Most have no body.
fn confirmed(answer: &Answer, quirks: &ResponseQuirks) -> Result<()> {
    let members = members(answer.body.expose());
    let succeeded = quirks.status.map_or((200..300).contains(&answer.status), |status| status == answer.status);
    let is = |entry: &keyway_spec::Entry| {
        members.as_ref().and_then(|members| at(members, entry.name)).is_some_and(|value| equals(value, &entry.value))
    };
    if succeeded && !quirks.error_if.iter().any(is) && quirks.success_if.iter().all(is) {
        return Ok(());
    }
    Err(refused(answer, members.as_ref(), "the provider did not revoke the token"))
}
