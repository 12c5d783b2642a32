//! The claims of a token that is a JWT (RFC 7519).
//!
//! It is read, not verified: the token endpoint sent it over TLS, and nothing is decided by a claim that the endpoint
//! could not have said in the answer itself. Tokens that a person submits are not read.

use crate::json;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keyway_format::path;
use serde_json::{Map, Value};

/// The claims of a token; `None` if it is not a JWT.
pub(super) fn of(token: &str) -> Option<Map<String, Value>> {
    let mut parts = token.split('.');
    let claims = parts.nth(1).filter(|_| parts.next().is_some() && parts.next().is_none())?;
    let claims = URL_SAFE_NO_PAD.decode(claims.trim_end_matches('=')).ok()?;
    match json::exact(std::str::from_utf8(&claims).ok()?).ok()? {
        Value::Object(claims) => Some(claims),
        _ => None,
    }
}

/// The value in a token endpoint's answer at a path that may lead on into a token: `team.id`, `access_token.tid`.
pub(super) fn said(members: &Map<String, Value>, path: &str) -> Option<(String, String)> {
    captured(members, path).or_else(|| {
        let claim = |(dot, _)| {
            let token = path::get_member(members, path.get(..dot)?)?.as_str()?;
            captured(&of(token)?, path.get(dot + 1..)?)
        };
        path.match_indices('.').find_map(claim).map(|(_, value)| (path.to_owned(), value))
    })
}

/// The values that become configuration: texts, booleans and numbers, under the path as its name.
pub fn captured(members: &Map<String, Value>, path: &str) -> Option<(String, String)> {
    let value = match path::get_member(members, path)? {
        Value::String(text) => text.clone(),
        value @ (Value::Bool(_) | Value::Number(_)) => value.to_string(),
        _ => return None,
    };
    Some((path.to_owned(), value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_path_leads_into_the_claims_of_a_token() {
        let jwt = |claims: &Value| format!("h.{}.s", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let token = jwt(&json!({"tid": "t-1", "org": {"id": 7}, "https://acme.test/site": "x"}));
        let answer = json!({"access_token": token, "id.token": token, "data": {"jwt": token}, "opaque": "a.b", "n": 1});
        for (path, expected) in [
            ("access_token.tid", Some("t-1")),
            ("access_token.org.id", Some("7")),
            ("access_token.https://acme.test/site", Some("x")),
            ("id.token.tid", Some("t-1")),
            ("data.jwt.tid", Some("t-1")),
            ("access_token.org", None),
            ("access_token.sub", None),
            ("access_token.", None),
            ("opaque.tid", None),
            ("n.tid", None),
            ("missing.tid", None),
        ] {
            let expected = expected.map(|value| (path.to_owned(), value.to_owned()));
            assert_eq!(said(answer.as_object().unwrap(), path), expected, "{path}");
        }
        for token in ["", "a.b", "a.b.c.d", "a.!.c", "a.bm8.c", "a.W10.c"] {
            assert_eq!(of(token), None, "{token}");
        }
    }
}
