//! Parts of requests that do not show what they carry.
//!
//! The proxied call's request is [`crate::request::Plan`], the token endpoint's
//! [`crate::auth::token_request::TokenRequest`]. The proxied call's is [`crate::request::Plan`], the token endpoint's
//! [`crate::auth::token_request::TokenRequest`].

use crate::secret::Secret;
use std::borrow::Cow;
use std::fmt;

/// A URL that does not show itself.
#[derive(Clone)]
pub struct PlannedUrl(pub ::url::Url);

impl fmt::Debug for PlannedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}/..", self.0.scheme(), self.0.host_str().unwrap_or(""))
    }
}

/// A header of a request.
#[derive(Clone, Debug)]
pub struct PlannedHeader {
    /// The name, lower case; borrowed where the entry or the mode has it.
    pub name: Cow<'static, str>,
    /// The value.
    pub value: Secret,
    /// True if the entry or the auth mode put it there: it never leaves the provider's hosts.
    pub injected: bool,
}
