//! A reference that has no value.
//!
//! The caller decides whether that is an error.

use keyway_spec::{Reference, Root};
use std::fmt;

/// A reference that has no value. Shown as people write it: `connectionConfig.subdomain`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing(pub Reference);

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Reference { root, path, .. } = self.0;
        let root = match root {
            Root::ConnectionConfig => "connectionConfig",
            Root::Credentials => "credentials",
            Root::AssertionOption => "assertionOption",
            Root::Metadata => "metadata",
            Root::AccessToken => "accessToken",
            Root::ClientId => "clientId",
            Root::ClientSecret => "clientSecret",
            Root::RefreshToken => "refresh_token",
            Root::Token => "token",
            Root::Assertion => "assertion",
            Root::Step(number) => return write!(f, "step{number}.{path}"),
            Root::AppPublicLink => "appPublicLink",
            Root::ConnectionId => "connection_id",
            Root::Method => "method",
            Root::Host => "host",
            Root::Path => "path",
            Root::Endpoint => "endpoint",
            Root::Params => "params",
            Root::UrlCanonicalParams => "urlCanonicalParams",
            Root::BodyCanonicalParams => "bodyCanonicalParams",
            Root::ContentType => "contentType",
            Root::Code => "code",
            Root::Callback => "callback",
            Root::RedirectUri => "redirectUri",
            Root::Scopes => "scopes",
        };
        f.write_str(root)?;
        if path.is_empty() { Ok(()) } else { write!(f, ".{path}") }
    }
}
