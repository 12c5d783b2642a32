//! A plugin that a customer installs on the vendor's side: the callback names the account, and calls are made as the
//! operator, with the user name and password of the integration.
//!
//! Nothing is exchanged and nothing renewed. The operator's credentials are not copied to the connection: a changed
//! password counts at once, and no connection shows it.

use super::app::{page as installation, unset};
use super::exchange::{Answer, Ask, Callback, Grant, Granted, Page, Step};
use super::method::Method;
use super::place::{self, Header};
use super::refusal;
use crate::connection::ConfigMap;
use crate::credentials::Credentials;
use crate::error::Result;
use crate::inputs::Inputs;
use crate::integration::IntegrationRecord;
use crate::secret::Secret;
use keyway_spec::auth::InstallPlugin;

/// The parameter in which such pages take the state, and give it back.
const STATE: &str = "payload";

impl Method for InstallPlugin {
    fn page(&self, inputs: &Inputs<'_>, ask: Ask<'_>, _: &[Answer]) -> Result<Step<Page>> {
        installation::page(inputs, self.authorization_url.as_ref(), STATE, ask.state)
    }

    fn callback_metadata(&self, callback: &Callback) -> ConfigMap {
        callback.metadata(self.redirect_uri_metadata)
    }

    /// The outcome: nothing that the operator does not have, and nothing at all where the customer said no.
    fn step(&self, inputs: &Inputs<'_>, grant: Grant<'_>, _: &[Answer]) -> Result<Step<Granted>> {
        if let Grant::Returned(returned) = grant
            && let Some(denied) = refusal::denial(returned.callback)
        {
            return Err(denied);
        }
        if !matches!(grant, Grant::Login) {
            account(inputs.integration, inputs.credentials)?;
        }
        Ok(Step::Done(Granted::default()))
    }

    fn headers(&self, inputs: &Inputs<'_>) -> Result<Vec<Header>> {
        place::basic(inputs, || account(inputs.integration, inputs.credentials))
    }

    /// The account of calls is the operator's.
    fn carries_operator_secret(&self, _: &Inputs<'_>) -> bool {
        true
    }
}

/// The user name and password of calls: the connection's own, where it was imported with such, else the operator's.
fn account<'a>(integration: &'a IntegrationRecord, credentials: &'a Credentials) -> Result<(&'a Secret, &'a Secret)> {
    if let (Some(username), Some(password)) = (credentials.input("username"), credentials.input("password")) {
        return Ok((username, password));
    }
    let set = |name: &str| integration.custom.get(name).filter(|value| !value.is_empty());
    Ok((
        set("username").ok_or_else(|| unset(integration, "the plugin's user name as `custom.username`"))?,
        set("password").ok_or_else(|| unset(integration, "the plugin's password as `custom.password`"))?,
    ))
}
