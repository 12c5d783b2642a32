//! Pools of connections: one per rule about addresses, and a set of both for each thread that is a runtime of its own.
//!
//! On a runtime of one thread, as each thread of `keyway serve` has it, a connection is driven by the thread that
//! opened it. So that thread has pools of its own: a request never wakes another thread to be sent, and no lock is
//! shared. A runtime that moves tasks between threads shares one set, so that every thread finds every idle connection.

use super::connector::{Bounded, Resolver};
#[cfg(feature = "http-proxy")]
use super::proxy::{Dial, Proxies};
use super::{Body, ClientIdentity, tls};
use crate::error::Result;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use std::time::Duration;
use thread_local::ThreadLocal;
use tokio::runtime::{Handle, RuntimeFlavor};

/// How long an unused connection is kept.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// How many unused connections a host has at most, in each pool.
const MAX_IDLE_PER_HOST: usize = 1024;
/// How much of an HTTP/1.1 answer is buffered, in bytes; its header section must fit into it.
const MAX_BUFFER: usize = 64 * 1024;

/// The number of headers that a response over HTTP/1.1 may have. What they take together is bounded too:
/// [`MAX_BUFFER`].
const MAX_RESPONSE_HEADERS: usize = 1000;

/// A client with a pool of connections.
pub(super) type Pool = Client<Bounded<HttpsConnector<Tcp>>, Body>;

/// Makes the connections inside of which TLS is spoken.
#[cfg(feature = "http-proxy")]
type Tcp = Dial;
#[cfg(not(feature = "http-proxy"))]
type Tcp = HttpConnector<Resolver>;

/// The settings that all connections of a transport are made with.
#[derive(Clone)]
pub(super) struct Settings {
    pub(super) roots: Arc<RootCertStore>,
    pub(super) connect_timeout: Duration,
    #[cfg(feature = "http-proxy")]
    pub(super) proxies: Option<Proxies>,
}

/// The pools of requests without an identity.
pub(super) struct Pools {
    settings: Settings,
    tls: ClientConfig,
    shared: PoolPair,
    of_threads: ThreadLocal<PoolPair>,
}

/// A pool for each rule: a connection that was opened under the wider one is never reused under the narrower.
struct PoolPair {
    public: Pool,
    private: Pool,
}

impl Pools {
    pub(super) fn new(settings: Settings) -> Result<Pools> {
        let tls = tls::config(&settings.roots, None)?;
        Ok(Pools { shared: PoolPair::new(&settings, &tls), settings, tls, of_threads: ThreadLocal::new() })
    }

    /// The pool for a request of the current runtime.
    pub(super) fn get(&self, allow_private: bool) -> &Pool {
        let alone = Handle::try_current().is_ok_and(|it| it.runtime_flavor() == RuntimeFlavor::CurrentThread);
        let pair =
            if alone { self.of_threads.get_or(|| PoolPair::new(&self.settings, &self.tls)) } else { &self.shared };
        if allow_private { &pair.private } else { &pair.public }
    }
}

impl PoolPair {
    fn new(settings: &Settings, tls: &ClientConfig) -> PoolPair {
        PoolPair { public: pool(settings, false, tls.clone()), private: pool(settings, true, tls.clone()) }
    }
}

/// A pool whose connections prove themselves with an identity.
pub(super) fn identified(settings: &Settings, allow_private: bool, identity: &ClientIdentity) -> Result<Pool> {
    Ok(pool(settings, allow_private, tls::config(&settings.roots, Some(identity))?))
}

fn pool(settings: &Settings, allow_private: bool, tls: ClientConfig) -> Pool {
    let https = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_all_versions();
    let https = https.wrap_connector(connector(settings, allow_private));
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE_TIMEOUT)
        .pool_max_idle_per_host(MAX_IDLE_PER_HOST)
        .http1_max_headers(MAX_RESPONSE_HEADERS)
        .http1_max_buf_size(MAX_BUFFER)
        .build(Bounded { connector: https, limit: settings.connect_timeout })
}

#[cfg(not(feature = "http-proxy"))]
fn connector(settings: &Settings, allow_private: bool) -> Tcp {
    tcp(settings, allow_private)
}

#[cfg(feature = "http-proxy")]
fn connector(settings: &Settings, allow_private: bool) -> Tcp {
    // The operator names the proxy, and it is an inner one most of the time.
    let proxies = settings.proxies.clone().map(|proxies| (tcp(settings, true), proxies));
    Dial { direct: tcp(settings, allow_private), proxies }
}

fn tcp(settings: &Settings, allow_private: bool) -> HttpConnector<Resolver> {
    let mut tcp = HttpConnector::new_with_resolver(Resolver { allow_private });
    tcp.enforce_http(false);
    tcp.set_connect_timeout(Some(settings.connect_timeout));
    tcp.set_nodelay(true);
    tcp
}
