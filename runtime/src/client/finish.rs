//! The end of a redirect flow: what the browser brought back becomes a connection.
//!
//! Before anything is sent, the browser has to be the one that started (its binding), it has to have come back on the
//! flow's own redirect URI, the answer must not name another issuer, and the integration has to be the one that the
//! flow began with. A flow begins in [`super::authorize`].

use super::Keyway;
use super::authorize::Flow;
use super::connections::keep;
use super::{running, session, tickets, verify};
use crate::auth::exchange::{Callback, Grant, Kept, Returned};
use crate::auth::{self, issuer, pkce};
use crate::connection::accept::{accept, merge};
use crate::connection::{Connection, ConnectionKey};
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::fields::{self, Trust};
use crate::integration::IntegrationRecord;
use crate::parts::inputs;
use crate::pipeline::token::exchange;
use crate::redirect_uri;
use crate::secret::Secret;
use keyway_spec::ProviderSpec;
use std::collections::BTreeMap;

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
    pub async fn finish(&self, callback: &str, binding: &str) -> Result<Connection> {
        let (path, query) = redirect_uri::callback(callback)?;
        let parsed = Callback::parse(query);
        let ticket = pkce::fingerprint(state(&parsed)?);
        let binding = pkce::fingerprint(binding);
        let request = pkce::fingerprint(&format!("{binding} {callback}"));
        let (keyway, id) = (self.clone(), ticket.clone());
        let work = async move { keyway.complete(&ticket, &path, &parsed, &binding).await };
        running::once(&self.parts, id, request, Box::pin(work)).await
    }

    /// `binding` is the hash of the one that the browser brought.
    async fn complete(&self, ticket: &str, path: &str, callback: &Callback, binding: &str) -> Result<Connection> {
        // Looked at first: what is no state, but a link or an installation that is waited for, is not used up by one.
        self.look_at(ticket).await?.as_ref().and_then(tickets::read::<Flow>).ok_or_else(unknown_state)?;
        let flow = self.take(ticket).await?.as_ref().and_then(tickets::read::<Flow>);
        let flow = flow.ok_or_else(unknown_state)?;
        // Comparing hashes: what the time of a comparison gives away is about a hash.
        if !Secret::from(flow.binding.as_str()).matches(binding) {
            let message = "this flow was started in another browser: start again";
            return Err(Error::new(ErrorKind::InvalidState, message));
        }
        redirect_uri::check(&flow.redirect_uri, path)?;
        if let Some(session) = &flow.session
            && self.look_at(session).await?.is_none()
        {
            return Err(session::used());
        }
        let session = flow.session.clone();
        let (spec, integration, connection) = self.granted(flow, callback).await?;
        let claimed = self.claim(session.as_deref()).await?;
        let kept = keep(&self.parts, spec, &integration, connection).await;
        if kept.is_err() {
            self.restore(claimed).await;
        }
        kept
    }

    /// The connection that a callback grants, proved and not stored yet.
    async fn granted(&self, flow: Flow, callback: &Callback) -> Result<Granted> {
        let (mut integration, spec) = self.parts.integration_of(&flow.integration, &flow.integration_id).await?;
        self.parts.document(&mut integration);
        let said = fields::validate(spec.connection_config, &auth::said(spec, callback), Trust::Provider)
            .map_err(|error| error.provider(spec.key).stage(Stage::Authorize))?;
        let config = merge(spec, flow.config, said);
        let mut connection = self.blank(ConnectionKey::new(integration.key.as_str(), flow.id), spec, config);
        let verifier = Secret::from(flow.verifier);
        let kept: Kept = secrets(flow.kept);
        connection.credentials = Credentials::submitted(secrets(flow.credentials));
        let returned = Returned { callback, redirect_uri: &flow.redirect_uri, verifier: &verifier, kept: &kept };
        let moment = self.parts.moment()?;
        let inputs = inputs(spec, &integration, &connection, &moment);
        issuer::check(&inputs, callback, &flow.page)
            .map_err(|error| error.provider(spec.key).stage(Stage::Authorize))?;
        let step = |answers: &[_]| auth::step(&inputs, Grant::Returned(returned), answers);
        let granted = exchange(&self.parts, spec, &integration, step).await?;
        accept(spec, &mut connection, granted, self.parts.clock.now());
        verify::before(&self.parts, spec, &integration, &mut connection).await?;
        Ok((spec, integration, connection))
    }
}

/// A connection with its provider and its integration.
type Granted = (&'static ProviderSpec, IntegrationRecord, Connection);

/// The state, under any of the names that authorization servers give it.
fn state(callback: &Callback) -> Result<&str> {
    let state = ["state", "payload", "customField"].iter().find_map(|name| callback.get(name));
    state.ok_or_else(|| Error::new(ErrorKind::InvalidState, "the callback has no state: start again"))
}

fn secrets(texts: BTreeMap<String, String>) -> BTreeMap<String, Secret> {
    texts.into_iter().map(|(name, text)| (name, Secret::from(text))).collect()
}

fn unknown_state() -> Error {
    let message = "this state is unknown, used already, or older than an hour: start again";
    Error::new(ErrorKind::InvalidState, message)
}
