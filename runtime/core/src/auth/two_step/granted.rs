//! The outcome of a login: token, refresh token, lifetime, and the other values that the entry keeps.
//!
//! A lifetime is kept as it was said: the margin before it is taken when a renewal is decided, and once only.

use super::headers;
use crate::auth::claims;
use crate::auth::exchange::{Answer, Granted};
use crate::auth::token_response::{
    DEFAULT_LIFETIME, failed, instant, is_number, lifetime_of, plausible, without_token,
};
use crate::clock::Timestamp;
use crate::credentials::Token;
use crate::error::{ErrorKind, Result};
use crate::json::number;
use crate::secret::Secret;
use jiff::{SignedDuration, Span, SpanRelativeTo};
use keyway_format::path;
use keyway_spec::auth::{TokenResponse, TwoStep};
use keyway_spec::quirks::LifetimeUnit;
use serde_json::Value;

/// The credentials in the last of the answers.
pub(super) fn granted(mode: &TwoStep, unit: LifetimeUnit, answers: &[Answer], read: &[Value]) -> Result<Granted> {
    // Without a request nothing is granted.
    let (Some(answer), Some(last)) = (answers.last(), read.last()) else { return Ok(Granted::default()) };
    let response = &mode.response;
    let Some(access) = token(last, response.token) else {
        let what = "the login was answered without a token";
        return Err(match last.as_object() {
            Some(members) => without_token(answer, members, what),
            None => failed(ErrorKind::TokenUnreadable, answer, None, what),
        });
    };
    let refresh = response.refresh_token.and_then(|path| token(last, path)).map(Secret::new);
    let expires_at = expiry(mode, unit, last, (&access, refresh.as_ref()), answer.received);
    let raw = Some(Secret::new(last.to_string()));
    // The answer with the token counts; an earlier one may say what that one does not repeat.
    let said = |path: &str| read.iter().rev().find_map(|value| claims::said(value.as_object()?, path));
    Ok(Granted {
        token: Some(Token { access: Secret::new(access), refresh, expires_at, raw }),
        obtained: headers::kept(mode.response_headers, answers),
        metadata: mode.response_metadata.iter().filter_map(|path| said(path)).collect(),
    })
}

/// The token at a path, or the whole answer. Only a word is one: a page or a broken object is not.
fn token(answer: &Value, path: &str) -> Option<String> {
    let value = if path.is_empty() { Some(answer) } else { path::get(answer, path) };
    let text = match value? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let is_page = path.is_empty() && (text.starts_with(['<', '{', '[', '"']) || text.contains(char::is_whitespace));
    (!text.is_empty() && !is_page).then_some(text)
}

/// When the token expires: as the answer says, else as the entry says, else by the token's own `exp`.
fn expiry(
    mode: &TwoStep,
    unit: LifetimeUnit,
    answer: &Value,
    (access, refresh): (&str, Option<&Secret>),
    now: Timestamp,
) -> Option<Timestamp> {
    let said = mode.response.expiration.and_then(|path| path::get(answer, path));
    if let Some(said) = said.and_then(|value| instant_of(&mode.response, unit, value, now)) {
        return Some(said);
    }
    let fixed = mode.expires_in_ms.filter(|lifetime| *lifetime > 0);
    let fixed = fixed.and_then(|lifetime| now.checked_add(SignedDuration::from_millis(lifetime)).ok());
    let own = [Some(access), refresh.map(Secret::expose)].into_iter().flatten().filter_map(own_expiry);
    let own = own.filter(|end| plausible(*end, now));
    // An implausible number must not be read as an unlimited lifetime.
    let numbered = said.is_some_and(is_number);
    let otherwise = || numbered.then(|| now.checked_add(DEFAULT_LIFETIME).ok()).flatten();
    fixed.into_iter().chain(own).min().or_else(otherwise)
}

fn instant_of(response: &TokenResponse, unit: LifetimeUnit, value: &Value, now: Timestamp) -> Option<Timestamp> {
    if number(value).is_some_and(|number| number <= 0.0) {
        return None;
    }
    if !response.expiration_is_duration {
        return instant(value, now).filter(|end| plausible(*end, now));
    }
    let lifetime = match number(value) {
        Some(amount) => lifetime_of(amount, unit)?,
        None => duration(value.as_str()?)?,
    };
    now.checked_add(lifetime).ok().filter(|end| plausible(*end, now))
}

/// A duration in words: `60m`, `1h`, `2 days`.
fn duration(text: &str) -> Option<SignedDuration> {
    let span: Span = text.trim().parse().ok()?;
    let duration = span.to_duration(SpanRelativeTo::days_are_24_hours()).ok()?;
    (duration > SignedDuration::ZERO).then_some(duration)
}

/// The `exp` of a token that is a JWT (RFC 7519 section 4.1.4). It is read without verifying the signature: at worst
/// the token is renewed too early.
fn own_expiry(token: &str) -> Option<Timestamp> {
    let since = SignedDuration::try_from_secs_f64(number(claims::of(token)?.get("exp")?)?).ok()?;
    Timestamp::from_duration(since).ok()
}
