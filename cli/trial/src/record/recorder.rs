//! A transport that keeps what was answered.

use crate::redact::PlainAnswer;
use bytes::Bytes;
use http::Method;
use http::header::{ACCEPT_ENCODING, HeaderValue};
use keyway::clock::System;
use keyway::egress::Egress;
use keyway::transport::{Body, BoxFuture, Response, Transport};
use keyway::{Clock, Error, ErrorKind, Result};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use url::Url;

/// The largest answer in bytes: 8 MiB. A sample of more is read by nobody.
const MAX_ANSWER: usize = 8 << 20;
/// The most answers of one recording.
const MAX_EXCHANGES: usize = 1000;

/// A request and its answer.
#[derive(Clone)]
pub struct RecordedExchange {
    /// The method.
    pub method: Method,
    /// The whole URL. It may hold a credential.
    pub url: Url,
    /// The answer.
    pub answer: PlainAnswer,
}

/// Sends by another transport, and keeps the answers. Clones keep them together.
#[derive(Clone)]
pub struct Recorder {
    transport: Arc<dyn Transport>,
    kept: Arc<Mutex<Vec<RecordedExchange>>>,
}

impl Recorder {
    /// A recorder of what this transport is answered.
    pub fn new(transport: impl Transport) -> Recorder {
        Recorder { transport: Arc::new(transport), kept: Arc::default() }
    }

    /// The exchanges since the last time, in order.
    pub fn take(&self) -> Vec<RecordedExchange> {
        std::mem::take(&mut self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn keep(&self, exchange: RecordedExchange) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < MAX_EXCHANGES {
            kept.push(exchange);
        }
    }
}

impl Transport for Recorder {
    fn send<'a>(&'a self, mut request: http::Request<Body>, egress: &'a Egress) -> BoxFuture<'a, Result<Response>> {
        // The runtime decompresses behind this transport, and a sample has its body as text.
        request.headers_mut().insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        Box::pin(async move {
            let method = request.method().clone();
            let url = Url::parse(&request.uri().to_string())
                .map_err(|error| Error::new(ErrorKind::Internal, format!("a request without a whole URL: {error}")))?;
            let (head, body) = self.transport.send(request, egress).await?.into_parts();
            let body: Bytes = body.collect(MAX_ANSWER).await?;
            let at = System.now();
            let answer = PlainAnswer { at, status: head.status, headers: head.headers.clone(), body: body.clone() };
            self.keep(RecordedExchange { method, url, answer });
            Ok(Response::from_parts(head, Body::from(body)))
        })
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder").finish_non_exhaustive()
    }
}

impl fmt::Debug for RecordedExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecordedExchange").field("method", &self.method).finish_non_exhaustive()
    }
}
