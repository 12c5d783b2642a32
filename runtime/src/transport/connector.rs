//! Connecting: names resolve to addresses that may be connected to and to no others, all of it in a bounded time.

use super::BoxError;
use super::failure::{ConnectTimeout, Refused};
use crate::egress::{EgressPolicy, check_address};
use hyper_util::client::legacy::connect::dns::Name;
use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;
use tower_service::Service;

/// The longest time that resolution, TCP, a proxy's tunnel and TLS may take together, unless
/// [`HyperBuilder::connect_timeout`](super::hyper::HyperBuilder::connect_timeout) says another one.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Resolves names to addresses that may be connected to, and to no others.
#[derive(Clone, Debug)]
pub(super) struct Resolver {
    pub(super) allow_private: bool,
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

/// A connector that takes at most so long.
#[derive(Clone, Debug)]
pub(super) struct Bounded<C> {
    pub(super) connector: C,
    pub(super) limit: Duration,
}

impl<C> Service<http::Uri> for Bounded<C>
where
    C: Service<http::Uri, Error = BoxError>,
    C::Future: Send + 'static,
{
    type Response = C::Response;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<C::Response, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(cx)
    }

    fn call(&mut self, uri: http::Uri) -> Self::Future {
        let (connecting, limit) = (self.connector.call(uri), self.limit);
        Box::pin(async move { tokio::time::timeout(limit, connecting).await.map_err(|_| ConnectTimeout(limit))? })
    }
}
