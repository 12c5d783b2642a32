//! Sending: one request, one response. No redirect, no retry, no decision.
//!
//! [`hyper::HyperTransport`] is the one that programs use when they name none; one of your own implements
//! [`Transport`]. A [`Response`] has a [`Body`] that is read with [`Body::collect`].

mod body;
mod connector;
mod failure;
mod framing;
pub mod hyper;
mod pool;
#[cfg(feature = "http-proxy")]
mod proxy;
mod read_ahead;
pub(crate) mod tls;

pub use crate::identity::ClientIdentity;
pub use body::{Body, BoxError};
pub use failure::NotProcessed;
pub use tls::certified;

use crate::egress::Egress;
use crate::error::Result;
use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;

/// A future that can be sent between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A response as it comes: status and headers, and a body that may still be on its way.
pub type Response = http::Response<Body>;

/// Sends one request.
///
/// An implementation connects only to addresses that `egress` allows: it resolves, checks every address, and
/// connects to the checked one. One that cannot do that must refuse to be used. It follows no redirect, reads no
/// proxy from the environment, and streams both bodies.
///
/// A response says its length once or not at all, and is never 101. An error of a request that the server says it did
/// not process has [`NotProcessed`] as its source: it is sent again.
///
/// A request with a [`ClientIdentity`] among its extensions is sent over a TLS connection of that client's, and over no
/// other; the server is verified as always. An implementation that cannot do that must refuse the request.
///
/// ```
/// use keyway::egress::Egress;
/// use keyway::transport::{Body, BoxFuture, Transport, hyper::HyperTransport};
///
/// /// Counts what is sent, and leaves the sending and its checks to another transport.
/// #[derive(Debug)]
/// struct Counting(HyperTransport, std::sync::atomic::AtomicU64);
///
/// impl Transport for Counting {
///     fn send<'a>(
///         &'a self,
///         request: http::Request<Body>,
///         egress: &'a Egress,
///     ) -> BoxFuture<'a, keyway::Result<http::Response<Body>>> {
///         self.1.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
///         self.0.send(request, egress)
///     }
/// }
/// ```
pub trait Transport: Debug + Send + Sync + 'static {
    /// Sends; the response's body may still be on its way.
    fn send<'a>(
        &'a self,
        request: http::Request<Body>,
        egress: &'a Egress,
    ) -> BoxFuture<'a, Result<http::Response<Body>>>;
}
