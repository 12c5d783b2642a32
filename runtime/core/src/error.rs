//! The one error of the runtime.
//!
//! It keeps evidence (provider, stage, whether the request was sent, status, a bounded body) and never a secret: the
//! code that builds an error passes text that has been redacted. It is one file because a kind, its evidence and the
//! methods that fill and read both are changed together.

use crate::choices::Choices;
use http::header::HeaderName;
use http::{HeaderMap, StatusCode};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// An error with its evidence. Cheap to clone: calls that wait for the same renewal share its error.
///
/// ```
/// # use keyway_core::error::{Error, ErrorKind};
/// # use std::time::Duration;
/// /// What a program does about an error of a call.
/// fn next(error: &Error) -> &'static str {
///     if error.needs_reconnect() {
///         return "show the customer the connect page";
///     }
///     if error.retry_after().is_some_and(|wait| wait < Duration::from_secs(60)) {
///         return "try again after the wait";
///     }
///     match error.kind() {
///         ErrorKind::Timeout | ErrorKind::Unreachable => "try again later",
///         _ => "report it: the error holds no secret",
///     }
/// }
///
/// let error = Error::new(ErrorKind::Timeout, "no answer within 30 seconds").sent(true);
/// assert_eq!(next(&error), "try again later");
/// assert_eq!(error.evidence().sent, Some(true));
/// ```
#[derive(Clone, Debug)]
pub struct Error {
    kind: ErrorKind,
    message: Arc<str>,
    /// Boxed, so that a result stays small.
    evidence: Arc<Evidence>,
    source: Option<Arc<dyn std::error::Error + Send + Sync>>,
}

/// A result of the runtime.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// The kind of an error: what a caller can act on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The catalogue has no such provider.
    UnknownProvider,
    /// There is no such integration.
    UnknownIntegration,
    /// There is no such connection.
    UnknownConnection,
    /// A record with this key already exists.
    AlreadyExists,
    /// A required value is missing.
    MissingValue,
    /// A value does not fit its field.
    InvalidValue,
    /// A request that cannot be built: endpoint, header, body.
    InvalidRequest,
    /// The request would leave the hosts that the credential may reach.
    HostNotAllowed,
    /// An operator's secret would go to a host that a customer named.
    SecretHostNotAllowed,
    /// The upstream could not be reached, or the connection broke.
    Unreachable,
    /// The upstream's answer is not HTTP, or its body is not what its headers say.
    UnreadableResponse,
    /// The upstream did not answer in time.
    Timeout,
    /// The upstream answered a call with a status other than 2xx, and the caller had asked for the answer's value.
    Refused,
    /// The upstream answered a call with a success that cannot be read as expected: not JSON, a value of another
    /// type, a list that its pagination rule does not fit. The call was carried out.
    UnexpectedAnswer,
    /// The token endpoint refused, or answered with something that is not a token.
    TokenRefused,
    /// The token endpoint reported success, and its grant cannot be read: a refresh token that was sent may be used
    /// up.
    TokenUnreadable,
    /// The credential cannot be renewed: the customer has to connect again.
    ReconnectNeeded,
    /// A refresh failed a moment ago; the next attempt is not due yet.
    RefreshBackoff,
    /// A callback without a known, unexpired, unused state, or from another browser.
    InvalidState,
    /// A webhook that the vendor did not sign.
    NotAuthentic,
    /// The customer or the authorization server denied access.
    AuthorizationDenied,
    /// The provider did not confirm a credential that was to be stored.
    NotVerified,
    /// The account at the provider is several, and it has to be said which one is meant: [`Evidence::choices`].
    ChoiceNeeded,
    /// The store cannot be read or written now.
    StoreUnavailable,
    /// Stored data cannot be opened: another sealing key, or damage.
    SealBroken,
    /// Another writer changed the record first.
    Conflict,
    /// The mode or option is known but not supported.
    Unsupported,
    /// A defect of this library; please report it.
    Internal,
}

