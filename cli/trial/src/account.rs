//! An account at the vendor, connected through the real runtime: as a person would be, or as it is found afterwards.

use crate::clock::TrialClock;
use crate::signing_keys::client_secret;
use crate::stand_in::{CLIENT_ID, Filled, StandInValues, hosts, said};
use crate::vendor::Vendor;
use crate::webhook;
use keyway::client::{Authorize, RedirectUri, Started};
use keyway::connection::{ConfigMap, Trust};
use keyway::hooks::{Context, Hook};
use keyway::transport::BoxFuture;
use keyway::{
    Catalogue, Connection, ConnectionKey, Credentials, Error, ErrorKind, IntegrationRecord, Keyway, Result, Secret,
    Timestamp,
};
use keyway_spec::mode::{Connect, TokenFrom};
use keyway_spec::{Mode, ProviderSpec};
use serde_json::Value;
use std::time::Duration;
use url::form_urlencoded::Serializer;

/// Where a browser comes back to, unless the entry's integration has a path of its own.
pub const REDIRECT_URI: &str = "https://app.example.com/oauth/callback";
/// The token of an account that is found connected.
pub const ACCESS_TOKEN: &str = "trial-access-token";
/// Its refresh token.
pub const REFRESH_TOKEN: &str = "trial-refresh-token";
/// The lifetime of that token: longer than any entry renews one ahead.
const LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);
/// The longest wait that a call makes. Time is virtual.
const MAX_WAIT: Duration = Duration::from_secs(600);

/// The scopes that a trial asks for: the entry's default, else the first that it knows.
pub fn scopes(spec: &ProviderSpec) -> Vec<String> {
    let known = spec.known_scopes.iter().map(|scope| scope.name).take(1);
    match spec.default_scopes {
        [] => known.map(str::to_owned).collect(),
        scopes => scopes.iter().copied().map(str::to_owned).collect(),
    }
}

/// An account of one entry, and the runtime that connects it.
#[derive(Clone, Debug)]
pub struct Account {
    /// The entry.
    pub spec: &'static ProviderSpec,
    /// The values of the customer and the operator.
    pub said: StandInValues,
    /// The runtime.
    pub keyway: Keyway,
    /// The name of the connection.
    pub key: ConnectionKey,
    clock: TrialClock,
    /// Values that only the vendor supplies.
    learnt: ConfigMap,
}

impl Account {
    /// An account that is not connected yet, at a vendor.
    pub fn new(
        spec: &'static ProviderSpec,
        filled: Filled,
        vendor: Vendor,
        clock: TrialClock,
        supplied: &ConfigMap,
    ) -> Result<Account> {
        let said = said(spec, filled);
        let mut settings = said.settings.clone();
        settings.insert(webhook::SETTING.to_owned(), Secret::from(webhook::SECRET));
        let mut integration = IntegrationRecord::new(spec.key, spec)
            .custom(settings)
            .allowed_hosts(hosts(said.config.values().chain(supplied.values())))
            .app_link("https://vendor.example.com/install");
        // A client of any server registers itself; those of known ones were registered by the operator.
        if spec.auth.kind() != Mode::McpOAuth2Generic {
            integration = integration.client_id(CLIENT_ID).client_secret(client_secret(spec));
        }
        integration = integration.scopes(scopes(spec));
        let learnt: ConfigMap = (spec.connection_config.iter().filter(|field| field.automated))
            .filter_map(|field| Some((field.name.to_owned(), supplied.get(field.name)?.clone())))
            .collect();
        let mut builder = Keyway::builder();
        for name in [spec.scripts.post_connection, spec.scripts.pre_connection_creation].into_iter().flatten() {
            builder = builder.hook(name, Learnt(learnt.clone()));
        }
        let keyway = builder
            .transport(vendor)
            .clock(clock.clone())
            .max_wait(MAX_WAIT)
            .call_timeout(MAX_WAIT * 2)
            .catalogue(Catalogue::from_iter([spec]))
            .integration_record(integration)
            .build()?;
        Ok(Account { spec, said, keyway, key: ConnectionKey::new(spec.key, "trial"), clock, learnt })
    }

    /// The same with other words of the customer's.
    #[must_use]
    pub fn saying(mut self, change: impl FnOnce(&mut StandInValues)) -> Account {
        change(&mut self.said);
        self
    }

