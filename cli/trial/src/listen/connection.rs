//! The requests of one connection.

use super::VendorFace;
use super::address::meant;
use crate::deliver::{DeliveredBody, deliver};
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use keyway_simulator::Simulator;
use std::convert::Infallible;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::TcpStream;

/// The largest head of a request in bytes.
const MAX_HEAD: usize = 64 * 1024;
/// The largest body of a request in bytes: 1 MiB.
const MAX_BODY: usize = 1 << 20;
/// The longest time that a client may take for a head or a body, or say nothing.
const READ_TIMEOUT: Duration = Duration::from_secs(60);
/// The time after which a connection is asked to end; the client opens another one.
const CONNECTION_TIMEOUT: Duration = Duration::from_secs(15 * 60);
/// The time that a request of such a connection may still take.
const GRACE_TIMEOUT: Duration = Duration::from_secs(11 * 60);

/// Answers until the client leaves, or took too long.
pub(super) async fn serve(stream: TcpStream, face: VendorFace, here: Arc<str>) {
    // Answers are small, and sent at once.
    drop(stream.set_nodelay(true));
    let service = service_fn(move |request| {
        let (face, here) = (face.clone(), Arc::clone(&here));
        async move { Ok::<_, Infallible>(answered(&face, request, &here).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(READ_TIMEOUT)
        .max_buf_size(MAX_HEAD)
        .half_close(true)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    // A connection that breaks off is the client's affair, or a fault that was ordered.
    if tokio::time::timeout(CONNECTION_TIMEOUT, connection.as_mut()).await.is_err() {
        connection.as_mut().graceful_shutdown();
        drop(tokio::time::timeout(GRACE_TIMEOUT, connection).await);
    }
}

async fn answered(face: &VendorFace, request: Request<Incoming>, here: &str) -> Response<DeliveredBody> {
    let answer = match whole(request, here).await {
        Ok(request) => face.answer(request),
        Err((status, reason)) => plain(status, reason),
    };
    deliver(answer).await
}

/// The request with its body and with the URL that it means.
async fn whole(request: Request<Incoming>, here: &str) -> Result<Request<Bytes>, (StatusCode, String)> {
    let (mut head, body) = request.into_parts();
    head.uri = meant(&head.uri, &head.headers, here).map_err(|reason| (StatusCode::BAD_REQUEST, reason))?;
    let body = tokio::time::timeout(READ_TIMEOUT, Limited::new(body, MAX_BODY).collect()).await;
    let body = body.map_err(|_| (StatusCode::REQUEST_TIMEOUT, "the body did not come".to_owned()))?;
    let body = body
        .map_err(|_| (StatusCode::PAYLOAD_TOO_LARGE, format!("the body is broken, or longer than {MAX_BODY} bytes")))?;
    // A body has one length, whatever framing it came with.
    head.headers.remove(header::TRANSFER_ENCODING);
    Ok(Request::from_parts(head, body.to_bytes()))
}

impl VendorFace {
    /// The answer: of a page of the listener's own, of the vendor's page for browsers, or of the vendor.
    fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        if let Some(answer) = self.own.as_ref().and_then(|own| own(&request)) {
            return answer;
        }
        let now = (self.now)();
        let mut vendor = locked(&self.vendor);
        match vendor.browse(&request, now) {
            Some(Ok(back)) => {
                match Response::builder().status(StatusCode::FOUND).header(header::LOCATION, back).body(Bytes::new()) {
                    Ok(answer) => answer,
                    Err(_) => plain(StatusCode::BAD_REQUEST, "the redirect URI is no header".to_owned()),
                }
            }
            Some(Err(refused)) => plain(StatusCode::BAD_REQUEST, format!("the customer is not sent back: {refused}")),
            None => vendor.answer(request, now),
        }
    }
}

fn locked(vendor: &Mutex<Simulator>) -> std::sync::MutexGuard<'_, Simulator> {
    vendor.lock().unwrap_or_else(PoisonError::into_inner)
}

fn plain(status: StatusCode, text: String) -> Response<Bytes> {
    let mut answer = Response::new(Bytes::from(text + "\n"));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, http::HeaderValue::from_static("text/plain; charset=utf-8"));
    answer
}
