//! An operator's session: a signed cookie, so that every server of a fleet takes it and none keeps it.
//!
//! ```text
//! id (16 bytes) | begun (8 bytes) | seen (8 bytes) | HMAC-SHA256 of these (32 bytes), in URL-safe Base64
//! ```
//!
//! The key is made from a secret that the servers share and from the API key: with another API key all sessions are
//! over. A session ends when it is not used for [`IDLE_TIMEOUT`], and after [`SESSION_TIMEOUT`] in any case. The token
//! that every form carries against forgery is another HMAC of the id under the same key.

use crate::api_key::ApiKey;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keyway::Secret;
use keyway::clock::Timestamp;
use ring::hmac;
use std::time::Duration;

/// The life of a session that nobody uses.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30 * 60);

/// The longest life of a session.
const SESSION_TIMEOUT: Duration = Duration::from_secs(12 * 60 * 60);

const ID_LEN: usize = 16;
const SIGNED_LEN: usize = ID_LEN + 8 + 8;
const LEN: usize = SIGNED_LEN + 32;

/// The key that sessions are signed with.
#[derive(Clone, Debug)]
pub(crate) struct SessionKey(hmac::Key);

/// A session that is not over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Session {
    id: [u8; ID_LEN],
    /// Seconds since 1970.
    begun: u64,
    /// The same, of its last request.
    seen: u64,
}

impl SessionKey {
    /// From the secret of the servers.
    pub(crate) fn new(shared: &Secret, api_key: &ApiKey) -> SessionKey {
        let root = hmac::Key::new(hmac::HMAC_SHA256, shared.expose().as_bytes());
        let input = format!("keyway operator session\0{}", api_key.hash());
        SessionKey(hmac::Key::new(hmac::HMAC_SHA256, hmac::sign(&root, input.as_bytes()).as_ref()))
    }

    /// The value of the session's cookie.
    pub(super) fn write(&self, session: &Session) -> Secret {
        let signed = session.signed();
        let tag = hmac::sign(&self.0, &signed);
        Secret::new(URL_SAFE_NO_PAD.encode([&signed[..], tag.as_ref()].concat()))
    }

    /// The session of a cookie; `None` if it is not one of ours, or over.
    pub(super) fn read(&self, value: &str, now: Timestamp) -> Option<Session> {
        let bytes = URL_SAFE_NO_PAD.decode(value).ok().filter(|bytes| bytes.len() == LEN)?;
        let (signed, tag) = bytes.split_at(SIGNED_LEN);
        hmac::verify(&self.0, signed, tag).ok()?;
        let (id, times) = signed.split_at(ID_LEN);
        let (begun, seen) = times.split_at(8);
        let session = Session {
            id: id.try_into().ok()?,
            begun: u64::from_be_bytes(begun.try_into().ok()?),
            seen: u64::from_be_bytes(seen.try_into().ok()?),
        };
        (session.end() > seconds(now)).then_some(session)
    }

    /// The token that the forms of a session carry.
    pub(super) fn form_token(&self, session: &Session) -> Secret {
        Secret::new(URL_SAFE_NO_PAD.encode(hmac::sign(&self.0, &form_input(session))))
    }

    /// True if a form carries the token of its session. In constant time.
    pub(super) fn is_form_token(&self, session: &Session, token: &str) -> bool {
        let token = URL_SAFE_NO_PAD.decode(token).unwrap_or_default();
        hmac::verify(&self.0, &form_input(session), &token).is_ok()
    }
}

impl Session {
    /// A new one.
    pub(super) fn begin(id: [u8; ID_LEN], now: Timestamp) -> Session {
        Session { id, begun: seconds(now), seen: seconds(now) }
    }

    /// The same, used now.
    pub(super) fn seen(self, now: Timestamp) -> Session {
        Session { seen: seconds(now).max(self.seen), ..self }
    }

    /// Names it where it was signed out, without being good for anything.
    pub(super) fn id(&self) -> [u8; ID_LEN] {
        self.id
    }

    /// When it was last used, in seconds since 1970.
    pub(super) fn last_seen(&self) -> u64 {
        self.seen
    }

