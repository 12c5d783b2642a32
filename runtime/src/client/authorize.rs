//! The start of a redirect flow; its end is [`super::finish`].
//!
//! Two unguessable values: the state travels through the browser and the authorization server, the binding stays with
//! the browser that started the flow (RFC 6749 section 10.12, RFC 9700 section 4.7). The store holds only their
//! hashes. The flow is redeemed once, and is worthless after an hour. Each integration has a redirect URI of its own,
//! and each issuer where a customer names it, so that the way back says who answered ([`crate::redirect_uri`]).
//!
//! Cookies and pages are the server's.

use super::{Keyway, redirect_uri};
use crate::auth::exchange::{Ask, Page};
use crate::auth::{self, issuer, oauth2::wishes, pkce};
use crate::connection::{ConfigMap, Connection, ConnectionKey, RefreshState, check};
use crate::credentials::Credentials;
use crate::egress::{Carries, Egress, EgressPolicy};
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::fields::Trust;
use crate::integration::IntegrationRecord;
use crate::names;
use crate::parts::inputs;
use crate::pipeline::token::exchange;
use crate::redirect_uri::of_issuer;
use crate::secret::Secret;
use jiff::SignedDuration;
use keyway_spec::ProviderSpec;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use url::Url;

/// How long a person has to come back.
pub(super) const LIFETIME: SignedDuration = SignedDuration::from_hours(1);

/// What to connect, and how. `Debug` shows no value of the configuration.
#[derive(Clone)]
pub struct Authorize {
    /// The connection to be.
    pub key: ConnectionKey,
    /// What the customer said about the account.
    pub config: ConfigMap,
    /// What the redirect URI begins with: an absolute URL of the program's. The integration's id follows, and where a
    /// customer names the authorization server, a hash of it. [`Keyway::redirect_uri`] says what is registered with the
    /// vendor, and [`Started::redirect_uri`] what a flow has.
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
    /// The redirect URI of the flow: the browser comes back on it and nowhere else.
    pub redirect_uri: String,
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
pub(super) struct Flow {
    /// The integration's key then, and its id: keys are given anew, and a code belongs to this integration alone.
    pub(super) integration: String,
    #[serde(default)]
    pub(super) integration_id: String,
    pub(super) id: String,
    pub(super) config: ConfigMap,
    pub(super) redirect_uri: String,
    /// The origin of the page that the browser was sent to.
    #[serde(default)]
    pub(super) page: String,
    pub(super) verifier: String,
    /// A hash.
    pub(super) binding: String,
    /// The ticket of the connect session that the flow is for: used up when the flow ends well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) session: Option<String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) kept: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) credentials: BTreeMap<String, String>,
}

impl Keyway {
    /// Starts a flow: checks the configuration, makes state, binding and verifier, and says where to go.
    ///
    /// A configuration that names a host which must not receive the operator's client secret is refused here, before
    /// the customer is sent anywhere, and again when the code is exchanged.
    pub async fn authorize(&self, request: Authorize) -> Result<Started> {
        self.begin(request, None).await
    }

    /// The same for the customer of a connect session, which the flow uses up when it ends well and not before: a link
    /// that is opened twice, looked at by a preview or left in the middle stays good.
    pub async fn authorize_with_session(&self, token: &str, request: Authorize) -> Result<Started> {
        let session = self.session_ticket(token, &request.key).await?;
        self.begin(request, Some(session)).await
    }

    async fn begin(&self, request: Authorize, session: Option<String>) -> Result<Started> {
        names::check("the connection's id", &request.key.id)?;
        let (mut integration, spec) = self.parts.integration(&request.key.integration).await?;
        through_a_browser(spec)?;
        self.parts.document(&mut integration);
        let base = redirect_uri::of(spec, &integration, &request.redirect_uri)?;
        let config = check::config(spec, request.config, Trust::User)?;
        let mut connection = self.blank(request.key, spec, config);
        connection.credentials = check::beside_a_flow(spec, Credentials::submitted(request.credentials))?;
        let clock = &*self.parts.clock;
        let (state, binding) = (pkce::unguessable(clock)?, pkce::unguessable(clock)?);
        let verifier = pkce::unguessable(clock)?;
        let own = request.scopes.or_else(|| wishes::scopes(&connection.config));
        let scopes = own.unwrap_or_else(|| integration.scopes.clone());
        let moment = self.parts.moment()?;
        let inputs = inputs(spec, &integration, &connection, &moment);
        let for_issuer = |issuer: Option<&str>| issuer.map_or_else(|| Ok(base.clone()), |name| of_issuer(&base, name));
        let named =
            issuer::named(&inputs).map_err(|error| error.provider(spec.key).stage(Stage::Authorize).sent(false))?;
        let redirect_uri = for_issuer(named.as_deref())?;
        let ask =
            Ask { redirect_uri: &redirect_uri, scopes: &scopes, state: state.expose(), verifier: verifier.expose() };
        let page = exchange(&self.parts, spec, &integration, |answers| auth::page(&inputs, ask, answers)).await?;
        allow(&page, spec, &integration, &self.parts.policy)
            .map_err(|error| error.provider(spec.key).stage(Stage::Authorize).sent(false))?;
        let Page { url, kept, .. } = page;
        let redirect_uri = match auth::discovered_issuer(spec, &kept) {
            Some(issuer) => for_issuer(Some(issuer))?,
            None => redirect_uri,
        };
        let exposed = |secrets: BTreeMap<String, Secret>| {
            secrets.into_iter().map(|(name, value)| (name, value.expose().to_owned())).collect()
        };
        let flow = Flow {
            integration: connection.key.integration,
            integration_id: integration.id,
            id: connection.key.id,
            config: connection.config,
            redirect_uri: redirect_uri.clone(),
            page: Url::parse(&url).map_or_else(|_| String::new(), |page| page.origin().ascii_serialization()),
            verifier: verifier.expose().to_owned(),
            binding: pkce::fingerprint(binding.expose()),
            session,
            kept: exposed(kept),
            credentials: exposed(connection.credentials.inputs),
        };
        self.keep(&state, &flow, LIFETIME).await?;
        Ok(Started { url, state, binding, redirect_uri })
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
}

/// Refuses a page, or the token endpoint of its flow, if it may not be used.
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

fn through_a_browser(spec: &ProviderSpec) -> Result<()> {
    if auth::through_a_browser(spec) {
        return Ok(());
    }
    let message = format!("the auth mode `{}` is not connected through a redirect", spec.auth.mode());
    Err(Error::new(ErrorKind::Unsupported, message).provider(spec.key))
}
