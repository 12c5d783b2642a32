//! The last calls of a connection, as this process saw them end: when, with which status or error, after how long.
//!
//! Never what was called: no method, URL, header or body. A log has a fixed size and belongs to one connection, so that
//! a call that ends allocates nothing and waits for no other account.

use crate::clock::Timestamp;
use crate::error::ErrorKind;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The number of calls that are kept of a connection.
pub(crate) const MAX_RECENT_CALLS: usize = 10;

/// A call that ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecentCall {
    /// When it ended: when the headers of the answer were there, or what the entry has read of its body.
    pub at: Timestamp,
    /// With an answer, or with an error.
    pub ended: CallEnd,
    /// The time that it took until then, in milliseconds, every try and wait included.
    pub milliseconds: u32,
}

/// The end of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallEnd {
    /// With an answer of the upstream.
    Answered {
        /// Its status.
        status: u16,
        /// The status that it counts as, where its body tells that it is an error.
        counts_as: Option<u16>,
    },
    /// With an error.
    Failed(ErrorKind),
}

/// The newest calls of a connection.
pub(crate) struct CallLog {
    /// When the connection was made: another one of its name has other calls.
    created_at: Timestamp,
    ring: Mutex<Ring>,
}

#[derive(Default)]
struct Ring {
    calls: [Option<RecentCall>; MAX_RECENT_CALLS],
    /// The place of the next one, over the oldest.
    next: usize,
}

impl CallLog {
    /// An empty one of a connection that was made at an instant.
    pub(crate) fn new(created_at: Timestamp) -> CallLog {
        CallLog { created_at, ring: Mutex::default() }
    }

    /// True if it is of the connection that was made at an instant.
    pub(crate) fn is_of(&self, created_at: Timestamp) -> bool {
        self.created_at == created_at
    }

    /// Adds a call that ended just now.
    pub(crate) fn push(&self, at: Timestamp, ended: CallEnd, took: Duration) {
        let milliseconds = u32::try_from(took.as_millis()).unwrap_or(u32::MAX);
        let mut ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let place = ring.next;
        ring.next = (place + 1) % MAX_RECENT_CALLS;
        if let Some(oldest) = ring.calls.get_mut(place) {
            *oldest = Some(RecentCall { at, ended, milliseconds });
        }
    }

    /// The newest first.
    pub(crate) fn newest_first(&self) -> Vec<RecentCall> {
        let ring = self.ring.lock().unwrap_or_else(PoisonError::into_inner);
        let (newer, older) = ring.calls.split_at(ring.next.min(MAX_RECENT_CALLS));
        newer.iter().rev().chain(older.iter().rev()).copied().flatten().collect()
    }
}

impl fmt::Debug for CallLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.newest_first()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_ten_are_kept_in_their_order() {
        let log = CallLog::new(Timestamp::UNIX_EPOCH);
        let instant = |second: u16| Timestamp::from_second(second.into()).unwrap();
        let mut expected: Vec<RecentCall> = Vec::new();
        for number in 1..=25 {
            assert_eq!(log.newest_first(), expected);
            let ended = CallEnd::Answered { status: number, counts_as: None };
            log.push(instant(number), ended, Duration::from_millis(number.into()));
            expected.insert(0, RecentCall { at: instant(number), ended, milliseconds: number.into() });
            expected.truncate(MAX_RECENT_CALLS);
        }
        let failed = CallEnd::Failed(ErrorKind::Timeout);
        log.push(instant(26), failed, Duration::MAX);
        let newest = log.newest_first();
        assert_eq!((newest.len(), newest[0].ended, newest[0].milliseconds), (10, failed, u32::MAX));
    }
}
