//! Places for connections: as many as there may be open at a time.

use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// All places of a server.
pub(super) struct Places(Arc<Semaphore>);

/// The place of one connection, free again when this is dropped.
pub(super) struct ConnectionPlace(#[expect(dead_code, reason = "held until it is dropped")] OwnedSemaphorePermit);

impl Places {
    pub(super) fn new(count: usize) -> Places {
        Places(Arc::new(Semaphore::new(count.min(Semaphore::MAX_PERMITS))))
    }

    /// A free place, if there is one.
    pub(super) fn take(&self) -> Option<ConnectionPlace> {
        Arc::clone(&self.0).try_acquire_owned().ok().map(ConnectionPlace)
    }
}
