//! A plugin that a customer installs on the vendor's side: the callback names the account, and calls are made as the
//! operator, with the user name and password of the integration.
//!
//! Nothing is exchanged and nothing renewed. The operator's credentials are not copied to the connection: a changed
//! password counts at once, and no connection shows it. The header is the one of `BASIC`.

use super::app::{page as installation, unset};
use super::exchange::{Ask, Grant, Granted, Page, Step};
use crate::credentials::Credentials;
use crate::error::Result;
use crate::inputs::Inputs;
use crate::integration::IntegrationRecord;
use crate::secret::Secret;
use keyway_spec::auth::InstallPlugin;

/// The parameter in which such pages take the state, and give it back.
const STATE: &str = "payload";

/// The page on which the plugin is installed.
pub(super) fn page(inputs: &Inputs<'_>, mode: &InstallPlugin, ask: Ask<'_>) -> Result<Step<Page>> {
    installation::page(inputs, mode.authorization_url.as_ref(), STATE, ask.state)
}

/// What was granted: nothing that the operator does not have, and nothing at all where the customer said no.
pub(super) fn step(inputs: &Inputs<'_>, grant: Grant<'_>) -> Result<Step<Granted>> {
    if let Grant::Returned(returned) = grant
        && let Some(denied) = returned.callback.denial()
    {
        return Err(denied);
    }
    if !matches!(grant, Grant::Login) {
        account(inputs.integration, inputs.credentials)?;
    }
    Ok(Step::Done(Granted::default()))
}

/// The user name and password of calls: the connection's own, where it was imported with such, else the operator's.
pub(crate) fn account<'a>(
    integration: &'a IntegrationRecord,
    credentials: &'a Credentials,
) -> Result<(&'a Secret, &'a Secret)> {
    if let (Some(username), Some(password)) = (credentials.input("username"), credentials.input("password")) {
        return Ok((username, password));
    }
    let set = |name: &str| integration.custom.get(name).filter(|value| !value.is_empty());
    Ok((
        set("username").ok_or_else(|| unset(integration, "the plugin's user name as `custom.username`"))?,
        set("password").ok_or_else(|| unset(integration, "the plugin's password as `custom.password`"))?,
    ))
}
