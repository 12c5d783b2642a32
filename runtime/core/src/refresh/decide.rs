//! Whether a renewal is due, and whether the token that is there will do.
//!
//! Pure: the instant comes in. Whether a renewal may be tried is decided in [`super::state`].

use crate::auth::oauth2::second_expires_at;
use crate::clock::Timestamp;
use crate::connection::Connection;
use crate::secret::Secret;
use jiff::SignedDuration;
use keyway_spec::ProviderSpec;
use keyway_spec::quirks::RefreshWhen;

/// Minimum time between two automatic refreshes, whether the first succeeded or failed. It doubles with further
/// failures.
pub const BACKOFF: SignedDuration = SignedDuration::from_secs(30);

/// When a caller wants the stored credentials refreshed.
#[derive(Clone, Debug)]
pub enum RefreshIf {
    /// If a refresh is due: the caller wants credentials that are good now.
    Due,
    /// In any case, whatever happened before: an operator asked for it.
    Forced,
    /// If this access token, which an upstream has just refused, is still the stored one.
    StillToken(Secret),
}

/// The decision about the stored credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Use,
    Renew,
}

pub fn decide(spec: &ProviderSpec, connection: &Connection, wanted: &RefreshIf, now: Timestamp) -> Decision {
    let token = connection.credentials.token.as_ref();
    let due = match wanted {
        RefreshIf::Forced => true,
        RefreshIf::StillToken(refused) => {
            token.is_none_or(|token| token.access == *refused) && !is_new(connection, now)
        }
        RefreshIf::Due if refreshes(spec) != RefreshWhen::Expiring => false,
        RefreshIf::Due => match token {
            None => crate::auth::exchanges_at_once(spec),
            Some(token) => is_due(spec, connection, token.expires_at, now) || has_a_due_second(spec, connection, now),
        },
    };
    if due { Decision::Renew } else { Decision::Use }
}

/// When the entry's tokens are refreshed.
fn refreshes(spec: &ProviderSpec) -> RefreshWhen {
    spec.quirks.map_or(RefreshWhen::Expiring, |quirks| quirks.refresh_when)
}

/// True if a token has expired, or will within the buffer.
fn is_due(spec: &ProviderSpec, connection: &Connection, expires_at: Option<Timestamp>, now: Timestamp) -> bool {
    expires_at.is_some_and(|expires_at| {
        now >= expires_at || expires_at.duration_since(now) < buffer(spec, connection, expires_at)
    })
}

/// The time before its expiry at which a token is renewed: the entry's, but at most a quarter of the token's lifetime,
/// or tokens that live for minutes would be renewed at each call.
pub fn buffer(spec: &ProviderSpec, connection: &Connection, expires_at: Timestamp) -> SignedDuration {
    let asked = SignedDuration::from_secs(i64::from(spec.token_expiration_buffer));
    if crate::auth::tokens_are_single_use(spec) {
        // Signed here, with a nonce that may be used only once.
        return asked;
    }
    let obtained = connection.refresh.last_success.unwrap_or(connection.updated_at);
    asked.min(expires_at.duration_since(obtained) / 4).max(SignedDuration::ZERO)
}

/// Minimum time between two refreshes for a second token that the first did not bring.
const SECOND_TOKEN_BACKOFF: SignedDuration = SignedDuration::from_mins(10);

/// True if a further token is due, and has not just been tried.
fn has_a_due_second(spec: &ProviderSpec, connection: &Connection, now: Timestamp) -> bool {
    let also = spec.quirks.map_or(&[][..], |quirks| quirks.also);
    let tried = connection.refresh.last_success.map(|success| now.duration_since(success));
    !tried.is_some_and(|since| (SignedDuration::ZERO..SECOND_TOKEN_BACKOFF).contains(&since))
        && also
            .iter()
            .any(|second| is_due(spec, connection, second_expires_at(&connection.credentials, second.name), now))
}

/// True if the token has just been renewed: an upstream that refuses that one too means something else by its 401. A
/// clock that was put back makes the past look like the future: that is not new.
fn is_new(connection: &Connection, now: Timestamp) -> bool {
    let renewed = connection.refresh.last_success;
    renewed.is_some_and(|success| (SignedDuration::ZERO..BACKOFF).contains(&now.duration_since(success)))
}

/// True if the token can be used although it should have been renewed.
pub fn is_alive(connection: &Connection, now: Timestamp) -> bool {
    let token = connection.credentials.token.as_ref();
    token.is_some_and(|token| token.expires_at.is_none_or(|expires_at| now < expires_at))
}

/// True if every token can be used, also the further ones.
pub fn all_live(spec: &ProviderSpec, connection: &Connection, now: Timestamp) -> bool {
    let also = spec.quirks.map_or(&[][..], |quirks| quirks.also);
    let mut ends = also.iter().filter_map(|second| second_expires_at(&connection.credentials, second.name));
    is_alive(connection, now) && ends.all(|end| now < end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::{ConnectionKey, RefreshState};
    use crate::credentials::{Credentials, Token};

    const SPEC: ProviderSpec = ProviderSpec { token_expiration_buffer: 900, ..ProviderSpec::EMPTY };

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
    fn a_renewal_is_due_within_the_buffer_or_when_it_is_asked_for() {
        let now = at(9000);
        for (expires_at, wanted, expected) in [
            (Some(9900), RefreshIf::Due, Decision::Use),
            (Some(9899), RefreshIf::Due, Decision::Renew),
            (Some(10), RefreshIf::Due, Decision::Renew),
            (None, RefreshIf::Due, Decision::Use),
            (Some(99_999), RefreshIf::Forced, Decision::Renew),
            (Some(99_999), RefreshIf::StillToken("t".into()), Decision::Renew),
            (Some(99_999), RefreshIf::StillToken("older".into()), Decision::Use),
        ] {
            assert_eq!(decide(&SPEC, &connection(expires_at), &wanted, now), expected, "{expires_at:?} {wanted:?}");
        }
    }

    #[test]
    fn the_buffer_is_at_most_a_quarter_of_the_lifetime() {
        for (obtained, lifetime, renewed_after) in
            [(0, 3600, 2701), (0, 7200, 6301), (0, 1800, 1351), (0, 300, 226), (0, 60, 46), (0, 1, 1), (100, 60, 46)]
        {
            let mut connection = connection(Some(obtained + lifetime));
            connection.refresh.last_success = Some(at(obtained));
            let decided = |seconds| decide(&SPEC, &connection, &RefreshIf::Due, at(obtained + seconds));
            assert_eq!(decided(renewed_after - 1), Decision::Use, "{lifetime}");
            assert_eq!(decided(renewed_after), Decision::Renew, "{lifetime}");
        }
        let mut imported = connection(Some(1060));
        imported.updated_at = at(1000);
        assert_eq!(
            decide(&SPEC, &imported, &RefreshIf::Due, at(1000)),
            Decision::Use,
            "imported a minute before its end"
        );
        assert_eq!(decide(&SPEC, &imported, &RefreshIf::Due, at(1060)), Decision::Renew, "at its end");
    }

    #[test]
    fn a_refused_token_that_is_new_is_not_renewed_again() {
        let mut connection = connection(None);
        connection.refresh.last_success = Some(at(100));
        for (now, expected) in [(100, Decision::Use), (129, Decision::Use), (130, Decision::Renew)] {
            assert_eq!(decide(&SPEC, &connection, &RefreshIf::StillToken("t".into()), at(now)), expected, "{now}");
        }
    }
}
