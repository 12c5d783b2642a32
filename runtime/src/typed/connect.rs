//! Connecting with credentials that a customer typed in.

use crate::client::Keyway;
use crate::connection::{ConfigMap, Connection, ConnectionKey};
use crate::credentials::Credentials;
use crate::error::Result;
use crate::fields::Trust;
use crate::provider::{ConfigKey, CredentialKey, Fields, Provider};
use crate::secret::Secret;
use std::marker::PhantomData;

/// A connection about to be stored.
#[derive(Debug)]
#[must_use = "a connection is stored with `save()`"]
pub struct ConnectRequest<P> {
    keyway: Keyway,
    key: ConnectionKey,
    config: ConfigMap,
    credentials: Credentials,
    provider: PhantomData<fn() -> P>,
}

impl<P: Provider> ConnectRequest<P> {
    pub(super) fn new(keyway: Keyway, key: ConnectionKey, config: ConfigMap) -> ConnectRequest<P> {
        ConnectRequest { keyway, key, config, credentials: Credentials::default(), provider: PhantomData }
    }

    /// Sets an optional configuration field.
    pub fn set(mut self, field: ConfigKey<P>, value: impl Into<String>) -> ConnectRequest<P> {
        self.config.insert(field.name().to_owned(), value.into());
        self
    }

    /// The required credentials.
    pub fn credentials(mut self, credentials: P::Credentials) -> ConnectRequest<P> {
        credentials.each(&mut |name, value| drop(self.credentials.inputs.insert(name.to_owned(), value)));
        self
    }

    /// Sets an optional credential.
    pub fn secret(mut self, field: CredentialKey<P>, value: impl Into<Secret>) -> ConnectRequest<P> {
        self.credentials.inputs.insert(field.name().to_owned(), value.into());
        self
    }

    /// Checks every value against the entry, and stores the connection. The id's earlier connection is replaced.
    pub async fn save(self) -> Result<Connection> {
        let metadata = serde_json::Map::new();
        self.keyway.import(self.key, self.config, metadata, self.credentials, Trust::User).await
    }
}
