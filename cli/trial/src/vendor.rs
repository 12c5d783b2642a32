//! The other end of the wire: a transport that answers in this process, and remembers what it was asked.
//!
//! Everything before it is the real runtime: requests are built, signed and held against the entry's hosts as they are
//! in production. No socket is opened.

use crate::deliver::deliver;
use bytes::Bytes;
use http::{HeaderMap, Method};
use keyway::Result;
use keyway::egress::Egress;
use keyway::transport::{Body, BoxFuture, Response, Transport};
use keyway_simulator::CutShort;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::time::Instant;
use url::Url;

/// The largest request body in bytes: 1 MiB.
const MAX_BODY: usize = 1 << 20;

/// A request as it arrived.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Arrived {
    /// The method.
    pub method: Method,
    /// The whole URL.
    pub url: Url,
    /// The same, byte for byte.
    pub target: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    /// When it arrived, by the runtime's timers.
    pub at: Instant,
}

/// Answers requests by a function of the request and of the number of those before it.
#[derive(Clone)]
pub struct Vendor {
    answer: Arc<Answer>,
    arrived: Arc<Mutex<Vec<Arrived>>>,
}

type Answer = dyn Fn(&Arrived, usize) -> http::Response<Bytes> + Send + Sync;

impl Vendor {
    /// A vendor that answers so.
    pub fn new(answer: impl Fn(&Arrived, usize) -> http::Response<Bytes> + Send + Sync + 'static) -> Vendor {
        Vendor { answer: Arc::new(answer), arrived: Arc::default() }
    }

    /// Everything that arrived, in order.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.arrived.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Transport for Vendor {
    fn send<'a>(&'a self, request: http::Request<Body>, _egress: &'a Egress) -> BoxFuture<'a, Result<Response>> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = body.collect(MAX_BODY).await?;
            let target = head.uri.to_string();
            let url = Url::parse(&target).map_err(|error| {
                keyway::Error::new(keyway::ErrorKind::Internal, format!("a request without a whole URL: {error}"))
            })?;
            let request = Arrived { method: head.method, url, target, headers: head.headers, body, at: Instant::now() };
            let before = {
                let mut arrived = self.arrived.lock().unwrap_or_else(PoisonError::into_inner);
                arrived.push(request.clone());
                arrived.len() - 1
            };
            let answer = (self.answer)(&request, before);
            // A whole answer is as it was made; a fault that was ordered is carried out.
            let is_cut = answer.extensions().get::<CutShort>().is_some();
            let answer = deliver(answer).await;
            Ok(if is_cut { answer.map(Body::stream) } else { answer.map(|body| Body::from(body.whole())) })
        })
    }
}

impl fmt::Debug for Vendor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vendor").field("arrived", &self.arrived().len()).finish_non_exhaustive()
    }
}
