//! An answer, read as its quirks say: what makes it a success, and where it holds what.

use crate::auth::claims::said;
use crate::auth::exchange::Answer;
use crate::auth::token_response::{
    MemberNames, ResponseLayout, at, expiry, failed, members, refused, text, token_at, without_token,
};
use crate::auth::two_step::xml;
use crate::auth::unsupported;
use crate::clock::Timestamp;
use crate::connection::ConfigMap;
use crate::error::{Error, ErrorKind, Result};
use crate::json::{equals, number};
use crate::secret::Secret;
use jiff::SignedDuration;
use keyway_spec::Entry;
use keyway_spec::auth::TokenEndpoint;
use keyway_spec::quirks::{LifetimeUnit, ResponseQuirks};
use serde_json::{Map, Value as Json};

/// The values in an answer.
pub(super) struct TokenAnswer {
    pub(super) access: Option<Secret>,
    pub(super) refresh: Option<Secret>,
    pub(super) expires_at: Option<Timestamp>,
    /// True if the answer says a lifetime of 0, and nothing else about the end of the token.
    pub(super) has_zero_lifetime: bool,
    pub(super) metadata: ConfigMap,
    pub(super) members: Map<String, Json>,
}

/// The accepted forms of an answer.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    /// The endpoint that answered.
    pub(super) endpoint: &'a TokenEndpoint,
    /// The unit of lifetimes, where the entry says one for all answers.
    pub(super) unit: Option<LifetimeUnit>,
    /// True if it may be XML. No token endpoint of the standard answers so (RFC 6749 section 5.1).
    pub(super) xml: bool,
}

/// Reads an answer: JSON, a form, or XML, whose outermost element is a member by its name. One without a token is a
/// refusal, unless the token is to stay the stored one.
pub(super) fn read(answer: &Answer, quirks: &ResponseQuirks, reading: Reading<'_>) -> Result<TokenAnswer> {
    let Reading { xml, .. } = reading;
    let body = answer.body.expose();
    let members = members(body).or_else(|| of_xml(body).filter(|_| xml));
    let succeeded = quirks.status.map_or((200..300).contains(&answer.status), |status| status == answer.status);
    if !succeeded {
        return Err(refused(answer, members.as_ref(), "the token endpoint refused"));
    }
    let Some(members) = members else {
        let what = if xml {
            "the token endpoint answered with neither a JSON object nor a form nor XML"
        } else {
            "the token endpoint answered with neither a JSON object nor a form"
        };
        return Err(failed(ErrorKind::TokenUnreadable, answer, None, what));
    };
    let is = |entry: &Entry| at(&members, entry.name).is_some_and(|value| equals(value, &entry.value));
    if quirks.error_if.iter().any(is) || !quirks.success_if.iter().all(is) {
        return Err(refused(answer, Some(&members), "the token endpoint refused"));
    }
    let root = match quirks.root {
        None => Some(&members),
        Some(path) => at(&members, path).and_then(Json::as_object),
    };
    let Some(root) = root else {
        return Err(without_token(answer, &members, "the token endpoint answered without a token"));
    };
    token_of(root, &members, quirks, reading, answer.received)?
        .ok_or_else(|| without_token(answer, &members, "the token endpoint answered without a token"))
}

/// The members of an XML document.
fn of_xml(body: &str) -> Option<Map<String, Json>> {
    let body = body.trim_start_matches('\u{feff}').trim();
    let read = body.starts_with('<').then(|| xml::read(body).ok()).flatten()?;
    if let Json::Object(members) = read { Some(members) } else { None }
}

/// The token in an object that was received at an instant, and what stands beside it in the answer that the object is
/// from; `None` where there is none, unless the token is to stay the stored one.
pub(super) fn token_of(
    root: &Map<String, Json>,
    members: &Map<String, Json>,
    quirks: &ResponseQuirks,
    reading: Reading<'_>,
    received: Timestamp,
) -> Result<Option<TokenAnswer>> {
    let names = MemberNames {
        token: quirks.token,
        refresh_token: quirks.refresh_token,
        expires_at: quirks.expires_at,
        expires_in: quirks.expires_in,
    };
    let Reading { endpoint, unit, .. } = reading;
    let unit = quirks.expires_in_unit.or(unit).unwrap_or_default();
    let layout = ResponseLayout { alternate: endpoint.alternate_token_path, names, unit, ..ResponseLayout::default() };
    let found = token_at(root, layout);
    if found.is_none() && !quirks.keep_access_token {
        return Ok(None);
    }
    let context = found.map_or(root, |(_, context)| context);
    unsupported::check_type(context.get("token_type").or_else(|| members.get("token_type")))?;
    let fixed = quirks.lifetime.map(|seconds| SignedDuration::from_secs(i64::from(seconds)));
    let expires_at = match fixed {
        Some(lifetime) => received.checked_add(lifetime).ok(),
        None => expiry(context, layout, received),
    };
    let is_zero = |path| at(context, path).and_then(number) == Some(0.0);
    let is_silent = |path| at(context, path).is_none_or(|value| value.is_null() || value.as_str() == Some(""));
    let says_nothing_else = is_silent(names.expires_at) || is_zero(names.expires_at);
    Ok(Some(TokenAnswer {
        access: found.map(|(token, _)| Secret::new(token)),
        refresh: at(context, quirks.refresh_token).and_then(text).map(Secret::new),
        expires_at,
        has_zero_lifetime: fixed.is_none() && is_zero(names.expires_in) && says_nothing_else,
        metadata: endpoint.response_metadata.iter().filter_map(|path| said(members, path)).collect(),
        members: members.clone(),
    }))
}

/// The error of a later request: any single-use value has been used by then.
pub(super) fn after(error: Error) -> Error {
    let message = format!("a token was granted, but the request that follows failed: {}", error.message());
    Error::new(ErrorKind::TokenUnreadable, message).sent(true).source(error)
}
