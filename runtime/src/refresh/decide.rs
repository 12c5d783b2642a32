//! Whether a renewal is due, and whether it may be tried.
//!
//! Pure: the instant comes in. Absent here: how a renewal is made.

use super::Want;
use crate::auth::oauth2::second_expires_at;
use crate::clock::Timestamp;
use crate::connection::{Connection, RefreshState};
use crate::error::{Error, ErrorKind, Result};
use jiff::SignedDuration;
use jiff::tz::Offset;
use keyway_spec::ProviderSpec;
use keyway_spec::quirks::RefreshWhen;

/// How long after a renewal, failed or not, the next one waits that nobody's clock asks for.
const BACKOFF: SignedDuration = SignedDuration::from_secs(30);
/// After failures on this many days nobody tries again by himself.
const MOST_ATTEMPTS: u32 = 4;

/// How long an intent holds: longer than a token request can take, so that what is past it was abandoned.
const LEASE: SignedDuration = SignedDuration::from_secs(90);

/// What to do with the stored credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    Use,
    Renew,
}

pub(super) fn decide(spec: &ProviderSpec, connection: &Connection, want: &Want, now: Timestamp) -> Decision {
    let token = connection.credentials.token.as_ref();
    let due = match want {
        Want::Renewed => true,
        Want::Instead(refused) => token.is_none_or(|token| token.access == *refused) && !is_new(connection, now),
        Want::Fresh if refreshes(spec) != RefreshWhen::Expiring => false,
        Want::Fresh => match token {
            None => crate::auth::exchanges_at_once(spec),
            Some(token) => is_due(spec, token.expires_at, now) || has_a_due_second(spec, connection, now),
        },
    };
    if due { Decision::Renew } else { Decision::Use }
}

/// When the entry's tokens are refreshed.
fn refreshes(spec: &ProviderSpec) -> RefreshWhen {
    spec.quirks.map_or(RefreshWhen::Expiring, |quirks| quirks.refresh_when)
}

/// Whether a token has expired, or will within the buffer.
fn is_due(spec: &ProviderSpec, expires_at: Option<Timestamp>, now: Timestamp) -> bool {
    let buffer = SignedDuration::from_secs(i64::from(spec.token_expiration_buffer));
    expires_at.is_some_and(|expires_at| expires_at.duration_since(now) < buffer)
}

/// How long a second token that a renewal did not bring has to wait for the next one.
const SECOND_BACKOFF: SignedDuration = SignedDuration::from_mins(10);

/// Whether a token beside the first one is due, and has not just been tried.
fn has_a_due_second(spec: &ProviderSpec, connection: &Connection, now: Timestamp) -> bool {
    let also = spec.quirks.map_or(&[][..], |quirks| quirks.also);
    let tried = connection.refresh.last_success.map(|success| now.duration_since(success));
    !tried.is_some_and(|since| (SignedDuration::ZERO..SECOND_BACKOFF).contains(&since))
        && also.iter().any(|second| is_due(spec, second_expires_at(&connection.credentials, second.name), now))
}

/// Whether the token has just been renewed: an upstream that refuses that one too means something else by its 401.
fn is_new(connection: &Connection, now: Timestamp) -> bool {
    connection.refresh.last_success.is_some_and(|success| is_recent(success, now))
}

/// Whether something happened within the backoff. A clock that was put back makes the past look like the future: that
/// is not recent, or nothing would happen until the clock is there again.
fn is_recent(past: Timestamp, now: Timestamp) -> bool {
    (SignedDuration::ZERO..BACKOFF).contains(&now.duration_since(past))
}

/// Whether an attempt may be made now; only an operator's wish overrides the reasons against.
pub(super) fn permit(state: &RefreshState, want: &Want, now: Timestamp) -> Result<()> {
    if matches!(want, Want::Renewed) {
        return Ok(());
    }
    if state.exhausted {
        let message = "the credential could not be renewed: the customer has to connect again";
        return Err(Error::new(ErrorKind::ReconnectNeeded, message).sent(false));
    }
    match state.last_failure {
        Some(failure) if is_recent(failure, now) => {
            let message = format!("a refresh failed less than {} seconds ago: try again later", BACKOFF.as_secs());
            Err(Error::new(ErrorKind::RefreshBackoff, message).sent(false))
        }
        _ => Ok(()),
    }
}

/// Whether the token can be used although it should have been renewed.
pub(super) fn is_alive(connection: &Connection, now: Timestamp) -> bool {
    let token = connection.credentials.token.as_ref();
    token.is_some_and(|token| token.expires_at.is_none_or(|expires_at| now < expires_at))
}

/// How an earlier attempt to redeem the refresh token stands, in whatever process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Intent {
    /// There is none.
    None,
    /// Somebody may still be waiting for the answer.
    Running,
    /// Nobody is: the process was killed, or the store could not be written.
    Abandoned,
}

pub(super) fn intent(state: &RefreshState, now: Timestamp) -> Intent {
    match state.intent {
        None => Intent::None,
        // No lease is longer than a lease: beyond that, the clock was put back.
        Some(until) if (SignedDuration::ZERO..=LEASE).contains(&until.duration_since(now)) && now < until => {
            Intent::Running
        }
        Some(_) => Intent::Abandoned,
    }
}

/// The state while a refresh token is being redeemed.
pub(super) fn begun(state: &RefreshState, now: Timestamp) -> RefreshState {
    // At the end of time there is nobody to meet.
    RefreshState { intent: Some(now.checked_add(LEASE).unwrap_or(Timestamp::MAX)), ..state.clone() }
}

