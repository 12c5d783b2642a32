//! The upstream's response, passed on: status, headers, body as it comes.
//!
//! Left out are only hop-by-hop headers (RFC 9110 section 7.6.1) and the two headers that this server sets itself:
//! the code of its own errors, and the wait. The body is not changed, so its `content-length` stays true; the runtime
//! removes that header where it decompresses. An answer without a body (to `HEAD`, and 204 and 304) gets no length
//! that the upstream did not send (RFC 9110 section 8.6).

use crate::error::{ERROR_HEADER, WAIT_HEADER, seconds};
use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, HeaderName};
use http::{HeaderMap, StatusCode};
use http_body::{Frame, SizeHint};
use keyway::response::is_hop_by_hop;
use keyway::response::retry;
use keyway::transport::{Body, BoxError};
use std::pin::Pin;
use std::task::{Context, Poll};

/// The response for the caller.
pub(super) fn relay(upstream: http::Response<Body>, is_head: bool) -> http::Response<RelayedBody> {
    let (parts, body) = upstream.into_parts();
    let body = if is_head {
        RelayedBody::OfHead
    } else if matches!(parts.status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
        RelayedBody::None
    } else {
        RelayedBody::Upstream(DelayedError { body, error: None })
    };
    let mut response = http::Response::new(body);
    *response.status_mut() = parts.status;
    *response.headers_mut() = end_to_end(parts.headers);
    if parts.status == StatusCode::NO_CONTENT {
        response.headers_mut().remove(CONTENT_LENGTH);
    }
    if let Some(wait) = retry::wait_of(&parts.extensions) {
        response.headers_mut().insert(WAIT_HEADER, seconds(wait));
    }
    response
}

/// The body of an answer that is passed on.
pub(crate) enum RelayedBody {
    /// The answer to `HEAD`: it has ended, and no length is made up for it.
    OfHead,
    /// No body, of unknown length: axum would add `content-length: 0` for an empty one.
    None,
    Upstream(DelayedError),
}

impl http_body::Body for RelayedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self.get_mut() {
            RelayedBody::OfHead | RelayedBody::None => Poll::Ready(None),
            RelayedBody::Upstream(body) => Pin::new(body).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            RelayedBody::OfHead => true,
            RelayedBody::None => false,
            RelayedBody::Upstream(body) => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            RelayedBody::OfHead | RelayedBody::None => SizeHint::default(),
            RelayedBody::Upstream(body) => body.size_hint(),
        }
    }
}

/// A body whose error is reported one poll later, after the bytes before it were written: hyper would close the
/// connection before it sends the status.
pub(crate) struct DelayedError {
    body: Body,
    error: Option<BoxError>,
}

impl http_body::Body for DelayedError {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if let Some(error) = self.error.take() {
            return Poll::Ready(Some(Err(error)));
        }
        match Pin::new(&mut self.body).poll_frame(cx) {
            Poll::Ready(Some(Err(error))) => {
                self.error = Some(error);
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            polled => polled,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.error.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn end_to_end(mut headers: HeaderMap) -> HeaderMap {
    let known = headers.keys().filter(|name| is_hop_by_hop(name.as_str())).cloned().collect::<Vec<_>>();
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .flat_map(|value| value.as_bytes().split(|byte| *byte == b','))
        .filter_map(|name| HeaderName::from_bytes(name.trim_ascii()).ok())
        .collect();
    for name in named.into_iter().chain(known) {
        headers.remove(name);
    }
    headers.remove(ERROR_HEADER);
    headers.remove(WAIT_HEADER);
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use std::time::Duration;

    #[test]
    fn a_wait_that_was_not_made_is_reported_in_seconds() {
        let told = |wait: Option<Duration>| {
            let mut upstream = http::Response::new(Body::empty());
            upstream.headers_mut().insert(WAIT_HEADER, HeaderValue::from_static("1"));
            upstream.extensions_mut().insert(retry::GivenUp::new("", wait));
            relay(upstream, false).headers().get(WAIT_HEADER).map(|value| value.to_str().unwrap().to_owned())
        };
        for (wait, expected) in [
            (None, None),
            (Some(Duration::from_secs(3600)), Some("3600")),
            (Some(Duration::from_millis(61_001)), Some("62")),
            (Some(Duration::MAX), Some("18446744073709551615")),
        ] {
            assert_eq!(told(wait).as_deref(), expected, "{wait:?}");
        }
        let plain = relay(http::Response::new(Body::empty()), false);
        assert_eq!(plain.headers().get(WAIT_HEADER), None);
    }

    #[test]
    fn hop_by_hop_headers_are_removed() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("content-length", "5"),
            ("content-type", "text/plain"),
            ("set-cookie", "a=1"),
            ("set-cookie", "b=2"),
            ("connection", "close, X-Hop"),
            ("x-hop", "1"),
            ("transfer-encoding", "chunked"),
            ("keyway-error", "internal"),
            ("keyway-retry-wait", "1"),
        ] {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let left = end_to_end(headers);
        let names: Vec<&str> = left.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["content-length", "content-type", "set-cookie", "set-cookie"]);
    }
}
