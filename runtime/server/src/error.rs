//! Errors as clients see them: `{"error":{"code","message"}}`, a status, and the header `keyway-error`.
//!
//! The header tells the server's own refusals from an upstream's proxied ones, which may have any body. The messages
//! come from where the error happened.

use crate::answers::{ErrorAnswer, ErrorMembers, ShownChoices, ShownOption, ShownProblem};
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CACHE_CONTROL, HeaderName, HeaderValue, RETRY_AFTER, WWW_AUTHENTICATE};
use keyway::error::Choices;
use keyway::{ErrorKind, Stage};
use std::time::Duration;

/// Holds the code of an error that the server itself answered with.
pub(crate) const ERROR_HEADER: HeaderName = HeaderName::from_static("keyway-error");

/// Holds how many seconds to wait before the next call: before the retry that was not made, or as the upstream asks.
pub(crate) const WAIT_HEADER: HeaderName = HeaderName::from_static("keyway-retry-wait");

/// A wait in whole seconds, rounded up, so that a caller that waits as long does not come too early.
pub(crate) fn seconds(wait: Duration) -> HeaderValue {
    HeaderValue::from(wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0)))
}

/// An error of the HTTP interface.
#[derive(Debug)]
pub(crate) struct ApiError {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    pub(crate) message: String,
    /// The wait before the next call, if it is known.
    pub(crate) wait: Option<Duration>,
    /// The methods that the route has, where it has not the one that was used (RFC 9110 section 15.5.6).
    pub(crate) allowed: Option<&'static str>,
    /// The items to choose from.
    pub(crate) choices: Option<Box<Choices>>,
    /// The key of the provider that it is about, where one is known: for the pages that people see.
    pub(crate) provider: Option<String>,
}

impl ApiError {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> ApiError {
        ApiError { status, code, message: message.into(), wait: None, allowed: None, choices: None, provider: None }
    }

    /// A body, a query or a path that does not have the documented shape.
    pub(crate) fn invalid(message: impl Into<String>) -> ApiError {
        ApiError::new(StatusCode::BAD_REQUEST, "invalid_request", message)
    }

    pub(crate) fn unauthorized(message: &str) -> ApiError {
        ApiError::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
    }

    /// The answer, perhaps with the parameters that are wrong.
    pub(crate) fn answer(self, problems: Vec<ShownProblem<'_>>) -> Response {
        let choices = self.choices.as_deref().map(shown);
        let error = ErrorMembers { code: self.code, message: &self.message, problems, choices };
        let mut response = (self.status, Json(ErrorAnswer { error })).into_response();
        let headers = response.headers_mut();
        headers.insert(ERROR_HEADER, HeaderValue::from_static(self.code));
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(wait) = self.wait {
            headers.insert(WAIT_HEADER, seconds(wait));
            if self.status == StatusCode::FAILED_DEPENDENCY {
                headers.insert(RETRY_AFTER, seconds(wait));
            }
        }
        if let Some(allowed) = self.allowed {
            headers.insert(ALLOW, HeaderValue::from_static(allowed));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<keyway::Error> for ApiError {
    fn from(error: keyway::Error) -> ApiError {
        let kind = error.kind();
        let status = status(kind);
        if status.is_server_error() {
            tracing::warn!(code = kind.code(), stage = error.evidence().stage.map(Stage::as_str), %error, "failed");
        }
        let choices = error.evidence().choices.clone().map(Box::new);
        let provider = error.evidence().provider.clone();
        ApiError {
            wait: error.retry_after(),
            choices,
            provider,
            ..ApiError::new(status, kind.code(), error.to_string())
        }
    }
}

impl From<axum::extract::rejection::PathRejection> for ApiError {
    fn from(_: axum::extract::rejection::PathRejection) -> ApiError {
        ApiError::invalid("the path is not percent-encoded UTF-8")
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        self.answer(Vec::new())
    }
}

/// The items to choose from, as an answer has them.
fn shown(choices: &Choices) -> ShownChoices<'_> {
    let options = choices.options.iter();
    ShownChoices {
        field: &choices.field,
        options: options.map(|option| ShownOption { value: &option.value, label: &option.label }).collect(),
        token: choices.token.as_ref().map(keyway::Secret::expose),
    }
}

/// No such route.
pub(crate) async fn not_found() -> ApiError {
    ApiError::new(StatusCode::NOT_FOUND, "not_found", "there is no such route; docs/http.md lists them")
}

/// The route exists, the method does not. The router adds which it has.
pub(crate) async fn method_not_allowed() -> ApiError {
    ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "this route has no such method")
}

/// The same where the router does not know it; with the methods that the route has.
pub(crate) fn no_such_method(allowed: &'static str) -> ApiError {
    let message = format!("this route has no such method; it has {allowed}");
    let error = ApiError::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message);
    ApiError { allowed: Some(allowed), ..error }
}

