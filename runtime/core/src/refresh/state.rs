//! The state that attempts leave: whether the next may be made, the intent of one that is running, the state after a
//! failure.
//!
//! Pure: the instant comes in. Whether a renewal is due is decided in [`super::decide`], what an error means in
//! [`super::outcome`].

use super::decide::{BACKOFF, RefreshIf};
use super::outcome::Outcome;
use crate::clock::Timestamp;
use crate::connection::RefreshState;
use crate::error::{Error, ErrorKind, Result};
use jiff::SignedDuration;
use jiff::tz::Offset;
use keyway_spec::quirks::UnknownOutcome;
use std::time::Duration;

/// The pause between a first attempt of unknown outcome and the second: with [`super::MAX_REFRESH_TIMEOUT`] less than
/// the 30 seconds for which vendors honour a refresh token once more. It is shorter where attempts are shorter than
/// usual.
pub const RETRY_PAUSE: Duration = Duration::from_secs(2);
/// The longest pause between attempts, unless the endpoint asks for a longer one.
const MAX_BACKOFF: SignedDuration = SignedDuration::from_mins(15);
/// The longest pause that an endpoint may ask for.
const MAX_TOLD_WAIT: SignedDuration = SignedDuration::from_hours(24);
/// Automatic refreshes stop after failures without an answer on this many days.
const MAX_DAYS_UNANSWERED: u32 = 4;
/// The time by which an intent outlasts its attempt: enough to write the outcome.
const LEASE_MARGIN: SignedDuration = SignedDuration::from_secs(8);
/// No intent holds longer than this: beyond it, the clock was put back.
const MAX_LEASE: SignedDuration = SignedDuration::from_secs(90);

/// True if an attempt may be made now; only a forced refresh overrides the reasons against.
pub fn permit(state: &RefreshState, wanted: &RefreshIf, now: Timestamp) -> Result<()> {
    if matches!(wanted, RefreshIf::Forced) {
        return Ok(());
    }
    if state.exhausted {
        let message = "the credential could not be renewed: the customer has to connect again";
        return Err(Error::new(ErrorKind::ReconnectNeeded, message).sent(false));
    }
    match wait(state, now) {
        None => Ok(()),
        Some(wait) => {
            let message =
                format!("the last refresh failed: the next is made in {} seconds at the earliest", whole(wait));
            Err(Error::new(ErrorKind::RefreshBackoff, message).sent(false).wait(Some(wait)))
        }
    }
}

/// The remaining wait before the next attempt. A failure in the future was noted before the clock was put back: it
/// does not count, or nothing would happen until the clock is there again.
pub fn wait(state: &RefreshState, now: Timestamp) -> Option<Duration> {
    let retry_at = state.retry_at.filter(|_| state.last_failure.is_some_and(|failure| failure <= now))?;
    Duration::try_from(retry_at.duration_since(now)).ok().filter(|wait| !wait.is_zero())
}

/// Whole seconds, rounded up.
pub fn whole(wait: Duration) -> u64 {
    wait.as_millis().div_ceil(1000).try_into().unwrap_or(u64::MAX)
}

/// The state of an earlier attempt to redeem the refresh token, in any process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Intent {
    /// There is none.
    None,
    /// A process may still be waiting for the answer.
    Running,
    /// No process is: it was killed, or the store could not be written.
    Abandoned,
}

pub fn intent(state: &RefreshState, now: Timestamp) -> Intent {
    match state.intent {
        None => Intent::None,
        Some(until) if until.duration_since(now) <= MAX_LEASE && now < until => Intent::Running,
        Some(_) => Intent::Abandoned,
    }
}

/// The state while a refresh token is being redeemed, by an attempt that takes at most `timeout`.
pub fn begun(state: &RefreshState, timeout: Duration, now: Timestamp) -> RefreshState {
    let lease = SignedDuration::try_from(timeout).unwrap_or(MAX_LEASE).saturating_add(LEASE_MARGIN).min(MAX_LEASE);
    RefreshState { intent: Some(later(now, lease)), ..state.clone() }
}

/// The time left for an attempt under an intent: it is over well before the intent is, whatever stopped the
/// process after the intent was written. `None` if that is too late already.
pub fn left(state: &RefreshState, now: Timestamp) -> Option<Duration> {
    let left = state.intent?.duration_since(now).checked_sub(LEASE_MARGIN / 2)?;
    Duration::try_from(left).ok().filter(|left| !left.is_zero() && intent(state, now) == Intent::Running)
}

