//! OAuth 2.0 authorization code (RFC 6749 section 4.1) with PKCE (RFC 7636), and its refresh (section 6).
//!
//! The client is the operator's, unless the connection has one of its own: the operator's goes only where an operator's
//! secret may go. The parts are shared with the other modes that have a code flow.

pub(super) mod authorize;
pub(super) mod client;
pub(crate) mod introspection;
mod progress;
pub(super) mod quirks;
mod quirky_request;
mod quirky_response;
mod second_token;
pub(crate) mod wishes;

use super::client_assertion;
use super::exchange::{Answer, Ask, Callback, Grant, Granted, Kept, Page, Returned, Step};
use super::token_request::{Parameters, TokenRequest, finish, prove, url};
use super::token_response::{Shape, parse};
use crate::credentials::Credentials;
use crate::egress::Carries;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::planned::PlannedUrl;
use crate::secret::Secret;
use crate::template::{Text, evaluate};
pub(crate) use client::{OVERRIDES, check as check_client};
use client::{OwnedClient, REFRESH_TOKEN_OVERRIDE};
use keyway_spec::auth::{Authorization, ClientAuth, OAuth2, TokenEndpoint};
pub(crate) use second_token::expires_at as second_expires_at;

/// Refuses imported credentials without a token.
pub(super) fn check(credentials: &Credentials) -> Result<()> {
    client::check(credentials)?;
    if credentials.token.as_ref().is_none_or(|token| token.access.is_empty()) {
        let message = "an access token is missing: send the customer through the authorization flow, or import a token";
        return Err(Error::new(ErrorKind::MissingValue, message));
    }
    Ok(())
}

/// Where the browser is sent.
pub(super) fn page(inputs: &Inputs<'_>, mode: &OAuth2, ask: Ask<'_>) -> Result<Step<Page>> {
    let client = client::of(inputs, &Kept::new())?;
    let receiver = receiver(inputs, &mode.token, &client)?;
    wishes::check_taken(inputs.config, &authorize::taken(inputs, &mode.authorization)?)?;
    let wishes = |parameters: &mut Parameters| {
        let names = inputs.spec.quirks.map_or(&[][..], |quirks| quirks.authorization_config_params);
        for name in names {
            if let Some(value) = inputs.config.get(*name).filter(|value| !value.is_empty()) {
                parameters.set(name, value.as_str());
            }
        }
        wishes::apply(inputs.config, parameters);
    };
    let url = authorize::url(inputs, &mode.authorization, &client.id, ask, wishes)?;
    Ok(Step::Done(Page { url, receiver, kept: Kept::new() }))
}

/// The next request, or what was granted.
pub(super) fn step(inputs: &Inputs<'_>, mode: &OAuth2, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
    if let Some(quirks) = inputs.spec.quirks {
        return quirks::step(inputs, mode, quirks, &client::of(inputs, &Kept::new())?, grant, answers);
    }
    let client = client::of(inputs, &Kept::new())?;
    if let Some(answer) = answers.first() {
        let granted = granted(inputs, &mode.token, grant, answer);
        return granted.map(Step::Done).map_err(|error| match client.private_key() {
            Ok(key) if mode.token.client_auth == ClientAuth::PrivateKeyJwt => {
                client_assertion::explain(error, key, inputs.integration, answer)
            }
            _ => error,
        });
    }
    let request = match grant {
        Grant::Returned(returned) => redeem(inputs, &mode.authorization, &mode.token, returned, &client),
        Grant::Renewal => refresh(inputs, &mode.token, &client),
        Grant::Login => Err(Error::new(ErrorKind::Unsupported, "an access token comes from the authorization flow")),
    };
    request.map(Step::send)
}

/// The endpoint that will receive the operator's client, as far as the configuration names it already; `None` where
/// it needs a value that only the callback brings, or where no secret of the operator is sent.
pub(super) fn receiver(
    inputs: &Inputs<'_>,
    endpoint: &TokenEndpoint,
    client: &OwnedClient,
) -> Result<Option<PlannedUrl>> {
    if client.carries != Carries::OperatorSecret {
        return Ok(None);
    }
    match evaluate(&endpoint.url, &inputs.scope())? {
        Text::Unresolved(_) => Ok(None),
        Text::Resolved(_) => url(&endpoint.url, &inputs.scope()).map(PlannedUrl).map(Some),
    }
}

