//! Connections: imported, read, renewed, listed.
//!
//! Values are checked here, by the entry's own fields, for every caller. The redirect flow stands in
//! [`super::authorize`], the end of a connection in [`super::disconnect`].

use super::connect::{Verification, blank};
use super::keyway::Keyway;
use crate::auth::{self, exchange::Grant};
use crate::connection::{ConfigMap, Connection, ConnectionKey, check, metadata};
use crate::credentials::Credentials;
#[cfg(doc)]
use crate::error::ErrorKind;
use crate::error::Result;
use crate::fields::Trust;
use crate::names;
use crate::refresh::RefreshIf;
use crate::store::{ConnectionListing, ConnectionQuery};
use crate::transport::certified;
use serde_json::{Map, Value};

/// How a connection is made from what was submitted.
#[derive(Clone, Copy)]
pub(super) struct Creation<'a> {
    /// The party that submitted it.
    pub(super) trust: Trust,
    pub(super) verification: Verification,
    /// The ticket of the connect session that it uses up.
    pub(super) session: Option<&'a str>,
}

impl Keyway {
    /// Creates or replaces a connection from what was submitted: an API key, a user name and password, a client, or a
    /// token that was obtained elsewhere. If the mode obtains a token from these without a person, this does so now;
    /// if the entry says how to verify them, nothing is stored that the provider does not confirm.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # let keyway = acme::keyway();
    /// use keyway::connection::{ConfigMap, Trust};
    /// use keyway::{ConnectionKey, Credentials};
    ///
    /// let key = ConnectionKey::new("acme", "customer-42");
    /// let credentials = Credentials::api_key("a-customers-key");
    /// let metadata = serde_json::Map::new();
    /// let connection = keyway.import(key, ConfigMap::new(), metadata, credentials, Trust::User).await?;
    /// assert_eq!(connection.key.id, "customer-42");
    /// # Ok(())
    /// # });
    /// ```
    pub async fn import(
        &self,
        key: ConnectionKey,
        config: ConfigMap,
        metadata: Map<String, Value>,
        credentials: Credentials,
        trust: Trust,
    ) -> Result<Connection> {
        let keyway = self.clone();
        let how = Creation { trust, verification: Verification::Ask, session: None };
        let work = async move { keyway.create(key, config, metadata, credentials, how).await };
        self.inner.sign_ins.to_its_end(Box::pin(work)).await
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
        let how = Creation { trust: Trust::Operator, verification: Verification::Skip, session: None };
        let work = async move { keyway.create(key, config, metadata, credentials, how).await };
        self.inner.sign_ins.to_its_end(Box::pin(work)).await
    }

    pub(super) async fn create(
        &self,
        key: ConnectionKey,
        config: ConfigMap,
        metadata: Map<String, Value>,
        credentials: Credentials,
        how: Creation<'_>,
    ) -> Result<Connection> {
        names::check("the connection's id", &key.id)?;
        metadata::check(&metadata)?;
        let engine = self.engine();
        let (integration, spec) = engine.integration(&key.integration).await?;
        let config = check::config(spec, config, how.trust)?;
        let credentials = check::credentials(spec, &integration, credentials, how.trust)?;
        if let Some(identity) = auth::submitted_identity(spec, &credentials)? {
            certified(&identity).map_err(|error| error.provider(spec.key))?;
        }
        let mut connection = blank(engine, key, spec, config).metadata(metadata).credentials(credentials);
        if !auth::persistent_config(spec).is_empty()
            && let Some(old) = engine.store().await?.connection(&connection.key).await?
        {
            let lasting =
                old.config.into_iter().filter(|(name, _)| auth::persistent_config(spec).contains(&name.as_str()));
            connection.config.extend(lasting);
        }
        let obtains = auth::exchanges_at_once(spec) && connection.credentials.token.is_none();
        let account = engine.account((integration, spec), connection);
        self.connect(account, obtains.then_some(Grant::Login), how.verification, how.session).await
    }

    /// A connection with valid credentials, renewed if that is due. If the token is still valid, this waits less than
    /// a second for its renewal, then returns the old token while the renewal continues.
    pub async fn fetch(&self, key: &ConnectionKey) -> Result<Connection> {
        self.inner.refresher.shown(key).await
    }

    /// A connection with renewed credentials, due or not. If there is nothing to renew, the connection as it is.
    pub async fn refresh(&self, key: &ConnectionKey) -> Result<Connection> {
        self.inner.refresher.connection(key, RefreshIf::Forced).await
    }

    /// Replaces a connection's metadata and leaves everything else as it is, also where a renewal runs at the same
    /// moment. An empty map clears it.
    ///
    /// [`ErrorKind::InvalidValue`] for more than 64 KiB as JSON, or values that are nested a hundred deep;
    /// [`ErrorKind::UnknownConnection`] where there is none.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # let keyway = acme::connected().await?;
    /// use keyway::ConnectionKey;
    ///
    /// let plan = serde_json::Map::from_iter([("plan".to_owned(), "pro".into())]);
    /// let connection = keyway.set_metadata(&ConnectionKey::new("acme", "customer-42"), plan).await?;
    /// assert_eq!(connection.metadata["plan"], "pro");
    /// # Ok(())
    /// # });
    /// ```
    pub async fn set_metadata(&self, key: &ConnectionKey, metadata: Map<String, Value>) -> Result<Connection> {
        metadata::check(&metadata)?;
        let engine = self.engine();
        // One that is not there is what the reading says.
        engine.store().await?.set_metadata(key, metadata).await?;
        engine.connection(key).await
    }

    /// A page of connections, in the order of their keys; never a credential.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # let keyway = acme::connected().await?;
    /// use keyway::ConnectionQuery;
    ///
    /// let working = ConnectionQuery::first(100).integration("acme").reconnect_needed(false);
    /// let page = keyway.list_connections(working).await?;
    /// assert_eq!(page[0].key.id, "customer-42");
    /// if let Some(last) = page.last() {
    ///     let next = ConnectionQuery::first(100).integration("acme").after(last.key.clone());
    ///     assert!(keyway.list_connections(next).await?.is_empty());
    /// }
    /// # Ok(())
    /// # });
    /// ```
    pub async fn list_connections(&self, query: ConnectionQuery) -> Result<Vec<ConnectionListing>> {
        self.engine().store().await?.connections(query).await
    }
}
