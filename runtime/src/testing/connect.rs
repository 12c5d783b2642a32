//! A customer who is connected already, for tests that are about calls.

use crate::client::{Builder, Client, Keyway};
use crate::clock::Timestamp;
use crate::connection::{ConfigMap, ConnectionKey};
use crate::credentials::{Credentials, Token};
use crate::error::{Error, ErrorKind, Result};
use crate::integration::Integration;
use crate::provider::Provider;
use crate::secret::Secret;
use crate::transport::{BoxFuture, Transport};
use keyway_spec::mode::{InForm, Input, TokenFrom};
use keyway_spec::{Field, ProviderSpec};
use std::collections::BTreeMap;
use std::fmt;
use std::future::IntoFuture;
use std::time::Duration;

/// The connection's id. Its integration has the provider's key.
pub const CONNECTION: &str = "customer-1";
/// The access token of the connection, where its provider has tokens.
pub const ACCESS_TOKEN: &str = "test-access-token";
/// The refresh token that an expired access token is renewed with.
pub const REFRESH_TOKEN: &str = "test-refresh-token";
/// The client of the integration, unless the test brings its own.
pub const CLIENT_ID: &str = "test-client-id";
/// Its secret.
pub const CLIENT_SECRET: &str = "test-client-secret";

/// The lifetime of a living token: longer than any entry renews one ahead.
const LIFETIME: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A client of the provider `P` whose customer is connected: with a token that lives, or with the credentials that the
/// entry asks for. Await it, or say more first. Nothing is sent to make it.
///
/// Required values that the test does not give are the entry's defaults and examples, else `test-` and the field's
/// name.
///
/// ```
/// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
/// # acme::run(async {
/// # use acme::{Acme, forge::Forge};
/// use keyway::testing::{self, Recorded, get, post};
/// use serde_json::{Value, json};
///
/// let api = Recorded::new([get("https://api.acme.example/me").header("x-api-key", "test-apiKey").reply(json!({}))]);
/// let client = testing::connect::<Acme>(api.clone()).await?;
/// let _: Value = client.get("/me").json().await?;
/// api.finish()?;
///
/// // A token that has expired: the call renews it first.
/// let token = json!({"access_token": "new", "expires_in": 3600});
/// let api = Recorded::new([
///     post("https://forge.example/token").any_body().reply(token),
///     get("https://forge.example/user").header("authorization", "Bearer new").reply(json!({})),
/// ]);
/// let client = testing::connect::<Forge>(api.clone()).expired().await?;
/// let _: Value = client.get("/user").json().await?;
/// api.finish()?;
/// # Ok(())
/// # });
/// ```
pub fn connect<P: Provider>(transport: impl Transport) -> Connecting<P> {
    let client = Integration::<P>::new(P::SPEC.key).oauth_app(CLIENT_ID, CLIENT_SECRET);
    Connecting {
        builder: Keyway::builder().transport(transport),
        integration: client,
        config: ConfigMap::new(),
        inputs: BTreeMap::new(),
        obtained: BTreeMap::new(),
        expired: false,
    }
}

/// A connection of a test that is being made; await it for its client.
#[must_use = "nothing is made before it is awaited"]
pub struct Connecting<P> {
    builder: Builder,
    integration: Integration<P>,
    config: ConfigMap,
    inputs: BTreeMap<String, Secret>,
    obtained: BTreeMap<String, Secret>,
    expired: bool,
}

impl<P: Provider> Connecting<P> {
    /// Lets the token have expired an hour ago, with [`REFRESH_TOKEN`] to renew it: the first call asks for another.
    pub fn expired(self) -> Connecting<P> {
        Connecting { expired: true, ..self }
    }

    /// Sets a value of the connection's configuration.
    pub fn config(mut self, name: &str, value: impl Into<String>) -> Connecting<P> {
        self.config.insert(name.to_owned(), value.into());
        self
    }

    /// Sets a value that the customer submitted.
    pub fn credential(mut self, name: &str, value: impl Into<Secret>) -> Connecting<P> {
        self.inputs.insert(name.to_owned(), value.into());
        self
    }

