//! Accounts in memory, opened: what lets a call ask no store.
//!
//! Bounded by count and by bytes ([`CacheLimits`]); what is asked for seldom goes first, and values are wiped as they
//! go. An account is given out only if
//!
//! 1. nothing that this process wrote since it was read concerns it ([`stamps`]; the store's wrapper, `writes`,
//!    tells), and
//! 2. a check for the writes of other processes began less than [`freshness::MAX_STALENESS`] ago and succeeded
//!    ([`freshness`]).
//!
//! Both are asked at the time of the call, by the monotonic clock: a process that was stopped does not answer from
//! before. While the store cannot be asked nothing is given out, and of a store that does not count its writes
//! ([`Store::changes`] is `None`) nothing is kept. A write whose caller left before it ended is seen like one of
//! another process.
//!
//! Accounts that another process changed or deleted leave the memory within [`SWEEP_INTERVAL`] of the check that found
//! them, if there is traffic; a process without any makes no checks.

mod freshness;
mod stamps;
#[cfg(test)]
mod tests;
mod weight;

use crate::account::Account;
use crate::connection::{Connection, ConnectionKey};
use crate::recent::CallLog;
use crate::store::{Change, Store};
use freshness::{Age, Freshness};
use quick_cache::{OptionsBuilder, Weighter};
use stamps::{ReadAt, Slots, Stamps, Subject};
use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Handle;

/// How often accounts that are out of date are looked for and dropped.
const SWEEP_INTERVAL: Duration = Duration::from_secs(1);

/// How much is kept in memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CacheLimits {
    /// Accounts; none are kept where this is 0.
    pub(crate) connections: usize,
    /// Bytes of their values, as far as they can be told.
    pub(crate) bytes: u64,
}

impl CacheLimits {
    /// 10,000 accounts and 64 MiB.
    pub(crate) const DEFAULT: CacheLimits = CacheLimits { connections: 10_000, bytes: 64 << 20 };
}

/// Accounts in memory.
pub(crate) struct Cache {
    accounts: quick_cache::sync::Cache<ConnectionKey, CachedAccount, ByBytes>,
    /// The logs of their calls. They outlive the accounts, which go with every write: a renewal that fails is a write,
    /// and the calls before it are those to look at.
    logs: quick_cache::sync::Cache<ConnectionKey, Arc<CallLog>>,
    stamps: Stamps,
    freshness: Freshness,
    /// The runtime that this was made on, where there was one. Checks beside the calls run there: on a runtime that
    /// serves many connections at its limit a task waits for its turns longer than a check may be old.
    home: Option<Handle>,
}

/// An account, and what it takes to say whether it is out of date. Copied out as a whole: three words and a pointer.
#[derive(Clone)]
struct CachedAccount {
    account: Arc<Account>,
    reading: ReadAt,
    slots: Slots,
    bytes: u64,
}

/// An account counts as its bytes, and at least as its share of them: so both limits are one.
#[derive(Clone)]
struct ByBytes {
    least: u64,
}

impl Weighter<ConnectionKey, CachedAccount> for ByBytes {
    fn weight(&self, _: &ConnectionKey, entry: &CachedAccount) -> u64 {
        entry.bytes.max(self.least)
    }
}

impl Cache {
    /// An empty one for a store; `None` where nothing is to be kept.
    pub(crate) fn new(limits: CacheLimits, store: &dyn Store) -> Option<Arc<Cache>> {
        let count = u64::try_from(limits.connections).unwrap_or(u64::MAX);
        let least = limits.bytes.checked_div(count)?.max(1);
        let options = OptionsBuilder::new()
            .estimated_items_capacity(limits.connections)
            .weight_capacity(least.saturating_mul(count))
            .build()
            .ok()?;
        let accounts = quick_cache::sync::Cache::with_options(
            options,
            ByBytes { least },
            quick_cache::DefaultHashBuilder::default(),
            quick_cache::sync::DefaultLifecycle::default(),
        );
        let freshness = Freshness::new(store.notifications());
        let (stamps, home) = (Stamps::new(limits.connections), Handle::try_current().ok());
        let logs = quick_cache::sync::Cache::new(limits.connections);
        Some(Arc::new(Cache { accounts, logs, stamps, freshness, home }))
    }

