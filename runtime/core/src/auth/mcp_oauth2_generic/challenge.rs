//! The challenge of an MCP server to a request without a token (RFC 6750 section 3, RFC 9728 section 5.1).

use super::metadata::{MAX_ITEMS, not_weaker, refused};
use crate::auth::exchange::Answer;
use crate::auth::replay::{Replay, Stop};
use crate::auth::token_request::TokenRequest;
use crate::auth::unsupported;
use crate::error::Result;
use http::Method;
use http::header::WWW_AUTHENTICATE;
use serde_json::json;
use url::Url;

/// The parameters of a challenge.
#[derive(Debug, Default)]
pub(super) struct Challenge {
    /// Where the resource's metadata is.
    pub(super) metadata: Option<Url>,
    /// Which scopes the request would have needed.
    pub(super) scopes: Vec<String>,
}

/// Asks the server without a token. One that does not answer, or does not challenge, is no error: its metadata may be
/// at the well-known places.
pub(super) fn ask(server: &Url, replay: &mut Replay<'_>) -> Result<Challenge, Stop> {
    let get = TokenRequest { optional: true, ..TokenRequest::discovery(server.clone()) };
    let answer = replay.answer(get)?;
    // Some protect only the method that clients begin with (MCP 2025-11-25, Streamable HTTP).
    let answer = match answer.status {
        400 | 404 | 405 | 406 => replay.answer(initialize(server))?,
        _ => answer,
    };
    Ok(read(server, answer)?)
}

/// The first request of an MCP client (MCP 2025-11-25, Lifecycle).
fn initialize(server: &Url) -> TokenRequest {
    let body = json!({
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {
            "protocolVersion": "2025-11-25", "capabilities": {},
            "clientInfo": {"name": "keyway", "version": env!("CARGO_PKG_VERSION")},
        },
    });
    let discovery = TokenRequest::discovery(server.clone());
    let mut request = TokenRequest { method: Method::POST, body: body.to_string().into(), optional: true, ..discovery };
    request.set_header("accept", "application/json, text/event-stream");
    request.set_header("content-type", "application/json");
    request
}

fn read(server: &Url, answer: &Answer) -> Result<Challenge> {
    let values = answer.headers.get_all(WWW_AUTHENTICATE).iter();
    let values: Vec<_> = values.map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()).collect();
    unsupported::check_challenges(&values)?;
    let said = |name: &str| values.iter().find_map(|value| parameter(value, name));
    let metadata = said("resource_metadata").map(|place| {
        let unreadable = "the server names its metadata with something that is no URL";
        let place = Url::parse(&place).map_err(|_| refused(unreadable))?;
        not_weaker(server, &place).map(|()| place)
    });
    let scopes = said("scope").unwrap_or_default();
    let scopes = scopes.split_ascii_whitespace().take(MAX_ITEMS).map(str::to_owned).collect();
    Ok(Challenge { metadata: metadata.transpose()?, scopes })
}

/// A parameter of a challenge: `name=token` or `name="quoted"`, blanks around the sign allowed (RFC 9110 section 11.2).
fn parameter(challenge: &str, name: &str) -> Option<String> {
    let mut rest = challenge;
    while let Some((before, behind)) = rest.split_once('=') {
        let last = before.trim_end().rsplit([' ', ',', '\t']).next();
        let found = last.is_some_and(|last| last.eq_ignore_ascii_case(name));
        let behind = behind.trim_start();
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

/// A quoted string without its quotes, and what stands after it.
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
    fn a_parameter_is_read_from_a_challenge() {
        for (challenge, expected) in [
            (r#"Bearer resource_metadata="https://a/b?c=d""#, Some("https://a/b?c=d")),
            (
                r#"Bearer error="invalid_token", error_description="a, \"b\"=c", Resource_Metadata="https://a""#,
                Some("https://a"),
            ),
            ("Bearer resource_metadata=https://a, scope=x", Some("https://a")),
            (r#"Bearer realm="x, y", resource_metadata = "https://a""#, Some("https://a")),
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
    fn a_challenge_names_scopes_and_its_metadata_keeps_tls() {
        let server = Url::parse("https://mcp.test/mcp").unwrap();
        for (value, expected) in [
            (&b"Bearer scope=\"files:read  files:write\""[..], Some((None, &["files:read", "files:write"][..]))),
            // A byte that is not UTF-8, where only people read.
            (
                b"Bearer realm=\"caf\xe9\", resource_metadata=\"https://a.test/m\"",
                Some((Some("https://a.test/m"), &[])),
            ),
            (b"Bearer resource_metadata=\"http://a.test/m\"", None),
            (b"Bearer resource_metadata=\"nowhere\"", None),
        ] {
            let mut answer = Answer::none(crate::clock::Timestamp::UNIX_EPOCH);
            answer.headers.append(WWW_AUTHENTICATE, http::HeaderValue::from_bytes(value).unwrap());
            let read = read(&server, &answer).ok();
            let shown = read.as_ref().map(|read| (read.metadata.as_ref().map(Url::as_str), read.scopes.clone()));
            let expected = expected.map(|(place, scopes)| (place, scopes.iter().map(|s| (*s).to_owned()).collect()));
            assert_eq!(shown, expected);
        }
    }
}
