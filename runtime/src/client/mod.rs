//! [`Keyway`]: what programs and the server hold.
//!
//! Cheap to clone. Its methods are grouped by what they are about: integrations here, [`connections`], the redirect
//! flow in [`authorize`], connections that begin on the vendor's side in [`outbound`], connect sessions in [`session`],
//! calls in [`calls`], lists in [`pages`], and the typed layer in [`typed`].
//!
//! What proves a credential, and the hooks of an entry, are in [`verify`]; what methods of `#[api]` traits call, in
//! [`endpoint`].
//!
//! Absent here: decisions. Each method checks what it is given and hands it on.

mod answer;
mod authorize;
mod builder;
mod calls;
mod connections;
mod document;
pub(crate) mod endpoint;
mod outbound;
mod pages;
mod session;
mod typed;
mod verify;

pub use authorize::{Authorize, Started};
pub use builder::Builder;
pub use endpoint::CallError;
pub use pages::Pages;
pub use session::Session;
pub use typed::{Begin, Client, Connect, Request, TypedIntegration};

use crate::auth;
use crate::catalogue::Catalogue;
use crate::egress::OwnedPattern;
use crate::error::{Error, ErrorKind, Result};
use crate::fields::{self, Trust};
use crate::integration::IntegrationRecord;
use crate::parts::Parts;
use crate::store::Store;
use std::sync::Arc;

/// Integrations, connections and authenticated calls.
#[derive(Clone, Debug)]
pub struct Keyway {
    parts: Arc<Parts>,
}

impl Keyway {
    /// Starts with a memory store, no provider, the production transport and the machine's clock.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The providers.
    pub fn catalogue(&self) -> &Catalogue {
        &self.parts.catalogue
    }

    /// The store. Integrations that were set up in code are written to it on the first use of anything else here.
    pub fn store(&self) -> &dyn Store {
        &*self.parts.store
    }

    /// Waits until no renewal is running, also none whose caller has left: for a program that is about to end. A
    /// renewal that is cut off leaves a token that may have been redeemed. It is over within about a minute; a program
    /// that cannot wait so long sets a limit of its own.
    pub async fn settled(&self) {
        self.parts.flights.settled().await;
    }

    /// Adds an integration.
    pub async fn create_integration(&self, record: IntegrationRecord) -> Result<()> {
        self.parts.store().await?.insert_integration(checked(&self.parts, record)?).await
    }

    /// Replaces the integration `key`; a new key in the record renames it, and its connections follow.
    pub async fn update_integration(&self, key: &str, record: IntegrationRecord) -> Result<()> {
        self.parts.store().await?.update_integration(key, checked(&self.parts, record)?).await
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
