//! What a flow runs in: a Keyway whose store and hook show all that passes through them, and a store that fails.

use crate::accounts;
use crate::mock::{self, Script};
use crate::seen::Seen;
use keyway::clock::Timestamp;
use keyway::connection::{ConfigMap, Connection, ConnectionKey};
use keyway::egress::Egress;
use keyway::hooks::{Context, Hook};
use keyway::integration::IntegrationRecord;
use keyway::store::{ConnectionListing, ConnectionQuery, Memory, Registration, RegistrationKey, Store, Ticket};
use keyway::transport::hyper::HyperTransport;
use keyway::transport::{Body, BoxFuture, Transport};
use keyway::{Call, Catalogue, EgressPolicy, Error, ErrorKind, Keyway, Result, Stage};
use keyway_spec::ProviderSpec;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long the hasty Keyway waits for an answer.
const HASTE: Duration = Duration::from_millis(20);

pub(crate) struct World {
    pub(crate) keyway: Keyway,
    /// The same, but no call may take longer than [`HASTE`].
    pub(crate) hasty: Keyway,
    pub(crate) providers: Vec<&'static ProviderSpec>,
    pub(crate) mock: SocketAddr,
    pub(crate) script: Script,
    pub(crate) store: Watched,
    pub(crate) seen: Seen,
    pub(crate) stolen: Seen,
}

impl World {
    pub(crate) async fn new(seen: Seen) -> World {
        let stolen = Seen::default();
        let (mock, script) = mock::start(stolen.clone()).await;
        let providers = accounts::providers(mock);
        let store = Watched { inner: Arc::default(), down: Arc::default(), seen: seen.clone() };
        let policy = EgressPolicy::default().allow_private(true).allow_http(true);
        let oauth = providers.iter().find(|spec| spec.key == "oauth").unwrap();
        let at_mock = Egress::for_customer_token(oauth, &IntegrationRecord::default(), policy.clone());
        let transport = Rerouted { inner: HyperTransport::new().unwrap(), mock, at_mock };
        let build = |call_timeout| {
            let mut builder = Keyway::builder()
                .store(store.clone())
                .catalogue(providers.iter().copied().collect::<Catalogue>())
                .transport(transport.clone())
                .egress(policy.clone())
                .call_timeout(call_timeout)
                // The pause before a second attempt follows it: there are hundreds of failures here.
                .refresh_timeout(std::time::Duration::from_millis(600))
                .hook("spy", Spy(seen.clone()));
            for spec in &providers {
                builder = builder.integration_record(accounts::integration(spec, mock));
            }
            builder.build().unwrap()
        };
        let (keyway, hasty) = (build(Duration::from_secs(60)), build(HASTE));
        World { keyway, hasty, providers, mock, script, store, seen, stolen }
    }
}

/// The production transport, but every foreign host of HTTPS is the mock: nothing leaves this machine.
#[derive(Clone, Debug)]
struct Rerouted {
    inner: HyperTransport,
    mock: SocketAddr,
    /// Where the mock may be asked.
    at_mock: Egress,
}

impl Transport for Rerouted {
    fn send<'a>(
        &'a self,
        mut request: http::Request<Body>,
        egress: &'a Egress,
    ) -> BoxFuture<'a, Result<http::Response<Body>>> {
        Box::pin(async move {
            if request.uri().scheme_str() != Some("https") {
                return self.inner.send(request, egress).await;
            }
            egress.check_url(&request.uri().to_string().parse().unwrap())?;
            *request.uri_mut() = format!("http://{}/token", self.mock).parse().unwrap();
            self.inner.send(request, &self.at_mock).await
        })
    }
}

/// A hook that shows what it is given, and calls.
#[derive(Clone)]
struct Spy(Seen);

impl fmt::Debug for Spy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Spy")
    }
}

impl Hook for Spy {
    fn run<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<ConfigMap>> {
        Box::pin(async move {
            self.0.note("hook", context);
            let call = Call::get("/hooked");
            let answer = context.send(&call).await.map(|response| response.status());
            self.0.outcome("hook", &answer);
            answer.map(|_| ConfigMap::new())
        })
    }
}

