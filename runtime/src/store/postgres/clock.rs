//! The database's clock, as this machine's clock and how far it is off.
//!
//! Leases and every other instant that is stored are compared by processes on several machines, whose clocks differ.
//! So all of them go by the database's: each reading and each writing of a connection brings its time along, which
//! confirms or corrects the difference. A decision about a lease directly follows one of the two.
//!
//! The database's time lies between the sending of a statement and the receiving of its answer. One that took longer
//! than [`MAX_ROUND_TRIP`] says too little and is not used: what is used is off by at most half of that, which the
//! margin of a lease covers. The difference is changed only where it is proven wrong, so time does not tremble.

use super::fault::Fault;
use crate::clock::{Clock, Timestamp};
use crate::error::{Error, ErrorKind, Result};
use jiff::SignedDuration;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

/// The SQL of its time, in microseconds since the epoch.
pub(super) const DATABASE_TIME: &str = "(extract(epoch FROM clock_timestamp()) * 1000000)::bigint";

/// The longest round trip of a measurement.
const MAX_ROUND_TRIP: Duration = Duration::from_secs(2);
/// How often the first measurement is tried.
const MAX_MEASUREMENTS: usize = 5;
/// A difference from which on the operator is told.
const LARGE_DIFFERENCE: Duration = Duration::from_secs(30);

/// The database's clock; randomness is the machine's.
#[derive(Debug)]
pub(super) struct DatabaseClock {
    machine: Arc<dyn Clock>,
    /// The database's time less the machine's, in microseconds.
    difference: AtomicI64,
}

impl DatabaseClock {
    pub(super) fn new(machine: Arc<dyn Clock>) -> DatabaseClock {
        DatabaseClock { machine, difference: AtomicI64::new(0) }
    }

    /// The machine's time, to be taken before a statement is sent.
    pub(super) fn sent(&self) -> i64 {
        self.machine.now().as_microsecond()
    }

    /// Takes note of an answer: `theirs` is the database's time while the statement ran that was sent at `sent`.
    pub(super) fn answered(&self, sent: i64, theirs: i64) {
        if let Some((least, most)) = bounds(sent, theirs, self.sent()) {
            let before = self.difference.load(Ordering::Relaxed);
            self.difference.store(before.clamp(least, most), Ordering::Relaxed);
        }
    }

    /// Measures for the first time.
    pub(super) async fn measure(&self, client: &tokio_postgres::Client) -> std::result::Result<(), Fault> {
        let statement = client.prepare(&format!("SELECT {DATABASE_TIME}")).await?;
        for _ in 0..MAX_MEASUREMENTS {
            let sent = self.sent();
            let theirs: i64 = client.query_one(&statement, &[]).await?.try_get(0)?;
            let Some((least, most)) = bounds(sent, theirs, self.sent()) else { continue };
            let difference = least.midpoint(most);
            self.difference.store(difference, Ordering::Relaxed);
            if Duration::from_micros(difference.unsigned_abs()) > LARGE_DIFFERENCE {
                let seconds = difference / 1_000_000;
                tracing::warn!("the database's clock is {seconds} s ahead of this machine's; the database's counts");
            }
            return Ok(());
        }
        let most = MAX_ROUND_TRIP.as_secs();
        let message = format!("each answer of the database takes longer than {most} s: bring it nearer");
        Err(Error::new(ErrorKind::StoreUnavailable, message).into())
    }
}

impl Clock for DatabaseClock {
    fn now(&self) -> Timestamp {
        let difference = SignedDuration::from_micros(self.difference.load(Ordering::Relaxed));
        let now = self.machine.now();
        now.checked_add(difference).unwrap_or(now)
    }

    fn random(&self, bytes: &mut [u8]) -> Result<()> {
        self.machine.random(bytes)
    }
}

/// The least and the most that the database's clock is ahead; `None` where the round trip says too little.
fn bounds(sent: i64, theirs: i64, received: i64) -> Option<(i64, i64)> {
    let round_trip = u64::try_from(received.checked_sub(sent)?).ok()?;
    let (least, most) = (theirs.checked_sub(received)?, theirs.checked_sub(sent)?);
    (Duration::from_micros(round_trip) <= MAX_ROUND_TRIP).then_some((least, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_measurement_bounds_the_difference_unless_it_took_too_long_or_the_clock_went_back() {
        const S: i64 = 1_000_000;
        for (sent, theirs, received, expected) in [
            (100 * S, 100 * S, 100 * S, Some((0, 0))),
            (100 * S, 3700 * S, 101 * S, Some((3599 * S, 3600 * S))),
            (3700 * S, 100 * S, 3702 * S, Some((-3602 * S, -3600 * S))),
            (100 * S, 100 * S, 102 * S + 1, None),
            (100 * S, 100 * S, 99 * S, None),
            (0, i64::MIN, 1, None),
            (i64::MIN, 0, i64::MAX, None),
        ] {
            assert_eq!(bounds(sent, theirs, received), expected, "{sent} {theirs} {received}");
        }
    }

    #[test]
    fn the_difference_moves_only_where_it_is_proven_wrong() {
        let clock = DatabaseClock::new(Arc::new(crate::clock::System));
        let difference = || clock.difference.load(Ordering::Relaxed);
        clock.answered(clock.sent() - 1_000_000, clock.sent());
        assert_eq!(difference(), 0, "it may have answered at once");
        clock.answered(clock.sent(), clock.sent() + 3_600_000_000);
        assert!((3_599_000_000..=3_600_000_000).contains(&difference()), "{}", difference());
        let before = difference();
        clock.answered(clock.sent() - 3_000_000, clock.sent());
        assert_eq!(difference(), before, "an answer that came late says nothing");
    }
}
