//! `ANY /proxy/<raw target>`: a request with a connection's credentials.
//!
//! ```text
//! headers -> connection, options, headers to pass on;  target -> endpoint, undecoded;  body -> whole or streamed
//!   -> Keyway::send -> the upstream's response without hop-by-hop headers
//! ```
//!
//! The runtime decides about credentials, hosts, retries and redirects.

mod body;
pub(crate) mod call;
mod headers;
mod response;
mod target;

pub(crate) use headers::MAX_RETRIES;
pub(crate) use response::RelayedBody;

use crate::app::{App, AppState};
use crate::error::ApiError;
use axum::extract::State;
use axum::response::Response;
use body::Received;
use bytes::Bytes;
use headers::Instructions;
use http::{Method, Request, StatusCode};
use http_body::Body as HttpBody;
use keyway::ErrorKind;
use keyway::connection::ConnectionKey;
use keyway::request::{Call, CallBody};
use keyway::transport::BoxError;

/// The methods that the answer to another one names. Of those that HTTP does not define any is passed on.
const METHODS: &str = "GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE";

/// True if a path is one of the proxy's.
pub(crate) fn is_proxied(path: &str) -> bool {
    path.strip_prefix("/proxy").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The same as a handler of the router.
pub(crate) async fn route(State(app): AppState, request: axum::extract::Request) -> Result<Response, ApiError> {
    Ok(read(request)?.send(&app).await?.map(axum::body::Body::new))
}

/// A request that is to be sent on. Everything of it is read but its body, so that what waits for the answer holds
/// nothing else.
pub(crate) struct Forwarding<B> {
    key: ConnectionKey,
    call: Call,
    /// `None` where there is none, and once it was taken.
    body: Option<B>,
}

/// Reads a request that is to be sent on. Who sent it is known by then.
pub(crate) fn read<B: HttpBody>(request: Request<B>) -> Result<Forwarding<B>, ApiError> {
    let (parts, body) = request.into_parts();
    if matches!(parts.method, Method::CONNECT | Method::TRACE) {
        return Err(crate::error::no_such_method(METHODS));
    }
    if headers::switches_protocol(&parts.headers) {
        let message = "the proxy passes requests on and switches no protocol: leave `Upgrade` out";
        return Err(ApiError::new(StatusCode::NOT_IMPLEMENTED, "unsupported", message));
    }
    let endpoint = target::endpoint(&parts.uri)?;
    let body = Some(body).filter(|body| !body::is_empty(body));
    let mut instructions = Instructions::read(&parts.headers)?;
    if body.is_some() {
        instructions.describe_body(&parts.headers)?;
    }
    let Instructions { key, retries, retry_on, base_url_override, decompress, forward_on_redirect, forwarded, passed } =
        instructions;
    let mut call = Call::new(parts.method, endpoint)
        .headers(forwarded)
        .passed(passed)
        .retries(retries)
        // Without the header `Retries` a call is sent once.
        .safe_retries(0)
        .retry_on(retry_on)
        .decompress(decompress)
        .forward_headers_on_redirect(forward_on_redirect);
    call.base_url_override = base_url_override;
    Ok(Forwarding { key, call, body })
}

impl<B> Forwarding<B>
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    /// Sends the request on, and gives the upstream's answer.
    pub(crate) async fn send(&mut self, app: &App) -> Result<http::Response<RelayedBody>, ApiError> {
        let mut stream = None;
        if let Some(body) = self.body.take() {
            // Boxed, so that a request without a body, as most are, waits in less memory.
            match Box::pin(body::receive(body)).await? {
                Received::Whole(bytes) => self.call.body = CallBody::Bytes(bytes),
                Received::Stream(body) => {
                    self.call.body = CallBody::Stream;
                    stream = Some(body);
                }
            }
        }
        let response = app.keyway.send_borrowed(&self.key, &self.call, stream).await.map_err(refused)?;
        Ok(response::relay(response, self.call.method == Method::HEAD))
    }
}

/// On this route an unknown connection is a wrong header, not a missing resource.
fn refused(error: keyway::Error) -> ApiError {
    let unknown_connection = error.kind() == ErrorKind::UnknownConnection;
    let mut error = ApiError::from(error);
    if unknown_connection {
        error.status = StatusCode::BAD_REQUEST;
    }
    error
}

#[cfg(test)]
mod tests {
    use super::is_proxied;

    #[test]
    fn only_the_paths_of_the_proxy_are_proxied() {
        for (path, expected) in [
            ("/proxy", true),
            ("/proxy/", true),
            ("/proxy/a%2Fb//..", true),
            ("/proxy//", true),
            ("/proxyx", false),
            ("/PROXY/", false),
            ("/", false),
            ("", false),
            ("/providers", false),
            ("//proxy/", false),
            ("/%70roxy/", false),
        ] {
            assert_eq!(is_proxied(path), expected, "{path}");
        }
    }
}
