//! OAuth 2.0 authorization code (RFC 6749 section 4.1) with PKCE (RFC 7636), and its refresh (section 6).
//!
//! The client is the operator's: token requests go only where an operator's secret may go. Absent here: keeping the
//! state of a flow, and hand-written quirks of single providers.

pub mod authorize;
pub(crate) mod callback;

use super::token_request::{Client, Parameters, TokenRequest, finish, prove, url};
use super::token_response::{Answer, Granted, Shape, parse};
use crate::clock::Timestamp;
use crate::credentials::Credentials;
use crate::egress::Carries;
use crate::error::{Error, ErrorKind, Result};
use crate::integration::IntegrationRecord;
use crate::request::Inputs;
use crate::secret::Secret;
use crate::template::{Text, evaluate};
use keyway_spec::auth::OAuth2;

/// An authorization code and what was agreed when it was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Code<'a> {
    /// The code.
    pub text: &'a Secret,
    /// The redirect URI, exactly as it was sent (RFC 6749 section 4.1.3).
    pub redirect_uri: &'a str,
    /// The PKCE verifier; `None` where the entry uses no PKCE.
    pub verifier: Option<&'a Secret>,
}

/// The endpoint that will receive the operator's client, as far as the configuration names it already; `None` where
/// it needs a value that only the callback brings.
pub(crate) fn receiver(inputs: &Inputs<'_>, mode: &OAuth2<'_>) -> Result<Option<url::Url>> {
    match evaluate(&mode.token.url, &inputs.scope())? {
        Text::Unresolved(_) => Ok(None),
        Text::Resolved(_) => url(&mode.token.url, &inputs.scope()).map(Some),
    }
}

/// Refuses imported credentials without a token.
pub(super) fn check(credentials: &Credentials) -> Result<()> {
    if credentials.token.as_ref().is_none_or(|token| token.access.is_empty()) {
        let message = "an access token is missing: send the customer through the authorization flow, or import a token";
        return Err(Error::new(ErrorKind::MissingValue, message));
    }
    Ok(())
}

/// The request that redeems a code.
pub fn redeem(inputs: &Inputs<'_>, mode: &OAuth2<'_>, code: Code<'_>) -> Result<TokenRequest> {
    let mut parameters = Parameters::default();
    parameters.set("grant_type", "authorization_code");
    parameters.set("code", code.text.expose());
    parameters.set("redirect_uri", code.redirect_uri);
    parameters.set_all(mode.token.params, &inputs.scope())?;
    if let Some(verifier) = code.verifier {
        parameters.set("code_verifier", verifier.expose());
    }
    let mut request = with_client(inputs, mode, parameters)?;
    request.secrets.extend([code.text].into_iter().chain(code.verifier).cloned());
    Ok(request)
}

/// The request that redeems the refresh token; `None` if there is none.
pub(super) fn refresh(inputs: &Inputs<'_>, mode: &OAuth2<'_>) -> Result<Option<TokenRequest>> {
    let token = inputs.credentials.token.as_ref();
    let Some(refresh_token) = token.and_then(|token| token.refresh.as_ref()).filter(|token| !token.is_empty()) else {
        return Ok(None);
    };
    let mut parameters = Parameters::default();
    parameters.set("grant_type", "refresh_token");
    parameters.set_all(mode.token.refresh_params, &inputs.scope())?;
    parameters.set("refresh_token", refresh_token.expose());
    with_client(inputs, mode, parameters).map(Some)
}

/// What the endpoint granted.
pub(super) fn granted(mode: &OAuth2<'_>, answer: &Answer, now: Timestamp) -> Result<Granted> {
    let token = &mode.token;
    let shape = Shape { alternate: token.alternate_token_path, metadata: token.response_metadata, ..Shape::default() };
    parse(answer, shape, now)
}

/// The request, with the operator's client behind the other parameters.
fn with_client(inputs: &Inputs<'_>, mode: &OAuth2<'_>, mut parameters: Parameters) -> Result<TokenRequest> {
    let client = client(inputs.integration)?;
    let authorization = prove(mode.token.client_auth, &client, &mut parameters)?;
    finish(inputs, &mode.token, parameters, &client, authorization, Carries::OperatorSecret)
}

/// The operator's client.
fn client(integration: &IntegrationRecord) -> Result<Client<'_>> {
    let key = &integration.key;
    let id = integration.client_id.as_deref().ok_or_else(|| {
        Error::new(ErrorKind::MissingValue, format!("the integration `{key}` has no client id: set it first"))
    })?;
    Ok(Client { id, secret: integration.client_secret.as_ref() })
}
