//! How long ago the writes of other processes were looked for, and the look itself.
//!
//! What decides is the instant at which the last check that succeeded *began*: it saw everything that was committed by
//! then. No timer runs. A check that is due is made beside the call that finds it so; calls that find the last one too
//! old wait for one together.

use super::{CheckOutcome, SWEEP_INTERVAL};
use crate::store::{Changes, Store};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use tokio::sync::{Mutex, MutexGuard, watch};

/// For how long a write of another process may be unseen.
pub(super) const MAX_STALENESS: Duration = Duration::from_millis(250);
/// From which age on the next check is made, beside the calls.
const CHECK_INTERVAL: Duration = Duration::from_millis(125);

/// How old the last check is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    /// What is kept may be used.
    Fresh,
    /// It may still be used, and another check is due.
    Due,
    /// It may not be used before another check.
    Stale,
    /// The store does not count its writes.
    Never,
}

pub(super) struct Freshness {
    origin: Instant,
    /// When the last check that succeeded began, in nanoseconds after `origin`, which no check is.
    checked: AtomicU64,
    /// A store that does not count its writes never will.
    never: AtomicBool,
    /// A check beside the calls is under way.
    beside: Arc<AtomicBool>,
    notifications: Option<watch::Receiver<u64>>,
    /// What was notified when the last check that succeeded began.
    notified: AtomicU64,
    checks: Mutex<Checks>,
    /// The last check that ended. Who waits for one waits here and not for the lock: a lock lets its waiters go one
    /// after the other, each after a turn of all the tasks of a busy runtime.
    ended: watch::Sender<Option<Ended>>,
}

/// When a check began, and whether it succeeded.
#[derive(Clone, Copy)]
struct Ended {
    began: Instant,
    succeeded: bool,
}

/// A check under way. When it is over, also because it was given up halfway, those who wait are told, once the lock is
/// free for one of them.
struct Checking<'a> {
    /// There until it is over.
    checks: Option<MutexGuard<'a, Checks>>,
    ended: &'a watch::Sender<Option<Ended>>,
    outcome: Option<Ended>,
}

impl Drop for Checking<'_> {
    fn drop(&mut self) {
        self.checks = None;
        self.ended.send_modify(|ended| *ended = self.outcome.or(*ended));
    }
}

/// What a check needs, and only one is made at a time.
#[derive(Default)]
struct Checks {
    cursor: Option<u64>,
    /// Something was found since accounts were last swept, and when that was.
    unswept: bool,
    swept: Option<Instant>,
}

/// The right to check beside the calls, which one task has at a time.
pub(super) struct Beside(Arc<AtomicBool>);

impl Drop for Beside {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

impl Freshness {
    pub(super) fn new(notifications: Option<watch::Receiver<u64>>) -> Freshness {
        Freshness {
            origin: Instant::now(),
            checked: AtomicU64::new(0),
            never: AtomicBool::new(false),
            beside: Arc::default(),
            notifications,
            notified: AtomicU64::new(0),
            checks: Mutex::default(),
            ended: watch::Sender::default(),
        }
    }

    /// How old the last check is at an instant.
    pub(super) fn age(&self, now: Instant) -> Age {
        let checked = self.checked.load(Ordering::SeqCst);
        if checked == 0 {
            return if self.never.load(Ordering::Relaxed) { Age::Never } else { Age::Stale };
        }
        let age = now.saturating_duration_since(self.origin + Duration::from_nanos(checked));
        if age >= MAX_STALENESS {
            Age::Stale
        } else if age >= CHECK_INTERVAL || self.notification() != self.notified.load(Ordering::Relaxed) {
            Age::Due
        } else {
            Age::Fresh
        }
    }

    fn notification(&self) -> u64 {
        self.notifications.as_ref().map_or(0, |notifications| *notifications.borrow())
    }

    /// The right to check beside the calls; `None` if another task has it.
    pub(super) fn begin_beside(&self) -> Option<Beside> {
        let free = self.beside.compare_exchange(false, true, Ordering::AcqRel, Ordering::Relaxed).is_ok();
        free.then(|| Beside(Arc::clone(&self.beside)))
    }

    /// Asks the store what was written, unless another caller did so since this was called, and hands it to `apply`.
    /// True if there is an answer.
    pub(super) async fn check(&self, store: &dyn Store, apply: impl Fn(CheckOutcome<'_>)) -> bool {
        let (asked, mut ended) = (Instant::now(), self.ended.subscribe());
        loop {
            // One that began after this was called answers this call too, also that it failed.
            if let Some(last) = ended.borrow_and_update().filter(|last| last.began >= asked) {
                return last.succeeded;
            }
            if let Ok(checks) = self.checks.try_lock() {
                let mut checking = Checking { checks: Some(checks), ended: &self.ended, outcome: None };
                let began = Instant::now();
                let succeeded = match &mut checking.checks {
                    Some(checks) => self.check_now(checks, began, store, &apply).await,
                    // It has the lock until it is dropped.
                    None => false,
                };
                checking.outcome = Some(Ended { began, succeeded });
                return succeeded;
            }
            // It lives as long as the sender, which is here.
            let _changed = ended.changed().await;
        }
    }

    async fn check_now(
        &self,
        checks: &mut Checks,
        began: Instant,
        store: &dyn Store,
        apply: &impl Fn(CheckOutcome<'_>),
    ) -> bool {
        let notified = self.notification();
        match store.changes(checks.cursor).await {
            Ok(Some(changes)) => {
                checks.found(&changes, began, apply);
                self.notified.store(notified, Ordering::Relaxed);
                self.checked.store(self.nanos(began), Ordering::SeqCst);
                true
            }
            Ok(None) => {
                self.never.store(true, Ordering::Relaxed);
                self.checked.store(0, Ordering::SeqCst);
                false
            }
            // The call goes to the store, and gets its error.
            Err(_) => false,
        }
    }

    /// Never 0, which means that there was no check.
    fn nanos(&self, instant: Instant) -> u64 {
        let nanos = instant.saturating_duration_since(self.origin).as_nanos();
        u64::try_from(nanos).unwrap_or(u64::MAX).max(1)
    }
}

impl Checks {
    fn found(&mut self, changes: &Changes, began: Instant, apply: impl Fn(CheckOutcome<'_>)) {
        // Without a cursor before this one nothing is known of what was read until now.
        let records = changes.records.as_deref().filter(|_| self.cursor.is_some());
        self.unswept |= records.is_none_or(|records| !records.is_empty());
        let sweep = self.unswept && self.swept.is_none_or(|swept| began.duration_since(swept) >= SWEEP_INTERVAL);
        apply(CheckOutcome { records, sweep });
        if sweep {
            (self.unswept, self.swept) = (false, Some(began));
        }
        self.cursor = Some(changes.cursor);
    }
}
