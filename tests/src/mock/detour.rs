//! A transport that takes requests for vendors to the mock, over real HTTP on loopback.
//!
//! There is no TLS, and addresses are not checked; hosts are checked before a transport is called.

use http::Uri;
use hyper_util::client::legacy::{Client as Pool, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use keyway::egress::Egress;
use keyway::transport::{Body, BoxFuture, Response, Transport};
use keyway::{Error, ErrorKind, Result};

/// Takes requests to where `route` says, and refuses the others.
#[derive(Debug)]
pub struct Detour {
    origin: String,
    route: fn(&Uri) -> Option<String>,
    pool: Pool<HttpConnector, Body>,
}

impl Detour {
    /// To the mock at `origin`; `route` gives path and query there.
    pub fn new(origin: String, route: fn(&Uri) -> Option<String>) -> Detour {
        Detour { origin, route, pool: Pool::builder(TokioExecutor::new()).build_http() }
    }
}

impl Transport for Detour {
    fn send<'a>(&'a self, mut request: http::Request<Body>, _: &'a Egress) -> BoxFuture<'a, Result<Response>> {
        Box::pin(async move {
            let refused = |message: String| Error::new(ErrorKind::Unreachable, message).sent(false);
            let Some(path) = (self.route)(request.uri()) else {
                return Err(refused(format!("the mock does not stand in for `{:?}`", request.uri().host())));
            };
            let target = format!("{}{path}", self.origin).parse::<Uri>();
            *request.uri_mut() = target.map_err(|error| refused(format!("`{path}` is no path: {error}")))?;
            request.headers_mut().remove(http::header::HOST);
            let answer = self.pool.request(request).await;
            answer
                .map(|answer| answer.map(Body::stream))
                .map_err(|error| Error::new(ErrorKind::Unreachable, "the mock is gone").source(error))
        })
    }
}