/// The status of a runtime error. 424 (RFC 4918 section 11.4) is "the request is fine, the credential it depends on is
/// not".
fn status(kind: ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::UnknownIntegration | ErrorKind::UnknownConnection => StatusCode::NOT_FOUND,
        ErrorKind::NotAuthentic => StatusCode::FORBIDDEN,
        ErrorKind::AlreadyExists | ErrorKind::Conflict | ErrorKind::ChoiceNeeded => StatusCode::CONFLICT,
        ErrorKind::UnknownProvider
        | ErrorKind::MissingValue
        | ErrorKind::InvalidValue
        | ErrorKind::InvalidRequest
        | ErrorKind::HostNotAllowed
        | ErrorKind::SecretHostNotAllowed
        | ErrorKind::InvalidState
        | ErrorKind::AuthorizationDenied
        | ErrorKind::NotVerified => StatusCode::BAD_REQUEST,
        ErrorKind::TokenRefused
        | ErrorKind::TokenUnreadable
        | ErrorKind::ReconnectNeeded
        | ErrorKind::RefreshBackoff => StatusCode::FAILED_DEPENDENCY,
        ErrorKind::Unreachable | ErrorKind::UnreadableResponse | ErrorKind::UnexpectedAnswer => StatusCode::BAD_GATEWAY,
        ErrorKind::Timeout => StatusCode::GATEWAY_TIMEOUT,
        ErrorKind::StoreUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::Unsupported => StatusCode::NOT_IMPLEMENTED,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_has_its_code_in_body_and_header() {
        let error = keyway::Error::new(ErrorKind::UnknownConnection, "no connection `x`");
        let response = ApiError::from(error).into_response();
        assert_eq!(response.status(), StatusCode::NOT_FOUND);
        assert_eq!(response.headers()[ERROR_HEADER], "unknown_connection");
    }

    #[test]
    fn a_wait_is_told_beside_the_error() {
        let error = keyway::Error::new(ErrorKind::RefreshBackoff, "not yet").wait(Some(Duration::from_millis(1500)));
        assert_eq!(ApiError::from(error).into_response().headers()[WAIT_HEADER], "2");
        let error = keyway::Error::new(ErrorKind::RefreshBackoff, "not yet");
        assert!(!ApiError::from(error).into_response().headers().contains_key(WAIT_HEADER));
    }

    #[test]
    fn a_wait_for_the_next_renewal_is_told_in_whole_seconds() {
        let error = || keyway::Error::new(ErrorKind::RefreshBackoff, "later");
        for (wait, expected) in [(None, None), (Some(30_000), Some("30")), (Some(1), Some("1"))] {
            let response = ApiError::from(error().wait(wait.map(Duration::from_millis))).into_response();
            let told = response.headers().get(RETRY_AFTER).map(|value| value.to_str().unwrap());
            assert_eq!(told, expected, "{wait:?}");
        }
    }

    #[test]
    fn a_missing_key_says_which_scheme_is_wanted() {
        let response = ApiError::unauthorized("no").into_response();
        assert_eq!(response.headers()[WWW_AUTHENTICATE], "Bearer");
    }
}
