//! What was written to a store, for those who keep in memory what they read of it.

use crate::error::Result;
use crate::transport::BoxFuture;
use std::collections::VecDeque;

/// A record that was written or removed. Integrations are named by their internal id, which a new key does not change.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Change {
    /// An integration; what was read of its connections counts as changed too.
    Integration {
        /// Its internal id.
        id: String,
    },
    /// A connection.
    Connection {
        /// The internal id of its integration.
        integration: String,
        /// Its id.
        id: String,
    },
}

/// What was written since a cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// The cursor to ask with next.
    pub cursor: u64,
    /// The records, at least once each; `None` if the store no longer knows, so that everything counts as changed.
    pub records: Option<Vec<Change>>,
}

impl Changes {
    /// The cursor to ask with next, and the records: see [`Changes::records`].
    pub fn new(cursor: u64, records: Option<Vec<Change>>) -> Changes {
        Changes { cursor, records }
    }
}

/// The answer of a store that does not keep count: nothing that is read of it may be kept.
pub(super) fn not_counted<'a>() -> BoxFuture<'a, Result<Option<Changes>>> {
    Box::pin(std::future::ready(Ok(None)))
}

/// The number of the newest changes that a store remembers.
const MAX_CHANGES: usize = 10_000;

/// The newest changes of a store that keeps them in memory, numbered from 1.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// The number of the newest change, which is also how many there were.
    last: u64,
    newest: VecDeque<Change>,
}

impl Log {
    /// Adds a change.
    pub(super) fn push(&mut self, change: Change) {
        self.last += 1;
        self.newest.push_back(change);
        if self.newest.len() > MAX_CHANGES {
            self.newest.pop_front();
        }
    }

    /// What was added since a cursor.
    pub(super) fn since(&self, since: Option<u64>) -> Changes {
        let missed =
            since.and_then(|since| self.last.checked_sub(since)).and_then(|missed| usize::try_from(missed).ok());
        let skipped = missed.and_then(|missed| self.newest.len().checked_sub(missed));
        let records = skipped.map(|skipped| self.newest.iter().skip(skipped).cloned().collect());
        Changes { cursor: self.last, records }
    }
}
