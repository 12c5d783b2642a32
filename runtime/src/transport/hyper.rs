//! The production transport: `hyper`, `rustls`, and a resolver that pins addresses.
//!
//! Hosts differ from request to request, address rules only with [`EgressPolicy::allow_private`]. So there are two
//! pooled clients, one per value of that flag, each with a resolver that drops every address its rule refuses:
//! a connection that was opened under the wider rule is never reused under the narrower one. The URL itself (scheme,
//! host, port, and hosts that are address literals, which `hyper-util` connects to without asking any resolver) is
//! checked before a client sees the request. What was resolved and checked is what is connected to.
//!
//! A [`ClientIdentity`] has pooled clients of its own, so that a connection proved with one certificate never carries
//! another customer's request. At most [`MAX_IDENTITIES`] are kept; the longest unused goes first.
//!
//! Connecting (resolution, TCP and TLS together) takes at most [`CONNECT_TIMEOUT`]. There is no proxy from the
//! environment, no redirect, no cookie, no decompression. The caller limits the time of the whole exchange.

use super::failure::{ConnectTimeout, Refused, failure};
use super::{Body, BoxError, BoxFuture, ClientIdentity, Transport, framing, tls};
use crate::egress::{Egress, EgressPolicy, check_address};
use crate::error::{Error, ErrorKind, Result};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::dns::Name;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::RootCertStore;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tower_service::Service;
use url::Url;

/// How long resolution, TCP and TLS may take together.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long an unused connection is kept.
const IDLE_TIMEOUT: Duration = Duration::from_secs(60);
/// How many unused connections a host has at most.
const MAX_IDLE_PER_HOST: usize = 32;
/// How much of an HTTP/1.1 answer is buffered, in bytes; its header section must fit into it.
const MAX_BUFFER: usize = 64 * 1024;

/// How many headers a response over HTTP/1.1 may have. What they take together is bounded too: [`MAX_BUFFER`].
const MAX_RESPONSE_HEADERS: usize = 1000;

/// How many client identities keep connections of their own.
pub const MAX_IDENTITIES: usize = 64;

/// Sends requests over HTTP/1.1 and HTTP/2.
#[derive(Clone)]
pub struct HyperTransport {
    roots: Arc<RootCertStore>,
    public: Pool,
    private: Pool,
    /// The most recently used last.
    identified: Arc<Mutex<Vec<Identified>>>,
}

struct Identified {
    fingerprint: [u8; 32],
    allow_private: bool,
    pool: Pool,
}

type Pool = Client<Bounded<HttpsConnector<HttpConnector<Resolver>>>, Body>;

impl HyperTransport {
    /// A transport that trusts Mozilla's root certificates.
    pub fn new() -> Result<HyperTransport> {
        HyperTransport::trusting(tls::mozilla())
    }

    /// A transport that trusts further root certificates: those of a company's own authority, in PEM.
    pub fn with_extra_roots(pem: &str) -> Result<HyperTransport> {
        HyperTransport::trusting(tls::with_extra(tls::mozilla(), pem)?)
    }

    fn trusting(roots: RootCertStore) -> Result<HyperTransport> {
        let roots = Arc::new(roots);
        let (public, private) = (pool(false, &roots, None)?, pool(true, &roots, None)?);
        Ok(HyperTransport { roots, public, private, identified: Arc::default() })
    }

    /// The pooled client for a request.
    fn pool(&self, allow_private: bool, identity: Option<&ClientIdentity>) -> Result<Pool> {
        let Some(identity) = identity else {
            return Ok(if allow_private { self.private.clone() } else { self.public.clone() });
        };
        let fingerprint = identity.fingerprint();
        // Nothing in here can panic halfway through a change.
        let mut identified = self.identified.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |one: &Identified| one.fingerprint == fingerprint && one.allow_private == allow_private;
        let found = match identified.iter().position(is_it) {
            Some(index) => identified.remove(index),
            None => Identified { fingerprint, allow_private, pool: pool(allow_private, &self.roots, Some(identity))? },
        };
        let pool = found.pool.clone();
        identified.push(found);
        let surplus = identified.len().saturating_sub(MAX_IDENTITIES);
        identified.drain(..surplus);
        Ok(pool)
    }
}

