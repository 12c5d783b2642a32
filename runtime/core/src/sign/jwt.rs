//! JSON Web Tokens in the compact serialisation of JSON Web Signature (RFC 7515 section 3.1, RFC 7519).
//!
//! Header and claims keep the order in which they are given. It adds no claims and verifies nothing.

use super::{Algorithm, Key};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};
use zeroize::Zeroizing;

/// Signs claims. The header's `alg` selects the algorithm, and the key must fit it.
pub fn sign(header: &Map<String, Value>, claims: &Map<String, Value>, key: &Key) -> Result<Secret> {
    let name = header.get("alg").and_then(Value::as_str).ok_or_else(|| {
        Error::new(ErrorKind::InvalidValue, "the JWT header has no `alg`: name a signature algorithm, such as `RS256`")
    })?;
    let algorithm = Algorithm::named(name)?;
    let signed = Zeroizing::new(format!("{}.{}", part(header)?, part(claims)?));
    let signature = key.sign(algorithm, signed.as_bytes())?;
    Ok(Secret::new(format!("{}.{}", *signed, URL_SAFE_NO_PAD.encode(signature))))
}

fn part(map: &Map<String, Value>) -> Result<String> {
    let json = serde_json::to_vec(map)
        .map_err(|_| Error::new(ErrorKind::Internal, "a JSON object could not be written as text"))?;
    Ok(URL_SAFE_NO_PAD.encode(json))
}

#[cfg(test)]
mod tests;
