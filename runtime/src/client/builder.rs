//! Making a [`Keyway`].
//!
//! Nothing is read from the environment, and no request is sent.

use super::integrations::checked;
use super::keyway::Keyway;
use crate::call::DEFAULT_CALL_TIMEOUT;
use crate::catalogue::Catalogue;
use crate::clock::{Clock, System};
use crate::egress::EgressPolicy;
use crate::engine::{Cache, CacheLimits, Engine, NotedWrites, Turns};
use crate::error::{Error, ErrorKind, Result};
use crate::hooks::{Hook, Hooks};
use crate::integration::{Integration, IntegrationRecord, id_in_code};
use crate::names;
use crate::provider::Provider;
use crate::refresh::{DEFAULT_REFRESH_TIMEOUT, MAX_REFRESH_TIMEOUT};
use crate::request::USER_AGENT;
use crate::response::retry::DEFAULT_MAX_WAIT;
use crate::store::{Memory, Store};
use crate::transport::Transport;
use crate::transport::hyper::HyperTransport;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OnceCell;
use url::Url;

/// Builds a [`Keyway`].
///
/// ```
/// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
/// # acme::run(async {
/// # use acme::Acme;
/// use keyway::{Integration, Keyway};
/// use std::time::Duration;
///
/// let keyway = Keyway::builder()
///     .integration(Integration::<Acme>::new("acme"))
///     .user_agent("acme-sync/2.1")
///     .call_timeout(Duration::from_secs(60))
///     .retries(2)
///     .build()?;
/// assert!(keyway.catalogue().get("acme").is_some());
/// # Ok(())
/// # });
/// ```
#[derive(Debug, Default)]
#[must_use = "nothing is made before `build`"]
pub struct Builder {
    store: Option<Arc<dyn Store>>,
    catalogue: Catalogue,
    transport: Option<Arc<dyn Transport>>,
    clock: Option<Arc<dyn Clock>>,
    policy: EgressPolicy,
    max_wait: Option<Duration>,
    retries: u32,
    call_timeout: Option<Duration>,
    user_agent: Option<String>,
    refresh_timeout: Option<Duration>,
    client_metadata: Option<Url>,
    integrations: Vec<IntegrationRecord>,
    hooks: Hooks,
    cache: Option<CacheLimits>,
}

impl Builder {
    /// Where integrations and connections are kept; in memory when left out.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// use keyway::Keyway;
    /// use keyway::store::Memory;
    ///
    /// let keyway = Keyway::builder().store(Memory::new()).build()?;
    /// assert!(keyway.list_integrations().await?.is_empty());
    /// # Ok(())
    /// # });
    /// ```
    pub fn store(mut self, store: impl Store) -> Builder {
        self.store = Some(Arc::new(store));
        self
    }

    /// The same for a store that is chosen while the program runs.
    pub fn shared_store(mut self, store: Arc<dyn Store>) -> Builder {
        self.store = Some(store);
        self
    }

    /// Adds providers.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # const PROVIDERS: &[&keyway::spec::ProviderSpec] = &[<acme::Acme as keyway::Provider>::SPEC];
    /// use keyway::{Catalogue, IntegrationRecord, Keyway};
    ///
    /// let keyway = Keyway::builder().catalogue(Catalogue::new(PROVIDERS)).build()?;
    /// // An integration that an operator sets up while the program runs:
    /// keyway.create_integration(IntegrationRecord::without_scopes("acme-eu", "acme")).await?;
    /// assert_eq!(keyway.get_integration("acme-eu").await?.provider, "acme");
    /// # Ok(())
    /// # });
    /// ```
    pub fn catalogue(mut self, catalogue: Catalogue) -> Builder {
        self.catalogue.extend(catalogue);
        self
    }

