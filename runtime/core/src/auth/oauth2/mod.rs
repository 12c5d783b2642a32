//! OAuth 2.0 authorization code (RFC 6749 section 4.1) with PKCE (RFC 7636), and its refresh (section 6).
//!
//! The client is the operator's, unless the connection has one of its own: the operator's goes only where an operator's
//! secret may go. The parts are shared with the other modes that have a code flow.

pub(super) mod authorize;
pub(super) mod client;
pub mod connection_overrides;
mod custom_request;
mod custom_response;
pub mod introspection;
mod progress;
pub(super) mod quirks;
mod redeemed;
pub mod revocation;
mod second_token;

use super::client_assertion;
use super::exchange::{Answer, Ask, Callback, FlowState, Grant, Granted, Page, Step};
use super::method::Method;
use super::token_request::{Parameters, url};
use crate::clock::Timestamp;
use crate::connection::ConfigMap;
use crate::credentials::Credentials;
use crate::egress::SecretOwner;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::integration::IntegrationRecord;
use crate::planned::PlannedUrl;
use crate::secret::Secret;
use crate::template::{Text, evaluate};
use client::OwnedClient;
pub(crate) use client::check as check_client;
pub(super) use client::{ID_OVERRIDE, SECRET_OVERRIDE};
use keyway_spec::ProviderSpec;
use keyway_spec::auth::{ClientAuth, OAuth2, TokenEndpoint};
use keyway_spec::quirks::{GrantType, Quirks};
pub(super) use redeemed::{code, refresh_token};
pub use second_token::expires_at as second_expires_at;

impl Method for OAuth2 {
    fn check(&self, credentials: &Credentials) -> Result<()> {
        check(credentials)
    }

    fn check_integration(&self, integration: &IntegrationRecord) -> Result<()> {
        if self.token.client_auth != ClientAuth::PrivateKeyJwt {
            return Ok(());
        }
        client_assertion::check_integration(integration)?;
        let key = integration.client_secret.as_ref();
        key.map_or(Ok(()), |key| client_assertion::check_key(key, integration))
    }

    /// Where the browser is sent.
    fn page(&self, inputs: &Inputs<'_>, ask: Ask<'_>, _: &[Answer]) -> Result<Step<Page>> {
        let client = client::of(inputs, &FlowState::new())?;
        let token_endpoint = token_endpoint(inputs, &self.token, &client)?;
        connection_overrides::check_taken(inputs.config, &authorize::taken(inputs, &self.authorization)?)?;
        let overrides = |parameters: &mut Parameters| {
            let names = inputs.spec.quirks.map_or(&[][..], |quirks| quirks.authorization_config_params);
            for name in names {
                if let Some(value) = inputs.config.get(*name).filter(|value| !value.is_empty()) {
                    parameters.set(name, value.as_str());
                }
            }
            connection_overrides::apply(inputs.config, parameters);
        };
        let url = authorize::url(inputs, &self.authorization, &client.id, ask, overrides)?;
        Ok(Step::Done(Page { url, token_endpoint, kept: FlowState::new() }))
    }

    fn callback_metadata(&self, callback: &Callback) -> ConfigMap {
        callback.metadata(self.authorization.redirect_uri_metadata)
    }

    fn step(&self, inputs: &Inputs<'_>, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
        let client = client::of(inputs, &FlowState::new())?;
        step(inputs, self, &client, grant, answers).map_err(|error| match (answers, client.private_key()) {
            ([answer], Ok(key)) if self.token.client_auth == ClientAuth::PrivateKeyJwt => {
                client_assertion::explain(error, key, inputs.integration, answer)
            }
            _ => error,
        })
    }

    fn can_refresh(&self, spec: &ProviderSpec, credentials: &Credentials) -> bool {
        quirks::can_refresh(spec, credentials)
    }

    fn refresh_is_single_use(&self, spec: &ProviderSpec, _: &Credentials, _: Timestamp) -> bool {
        let also = spec.quirks.map_or(&[][..], |quirks| quirks.also);
        let mut grants = also.iter().map(|second| second.request.grant).chain([quirks::refreshed_by(spec)]);
        grants.any(|grant| grant == GrantType::RefreshToken)
    }

    fn successor(&self, inputs: &Inputs<'_>, answers: &[Answer]) -> Option<Secret> {
        quirks::successor(inputs, self, inputs.spec.quirks?, answers)
    }
}

/// Refuses imported credentials without a token.
pub(super) fn check(credentials: &Credentials) -> Result<()> {
    client::check(credentials)?;
    if credentials.token.as_ref().is_none_or(|token| token.access.is_empty()) {
        let message = "an access token is missing: send the customer through the authorization flow, or import a token";
        return Err(Error::new(ErrorKind::MissingValue, message));
    }
    Ok(())
}

/// The next request of a code flow, or what was granted, as the entry's quirks have it; most entries have none.
pub(super) fn step(
    inputs: &Inputs<'_>,
    mode: &OAuth2,
    client: &OwnedClient,
    grant: Grant<'_>,
    answers: &[Answer],
) -> Result<Step<Granted>> {
    quirks::step(inputs, mode, inputs.spec.quirks.unwrap_or(&Quirks::EMPTY), client, grant, answers)
}

/// The endpoint that will receive the operator's client, as far as the configuration names it already; `None` where
/// it needs a value that only the callback brings, or where no secret of the operator is sent.
pub(super) fn token_endpoint(
    inputs: &Inputs<'_>,
    endpoint: &TokenEndpoint,
    client: &OwnedClient,
) -> Result<Option<PlannedUrl>> {
    if client.carries != SecretOwner::Operator {
        return Ok(None);
    }
    match evaluate(&endpoint.url, &inputs.scope())? {
        Text::Unresolved(_) => Ok(None),
        Text::Resolved(_) => url(&endpoint.url, &inputs.scope()).map(PlannedUrl).map(Some),
    }
}

#[cfg(test)]
mod tests;
