//! The typed layer: what the compiler of the program's own language can check.
//!
//! A thin layer over [`Keyway`]: providers are types, required configuration is a struct, optional values have typed
//! keys. It does nothing that the untyped methods do not do. It is one file because its types are one chain, from an
//! integration to the answer of a call; a quarter of it is examples.

use super::answer::{self, Whole};
use super::authorize::{Authorize, Started};
use super::keyway::Keyway;
use super::pages::Pages;
use crate::connection::{ConfigMap, Connection, ConnectionKey};
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result};
use crate::fields::Trust;
use crate::provider::mode::{Direct, Interactive, Outbound, Refreshable};
use crate::provider::{ConfigKey, CredentialKey, Fields, Provider, ValueOf};
use crate::request::{Call, CallBody};
use crate::secret::Secret;
use crate::transport::Response;
use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::marker::PhantomData;

/// An integration of the provider `P`.
#[derive(Debug)]
pub struct TypedIntegration<P> {
    keyway: Keyway,
    key: String,
    provider: PhantomData<fn() -> P>,
}

/// A connection being made from credentials.
#[must_use = "nothing is connected before `import`"]
pub struct Connect<P> {
    keyway: Keyway,
    key: ConnectionKey,
    config: ConfigMap,
    credentials: Credentials,
    provider: PhantomData<fn() -> P>,
}

/// A connection being made by sending the customer to the provider.
#[must_use = "nothing starts before `begin`"]
pub struct Begin<P> {
    keyway: Keyway,
    request: Authorize,
    provider: PhantomData<fn() -> P>,
}

/// Calls of one connection of the provider `P`. Traits made by `#[keyway::api]` are implemented for it.
///
/// ```
/// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
/// # acme::run(async {
/// # let keyway = acme::connected().await?;
/// # let client = keyway.integration::<acme::Acme>("acme")?.client("customer-42").await?;
/// let me: serde_json::Value = client.get("/me").json().await?;
/// assert_eq!(me["name"], "Ada");
/// # Ok(())
/// # });
/// ```
pub struct Client<P> {
    pub(super) keyway: Keyway,
    pub(super) key: ConnectionKey,
    pub(super) retries: Option<u32>,
    provider: PhantomData<fn() -> P>,
}

/// A call that is being built; [`Request::send`] or [`Request::json`] sends it.
#[must_use = "nothing is sent before `send`, `json` or `text`"]
#[derive(Debug)]
pub struct Request<'c> {
    pub(super) keyway: &'c Keyway,
    pub(super) key: &'c ConnectionKey,
    pub(super) call: Result<Call>,
}

impl Keyway {
    /// The integration `key`, as one of the provider `P`; an error if this catalogue does not have `P`.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # use acme::Acme;
    /// # let keyway = acme::connected().await?;
    /// let acme = keyway.integration::<Acme>("acme")?;
    /// let client = acme.client("customer-42").await?;
    /// # Ok(())
    /// # });
    /// ```
    pub fn integration<P: Provider>(&self, key: &str) -> Result<TypedIntegration<P>> {
        let spec = self.engine().catalogue.require(P::SPEC.key)?;
        let in_code = self.engine().in_code.iter().find(|record| record.key == key);
        if let Some(record) = in_code.filter(|record| record.provider != spec.key) {
            let (other, key) = (&record.provider, &record.key);
            let message = format!("the integration `{key}` is one of `{other}`: ask for that");
            return Err(Error::new(ErrorKind::InvalidValue, message).provider(spec.key));
        }
        Ok(TypedIntegration { keyway: self.clone(), key: key.to_owned(), provider: PhantomData })
    }
}

