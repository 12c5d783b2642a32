//! Database connections that several tasks take in turn.
//!
//! A pool has as many permits as connections. A task waits for its permit before it takes a thread, so that waiting
//! costs none; with the permit a connection is there.

use crate::error::{Error, ErrorKind, Result, Stage};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections, or what else is used by one task at a time.
pub(super) struct Pool<T> {
    idle: Mutex<Vec<T>>,
    permits: Arc<Semaphore>,
}

/// The right to take a connection out of a pool.
pub(super) struct Permit(#[expect(dead_code, reason = "held until it is dropped")] OwnedSemaphorePermit);

/// A connection that goes back to its pool when it is dropped, also by a panic.
pub(super) struct Lease<'a, T> {
    pool: &'a Pool<T>,
    taken: Option<T>,
}

impl<T> Pool<T> {
    pub(super) fn new(members: Vec<T>) -> Pool<T> {
        let permits = Arc::new(Semaphore::new(members.len()));
        Pool { idle: Mutex::new(members), permits }
    }

    /// Waits until a connection is free: in the order of asking.
    pub(super) async fn permit(&self) -> Result<Permit> {
        Arc::clone(&self.permits).acquire_owned().await.map(Permit).map_err(|_| closed())
    }

    /// A free connection. It has to be given back before the permit is.
    pub(super) fn take(&self, _: &Permit) -> Lease<'_, T> {
        Lease { pool: self, taken: self.idle().pop() }
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<T>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T> Lease<'_, T> {
    /// What was taken.
    pub(super) fn get(&mut self) -> Result<&mut T> {
        self.taken.as_mut().ok_or_else(closed)
    }
}

impl<T> Drop for Lease<'_, T> {
    fn drop(&mut self) {
        self.pool.idle().extend(self.taken.take());
    }
}

fn closed() -> Error {
    Error::new(ErrorKind::StoreUnavailable, "the store is shutting down").stage(Stage::Store)
}
