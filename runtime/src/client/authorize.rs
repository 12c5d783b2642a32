//! The redirect flow: start, and finish with what the browser brings back.
//!
//! Two values nobody can guess: the state travels through the browser and the authorization server, the binding stays
//! with the browser that started (RFC 6749 section 10.12, RFC 9700 section 4.7). The store holds only their hashes. The
//! flow is redeemed once, and is worthless after an hour.
//!
//! Absent here: cookies, pages, and what single modes do with a callback.

use super::Keyway;
use super::connections::keep;
use super::verify;
use crate::auth::exchange::{Ask, Callback, Grant, Kept, Page, Returned};
use crate::auth::{self, oauth2::wishes, pkce};
use crate::clock::Timestamp;
use crate::connection::accept::{accept, merge};
use crate::connection::{ConfigMap, Connection, ConnectionKey, RefreshState, check};
use crate::credentials::Credentials;
use crate::egress::{Carries, Egress, EgressPolicy};
use crate::error::{Error, ErrorKind, Result};
use crate::fields::{self, Trust};
use crate::integration::IntegrationRecord;
use crate::parts::inputs;
use crate::pipeline::token::exchange;
use crate::secret::Secret;
use crate::store::Ticket;
use jiff::SignedDuration;
use keyway_spec::ProviderSpec;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use url::Url;

/// How long a person has to come back.
const LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// What to connect, and how. `Debug` shows no value of the configuration.
#[derive(Clone)]
pub struct Authorize {
    /// The connection to be.
    pub key: ConnectionKey,
    /// What the customer said about the account.
    pub config: ConfigMap,
    /// Where the authorization server sends the browser back; registered with the vendor.
    pub redirect_uri: String,
    /// Scopes of this flow; the connection's own, else the integration's, else the entry's, when left out.
    pub scopes: Option<Vec<String>>,
    /// A client of the customer's own (`oauth_client_id_override`, ...), for modes that take one.
    pub credentials: BTreeMap<String, Secret>,
}

/// A flow that was started. `Debug` does not show the URL, which holds the state.
#[derive(Clone)]
pub struct Started {
    /// Where to send the customer's browser.
    pub url: String,
    /// The state in the URL.
    pub state: Secret,
    /// To be kept by the browser, in a cookie, and given to [`Keyway::finish`].
    pub binding: Secret,
}

impl fmt::Debug for Authorize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authorize")
            .field("key", &self.key)
            .field("config", &self.config.keys().collect::<Vec<_>>())
            .field("scopes", &self.scopes)
            .field("credentials", &self.credentials.keys().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Started {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Started").finish_non_exhaustive()
    }
}

/// A flow between its start and its end, as the ticket holds it.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Flow {
    integration: String,
    id: String,
    config: ConfigMap,
    redirect_uri: String,
    verifier: String,
    binding: String,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    kept: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    credentials: BTreeMap<String, String>,
}

impl Keyway {
    /// Starts a flow: checks the configuration, makes state, binding and verifier, and says where to go.
    ///
    /// A configuration that names a host which must not receive the operator's client secret is refused here, before
    /// the customer is sent anywhere, and again when the code is exchanged.
    pub async fn authorize(&self, request: Authorize) -> Result<Started> {
        let (mut integration, spec) = self.parts.integration(&request.key.integration).await?;
        through_a_browser(spec)?;
        self.parts.document(&mut integration);
        Url::parse(&request.redirect_uri)
            .map_err(|_| Error::new(ErrorKind::InvalidValue, "the redirect URI is not an absolute URL"))?;
        let config = check::config(spec, request.config, Trust::User)?;
        let mut connection = self.blank(request.key, spec, config);
        connection.credentials = check::beside_a_flow(spec, Credentials::submitted(request.credentials))?;
        let clock = &*self.parts.clock;
        let (state, binding) = (pkce::unguessable(clock)?, pkce::unguessable(clock)?);
        let verifier = pkce::unguessable(clock)?;
        let own = request.scopes.or_else(|| wishes::scopes(&connection.config));
        let scopes = own.unwrap_or_else(|| integration.scopes.clone());
        let ask = Ask {
            redirect_uri: &request.redirect_uri,
            scopes: &scopes,
            state: state.expose(),
            verifier: verifier.expose(),
        };
        let moment = self.parts.moment()?;
        let inputs = inputs(spec, &integration, &connection, &moment);
        let page = exchange(&self.parts, spec, &integration, |answers| auth::page(&inputs, ask, answers)).await?;
        allow(&page, spec, &integration, &self.parts.policy)
            .map_err(|error| error.provider(spec.key).stage("authorize").sent(false))?;
        let Page { url, kept, .. } = page;
        let exposed = |secrets: BTreeMap<String, Secret>| {
            secrets.into_iter().map(|(name, value)| (name, value.expose().to_owned())).collect()
        };
        let flow = Flow {
            integration: connection.key.integration,
            id: connection.key.id,
            config: connection.config,
            redirect_uri: request.redirect_uri,
            verifier: verifier.expose().to_owned(),
            binding: pkce::fingerprint(binding.expose()),
            kept: exposed(kept),
            credentials: exposed(connection.credentials.inputs),
        };
        self.keep(&state, &flow, LIFETIME).await?;
        Ok(Started { url, state, binding })
    }

