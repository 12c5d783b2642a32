//! The production transport: `hyper`, `rustls`, and a resolver that pins addresses.
//!
//! Hosts differ from request to request, address rules only with `EgressPolicy::allow_private`. So there are two pooled
//! clients ([`super::pool`]), one per value of that flag, each with a resolver that drops every address its rule
//! refuses: a connection that was opened under the wider rule is never reused under the narrower one. The URL itself
//! (scheme, host, port, and hosts that are address literals, which `hyper-util` connects to without asking any
//! resolver) is checked before a client sees the request. What was resolved and checked is what is connected to.
//!
//! A [`ClientIdentity`] has pooled clients of its own, so that a connection proved with one certificate never carries
//! another customer's request. At most [`MAX_IDENTITIES`] are kept; the longest unused goes first.
//!
//! Connecting (resolution, TCP and TLS together) takes at most [`CONNECT_TIMEOUT`]. There is no proxy unless
//! [`HyperBuilder`] was told of one, no redirect, no cookie, no decompression. The caller limits the time of the whole
//! exchange.

mod builder;

use super::failure::failure;
use super::pool::{self, Pool, Pools, Settings};
use super::{Body, BoxFuture, ClientIdentity, Transport, framing};
use crate::egress::Egress;
use crate::error::{Error, ErrorKind, Result};
use http::uri::{Authority, Scheme};
use std::sync::{Arc, Mutex, PoisonError};

pub use super::connector::CONNECT_TIMEOUT;
pub use builder::HyperBuilder;

/// How many client identities keep connections of their own.
pub const MAX_IDENTITIES: usize = 64;

/// Sends requests over HTTP/1.1 and HTTP/2.
#[derive(Clone)]
pub struct HyperTransport {
    settings: Settings,
    pools: Arc<Pools>,
    /// The most recently used last.
    identified: Arc<Mutex<Vec<Identified>>>,
}

struct Identified {
    fingerprint: [u8; 32],
    allow_private: bool,
    pool: Pool,
}

impl HyperTransport {
    /// A transport that trusts Mozilla's root certificates.
    pub fn new() -> Result<HyperTransport> {
        HyperTransport::builder().build()
    }

    /// A transport that trusts further root certificates: those of a company's own authority, in PEM.
    pub fn with_extra_roots(pem: &str) -> Result<HyperTransport> {
        HyperTransport::builder().extra_roots(pem).build()
    }

    /// Begins a transport with settings of its own: whom it trusts, how long it connects, which proxy it goes through.
    ///
    /// ```
    /// # fn main() -> keyway::Result<()> {
    /// use keyway::transport::hyper::HyperTransport;
    /// use std::time::Duration;
    ///
    /// let transport = HyperTransport::builder().connect_timeout(Duration::from_secs(3)).build()?;
    /// let keyway = keyway::Keyway::builder().transport(transport).build()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder() -> HyperBuilder {
        HyperBuilder::default()
    }

    fn of(settings: Settings) -> Result<HyperTransport> {
        let pools = Arc::new(Pools::new(settings.clone())?);
        Ok(HyperTransport { settings, pools, identified: Arc::default() })
    }

    /// The pooled client of an identity.
    fn identified(&self, allow_private: bool, identity: &ClientIdentity) -> Result<Pool> {
        let fingerprint = identity.fingerprint();
        // Nothing in here can panic halfway through a change.
        let mut identified = self.identified.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it = |one: &Identified| one.fingerprint == fingerprint && one.allow_private == allow_private;
        let found = if let Some(index) = identified.iter().position(is_it) {
            identified.remove(index)
        } else {
            let pool = pool::identified(&self.settings, allow_private, identity)?;
            Identified { fingerprint, allow_private, pool }
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
            egress.check_uri(request.uri())?;
            let identity = request.extensions().get::<ClientIdentity>();
            if identity.is_some() && request.uri().scheme() != Some(&Scheme::HTTPS) {
                let message = "a client certificate proves nothing without TLS: use `https:`";
                return Err(Error::new(ErrorKind::InvalidRequest, message).sent(false));
            }
            let allow_private = egress.policy.allow_private;
            let identity = identity.map(|identity| self.identified(allow_private, identity)).transpose();
            let identified = identity.map_err(|error| error.sent(false))?;
            framing::complete(&mut request);
            let authority = request.uri().authority().cloned();
            let pool = identified.as_ref().unwrap_or_else(|| self.pools.get(allow_private));
            let sent = pool.request(request);
            let host = || authority.as_ref().map_or("", Authority::host);
            let response = sent.await.map_err(|error| failure(host(), error))?;
            let (mut head, body) = response.into_parts();
            framing::settle(head.status, &mut head.headers)?;
            Ok(http::Response::from_parts(head, Body::network(body)))
        })
    }
}
