//! `ANY /proxy/<raw target>`: a request with a connection's credentials.
//!
//! ```text
//! headers -> connection, options, headers to pass on;  target -> endpoint, undecoded;  body -> whole or streamed
//!   -> Keyway::send -> the upstream's response without hop-by-hop headers
//! ```
//!
//! The runtime decides about credentials, hosts, retries and redirects.

mod body;
mod headers;
mod response;
mod target;

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
use keyway::request::{Call, CallBody};
use keyway::transport::BoxError;

/// True if a path is one of the proxy's.
pub(crate) fn is_proxied(path: &str) -> bool {
    path.strip_prefix("/proxy").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// [`forward`] as a handler of the router.
pub(crate) async fn route(State(app): AppState, request: axum::extract::Request) -> Result<Response, ApiError> {
    Ok(forward(&app, request).await?.map(axum::body::Body::new))
}

/// Sends the request on. Who sent it is known by then.
pub(crate) async fn forward<B>(app: &App, request: Request<B>) -> Result<http::Response<RelayedBody>, ApiError>
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let (parts, body) = request.into_parts();
    if matches!(parts.method, Method::CONNECT | Method::TRACE) {
        return Err(crate::error::method_not_allowed().await);
    }
    if headers::switches_protocol(&parts.headers) {
        let message = "the proxy passes requests on and switches no protocol: leave `Upgrade` out";
        return Err(ApiError::new(StatusCode::NOT_IMPLEMENTED, "unsupported", message));
    }
    let endpoint = target::endpoint(&parts.uri)?;
    let received = body::receive(body).await?;
    let mut instructions = Instructions::read(&parts.headers)?;
    if !matches!(received, Received::Empty) {
        instructions.describe_body(&parts.headers)?;
    }
    let Instructions { key, retries, retry_on, base_url_override, decompress, forward_on_redirect, forwarded, passed } =
        instructions;
    let is_head = parts.method == Method::HEAD;
    let (body, stream) = match received {
        Received::Empty => (CallBody::Empty, None),
        Received::Whole(bytes) => (CallBody::Bytes(bytes), None),
        Received::Stream(stream) => (CallBody::Stream, Some(stream)),
    };
    let mut call = Call::new(parts.method, endpoint)
        .headers(forwarded)
        .passed(passed)
        .body(body)
        .retries(retries)
        // Without the header `Retries` a call is sent once.
        .safe_retries(0)
        .retry_on(retry_on)
        .decompress(decompress)
        .forward_headers_on_redirect(forward_on_redirect);
    call.base_url_override = base_url_override;
    let response = app.keyway.send(&key, call, stream).await.map_err(refused)?;
    Ok(response::relay(response, is_head))
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
