//! A memory store that counts what it is asked, and that can be told to wait or to fail.

use crate::clock::Timestamp;
use crate::connection::{Connection, ConnectionKey};
use crate::error::{Error, ErrorKind, Result};
use crate::integration::IntegrationRecord;
use crate::store::{Changes, ConnectionListing, ConnectionQuery, Memory, Registration, RegistrationKey, Store, Ticket};
use crate::transport::BoxFuture;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::sync::{Notify, watch};

#[derive(Debug, Default)]
pub(super) struct Observed {
    pub(super) inner: Memory,
    /// How often a connection was read.
    pub(super) reads: AtomicUsize,
    /// How often changes were asked for.
    pub(super) checks: AtomicUsize,
    /// True if a connection that was read is held until `go_on`; `held` says that one is.
    pub(super) hold: AtomicBool,
    pub(super) held: Notify,
    pub(super) go_on: Notify,
    /// True if no connection can be read.
    pub(super) away: AtomicBool,
    /// True if changes cannot be asked for.
    pub(super) no_checks: AtomicBool,
    /// True if the next question for changes is never answered; `held` says that it was asked.
    pub(super) hold_check: AtomicBool,
    /// True if writes are not counted.
    pub(super) uncounted: bool,
    pub(super) notify: watch::Sender<u64>,
}

fn away() -> Error {
    Error::new(ErrorKind::StoreUnavailable, "away")
}

impl Store for Arc<Observed> {
    fn connection<'a>(&'a self, key: &'a ConnectionKey) -> BoxFuture<'a, Result<Option<Connection>>> {
        Box::pin(async move {
            self.reads.fetch_add(1, Ordering::SeqCst);
            if self.away.load(Ordering::SeqCst) {
                return Err(away());
            }
            let read = self.inner.connection(key).await;
            if self.hold.load(Ordering::SeqCst) {
                self.held.notify_one();
                self.go_on.notified().await;
            }
            read
        })
    }

    fn changes(&self, since: Option<u64>) -> BoxFuture<'_, Result<Option<Changes>>> {
        self.checks.fetch_add(1, Ordering::SeqCst);
        if self.no_checks.load(Ordering::SeqCst) {
            return Box::pin(async { Err(away()) });
        }
        if self.hold_check.swap(false, Ordering::SeqCst) {
            self.held.notify_one();
            return Box::pin(std::future::pending());
        }
        if self.uncounted { Box::pin(async { Ok(None) }) } else { self.inner.changes(since) }
    }

    fn notifications(&self) -> Option<watch::Receiver<u64>> {
        Some(self.notify.subscribe())
    }

    fn insert_integration(&self, record: IntegrationRecord) -> BoxFuture<'_, Result<()>> {
        self.inner.insert_integration(record)
    }

    fn update_integration<'a>(
        &'a self,
        key: &'a str,
        record: IntegrationRecord,
        expected: Option<IntegrationRecord>,
    ) -> BoxFuture<'a, Result<()>> {
        self.inner.update_integration(key, record, expected)
    }

    fn integration<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<IntegrationRecord>>> {
        self.inner.integration(key)
    }

    fn integrations(&self) -> BoxFuture<'_, Result<Vec<IntegrationRecord>>> {
        self.inner.integrations()
    }

    fn delete_integration<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool>> {
        self.inner.delete_integration(key)
    }

    fn put_connection(&self, connection: Connection, expected: Option<u64>) -> BoxFuture<'_, Result<u64>> {
        self.inner.put_connection(connection, expected)
    }

    fn set_metadata<'a>(
        &'a self,
        key: &'a ConnectionKey,
        metadata: serde_json::Map<String, serde_json::Value>,
    ) -> BoxFuture<'a, Result<bool>> {
        self.inner.set_metadata(key, metadata)
    }

    fn connections(&self, query: ConnectionQuery) -> BoxFuture<'_, Result<Vec<ConnectionListing>>> {
        self.inner.connections(query)
    }

    fn delete_connection<'a>(&'a self, key: &'a ConnectionKey) -> BoxFuture<'a, Result<bool>> {
        self.inner.delete_connection(key)
    }

    fn registration<'a>(&'a self, key: &'a RegistrationKey) -> BoxFuture<'a, Result<Option<Registration>>> {
        self.inner.registration(key)
    }

    fn put_registration(&self, registration: Registration) -> BoxFuture<'_, Result<()>> {
        self.inner.put_registration(registration)
    }

    fn delete_registration<'a>(&'a self, integration: &'a str, client_id: &'a str) -> BoxFuture<'a, Result<bool>> {
        self.inner.delete_registration(integration, client_id)
    }

    fn put_ticket(&self, ticket: Ticket) -> BoxFuture<'_, Result<()>> {
        self.inner.put_ticket(ticket)
    }

    fn ticket<'a>(&'a self, id: &'a str, now: Timestamp) -> BoxFuture<'a, Result<Option<Ticket>>> {
        self.inner.ticket(id, now)
    }

    fn take_ticket<'a>(&'a self, id: &'a str, now: Timestamp) -> BoxFuture<'a, Result<Option<Ticket>>> {
        self.inner.take_ticket(id, now)
    }
}
