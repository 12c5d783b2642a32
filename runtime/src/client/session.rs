//! Connect sessions: a token, made with the API key, with which a browser may start or submit one connection, at one
//! integration or at one of several among which the customer chooses.
//!
//! Good for one connection within 30 minutes; the store holds only its hash. The token is used up right before the
//! connection is stored, so a try that ends otherwise leaves it good: a preview, a closed tab, a refusal. A submission
//! that the entry or the provider refuses counts, and a few of them are allowed.

use super::connect::Verification;
use super::connections::Creation;
use super::flow::FLOW_LIFETIME;
use super::keyway::Keyway;
use super::over::SESSION_OVER;
use super::tickets::{self, Tickets};
use super::way_back::WayBack;
use crate::auth::pkce;
use crate::clock::Timestamp;
use crate::connection::{ConfigMap, Connection, ConnectionKey};
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result};
use crate::fields::Trust;
use crate::names;
use crate::secret::Secret;
use crate::store::Ticket;
use jiff::SignedDuration;
use keyway_spec::mode::Connect;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How long a link can be opened and a form submitted.
const SESSION_LIFETIME: SignedDuration = SignedDuration::from_mins(30);

/// The number of times that a session's credentials may be submitted: enough for typing errors, too few to guess
/// passwords.
const MAX_TRIES: u8 = 10;

/// The most integrations among which the customer of one session chooses: a person reads the list.
pub const MAX_SESSION_INTEGRATIONS: usize = 100;

/// A new connect session.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Session {
    /// The token that the browser presents.
    pub token: Secret,
    /// When it expires.
    pub expires_at: Timestamp,
}

/// What a session allows, as its ticket holds it.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct SessionTicket {
    session_integration: String,
    session_id: String,
    #[serde(default)]
    tries: u8,
    /// Until when it may be opened, in seconds since the epoch. Its ticket lives on for as long as a flow may take that
    /// was begun at the last moment.
    #[serde(default)]
    until: Option<i64>,
    /// Further integrations, where the customer chooses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    further: Vec<String>,
}

impl SessionTicket {
    /// The connections of which it allows one.
    fn keys(&self) -> impl Iterator<Item = ConnectionKey> {
        let integrations = std::iter::once(&self.session_integration).chain(&self.further);
        integrations.map(|integration| ConnectionKey::new(integration.as_str(), self.session_id.as_str()))
    }

    /// The connection that it allows at an integration.
    fn key_at(&self, integration: &str) -> Option<ConnectionKey> {
        self.keys().find(|key| key.integration == integration)
    }
}

impl Keyway {
    /// A token with which one connection, and no other, may be made.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # let keyway = acme::keyway();
    /// use keyway::{ConnectionKey, Credentials, connection::ConfigMap};
    ///
    /// let session = keyway.create_session(ConnectionKey::new("acme", "customer-42")).await?;
    /// let link = format!("https://app.example/connect?token={}", session.token.expose()); // for the customer
    /// // ... and when the customer has submitted the form on that page:
    /// let credentials = Credentials::api_key("a-customers-key");
    /// keyway.submit(session.token.expose(), "acme", ConfigMap::new(), credentials).await?;
    /// # Ok(())
    /// # });
    /// ```
    pub async fn create_session(&self, key: ConnectionKey) -> Result<Session> {
        self.create_session_with(WayBack::new(key)).await
    }

    /// The same with a way back to the app, which the session's pages take: addresses that are none of the web's are
    /// [`ErrorKind::InvalidValue`], and so is plain HTTP but for loopback hosts and where the policy allows it.
    pub async fn create_session_with(&self, way_back: WayBack) -> Result<Session> {
        let integration = way_back.key.integration.clone();
        self.create_session_among(vec![integration], way_back).await
    }

