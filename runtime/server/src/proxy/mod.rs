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

use crate::app::AppState;
use crate::error::ApiError;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use body::Incoming;
use headers::Instructions;
use keyway::ErrorKind;
use keyway::request::{Call, CallBody};

/// Sends the request on.
pub(crate) async fn forward(State(app): AppState, request: Request) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    if matches!(parts.method, Method::CONNECT | Method::TRACE) {
        return Err(crate::error::method_not_allowed().await);
    }
    if headers::switches_protocol(&parts.headers) {
        let message = "the proxy passes requests on and switches no protocol: leave `Upgrade` out";
        return Err(ApiError::new(StatusCode::NOT_IMPLEMENTED, "unsupported", message));
    }
    let endpoint = target::endpoint(&parts.uri)?;
    let incoming = body::receive(body).await?;
    let mut instructions = Instructions::read(&parts.headers)?;
    if !matches!(incoming, Incoming::Empty) {
        instructions.describe_body(&parts.headers)?;
    }
    let Instructions { key, retries, retry_on, base_url_override, decompress, forward_on_redirect, forwarded, passed } =
        instructions;
    let is_head = parts.method == Method::HEAD;
    let (body, stream) = match incoming {
        Incoming::Empty => (CallBody::Empty, None),
        Incoming::Whole(bytes) => (CallBody::Bytes(bytes), None),
        Incoming::Stream(stream) => (CallBody::Stream, Some(stream)),
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