/// A store that shows what it is given, and fails when it is told to.
#[derive(Clone)]
pub(crate) struct Watched {
    inner: Arc<Memory>,
    down: Arc<AtomicBool>,
    seen: Seen,
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.inner.fmt(f)
    }
}

impl Watched {
    pub(crate) fn set_down(&self, down: bool) {
        self.down.store(down, Ordering::SeqCst);
    }

    /// The outcome, unless the store is down.
    fn unless_down<'a, T: Send + 'a>(&'a self, outcome: BoxFuture<'a, Result<T>>) -> BoxFuture<'a, Result<T>> {
        Box::pin(async move {
            if self.down.load(Ordering::SeqCst) {
                return Err(Error::new(ErrorKind::StoreUnavailable, "the store is down").stage(Stage::Store));
            }
            outcome.await
        })
    }
}

impl Store for Watched {
    fn insert_integration(&self, record: IntegrationRecord) -> BoxFuture<'_, Result<()>> {
        self.seen.note("store", &record);
        self.unless_down(self.inner.insert_integration(record))
    }

    fn update_integration<'a>(
        &'a self,
        key: &'a str,
        record: IntegrationRecord,
        expected: Option<IntegrationRecord>,
    ) -> BoxFuture<'a, Result<()>> {
        self.seen.note("store", &record);
        self.unless_down(self.inner.update_integration(key, record, expected))
    }

    fn integration<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<IntegrationRecord>>> {
        self.unless_down(self.inner.integration(key))
    }

    fn integrations(&self) -> BoxFuture<'_, Result<Vec<IntegrationRecord>>> {
        self.unless_down(self.inner.integrations())
    }

    fn delete_integration<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool>> {
        self.unless_down(self.inner.delete_integration(key))
    }

    fn connection<'a>(&'a self, key: &'a ConnectionKey) -> BoxFuture<'a, Result<Option<Connection>>> {
        self.unless_down(self.inner.connection(key))
    }

    fn put_connection(&self, connection: Connection, expected: Option<u64>) -> BoxFuture<'_, Result<u64>> {
        self.seen.note("store", &connection);
        self.unless_down(self.inner.put_connection(connection, expected))
    }

    fn set_metadata<'a>(
        &'a self,
        key: &'a ConnectionKey,
        metadata: serde_json::Map<String, serde_json::Value>,
    ) -> BoxFuture<'a, Result<bool>> {
        self.unless_down(self.inner.set_metadata(key, metadata))
    }

    fn connections(&self, query: ConnectionQuery) -> BoxFuture<'_, Result<Vec<ConnectionListing>>> {
        self.unless_down(self.inner.connections(query))
    }

    fn delete_connection<'a>(&'a self, key: &'a ConnectionKey) -> BoxFuture<'a, Result<bool>> {
        self.unless_down(self.inner.delete_connection(key))
    }

    fn registration<'a>(&'a self, key: &'a RegistrationKey) -> BoxFuture<'a, Result<Option<Registration>>> {
        self.unless_down(self.inner.registration(key))
    }

    fn put_registration(&self, registration: Registration) -> BoxFuture<'_, Result<()>> {
        self.seen.note("store", &registration);
        self.unless_down(self.inner.put_registration(registration))
    }

    fn delete_registration<'a>(&'a self, integration: &'a str, client_id: &'a str) -> BoxFuture<'a, Result<bool>> {
        self.unless_down(self.inner.delete_registration(integration, client_id))
    }

    fn put_ticket(&self, ticket: Ticket) -> BoxFuture<'_, Result<()>> {
        self.seen.note("store", &ticket);
        self.unless_down(self.inner.put_ticket(ticket))
    }

    fn ticket<'a>(&'a self, id: &'a str, now: Timestamp) -> BoxFuture<'a, Result<Option<Ticket>>> {
        self.unless_down(self.inner.ticket(id, now))
    }

    fn take_ticket<'a>(&'a self, id: &'a str, now: Timestamp) -> BoxFuture<'a, Result<Option<Ticket>>> {
        self.unless_down(self.inner.take_ticket(id, now))
    }
}
