//! The upstream's response, passed on: status, headers, body as it comes.
//!
//! Only headers of one hop are left out (RFC 9110 section 7.6.1), and the header by which the server marks its own
//! errors. The body is never touched, so its `content-length` stays true.

use crate::error::ERROR_HEADER;
use axum::response::Response;
use http::HeaderMap;
use http::header::{CONNECTION, HeaderName};
use keyway::response::is_hop_by_hop;
use keyway::transport::Body;

pub(super) fn relay(upstream: http::Response<Body>) -> Response {
    let (parts, body) = upstream.into_parts();
    let mut response = Response::new(axum::body::Body::new(body));
    *response.status_mut() = parts.status;
    *response.headers_mut() = end_to_end(parts.headers);
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
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

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
        ] {
            headers.append(HeaderName::from_static(name), HeaderValue::from_static(value));
        }
        let left = end_to_end(headers);
        let names: Vec<&str> = left.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["content-length", "content-type", "set-cookie", "set-cookie"]);
    }
}