impl ErrorKind {
    /// A stable name for machines, as the server's error bodies carry it.
    pub const fn code(self) -> &'static str {
        match self {
            ErrorKind::UnknownProvider => "unknown_provider",
            ErrorKind::UnknownIntegration => "unknown_integration",
            ErrorKind::UnknownConnection => "unknown_connection",
            ErrorKind::AlreadyExists => "already_exists",
            ErrorKind::MissingValue => "missing_value",
            ErrorKind::InvalidValue => "invalid_value",
            ErrorKind::InvalidRequest => "invalid_request",
            ErrorKind::HostNotAllowed => "host_not_allowed",
            ErrorKind::SecretHostNotAllowed => "secret_host_not_allowed",
            ErrorKind::Unreachable => "upstream_unreachable",
            ErrorKind::UnreadableResponse => "upstream_unreadable",
            ErrorKind::Timeout => "upstream_timeout",
            ErrorKind::Refused => "upstream_refused",
            ErrorKind::UnexpectedAnswer => "unexpected_answer",
            ErrorKind::TokenRefused => "token_refused",
            ErrorKind::TokenUnreadable => "token_unreadable",
            ErrorKind::ReconnectNeeded => "reconnect_needed",
            ErrorKind::RefreshBackoff => "refresh_backoff",
            ErrorKind::InvalidState => "invalid_state",
            ErrorKind::NotAuthentic => "not_authentic",
            ErrorKind::AuthorizationDenied => "authorization_denied",
            ErrorKind::NotVerified => "not_verified",
            ErrorKind::ChoiceNeeded => "choice_needed",
            ErrorKind::StoreUnavailable => "store_unavailable",
            ErrorKind::SealBroken => "seal_broken",
            ErrorKind::Conflict => "conflict",
            ErrorKind::Unsupported => "unsupported",
            ErrorKind::Internal => "internal",
        }
    }
}

/// The step in which an error happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Stage {
    /// The page of the authorization server, and the way back from it.
    Authorize,
    /// Asking for a token.
    Token,
    /// Renewing a token.
    Refresh,
    /// Asking which account was connected.
    Lookup,
    /// Revoking a token.
    Revoke,
    /// Proving a credential with a call.
    Verify,
    /// Building and sending a call.
    Request,
    /// Reading the answer of a call.
    Response,
    /// Judging a link to the next page.
    PageLink,
    /// Judging the host or the address.
    Egress,
    /// Reading a webhook.
    Webhook,
    /// Reading or writing stored data.
    Store,
    /// A recorded exchange of a test.
    Testing,
}

impl Stage {
    /// The name in logs: `request`, `page link`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Stage::Authorize => "authorize",
            Stage::Token => "token",
            Stage::Refresh => "refresh",
            Stage::Lookup => "look-up",
            Stage::Revoke => "revoke",
            Stage::Verify => "verify",
            Stage::Request => "request",
            Stage::Response => "response",
            Stage::PageLink => "page link",
            Stage::Egress => "egress",
            Stage::Webhook => "webhook",
            Stage::Store => "store",
            Stage::Testing => "testing",
        }
    }
}

/// The circumstances of an error.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Evidence {
    /// The provider's key.
    pub provider: Option<String>,
    /// The step.
    pub stage: Option<Stage>,
    /// True if the request had left this process. `None` where there was none.
    pub sent: Option<bool>,
    /// The upstream's status.
    pub status: Option<u16>,
    /// The beginning of the upstream's body, at most 2 KiB, redacted.
    pub body: Option<String>,
    /// The endpoint that was called, such as `GET /users/{id}`: the template of a typed endpoint, else the path of the
    /// call without its query.
    pub endpoint: Option<String>,
    /// The headers of the upstream's answer, secrets masked; empty where there was none. `Debug` shows their names.
    pub headers: HeaderMap,
    /// The wait before another attempt: one that was too long to be made, or that an answer or a backoff asks for.
    pub wait: Option<Duration>,
    /// The error code of a token endpoint that refused (`invalid_client`; RFC 6749 section 5.2), or the vendor's own;
    /// at most 300 characters, redacted.
    pub oauth_error: Option<String>,
    /// The items to choose from, where a choice is needed or a value is none of them.
    pub choices: Option<Choices>,
}

impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evidence")
            .field("provider", &self.provider)
            .field("stage", &self.stage)
            .field("sent", &self.sent)
            .field("status", &self.status)
            .field("body", &self.body)
            .field("endpoint", &self.endpoint)
            .field("headers", &self.headers.keys().map(HeaderName::as_str).collect::<Vec<_>>())
            .field("wait", &self.wait)
            .field("oauth_error", &self.oauth_error)
            .field("choices", &self.choices)
            .finish()
    }
}