impl<P: Provider> TypedIntegration<P> {
    /// Connects a customer through the provider's own pages.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # use acme::forge::{self, Forge};
    /// # let keyway = acme::keyway();
    /// let forge = keyway.integration::<Forge>("forge")?;
    /// let flow = forge.authorize("customer-42", forge::Config {}).redirect_uri("https://app.example/callback");
    /// let started = flow.begin().await?;
    /// // Send the browser to `started.url`, and keep `started.binding` in a cookie of it for `Keyway::finish`.
    /// # Ok(())
    /// # });
    /// ```
    pub fn authorize(&self, id: &str, config: P::Config) -> Begin<P>
    where
        P::Auth: Interactive<P>,
    {
        let request = Authorize {
            key: ConnectionKey::new(&self.key, id),
            config: collect(config),
            redirect_uri: String::new(),
            scopes: None,
            credentials: std::collections::BTreeMap::new(),
        };
        Begin { keyway: self.keyway.clone(), request, provider: PhantomData }
    }

    /// Connects a customer who submits credentials.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # use acme::Acme;
    /// # let keyway = acme::keyway();
    /// let acme = keyway.integration::<Acme>("acme")?;
    /// let credentials = acme::Credentials { api_key: "a-customers-key".into() };
    /// let connection = acme.connect("customer-42", acme::Config {}, credentials).import().await?;
    /// assert_eq!(connection.key.integration, "acme");
    /// # Ok(())
    /// # });
    /// ```
    pub fn connect(&self, id: &str, config: P::Config, credentials: P::Credentials) -> Connect<P>
    where
        P::Auth: Direct<P>,
    {
        let inputs = credentials.pairs().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Connect {
            keyway: self.keyway.clone(),
            key: ConnectionKey::new(&self.key, id),
            config: collect(config),
            credentials: Credentials::submitted(inputs),
            provider: PhantomData,
        }
    }

    /// Prepares for a customer to install the integration on the vendor's side; the connection is pending until the
    /// vendor's webhook arrives ([`Keyway::complete_outbound`]).
    pub async fn begin_outbound(&self, id: &str, config: P::Config) -> Result<Connection>
    where
        P::Auth: Outbound<P>,
    {
        self.keyway.begin_outbound(ConnectionKey::new(&self.key, id), collect(config), Trust::User).await
    }

    /// Renews the token of a connection now, due or not. Calls renew tokens automatically when they are due.
    pub async fn refresh(&self, id: &str) -> Result<Connection>
    where
        P::Auth: Refreshable<P>,
    {
        self.keyway.refresh(&ConnectionKey::new(&self.key, id)).await
    }

    /// A client for the calls of a connection; an error if there is no such connection.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # use acme::Acme;
    /// # let keyway = acme::connected().await?;
    /// use keyway::ErrorKind;
    ///
    /// let acme = keyway.integration::<Acme>("acme")?;
    /// let client = acme.client("customer-42").await?.retries(2);
    /// let unknown = acme.client("customer-43").await.map(drop).unwrap_err();
    /// assert_eq!(unknown.kind(), ErrorKind::UnknownConnection);
    /// # Ok(())
    /// # });
    /// ```
    pub async fn client(&self, id: &str) -> Result<Client<P>> {
        let key = ConnectionKey::new(&self.key, id);
        let (integration, spec) = self.keyway.engine().integration(&self.key).await?;
        if spec.key != P::SPEC.key {
            let message = format!("the integration `{}` is one of `{}`: ask for that", integration.key, spec.key);
            return Err(Error::new(ErrorKind::InvalidValue, message).provider(P::SPEC.key));
        }
        self.keyway.engine().connection(&key).await?;
        Ok(Client { keyway: self.keyway.clone(), key, retries: None, provider: PhantomData })
    }
}

impl<P: Provider> Begin<P> {
    /// What the redirect URI begins with: see [`Authorize::redirect_uri`]. [`Started::redirect_uri`] is the whole,
    /// which is registered with the vendor, and [`Keyway::finish`] wants the path on which the browser comes back.
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Begin<P> {
        self.request.redirect_uri = uri.into();
        self
    }

    /// Sets an optional configuration value.
    pub fn set<V>(mut self, key: ConfigKey<P, V>, value: impl ValueOf<V>) -> Begin<P> {
        self.request.config.insert(key.name().to_owned(), value.into());
        self
    }

