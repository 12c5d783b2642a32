//! One at a time: registrations of the same client by several flows of this process.
//!
//! Other processes may register one client each; the one that is stored last is used.

use crate::store::RegistrationKey;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{Mutex as AsyncMutex, OwnedMutexGuard};

/// The registrations that are running.
#[derive(Debug, Default)]
pub(crate) struct Turns(Mutex<HashMap<RegistrationKey, Arc<AsyncMutex<()>>>>);

impl Turns {
    /// Waits until no other flow registers the same client; holds as long as what it gives back.
    pub(super) async fn turn(&self, key: &RegistrationKey) -> OwnedMutexGuard<()> {
        let turn = {
            let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            // What only the map still holds is over.
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
            Arc::clone(turns.entry(key.clone()).or_default())
        };
        turn.lock_owned().await
    }
}