impl Error {
    /// An error of a kind. The message is lower case, without a full stop, and holds no secret.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Error {
        Error { kind, message: Arc::from(message.into()), evidence: Arc::default(), source: None }
    }

    /// The kind, which a caller can act on.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The message alone.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The evidence.
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// True if the customer has to connect again before any call can succeed.
    pub fn needs_reconnect(&self) -> bool {
        self.kind == ErrorKind::ReconnectNeeded
    }

    /// The wait before another attempt, if the upstream or a limit of this library says so.
    pub fn retry_after(&self) -> Option<Duration> {
        self.evidence.wait
    }

    /// The upstream's status, if it answered.
    pub fn status(&self) -> Option<StatusCode> {
        self.evidence.status.and_then(|status| StatusCode::from_u16(status).ok())
    }

    /// True if an answer did not come in time: the upstream's, or a status that says so of a server behind it (408,
    /// 504).
    pub fn is_timeout(&self) -> bool {
        self.kind == ErrorKind::Timeout || matches!(self.evidence.status, Some(408 | 504))
    }

    /// The headers of the upstream's answer, secrets masked; empty where there was none.
    pub fn headers(&self) -> &HeaderMap {
        &self.evidence.headers
    }

    /// The same error, of another kind and in other words.
    #[must_use]
    pub(crate) fn reworded(mut self, kind: ErrorKind, message: impl Into<String>) -> Error {
        self.kind = kind;
        self.message = Arc::from(message.into());
        self
    }

    /// Names the provider.
    #[must_use]
    pub fn provider(mut self, provider: &str) -> Error {
        self.evidence_mut().provider = Some(provider.to_owned());
        self
    }

    /// Names the step.
    #[must_use]
    pub fn stage(mut self, stage: Stage) -> Error {
        self.evidence_mut().stage = Some(stage);
        self
    }

    /// Says whether the request had left this process.
    #[must_use]
    pub fn sent(mut self, sent: bool) -> Error {
        self.evidence_mut().sent = Some(sent);
        self
    }

    /// Keeps the upstream's status and the beginning of its (already redacted) body.
    #[must_use]
    pub fn response(mut self, status: u16, body: impl Into<String>) -> Error {
        let mut body: String = body.into();
        let mut end = body.len().min(2048);
        while !body.is_char_boundary(end) {
            end -= 1;
        }
        body.truncate(end);
        self.evidence_mut().status = Some(status);
        self.evidence_mut().body = Some(body);
        self
    }

    /// Names the endpoint.
    #[must_use]
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Error {
        self.evidence_mut().endpoint = Some(endpoint.into());
        self
    }

    /// Keeps the headers of the upstream's answer, in which secrets are masked already.
    #[doc(hidden)]
    #[must_use]
    pub fn response_headers(mut self, headers: HeaderMap) -> Error {
        self.evidence_mut().headers = headers;
        self
    }

    /// Keeps the wait that was not made.
    #[doc(hidden)]
    #[must_use]
    pub fn wait(mut self, wait: Option<Duration>) -> Error {
        self.evidence_mut().wait = wait;
        self
    }

    /// Keeps the code that a token endpoint refused with.
    #[doc(hidden)]
    #[must_use]
    pub fn oauth_error(mut self, code: Option<String>) -> Error {
        self.evidence_mut().oauth_error = code;
        self
    }

    /// Keeps what there is to choose from.
    #[doc(hidden)]
    #[must_use]
    pub fn choices(mut self, choices: Choices) -> Error {
        self.evidence_mut().choices = Some(choices);
        self
    }

    /// Keeps what is known of another error.
    #[doc(hidden)]
    #[must_use]
    pub fn known(mut self, evidence: &Evidence) -> Error {
        self.evidence = Arc::new(evidence.clone());
        self
    }

    /// The error with something added to its message.
    #[doc(hidden)]
    #[must_use]
    pub fn adding(mut self, more: &str) -> Error {
        self.message = Arc::from([&*self.message, more].concat());
        self
    }

    /// Keeps the cause.
    #[must_use]
    pub fn source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// The evidence, to add to: a copy of its own where it is shared.
    fn evidence_mut(&mut self) -> &mut Evidence {
        Arc::make_mut(&mut self.evidence)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(provider) = &self.evidence.provider {
            write!(f, "{provider}: ")?;
        }
        if let Some(endpoint) = &self.evidence.endpoint {
            write!(f, "{endpoint}: ")?;
        }
        f.write_str(&self.message)?;
        if let Some(status) = self.evidence.status {
            write!(f, " (status {status})")?;
        }
        if self.evidence.sent == Some(false) {
            f.write_str(" (the request was not sent)")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clone_tells_all_that_the_error_tells_and_grows_by_itself() {
        let cause = std::io::Error::other("the disk is full");
        let error = Error::new(ErrorKind::RefreshBackoff, "later")
            .provider("acme")
            .stage(Stage::Refresh)
            .wait(Some(Duration::from_secs(8)))
            .source(cause);
        let copy = error.clone().adding(", please").sent(false);
        assert_eq!(std::error::Error::source(&copy).map(ToString::to_string).as_deref(), Some("the disk is full"));
        assert_eq!((copy.retry_after(), copy.evidence().stage), (Some(Duration::from_secs(8)), Some(Stage::Refresh)));
        assert_eq!((error.message(), error.evidence().sent), ("later", None));
        assert_eq!((copy.message(), copy.evidence().sent), ("later, please", Some(false)));
    }
}