    /// Asks for these scopes instead of the integration's.
    pub fn scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Begin<P> {
        self.request.scopes = Some(scopes.into_iter().map(Into::into).collect());
        self
    }

    /// Starts the flow and returns the URL to send the customer to.
    pub async fn begin(self) -> Result<Started> {
        self.keyway.authorize(self.request).await
    }
}

impl<P: Provider> Connect<P> {
    /// Sets an optional configuration value.
    pub fn set<V>(mut self, key: ConfigKey<P, V>, value: impl ValueOf<V>) -> Connect<P> {
        self.config.insert(key.name().to_owned(), value.into());
        self
    }

    /// Sets an optional credential.
    pub fn set_credential(mut self, key: CredentialKey<P>, value: impl Into<Secret>) -> Connect<P> {
        self.credentials.inputs.insert(key.name().to_owned(), value.into());
        self
    }

    /// Checks the submitted values, obtains a token if the mode has one, verifies it with the provider if the entry
    /// says how, and stores the connection.
    pub async fn import(self) -> Result<Connection> {
        let Connect { keyway, key, config, credentials, .. } = self;
        keyway.import(key, config, serde_json::Map::new(), credentials, Trust::User).await
    }

    /// The same without verifying it with the provider, as [`Keyway::import_unverified`].
    pub async fn import_unverified(self) -> Result<Connection> {
        let Connect { keyway, key, config, credentials, .. } = self;
        keyway.import_unverified(key, config, serde_json::Map::new(), credentials).await
    }
}

impl<P> Client<P> {
    /// Retries failed calls of this client this many times, those of typed endpoints and of pages included, instead
    /// of the number of [`crate::Builder::retries`]. A request that may have been processed is repeated only if its
    /// method is idempotent or it carries an `Idempotency-Key`; [`Request::retries`] repeats a call of any method.
    #[must_use]
    pub fn retries(mut self, retries: u32) -> Client<P> {
        self.retries = Some(retries);
        self
    }

    /// A GET of a path below the provider's base URL.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # let keyway = acme::connected().await?;
    /// # let client = keyway.integration::<acme::Acme>("acme")?.client("customer-42").await?;
    /// let open: Vec<serde_json::Value> = client.get("/tickets").query("state", "open").json().await?;
    /// let response = client.get("/tickets/9").send().await?; // whatever its status
    /// assert_eq!(response.status(), 404);
    /// # Ok(())
    /// # });
    /// ```
    pub fn get(&self, path: impl AsRef<str>) -> Request<'_> {
        self.request(Method::GET, path)
    }

    /// A POST.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # let keyway = acme::connected().await?;
    /// # let client = keyway.integration::<acme::Acme>("acme")?.client("customer-42").await?;
    /// use serde_json::json;
    ///
    /// let made: serde_json::Value = client.post("/tickets").body(&json!({"title": "x"})).json().await?;
    /// assert_eq!(made["id"], 3);
    /// # Ok(())
    /// # });
    /// ```
    pub fn post(&self, path: impl AsRef<str>) -> Request<'_> {
        self.request(Method::POST, path)
    }

    /// A PUT.
    pub fn put(&self, path: impl AsRef<str>) -> Request<'_> {
        self.request(Method::PUT, path)
    }

    /// A PATCH.
    pub fn patch(&self, path: impl AsRef<str>) -> Request<'_> {
        self.request(Method::PATCH, path)
    }

    /// A DELETE.
    pub fn delete(&self, path: impl AsRef<str>) -> Request<'_> {
        self.request(Method::DELETE, path)
    }

    /// Any method. `path` is below the base URL; a whole URL below it is that path, and one on another host is an error
    /// when the call is sent.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # let keyway = acme::connected().await?;
    /// # let client = keyway.integration::<acme::Acme>("acme")?.client("customer-42").await?;
    /// let response = client.request(http::Method::HEAD, "/me").header("accept-language", "en").send().await?;
    /// assert!(response.status().is_success());
    /// # Ok(())
    /// # });
    /// ```
    pub fn request(&self, method: Method, path: impl AsRef<str>) -> Request<'_> {
        let mut call = Call::new(method, path.as_ref()).refuse_other_hosts(true);
        call.safe_retries = self.retries;
        Request { keyway: &self.keyway, key: &self.key, call: Ok(call) }
    }
}