/// The request that redeems a code.
pub(super) fn redeem(
    inputs: &Inputs<'_>,
    rules: &Authorization,
    endpoint: &TokenEndpoint,
    returned: Returned<'_>,
    client: &OwnedClient,
) -> Result<TokenRequest> {
    let code = code(returned.callback, rules.code_param)?;
    let verifier = returned.sent_verifier().filter(|_| rules.pkce);
    let mut parameters = Parameters::default();
    parameters.set("grant_type", "authorization_code");
    parameters.set("code", code.expose());
    if let Some(redirect_uri) = returned.sent_redirect_uri() {
        parameters.set("redirect_uri", redirect_uri);
    }
    parameters.set_all(endpoint.params, &inputs.scope())?;
    if let Some(verifier) = verifier {
        parameters.set("code_verifier", verifier.expose());
    }
    let mut request = with_client(inputs, endpoint, parameters, client)?;
    request.secrets.extend([&code].into_iter().chain(verifier).cloned());
    Ok(request)
}

/// The code of a callback, or why there is none (RFC 6749 section 4.1.2.1).
pub(super) fn code(callback: &Callback, name: &str) -> Result<Secret> {
    if let Some(code) = callback.get(name) {
        return Ok(Secret::new(code));
    }
    Err(callback.denial().unwrap_or_else(|| {
        let message = format!("the authorization server sent neither `{name}` nor an error: start again");
        Error::new(ErrorKind::AuthorizationDenied, message)
    }))
}

/// The request that redeems the refresh token, at the endpoint for refreshes where the entry names one.
pub(super) fn refresh(inputs: &Inputs<'_>, endpoint: &TokenEndpoint, client: &OwnedClient) -> Result<TokenRequest> {
    let mut parameters = Parameters::default();
    parameters.set("grant_type", "refresh_token");
    parameters.set_all(endpoint.refresh_params, &inputs.scope())?;
    parameters.set("refresh_token", refresh_token(inputs)?.expose());
    let endpoint = TokenEndpoint { url: endpoint.refresh_url.unwrap_or(endpoint.url), ..*endpoint };
    with_client(inputs, &endpoint, parameters, client)
}

/// The stored refresh token.
pub(super) fn refresh_token<'a>(inputs: &Inputs<'a>) -> Result<&'a Secret> {
    let token = inputs.credentials.token.as_ref().and_then(|token| token.refresh.as_ref());
    token.filter(|token| !token.is_empty()).ok_or_else(|| {
        Error::new(ErrorKind::ReconnectNeeded, "there is no refresh token: let the customer connect again")
    })
}

/// What the endpoint granted. A refresh token of the customer's own takes the place of the first one.
pub(super) fn granted(
    inputs: &Inputs<'_>,
    endpoint: &TokenEndpoint,
    grant: Grant<'_>,
    answer: &Answer,
) -> Result<Granted> {
    let shape =
        Shape { alternate: endpoint.alternate_token_path, metadata: endpoint.response_metadata, ..Shape::default() };
    let mut granted = parse(answer, shape)?;
    if let (Grant::Returned(_), Some(token), Some(own)) =
        (grant, &mut granted.token, inputs.credentials.input(REFRESH_TOKEN_OVERRIDE))
    {
        token.refresh = Some(own.clone());
    }
    Ok(granted)
}

/// The request, with the client after the other parameters.
fn with_client(
    inputs: &Inputs<'_>,
    endpoint: &TokenEndpoint,
    mut parameters: Parameters,
    client: &OwnedClient,
) -> Result<TokenRequest> {
    let authorization = match endpoint.client_auth {
        ClientAuth::PrivateKeyJwt => {
            client_assertion::add(inputs, endpoint, &client.id, client.private_key()?, &mut parameters)?;
            None
        }
        how => prove(how, &client.borrowed(), &mut parameters)?,
    };
    finish(inputs, endpoint, parameters, &client.borrowed(), authorization, client.carries)
}