/// The state with an abandoned attempt counted as what it is: one of unknown outcome, at the end of its lease.
pub fn settled(state: &RefreshState, policy: UnknownOutcome, now: Timestamp) -> RefreshState {
    match state.intent {
        Some(until) if intent(state, now) == Intent::Abandoned => {
            let over = until.min(now);
            let after = failed(state, Outcome::Unknown, policy, over);
            // The lease counts as the pause.
            if is_tried_again_soon(&after) { RefreshState { retry_at: Some(over), ..after } } else { after }
        }
        _ => state.clone(),
    }
}

/// The state after an attempt that brought no token.
///
/// Days without an answer count once each, in UTC; the fourth ends it. So does a refusal of the grant at once, and an
/// unknown outcome where `policy` says that it is final.
pub fn failed(state: &RefreshState, outcome: Outcome, policy: UnknownOutcome, now: Timestamp) -> RefreshState {
    let day = |at: Timestamp| Offset::UTC.to_datetime(at).date();
    let counted = state.unanswered > 0 && state.last_failure.is_some_and(|failure| day(failure) == day(now));
    let unknown = outcome == Outcome::Unknown;
    let failures = state.failures.saturating_add(1);
    let unanswered = if unknown { state.unanswered.saturating_add(1) } else { 0 };
    let attempts = if unknown && !counted { state.attempts.saturating_add(1) } else { state.attempts };
    let ended = match outcome {
        Outcome::InvalidGrant => true,
        Outcome::Unknown => policy == UnknownOutcome::Final || attempts >= MAX_DAYS_UNANSWERED,
        Outcome::Refused | Outcome::NotRedeemed(_) => false,
    };
    let pause = match outcome {
        Outcome::Unknown => match unanswered {
            1 => SignedDuration::try_from(RETRY_PAUSE).unwrap_or(BACKOFF),
            more => backoff(more.saturating_sub(1)),
        },
        Outcome::NotRedeemed(Some(told)) => SignedDuration::try_from(told).unwrap_or(MAX_TOLD_WAIT).min(MAX_TOLD_WAIT),
        Outcome::NotRedeemed(None) | Outcome::Refused | Outcome::InvalidGrant => backoff(failures),
    };
    RefreshState {
        last_success: state.last_success,
        last_failure: Some(now),
        attempts,
        failures,
        unanswered,
        retry_at: Some(later(now, pause)),
        exhausted: state.exhausted || ended,
        intent: None,
    }
}

/// True if the attempt that left this state is to be followed by another within seconds.
pub fn is_tried_again_soon(state: &RefreshState) -> bool {
    state.unanswered == 1 && !state.exhausted
}

/// The pause after so many failures in a row.
fn backoff(failures: u32) -> SignedDuration {
    let factor = 2_i32.saturating_pow(failures.saturating_sub(1));
    BACKOFF.checked_mul(factor).unwrap_or(MAX_BACKOFF).min(MAX_BACKOFF)
}

