//! What a protected resource says about itself (RFC 9728): which authorization server it trusts, which scopes it has.
//!
//! Asked for at the well-known places; where there is nothing, the server itself is asked without a token, and its
//! `WWW-Authenticate` header may name the place (section 5.1). A server that says nothing is its own authorization
//! server. Absent here: signed metadata.

use crate::auth::exchange::Answer;
use crate::auth::replay::{Replay, Stop};
use crate::auth::token_request::TokenRequest;
use crate::error::{Error, ErrorKind, Result};
use crate::response::uri_text;
use http::header::WWW_AUTHENTICATE;
use serde_json::{Map, Value};
use url::Url;

/// A protected resource.
pub(super) struct Resource {
    /// Its identifier, which tokens are asked for (RFC 8707).
    pub(super) identifier: String,
    /// The issuer identifier of its authorization server.
    pub(super) authority: String,
    /// Scopes to ask for.
    pub(super) scopes: Vec<String>,
}

const WELL_KNOWN: &str = "oauth-protected-resource";

/// Asks until the resource is known.
pub(super) fn find(server: &Url, replay: &mut Replay<'_>) -> Result<Resource, Stop> {
    let path = server.path().trim_end_matches('/');
    let own = well_known(server, WELL_KNOWN, path);
    let root = well_known(server, WELL_KNOWN, "");
    for place in std::iter::once(own).chain(Some(root).filter(|_| !path.is_empty())) {
        if let Some(members) = members(replay.answer(TokenRequest::discovery(place))?) {
            return Ok(read(server, &members)?);
        }
    }
    let answer = replay.answer(TokenRequest::discovery(server.clone()))?;
    if let Some(place) = named(answer) {
        let place =
            Url::parse(&place).map_err(|_| refused("the server names its metadata with something that is no URL"))?;
        not_weaker(server, &place)?;
        let answer = replay.answer(TokenRequest::discovery(place))?;
        let members = members(answer).ok_or_else(|| refused("the server names metadata that is not there"))?;
        return Ok(read(server, &members)?);
    }
    Ok(Resource { identifier: server.as_str().to_owned(), authority: origin(server), scopes: Vec::new() })
}

/// The URL of a well-known document: the suffix stands before the path (RFC 8615, RFC 8414 section 3.1).
pub(super) fn well_known(url: &Url, suffix: &str, path: &str) -> Url {
    let mut place = url.clone();
    place.set_query(None);
    place.set_fragment(None);
    place.set_path(&format!("/.well-known/{suffix}{path}"));
    place
}

/// The members of an answer that is a document; `None` where there is none.
pub(super) fn members(answer: &Answer) -> Option<Map<String, Value>> {
    serde_json::from_str(answer.body.expose()).ok().filter(|_| answer.status == 200)
}

/// The texts of a list.
pub(super) fn texts(members: &Map<String, Value>, name: &str) -> Vec<String> {
    let items = members.get(name).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).take(MOST_ITEMS).map(str::to_owned).collect()
}

/// More scopes than this do not fit into a URL.
const MOST_ITEMS: usize = 100;

/// Refuses a URL that gives up TLS where the one that led to it had it.
pub(super) fn not_weaker(from: &Url, to: &Url) -> Result<()> {
    if from.scheme() == "https" && to.scheme() != "https" {
        return Err(refused("the server's metadata names a URL without `https:`"));
    }
    Ok(())
}

/// An error of discovery.
pub(super) fn refused(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::TokenRefused, message)
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
    let authority = texts(members, "authorization_servers").into_iter().next();
    if let Some(url) = authority.as_deref().and_then(|text| Url::parse(text).ok()) {
        not_weaker(server, &url)?;
    }
    Ok(Resource {
        identifier: identifier.to_owned(),
        authority: authority.unwrap_or_else(|| origin(server)),
        scopes: texts(members, "scopes_supported"),
    })
}

fn contains(resource: &Url, server: &Url) -> bool {
    let path = resource.path().trim_end_matches('/');
    server.path().strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn origin(server: &Url) -> String {
    server.origin().ascii_serialization()
}

/// The URL in `resource_metadata` of a challenge (RFC 9728 section 5.1).
fn named(answer: &Answer) -> Option<String> {
    let values: Vec<String> = answer.headers.get_all(WWW_AUTHENTICATE).iter().map(uri_text).collect();
    let mut values = values.iter().map(String::as_str);
    values.find_map(|value| parameter(value, "resource_metadata"))
}

/// A parameter of a challenge: `name=token` or `name="quoted"` (RFC 9110 section 11.2).
fn parameter(challenge: &str, name: &str) -> Option<String> {
    let mut rest = challenge;
    while let Some((before, behind)) = rest.split_once('=') {
        let found = before.rsplit([' ', ',', '\t']).next().is_some_and(|last| last.eq_ignore_ascii_case(name));
        let (value, after) = if let Some(quoted) = behind.strip_prefix('"') {
            unquote(quoted)?
        } else {
            let (value, after) = behind.split_at_checked(behind.find([',', ' ']).unwrap_or(behind.len()))?;
            (value.to_owned(), after)
        };
        if found {
            return Some(value);
        }
        rest = after;
    }
    None
}

/// A quoted string without its quotes, and what stands behind it.
fn unquote(quoted: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((index, char)) = chars.next() {
        match char {
            '"' => return Some((value, quoted.get(index + 1..)?)),
            '\\' => value.push(chars.next()?.1),
            other => value.push(other),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_the_metadata_is_read_from_a_challenge() {
        for (challenge, expected) in [
            (r#"Bearer resource_metadata="https://a/b?c=d""#, Some("https://a/b?c=d")),
            (
                r#"Bearer error="invalid_token", error_description="a, \"b\"=c", Resource_Metadata="https://a""#,
                Some("https://a"),
            ),
            ("Bearer resource_metadata=https://a, scope=x", Some("https://a")),
            (
                r#"Basic realm="resource_metadata=https://evil", Bearer resource_metadata="https://a""#,
                Some("https://a"),
            ),
            (r#"Bearer not_resource_metadata="https://evil""#, None),
            (r#"Bearer resource_metadata="https://unended"#, None),
            ("Bearer", None),
            ("", None),
        ] {
            assert_eq!(parameter(challenge, "resource_metadata").as_deref(), expected, "{challenge}");
        }
    }

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
}
