//! Single flight: those who ask while a renewal runs wait for that one.
//!
//! The renewal is a task of the runtime, not of the first who asked. Absent here: what it does.

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
type Outcome = Option<Result<(), Arc<Error>>>;

/// Waits for the renewal of a connection; starts it if none is running.
pub(super) async fn join(parts: &Arc<Parts>, key: &ConnectionKey, want: Want) -> Result<()> {
    let mut outcome = match parts.flights.lock().entry(key.clone()) {
        Entry::Occupied(running) => running.get().clone(),
        Entry::Vacant(vacant) => {
            let (sender, receiver) = watch::channel(None);
            let span = trace::renewal(key);
            tokio::spawn(fly(Arc::clone(parts), key.clone(), want, sender).instrument(span));
            vacant.insert(receiver).clone()
        }
    };
    let ended = outcome.wait_for(Option::is_some).await;
    match ended.as_deref() {
        Ok(Some(Ok(()))) => Ok(()),
        Ok(Some(Err(error))) => Err(again(error)),
        Ok(None) | Err(_) => Err(Error::new(ErrorKind::Internal, "a refresh ended without a result")),
    }
}

async fn fly(parts: Arc<Parts>, key: ConnectionKey, want: Want, sender: watch::Sender<Outcome>) {
    let landing = Landing { parts: &parts, key: &key };
    let outcome = renew::renew(&parts, &key, &want).await.inspect_err(trace::failed).map_err(Arc::new);
    // First out of the map, then the news: whoever asks after the news must not join what is over.
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
    fn lock(&self) -> MutexGuard<'_, HashMap<ConnectionKey, watch::Receiver<Outcome>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The same error for one of several waiters: all but its cause, which has one owner.
pub(crate) fn again(error: &Arc<Error>) -> Error {
    let evidence = error.evidence();
    let mut copy = Error::new(error.kind(), error.message()).source(Shared(Arc::clone(error)));
    if let Some(provider) = &evidence.provider {
        copy = copy.provider(provider);
    }
    if let Some(stage) = evidence.stage {
        copy = copy.stage(stage);
    }
    if let Some(sent) = evidence.sent {
        copy = copy.sent(sent);
    }
    copy = copy.wait(evidence.wait);
    match evidence.status {
        Some(status) => copy.response(status, evidence.body.clone().unwrap_or_default()),
        None => copy,
    }
}

/// The shared error as a cause: it reads as the cause below it, if there is one.
#[derive(Debug)]
struct Shared(Arc<Error>);

impl std::fmt::Display for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match std::error::Error::source(&*self.0) {
            Some(cause) => write!(f, "{cause}"),
            None => f.write_str("what was waited for failed"),
        }
    }
}

impl std::error::Error for Shared {}
