//! [`Keyway`]: what programs and the server hold.
//!
//! Cheap to clone. Its methods are grouped by what they are about: integrations here, [`connections`], the redirect
//! flow in [`authorize`] and [`finish`], connections that begin on the vendor's side in [`outbound`], connect sessions
//! in [`session`], calls in [`calls`], lists in [`pages`], and the typed layer in [`typed`]. They share one-time values
//! ([`tickets`]) and work that outlives its caller ([`running`]); [`redirect_uri`] says what operators register.
//!
//! What proves a credential, and the hooks of an entry, are in [`verify`]; what methods of `#[api]` traits call, in
//! [`endpoint`].
//!
//! Each method checks what it is given and hands it on.

mod answer;
mod authorize;
mod builder;
mod calls;
mod connections;
mod document;
pub(crate) mod endpoint;
mod finish;
mod outbound;
mod pages;
mod redirect_uri;
pub(crate) mod running;
mod session;
mod shape;
mod tickets;
mod typed;
mod verify;

pub use authorize::{Authorize, Started};
pub use builder::Builder;
pub use endpoint::CallError;
pub use pages::Pages;
pub use redirect_uri::RedirectUri;
pub use session::Session;
pub use typed::{Begin, Client, Connect, Request, TypedIntegration};

use crate::auth;
use crate::catalogue::Catalogue;
use crate::clock::Clock;
use crate::egress::{EgressPolicy, OwnedPattern};
use crate::error::{Error, ErrorKind, Result};
use crate::fields::{self, Trust};
use crate::integration::{IntegrationRecord, new_id};
use crate::names;
use crate::parts::Parts;
use crate::store::Store;
use std::sync::Arc;

/// How often a change is repeated because another one came first.
const MAX_CHANGES: u32 = 16;

/// Integrations, connections and authenticated calls.
#[derive(Clone, Debug)]
pub struct Keyway {
    parts: Arc<Parts>,
}

impl Keyway {
    /// Starts a builder: a memory store, no provider, the production transport and the system clock.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The providers.
    pub fn catalogue(&self) -> &Catalogue {
        &self.parts.catalogue
    }

    /// What is allowed beyond public hosts and HTTPS.
    pub fn egress_policy(&self) -> &EgressPolicy {
        &self.parts.policy
    }

    /// The source of time.
    pub fn clock(&self) -> &dyn Clock {
        &*self.parts.clock
    }

    /// The store. Integrations that were set up in code are written to it when any other method is first used.
    pub fn store(&self) -> &dyn Store {
        &*self.parts.store
    }

    /// Waits until no renewal and no sign-in is running, including those whose caller has left: call it before the
    /// program ends, because a renewal that is cut off may have used up its refresh token. It takes about a minute at
    /// most; a program that cannot wait that long sets its own timeout.
    pub async fn settled(&self) {
        running::idle(&self.parts).await;
        self.parts.flights.settled().await;
    }

    /// Adds an integration. It gets an id, unless the record has one: an integration that moves here from another
    /// store keeps its id, and with it its redirect URI.
    pub async fn create_integration(&self, record: IntegrationRecord) -> Result<()> {
        let mut record = checked(&self.parts, record)?;
        names::check("the key of the integration", &record.key)?;
        if record.id.is_empty() {
            record.id = new_id(&*self.parts.clock)?;
        }
        names::check("the id of the integration", &record.id)?;
        self.parts.store().await?.insert_integration(record).await
    }

    /// Replaces the integration `key`, whatever it is by now; a new key in the record renames it, and its connections
    /// follow. Its id stays. [`Keyway::change_integration`] is for changing a part of it.
    pub async fn update_integration(&self, key: &str, record: IntegrationRecord) -> Result<()> {
        let store = self.parts.store().await?;
        let record = replacement(&self.parts, key, record, store.integration(key).await?.as_ref())?;
        store.update_integration(key, record, None).await
    }

    /// Changes the integration `key` and returns the new record. If another writer came first, `change` is called
    /// again with the record as it is then, so it must depend on its argument only; after too many such conflicts the
    /// error is [`ErrorKind::Conflict`]. No change is lost either way.
    pub async fn change_integration<E: From<Error>>(
        &self,
        key: &str,
        mut change: impl FnMut(&mut IntegrationRecord) -> std::result::Result<(), E>,
    ) -> std::result::Result<IntegrationRecord, E> {
        let store = self.parts.store().await?;
        let mut attempt = 0;
        loop {
            let before = self.get_integration(key).await?;
            let mut record = before.clone();
            change(&mut record)?;
            let record = replacement(&self.parts, key, record, Some(&before))?;
            attempt += 1;
            match store.update_integration(key, record.clone(), Some(before)).await {
                Err(error) if error.kind() == ErrorKind::Conflict && attempt < MAX_CHANGES => {}
                outcome => return Ok(outcome.map(|()| record)?),
            }
        }
    }

    /// An integration.
    pub async fn get_integration(&self, key: &str) -> Result<IntegrationRecord> {
        self.parts.integration(key).await.map(|(record, _)| record)
    }

    /// All integrations, by key.
    pub async fn list_integrations(&self) -> Result<Vec<IntegrationRecord>> {
        self.parts.store().await?.integrations().await
    }

    /// Removes an integration and its connections; false if there is none.
    pub async fn delete_integration(&self, key: &str) -> Result<bool> {
        self.parts.store().await?.delete_integration(key).await
    }
}

/// Refuses an integration that no connection could use.
/// What replaces an integration that is `stored` under `key`.
fn replacement(
    parts: &Parts,
    key: &str,
    mut record: IntegrationRecord,
    stored: Option<&IntegrationRecord>,
) -> Result<IntegrationRecord> {
    let spec = parts.catalogue.require(&record.provider)?;
    // One that shared the plain redirect URI from before there were others does not, where a customer names the server.
    if record.shared_redirect_uri && auth::issuer::is_customers(spec) {
        record.shared_redirect_uri = !stored.is_some_and(|stored| stored.shared_redirect_uri);
    }
    let record = checked(parts, record)?;
    if record.key != key {
        names::check("the key of the integration", &record.key)?;
    }
    Ok(record)
}

fn checked(parts: &Parts, mut record: IntegrationRecord) -> Result<IntegrationRecord> {
    let spec = parts.catalogue.require(&record.provider)?;
    if record.key.is_empty() {
        record.key.clone_from(&record.provider);
    }
    for host in &record.allowed_hosts {
        OwnedPattern::parse(host).map_err(|reason| {
            Error::new(ErrorKind::InvalidValue, format!("`{host}` is no allowed host: {reason}")).provider(spec.key)
        })?;
    }
    if record.shared_redirect_uri && auth::issuer::is_customers(spec) {
        let message = "a customer names the authorization server of this provider, so its integrations have a redirect \
                       URI for each server and cannot share one: leave `shared_redirect_uri` out";
        return Err(Error::new(ErrorKind::InvalidValue, message).provider(spec.key));
    }
    auth::check_integration(spec, &record)?;
    let declared = |name: &String| spec.integration_config.iter().any(|field| field.name == name);
    let (known, free) = std::mem::take(&mut record.custom).into_iter().partition(|(name, _)| declared(name));
    record.custom = free;
    if !spec.integration_config.is_empty() {
        let known = fields::validate(spec.integration_config, &known, Trust::Operator);
        record.custom.extend(known.map_err(|error| error.provider(spec.key))?);
    }
    Ok(record)
}
