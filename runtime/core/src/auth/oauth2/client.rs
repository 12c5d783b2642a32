//! Which client a connection uses: its own, one that was registered for it, or the operator's.
//!
//! Clients are registered in [`crate::auth::registration`].

use crate::auth::exchange::FlowState;
use crate::auth::token_request::Client;
use crate::credentials::Credentials;
use crate::egress::SecretOwner;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::secret::Secret;

/// The customer's own client id, submitted.
pub(in crate::auth) const ID_OVERRIDE: &str = "oauth_client_id_override";
/// The secret of the customer's own client, submitted.
pub(in crate::auth) const SECRET_OVERRIDE: &str = "oauth_client_secret_override";
/// A refresh token of the customer's own, submitted.
pub(in crate::auth) const REFRESH_TOKEN_OVERRIDE: &str = "oauth_refresh_token_override";

/// The id of a client that was registered for the connection, kept with it.
pub(in crate::auth) const REGISTERED_ID: &str = "oauth_client_id";
/// The secret of that client; absent for a public one.
pub(in crate::auth) const REGISTERED_SECRET: &str = "oauth_client_secret";

/// A client and whose it is.
pub(in crate::auth) struct OwnedClient {
    pub(in crate::auth) id: String,
    pub(in crate::auth) secret: Option<Secret>,
    /// Decides where its secret may go.
    pub(in crate::auth) carries: SecretOwner,
}

impl OwnedClient {
    /// The client as a token request takes it.
    pub(in crate::auth) fn borrowed(&self) -> Client<'_> {
        Client { id: &self.id, secret: self.secret.as_ref() }
    }

    /// The key of a client that signs: it stands where others have a secret.
    pub(in crate::auth) fn private_key(&self) -> Result<&Secret> {
        self.secret.as_ref().filter(|key| !key.is_empty()).ok_or_else(|| {
            let message =
                "the client signs and has no private key: set it, as PEM or JSON Web Key, as the client secret";
            Error::new(ErrorKind::MissingValue, message)
        })
    }
}

/// The client of a connection; `kept` is what its flow remembers.
pub(in crate::auth) fn of(inputs: &Inputs<'_>, kept: &FlowState) -> Result<OwnedClient> {
    let credentials = inputs.credentials;
    check(credentials)?;
    if let Some(id) = credentials.input(ID_OVERRIDE) {
        let secret = credentials.input(SECRET_OVERRIDE).cloned();
        return Ok(OwnedClient { id: id.expose().to_owned(), secret, carries: SecretOwner::Customer });
    }
    let registered = |name: &str| kept.get(name).or_else(|| credentials.obtained.get(name));
    if let Some(id) = registered(REGISTERED_ID) {
        let secret = registered(REGISTERED_SECRET).cloned();
        return Ok(OwnedClient { id: id.expose().to_owned(), secret, carries: SecretOwner::Customer });
    }
    let integration = inputs.integration;
    let id = integration.client_id.clone().ok_or_else(|| {
        let message = format!("the integration `{}` has no client id: set it first", integration.key);
        Error::new(ErrorKind::MissingValue, message)
    })?;
    Ok(OwnedClient { id, secret: integration.client_secret.clone(), carries: SecretOwner::Operator })
}

/// The client that was registered for a connection.
pub(in crate::auth) fn kept(kept: &FlowState) -> Result<Client<'_>> {
    let id = kept.get(REGISTERED_ID).ok_or_else(|| {
        Error::new(ErrorKind::ReconnectNeeded, "it is not known which client this connection has: connect again")
    })?;
    Ok(Client { id: id.expose(), secret: kept.get(REGISTERED_SECRET) })
}

/// Refuses half a client: the operator's secret must not be sent with the customer's id, nor the other way round.
pub(crate) fn check(credentials: &Credentials) -> Result<()> {
    let given = |name: &str| credentials.input(name).map(|value| !value.is_empty());
    match (given(ID_OVERRIDE), given(SECRET_OVERRIDE)) {
        (Some(false), _) | (_, Some(false)) => {
            let message = format!("`{ID_OVERRIDE}` or `{SECRET_OVERRIDE}` is empty: leave it out, or give it a value");
            Err(Error::new(ErrorKind::InvalidValue, message))
        }
        (None, Some(true)) => {
            let message = format!("`{SECRET_OVERRIDE}` is the secret of no client: give `{ID_OVERRIDE}` too");
            Err(Error::new(ErrorKind::MissingValue, message))
        }
        _ => Ok(()),
    }
}