    /// Connects the account as a customer would. `callback` makes the parameters with which a browser comes back from
    /// the page that a flow leads to; its state is added here. `installed` makes the webhook of an installation that
    /// begins on the vendor's side; it is signed here.
    pub async fn connect(
        &self,
        callback: impl FnOnce(&Started) -> Result<Vec<(String, String)>> + Send,
        installed: impl FnOnce() -> Option<Value> + Send,
    ) -> Result<Connection> {
        match self.spec.auth.connect() {
            Connect::Direct => {
                let credentials = self.submitted();
                let config = self.said.config.clone();
                self.keyway.import(self.key.clone(), config, serde_json::Map::new(), credentials, Trust::User).await
            }
            Connect::Interactive => {
                let asked = Authorize::new(self.key.clone(), REDIRECT_URI).config(self.said.config.clone());
                let started = self.keyway.authorize(asked).await?;
                let mut query = Serializer::new(format!("{}?", started.redirect_uri));
                query.extend_pairs(callback(&started)?).append_pair("state", started.state.expose());
                self.keyway.finish(&query.finish(), started.binding.expose()).await
            }
            Connect::Outbound => {
                self.keyway.begin_outbound(self.key.clone(), self.said.config.clone(), Trust::User).await?;
                let body = installed().unwrap_or_default().to_string();
                let signature = webhook::signature(body.as_bytes());
                let connected = self.keyway.complete_outbound(self.spec.key, body.as_bytes(), &[&signature]).await?;
                connected.ok_or_else(|| {
                    let message = "the webhook of the installation brings no code";
                    Error::new(ErrorKind::InvalidRequest, message).provider(self.spec.key)
                })
            }
        }
    }

    /// The redirect URI that the operator registers with the vendor.
    pub async fn registered(&self) -> String {
        match self.keyway.redirect_uri(self.spec.key, REDIRECT_URI).await {
            Ok(RedirectUri::Own(uri) | RedirectUri::Shared(uri) | RedirectUri::PerIssuer { base: uri, .. }) => uri,
            Ok(RedirectUri::None) | Err(_) => REDIRECT_URI.to_owned(),
        }
    }

    /// The account as it is found connected, with a token that lives or has expired an hour ago. Nothing is sent.
    pub async fn found(&self, expired: bool) -> Result<Connection> {
        let (config, credentials) = (self.config(), self.with_token(expired));
        self.keyway.import_unverified(self.key.clone(), config, serde_json::Map::new(), credentials).await
    }

    /// Has the credentials proved as they are when an account is connected, without signing in before.
    pub async fn prove(&self) -> Result<Connection> {
        let (config, credentials) = (self.config(), self.with_token(false));
        self.keyway.import(self.key.clone(), config, serde_json::Map::new(), credentials, Trust::Operator).await
    }

    /// The configuration of a connection: the customer's words, and what was found out.
    fn config(&self) -> ConfigMap {
        self.said.config.clone().into_iter().chain(self.learnt.clone()).collect()
    }

    fn submitted(&self) -> Credentials {
        Credentials::submitted(self.said.credentials.clone()).assertion_options(self.said.assertion_options.clone())
    }

    fn with_token(&self, expired: bool) -> Credentials {
        if self.spec.auth.facts().token == TokenFrom::Nothing {
            return self.submitted();
        }
        let now = keyway::Clock::now(&self.clock).as_second();
        let lifetime = if expired { -3600 } else { i64::try_from(LIFETIME.as_secs()).unwrap_or(i64::MAX) };
        let ends = Timestamp::from_second(now.saturating_add(lifetime)).ok();
        let token = keyway::connection::Token::new(ACCESS_TOKEN).refresh(Secret::from(REFRESH_TOKEN)).expires_at(ends);
        let obtained = self.spec.auth.facts().carried.obtained;
        let obtained = obtained.iter().map(|name| ((*name).to_owned(), Secret::from(format!("trial-{name}"))));
        self.submitted().obtained(obtained.collect()).token(token)
    }
}

/// A hook that finds out what only the vendor knows.
#[derive(Debug)]
struct Learnt(ConfigMap);

impl Hook for Learnt {
    fn run<'a>(&'a self, _context: &'a Context) -> BoxFuture<'a, Result<ConfigMap>> {
        Box::pin(async move { Ok(self.0.clone()) })
    }
}
