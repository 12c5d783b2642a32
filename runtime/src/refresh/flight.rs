//! Single flight: concurrent callers wait for one renewal.
//!
//! The renewal is a task of its own and does not belong to the first caller: a caller may leave, or never wait at
//! all.

use super::{Want, renew};
use crate::connection::ConnectionKey;
use crate::error::{Error, ErrorKind, Result};
use crate::parts::Parts;
use crate::pipeline::trace;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use tracing::Instrument;

/// The renewals that are running.
#[derive(Debug, Default)]
pub(crate) struct Flights(Mutex<HashMap<ConnectionKey, watch::Receiver<Outcome>>>);

/// `None` while it runs.
type Outcome = Option<Result<()>>;

/// A renewal that is running.
pub(super) struct Running(watch::Receiver<Outcome>);

/// The renewal of a connection that is running; starts it if there is none.
pub(super) fn begin(parts: &Arc<Parts>, key: &ConnectionKey, want: Want) -> Running {
    match parts.flights.lock().entry(key.clone()) {
        Entry::Occupied(running) => Running(running.get().clone()),
        Entry::Vacant(vacant) => {
            let (sender, receiver) = watch::channel(None);
            let span = trace::renewal(key);
            tokio::spawn(fly(Arc::clone(parts), key.clone(), want, sender).instrument(span));
            Running(vacant.insert(receiver).clone())
        }
    }
}

/// Waits for the end of a renewal.
pub(super) async fn ended(mut running: Running) -> Result<()> {
    let ended = running.0.wait_for(Option::is_some).await;
    match ended.as_deref() {
        Ok(Some(Ok(()))) => Ok(()),
        Ok(Some(Err(error))) => Err(error.clone()),
        Ok(None) | Err(_) => Err(Error::new(ErrorKind::Internal, "a refresh ended without a result")),
    }
}

async fn fly(parts: Arc<Parts>, key: ConnectionKey, want: Want, sender: watch::Sender<Outcome>) {
    let landing = Landing { parts: &parts, key: &key };
    let outcome = renew::renew(&parts, &key, &want).await.inspect_err(trace::failed);
    // Remove the entry before publishing, so that late callers start a new flight.
    drop(landing);
    sender.send_replace(Some(outcome));
}

/// Takes the flight out of the map, also when it crashes.
struct Landing<'a> {
    parts: &'a Parts,
    key: &'a ConnectionKey,
}

impl Drop for Landing<'_> {
    fn drop(&mut self) {
        self.parts.flights.lock().remove(self.key);
    }
}

impl Flights {
    /// Waits until no renewal is running, also none that was begun meanwhile.
    pub(crate) async fn settled(&self) {
        loop {
            let Some(mut running) = self.lock().values().next().cloned() else { return };
            // An error is the end of it too: the task is gone.
            let _ended = running.wait_for(Option::is_some).await.is_ok();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ConnectionKey, watch::Receiver<Outcome>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
