//! OAuth 2.0 authorization code (RFC 6749 section 4.1) with PKCE (RFC 7636), and its refresh (section 6).
//!
//! The client is the operator's: token requests go only where an operator's secret may go. Absent here: keeping the
//! state of a flow.

mod authorize;

use super::exchange::{Answer, Ask, Callback, Grant, Granted, Kept, Page, Returned, Step};
use super::token_request::{Client, Parameters, TokenRequest, finish, prove, url};
use super::token_response::{Shape, hide, parse};
use crate::credentials::Credentials;
use crate::egress::Carries;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::integration::IntegrationRecord;
use crate::planned::PlannedUrl;
use crate::secret::Secret;
use crate::template::{Text, evaluate};
use keyway_spec::auth::OAuth2;

/// Refuses imported credentials without a token.
pub(super) fn check(credentials: &Credentials) -> Result<()> {
    if credentials.token.as_ref().is_none_or(|token| token.access.is_empty()) {
        let message = "an access token is missing: send the customer through the authorization flow, or import a token";
        return Err(Error::new(ErrorKind::MissingValue, message));
    }
    Ok(())
}

/// Where the browser is sent.
pub(super) fn page(inputs: &Inputs<'_>, mode: &OAuth2<'_>, ask: Ask<'_>) -> Result<Step<Page>> {
    let receiver = receiver(inputs, mode)?;
    Ok(Step::Done(Page { url: authorize::url(inputs, mode, ask)?, receiver, kept: Kept::new() }))
}

/// The next request, or what was granted.
pub(super) fn step(
    inputs: &Inputs<'_>,
    mode: &OAuth2<'_>,
    grant: Grant<'_>,
    answers: &[Answer],
) -> Result<Step<Granted>> {
    if let Some(answer) = answers.first() {
        return granted(mode, answer).map(Step::Done);
    }
    let request = match grant {
        Grant::Returned(returned) => redeem(inputs, mode, returned),
        Grant::Renewal => refresh(inputs, mode),
        Grant::Login => Err(Error::new(ErrorKind::Unsupported, "an access token comes from the authorization flow")),
    };
    request.map(Step::send)
}

/// The endpoint that will receive the operator's client, as far as the configuration names it already; `None` where
/// it needs a value that only the callback brings.
fn receiver(inputs: &Inputs<'_>, mode: &OAuth2<'_>) -> Result<Option<PlannedUrl>> {
    match evaluate(&mode.token.url, &inputs.scope())? {
        Text::Unresolved(_) => Ok(None),
        Text::Resolved(_) => url(&mode.token.url, &inputs.scope()).map(PlannedUrl).map(Some),
    }
}

/// The request that redeems a code.
fn redeem(inputs: &Inputs<'_>, mode: &OAuth2<'_>, returned: Returned<'_>) -> Result<TokenRequest> {
    let code = code(returned.callback, mode.authorization.code_param)?;
    // A code that came by webhook: no authorization request named a redirect URI or a challenge (section 4.1.3).
    let asked = mode.outbound.is_none();
    let verifier = (asked && mode.authorization.pkce).then_some(returned.verifier);
    let mut parameters = Parameters::default();
    parameters.set("grant_type", "authorization_code");
    parameters.set("code", code.expose());
    if asked {
        parameters.set("redirect_uri", returned.redirect_uri);
    }
    parameters.set_all(mode.token.params, &inputs.scope())?;
    if let Some(verifier) = verifier {
        parameters.set("code_verifier", verifier.expose());
    }
    let mut request = with_client(inputs, mode, parameters)?;
    request.secrets.extend([&code].into_iter().chain(verifier).cloned());
    Ok(request)
}

/// The code of a callback, or why there is none (RFC 6749 section 4.1.2.1).
pub(super) fn code(callback: &Callback, name: &str) -> Result<Secret> {
    if let Some(code) = callback.get(name) {
        return Ok(Secret::new(code));
    }
    let Some(error) = callback.get("error") else {
        let message = format!("the authorization server sent neither `{name}` nor an error: start again");
        return Err(Error::new(ErrorKind::AuthorizationDenied, message));
    };
    let error = hide(error, &[]);
    let message = match callback.get("error_description") {
        Some(description) => format!("the authorization server said `{error}`: {}", hide(description, &[])),
        None => format!("the authorization server said `{error}`"),
    };
    Err(Error::new(ErrorKind::AuthorizationDenied, message))
}

/// The request that redeems the refresh token.
fn refresh(inputs: &Inputs<'_>, mode: &OAuth2<'_>) -> Result<TokenRequest> {
    let token = inputs.credentials.token.as_ref();
    let Some(refresh_token) = token.and_then(|token| token.refresh.as_ref()).filter(|token| !token.is_empty()) else {
        return Err(Error::new(
            ErrorKind::ReconnectNeeded,
            "there is no refresh token: let the customer connect again",
        ));
    };
    let mut parameters = Parameters::default();
    parameters.set("grant_type", "refresh_token");
    parameters.set_all(mode.token.refresh_params, &inputs.scope())?;
    parameters.set("refresh_token", refresh_token.expose());
    with_client(inputs, mode, parameters)
}

/// What the endpoint granted.
pub(super) fn granted(mode: &OAuth2<'_>, answer: &Answer) -> Result<Granted> {
    let token = &mode.token;
    let shape = Shape { alternate: token.alternate_token_path, metadata: token.response_metadata, ..Shape::default() };
    parse(answer, shape)
}

/// The request, with the operator's client behind the other parameters.
fn with_client(inputs: &Inputs<'_>, mode: &OAuth2<'_>, mut parameters: Parameters) -> Result<TokenRequest> {
    let client = client(inputs.integration)?;
    let authorization = prove(mode.token.client_auth, &client, &mut parameters)?;
    finish(inputs, &mode.token, parameters, &client, authorization, Carries::OperatorSecret)
}

/// The operator's client.
pub(super) fn client(integration: &IntegrationRecord) -> Result<Client<'_>> {
    let key = &integration.key;
    let id = integration.client_id.as_deref().ok_or_else(|| {
        Error::new(ErrorKind::MissingValue, format!("the integration `{key}` has no client id: set it first"))
    })?;
    Ok(Client { id, secret: integration.client_secret.as_ref() })
}