    /// When it is over however much it is used, in seconds since 1970.
    pub(super) fn last_end(&self) -> u64 {
        self.begun.saturating_add(SESSION_TIMEOUT.as_secs())
    }

    /// When it is over unless it is used before.
    fn end(&self) -> u64 {
        self.seen.saturating_add(IDLE_TIMEOUT.as_secs()).min(self.last_end())
    }

    fn signed(&self) -> [u8; SIGNED_LEN] {
        let mut signed = [0; SIGNED_LEN];
        let parts = self.id.into_iter().chain(self.begun.to_be_bytes()).chain(self.seen.to_be_bytes());
        signed.iter_mut().zip(parts).for_each(|(to, from)| *to = from);
        signed
    }
}

/// The input of a form's token: of another length than a cookie's.
fn form_input(session: &Session) -> Vec<u8> {
    [&b"keyway form\0"[..], &session.id].concat()
}

/// Seconds since 1970; what lies before is the beginning.
pub(super) fn seconds(at: Timestamp) -> u64 {
    u64::try_from(at.as_second()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_900_000_000;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::UNIX_EPOCH + Duration::from_secs(seconds)
    }

    fn key(shared: &str, api_key: &str) -> SessionKey {
        SessionKey::new(&Secret::new(shared), &ApiKey::new(&Secret::new(api_key)).unwrap())
    }

    #[test]
    fn a_session_is_read_until_it_is_over_and_only_under_its_own_keys() {
        let ours = key("shared", "0123456789abcdef");
        let session = Session::begin([7; ID_LEN], at(NOW));
        let cookie = ours.write(&session);
        let idle = IDLE_TIMEOUT.as_secs();
        for (later, lives) in [(0, true), (idle - 1, true), (idle, false), (u64::from(u32::MAX), false)] {
            assert_eq!(ours.read(cookie.expose(), at(NOW + later)), lives.then_some(session), "{later}");
        }
        for other in [key("other", "0123456789abcdef"), key("shared", "0123456789abcdeF")] {
            assert_eq!(other.read(cookie.expose(), at(NOW)), None);
        }
    }

    #[test]
    fn using_a_session_makes_it_last_but_not_for_ever() {
        let ours = key("shared", "0123456789abcdef");
        let mut session = Session::begin([7; ID_LEN], at(NOW));
        let mut now = NOW;
        while let Some(read) = ours.read(ours.write(&session).expose(), at(now)) {
            session = read.seen(at(now));
            now += IDLE_TIMEOUT.as_secs() - 1;
        }
        assert!(now >= NOW + SESSION_TIMEOUT.as_secs() && now < NOW + 2 * SESSION_TIMEOUT.as_secs(), "{now}");
        assert_eq!(session.seen(at(NOW)), session, "a clock that goes back shortens nothing");
    }

    #[test]
    fn a_changed_cookie_is_none() {
        let ours = key("shared", "0123456789abcdef");
        let cookie = ours.write(&Session::begin([7; ID_LEN], at(NOW)));
        let bytes = URL_SAFE_NO_PAD.decode(cookie.expose()).unwrap();
        for index in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[index] ^= 1;
            assert_eq!(ours.read(&URL_SAFE_NO_PAD.encode(changed), at(NOW)), None, "byte {index}");
        }
        for text in ["", "x", "????", &cookie.expose()[1..], &format!("{}A", cookie.expose())] {
            assert_eq!(ours.read(text, at(NOW)), None, "{text}");
        }
    }

    #[test]
    fn the_token_of_a_form_belongs_to_its_session_and_is_no_cookie() {
        let ours = key("shared", "0123456789abcdef");
        let [one, other] = [1, 2].map(|id| Session::begin([id; ID_LEN], at(NOW)));
        let token = ours.form_token(&one);
        assert!(ours.is_form_token(&one, token.expose()));
        assert!(ours.is_form_token(&one.seen(at(NOW + 60)), token.expose()), "it lasts as long as its session");
        assert!(!ours.is_form_token(&other, token.expose()));
        assert!(!ours.is_form_token(&one, "") && !ours.is_form_token(&one, ours.write(&one).expose()));
        assert_eq!(ours.read(token.expose(), at(NOW)), None);
    }
}