impl std::fmt::Debug for HyperTransport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HyperTransport")
    }
}

impl Transport for HyperTransport {
    fn send<'a>(
        &'a self,
        mut request: http::Request<Body>,
        egress: &'a Egress,
    ) -> BoxFuture<'a, Result<http::Response<Body>>> {
        Box::pin(async move {
            // Parsed again from what will be sent, so that the checked host is the connected one.
            let url = Url::parse(&request.uri().to_string())
                .map_err(|_| Error::new(ErrorKind::InvalidRequest, "the request has no absolute URL").sent(false))?;
            if url.host_str() != request.uri().host() {
                return Err(Error::new(ErrorKind::InvalidRequest, "the host is not in its normal form").sent(false));
            }
            egress.check_url(&url)?;
            let identity = request.extensions().get::<ClientIdentity>();
            if identity.is_some() && url.scheme() != "https" {
                let message = "a client certificate proves nothing without TLS: use `https:`";
                return Err(Error::new(ErrorKind::InvalidRequest, message).sent(false));
            }
            let pool = self.pool(egress.policy.allow_private, identity).map_err(|error| error.sent(false))?;
            framing::complete(&mut request);
            let response = pool.request(request).await.map_err(|error| failure(url.host_str().unwrap_or(""), error))?;
            let (mut head, body) = response.into_parts();
            framing::settle(head.status, &mut head.headers)?;
            Ok(http::Response::from_parts(head, Body::stream(body)))
        })
    }
}

fn pool(allow_private: bool, roots: &Arc<RootCertStore>, identity: Option<&ClientIdentity>) -> Result<Pool> {
    let mut http = HttpConnector::new_with_resolver(Resolver { allow_private });
    http.enforce_http(false);
    http.set_connect_timeout(Some(CONNECT_TIMEOUT));
    http.set_nodelay(true);
    let https = HttpsConnectorBuilder::new()
        .with_tls_config(tls::config(roots, identity)?)
        .https_or_http()
        .enable_all_versions()
        .wrap_connector(http);
    Ok(Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(IDLE_TIMEOUT)
        .pool_max_idle_per_host(MAX_IDLE_PER_HOST)
        .http1_max_headers(MAX_RESPONSE_HEADERS)
        .http1_max_buf_size(MAX_BUFFER)
        .build(Bounded(https)))
}

/// Resolves names to addresses that may be connected to, and to no others.
#[derive(Clone, Debug)]
struct Resolver {
    allow_private: bool,
}

impl Service<Name> for Resolver {
    type Response = std::vec::IntoIter<SocketAddr>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let policy = EgressPolicy::default().allow_private(self.allow_private);
        Box::pin(async move {
            let mut allowed = Vec::new();
            let mut refusal = None;
            for address in tokio::net::lookup_host((name.as_str(), 0)).await? {
                match check_address(&policy, address.ip()) {
                    Ok(()) => allowed.push(address),
                    Err(error) => refusal = Some(error),
                }
            }
            match refusal {
                Some(error) if allowed.is_empty() => {
                    Err(Refused(format!("`{name}` resolves to nothing that is allowed: {}", error.message())).into())
                }
                _ => Ok(allowed.into_iter()),
            }
        })
    }
}

/// A connector that takes at most [`CONNECT_TIMEOUT`].
#[derive(Clone, Debug)]
struct Bounded<C>(C);

impl<C> Service<http::Uri> for Bounded<C>
where
    C: Service<http::Uri, Error = BoxError>,
    C::Future: Send + 'static,
{
    type Response = C::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<C::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, uri: http::Uri) -> Self::Future {
        let connecting = self.0.call(uri);
        Box::pin(async move {
            tokio::time::timeout(CONNECT_TIMEOUT, connecting).await.map_err(|_| ConnectTimeout(CONNECT_TIMEOUT))?
        })
    }
}
