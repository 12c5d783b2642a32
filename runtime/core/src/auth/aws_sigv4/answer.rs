//! Answers of STS: XML as its API has it, or JSON, as endpoints in its place write it.
//!
//! Names are read in any spelling (`AccessKeyId`, `accessKeyId`, `access_key_id`). XML is read as a flat stream of
//! elements: no document type, no entity but the five of the language, nothing nested without end.

use crate::auth::exchange::Answer;
use crate::auth::token_response::instant;
use crate::clock::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::mask::hide;
use crate::secret::Secret;
use jiff::SignedDuration;
use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;
use std::collections::BTreeMap;

/// The lifetime of credentials where the answer does not name one.
const LIFETIME: SignedDuration = SignedDuration::from_hours(1);
/// The deepest nesting of an answer.
const MAX_DEPTH: usize = 16;

/// Temporary credentials.
pub(super) struct Issued {
    pub(super) key_id: Secret,
    pub(super) secret: Secret,
    pub(super) session_token: Secret,
    pub(super) expires_at: Timestamp,
}

/// The credentials of an answer.
pub(super) fn issued(answer: &Answer) -> Result<Issued> {
    if !(200..300).contains(&answer.status) {
        return Err(refused(
            answer,
            "the role could not be assumed: check its trust policy, principal and external id",
        ));
    }
    let Some(found) = members(answer.body.expose()) else {
        return Err(refused(answer, "STS answered with neither XML nor JSON"));
    };
    let text = |name: &str| found.get(name).and_then(Value::as_str).filter(|text| !text.is_empty()).map(Secret::from);
    let expires_at = ["expiration", "expiresat"].iter().find_map(|name| found.get(*name));
    let expires_at = match expires_at {
        Some(value) => instant(value, answer.received),
        None => answer.received.checked_add(LIFETIME).ok(),
    };
    match (text("accesskeyid"), text("secretaccesskey"), text("sessiontoken"), expires_at) {
        (Some(key_id), Some(secret), Some(session_token), Some(expires_at)) => {
            Ok(Issued { key_id, secret, session_token, expires_at })
        }
        _ => Err(refused(answer, "STS answered without whole temporary credentials")),
    }
}

/// An error with the code and message that STS gave, without any secret that was sent.
pub(super) fn refused(answer: &Answer, what: &str) -> Error {
    let found = members(answer.body.expose()).unwrap_or_default();
    let said = |name: &str| found.get(name).and_then(Value::as_str).map(|text| hide(text, &answer.secrets));
    let message = match (said("code"), said("message")) {
        (Some(code), Some(described)) => format!("{what}: `{code}`: {described}"),
        (Some(code), None) => format!("{what}: `{code}`"),
        _ => what.to_owned(),
    };
    let body = said("message").unwrap_or_else(|| format!("[{} bytes, not shown]", answer.body.expose().len()));
    Error::new(ErrorKind::TokenRefused, message).sent(true).response(answer.status, body)
}

/// The leaves of an answer by their plain names (lower case, letters and digits); the first of a name counts.
fn members(body: &str) -> Option<BTreeMap<String, Value>> {
    let body = body.trim_start_matches('\u{feff}').trim();
    if body.starts_with('<') { xml(body) } else { json(body) }
}

fn json(body: &str) -> Option<BTreeMap<String, Value>> {
    let Ok(Value::Object(whole)) = serde_json::from_str(body) else { return None };
    let mut found = BTreeMap::new();
    let mut open = vec![whole];
    // The parser bounds how deep this goes.
    while let Some(object) = open.pop() {
        for (name, value) in object {
            match value {
                Value::Object(inner) => open.push(inner),
                leaf => _ = found.entry(plain(&name)).or_insert(leaf),
            }
        }
    }
    Some(found)
}

fn xml(body: &str) -> Option<BTreeMap<String, Value>> {
    let mut reader = Reader::from_str(body);
    let mut found = BTreeMap::new();
    let (mut path, mut text): (Vec<String>, String) = (Vec::new(), String::new());
    loop {
        match reader.read_event().ok()? {
            Event::Start(element) => {
                if path.len() == MAX_DEPTH {
                    return None;
                }
                path.push(plain(element.local_name().as_ref()));
                text.clear();
            }
            Event::End(_) => {
                let (name, text) = (path.pop()?, std::mem::take(&mut text));
                if !text.trim().is_empty() {
                    found.entry(name).or_insert_with(|| Value::from(text.trim()));
                }
            }
            Event::Text(piece) => text.push_str(&piece),
            Event::CData(piece) => text.push_str(&piece),
            Event::GeneralRef(entity) => text.push(character(&entity)?),
            Event::DocType(_) => return None,
            Event::Eof => return path.is_empty().then_some(found),
            Event::Empty(_) | Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
        }
    }
}

/// The character of a reference. No document type is read, so there are no others.
fn character(entity: &quick_xml::events::BytesRef<'_>) -> Option<char> {
    if entity.is_char_ref() {
        return entity.resolve_char_ref().ok()?;
    }
    quick_xml::escape::resolve_predefined_entity(entity)?.chars().next()
}

fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests;