    /// True if what is kept may be used now: looks for the writes of other processes where that was last done too long
    /// ago. A look that is only due is made beside the call.
    pub(super) async fn is_fresh(self: &Arc<Cache>, store: &Arc<dyn Store>) -> bool {
        match self.freshness.age(Instant::now()) {
            Age::Fresh => true,
            Age::Due => {
                self.check_beside(store);
                true
            }
            Age::Stale => Box::pin(self.freshness.check(&**store, |found| self.apply(found))).await,
            Age::Never => false,
        }
    }

    fn check_beside(self: &Arc<Cache>, store: &Arc<dyn Store>) {
        let Some(turn) = self.freshness.begin_beside() else { return };
        let (cache, store) = (Arc::clone(self), Arc::clone(store));
        let home = self.home.clone().unwrap_or_else(Handle::current);
        home.spawn(async move {
            // One that fails leaves the age as it is, and so does one whose runtime has ended: calls wait for a check
            // of their own when it is too old.
            let _succeeded = cache.freshness.check(&*store, |found| cache.apply(found)).await;
            drop(turn);
        });
    }

    /// An account that nothing written since makes out of date. Whether it [`Cache::is_fresh`] is asked before.
    pub(super) fn get(&self, key: &ConnectionKey) -> Option<Arc<Account>> {
        let entry = self.accounts.get(key)?;
        if self.stamps.hold(entry.reading, entry.slots) {
            return Some(entry.account);
        }
        // Unless a newer one took its place meanwhile.
        self.accounts.remove_if(key, |found| !self.stamps.hold(found.reading, found.slots));
        None
    }

    /// The beginning of a reading of the store: what is written from here on counts as later than what it reads.
    pub(super) fn reading(&self) -> ReadAt {
        self.stamps.reading()
    }

    /// Keeps an account that was read from the store after `reading` began.
    pub(super) fn keep(&self, key: &ConnectionKey, account: &Arc<Account>, reading: ReadAt) {
        let integration = account.integration();
        let slots = self.stamps.slots([
            Subject::IntegrationKey(&key.integration),
            Subject::IntegrationId(&integration.id),
            Subject::ConnectionKey(key),
            Subject::ConnectionId(&integration.id, &key.id),
        ]);
        let entry = CachedAccount { account: Arc::clone(account), reading, slots, bytes: weight::bytes(account) };
        if self.stamps.hold(reading, slots) {
            self.accounts.insert(key.clone(), entry);
        }
    }

    /// The log of a connection's calls; an empty one where there is none, or one of a connection before it.
    pub(super) fn log_of(&self, connection: &Connection) -> Arc<CallLog> {
        let new = || Ok::<_, Infallible>(Arc::new(CallLog::new(connection.created_at)));
        let log = self.logs.get_or_insert_with(&connection.key, new).unwrap_or_else(|never| match never {});
        if log.is_of(connection.created_at) {
            return log;
        }
        let log = Arc::new(CallLog::new(connection.created_at));
        self.logs.insert(connection.key.clone(), Arc::clone(&log));
        log
    }

    /// The log of a connection's calls, where there is one.
    pub(super) fn log(&self, key: &ConnectionKey) -> Option<Arc<CallLog>> {
        self.logs.get(key)
    }

    /// A connection was written or removed by this process.
    pub(super) fn connection_written(&self, key: &ConnectionKey) {
        self.stamps.outdate(Subject::ConnectionKey(key));
        self.accounts.remove(key);
    }

    /// An integration was written or removed by this process.
    pub(super) fn integration_written(&self, integration: &str) {
        self.stamps.outdate(Subject::IntegrationKey(integration));
        self.accounts.retain(|key, _| key.integration != integration);
    }

    /// What a check found; `None`: everything may have changed. With `sweep`, what is out of date is dropped.
    fn apply(&self, CheckOutcome { records, sweep }: CheckOutcome<'_>) {
        match records {
            None => self.stamps.outdate_all(),
            Some(records) => records.iter().for_each(|change| {
                self.stamps.outdate(match change {
                    Change::Integration { id } => Subject::IntegrationId(id),
                    Change::Connection { integration, id } => Subject::ConnectionId(integration, id),
                });
            }),
        }
        if sweep {
            self.accounts.retain(|_, entry| self.stamps.hold(entry.reading, entry.slots));
        }
    }
}

/// What a check found, and whether it is time to drop what is out of date.
struct CheckOutcome<'a> {
    records: Option<&'a [Change]>,
    sweep: bool,
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache").field("accounts", &self.accounts.len()).finish_non_exhaustive()
    }
}