/// A later instant; saturates at the last one instead of overflowing.
fn later(now: Timestamp, by: SignedDuration) -> Timestamp {
    now.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    const RETRY: UnknownOutcome = UnknownOutcome::Retry;

    #[test]
    fn each_outcome_leaves_a_pause_and_only_a_lost_grant_ends_it() {
        let told = |seconds| Outcome::NotRedeemed(Some(Duration::from_secs(seconds)));
        let state = |failures, unanswered| RefreshState { failures, unanswered, ..RefreshState::default() };
        for (before, outcome, policy, pause, ended) in [
            (state(0, 0), Outcome::Unknown, RETRY, 2, false),
            (state(1, 1), Outcome::Unknown, RETRY, 30, false),
            (state(2, 2), Outcome::Unknown, RETRY, 60, false),
            (state(9, 9), Outcome::Unknown, RETRY, 900, false),
            (state(u32::MAX, u32::MAX), Outcome::Unknown, RETRY, 900, false),
            (state(3, 0), Outcome::Unknown, RETRY, 2, false),
            (state(0, 0), Outcome::Unknown, UnknownOutcome::Final, 2, true),
            (state(0, 0), Outcome::InvalidGrant, RETRY, 30, true),
            (state(0, 0), Outcome::Refused, RETRY, 30, false),
            (state(1, 1), Outcome::Refused, RETRY, 60, false),
            (state(99, 0), Outcome::Refused, UnknownOutcome::Final, 900, false),
            (state(0, 0), Outcome::NotRedeemed(None), RETRY, 30, false),
            (state(4, 0), told(7), RETRY, 7, false),
            (state(0, 0), told(1 << 40), RETRY, 86_400, false),
        ] {
            let after = failed(&before, outcome, policy, at(1000));
            assert_eq!(after.retry_at, Some(at(1000 + pause)), "{outcome:?} after {before:?}");
            assert_eq!(after.exhausted, ended, "{outcome:?} after {before:?}");
            assert_eq!(after.unanswered > 0, outcome == Outcome::Unknown, "{outcome:?}");
        }
    }

    #[test]
    fn days_without_an_answer_count_once_and_the_fourth_is_the_last() {
        let mut state = RefreshState::default();
        for (instant, outcome, attempts, exhausted) in [
            (0, Outcome::Unknown, 1, false),
            (60, Outcome::Unknown, 1, false),
            (DAY - 1, Outcome::Unknown, 1, false),
            (DAY, Outcome::NotRedeemed(None), 1, false),
            (DAY + 1, Outcome::Unknown, 2, false),
            (2 * DAY, Outcome::Unknown, 3, false),
            (3 * DAY, Outcome::Refused, 3, false),
            (9 * DAY, Outcome::Unknown, 4, true),
            (9 * DAY + 60, Outcome::Unknown, 4, true),
        ] {
            state = failed(&state, outcome, RETRY, at(instant));
            assert_eq!((state.attempts, state.exhausted), (attempts, exhausted), "{instant}");
        }
        assert_eq!(
            RefreshState::succeeded(at(9)),
            RefreshState { last_success: Some(at(9)), ..RefreshState::default() }
        );
    }

    #[test]
    fn an_intent_runs_until_its_lease_ends_and_is_an_attempt_of_unknown_outcome_then() {
        let state = begun(&RefreshState::default(), Duration::from_secs(12), at(100));
        for (now, expected) in [(100, Intent::Running), (119, Intent::Running), (120, Intent::Abandoned)] {
            assert_eq!(intent(&state, at(now)), expected, "{now}");
        }
        assert_eq!(intent(&RefreshState::default(), at(100)), Intent::None);
        assert_eq!(intent(&state, at(100 - 3600)), Intent::Abandoned, "the clock was put back by an hour");
        assert_eq!(failed(&state, Outcome::Unknown, RETRY, at(101)).intent, None);
        assert_eq!(RefreshState::succeeded(at(101)).intent, None);
        assert_eq!(settled(&state, RETRY, at(119)), state, "it may be running");
        let settled = settled(&state, RETRY, at(500));
        assert_eq!((settled.unanswered, settled.last_failure, settled.intent), (1, Some(at(120)), None));
        assert!(permit(&settled, &RefreshIf::Due, at(120)).is_ok(), "within 30 seconds of the first sending");
        let longest = begun(&RefreshState::default(), super::super::MAX_REFRESH_TIMEOUT, at(0)).intent.unwrap();
        assert!(longest < at(30), "a second attempt after a death comes within 30 seconds");
    }

    #[test]
    fn an_attempt_is_over_before_its_lease_is() {
        let state = begun(&RefreshState::default(), Duration::from_secs(12), at(100));
        for (now, expected) in [(100, Some(16)), (110, Some(6)), (115, Some(1)), (116, None), (130, None)] {
            assert_eq!(left(&state, at(now)).map(|left| left.as_secs()), expected, "{now}");
        }
        assert_eq!(left(&RefreshState::default(), at(100)), None);
    }

    #[test]
    fn attempts_wait_after_a_failure_and_end_with_exhaustion_unless_forced() {
        let failed_at = |instant| RefreshState {
            last_failure: Some(at(instant)),
            retry_at: Some(at(instant + 30)),
            ..RefreshState::default()
        };
        let exhausted = RefreshState { exhausted: true, ..RefreshState::default() };
        let kind =
            |state: &RefreshState, wanted: RefreshIf| permit(state, &wanted, at(100)).err().map(|error| error.kind());
        assert_eq!(kind(&failed_at(71), RefreshIf::Due), Some(ErrorKind::RefreshBackoff));
        assert_eq!(kind(&failed_at(70), RefreshIf::Due), None);
        assert_eq!(kind(&failed_at(100 + DAY), RefreshIf::Due), None, "the clock was put back by a day");
        assert_eq!(kind(&failed_at(71), RefreshIf::Forced), None);
        assert_eq!(kind(&exhausted, RefreshIf::Due), Some(ErrorKind::ReconnectNeeded));
        assert_eq!(kind(&exhausted, RefreshIf::Forced), None);
        let error = permit(&failed_at(71), &RefreshIf::Due, at(100)).unwrap_err();
        assert_eq!(error.evidence().wait, Some(Duration::from_secs(1)));
    }
}
