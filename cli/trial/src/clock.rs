//! A clock that a trial sets, so that months pass at once and an answer of last year is read at its own time.

use keyway::{Clock, Result, Timestamp};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// A clock that stands still until it is moved. Clones show the same time.
#[derive(Clone, Debug)]
pub struct TrialClock {
    now: Arc<AtomicI64>,
    drawn: Arc<AtomicU64>,
}

impl TrialClock {
    /// A clock at an instant.
    pub fn at(now: Timestamp) -> TrialClock {
        TrialClock { now: Arc::new(AtomicI64::new(now.as_millisecond())), drawn: Arc::default() }
    }

    /// Lets time pass.
    pub fn pass(&self, by: std::time::Duration) {
        self.now.fetch_add(i64::try_from(by.as_millis()).unwrap_or(i64::MAX), Ordering::Relaxed);
    }
}

impl Clock for TrialClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.now.load(Ordering::Relaxed)).unwrap_or(Timestamp::UNIX_EPOCH)
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
