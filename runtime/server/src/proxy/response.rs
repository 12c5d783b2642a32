//! The upstream's response, passed on: status, headers, body as it comes.
//!
//! Only headers of one hop are left out (RFC 9110 section 7.6.1), and the headers by which the server speaks for itself:
//! the mark of its own errors, and the wait that the upstream asks for. The body is never touched, so its `content-length`
//! stays true; where the runtime decompressed it, there is none left.

use crate::error::{ERROR_HEADER, WAIT_HEADER, seconds};
use axum::response::Response;
use http::HeaderMap;
use http::header::{CONNECTION, HeaderName};
use keyway::response::is_hop_by_hop;
use keyway::response::retry;
use keyway::transport::Body;

pub(super) fn relay(upstream: http::Response<Body>) -> Response {
    let (parts, body) = upstream.into_parts();
    let mut response = Response::new(axum::body::Body::new(body));
    *response.status_mut() = parts.status;
    *response.headers_mut() = end_to_end(parts.headers);
    if let Some(wait) = retry::wait_of(&parts.extensions) {
        response.headers_mut().insert(WAIT_HEADER, seconds(wait));
    }
    response
}

fn end_to_end(mut headers: HeaderMap) -> HeaderMap {
    let here = headers.keys().filter(|name| is_hop_by_hop(name.as_str())).cloned().collect::<Vec<_>>();
    let named: Vec<HeaderName> = headers
        .get_all(CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .filter_map(|name| name.trim().parse().ok())
        .collect();
    for name in named.into_iter().chain(here) {
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
    fn a_wait_that_was_not_made_is_told_in_seconds() {
        let told = |wait: Option<Duration>, asked: Option<Duration>| {
            let mut upstream = http::Response::new(Body::empty());
            upstream.headers_mut().insert(WAIT_HEADER, HeaderValue::from_static("1"));
            if let Some(wait) = wait {
                upstream.extensions_mut().insert(retry::GivenUp { reason: "", wait: Some(wait) });
            }
            if let Some(asked) = asked {
                upstream.extensions_mut().insert(retry::Asked(asked));
            }
            relay(upstream).headers().get(WAIT_HEADER).map(|value| value.to_str().unwrap().to_owned())
        };
        for (wait, expected) in [
            (None, None),
            (Some(Duration::from_secs(3600)), Some("3600")),
            (Some(Duration::from_millis(61_001)), Some("62")),
            (Some(Duration::MAX), Some("18446744073709551615")),
        ] {
            assert_eq!(told(wait, None).as_deref(), expected, "{wait:?}");
            assert_eq!(told(None, wait).as_deref(), expected, "{wait:?}");
        }
        assert_eq!(told(Some(Duration::from_secs(3)), Some(Duration::from_secs(9))).as_deref(), Some("3"));
    }

    #[test]
    fn headers_of_one_hop_stay_behind() {
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
