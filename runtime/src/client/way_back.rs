//! The way back to the app that made a connect session: where the last page leads, which pages may hold and hear it.
//!
//! It is kept beside the session's ticket, and beside those of the flow and of the choice that go on from it, in
//! tickets of its own that are never taken: the others are used up when the connection is made, and the page that says
//! so needs the way still. Addresses are checked where the session is made, by the holder of the API key; no page takes
//! one from a browser, so none leads elsewhere.

use super::keyway::Keyway;
use super::tickets::{self, Tickets};
use super::way_back_address::{check_origin, check_return_url};
use crate::auth::pkce;
use crate::connection::ConnectionKey;
use crate::error::{Error, ErrorKind, Result};
use crate::redirect_uri;
use crate::secret::Secret;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// The most origins of one session: each of them stands in a header of every page.
const MAX_ORIGINS: usize = 10;

/// A connection to be, and the app to which its customer goes back.
///
/// ```
/// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
/// # acme::run(async {
/// # let keyway = acme::keyway();
/// use keyway::{ConnectionKey, client::WayBack};
///
/// let way_back = WayBack::new(ConnectionKey::new("acme", "customer-42"))
///     .return_url("https://app.example/settings")
///     .origins(["https://app.example"]);
/// let session = keyway.create_session_with(way_back.clone()).await?;
/// assert_eq!(keyway.way_back(session.token.expose()).await?, Some(way_back));
/// # Ok(())
/// # });
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WayBack {
    /// The connection to be. Its integration is empty while the customer of [`Keyway::create_session_among`] has not
    /// chosen one.
    pub key: ConnectionKey,
    /// The address of the app to which the last page leads: an absolute URL over https.
    pub return_url: Option<String>,
    /// The origins (`https://app.example.com`) of the pages that may hold the session's pages in a frame, and that are
    /// told what came of it.
    pub origins: Vec<String>,
}

impl WayBack {
    /// A connection to be, without a way back.
    pub fn new(key: ConnectionKey) -> WayBack {
        WayBack { key, return_url: None, origins: Vec::new() }
    }

    /// Sets the address to which the last page leads.
    #[must_use]
    pub fn return_url(mut self, url: impl Into<String>) -> WayBack {
        self.return_url = Some(url.into());
        self
    }

    /// Sets the origins of the pages that may hold the session's pages, and that are told what came of it.
    #[must_use]
    pub fn origins<S: Into<String>>(mut self, origins: impl IntoIterator<Item = S>) -> WayBack {
        self.origins = origins.into_iter().map(Into::into).collect();
        self
    }

    /// The same with every address as a browser writes it; an error if one of them may not be used.
    pub(super) fn checked(self, allow_http: bool) -> Result<WayBack> {
        let WayBack { key, return_url, origins } = self;
        if origins.len() > MAX_ORIGINS {
            let message = format!("`origins` holds more than {MAX_ORIGINS} origins");
            return Err(Error::new(ErrorKind::InvalidValue, message));
        }
        let return_url = return_url.map(|url| check_return_url(&url, allow_http)).transpose()?;
        let mut written: Vec<String> = Vec::new();
        for origin in origins {
            let origin = check_origin(&origin, allow_http)?;
            if !written.contains(&origin) {
                written.push(origin);
            }
        }
        Ok(WayBack { key, return_url, origins: written })
    }

    fn leads_somewhere(&self) -> bool {
        self.return_url.is_some() || !self.origins.is_empty()
    }
}

/// A way back, as its ticket holds it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct WayBackTicket {
    way_back_integration: String,
    way_back_id: String,
    return_url: Option<String>,
    origins: Vec<String>,
    /// A hash of the binding of the flow that it is beside: another browser does not learn the way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    binding: Option<String>,
}

impl Keyway {
    /// The way back of the session, or of the choice, that a token stands for. It is known for as long as a flow of the
    /// session may take, also after the token was used up; `None` where there is none.
    pub async fn way_back(&self, token: &str) -> Result<Option<WayBack>> {
        let found = self.way_back_beside(&tickets::id(token)).await?;
        Ok(found.filter(|ticket| ticket.binding.is_none()).map(WayBack::from))
    }

    /// The way back of the flow that a callback ends, for the browser that began it. To be asked before
    /// [`Keyway::finish`], which takes the same two values.
    pub async fn way_back_of_flow(&self, callback: &str, binding: &str) -> Result<Option<WayBack>> {
        let state = redirect_uri::callback(callback).ok().and_then(|(_, query)| super::finish::state_in(query));
        let Some(state) = state else { return Ok(None) };
        let binding = pkce::fingerprint(binding);
        let found = self.way_back_beside(&tickets::id(state.expose())).await?;
        let is_its_own =
            |kept: &Option<String>| kept.as_deref().is_some_and(|kept| Secret::from(kept).matches(&binding));
        Ok(found.filter(|ticket| is_its_own(&ticket.binding)).map(WayBack::from))
    }

    /// Keeps a way back beside the ticket of this id.
    pub(super) async fn keep_way_back(&self, beside: &str, way: WayBack, lifetime: SignedDuration) -> Result<()> {
        if way.leads_somewhere() {
            self.issue_way_back(beside, &WayBackTicket::from(way), lifetime).await?;
        }
        Ok(())
    }

    /// Keeps the way back of a session beside a ticket that goes on from it, for a connection of this integration.
    /// `binding` is the hash of the one that the browser keeps, where there is one.
    pub(super) async fn carry_way_back(
        &self,
        session: Option<&str>,
        integration: &str,
        beside: &str,
        binding: Option<String>,
        lifetime: SignedDuration,
    ) -> Result<()> {
        let Some(session) = session else { return Ok(()) };
        let Some(found) = self.way_back_beside(session).await? else { return Ok(()) };
        let way_back_integration = integration.to_owned();
        self.issue_way_back(beside, &WayBackTicket { way_back_integration, binding, ..found }, lifetime).await
    }

    async fn issue_way_back(&self, beside: &str, ticket: &WayBackTicket, lifetime: SignedDuration) -> Result<()> {
        Tickets(self.engine()).issue(&value(beside), ticket, lifetime).await.map(drop)
    }

    async fn way_back_beside(&self, ticket: &str) -> Result<Option<WayBackTicket>> {
        let found = Tickets(self.engine()).find(&tickets::id(&value(ticket))).await?;
        Ok(found.as_ref().and_then(tickets::read))
    }
}

/// The value whose hash is the id of the way back beside a ticket.
fn value(ticket: &str) -> String {
    format!("the way back of {ticket}")
}

impl From<WayBack> for WayBackTicket {
    fn from(way: WayBack) -> WayBackTicket {
        let WayBack { key, return_url, origins } = way;
        let (way_back_integration, way_back_id) = (key.integration, key.id);
        WayBackTicket { way_back_integration, way_back_id, return_url, origins, binding: None }
    }
}

impl From<WayBackTicket> for WayBack {
    fn from(ticket: WayBackTicket) -> WayBack {
        let key = ConnectionKey::new(ticket.way_back_integration, ticket.way_back_id);
        WayBack { key, return_url: ticket.return_url, origins: ticket.origins }
    }
}
