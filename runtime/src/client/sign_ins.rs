//! Work that outlives its caller: proving credentials, exchanging codes.
//!
//! A browser that is closed, or whose user clicks twice, breaks its request off, and a handler that is dropped between
//! a code and its token loses what was granted. So such work is a task of the runtime, as renewals are
//! ([`crate::refresh`]), and the same request again has the same outcome: while it runs, and for a while after it
//! worked.

use super::over::LINK_WORN;
use crate::clock::Timestamp;
use crate::connection::{Connection, ConnectionKey};
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::transport::BoxFuture;
use jiff::SignedDuration;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// How long a successful outcome is remembered: a second click comes within it.
const OUTCOME_LIFETIME: SignedDuration = SignedDuration::from_mins(2);

/// How often one link may begin a flow, in one process: enough for previews, clicks and second thoughts.
const MAX_OPENINGS: u32 = 50;

/// The sign-ins that run, and those that ended a moment ago; clones share them.
#[derive(Clone)]
pub(super) struct SignIns {
    engine: Arc<Engine>,
    state: Arc<State>,
}

/// Counts and no names: every client shows this, and a log line is no list of the people who sign in.
impl fmt::Debug for SignIns {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Nothing waits to be shown; `None` where another thread has it.
        let begun = self.state.begun.try_lock().map(|begun| begun.len()).ok();
        let opened = self.state.opened.try_lock().map(|opened| opened.len()).ok();
        f.debug_struct("SignIns").field("begun", &begun).field("opened", &opened).finish_non_exhaustive()
    }
}

#[derive(Default)]
struct State {
    begun: Mutex<HashMap<String, Begun>>,
    opened: Mutex<HashMap<String, Opened>>,
    /// The tasks that run.
    tasks: watch::Sender<usize>,
}

/// One piece of work that is done once.
struct Begun {
    /// A hash of everything that was sent, so that only the same request gets the same outcome.
    request: String,
    outcome: watch::Receiver<Outcome>,
    /// When it may be forgotten; `None` while it runs.
    until: Option<Timestamp>,
}

/// How often a link was opened.
struct Opened {
    times: u32,
    /// When the link is worthless, and with it this count.
    until: Timestamp,
}

/// `None` while it runs.
type Outcome = Option<Result<ConnectionKey, Error>>;

impl SignIns {
    pub(super) fn new(engine: Arc<Engine>) -> SignIns {
        SignIns { engine, state: Arc::default() }
    }

