//! The end of a redirect flow: what the browser brought back becomes a connection.
//!
//! Before anything is sent, the browser has to be the one that started (its binding), it has to have come back on the
//! flow's own redirect URI, the answer must not name another issuer, and the integration has to be the one that the
//! flow began with. How a flow begins stands in [`super::authorize`].

use super::connect::{Verification, blank, used};
use super::flow::{Flow, secrets};
use super::keyway::Keyway;
use super::over::{FLOW_ELSEWHERE, FLOW_OVER};
use super::tickets::{self, Tickets};
use crate::auth::exchange::{Callback, FlowState, Grant, Returned};
use crate::auth::{self, issuer, pkce};
use crate::connection::update::merge;
use crate::connection::{Connection, ConnectionKey};
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::fields::{self, Trust};
use crate::redirect_uri;
use crate::secret::Secret;

impl Keyway {
    /// Finishes a flow: checks what the browser brought back, redeems the code, stores the connection.
    ///
    /// `callback` is the URL on which the browser came back, or its path with its query (`/callback/...?code=...`), as
    /// the browser sees it: the path says which authorization server answered. `binding` is
    /// [`super::Started::binding`], from the browser's cookie. The work continues if the caller leaves, and the same
    /// call made concurrently, or again within two minutes, has the same outcome: one exchange, one connection.
    ///
    /// [`ErrorKind::InvalidState`] for a callback without a known state, from another browser, or on another redirect
    /// URI than the flow's; [`ErrorKind::AuthorizationDenied`] where the customer or the server said no, or another
    /// issuer answered (RFC 9207); [`ErrorKind::InvalidRequest`] for a query without its path.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # let keyway = acme::keyway();
    /// use keyway::{Authorize, ConnectionKey};
    ///
    /// let request = Authorize::new(ConnectionKey::new("forge", "customer-42"), "https://app.example/callback");
    /// let started = keyway.authorize(request).await?;
    /// // The customer agrees, and the browser comes back with a code and the state:
    /// let callback = format!("{}?code=c&state={}", started.redirect_uri, started.state.expose());
    /// let connection = keyway.finish(&callback, started.binding.expose()).await?;
    /// assert!(connection.credentials.token.is_some());
    /// # Ok(())
    /// # });
    /// ```
    pub async fn finish(&self, callback: &str, binding: &str) -> Result<Connection> {
        let (path, query) = redirect_uri::callback(callback)?;
        let parsed = Callback::parse(query);
        let ticket = tickets::id(state(&parsed)?);
        let binding = pkce::fingerprint(binding);
        let request = pkce::fingerprint(&format!("{binding} {callback}"));
        let (keyway, id) = (self.clone(), ticket.clone());
        let work = async move { keyway.complete(&ticket, &path, &parsed, &binding).await };
        self.inner.sign_ins.once(id, request, Box::pin(work)).await
    }

    /// `binding` is the hash of the one that the browser brought.
    async fn complete(&self, ticket: &str, path: &str, callback: &Callback, binding: &str) -> Result<Connection> {
        let tickets = Tickets(self.engine());
        // Read before it is taken: a link or a pending installation is not used up by a callback that names it.
        tickets.find(ticket).await?.as_ref().and_then(tickets::read::<Flow>).ok_or_else(unknown_state)?;
        let flow = tickets.take(ticket).await?.as_ref().and_then(tickets::read::<Flow>);
        let flow = flow.ok_or_else(unknown_state)?;
        // Hashes are compared, so the time that a comparison takes tells about a hash alone.
        if !Secret::from(flow.binding.as_str()).matches(binding) {
            return Err(Error::new(ErrorKind::InvalidState, FLOW_ELSEWHERE));
        }
        redirect_uri::check(&flow.redirect_uri, path)?;
        if let Some(session) = &flow.session
            && tickets.find(session).await?.is_none()
        {
            return Err(used());
        }
        self.redeem(flow, callback).await
    }

    /// Redeems what a callback grants.
    async fn redeem(&self, flow: Flow, callback: &Callback) -> Result<Connection> {
        let engine = self.engine();
        let (integration, spec) = engine.integration_of(&flow.integration, &flow.integration_id).await?;
        let with_context = |error: Error| error.provider(spec.key).stage(Stage::Authorize);
        let said = fields::validate(spec.connection_config, &auth::callback_metadata(spec, callback), Trust::Provider)
            .map_err(with_context)?;
        let key = ConnectionKey::new(integration.key.as_str(), flow.id);
        let mut connection = blank(engine, key, spec, merge(spec, flow.config, said));
        let verifier = Secret::from(flow.verifier);
        let kept: FlowState = secrets(flow.kept);
        connection.credentials = Credentials::submitted(secrets(flow.credentials));
        let account = engine.account((integration, spec), connection);
        issuer::check(&account.inputs(&engine.moment()?), callback, &flow.page).map_err(with_context)?;
        let returned = Returned { callback, redirect_uri: &flow.redirect_uri, verifier: &verifier, kept: &kept };
        self.connect(account, Some(Grant::Returned(returned)), Verification::Ask, flow.session.as_deref()).await
    }
}

/// The state, under any of the names that authorization servers give it.
fn state(callback: &Callback) -> Result<&str> {
    let state = ["state", "payload", "customField"].iter().find_map(|name| callback.get(name));
    state.ok_or_else(|| Error::new(ErrorKind::InvalidState, "the callback has no state: start again"))
}

/// The state of a callback's query.
pub(super) fn state_in(query: &str) -> Option<Secret> {
    state(&Callback::parse(query)).ok().map(Secret::from)
}

fn unknown_state() -> Error {
    Error::new(ErrorKind::InvalidState, FLOW_OVER)
}
