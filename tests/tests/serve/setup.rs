//! A server and a mock, ready to be called.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use keyway::catalogue::Catalogue;
use keyway::client::Builder;
use keyway::egress::EgressPolicy;
use keyway::{Keyway, Secret};
use keyway_server::{ApiKey, Limits, ServerConfig, serve_on_threads, serve_within};
use keyway_tests::catalogue::{self, KEY, OAUTH};
use keyway_tests::client::{Answer, Client};
use keyway_tests::mock::{API_KEY, CLIENT_ID, CLIENT_SECRET, Mock};
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

pub(crate) const SERVER_KEY: &str = "test-server-api-key";

/// `keyway serve` has threads too.
const THREADS: Option<NonZeroUsize> = NonZeroUsize::new(2);

pub(crate) struct Server {
    pub(crate) mock: Mock,
    /// SecretOwner the API key.
    pub(crate) client: Client,
    /// SecretOwner nothing: a stranger, or a customer's browser.
    pub(crate) browser: Client,
    /// Where it listens.
    pub(crate) origin: String,
    pub(crate) address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

/// A server over a store in memory.
pub(crate) async fn start() -> Server {
    start_with(|builder| builder).await
}

pub(crate) async fn start_with(configure: impl FnOnce(Builder) -> Builder) -> Server {
    start_as("", Limits::DEFAULT, THREADS, configure, as_it_is).await
}

/// A server that browsers reach below a path, which a proxy in front takes away.
pub(crate) async fn start_below(path: &str, configure: impl FnOnce(Builder) -> Builder) -> Server {
    start_as(path, Limits::DEFAULT, THREADS, configure, as_it_is).await
}

pub(crate) async fn start_within(limits: Limits, configure: impl FnOnce(Builder) -> Builder) -> Server {
    start_as("", limits, THREADS, configure, as_it_is).await
}

/// A server on the runtime of the test, where a subscriber of its thread sees what is logged.
pub(crate) async fn start_on_one_runtime() -> Server {
    start_as("", Limits::DEFAULT, None, |builder| builder, as_it_is).await
}

/// A server with another configuration than the usual one.
pub(crate) async fn start_with_config(config_of: impl FnOnce(ServerConfig) -> ServerConfig) -> Server {
    start_as("", Limits::DEFAULT, THREADS, |builder| builder, config_of).await
}

fn as_it_is(config: ServerConfig) -> ServerConfig {
    config
}

async fn start_as(
    path: &str,
    limits: Limits,
    threads: Option<NonZeroUsize>,
    configure: impl FnOnce(Builder) -> Builder,
    config_of: impl FnOnce(ServerConfig) -> ServerConfig,
) -> Server {
    let mock = Mock::start().await.unwrap();
    let providers = catalogue::providers(mock.address(), nobody().await);
    let providers: Catalogue = providers.into_iter().map(|spec| &*Box::leak(Box::new(spec))).collect();
    // The mock is on loopback and speaks plain HTTP: off unless an operator says so, as here.
    let policy = EgressPolicy::default().allow_private(true).allow_http(true);
    let keyway = configure(Keyway::builder().catalogue(providers).egress(policy)).build().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let url = format!("http://{address}");
    let api_key = ApiKey::new(&Secret::new(SERVER_KEY)).unwrap();
    let config = config_of(ServerConfig::new(api_key, format!("{url}{path}").parse().unwrap()));
    let (stop, stopped) = oneshot::channel::<()>();
    let handler = keyway_server::handler(keyway, config);
    let stopped = async {
        let _dropped_with_the_test = stopped.await;
    };
    let settled = std::future::ready(());
    match threads {
        None => drop(tokio::spawn(serve_within(limits, listener, handler, stopped, settled))),
        Some(threads) => drop(tokio::spawn(serve_on_threads(threads, limits, listener, handler, stopped, settled))),
    }
    let browser = Client::new(url.as_str());
    let client = browser.with("authorization", &format!("Bearer {SERVER_KEY}"));
    Server { mock, client, browser, origin: url, address, _stop: stop }
}

/// A page without its one script, which has to be the server's own and the one that the policy of the page allows.
pub(crate) fn without_own_script(page: &Answer) -> String {
    const SCRIPT: &str = include_str!("../../../runtime/server/assets/keyway.js");
    let hash = STANDARD.encode(digest(&SHA256, SCRIPT.as_bytes()));
    let policy = page.header("content-security-policy");
    assert!(policy.contains(&format!("script-src 'sha256-{hash}'; ")), "{policy}");
    page.text().replacen(&format!("<script>{SCRIPT}</script>"), "", 1)
}

/// An address at which nothing listens.
async fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

impl Server {
    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The client, calling as a connection of an integration.
    pub(crate) fn calling(&self, integration: &str, id: &str) -> Client {
        self.client.as_connection(integration, id)
    }

    /// The path on which browsers come back to an integration, as an operator registers it.
    pub(crate) async fn callback(&self, integration: &str) -> String {
        let shown = self.client.get(&format!("/integrations/{integration}")).await.unwrap().json();
        let uri: url::Url = shown["redirect_uri"].as_str().unwrap().parse().unwrap();
        uri.path().to_owned()
    }

    /// Makes the OAuth integration.
    pub(crate) async fn oauth_integration(&self) {
        let body = json!({"provider": OAUTH, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET});
        assert_eq!(self.client.json("POST", "/integrations", &body).await.unwrap().status, 201);
    }

    /// Stores an API key.
    pub(crate) async fn key_connection(&self, id: &str) {
        self.import(&json!({"integration": KEY, "connection_id": id, "credentials": {"apiKey": API_KEY}})).await;
    }

    /// Stores a connection without credentials.
    pub(crate) async fn plain_connection(&self, integration: &str, id: &str) {
        self.import(&json!({"integration": integration, "connection_id": id})).await;
    }

    pub(crate) async fn import(&self, body: &Value) {
        let answer = self.client.json("POST", "/connections", body).await.unwrap();
        assert_eq!(answer.status, 201, "{}", answer.text());
    }
}
