//! Connections: imported, read, renewed, listed, deleted.
//!
//! Values are checked here by the entry's own fields, for every caller. The redirect flow is in [`super::authorize`]
//! and [`super::finish`].

use super::{Keyway, running, verify};
use crate::auth::{self, exchange::Grant};
use crate::connection::accept::accept;
use crate::connection::{ConfigMap, Connection, ConnectionKey, RefreshState, check};
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::fields::Trust;
use crate::integration::IntegrationRecord;
use crate::names;
use crate::parts::{Parts, inputs};
use crate::pipeline::token::exchange;
use crate::refresh::{self, Want};
use crate::store::ConnectionListing;
use keyway_spec::ProviderSpec;
use serde_json::{Map, Value};
use std::sync::Arc;

/// How often a write is tried again because another one came first.
const MOST_WRITES: usize = 8;

/// How a connection is made from what was submitted.
#[derive(Clone, Copy)]
pub(super) struct Creation<'a> {
    /// The party that submitted it.
    pub(super) trust: Trust,
    /// Whether the provider has to confirm it.
    pub(super) proved: bool,
    /// The ticket of the connect session that it uses up.
    pub(super) session: Option<&'a str>,
}

impl Keyway {
    /// Creates or replaces a connection from what was submitted: an API key, a user name and password, a client, or a
    /// token that was obtained elsewhere. If the mode obtains a token from these without a person, this does so now;
    /// if the entry says how to verify them, nothing is stored that the provider does not confirm.
    pub async fn import(
        &self,
        key: ConnectionKey,
        config: ConfigMap,
        metadata: Map<String, Value>,
        credentials: Credentials,
        trust: Trust,
    ) -> Result<Connection> {
        let keyway = self.clone();
        let how = Creation { trust, proved: true, session: None };
        let work = async move { keyway.create(key, config, metadata, credentials, how).await };
        running::to_its_end(&self.parts, Box::pin(work)).await
    }

    /// Like [`Keyway::import`], without verifying the credentials: for an operator who migrates working connections.
    pub async fn import_unverified(
        &self,
        key: ConnectionKey,
        config: ConfigMap,
        metadata: Map<String, Value>,
        credentials: Credentials,
    ) -> Result<Connection> {
        let keyway = self.clone();
        let how = Creation { trust: Trust::Operator, proved: false, session: None };
        let work = async move { keyway.create(key, config, metadata, credentials, how).await };
        running::to_its_end(&self.parts, Box::pin(work)).await
    }

    pub(super) async fn create(
        &self,
        key: ConnectionKey,
        config: ConfigMap,
        metadata: Map<String, Value>,
        credentials: Credentials,
        how: Creation<'_>,
    ) -> Result<Connection> {
        let Creation { trust, proved, session } = how;
        names::check("the connection's id", &key.id)?;
        let (integration, spec) = self.parts.integration(&key.integration).await?;
        let config = check::config(spec, config, trust)?;
        let credentials = check::credentials(spec, &integration, credentials, trust)?;
        let now = self.parts.clock.now();
        let mut connection = Connection {
            key,
            provider: spec.key.to_owned(),
            config,
            metadata,
            credentials,
            refresh: RefreshState::default(),
            created_at: now,
            updated_at: now,
            epoch: 0,
        };
        if !auth::lasting(spec).is_empty()
            && let Some(old) = self.parts.store().await?.connection(&connection.key).await?
        {
            let lasting = old.config.into_iter().filter(|(name, _)| auth::lasting(spec).contains(&name.as_str()));
            connection.config.extend(lasting);
        }
        if auth::exchanges_at_once(spec) && connection.credentials.token.is_none() {
            let moment = self.parts.moment()?;
            let inputs = inputs(spec, &integration, &connection, &moment);
            let step = |answers: &[_]| auth::step(&inputs, Grant::Login, answers);
            let granted = exchange(&self.parts, spec, &integration, step).await?;
            accept(spec, &mut connection, granted, self.parts.clock.now());
        }
        if proved {
            verify::before(&self.parts, spec, &integration, &mut connection).await?;
        }
        let claimed = self.claim(session).await?;
        let kept = keep(&self.parts, spec, &integration, connection).await;
        if kept.is_err() {
            self.restore(claimed).await;
        }
        kept
    }

    /// A connection with valid credentials, renewed if that is due. If the token is still valid, this waits less than
    /// a second for its renewal, then returns the old token while the renewal continues.
    pub async fn fetch(&self, key: &ConnectionKey) -> Result<Connection> {
        refresh::shown(&self.parts, key).await
    }

    /// A connection with renewed credentials, due or not. If there is nothing to renew, the connection as it is.
    pub async fn refresh(&self, key: &ConnectionKey) -> Result<Connection> {
        refresh::connection(&self.parts, key, Want::Renewed).await
    }

    /// The connections after a key, in order, at most `limit`; never a credential.
    pub async fn list_connections(
        &self,
        after: Option<&ConnectionKey>,
        limit: usize,
    ) -> Result<Vec<ConnectionListing>> {
        self.parts.store().await?.connections(after, limit).await
    }

    /// Removes a connection, after the entry's hook for that; false if there is none.
    pub async fn delete_connection(&self, key: &ConnectionKey) -> Result<bool> {
        if let Ok(mut connection) = self.parts.connection(key).await {
            let (integration, spec) = self.parts.integration(&key.integration).await?;
            verify::before_deletion(&self.parts, spec, &integration, &mut connection).await;
        }
        self.parts.store().await?.delete_connection(key).await
    }
}

/// Writes a connection that was just made, and runs the entry's hook for that. What the hook learns is written too,
/// unless something else about the connection changed meanwhile.
pub(super) async fn keep(
    parts: &Arc<Parts>,
    spec: &'static ProviderSpec,
    integration: &IntegrationRecord,
    connection: Connection,
) -> Result<Connection> {
    let mut kept = replace(parts, connection).await?;
    let before = kept.config.clone();
    verify::after(parts, spec, integration, &mut kept).await;
    if kept.config == before {
        return Ok(kept);
    }
    match parts.store().await?.put_connection(kept.clone(), Some(kept.epoch)).await {
        Err(error) if error.kind() == ErrorKind::Conflict => parts.connection(&kept.key).await,
        epoch => Ok(Connection { epoch: epoch?, ..kept }),
    }
}

/// Writes a connection over whatever is stored under its key. Reconnecting keeps the metadata unless there is new.
pub(super) async fn replace(parts: &Parts, mut connection: Connection) -> Result<Connection> {
    let store = parts.store().await?;
    for _ in 0..MOST_WRITES {
        let old = store.connection(&connection.key).await?;
        let expected = old.as_ref().map(|old| old.epoch);
        if let Some(old) = old {
            connection.created_at = old.created_at;
            if connection.metadata.is_empty() {
                connection.metadata = old.metadata;
            }
        }
        match store.put_connection(connection.clone(), expected).await {
            Err(error) if error.kind() == ErrorKind::Conflict => {}
            outcome => return Ok(Connection { epoch: outcome?, ..connection }),
        }
    }
    Err(Error::new(ErrorKind::Conflict, "the connection is being changed too often: try again").stage(Stage::Store))
}
