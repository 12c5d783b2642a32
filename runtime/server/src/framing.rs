//! Requests that intermediaries could read in two ways are refused, on every route.
//!
//! A request over HTTP/1.1 has exactly one `Host` (RFC 9112 section 3.2), and any request at most one
//! `Authorization`: with two, a reverse proxy may have checked the other one. The HTTP library checks lengths and
//! transfer codings.

use crate::error::ApiError;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::{AUTHORIZATION, HOST};
use http::{HeaderMap, Version};

/// Lets a request through if it can be read in one way only.
pub(crate) async fn check(request: Request, next: Next) -> Result<Response, ApiError> {
    validate(request.version(), request.headers())?;
    Ok(next.run(request).await)
}

/// An error where a request could be read in two ways.
pub(crate) fn validate(version: Version, headers: &HeaderMap) -> Result<(), ApiError> {
    let count = |name| headers.get_all(name).iter().count();
    let hosts = count(HOST);
    if hosts > 1 || (hosts == 0 && version == Version::HTTP_11) {
        return Err(ApiError::invalid("a request has exactly one `Host` header"));
    }
    if count(AUTHORIZATION) > 1 {
        return Err(ApiError::invalid("`Authorization` is given twice: send one"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    #[test]
    fn what_can_be_read_in_two_ways_is_refused() {
        for (version, names, fits) in [
            (Version::HTTP_11, vec!["host"], true),
            (Version::HTTP_11, vec!["host", "authorization"], true),
            (Version::HTTP_11, vec![], false),
            (Version::HTTP_11, vec!["host", "host"], false),
            (Version::HTTP_11, vec!["host", "authorization", "authorization"], false),
            (Version::HTTP_10, vec![], true),
            (Version::HTTP_10, vec!["host", "host"], false),
        ] {
            let mut headers = HeaderMap::new();
            for name in &names {
                headers.append(HeaderName::from_static(name), HeaderValue::from_static("a.test"));
            }
            assert_eq!(validate(version, &headers).is_ok(), fits, "{version:?} {names:?}");
        }
    }
}
