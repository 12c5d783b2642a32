//! Connect sessions: a token, made with the API key, with which a browser may start or submit one connection.
//!
//! Good for one connection within 30 minutes; the store holds only its hash. A submission that the entry or the provider
//! refuses leaves the token good for another try, a few times. Absent here: pages.

use super::Keyway;
use crate::auth::pkce;
use crate::clock::Timestamp;
use crate::connection::{ConfigMap, Connection, ConnectionKey};
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result};
use crate::fields::Trust;
use crate::secret::Secret;
use crate::store::Ticket;
use jiff::SignedDuration;
use keyway_spec::{Auth, ProviderSpec};
use serde::{Deserialize, Serialize};

const LIFETIME: SignedDuration = SignedDuration::from_mins(30);

/// How often a session's credentials may be submitted: enough for typing errors, too few for guessing passwords.
const MOST_TRIES: u8 = 10;

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
    #[serde(default)]
    tries: u8,
}

impl Allowed {
    fn key(&self) -> ConnectionKey {
        ConnectionKey::new(self.session_integration.as_str(), self.session_id.as_str())
    }
}

impl Keyway {
    /// A token with which one connection, and no other, may be started once.
    pub async fn create_session(&self, key: ConnectionKey) -> Result<Session> {
        self.parts.integration(&key.integration).await?;
        let token = pkce::unguessable(&*self.parts.clock)?;
        let allowed = Allowed { session_integration: key.integration, session_id: key.id, tries: 0 };
        let expires_at = self.keep(&token, &allowed, LIFETIME).await?;
        Ok(Session { token, expires_at })
    }

    /// The connection that a session's token is for. The token stays good.
    pub async fn session(&self, token: &str) -> Result<ConnectionKey> {
        let allowed: Allowed = self.peek(token).await?.ok_or_else(unknown)?;
        Ok(allowed.key())
    }

    /// The connection that a session's token is for. The token is used up.
    pub async fn redeem_session(&self, token: &str) -> Result<ConnectionKey> {
        let allowed: Allowed = self.redeem(token).await?.ok_or_else(unknown)?;
        Ok(allowed.key())
    }

    /// Makes the connection that a session is for from what its customer submitted; one that begins on the vendor's side
    /// is pending then. The token is used up, unless the submission is refused and there are tries left.
    pub async fn submit(
        &self,
        token: &str,
        integration: &str,
        config: ConfigMap,
        credentials: Credentials,
    ) -> Result<Connection> {
        let ticket = self.take(token).await?.ok_or_else(unknown)?;
        let allowed = serde_json::from_str::<Allowed>(ticket.payload.expose()).map_err(|_| unknown())?;
        let outcome = if allowed.session_integration == integration {
            self.make(allowed.key(), config, credentials).await
        } else {
            Err(Error::new(ErrorKind::InvalidRequest, "this session is for another integration"))
        };
        if outcome.as_ref().is_err_and(may_be_mended) && allowed.tries < MOST_TRIES {
            let tries = Allowed { tries: allowed.tries.saturating_add(1), ..allowed };
            self.put_back(ticket, &tries).await?;
        }
        outcome
    }

    async fn make(&self, key: ConnectionKey, config: ConfigMap, credentials: Credentials) -> Result<Connection> {
        let (_, spec) = self.parts.integration(&key.integration).await?;
        if is_outbound(spec) {
            return self.begin_outbound(key, config, Trust::User).await;
        }
        if crate::auth::through_a_browser(spec) {
            let message =
                format!("the auth mode `{}` is connected through a redirect: open the link", spec.auth.mode());
            return Err(Error::new(ErrorKind::Unsupported, message).provider(spec.key));
        }
        self.import(key, config, serde_json::Map::new(), credentials, Trust::User).await
    }

    async fn put_back(&self, ticket: Ticket, what: &Allowed) -> Result<()> {
        let payload = serde_json::to_string(what);
        let payload = payload.map_err(|_| Error::new(ErrorKind::Internal, "a ticket has no JSON form"))?.into();
        self.parts.store().await?.put_ticket(Ticket { payload, ..ticket }).await
    }
}

/// Whether a connection of this provider begins on the vendor's side.
fn is_outbound(spec: &ProviderSpec) -> bool {
    matches!(&spec.auth, Auth::OAuth2(mode) if mode.outbound.is_some())
}

/// Whether the customer can do better, or nothing was stored for a reason that passes.
fn may_be_mended(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::InvalidValue
            | ErrorKind::MissingValue
            | ErrorKind::InvalidRequest
            | ErrorKind::NotVerified
            | ErrorKind::TokenRefused
            | ErrorKind::HostNotAllowed
            | ErrorKind::AlreadyExists
            | ErrorKind::Unreachable
            | ErrorKind::UnreadableResponse
            | ErrorKind::Timeout
            | ErrorKind::Unsupported
    )
}

fn unknown() -> Error {
    let message = "this session is unknown, used already, or older than 30 minutes: make a new one";
    Error::new(ErrorKind::InvalidState, message)
}
