//! The bounds of the runtime that a run is held against, each as it stands where `PLACES` says. No tolerance of the
//! ledger is longer than what follows from them.

use std::time::Duration;

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The longest that an attempt takes.
pub(crate) const ATTEMPT: Duration = seconds(12);
/// The time by which its lease outlasts it. Half of that is left after an attempt that began late.
pub(crate) const LEASE_MARGIN: Duration = seconds(8);
/// An intent holds for so long from before it is written, and it is written before the token is sent.
pub(crate) const LEASE: Duration = seconds(ATTEMPT.as_secs() + LEASE_MARGIN.as_secs());
/// The pause before a token is sent for the second time.
const RETRY_PAUSE: Duration = seconds(2);
/// The interval at which a process looks whether the lease of another is over.
pub(crate) const POLL_INTERVAL: Duration = Duration::from_millis(250);
/// A call waits so long for a refresh token to be redeemed, and for a login.
pub(crate) const CALL_TIMEOUT: Duration = seconds(15);
pub(crate) const LOGIN_TIMEOUT: Duration = seconds(65);
/// For so long a write of another process may be unseen.
pub(crate) const MAX_STALENESS: Duration = Duration::from_millis(250);
/// A write waits so long for that of another process.
pub(crate) const BUSY_TIMEOUT: Duration = seconds(5);
/// One of a database takes so long.
pub(crate) const OPERATION_TIMEOUT: Duration = seconds(15);
/// A database's clock is read with an error of half a round trip.
pub(crate) const CLOCK_ERROR: Duration = seconds(1);
/// A process writes what was granted to it so often and so far apart, where the store is away.
pub(crate) const STORE_RETRIES: Duration = seconds(41 * 5 + 40 / 2);
/// An operator's renewal waits for that of another process 400 times, and is an attempt and a second one then.
pub(crate) const FORCED_TIMEOUT: Duration = seconds(100 + 2 * ATTEMPT.as_secs() + RETRY_PAUSE.as_secs());
/// A server that is told to stop gives open requests and renewals so long.
pub(crate) const SHUTDOWN_TIMEOUT: Duration = seconds(30);

/// Each line, and the file that it stands in.
#[cfg(test)]
const PLACES: [(&str, &str); 16] = [
    ("runtime/src/refresh/mod.rs", "DEFAULT_REFRESH_TIMEOUT: Duration = Duration::from_secs(12);"),
    ("runtime/core/src/refresh/state.rs", "LEASE_MARGIN: SignedDuration = SignedDuration::from_secs(8);"),
    ("runtime/core/src/refresh/state.rs", "RETRY_PAUSE: Duration = Duration::from_secs(2);"),
    ("runtime/src/refresh/renew.rs", "POLL_INTERVAL: Duration = Duration::from_millis(250);"),
    ("runtime/src/refresh/renew.rs", "MAX_POLLS: usize = 400;"),
    ("runtime/src/refresh/renew.rs", "MAX_STORE_RETRIES: usize = 40;"),
    ("runtime/src/refresh/renew.rs", "STORE_RETRY_DELAY: Duration = Duration::from_millis(500);"),
    ("runtime/src/refresh/mod.rs", " CALL_TIMEOUT: Duration = Duration::from_secs(15);"),
    ("runtime/src/refresh/mod.rs", "LOGIN_TIMEOUT: Duration = Duration::from_secs(65);"),
    ("runtime/src/engine/cache/freshness.rs", "MAX_STALENESS: Duration = Duration::from_millis(250);"),
    ("runtime/src/store/sqlite/open.rs", "BUSY_TIMEOUT: Duration = Duration::from_secs(5);"),
    ("runtime/src/store/postgres/mod.rs", "OPERATION_TIMEOUT: Duration = Duration::from_secs(15);"),
    ("runtime/src/store/postgres/clock.rs", "MAX_ROUND_TRIP: Duration = Duration::from_secs(2);"),
    ("runtime/core/src/refresh/state.rs", "checked_sub(LEASE_MARGIN / 2)"),
    ("runtime/src/refresh/renew.rs", super::witness::STORED_LATE),
    ("runtime/server/src/serve/mod.rs", "SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(30);"),
];

#[test]
fn the_bounds_are_those_of_the_runtime() {
    for (file, line) in PLACES {
        let path = format!("{}/../{file}", env!("CARGO_MANIFEST_DIR"));
        assert!(std::fs::read_to_string(path).unwrap().contains(line), "`{line}` does not stand in {file}");
    }
}