    /// Sets a value that was obtained with the token: the secret of an OAuth 1.0 token is `oauth_token_secret`.
    pub fn obtained(mut self, name: &str, value: impl Into<Secret>) -> Connecting<P> {
        self.obtained.insert(name.to_owned(), value.into());
        self
    }

    /// Uses the program's own integration, with its client, its base URL or its hosts. Its key has to be the
    /// provider's.
    pub fn integration(self, integration: Integration<P>) -> Connecting<P> {
        Connecting { integration, ..self }
    }

    /// Changes how the [`Keyway`] is built: retries, limits, hooks, egress.
    pub fn with(mut self, change: impl FnOnce(Builder) -> Builder) -> Connecting<P> {
        self.builder = change(self.builder);
        self
    }

    /// The whole [`Keyway`] with the connection [`CONNECTION`], for code that takes one.
    pub async fn keyway(self) -> Result<Keyway> {
        let Connecting { builder, integration, mut config, mut inputs, obtained, expired } = self;
        let (spec, keyway) = (P::SPEC, builder.integration(integration).build()?);
        complete(spec.connection_config, &mut config);
        complete(spec.credentials, &mut inputs);
        // What every entry of the mode has submitted, where this one does not say more of it.
        let of_mode = spec.auth.facts().inputs.iter().filter(|input| input.in_form == InForm::Always);
        for Input { name, .. } in of_mode.filter(|input| spec.credentials.iter().all(|field| field.name != input.name))
        {
            inputs.entry((*name).to_owned()).or_insert_with(|| format!("test-{name}").into());
        }
        let mut options = BTreeMap::new();
        complete(spec.assertion_option, &mut options);
        let token = token(spec, &keyway, expired)?;
        let credentials = Credentials::submitted(inputs).assertion_options(options).obtained(obtained).token(token);
        let (key, metadata) = (ConnectionKey::new(spec.key, CONNECTION), serde_json::Map::new());
        keyway.import_unverified(key, config, metadata, credentials).await?;
        Ok(keyway)
    }
}

impl<P: Provider> IntoFuture for Connecting<P> {
    type Output = Result<Client<P>>;
    type IntoFuture = BoxFuture<'static, Result<Client<P>>>;

    fn into_future(self) -> Self::IntoFuture {
        // Taken apart first: a marker type of a provider need not be one that threads can share.
        let key = P::SPEC.key;
        let made = self.keyway();
        Box::pin(async move { made.await?.integration::<P>(key)?.client(CONNECTION).await })
    }
}

/// The token of the connection, where its mode has one.
fn token(spec: &ProviderSpec, keyway: &Keyway, expired: bool) -> Result<Option<Token>> {
    if spec.auth.facts().token == TokenFrom::Nothing {
        let message = "this provider has no tokens, so none can have expired: leave `expired` out";
        return if expired { Err(Error::new(ErrorKind::InvalidValue, message).provider(spec.key)) } else { Ok(None) };
    }
    let now = keyway.clock().now();
    let lifetime = if expired { -3600 } else { i64::try_from(LIFETIME.as_secs()).unwrap_or(i64::MAX) };
    let ends = Timestamp::from_second(now.as_second().saturating_add(lifetime)).ok();
    Ok(Some(Token::new(ACCESS_TOKEN).refresh(Secret::from(REFRESH_TOKEN)).expires_at(ends)))
}

/// Adds a value for each required field that has none.
fn complete<V: for<'a> From<&'a str>>(fields: &[Field], values: &mut BTreeMap<String, V>) {
    for field in fields.iter().filter(|field| !field.optional) {
        let made = format!("test-{}", field.name);
        let known = field.default_value.or(field.choices.first().copied()).or(field.example);
        values.entry(field.name.to_owned()).or_insert_with(|| known.unwrap_or(&made).into());
    }
}

impl<P> fmt::Debug for Connecting<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connecting").field("expired", &self.expired).finish_non_exhaustive()
    }
}
