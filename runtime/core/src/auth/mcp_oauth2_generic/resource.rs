//! The metadata of a protected resource (RFC 9728): the authorization servers that it trusts, the scopes that it has.
//!
//! The place that the server's challenge names comes before the well-known ones (MCP 2025-11-25). A server that says
//! nothing is its own authorization server. Not supported: signed metadata.

use super::challenge;
use super::metadata::{members, refused, texts, well_known};
use crate::auth::replay::{Replay, Stop};
use crate::auth::token_request::TokenRequest;
use crate::auth::unsupported;
use crate::error::Result;
use serde_json::{Map, Value};
use url::Url;

/// A protected resource.
pub(super) struct Resource {
    /// Its identifier, which tokens are asked for (RFC 8707).
    pub(super) identifier: String,
    /// The issuer identifiers of its authorization servers, at least one.
    pub(super) authorities: Vec<String>,
    /// Scopes that the server's challenge asks for.
    pub(super) challenged: Vec<String>,
    /// Scopes that it has.
    pub(super) scopes: Vec<String>,
}

const WELL_KNOWN: &str = "oauth-protected-resource";

/// The most authorization servers of one resource that are tried.
const MAX_AUTHORITIES: usize = 4;
/// Asks until the resource is known.
pub(super) fn find(server: &Url, replay: &mut Replay<'_>) -> Result<Resource, Stop> {
    let challenge = challenge::ask(server, replay)?;
    let known = |resource: Resource| Resource { challenged: challenge.scopes.clone(), ..resource };
    if let Some(place) = challenge.metadata {
        let answer = replay.answer(TokenRequest::discovery(place))?;
        let members = members(answer).ok_or_else(|| refused("the server names metadata that is not there"))?;
        return Ok(known(read(server, &members)?));
    }
    for place in places(server) {
        if let Some(members) = members(replay.answer(TokenRequest::discovery(place))?) {
            return Ok(known(read(server, &members)?));
        }
    }
    Ok(known(silent(server)))
}

/// Where the metadata of a resource may be: after the suffix its path and query as they are, final slash included
/// (RFC 9728 section 3.1); without them; at the root.
fn places(server: &Url) -> Vec<Url> {
    let path = if server.path() == "/" { "" } else { server.path() };
    let mut exact = well_known(server, WELL_KNOWN, path);
    exact.set_query(server.query());
    let mut places = vec![exact];
    for path in [path.trim_end_matches('/'), ""] {
        let place = well_known(server, WELL_KNOWN, path);
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

/// A resource without metadata.
fn silent(server: &Url) -> Resource {
    Resource {
        identifier: server.as_str().to_owned(),
        authorities: vec![origin(server)],
        challenged: Vec::new(),
        scopes: Vec::new(),
    }
}

/// Metadata must be about the server that was asked, or about a resource that it is part of: else any server could
/// have tokens made for another (RFC 9728 sections 3.3 and 7.3).
fn read(server: &Url, members: &Map<String, Value>) -> Result<Resource> {
    let identifier = members.get("resource").and_then(Value::as_str).unwrap_or(server.as_str());
    let about =
        Url::parse(identifier).ok().filter(|about| about.origin() == server.origin() && contains(about, server));
    if about.is_none() {
        return Err(refused("the protected-resource metadata is about another resource than `mcp_server_url`"));
    }
    unsupported::check_resource(members)?;
    let mut authorities = texts(members, "authorization_servers");
    authorities.truncate(MAX_AUTHORITIES);
    if authorities.is_empty() {
        authorities.push(origin(server));
    }
    Ok(Resource {
        identifier: identifier.to_owned(),
        authorities,
        scopes: texts(members, "scopes_supported"),
        ..silent(server)
    })
}

fn contains(resource: &Url, server: &Url) -> bool {
    let path = resource.path().trim_end_matches('/');
    server.path().strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn origin(server: &Url) -> String {
    server.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_about_the_server_or_a_resource_that_it_is_part_of() {
        let server = Url::parse("https://mcp.test/v1/mcp").unwrap();
        for (resource, fits) in [
            ("https://mcp.test/v1/mcp", true),
            ("https://mcp.test/v1/mcp/", true),
            ("https://mcp.test/v1", true),
            ("https://mcp.test", true),
            ("https://mcp.test/v", false),
            ("https://mcp.test/other", false),
            ("https://mcp.test:8443/v1/mcp", false),
            ("http://mcp.test/v1/mcp", false),
            ("https://bank.test/v1/mcp", false),
            ("bank", false),
        ] {
            let members = Map::from_iter([("resource".to_owned(), Value::from(resource))]);
            assert_eq!(read(&server, &members).is_ok(), fits, "{resource}");
        }
    }

    #[test]
    fn a_place_keeps_the_final_slash_and_the_query_of_its_resource_first() {
        const BASE: &str = "https://mcp.test/.well-known/oauth-protected-resource";
        for (server, behind) in [
            ("https://mcp.test", &[""][..]),
            ("https://mcp.test/", &[""]),
            ("https://mcp.test/mcp", &["/mcp", ""]),
            ("https://mcp.test/mcp/", &["/mcp/", "/mcp", ""]),
            ("https://mcp.test/mcp?tenant=1", &["/mcp?tenant=1", "/mcp", ""]),
            ("https://mcp.test/?tenant=1", &["?tenant=1", ""]),
        ] {
            let places: Vec<String> = places(&Url::parse(server).unwrap()).into_iter().map(Into::into).collect();
            let expected: Vec<String> = behind.iter().map(|behind| format!("{BASE}{behind}")).collect();
            assert_eq!(places, expected, "{server}");
        }
    }
}
