//! A request ready to be sent.
//!
//! Data only: [`crate::request`] makes one, an auth mode may sign it, and what sends it asks [`crate::egress`] first.

use crate::call::CallBody;
use crate::identity::ClientIdentity;
use crate::planned::{PlannedHeader, PlannedUrl};
use crate::secret::Secret;
use std::borrow::Cow;

/// The `user-agent` (RFC 9110 section 10.1.5) of a program that gives none of its own: `keyway/<version>`.
pub const USER_AGENT: &str = concat!("keyway/", env!("CARGO_PKG_VERSION"));

/// A request ready to be sent, credentials included.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Plan {
    /// The method.
    pub method: http::Method,
    /// The final URL. May hold a credential: shown only through masking. [`Plan::target`] is what is sent.
    pub url: PlannedUrl,
    /// The query as it is sent. A URL parser respells a part of it: `'` becomes `%27`.
    pub query: Option<Secret>,
    /// Headers in order, names in lower case. Values may hold a credential.
    pub headers: Vec<PlannedHeader>,
    /// The body.
    pub body: CallBody,
    /// Values of the entry's own query parameters: they are in the URL, and must not be in a foreign one.
    pub query_secrets: Vec<Secret>,
    /// The client certificate of the connection (RFC 8705): never shown to a foreign host.
    pub identity: Option<ClientIdentity>,
}

impl Plan {
    /// Names the program that sends the request, unless the entry or the caller said another name.
    #[doc(hidden)]
    #[must_use]
    pub fn named(mut self, program: &str) -> Plan {
        let own = |header: &&mut PlannedHeader| header.name == "user-agent" && !header.injected;
        if let Some(header) = self.headers.iter_mut().find(own).filter(|header| header.value.expose() == USER_AGENT) {
            header.value = Secret::from(program);
        }
        self
    }

    /// The URL as it is sent, the query in the caller's own spelling. May hold a credential.
    pub fn target(&self) -> Cow<'_, str> {
        let Plan { url: PlannedUrl(url), query, .. } = self;
        match query.as_ref().map(Secret::expose) {
            Some(query) if url.query() != Some(query) => {
                let before = &url[..::url::Position::AfterPath];
                Cow::Owned([before, "?", query].concat())
            }
            _ => Cow::Borrowed(url.as_str()),
        }
    }
}
