//! The record: each request that was seen, and each check that was made of it.
//!
//! Secrets stand in it by their names: `Bearer ${accessToken}`.

use crate::injected::InjectedFault;
use std::fmt;

/// The kind of endpoint that a request went to, or was meant for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EndpointKind {
    /// A document that says where to sign in, or the challenge that leads to it (RFC 9728, RFC 8414).
    Discovery,
    /// The registration of a client (RFC 7591).
    Registration,
    /// The vendor's page that a browser opens.
    Authorize,
    /// The token endpoint, redeeming a code.
    TokenCode,
    /// The token endpoint, redeeming a refresh token.
    TokenRefresh,
    /// The token endpoint, redeeming the client itself.
    TokenClient,
    /// A request after the first of an exchange, or one that obtains a second token.
    TokenFurther,
    /// The login of stored credentials, or a step after it.
    LogIn,
    /// Temporary credentials of OAuth 1.0 (RFC 5849 section 2.1).
    TemporaryCredentials,
    /// Token credentials of OAuth 1.0 (RFC 5849 section 2.3).
    TokenCredentials,
    /// The question whether a token is active (RFC 7662).
    Introspect,
    /// A look-up about the account that was just connected.
    Lookup,
    /// The end of a token (RFC 7009).
    Revoke,
    /// The call that verifies a credential (`proxy.verification`).
    Probe,
    /// Any other call of the API.
    Call,
    /// A page of the list, from 1.
    Page(u8),
    /// The path that answers once that a quota is spent.
    Limited,
    /// Nothing that the entry describes.
    Unknown,
}

/// One check of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The thing that was checked: `client_secret in the body`.
    pub what: String,
    /// The value that was expected, secrets by name.
    pub expected: String,
    /// The value that was there, secrets by name.
    pub got: String,
    /// True if it is as expected.
    pub ok: bool,
}

/// A request that was seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenRequest {
    /// Its endpoint.
    pub endpoint: EndpointKind,
    /// Its method.
    pub method: String,
    /// Its URL, secrets by name.
    pub url: String,
    /// Its instant, in milliseconds since the epoch.
    pub at: i64,
    /// The checks, in order.
    pub checks: Vec<Check>,
    /// The status that was answered.
    pub status: u16,
    /// The reason of a refusal, or the fault that was injected.
    pub reason: Option<String>,
    /// The fault that was injected.
    pub fault: Option<InjectedFault>,
}

impl SeenRequest {
    /// The checks that failed.
    pub fn wrong(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|check| !check.ok)
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Check { what, expected, got, ok } = self;
        if *ok { write!(f, "{what}: {got}") } else { write!(f, "{what}: expected {expected}, got {got}") }
    }
}

/// The checks of one request, and the first reason to refuse it.
#[derive(Debug, Default)]
pub(crate) struct Checks {
    pub(crate) list: Vec<Check>,
    pub(crate) refusal: Option<RefusalKind>,
}

/// The reason to refuse a request, and the answer to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RefusalKind {
    /// An error of RFC 6749 section 5.2, by its code.
    OAuth(&'static str),
    /// The credential of a call (RFC 6750 section 3.1, RFC 9110 section 15.5.2).
    Unauthorized,
    /// A status of HTTP.
    Status(u16),
}

impl Checks {
    /// Notes a check; if it failed, the first reason stays.
    pub(crate) fn note(
        &mut self,
        ok: bool,
        refused: RefusalKind,
        what: impl Into<String>,
        expected: impl Into<String>,
        got: impl Into<String>,
    ) -> bool {
        self.list.push(Check { what: what.into(), expected: expected.into(), got: got.into(), ok });
        if !ok && self.refusal.is_none() {
            self.refusal = Some(refused);
        }
        ok
    }

    /// Notes something that must be so, if it is not.
    pub(crate) fn unless(
        &mut self,
        ok: bool,
        refused: RefusalKind,
        what: &str,
        expected: &str,
        got: impl Into<String>,
    ) {
        if !ok {
            self.note(false, refused, what, expected, got);
        }
    }

    /// The number of checks that failed.
    pub(crate) fn wrong(&self) -> usize {
        self.list.iter().filter(|check| !check.ok).count()
    }

    /// Appends other checks.
    pub(crate) fn extend(&mut self, other: Checks) {
        self.list.extend(other.list);
        self.refusal = self.refusal.or(other.refusal);
    }

    /// The first check that failed, as a sentence.
    pub(crate) fn reason(&self) -> Option<String> {
        self.list.iter().find(|check| !check.ok).map(Check::to_string)
    }
}
