//! The functions of the language, on the primitives of [`crate::sign`].
//!
//! A function that cannot do its work is an error: literal text in place of a signature would be sent as one. The
//! compiler has split the arguments.

use super::{Scope, Unfit, sigv4};
use crate::error::Error;
use crate::secret::Secret;
use crate::sign::digest::{hex, hmac_sha1, hmac_sha256, sha256_base64, sha256_hex};
use crate::sign::{Algorithm, Key};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use keyway_format::function;
use keyway_spec::template::Function;

/// The result of a call whose arguments are evaluated.
pub(super) fn call(function: Function, arguments: &[String], scope: &Scope<'_>) -> Result<String, Unfit> {
    match (function, arguments) {
        (Function::Base64, [text]) => Ok(STANDARD.encode(text)),
        (Function::Sha256Hex, [text]) => Ok(sha256_hex(text.as_bytes())),
        (Function::Sha256Base64, [text]) => Ok(sha256_base64(text.as_bytes())),
        (Function::HmacSha1Hex, [message, key]) => Ok(hex(hmac_sha1(key.as_bytes(), message.as_bytes()).as_ref())),
        (Function::HmacSha256Hex, [message, key]) => Ok(hex(hmac_sha256(key.as_bytes(), message.as_bytes()).as_ref())),
        (Function::Truncate, [text, length]) => match length.trim().parse() {
            Ok(length) => Ok(text.chars().take(length).collect()),
            Err(_) => Err(Unfit::new(function.name(), "needs a number of characters as its second argument")),
        },
        (Function::Ed25519Sign, [message, key]) => ed25519(message, key),
        (Function::Fingerprint, [key]) => fingerprint(key),
        (Function::AwsSigV4, [key_id, secret, region, service, host @ ..]) if host.len() <= 1 => {
            sigv4::authorization(key_id, secret, region, service, host.first().map(String::as_str), scope)
        }
        _ => {
            let wrong = function::check_arity(function, arguments.len()).err();
            Err(Unfit::new(function.name(), wrong.unwrap_or_else(|| "cannot be called so".to_owned())))
        }
    }
}

/// Base64 of the signature (RFC 8032). An empty message is refused: it would sign nothing.
fn ed25519(message: &str, key: &str) -> Result<String, Unfit> {
    if message.is_empty() {
        return Err(Unfit::new(Function::Ed25519Sign.name(), "has no message to sign"));
    }
    let signature = Key::private(&Secret::from(key))
        .and_then(|key| key.sign(Algorithm::EdDsa, message.as_bytes()))
        .map_err(|error| unusable(Function::Ed25519Sign, &error))?;
    Ok(STANDARD.encode(signature))
}

/// `SHA256:` and the Base64 SHA-256 of the public key as SubjectPublicKeyInfo (RFC 5280 section 4.1).
fn fingerprint(key: &str) -> Result<String, Unfit> {
    let info = Key::private(&Secret::from(key))
        .and_then(|key| key.public_key_info())
        .map_err(|error| unusable(Function::Fingerprint, &error))?;
    Ok(format!("SHA256:{}", sha256_base64(&info)))
}

fn unusable(function: Function, error: &Error) -> Unfit {
    Unfit::new(function.name(), format!("cannot use its key: {}", error.message()))
}