    /// The same with several integrations: the customer chooses one of them, and the session is for no other. The
    /// connection's id is that of `way_back.key`, whose integration is not asked for. No integration, or more than
    /// [`MAX_SESSION_INTEGRATIONS`], is [`ErrorKind::InvalidValue`].
    pub async fn create_session_among(&self, integrations: Vec<String>, way_back: WayBack) -> Result<Session> {
        let mut way_back = way_back.checked(self.engine().policy.allow_http)?;
        names::check("the connection's id", &way_back.key.id)?;
        let (first, further) = first_of(integrations)?;
        for integration in std::iter::once(&first).chain(&further) {
            self.engine().integration(integration).await?;
        }
        // Before the customer has chosen, no page says which integration it was about.
        way_back.key.integration = if further.is_empty() { first.clone() } else { String::new() };
        let id = way_back.key.id.clone();
        let token = pkce::unguessable(&*self.engine().clock)?;
        let now = self.engine().clock.now();
        let expires_at = now.checked_add(SESSION_LIFETIME);
        let expires_at = expires_at.map_err(|_| Error::new(ErrorKind::Internal, "the clock is at its end"))?;
        let until = Some(expires_at.as_second());
        let allowed = SessionTicket { session_integration: first, session_id: id, tries: 0, until, further };
        let lifetime = SESSION_LIFETIME + FLOW_LIFETIME;
        Tickets(self.engine()).issue(token.expose(), &allowed, lifetime).await?;
        self.keep_way_back(&tickets::id(token.expose()), way_back, lifetime).await?;
        Ok(Session { token, expires_at })
    }

    /// The connection that a session's token is for. The token stays good. [`ErrorKind::InvalidRequest`] where the
    /// customer chooses among several: [`Keyway::session_keys`].
    pub async fn session(&self, token: &str) -> Result<ConnectionKey> {
        let mut keys = self.session_keys(token).await?.into_iter();
        match (keys.next(), keys.next()) {
            (Some(key), None) => Ok(key),
            _ => Err(Error::new(ErrorKind::InvalidRequest, "this session is for one of several integrations")),
        }
    }

    /// The connections of which a session's token may make one: one at each of its integrations, in the order in which
    /// these were given. The token stays good.
    pub async fn session_keys(&self, token: &str) -> Result<Vec<ConnectionKey>> {
        let ticket = Tickets(self.engine()).find(&tickets::id(token)).await?;
        Ok(self.read_session(ticket.as_ref())?.keys().collect())
    }

    /// The connection that a session's token is for. The token is used up: for a program that starts flows without
    /// [`Keyway::authorize_with_session`].
    pub async fn redeem_session(&self, token: &str) -> Result<ConnectionKey> {
        let key = self.session(token).await?;
        let ticket = Tickets(self.engine()).take(&tickets::id(token)).await?;
        self.read_session(ticket.as_ref())?;
        Ok(key)
    }

    /// Makes the connection that a session is for from what its customer submitted; one that begins on the vendor's
    /// side is pending then. The token is used up when that worked; a submission that is refused leaves it good for
    /// another try, a few times. The work goes on when the caller leaves, and the same submission made twice has one
    /// outcome.
    pub async fn submit(
        &self,
        token: &str,
        integration: &str,
        config: ConfigMap,
        credentials: Credentials,
    ) -> Result<Connection> {
        let ticket = tickets::id(token);
        let request = fingerprint(integration, &config, &credentials)?;
        let (keyway, id, integration) = (self.clone(), ticket.clone(), integration.to_owned());
        let work = async move { keyway.submitted(&ticket, &integration, config, credentials).await };
        self.inner.sign_ins.once(id, request, Box::pin(work)).await
    }

    /// True if a submission with this token runs, or made its connection within the last two minutes, in this process:
    /// the same submission again has the same outcome, although the token is used up.
    pub fn is_submitted(&self, token: &str) -> bool {
        self.inner.sign_ins.remembers(&tickets::id(token))
    }

    async fn submitted(
        &self,
        ticket: &str,
        integration: &str,
        config: ConfigMap,
        credentials: Credentials,
    ) -> Result<Connection> {
        let tickets = Tickets(self.engine());
        let allowed = self.read_session(tickets.find(ticket).await?.as_ref())?;
        let Some(key) = allowed.key_at(integration) else {
            return Err(Error::new(ErrorKind::InvalidRequest, "this session is for another integration"));
        };
        // A try counts before it is made, so that neither a crash nor a race gives another one.
        let taken = tickets.take(ticket).await?.ok_or_else(unknown)?;
        let more = allowed.tries < MAX_TRIES;
        if more {
            let counted = SessionTicket { tries: allowed.tries.saturating_add(1), ..allowed.clone() };
            tickets.put(taken, &counted).await?;
        }
        let outcome = self.make(key, config, credentials, more.then_some(ticket)).await;
        if more && outcome.as_ref().is_err_and(|error| !may_be_mended(error)) {
            let _used_up = tickets.take(ticket).await?;
        }
        outcome
    }

