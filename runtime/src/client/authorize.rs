//! The start of a redirect flow; its end is [`super::finish`].
//!
//! Two unguessable values: the state travels through the browser and the authorization server, the binding stays with
//! the browser that started (RFC 6749 section 10.12, RFC 9700 section 4.7). The store holds only their hashes. The flow
//! is redeemed once, and is worthless after an hour. Each integration has a redirect URI of its own, and each issuer
//! where a customer names it, so that the way back says who answered ([`crate::redirect_uri`]).

use super::connect::blank;
use super::flow::{FLOW_LIFETIME, Flow, exposed};
use super::keyway::Keyway;
use super::redirect_uri;
use super::tickets::{self, Tickets};
use crate::account::{Account, Use};
use crate::auth::exchange::{Ask, Page};
use crate::auth::{self, issuer, oauth2::connection_overrides, pkce};
use crate::connection::{ConfigMap, ConnectionKey, check};
use crate::credentials::Credentials;
use crate::egress::EgressPolicy;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::exchange::exchange;
use crate::fields::Trust;
use crate::names;
use crate::redirect_uri::of_issuer;
use crate::secret::Secret;
use keyway_spec::ProviderSpec;
use std::collections::BTreeMap;
use std::fmt;
use url::Url;

/// What to connect, and how. `Debug` shows no value of the configuration.
///
/// ```
/// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
/// # acme::run(async {
/// # let keyway = acme::keyway();
/// use keyway::{Authorize, ConnectionKey};
///
/// let request = Authorize::new(ConnectionKey::new("forge", "customer-42"), "https://app.example/callback");
/// let started = keyway.authorize(request.scopes(["repo"])).await?;
/// assert!(started.url.starts_with("https://forge.example/authorize?"));
/// assert!(started.redirect_uri.starts_with("https://app.example/callback/"));
/// # Ok(())
/// # });
/// ```
#[derive(Clone)]
#[non_exhaustive]
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
#[non_exhaustive]
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

impl Authorize {
    /// A connection to be, and what its redirect URI begins with: see [`Authorize::redirect_uri`].
    pub fn new(key: ConnectionKey, redirect_uri: impl Into<String>) -> Authorize {
        Authorize {
            key,
            config: ConfigMap::new(),
            redirect_uri: redirect_uri.into(),
            scopes: None,
            credentials: BTreeMap::new(),
        }
    }

    /// Sets what the customer said about the account.
    #[must_use]
    pub fn config(mut self, config: ConfigMap) -> Authorize {
        self.config = config;
        self
    }

    /// Sets the scopes of this flow.
    #[must_use]
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Authorize {
        self.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Sets a client of the customer's own.
    #[must_use]
    pub fn credentials(mut self, credentials: BTreeMap<String, Secret>) -> Authorize {
        self.credentials = credentials;
        self
    }
}

impl Started {
    /// A flow as [`Keyway::authorize`] returns it, for tests of what a program does with one.
    pub fn new(
        url: impl Into<String>,
        state: impl Into<Secret>,
        binding: impl Into<Secret>,
        redirect_uri: impl Into<String>,
    ) -> Started {
        Started { url: url.into(), state: state.into(), binding: binding.into(), redirect_uri: redirect_uri.into() }
    }
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
        let engine = self.engine();
        let (integration, spec) = engine.integration(&request.key.integration).await?;
        require_interactive(spec)?;
        let base = redirect_uri::of(spec, &integration, &request.redirect_uri)?;
        let config = check::config(spec, request.config, Trust::User)?;
        let mut connection = blank(engine, request.key, spec, config);
        connection.credentials = check::beside_a_flow(spec, Credentials::submitted(request.credentials))?;
        let clock = &*engine.clock;
        let (state, binding) = (pkce::unguessable(clock)?, pkce::unguessable(clock)?);
        let verifier = pkce::unguessable(clock)?;
        let account = engine.account((integration, spec), connection);
        let own = request.scopes.or_else(|| connection_overrides::scopes(&account.connection.config));
        let scopes = own.unwrap_or_else(|| account.integration().scopes.clone());
        let moment = engine.moment()?;
        let inputs = account.inputs(&moment);
        let with_context = |error: Error| error.provider(spec.key).stage(Stage::Authorize).sent(false);
        let for_issuer = |issuer: Option<&str>| issuer.map_or_else(|| Ok(base.clone()), |name| of_issuer(&base, name));
        let named = issuer::named(&inputs).map_err(with_context)?;
        let redirect_uri = for_issuer(named.as_deref())?;
        let ask =
            Ask { redirect_uri: &redirect_uri, scopes: &scopes, state: state.expose(), verifier: verifier.expose() };
        let page = exchange(engine, &account, |answers| auth::page(&inputs, ask, answers)).await?;
        check_page(&page, &account, &engine.policy).map_err(with_context)?;
        let Page { url, kept, .. } = page;
        let redirect_uri = match auth::discovered_issuer(spec, &kept) {
            Some(issuer) => for_issuer(Some(issuer))?,
            None => redirect_uri,
        };
        self.carry_way_back(
            session.as_deref(),
            &account.connection.key.integration,
            &tickets::id(state.expose()),
            Some(pkce::fingerprint(binding.expose())),
            FLOW_LIFETIME,
        )
        .await?;
        let integration_id = account.integration().id.clone();
        let Account { connection, .. } = account;
        let flow = Flow {
            integration: connection.key.integration,
            integration_id,
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
        Tickets(engine).issue(state.expose(), &flow, FLOW_LIFETIME).await?;
        Ok(Started { url, state, binding, redirect_uri })
    }
}

/// Refuses a page, or an endpoint that the flow will call after it, that may not be used.
fn check_page(page: &Page, account: &Account, policy: &EgressPolicy) -> Result<()> {
    if let Some((url, carries)) = auth::token_endpoint(account.spec, page)? {
        account.egress(policy, Use::Exchange(carries)).check_url(&url.0)?;
    }
    let unreadable = |_| Error::new(ErrorKind::InvalidValue, "the authorization URL is not a web address");
    account.egress(policy, Use::Page).check_url(&Url::parse(&page.url).map_err(unreadable)?)
}

fn require_interactive(spec: &ProviderSpec) -> Result<()> {
    if auth::needs_browser(spec) {
        return Ok(());
    }
    let message = format!("the auth mode `{}` is not connected through a redirect", spec.auth.mode());
    Err(Error::new(ErrorKind::Unsupported, message).provider(spec.key))
}