    /// Finishes a flow with the query of the callback and the binding that the browser kept: checks both, redeems the
    /// code, stores the connection.
    pub async fn finish(&self, callback_query: &str, binding: &str) -> Result<Connection> {
        let callback = Callback::parse(callback_query);
        let flow: Flow = self.redeem(state(&callback)?).await?.ok_or_else(unknown_state)?;
        // Comparing hashes: what the time of a comparison gives away is about a hash.
        if !Secret::from(flow.binding).matches(&pkce::fingerprint(binding)) {
            let message = "this flow was started in another browser: start again";
            return Err(Error::new(ErrorKind::InvalidState, message));
        }
        let (mut integration, spec) = self.parts.integration(&flow.integration).await?;
        self.parts.document(&mut integration);
        let said = fields::validate(spec.connection_config, &auth::said(spec, &callback), Trust::Provider)
            .map_err(|error| error.provider(spec.key).stage("authorize"))?;
        let config = merge(spec, flow.config, said);
        let mut connection = self.blank(ConnectionKey::new(flow.integration, flow.id), spec, config);
        let verifier = Secret::from(flow.verifier);
        let secrets = |texts: BTreeMap<String, String>| -> BTreeMap<String, Secret> {
            texts.into_iter().map(|(name, value)| (name, Secret::from(value))).collect()
        };
        let kept: Kept = secrets(flow.kept);
        connection.credentials = Credentials::submitted(secrets(flow.credentials));
        let returned =
            Returned { callback: &callback, redirect_uri: &flow.redirect_uri, verifier: &verifier, kept: &kept };
        let moment = self.parts.moment()?;
        let inputs = inputs(spec, &integration, &connection, &moment);
        let step = |answers: &[_]| auth::step(&inputs, Grant::Returned(returned), answers);
        let granted = exchange(&self.parts, spec, &integration, step).await?;
        accept(spec, &mut connection, granted, self.parts.clock.now());
        verify::before(&self.parts, spec, &integration, &mut connection).await?;
        keep(&self.parts, spec, &integration, connection).await
    }

    /// A connection that has no credentials yet.
    pub(super) fn blank(&self, key: ConnectionKey, spec: &ProviderSpec, config: ConfigMap) -> Connection {
        let now = self.parts.clock.now();
        Connection {
            key,
            provider: spec.key.to_owned(),
            config,
            metadata: serde_json::Map::new(),
            credentials: Credentials::default(),
            refresh: RefreshState::default(),
            created_at: now,
            updated_at: now,
            epoch: 0,
        }
    }

    /// Keeps something to be redeemed once with `value`. Gives back when it will be worthless.
    pub(super) async fn keep<T: Serialize + Sync>(
        &self,
        value: &Secret,
        what: &T,
        lifetime: SignedDuration,
    ) -> Result<Timestamp> {
        let payload = serde_json::to_string(what)
            .map_err(|_| Error::new(ErrorKind::Internal, "a ticket has no JSON form"))?
            .into();
        let expires_at = self.parts.clock.now().checked_add(lifetime);
        let expires_at = expires_at.map_err(|_| Error::new(ErrorKind::Internal, "the clock is at its end"))?;
        let ticket = Ticket { id: pkce::fingerprint(value.expose()), payload, expires_at };
        self.parts.store().await?.put_ticket(ticket).await?;
        Ok(expires_at)
    }

    /// Redeems `value`, once. `None` if it is unknown, used, expired, or was made for something else.
    pub(super) async fn redeem<T: for<'de> Deserialize<'de>>(&self, value: &str) -> Result<Option<T>> {
        let ticket = self.take(value).await?;
        Ok(ticket.and_then(|ticket| serde_json::from_str(ticket.payload.expose()).ok()))
    }

    /// The ticket that `value` redeems, once.
    pub(super) async fn take(&self, value: &str) -> Result<Option<Ticket>> {
        self.parts.store().await?.take_ticket(&pkce::fingerprint(value), self.parts.clock.now()).await
    }

    /// What `value` would redeem.
    pub(super) async fn peek<T: for<'de> Deserialize<'de>>(&self, value: &str) -> Result<Option<T>> {
        let id = pkce::fingerprint(value);
        let ticket = self.parts.store().await?.ticket(&id, self.parts.clock.now()).await?;
        Ok(ticket.and_then(|ticket| serde_json::from_str(ticket.payload.expose()).ok()))
    }
}

/// Refuses a page, and an endpoint behind it, that may not be used.
fn allow(page: &Page, spec: &ProviderSpec, integration: &IntegrationRecord, policy: &EgressPolicy) -> Result<()> {
    match auth::receiver(spec, page)? {
        Some((url, Carries::OperatorSecret)) => {
            Egress::for_operator_secret(spec, integration, policy.clone()).check_url(&url.0)?;
        }
        Some((url, _)) => Egress::for_customer_token(spec, integration, policy.clone()).check_url(&url.0)?,
        None => {}
    }
    let unreadable = |_| Error::new(ErrorKind::InvalidValue, "the authorization URL is not a web address");
    Egress::for_page(spec, integration, policy.clone()).check_url(&Url::parse(&page.url).map_err(unreadable)?)
}

/// The state, under any of the names that authorization servers give it.
fn state(callback: &Callback) -> Result<&str> {
    let state = ["state", "payload", "customField"].iter().find_map(|name| callback.get(name));
    state.ok_or_else(|| Error::new(ErrorKind::InvalidState, "the callback has no state: start again"))
}

fn through_a_browser(spec: &ProviderSpec) -> Result<()> {
    if auth::through_a_browser(spec) {
        return Ok(());
    }
    let message = format!("the auth mode `{}` is not connected through a redirect", spec.auth.mode());
    Err(Error::new(ErrorKind::Unsupported, message).provider(spec.key))
}

fn unknown_state() -> Error {
    let message = "this state is unknown, used already, or older than an hour: start again";
    Error::new(ErrorKind::InvalidState, message)
}
