//! States and times in words.

use keyway::clock::Timestamp;
use keyway::connection::{Connection, PENDING};
use std::fmt::Write as _;

/// A state, and how it is to be taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct SaidState {
    /// The class of its badge.
    pub(super) class: &'static str,
    /// One or two words.
    pub(super) badge: &'static str,
    /// A sentence.
    pub(super) sentence: String,
}

/// The state of a connection as its operator wants to know it.
pub(super) fn state(connection: &Connection, renews: bool, now: Timestamp) -> SaidState {
    let Connection { refresh, credentials, .. } = connection;
    let of = |class, badge, sentence: String| SaidState { class, badge, sentence };
    if connection.config.contains_key(PENDING) {
        let sentence = "The customer has not finished at the provider yet.".to_owned();
        return of("warn", "pending", sentence);
    }
    if refresh.exhausted {
        let mut sentence = "It could not be renewed any more: the customer has to connect again.".to_owned();
        if let Some(failure) = refresh.last_failure {
            let _ = write!(sentence, " The last attempt failed {}.", distance(failure, now));
        }
        return of("bad", "connect again", sentence);
    }
    if let Some(retry_at) = refresh.retry_at.filter(|at| *at > now && refresh.last_failure.is_some()) {
        let sentence = format!("The last renewal failed; the next is tried {}.", distance(retry_at, now));
        return of("warn", "renewal failed", sentence);
    }
    match credentials.token.as_ref().and_then(|token| token.expires_at) {
        None => of("good", "connected", "Its credential does not expire.".to_owned()),
        Some(at) if at > now && renews => {
            of("good", "connected", format!("Signed in; the token ends {} and is renewed before.", distance(at, now)))
        }
        Some(at) if at > now => of("good", "connected", format!("Signed in; the token ends {}.", distance(at, now))),
        Some(at) if renews => {
            of("good", "connected", format!("The token ended {}; the next call renews it.", distance(at, now)))
        }
        Some(at) => {
            let sentence = format!("The token ended {}: the customer has to connect again.", distance(at, now));
            of("bad", "ended", sentence)
        }
    }
}

/// `in 12 minutes`, `3 days ago`, `now`.
pub(super) fn distance(at: Timestamp, now: Timestamp) -> String {
    let seconds = at.as_second().saturating_sub(now.as_second());
    let (count, unit) = match seconds.unsigned_abs() {
        0 => return "now".to_owned(),
        count @ 1..=119 => (count, "second"),
        count @ 120..=7_199 => (count / 60, "minute"),
        count @ 7_200..=172_799 => (count / 3600, "hour"),
        count => (count / 86_400, "day"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if seconds > 0 { format!("in {count} {unit}{plural}") } else { format!("{count} {unit}{plural} ago") }
}

/// `2026-11-30 12:00:00 UTC`.
pub(super) fn instant(at: Timestamp) -> String {
    let text = crate::input::instant(at);
    let whole = text.split(['.', 'Z']).next().unwrap_or_default();
    format!("{} UTC", whole.replace('T', " "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway::connection::ConnectionKey;
    use keyway::credentials::{Credentials, Token};

    const NOW: i64 = 1_900_000_000;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(NOW + seconds).unwrap()
    }

    #[test]
    fn distances_are_said_in_the_unit_that_fits() {
        for (seconds, expected) in [
            (0, "now"),
            (1, "in 1 second"),
            (-90, "90 seconds ago"),
            (120, "in 2 minutes"),
            (720, "in 12 minutes"),
            (-7_200, "2 hours ago"),
            (86_400, "in 24 hours"),
            (172_800, "in 2 days"),
            (-86_400 * 400, "400 days ago"),
        ] {
            assert_eq!(distance(at(seconds), at(0)), expected);
        }
        assert_eq!(distance(Timestamp::MAX, Timestamp::MIN), "in 7304481 days");
        assert_eq!(instant(at(0)), "2030-03-17 17:46:40 UTC");
    }

    #[test]
    fn a_state_says_whether_the_customer_has_to_do_something() {
        let connection = |change: &dyn Fn(&mut Connection)| {
            let mut connection = Connection::new(ConnectionKey::new("i", "c"), "acme", at(-100));
            connection.credentials = Credentials::default();
            change(&mut connection);
            connection
        };
        let token = |ends: i64| Some(Token::new("t").expires_at(at(ends)));
        for (connection, renews, badge, sentence) in [
            (connection(&|_| {}), true, "connected", "Its credential does not expire."),
            (
                connection(&|it| it.credentials.token = token(720)),
                true,
                "connected",
                "Signed in; the token ends in 12 minutes and is renewed before.",
            ),
            (
                connection(&|it| it.credentials.token = token(720)),
                false,
                "connected",
                "Signed in; the token ends in 12 minutes.",
            ),
            (
                connection(&|it| it.credentials.token = token(-180)),
                true,
                "connected",
                "The token ended 3 minutes ago; the next call renews it.",
            ),
            (
                connection(&|it| it.credentials.token = token(-180)),
                false,
                "ended",
                "The token ended 3 minutes ago: the customer has to connect again.",
            ),
            (
                connection(&|it| {
                    it.refresh.exhausted = true;
                    it.refresh.last_failure = Some(at(-86_400 * 3));
                }),
                true,
                "connect again",
                "It could not be renewed any more: the customer has to connect again. The last attempt failed 3 days ago.",
            ),
            (
                connection(&|it| {
                    it.refresh.last_failure = Some(at(-10));
                    it.refresh.retry_at = Some(at(50));
                }),
                true,
                "renewal failed",
                "The last renewal failed; the next is tried in 50 seconds.",
            ),
            (
                connection(&|it| drop(it.config.insert(PENDING.to_owned(), "1".to_owned()))),
                true,
                "pending",
                "The customer has not finished at the provider yet.",
            ),
        ] {
            let state = state(&connection, renews, at(0));
            assert_eq!((state.badge, state.sentence.as_str()), (badge, sentence));
        }
    }
}