    /// What sends requests.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// use keyway::Keyway;
    /// use keyway::transport::hyper::HyperTransport;
    ///
    /// let keyway = Keyway::builder().transport(HyperTransport::new()?).build()?; // as without this line
    /// # Ok(())
    /// # });
    /// ```
    pub fn transport(mut self, transport: impl Transport) -> Builder {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Another source of time and randomness, for tests.
    pub fn clock(mut self, clock: impl Clock) -> Builder {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// What is allowed beyond public hosts and HTTPS. Default: nothing. Default: nothing.
    pub fn egress(mut self, policy: EgressPolicy) -> Builder {
        self.policy = policy;
        self
    }

    /// The total time that one call may wait between its attempts. Default: 60 seconds.
    pub fn max_wait(mut self, max_wait: Duration) -> Builder {
        self.max_wait = Some(max_wait);
        self
    }

    /// The number of times that a failed call is retried, unless the call or its [`crate::Client`] sets its own number.
    /// Default: 0. A request that may have been processed is repeated only if its method is idempotent or it carries
    /// an `Idempotency-Key`. This does not apply to calls through the server, whose callers set the number for each
    /// call.
    pub fn retries(mut self, retries: u32) -> Builder {
        self.retries = retries;
        self
    }

    /// The longest time that one call may take until the response's headers have arrived, refreshes and waits included.
    /// Default: five minutes. The response's body may take longer, and so may a streamed upload while it makes
    /// progress. After that the call fails with [`crate::ErrorKind::Timeout`].
    pub fn call_timeout(mut self, call_timeout: Duration) -> Builder {
        self.call_timeout = Some(call_timeout);
        self
    }

    /// The `user-agent` of every request (RFC 9110 section 10.1.5): `acme-sync/2.1`. Default: `keyway/<version>`. An
    /// entry's own `user-agent` and a call's take precedence.
    pub fn user_agent(mut self, user_agent: impl Into<String>) -> Builder {
        self.user_agent = Some(user_agent.into());
        self
    }

    /// The longest time that one attempt at renewing a token may take, all its requests together. Default: 12 seconds,
    /// at most
    /// 20. Where the outcome of the first attempt is unknown, the second is made within 30 seconds of it, because
    /// vendors honour a refresh token once more for about as long.
    pub fn refresh_timeout(mut self, refresh_timeout: Duration) -> Builder {
        self.refresh_timeout = Some(refresh_timeout);
        self
    }

    /// Where this program serves the metadata documents of its integrations, without the integration's key: a public
    /// `https:` URL. An authorization server that takes such a document needs no registration; see
    /// [`Keyway::client_metadata`].
    pub fn client_metadata(mut self, base: Url) -> Builder {
        self.client_metadata = Some(base);
        self
    }

    /// Sets up an integration in code, and adds its provider. It replaces a stored integration with the same key.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// # use acme::forge::Forge;
    /// use keyway::{Integration, Keyway};
    ///
    /// let forge = Integration::<Forge>::new("forge").oauth_app("client-id", "client-secret").scopes(["repo"]);
    /// let keyway = Keyway::builder().integration(forge).build()?;
    /// assert_eq!(keyway.get_integration("forge").await?.scopes, ["repo"]);
    /// # Ok(())
    /// # });
    /// ```
    pub fn integration<P: Provider>(mut self, integration: Integration<P>) -> Builder {
        self.catalogue.insert(P::SPEC);
        self.integrations.push(integration.into_record());
        self
    }

    /// Sets up an integration of a provider of the catalogue in code.
    pub fn integration_record(mut self, record: IntegrationRecord) -> Builder {
        self.integrations.push(record);
        self
    }

    /// The number of connections that are kept in memory with what was opened of them, so that a call asks no store.
    /// Default: 10,000; 0 keeps none. What this process writes is seen at once, what another process writes to the same
    /// store within a quarter of a second. A store that does not count its writes ([`Store::changes`]) is always asked.
    pub fn cache_connections(mut self, connections: usize) -> Builder {
        self.cache.get_or_insert(CacheLimits::DEFAULT).connections = connections;
        self
    }

    /// The number of bytes of values that are kept in memory for [`Builder::cache_connections`], about. Default: 64
    /// MiB. Both limits hold: a connection counts as its bytes, and at least as its share of them.
    pub fn cache_bytes(mut self, bytes: u64) -> Builder {
        self.cache.get_or_insert(CacheLimits::DEFAULT).bytes = bytes;
        self
    }

    /// Registers a hook under the name by which entries refer to it, in `post_connection_script` and the like.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// use keyway::hooks::{Context, Hook};
    /// use keyway::{Call, Keyway, connection::ConfigMap, transport::BoxFuture};
    ///
    /// #[derive(Debug)]
    /// struct AccountName;
    ///
    /// impl Hook for AccountName {
    ///     fn run<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, keyway::Result<ConfigMap>> {
    ///         Box::pin(async move {
    ///             let response = context.send(&Call::get("/me")).await?;
    ///             let body = response.into_body().collect(64 * 1024).await?;
    ///             Ok(ConfigMap::from([("me".to_owned(), String::from_utf8_lossy(&body).into_owned())]))
    ///         })
    ///     }
    /// }
    ///
    /// let keyway = Keyway::builder().hook("account-name", AccountName).build()?;
    /// # Ok(())
    /// # });
    /// ```
    pub fn hook(mut self, name: impl Into<String>, hook: impl Hook) -> Builder {
        self.hooks.insert(name.into(), Arc::new(hook));
        self
    }

    /// Builds the [`Keyway`]. An integration whose settings do not fit its provider is an error.
    pub fn build(self) -> Result<Keyway> {
        let transport = match self.transport {
            Some(transport) => transport,
            None => Arc::new(HyperTransport::new()?),
        };
        let user_agent = self.user_agent.unwrap_or_else(|| USER_AGENT.to_owned());
        if user_agent.trim().is_empty() || user_agent.bytes().any(|byte| !(byte.is_ascii_graphic() || byte == b' ')) {
            let message = "the user agent must be printable ASCII, like `acme-sync/2.1`";
            return Err(Error::new(ErrorKind::InvalidValue, message));
        }
        let records = self.integrations.into_iter().map(|record| {
            let record = checked(&self.catalogue, &self.policy, record)?;
            names::check("the key of the integration", &record.key)?;
            let id = if record.id.is_empty() { id_in_code(&record.key) } else { record.id.clone() };
            Ok(record.id(id))
        });
        let in_code = records.collect::<Result<_>>()?;
        let store = self.store.unwrap_or_else(|| Arc::new(Memory::new()));
        let clock = self.clock.or_else(|| store.clock()).unwrap_or_else(|| Arc::new(System));
        let cache = Cache::new(self.cache.unwrap_or(CacheLimits::DEFAULT), &*store);
        let store = match &cache {
            Some(cache) => Arc::new(NotedWrites { store, cache: Arc::clone(cache) }),
            None => store,
        };
        let engine = Engine {
            user_agent,
            store,
            cache,
            catalogue: self.catalogue,
            transport,
            clock,
            policy: self.policy,
            max_wait: self.max_wait.unwrap_or(DEFAULT_MAX_WAIT),
            retries: self.retries,
            call_timeout: self.call_timeout.unwrap_or(DEFAULT_CALL_TIMEOUT),
            refresh_timeout: self.refresh_timeout.unwrap_or(DEFAULT_REFRESH_TIMEOUT).min(MAX_REFRESH_TIMEOUT),
            client_metadata: self.client_metadata,
            registrations: Turns::default(),
            in_code,
            written: OnceCell::new(),
        };
        Ok(Keyway::new(engine, self.hooks))
    }
}

impl Keyway {
    /// The number of connections that are kept in memory where [`Builder::cache_connections`] does not say.
    pub const CACHE_CONNECTIONS: usize = CacheLimits::DEFAULT.connections;

    /// Starts a builder: a memory store, no provider, the production transport and the system clock.
    ///
    /// ```
    /// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
    /// # acme::run(async {
    /// use keyway::Keyway;
    ///
    /// let keyway = Keyway::builder().build()?; // in memory, without a provider
    /// assert_eq!(keyway.catalogue().iter().count(), 0);
    /// # Ok(())
    /// # });
    /// ```
    pub fn builder() -> Builder {
        Builder::default()
    }
}
