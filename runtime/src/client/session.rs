//! Connect sessions: a token, made with the API key, with which a browser may start one connection.
//!
//! Good for one use within 30 minutes; the store holds only its hash. Absent here: pages.

use super::Keyway;
use crate::auth::pkce;
use crate::clock::Timestamp;
use crate::connection::ConnectionKey;
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

const LIFETIME: SignedDuration = SignedDuration::from_mins(30);

/// A session that was made.
#[derive(Clone, Debug)]
pub struct Session {
    /// What the browser presents.
    pub token: Secret,
    /// When it is worthless.
    pub expires_at: Timestamp,
}

/// What a session allows, as its ticket holds it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Allowed {
    session_integration: String,
    session_id: String,
}

impl Keyway {
    /// A token with which one connection, and no other, may be started once.
    pub async fn create_session(&self, key: ConnectionKey) -> Result<Session> {
        self.parts.integration(&key.integration).await?;
        let token = pkce::unguessable(&*self.parts.clock)?;
        let allowed = Allowed { session_integration: key.integration, session_id: key.id };
        let expires_at = self.keep(&token, &allowed, LIFETIME).await?;
        Ok(Session { token, expires_at })
    }

    /// The connection that a session's token is for. The token is used up.
    pub async fn redeem_session(&self, token: &str) -> Result<ConnectionKey> {
        let allowed: Allowed = self.redeem(token).await?.ok_or_else(|| {
            let message = "this session is unknown, used already, or older than 30 minutes: make a new one";
            Error::new(ErrorKind::InvalidState, message)
        })?;
        Ok(ConnectionKey::new(allowed.session_integration, allowed.session_id))
    }
}
