//! A clock that a trial sets, so that months pass at once and an answer of last year is read at its own time.

use keyway::{Clock, Result, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use tokio::time::Instant;

/// A clock that goes with the runtime's timers and may be moved. Clones show the same time.
#[derive(Clone, Debug)]
pub struct TrialClock {
    /// Milliseconds since the epoch when it was made, and all that passed by being moved.
    set: Arc<AtomicI64>,
    made: Instant,
    drawn: Arc<AtomicU64>,
}

impl TrialClock {
    /// A clock at an instant.
    pub fn at(now: Timestamp) -> TrialClock {
        let set = Arc::new(AtomicI64::new(now.as_millisecond()));
        TrialClock { set, made: Instant::now(), drawn: Arc::default() }
    }

    /// Lets time pass.
    pub fn pass(&self, by: std::time::Duration) {
        self.set.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::Relaxed);
    }
}

impl Clock for TrialClock {
    fn now(&self) -> Timestamp {
        let since = i64::try_from(self.made.elapsed().as_millis()).unwrap_or(i64::MAX);
        let now = self.set.load(Ordering::Relaxed).saturating_add(since);
        Timestamp::from_millisecond(now).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// Numbers that differ each time and are the same in each trial: nothing secret is made of them.
    fn random(&self, bytes: &mut [u8]) -> Result<()> {
        for byte in bytes {
            // SplitMix64's finalizer, for numbers that look unlike each other.
            let mut word = self.drawn.fetch_add(1, Ordering::Relaxed).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            *byte = word.to_be_bytes()[0];
        }
        Ok(())
    }
}
