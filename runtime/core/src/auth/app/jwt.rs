//! The JWT with which an app speaks for itself (RFC 7519): who, from when, until when; RS256.
//!
//! It is signed by [`crate::sign`].

use super::Identity;
use crate::clock::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use crate::sign::{Key, jwt};
use serde_json::{Map, Value};

/// The seconds by which `iat` lies in the past: a vendor whose clock is a little behind refuses a token from the
/// future.
const BACKDATED: i64 = 60;
/// From `iat` to `exp`, in seconds: the longest that vendors accept.
const LIFETIME: i64 = 600;

/// Signs it.
pub(super) fn signed(app: Identity<'_>, now: Timestamp) -> Result<Secret> {
    let key = key(app.key)?;
    let issued = now.as_second().saturating_sub(BACKDATED);
    let members = |pairs: [(&str, Value); 3]| pairs.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
    let header = Map::from_iter([("alg", "RS256"), ("typ", "JWT")].map(|(name, text)| (name.to_owned(), text.into())));
    let claims: Map<String, Value> =
        members([("iat", issued.into()), ("exp", issued.saturating_add(LIFETIME).into()), ("iss", app.id.into())]);
    jwt::sign(&header, &claims, &key)
}

/// The app's key; an error names where the operator put it.
pub(super) fn key(text: &Secret) -> Result<Key> {
    Key::private(text).map_err(|error| {
        Error::new(ErrorKind::InvalidValue, format!("the app's private key cannot be used: {}", error.message()))
    })
}