    /// Runs `work` as a task and waits for it.
    pub(super) async fn to_its_end<T: Send + 'static>(&self, work: BoxFuture<'static, Result<T>>) -> Result<T> {
        let counted = Counted::new(&self.state);
        let task = tokio::spawn(async move {
            let outcome = work.await;
            drop(counted);
            outcome
        });
        task.await.unwrap_or_else(|_| Err(without_result()))
    }

    /// Runs `work` as a task, once for `allowed_by`, the hash of a value that is good once. The same request waits for
    /// the same outcome; another one waits until that is over and then tries for itself.
    pub(super) async fn once(
        &self,
        allowed_by: String,
        request: String,
        work: BoxFuture<'static, Result<Connection>>,
    ) -> Result<Connection> {
        let outcome = loop {
            match self.state.look(&allowed_by, &request, self.engine.clock.now()) {
                Look::Begin(sender) => {
                    let engine = Arc::clone(&self.engine);
                    let landing = Landing { state: Arc::clone(&self.state), allowed_by };
                    let work = Box::pin(async move {
                        let outcome = work.await;
                        let until = engine.clock.now().checked_add(OUTCOME_LIFETIME).ok().filter(|_| outcome.is_ok());
                        landing.land(until);
                        let news = outcome.as_ref().map(|connection| connection.key.clone()).map_err(Error::clone);
                        sender.send_replace(Some(news));
                        outcome
                    });
                    return self.to_its_end(work).await;
                }
                Look::Join(outcome) => break outcome,
                Look::WaitFor(mut other) => {
                    let _ended_one_way_or_another = other.wait_for(Option::is_some).await;
                }
                Look::TooLate => return self.to_its_end(work).await,
            }
        };
        self.joined(outcome).await
    }

    /// True if the work that this value allows runs, or worked a while ago: the same request has its outcome.
    pub(super) fn remembers(&self, allowed_by: &str) -> bool {
        let now = self.engine.clock.now();
        self.state.lock().get(allowed_by).is_some_and(|begun| begun.until.is_none_or(|until| until > now))
    }

    /// Waits until nothing runs any more.
    pub(super) async fn idle(&self) {
        let mut tasks = self.state.tasks.subscribe();
        let _never_closed = tasks.wait_for(|tasks| *tasks == 0).await;
    }

    /// Counts one more opening of a link that is good until `until`: each keeps a flow for an hour, so there is a
    /// bound.
    pub(super) fn count_opening(&self, link: &str, until: Timestamp) -> Result<()> {
        let now = self.engine.clock.now();
        let mut opened = self.state.opened.lock().unwrap_or_else(PoisonError::into_inner);
        opened.retain(|_, opened| opened.until > now);
        let times = &mut opened.entry(link.to_owned()).or_insert(Opened { times: 0, until }).times;
        if *times >= MAX_OPENINGS {
            return Err(Error::new(ErrorKind::InvalidState, LINK_WORN));
        }
        *times = times.saturating_add(1);
        Ok(())
    }

    async fn joined(&self, mut outcome: watch::Receiver<Outcome>) -> Result<Connection> {
        let ended = outcome.wait_for(Option::is_some).await.ok().and_then(|outcome| outcome.clone());
        match ended {
            Some(Ok(key)) => self.engine.connection(&key).await,
            Some(Err(error)) => Err(error),
            None => Err(without_result()),
        }
    }
}

fn without_result() -> Error {
    Error::new(ErrorKind::Internal, "a sign-in ended without a result")
}

/// What a request for something that is done once finds.
enum Look {
    /// Nothing: it begins.
    Begin(watch::Sender<Outcome>),
    /// The same request.
    Join(watch::Receiver<Outcome>),
    /// Another request, which runs.
    WaitFor(watch::Receiver<Outcome>),
    /// Another request, which worked.
    TooLate,
}

impl State {
    fn look(&self, allowed_by: &str, request: &str, now: Timestamp) -> Look {
        let mut begun = self.lock();
        begun.retain(|_, begun| begun.until.is_none_or(|until| until > now));
        match begun.entry(allowed_by.to_owned()) {
            Entry::Vacant(vacant) => {
                let (sender, outcome) = watch::channel(None);
                vacant.insert(Begun { request: request.to_owned(), outcome, until: None });
                Look::Begin(sender)
            }
            Entry::Occupied(other) if other.get().request == request => Look::Join(other.get().outcome.clone()),
            Entry::Occupied(other) if other.get().until.is_none() => Look::WaitFor(other.get().outcome.clone()),
            Entry::Occupied(_) => Look::TooLate,
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Begun>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes what ended out of the map, also when it panics, unless it is to be remembered.
struct Landing {
    state: Arc<State>,
    allowed_by: String,
}

impl Landing {
    /// Called before the outcome is published: a later request must not join what is over.
    fn land(self, until: Option<Timestamp>) {
        if until.is_some()
            && let Some(begun) = self.state.lock().get_mut(&self.allowed_by)
        {
            begun.until = until;
        }
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        let mut begun = self.state.lock();
        if begun.get(&self.allowed_by).is_some_and(|begun| begun.until.is_none()) {
            begun.remove(&self.allowed_by);
        }
    }
}

/// Counts one task for as long as it lives.
struct Counted(Arc<State>);

impl Counted {
    fn new(state: &Arc<State>) -> Counted {
        state.tasks.send_modify(|tasks| *tasks = tasks.saturating_add(1));
        Counted(Arc::clone(state))
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.tasks.send_modify(|tasks| *tasks = tasks.saturating_sub(1));
    }
}