    async fn make(
        &self,
        key: ConnectionKey,
        config: ConfigMap,
        credentials: Credentials,
        session: Option<&str>,
    ) -> Result<Connection> {
        let (_, spec) = self.engine().integration(&key.integration).await?;
        if spec.auth.connect() == Connect::Outbound {
            let claimed = self.claim(session).await?;
            let begun = self.begin_outbound(key, config, Trust::User).await;
            if begun.is_err() {
                Tickets(self.engine()).restore(claimed).await;
            }
            return begun;
        }
        if spec.auth.connect() == Connect::Interactive {
            let message =
                format!("the auth mode `{}` is connected through a redirect: open the link", spec.auth.mode());
            return Err(Error::new(ErrorKind::Unsupported, message).provider(spec.key));
        }
        let how = Creation { trust: Trust::User, verification: Verification::Ask, session };
        self.create(key, config, serde_json::Map::new(), credentials, how).await
    }

    /// The ticket of a session that is for this connection, to begin one more flow with.
    pub(super) async fn session_ticket(&self, token: &str, key: &ConnectionKey) -> Result<String> {
        let ticket = Tickets(self.engine()).find(&tickets::id(token)).await?.ok_or_else(unknown)?;
        if self.read_session(Some(&ticket))?.key_at(&key.integration).as_ref() != Some(key) {
            return Err(Error::new(ErrorKind::InvalidRequest, "this session is for another connection"));
        }
        self.inner.sign_ins.count_opening(&ticket.id, ticket.expires_at)?;
        Ok(ticket.id)
    }

    /// What the ticket of a session allows, while it may be opened.
    fn read_session(&self, ticket: Option<&Ticket>) -> Result<SessionTicket> {
        let allowed: Option<SessionTicket> = ticket.and_then(tickets::read);
        let now = self.engine().clock.now().as_second();
        allowed.filter(|allowed| allowed.until.is_none_or(|until| now < until)).ok_or_else(unknown)
    }
}

/// The first of some integrations and the others, each once.
fn first_of(integrations: Vec<String>) -> Result<(String, Vec<String>)> {
    if integrations.len() > MAX_SESSION_INTEGRATIONS {
        let message = format!("a session is for at most {MAX_SESSION_INTEGRATIONS} integrations");
        return Err(Error::new(ErrorKind::InvalidValue, message));
    }
    let mut distinct: Vec<String> = Vec::with_capacity(integrations.len());
    for integration in integrations {
        if !distinct.contains(&integration) {
            distinct.push(integration);
        }
    }
    let mut distinct = distinct.into_iter();
    let none = || Error::new(ErrorKind::InvalidValue, "a session is for at least one integration");
    Ok((distinct.next().ok_or_else(none)?, distinct.collect()))
}

/// A hash of everything that was submitted.
fn fingerprint(integration: &str, config: &ConfigMap, credentials: &Credentials) -> Result<String> {
    let exposed = |secrets: &BTreeMap<String, Secret>| -> Vec<(String, Secret)> {
        secrets.iter().map(|(name, secret)| (name.clone(), secret.clone())).collect()
    };
    let mut text = Secret::from(serde_json::to_string(&(integration, config)).map_err(|_| internal())?);
    for (name, secret) in exposed(&credentials.inputs).into_iter().chain(exposed(&credentials.assertion_options)) {
        // Each step is a hash over the one before, so no text has to hold all secrets.
        let member = Secret::from(format!("{}\n{name}\n{}", pkce::fingerprint(text.expose()), secret.expose()));
        text = pkce::fingerprint(member.expose()).into();
    }
    Ok(pkce::fingerprint(text.expose()))
}

fn internal() -> Error {
    Error::new(ErrorKind::Internal, "a submission has no JSON form")
}

/// True if the customer can do better, or nothing was stored for a reason that passes.
fn may_be_mended(error: &Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::InvalidValue
            | ErrorKind::MissingValue
            | ErrorKind::InvalidRequest
            | ErrorKind::ChoiceNeeded
            | ErrorKind::NotVerified
            | ErrorKind::TokenRefused
            | ErrorKind::HostNotAllowed
            | ErrorKind::AlreadyExists
            | ErrorKind::Unreachable
            | ErrorKind::StoreUnavailable
            | ErrorKind::Conflict
            | ErrorKind::UnreadableResponse
            | ErrorKind::Timeout
            | ErrorKind::Unsupported
    )
}

fn unknown() -> Error {
    Error::new(ErrorKind::InvalidState, SESSION_OVER)
}
