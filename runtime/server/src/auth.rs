//! Authentication of API callers: `Authorization: Bearer <api key>`.

use crate::app::{App, AppState};
use crate::console;
use crate::error::ApiError;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::{AUTHORIZATION, HeaderValue, WWW_AUTHENTICATE};
use keyway::Secret;

/// Lets a request through if it carries `Authorization: Bearer <api key>` (RFC 6750 section 2.1).
pub(crate) async fn require(State(app): AppState, request: Request, next: Next) -> Result<Response, ApiError> {
    check(&app, request.headers())?;
    Ok(next.run(request).await)
}

/// The same for a page that a person opens: the key may also be the password that a browser asks for, under any name
/// (RFC 7617), unless the browser is signed in to the operators' pages. No other route takes it so, because a browser
/// sends it by itself from then on.
pub(crate) async fn require_of_person(State(app): AppState, request: Request, next: Next) -> Response {
    if console::is_signed_in(&app, request.headers()) {
        return next.run(request).await;
    }
    let prompted = request.headers().get(AUTHORIZATION).and_then(|value| password(value.as_bytes()));
    let checked = match prompted {
        Some(key) if app.config.api_key.matches(key.expose()) => Ok(()),
        Some(_) => Err(ApiError::unauthorized("the password is not the API key")),
        None => check(&app, request.headers()),
    };
    match checked {
        Ok(()) => next.run(request).await,
        Err(error) => {
            let mut response = error.into_response();
            let basic = HeaderValue::from_static("Basic realm=\"the API key is the password\", charset=\"UTF-8\"");
            response.headers_mut().append(WWW_AUTHENTICATE, basic);
            response
        }
    }
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

fn password(value: &[u8]) -> Option<Secret> {
    let (scheme, encoded) = std::str::from_utf8(value).ok()?.split_once(' ')?;
    let decoded = STANDARD.decode(encoded.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let text = String::from_utf8(decoded).ok()?;
    text.split_once(':').map(|(_, password)| Secret::from(password))
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

    #[test]
    fn a_password_stands_behind_a_name() {
        for (value, expected) in [
            ("Basic OmtleQ==", Some("key")),
            ("basic bmFtZTprOmV5", Some("k:ey")),
            ("Basic bmFtZQ==", None),
            ("Basic ?", None),
            ("Bearer OmtleQ==", None),
            ("Basic", None),
        ] {
            let found = password(value.as_bytes());
            assert_eq!(found.as_ref().map(Secret::expose), expected, "{value}");
        }
    }
}
