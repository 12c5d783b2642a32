//! An app that a customer installs: the vendor knows the installation by number, the operator's key speaks for the app.
//!
//! The installation page sends the browser back with `installation_id`. A short JWT, signed with the app's private key,
//! is exchanged for the installation's token; a renewal asks again, so nothing is single-use.
//!
//! A callback proves that this browser began the flow. Not that the person at it may speak for the installation
//! it names; a vendor that offers the user's own token answers that ([`super::custom`]).
//!
//! The user's token is the mode `CUSTOM`'s ([`super::custom`]). Not supported: the vendor's webhooks.

mod jwt;
pub(super) mod page;

use super::exchange::{Answer, Ask, Callback, Grant, Granted, Page, Step};
use super::method::Method;
use super::refusal;
use super::token_request::{TokenRequest, url};
use super::token_response::{ResponseLayout, parse};
use crate::connection::ConfigMap;
use crate::egress::SecretOwner;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::integration::IntegrationRecord;
use crate::secret::Secret;
use keyway_spec::Template;
use keyway_spec::auth::App;

impl Method for App {
    fn check_integration(&self, integration: &IntegrationRecord) -> Result<()> {
        check_key(integration.client_secret.as_ref())
    }

    /// The installation page. An app without its settings is refused before a customer is sent there.
    fn page(&self, inputs: &Inputs<'_>, ask: Ask<'_>, _: &[Answer]) -> Result<Step<Page>> {
        identity(inputs.integration)?;
        page::page(inputs, Some(&self.authorization_url), "state", ask.state)
    }

    fn callback_metadata(&self, callback: &Callback) -> ConfigMap {
        callback.metadata(&[INSTALLATION])
    }

    fn step(&self, inputs: &Inputs<'_>, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
        if let Some(answer) = answers.first() {
            return granted(answer).map(Step::Done);
        }
        if let Grant::Returned(returned) = grant {
            installed(returned.callback)?;
        }
        token_request(inputs, &self.token_url, identity(inputs.integration)?).map(Step::send)
    }
}

/// The callback parameter that names the installation.
pub(super) const INSTALLATION: &str = "installation_id";

/// Who the app is: its id and its private key, both the operator's.
#[derive(Clone, Copy)]
pub(super) struct Identity<'a> {
    pub(super) id: &'a str,
    pub(super) key: &'a Secret,
}

/// The app of an integration whose client is the app itself.
pub(super) fn identity(integration: &IntegrationRecord) -> Result<Identity<'_>> {
    let id = integration.client_id.as_deref().filter(|id| !id.is_empty());
    let key = integration.client_secret.as_ref().filter(|key| !key.is_empty());
    Ok(Identity {
        id: id.ok_or_else(|| unset(integration, "the app id as `client_id`"))?,
        key: key.ok_or_else(|| unset(integration, "the app's private key as `client_secret`"))?,
    })
}

/// Refuses a key that is none.
pub(super) fn check_key(key: Option<&Secret>) -> Result<()> {
    key.map_or(Ok(()), |key| jwt::key(key).map(|_| ()))
}

/// Refuses a callback without an installation, and says why there is none.
pub(super) fn installed(callback: &Callback) -> Result<()> {
    let refused = |message: &str| Err(Error::new(ErrorKind::AuthorizationDenied, message));
    if callback.get("setup_action") == Some("request") {
        return refused("the installation was requested and not made: connect again when an owner has approved it");
    }
    match (refusal::denial(callback), callback.get(INSTALLATION)) {
        (Some(denied), _) => Err(denied),
        (None, Some(_)) => Ok(()),
        (None, None) => refused("the callback names no installation: install the app, or start again"),
    }
}

/// The request for the installation's token. The installation is in the configuration, which the URL names.
pub(super) fn token_request(inputs: &Inputs<'_>, at: &Template, app: Identity<'_>) -> Result<TokenRequest> {
    let proof = jwt::signed(app, inputs.moment.now)?;
    let mut request = TokenRequest::post(url(at, &inputs.scope())?, SecretOwner::Operator);
    request.set_header("content-type", "application/json");
    request.set_header("authorization", format!("Bearer {}", proof.expose()));
    request.body = "{}".into();
    let integration = inputs.integration;
    let own = integration.client_secret.iter().chain(integration.custom.values()).chain(inputs.credentials.secrets());
    request.secrets = own.cloned().chain([proof]).collect();
    Ok(request)
}

/// The installation's token.
pub(super) fn granted(answer: &Answer) -> Result<Granted> {
    let granted = parse(answer, ResponseLayout { fallbacks: &["token"], ..ResponseLayout::default() })?;
    // Other values in the answer do not renew anything: the app's key does.
    Ok(Granted { token: granted.token.map(|token| crate::credentials::Token { refresh: None, ..token }), ..granted })
}

pub(super) fn unset(integration: &IntegrationRecord, what: &str) -> Error {
    Error::new(ErrorKind::MissingValue, format!("the integration `{}` lacks {what}: set it first", integration.key))
}

#[cfg(test)]
mod tests;
