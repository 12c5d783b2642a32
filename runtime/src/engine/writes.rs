//! The store of a program, whose writes of integrations and connections are noted in the [`Cache`].
//!
//! A write is noted when it has ended, or when its caller left it. Nothing else is added: reads go through.

use super::cache::Cache;
use crate::clock::{Clock, Timestamp};
use crate::connection::{Connection, ConnectionKey};
use crate::error::Result;
use crate::integration::IntegrationRecord;
use crate::store::{Changes, ConnectionListing, ConnectionQuery, Registration, RegistrationKey, Store, Ticket};
use crate::transport::BoxFuture;
use serde_json::{Map, Value};
use std::sync::Arc;
use tokio::sync::watch;

/// A store whose writes are noted.
#[derive(Debug)]
pub(crate) struct NotedWrites {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) cache: Arc<Cache>,
}

/// Notes a write when it is dropped.
struct Note<'a, F: Fn(&Cache)>(&'a Cache, F);

impl<F: Fn(&Cache)> Drop for Note<'_, F> {
    fn drop(&mut self) {
        self.1(self.0);
    }
}

impl NotedWrites {
    fn noting<'a, T: Send + 'a>(
        &'a self,
        write: BoxFuture<'a, Result<T>>,
        note: impl Fn(&Cache) + Send + 'a,
    ) -> BoxFuture<'a, Result<T>> {
        // Made here: a store may have written before the future is polled, and the future may never be.
        let note = Note(&self.cache, note);
        Box::pin(async move {
            let _note = note;
            write.await
        })
    }
}

impl Store for NotedWrites {
    fn insert_integration(&self, record: IntegrationRecord) -> BoxFuture<'_, Result<()>> {
        let key = record.key.clone();
        self.noting(self.store.insert_integration(record), move |cache| cache.integration_written(&key))
    }

    fn update_integration<'a>(
        &'a self,
        key: &'a str,
        record: IntegrationRecord,
        expected: Option<IntegrationRecord>,
    ) -> BoxFuture<'a, Result<()>> {
        let new = record.key.clone();
        self.noting(self.store.update_integration(key, record, expected), move |cache| {
            cache.integration_written(key);
            if new != key {
                cache.integration_written(&new);
            }
        })
    }

    fn delete_integration<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool>> {
        self.noting(self.store.delete_integration(key), |cache| cache.integration_written(key))
    }

    fn put_connection(&self, connection: Connection, expected: Option<u64>) -> BoxFuture<'_, Result<u64>> {
        let key = connection.key.clone();
        self.noting(self.store.put_connection(connection, expected), move |cache| cache.connection_written(&key))
    }

    fn set_metadata<'a>(&'a self, key: &'a ConnectionKey, metadata: Map<String, Value>) -> BoxFuture<'a, Result<bool>> {
        self.noting(self.store.set_metadata(key, metadata), |cache| cache.connection_written(key))
    }

    fn delete_connection<'a>(&'a self, key: &'a ConnectionKey) -> BoxFuture<'a, Result<bool>> {
        self.noting(self.store.delete_connection(key), |cache| cache.connection_written(key))
    }

    fn integration<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<IntegrationRecord>>> {
        self.store.integration(key)
    }

    fn integrations(&self) -> BoxFuture<'_, Result<Vec<IntegrationRecord>>> {
        self.store.integrations()
    }

    fn connection<'a>(&'a self, key: &'a ConnectionKey) -> BoxFuture<'a, Result<Option<Connection>>> {
        self.store.connection(key)
    }

    fn connections(&self, query: ConnectionQuery) -> BoxFuture<'_, Result<Vec<ConnectionListing>>> {
        self.store.connections(query)
    }

    fn registration<'a>(&'a self, key: &'a RegistrationKey) -> BoxFuture<'a, Result<Option<Registration>>> {
        self.store.registration(key)
    }

    fn registrations<'a>(
        &'a self,
        integration: &'a str,
        after: Option<&'a RegistrationKey>,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Registration>>> {
        self.store.registrations(integration, after, limit)
    }

    fn put_registration(&self, registration: Registration) -> BoxFuture<'_, Result<()>> {
        self.store.put_registration(registration)
    }

    fn delete_registration<'a>(&'a self, integration: &'a str, client_id: &'a str) -> BoxFuture<'a, Result<bool>> {
        self.store.delete_registration(integration, client_id)
    }

    fn put_ticket(&self, ticket: Ticket) -> BoxFuture<'_, Result<()>> {
        self.store.put_ticket(ticket)
    }

    fn ticket<'a>(&'a self, id: &'a str, now: Timestamp) -> BoxFuture<'a, Result<Option<Ticket>>> {
        self.store.ticket(id, now)
    }

    fn take_ticket<'a>(&'a self, id: &'a str, now: Timestamp) -> BoxFuture<'a, Result<Option<Ticket>>> {
        self.store.take_ticket(id, now)
    }

    fn changes(&self, since: Option<u64>) -> BoxFuture<'_, Result<Option<Changes>>> {
        self.store.changes(since)
    }

    fn clock(&self) -> Option<Arc<dyn Clock>> {
        self.store.clock()
    }

    fn notifications(&self) -> Option<watch::Receiver<u64>> {
        self.store.notifications()
    }
}
