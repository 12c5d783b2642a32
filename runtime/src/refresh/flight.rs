//! Single flight: concurrent callers wait for one renewal.
//!
//! The renewal is a task of the runtime, not of the caller that started it: a caller may leave, or never wait at all.

use super::decide::RefreshIf;
use super::renew;
use crate::connection::ConnectionKey;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::trace;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use tracing::Instrument;

/// The renewals that are running; clones share them.
#[derive(Clone, Default)]
pub(super) struct Flights(Arc<Mutex<HashMap<ConnectionKey, watch::Receiver<Outcome>>>>);

/// A count and no names: every client shows this. `None` where another thread has them.
impl fmt::Debug for Flights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Flights").field(&self.0.try_lock().map(|flights| flights.len()).ok()).finish()
    }
}

/// `None` while it runs.
type Outcome = Option<Result<()>>;

/// A renewal that is running.
pub(super) struct Flight(watch::Receiver<Outcome>);

impl Flight {
    /// Waits for its end.
    pub(super) async fn ended(mut self) -> Result<()> {
        let ended = self.0.wait_for(Option::is_some).await;
        match ended.as_deref() {
            Ok(Some(Ok(()))) => Ok(()),
            Ok(Some(Err(error))) => Err(error.clone()),
            Ok(None) | Err(_) => Err(Error::new(ErrorKind::Internal, "a refresh ended without a result")),
        }
    }
}

impl Flights {
    /// The renewal of a connection that is running; starts it if there is none.
    pub(super) fn begin(&self, engine: &Arc<Engine>, key: &ConnectionKey, wanted: RefreshIf) -> Flight {
        match self.lock().entry(key.clone()) {
            Entry::Occupied(running) => Flight(running.get().clone()),
            Entry::Vacant(vacant) => {
                let (sender, receiver) = watch::channel(None);
                let span = trace::renewal(key);
                let flight = fly(self.clone(), Arc::clone(engine), key.clone(), wanted, sender);
                tokio::spawn(flight.instrument(span));
                Flight(vacant.insert(receiver).clone())
            }
        }
    }

    /// Waits until no renewal is running, also none that was begun meanwhile.
    pub(super) async fn settled(&self) {
        loop {
            let Some(mut running) = self.lock().values().next().cloned() else { return };
            // An error ends it too: the task is gone.
            let _ended = running.wait_for(Option::is_some).await.is_ok();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ConnectionKey, watch::Receiver<Outcome>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn fly(
    flights: Flights,
    engine: Arc<Engine>,
    key: ConnectionKey,
    wanted: RefreshIf,
    sender: watch::Sender<Outcome>,
) {
    let landing = Landing { flights: &flights, key: &key };
    let outcome = renew::renew(&engine, &key, &wanted).await.inspect_err(trace::failed);
    // Remove the entry before publishing, so that late callers start a new flight.
    drop(landing);
    sender.send_replace(Some(outcome));
}

/// Takes the flight out of the map, also when it panics.
struct Landing<'a> {
    flights: &'a Flights,
    key: &'a ConnectionKey,
}

impl Drop for Landing<'_> {
    fn drop(&mut self) {
        self.flights.lock().remove(self.key);
    }
}
