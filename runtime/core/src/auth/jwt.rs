//! A JSON Web Token (RFC 7519), signed here with the customer's key.
//!
//! The entry says what it holds; `iat` and `exp` come from the clock. Nothing is asked of the provider, and renewing is
//! signing again. Algorithms and keys are in [`crate::sign`].

use super::exchange::{Answer, Grant, Granted, Step};
use super::method::Method;
use super::token_request::text;
use super::unsigned_jwt::UnsignedJwt;
use crate::clock::Timestamp;
use crate::credentials::{Credentials, Token};
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::secret::Secret;
use crate::sign::{Key, jwt};
use crate::template::{Scope, Text, evaluate};
use jiff::SignedDuration;
use keyway_spec::auth::{Jwt, KeyKind};
use keyway_spec::{Entry, Value};
use serde_json::{Map, Value as Json};

/// The longest value that is a key, a name or a list of scopes.
const MAX_BYTES: usize = 1 << 16;

impl Method for Jwt {
    fn check(&self, credentials: &Credentials) -> Result<()> {
        check(credentials)
    }

    /// A new token.
    fn step(&self, inputs: &Inputs<'_>, _: Grant<'_>, _: &[Answer]) -> Result<Step<Granted>> {
        let access = signed(inputs, self)?;
        let expires_at = Some(expiry(inputs.moment.now, self)?);
        Ok(Step::Done(Granted {
            token: Some(Token { access, refresh: None, expires_at, raw: None }),
            ..Granted::default()
        }))
    }

    fn unsigned_jwt(&self, inputs: &Inputs<'_>) -> Result<Option<UnsignedJwt>> {
        unsigned(inputs, self).map(Some)
    }
}

/// Refuses values that are no credentials by their length alone; the entry's own fields say the rest.
pub(super) fn check(credentials: &Credentials) -> Result<()> {
    let values = credentials.inputs.iter().chain(&credentials.assertion_options);
    let too_long = values.into_iter().find(|(_, value)| value.expose().len() > MAX_BYTES);
    match too_long {
        Some((name, _)) => {
            let message = format!("the credential `{name}` is longer than {MAX_BYTES} bytes");
            Err(Error::new(ErrorKind::InvalidValue, message))
        }
        None => Ok(()),
    }
}

/// The token that the entry describes.
pub(super) fn signed(inputs: &Inputs<'_>, mode: &Jwt) -> Result<Secret> {
    let scope = inputs.scope();
    let key = Secret::new(text(&mode.signing_key, &scope)?);
    let key = match mode.key_kind {
        KeyKind::Rsa | KeyKind::Ec => Key::private(&key),
        KeyKind::HmacHex => Key::shared_hex(&key),
        KeyKind::HmacUtf8 => Key::shared(&key),
    }?;
    let UnsignedJwt { header, claims } = unsigned(inputs, mode)?;
    jwt::sign(&header, &claims, &key)
}

/// The token before it is signed.
fn unsigned(inputs: &Inputs<'_>, mode: &Jwt) -> Result<UnsignedJwt> {
    let scope = inputs.scope();
    let mut header = header();
    header.extend(claims(mode.header, &scope)?);
    let now = inputs.moment.now;
    let mut payload = claims(mode.payload, &scope)?;
    payload.insert("iat".to_owned(), now.as_second().into());
    payload.insert("exp".to_owned(), expiry(now, mode)?.as_second().into());
    Ok(UnsignedJwt { header, claims: payload })
}

/// The header of a token whose entry does not say otherwise (RFC 7519 section 5.1).
pub(super) fn header() -> Map<String, Json> {
    [("alg".to_owned(), "RS256".into()), ("typ".to_owned(), "JWT".into())].into_iter().collect()
}

fn expiry(now: Timestamp, mode: &Jwt) -> Result<Timestamp> {
    let lifetime = SignedDuration::from_millis(mode.expires_in_ms);
    now.checked_add(lifetime)
        .map_err(|_| Error::new(ErrorKind::InvalidValue, "`token.expires_in_ms` reaches beyond the end of time"))
}

fn claims(entries: &[Entry], scope: &Scope<'_>) -> Result<Map<String, Json>> {
    let mut claims = Map::new();
    for entry in entries {
        if let Some(value) = claim(&entry.value, scope)? {
            claims.insert(entry.name.to_owned(), value);
        }
    }
    Ok(claims)
}

/// A claim; `None` where its text needs a value that the customer left out, and for a list of nothing. Its depth is the
/// compiler's business.
fn claim(value: &Value, scope: &Scope<'_>) -> Result<Option<Json>> {
    Ok(Some(match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::from(*value),
        Value::Integer(value) => Json::from(*value),
        Value::Float(value) => Json::from(*value),
        Value::Text(template) => match evaluate(template, scope)? {
            Text::Resolved(text) => Json::from(text),
            Text::Unresolved(_) => return Ok(None),
        },
        Value::Map(entries) => Json::Object(claims(entries, scope)?),
        Value::List(items) => {
            let items = list(items, scope)?;
            return Ok((!items.is_empty()).then_some(Json::Array(items)));
        }
    }))
}

/// A list. One text may hold several items, with commas between them.
fn list(items: &[Value], scope: &Scope<'_>) -> Result<Vec<Json>> {
    let mut list = Vec::new();
    for item in items {
        match claim(item, scope)? {
            Some(Json::String(text)) => {
                list.extend(text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(Json::from));
            }
            Some(other) => list.push(other),
            None => {}
        }
    }
    Ok(list)
}
