//! One at a time: registrations of the same client by several flows of this process.
//!
//! Other processes do not take part. They may register one client each, and the one that is stored last is used.

use crate::store::RegistrationKey;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// The registrations that are under way.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<HashMap<RegistrationKey, Arc<AsyncMutex<()>>>>);

impl Turns {
    /// Waits until no other flow registers the same client; the turn lasts as long as the guard.
    pub(crate) async fn turn(&self, key: &RegistrationKey) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // A turn that only the map still holds is over.
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            Arc::clone(turns.entry(key.clone()).or_default())
        };
        turn.lock_owned().await
    }
}
