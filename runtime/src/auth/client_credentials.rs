//! OAuth 2.0 client credentials (RFC 6749 section 4.4): the customer's own client, a token of its own.
//!
//! Renewing is asking again. Absent here: client certificates and signed assertions.

use super::check_input;
use super::exchange::{Answer, Granted, Step};
use super::token_request::{Client, Parameters, TokenRequest, finish, prove};
use super::token_response::{Shape, parse};
use crate::credentials::Credentials;
use crate::egress::Carries;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use jiff::SignedDuration;
use keyway_spec::auth::ClientCredentials;

/// How long a token lives when the endpoint does not say.
const LIFETIME: SignedDuration = SignedDuration::from_mins(55);

/// Refuses credentials without a client id, and modes that are not supported yet.
pub(super) fn check(mode: &ClientCredentials<'_>, credentials: &Credentials) -> Result<()> {
    if mode.client_certificate {
        return Err(Error::new(ErrorKind::Unsupported, "TLS client certificates (RFC 8705) are not supported yet"));
    }
    check_input(credentials, "client_id", false, 4096)
}

/// The next request, or what was granted.
pub(super) fn step(inputs: &Inputs<'_>, mode: &ClientCredentials<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
    match answers.first() {
        Some(answer) => granted(mode, answer).map(Step::Done),
        None => request(inputs, mode).map(Step::send),
    }
}

/// The token request.
fn request(inputs: &Inputs<'_>, mode: &ClientCredentials<'_>) -> Result<TokenRequest> {
    check(mode, inputs.credentials)?;
    let id = inputs.credentials.input("client_id").map_or("", |id| id.expose());
    let client = Client { id, secret: inputs.credentials.input("client_secret") };
    let mut parameters = Parameters::default();
    let authorization = prove(mode.token.client_auth, &client, &mut parameters)?;
    parameters.set_all(mode.token.params, &inputs.scope())?;
    let scopes = scopes(inputs);
    if !scopes.is_empty() {
        parameters.set("scope", scopes.join(mode.scope_separator));
    }
    finish(inputs, &mode.token, parameters, &client, authorization, Carries::CustomerCredential)
}

/// What the endpoint granted.
fn granted(mode: &ClientCredentials<'_>, answer: &Answer) -> Result<Granted> {
    let shape = Shape {
        alternate: mode.token.alternate_token_path,
        fallbacks: &["data.token", "jwt"],
        metadata: mode.token.response_metadata,
        milliseconds: mode.expires_in_milliseconds,
        lifetime: Some(LIFETIME),
    };
    parse(answer, shape)
}

/// The connection's own scopes, else the integration's, else the entry's.
fn scopes<'a>(inputs: &Inputs<'a>) -> Vec<&'a str> {
    if let Some(own) = inputs.config.get("oauth_scopes") {
        return own.split(',').map(str::trim).filter(|scope| !scope.is_empty()).collect();
    }
    if inputs.integration.scopes.is_empty() {
        return inputs.spec.default_scopes.to_vec();
    }
    inputs.integration.scopes.iter().map(String::as_str).collect()
}
