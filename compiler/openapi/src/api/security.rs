//! The ways to sign in that a document names.

use super::version::Version;
use crate::read::At;

/// A way in which a request proves who sends it, as a document says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// `Authorization: Basic`.
    Basic,
    /// `Authorization: Bearer`, or another scheme of that header.
    Bearer,
    /// A header of this name, in lower case.
    Header(String),
    /// A query parameter.
    Query(String),
    /// A cookie.
    Cookie(String),
    /// OAuth 2.0.
    OAuth2,
    /// OpenID Connect discovery.
    OpenId,
    /// Anything else, by its name.
    Other(String),
}

/// The schemes of a document by name.
pub fn schemes<'d>(root: &At<'d>, version: Version) -> Vec<(&'d str, Scheme)> {
    let at = match version {
        Version::Two => root.get("securityDefinitions"),
        Version::Three => root.path(&["components", "securitySchemes"]),
    };
    let members = at.iter().flat_map(At::members).collect::<Vec<_>>();
    members.into_iter().filter_map(|(name, at)| Some((name, scheme(&at.resolved().ok()?)?))).collect()
}

fn scheme(at: &At<'_>) -> Option<Scheme> {
    let name = || at.text("name").unwrap_or_default();
    Some(match at.text("type")? {
        "basic" => Scheme::Basic,
        "http" => match at.text("scheme").map(str::to_lowercase).as_deref() {
            Some("basic") => Scheme::Basic,
            _ => Scheme::Bearer,
        },
        "apiKey" => match at.text("in")? {
            "header" => Scheme::Header(name().to_lowercase()),
            "query" => Scheme::Query(name().to_owned()),
            _ => Scheme::Cookie(name().to_owned()),
        },
        "oauth2" => Scheme::OAuth2,
        "openIdConnect" => Scheme::OpenId,
        other => Scheme::Other(other.to_owned()),
    })
}
