//! Authentication of API callers: `Authorization: Bearer <api key>`.

use crate::app::{App, AppState};
use crate::error::ApiError;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use http::header::AUTHORIZATION;

/// Lets a request through if it carries `Authorization: Bearer <api key>` (RFC 6750 section 2.1).
pub(crate) async fn require(State(app): AppState, request: Request, next: Next) -> Result<Response, ApiError> {
    check(&app, request.headers())?;
    Ok(next.run(request).await)
}

/// An error unless the headers of a request carry the API key.
pub(crate) fn check(app: &App, headers: &HeaderMap) -> Result<(), ApiError> {
    match headers.get(AUTHORIZATION).and_then(|value| bearer(value.as_bytes())) {
        Some(key) if app.config.api_key.matches(key) => Ok(()),
        Some(_) => Err(ApiError::unauthorized("the API key is wrong")),
        None => Err(ApiError::unauthorized("send `Authorization: Bearer <api key>`")),
    }
}

fn bearer(value: &[u8]) -> Option<&str> {
    let (scheme, token) = std::str::from_utf8(value).ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_has_no_case() {
        for (value, expected) in
            [("Bearer k", Some("k")), ("bearer  k ", Some("k")), ("Basic k", None), ("k", None), ("", None)]
        {
            assert_eq!(bearer(value.as_bytes()), expected, "{value:?}");
        }
        assert_eq!(bearer(b"Bearer \xff"), None);
    }
}
