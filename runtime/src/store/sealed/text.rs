//! How secrets are written down before they are sealed: JSON.
//!
//! The only place where a [`Secret`] becomes part of something serialized; the bytes are wiped on drop and leave this
//! crate sealed.

use crate::clock::Timestamp;
use crate::credentials::{Credentials, Token};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use zeroize::Zeroizing;

/// The text form of a serializable value.
pub(in crate::store) fn to_json<T: Serialize>(value: &T) -> Result<Zeroizing<Vec<u8>>> {
    serde_json::to_vec(value)
        .map(Zeroizing::new)
        .map_err(|_| Error::new(ErrorKind::Internal, "a record has no JSON form"))
}

/// The value of a text form. The cause is not kept: it may quote the text.
pub(in crate::store) fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    serde_json::from_slice(bytes)
        .map_err(|_| Error::new(ErrorKind::SealBroken, "a stored record opens but does not read: restore a copy"))
}

/// The text form of credentials.
pub(in crate::store) fn credentials_to_json(credentials: &Credentials) -> Result<Zeroizing<Vec<u8>>> {
    to_json(&credentials_ref(credentials))
}

/// Credentials as what is written.
pub(super) fn credentials_ref(credentials: &Credentials) -> CredentialsRef<'_> {
    CredentialsRef {
        inputs: secrets_ref(&credentials.inputs),
        assertion_options: secrets_ref(&credentials.assertion_options),
        obtained: secrets_ref(&credentials.obtained),
        token: credentials.token.as_ref().map(|token| TokenRef {
            access: token.access.expose(),
            refresh: token.refresh.as_ref().map(Secret::expose),
            expires_at: token.expires_at.map(Timestamp::as_microsecond),
            raw: token.raw.as_ref().map(Secret::expose),
        }),
    }
}

/// The credentials of a text form.
pub(in crate::store) fn credentials_from_json(bytes: &[u8]) -> Result<Credentials> {
    from_json(bytes).and_then(credentials_owned)
}

/// Credentials of what was written.
pub(super) fn credentials_owned(written: CredentialsOwned) -> Result<Credentials> {
    let CredentialsOwned { inputs, assertion_options, obtained, token } = written;
    let token = token.map(|token| {
        Ok::<_, Error>(
            Token::new(Secret::from(token.access))
                .refresh(token.refresh.map(Secret::from))
                .expires_at(token.expires_at.map(timestamp).transpose()?)
                .raw(token.raw.map(Secret::from)),
        )
    });
    Ok(Credentials::submitted(secrets_owned(inputs))
        .assertion_options(secrets_owned(assertion_options))
        .token(token.transpose()?)
        .obtained(secrets_owned(obtained)))
}

/// The text form of named secrets.
pub(in crate::store) fn secrets_to_json(secrets: &BTreeMap<String, Secret>) -> Result<Zeroizing<Vec<u8>>> {
    to_json(&secrets_ref(secrets))
}

/// The named secrets of a text form.
pub(in crate::store) fn secrets_from_json(bytes: &[u8]) -> Result<BTreeMap<String, Secret>> {
    from_json(bytes).map(secrets_owned)
}

/// An instant from microseconds since the epoch: the precision of every stored instant.
pub(in crate::store) fn timestamp(microseconds: i64) -> Result<Timestamp> {
    Timestamp::from_microsecond(microseconds)
        .map_err(|_| Error::new(ErrorKind::SealBroken, "a stored instant is out of range: restore a copy"))
}

/// The same where there may be none.
pub(in crate::store) fn optional_timestamp(microseconds: Option<i64>) -> Result<Option<Timestamp>> {
    microseconds.map(timestamp).transpose()
}

/// A list of texts as JSON.
pub(in crate::store) fn text_list(texts: &[String]) -> Result<String> {
    let json = to_json(&texts)?;
    Ok(String::from_utf8_lossy(&json).into_owned())
}

#[derive(Serialize)]
pub(super) struct CredentialsRef<'a> {
    inputs: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    assertion_options: BTreeMap<&'a str, &'a str>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    obtained: BTreeMap<&'a str, &'a str>,
    token: Option<TokenRef<'a>>,
}

#[derive(Serialize)]
struct TokenRef<'a> {
    access: &'a str,
    refresh: Option<&'a str>,
    expires_at: Option<i64>,
    raw: Option<&'a str>,
}

#[derive(Deserialize)]
pub(super) struct CredentialsOwned {
    inputs: BTreeMap<String, String>,
    #[serde(default)]
    assertion_options: BTreeMap<String, String>,
    #[serde(default)]
    obtained: BTreeMap<String, String>,
    token: Option<TokenOwned>,
}

#[derive(Deserialize)]
struct TokenOwned {
    access: String,
    refresh: Option<String>,
    expires_at: Option<i64>,
    raw: Option<String>,
}

pub(super) fn secrets_ref(secrets: &BTreeMap<String, Secret>) -> BTreeMap<&str, &str> {
    secrets.iter().map(|(name, secret)| (name.as_str(), secret.expose())).collect()
}

pub(super) fn secrets_owned(texts: BTreeMap<String, String>) -> BTreeMap<String, Secret> {
    texts.into_iter().map(|(name, text)| (name, Secret::from(text))).collect()
}