/// The state after a failure. A day counts once, in UTC; the fourth day ends it.
///
/// `indeterminate`: a refresh token was sent and nobody knows whether it was redeemed. It is not sent again by itself.
pub(super) fn failed(state: &RefreshState, indeterminate: bool, now: Timestamp) -> RefreshState {
    let day = |at: Timestamp| Offset::UTC.to_datetime(at).date();
    let same_day = state.last_failure.is_some_and(|failure| day(failure) == day(now));
    let attempts = if same_day { state.attempts } else { state.attempts.saturating_add(1) };
    RefreshState {
        last_success: state.last_success,
        last_failure: Some(now),
        attempts,
        exhausted: state.exhausted || indeterminate || attempts >= MOST_ATTEMPTS,
        intent: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::ConnectionKey;
    use crate::credentials::{Credentials, Token};
    use crate::secret::Secret;

    const SPEC: ProviderSpec = ProviderSpec { token_expiration_buffer: 900, ..ProviderSpec::EMPTY };
    const DAY: i64 = 86_400;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    fn connection(expires_at: Option<i64>) -> Connection {
        let token = Token { access: Secret::new("t"), refresh: None, expires_at: expires_at.map(at), raw: None };
        Connection {
            key: ConnectionKey::new("a", "b"),
            provider: String::new(),
            config: std::collections::BTreeMap::new(),
            metadata: serde_json::Map::new(),
            credentials: Credentials { token: Some(token), ..Credentials::default() },
            refresh: RefreshState::default(),
            created_at: at(0),
            updated_at: at(0),
            epoch: 1,
        }
    }

    #[test]
    fn a_renewal_is_due_within_the_buffer_or_when_somebody_says_so() {
        let now = at(1000);
        for (expires_at, want, expected) in [
            (Some(1900), Want::Fresh, Decision::Use),
            (Some(1899), Want::Fresh, Decision::Renew),
            (Some(10), Want::Fresh, Decision::Renew),
            (None, Want::Fresh, Decision::Use),
            (Some(9999), Want::Renewed, Decision::Renew),
            (Some(9999), Want::Instead("t".into()), Decision::Renew),
            (Some(9999), Want::Instead("older".into()), Decision::Use),
        ] {
            assert_eq!(decide(&SPEC, &connection(expires_at), &want, now), expected, "{expires_at:?} {want:?}");
        }
    }

    #[test]
    fn a_refused_token_that_is_new_is_not_renewed_again() {
        let mut connection = connection(None);
        connection.refresh.last_success = Some(at(100));
        for (now, expected) in [(100, Decision::Use), (129, Decision::Use), (130, Decision::Renew)] {
            assert_eq!(decide(&SPEC, &connection, &Want::Instead("t".into()), at(now)), expected, "{now}");
        }
    }

    #[test]
    fn failures_count_once_a_day_and_the_fourth_day_is_the_last() {
        let mut state = RefreshState::default();
        for (instant, attempts, exhausted) in [
            (0, 1, false),
            (60, 1, false),
            (DAY - 1, 1, false),
            (DAY, 2, false),
            (2 * DAY, 3, false),
            (3 * DAY, 4, true),
            (3 * DAY + 60, 4, true),
        ] {
            state = failed(&state, false, at(instant));
            assert_eq!((state.attempts, state.exhausted), (attempts, exhausted), "{instant}");
        }
        assert_eq!(
            RefreshState::succeeded(at(9)),
            RefreshState { last_success: Some(at(9)), ..RefreshState::default() }
        );
    }

    #[test]
    fn an_intent_runs_until_its_lease_ends_and_is_abandoned_then() {
        let state = begun(&RefreshState::default(), at(100));
        for (now, expected) in [(100, Intent::Running), (189, Intent::Running), (190, Intent::Abandoned)] {
            assert_eq!(intent(&state, at(now)), expected, "{now}");
        }
        assert_eq!(intent(&RefreshState::default(), at(100)), Intent::None);
        // The clock was put back by an hour.
        assert_eq!(intent(&state, at(100 - 3600)), Intent::Abandoned);
        assert_eq!(failed(&state, false, at(101)).intent, None);
        assert_eq!(RefreshState::succeeded(at(101)).intent, None);
    }

    #[test]
    fn attempts_wait_after_a_failure_and_end_with_exhaustion_unless_forced() {
        let failed_at = |instant| RefreshState { last_failure: Some(at(instant)), ..RefreshState::default() };
        let exhausted = RefreshState { exhausted: true, ..RefreshState::default() };
        let kind = |state: &RefreshState, want: Want| permit(state, &want, at(100)).err().map(|error| error.kind());
        assert_eq!(kind(&failed_at(71), Want::Fresh), Some(ErrorKind::RefreshBackoff));
        assert_eq!(kind(&failed_at(70), Want::Fresh), None);
        assert_eq!(kind(&failed_at(100 + DAY), Want::Fresh), None, "the clock was put back by a day");
        assert_eq!(kind(&failed_at(71), Want::Renewed), None);
        assert_eq!(kind(&exhausted, Want::Fresh), Some(ErrorKind::ReconnectNeeded));
        assert_eq!(kind(&exhausted, Want::Renewed), None);
        assert!(failed(&RefreshState::default(), true, at(1)).exhausted);
    }
}