impl Request<'_> {
    /// Sets a query parameter.
    pub fn query(self, name: &str, value: impl std::fmt::Display) -> Self {
        let pair = (name.to_owned(), value.to_string());
        self.change(|call| call.query.push(pair))
    }

    /// Sets a header.
    pub fn header(self, name: &str, value: &str) -> Self {
        let pair = (name.to_owned(), value.to_owned());
        self.change(|call| call.headers.push(pair))
    }

    /// Sets a JSON body.
    pub fn body<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        let body = serde_json::to_value(value)
            .map_err(|error| Error::new(ErrorKind::InvalidRequest, "the body has no JSON form").source(error));
        self.call = self.call.and_then(|call| Ok(call.json(body?)));
        self
    }

    /// Sets a form as the body: `application/x-www-form-urlencoded`.
    pub fn form<N: Into<String>, V: Into<String>>(self, pairs: impl IntoIterator<Item = (N, V)>) -> Self {
        let pairs = pairs.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        self.change(|call| call.body = CallBody::Form(pairs))
    }

    /// Retries this call this many times if it fails, whatever its method: with a number above zero the caller
    /// accepts that it may reach the upstream twice.
    pub fn retries(self, retries: u32) -> Self {
        self.change(|call| (call.retries, call.safe_retries) = (retries, Some(retries)))
    }

    /// Sends the call and returns the response as it comes, whatever its status.
    pub async fn send(self) -> Result<Response> {
        self.keyway.send(self.key, self.call?, None).await
    }

    /// Sends the call and reads a successful answer as JSON. Any other status is an error with the beginning of the
    /// answer; an answer that does not have the type `T` is [`ErrorKind::UnexpectedAnswer`], which names the place
    /// that differs and quotes nothing.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # let keyway = acme::connected().await?;
    /// # let client = keyway.integration::<acme::Acme>("acme")?.client("customer-42").await?;
    /// use keyway::ErrorKind;
    ///
    /// let error = client.get("/no-such-path").json::<serde_json::Value>().await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Refused);
    /// assert_eq!(error.status().map(|status| status.as_u16()), Some(404));
    /// assert_eq!(error.evidence().body.as_deref(), Some(r#"{"error": "not found"}"#));
    /// # Ok(())
    /// # });
    /// ```
    pub async fn json<T: DeserializeOwned>(self) -> Result<T> {
        self.whole().await?.json()
    }

    /// Sends the call and reads a successful answer as text.
    pub async fn text(self) -> Result<String> {
        Ok(String::from_utf8_lossy(&self.whole().await?.body).into_owned())
    }

    /// The pages of a list, by the provider's own rule: [`Pages::next`] sends.
    pub fn pages<T: DeserializeOwned>(self) -> Pages<T> {
        Pages::new(self.keyway.clone(), self.key.clone(), self.call)
    }

    fn change(mut self, change: impl FnOnce(&mut Call)) -> Self {
        if let Ok(call) = &mut self.call {
            change(call);
        }
        self
    }

    async fn whole(self) -> Result<Whole> {
        Ok(answer::whole(self.keyway, self.key, self.call?).await?)
    }
}

fn collect(fields: impl Fields<String>) -> ConfigMap {
    fields.pairs().into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

impl<P> Clone for Client<P> {
    fn clone(&self) -> Self {
        Client { keyway: self.keyway.clone(), key: self.key.clone(), retries: self.retries, provider: PhantomData }
    }
}

impl<P> std::fmt::Debug for Client<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Client").field("key", &self.key).finish_non_exhaustive()
    }
}

impl<P> std::fmt::Debug for Connect<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connect").field("key", &self.key).finish_non_exhaustive()
    }
}

impl<P> std::fmt::Debug for Begin<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Begin").field("key", &self.request.key).finish_non_exhaustive()
    }
}
