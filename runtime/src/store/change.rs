//! What was written to a store, for those who keep in memory what they read of it.

use crate::error::Result;
use crate::transport::BoxFuture;

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
