//! What the acting modules share: store, catalogue, transport, clock, limits.
//!
//! Made once by the builder and never changed. It looks records up, keeps accounts in memory ([`cache`]) and decides
//! nothing; it knows no hook, no renewal and no sign-in that is running.

mod accounts;
mod cache;
#[cfg(test)]
mod tests;
mod turns;
mod writes;

pub(crate) use cache::{Cache, CacheLimits};
pub(crate) use turns::Turns;
pub(crate) use writes::NotedWrites;

use crate::catalogue::Catalogue;
use crate::clock::{Clock, Moment};
use crate::connection::{Connection, ConnectionKey};
use crate::egress::EgressPolicy;
use crate::error::{Error, ErrorKind, Result};
use crate::integration::{self, IntegrationRecord};
use crate::store::Store;
use crate::transport::Transport;
use keyway_spec::ProviderSpec;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;

/// Shared by every clone of a [`crate::Keyway`] and by the tasks that outlive their callers.
#[derive(Debug)]
pub(crate) struct Engine {
    /// Writes to it are noted in `cache`, where there is one.
    pub(crate) store: Arc<dyn Store>,
    /// The accounts that are kept in memory; `None` where none are.
    pub(crate) cache: Option<Arc<Cache>>,
    pub(crate) catalogue: Catalogue,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) policy: EgressPolicy,
    /// The longest time that a call may wait between its tries, in all.
    pub(crate) max_wait: Duration,
    /// The number of times that a call that says nothing of it is tried again where that is safe.
    pub(crate) retries: u32,
    /// The longest time that a call may take until the response's headers are there.
    pub(crate) call_timeout: Duration,
    /// What the program calls itself.
    pub(crate) user_agent: String,
    /// The longest time that one attempt at a renewal may take.
    pub(crate) refresh_timeout: Duration,
    /// Where the metadata documents of integrations are served.
    pub(crate) client_metadata: Option<url::Url>,
    /// Registrations of clients that are under way in this process.
    pub(crate) registrations: Turns,
    /// Integrations that were set up in code, to be written before the store is used.
    pub(crate) in_code: Vec<IntegrationRecord>,
    pub(crate) written: OnceCell<()>,
}

impl Engine {
    /// The store, once it knows the integrations that were set up in code.
    pub(crate) async fn store(&self) -> Result<&dyn Store> {
        self.written.get_or_try_init(|| self.write_integrations()).await?;
        Ok(&*self.store)
    }

    async fn write_integrations(&self) -> Result<()> {
        for record in &self.in_code {
            match self.store.insert_integration(record.clone()).await {
                Err(error) if error.kind() == ErrorKind::AlreadyExists => self.write_over(record).await?,
                outcome => outcome?,
            }
        }
        Ok(())
    }

    /// Writes an integration over the one that has its key. Where none has, another one has its id: it was set up in
    /// code under this key and renamed since.
    async fn write_over(&self, record: &IntegrationRecord) -> Result<()> {
        match self.store.update_integration(&record.key, record.clone(), None).await {
            Err(error) if error.kind() == ErrorKind::UnknownIntegration => {
                let id = integration::new_id(&*self.clock)?;
                self.store.insert_integration(record.clone().id(id)).await
            }
            outcome => outcome,
        }
    }

    /// An integration and its provider.
    pub(crate) async fn integration(&self, key: &str) -> Result<(IntegrationRecord, &'static ProviderSpec)> {
        let record = self.store().await?.integration(key).await?.ok_or_else(|| {
            Error::new(ErrorKind::UnknownIntegration, format!("there is no integration `{key}`: create it first"))
        })?;
        let spec = self.catalogue.require(&record.provider)?;
        Ok((record, spec))
    }

    /// The integration of a flow that began under `key`, by its id: it may have been renamed since, and another one may
    /// have its key now. A flow from before there were ids goes by its key.
    pub(crate) async fn integration_of(
        &self,
        key: &str,
        id: &str,
    ) -> Result<(IntegrationRecord, &'static ProviderSpec)> {
        let store = self.store().await?;
        let is_it = |record: &IntegrationRecord| id.is_empty() || record.id == id;
        let record = match store.integration(key).await?.filter(is_it) {
            Some(record) => Some(record),
            None => store.integrations().await?.into_iter().find(|record| !id.is_empty() && record.id == id),
        };
        let record = record.ok_or_else(|| {
            let message = format!("the integration `{key}` that this began with is gone: start again");
            Error::new(ErrorKind::UnknownIntegration, message)
        })?;
        let spec = self.catalogue.require(&record.provider)?;
        Ok((record, spec))
    }

    /// The URL of an integration's client metadata document, where one is served to the public.
    pub(crate) fn document_url(&self, key: &str) -> Option<String> {
        let mut url = self.client_metadata.clone().filter(|url| url.scheme() == "https")?;
        url.path_segments_mut().ok()?.pop_if_empty().push(key);
        Some(url.into())
    }

    /// A connection as it is stored.
    pub(crate) async fn connection(&self, key: &ConnectionKey) -> Result<Connection> {
        self.store().await?.connection(key).await?.ok_or_else(|| {
            let ConnectionKey { integration, id } = key;
            let message = format!("there is no connection `{id}` of `{integration}`: connect it first");
            Error::new(ErrorKind::UnknownConnection, message)
        })
    }

    /// The instant and UUID of a request.
    pub(crate) fn moment(&self) -> Result<Moment> {
        Moment::take(&*self.clock)
    }
}
