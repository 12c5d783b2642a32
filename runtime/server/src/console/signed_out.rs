//! Sessions that were signed out before they were over.

use super::session::{Session, seconds};
use keyway::clock::Timestamp;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The most sessions that are remembered. One that does not fit any more is over by its idle limit.
const MAX_SIGNED_OUT: usize = 10_000;

/// Their ids, each until the session would have been over.
#[derive(Debug, Default)]
pub(crate) struct SignedOut(Mutex<HashMap<[u8; 16], u64>>);

impl SignedOut {
    pub(super) fn add(&self, session: &Session, now: Timestamp) {
        let mut ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if ids.len() >= MAX_SIGNED_OUT {
            ids.retain(|_, last| *last > seconds(now));
        }
        if ids.len() < MAX_SIGNED_OUT {
            ids.insert(session.id(), session.last_end());
        }
    }

    pub(super) fn contains(&self, session: &Session, now: Timestamp) -> bool {
        let ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        ids.get(&session.id()).is_some_and(|last| *last > seconds(now))
    }
}
