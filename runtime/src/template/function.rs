//! The functions of the language, on `ring`'s primitives.
//!
//! A function that cannot do its work is an error: literal text in place of a signature would be sent as one.
//! Absent here: the splitting of arguments, which is the compiler's.

use super::{Scope, Unfit, sigv4};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use keyway_spec::template::Function;
use ring::signature::KeyPair;
use ring::{digest, hmac, signature};

/// The result of a call whose arguments are evaluated.
pub(super) fn call(function: Function, arguments: &[String], scope: &Scope<'_>) -> Result<String, Unfit> {
    match (function, arguments) {
        (Function::Base64, [text]) => Ok(STANDARD.encode(text)),
        (Function::Sha256Hex, [text]) => Ok(hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())),
        (Function::Sha256Base64, [text]) => Ok(STANDARD.encode(digest::digest(&digest::SHA256, text.as_bytes()))),
        (Function::HmacSha1Hex, [message, key]) => {
            let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key.as_bytes());
            Ok(hex(hmac::sign(&key, message.as_bytes()).as_ref()))
        }
        (Function::HmacSha256Hex, [message, key]) => {
            let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
            Ok(hex(hmac::sign(&key, message.as_bytes()).as_ref()))
        }
        (Function::Truncate, [text, length]) => match length.trim().parse() {
            Ok(length) => Ok(text.chars().take(length).collect()),
            Err(_) => Err(Unfit::new(name(function), "needs a number of characters as its second argument")),
        },
        (Function::Ed25519Sign, [message, key]) => ed25519(message, key),
        (Function::Fingerprint, [key]) => fingerprint(key),
        (Function::AwsSigV4, [key_id, secret, region, service, host @ ..]) if host.len() <= 1 => {
            sigv4::authorization(key_id, secret, region, service, host.first().map(String::as_str), scope)
        }
        _ => Err(Unfit::new(name(function), "got the wrong number of arguments")),
    }
}

fn name(function: Function) -> &'static str {
    match function {
        Function::Base64 => "base64",
        Function::Sha256Hex => "sha256Hex",
        Function::Sha256Base64 => "sha256Base64",
        Function::HmacSha1Hex => "hmacSha1Hex",
        Function::HmacSha256Hex => "hmacSha256Hex",
        Function::Truncate => "truncate",
        Function::Ed25519Sign => "ed25519Sign",
        Function::Fingerprint => "fingerprint",
        Function::AwsSigV4 => "awsSigV4",
    }
}

/// Base64 of the signature (RFC 8032). An empty message or key is refused: it would sign nothing.
fn ed25519(message: &str, key: &str) -> Result<String, Unfit> {
    let unfit = |reason| Unfit::new(name(Function::Ed25519Sign), reason);
    if message.is_empty() {
        return Err(unfit("has no message to sign"));
    }
    let der = pkcs8(key).ok_or_else(|| unfit("needs a private key in PKCS#8, as PEM or Base64"))?;
    // Keys in version 1 of PKCS#8 carry no public key, so there is nothing to check the private one against.
    let pair = signature::Ed25519KeyPair::from_pkcs8_maybe_unchecked(&der)
        .map_err(|_| unfit("needs an Ed25519 private key in PKCS#8"))?;
    Ok(STANDARD.encode(pair.sign(message.as_bytes())))
}

/// `SHA256:` and the Base64 SHA-256 of the public key as SubjectPublicKeyInfo (RFC 5280 section 4.1).
fn fingerprint(key: &str) -> Result<String, Unfit> {
    let unfit = |reason| Unfit::new(name(Function::Fingerprint), reason);
    let der = pkcs8(key).ok_or_else(|| unfit("needs a private key in PKCS#8, as PEM or Base64"))?;
    let pair = signature::RsaKeyPair::from_pkcs8(&der)
        .map_err(|_| unfit("needs an RSA private key of 2048 to 4096 bits in PKCS#8"))?;
    let info = subject_public_key_info(pair.public_key().as_ref());
    Ok(format!("SHA256:{}", STANDARD.encode(digest::digest(&digest::SHA256, &info))))
}

/// Wraps an RSAPublicKey (RFC 8017 appendix A.1.1) as SubjectPublicKeyInfo.
fn subject_public_key_info(rsa: &[u8]) -> Vec<u8> {
    /// `SEQUENCE { OID rsaEncryption, NULL }`.
    const RSA_ENCRYPTION: [u8; 15] =
        [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let bits = der(0x03, &[&[0], rsa].concat());
    der(0x30, &[&RSA_ENCRYPTION, bits.as_slice()].concat())
}

/// One DER value.
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let significant: Vec<u8> = length.iter().copied().skip_while(|byte| *byte == 0).collect();
    let mut value = vec![tag];
    match significant.as_slice() {
        [] => value.push(0),
        [short] if *short < 0x80 => value.push(*short),
        // At most eight bytes of length.
        long => {
            value.push(0x80 | u8::try_from(long.len()).unwrap_or(8));
            value.extend_from_slice(long);
        }
    }
    value.extend_from_slice(content);
    value
}

/// The DER of a private key in PEM or bare Base64. A literal `\n`, as in keys pasted from JSON, is a line break.
fn pkcs8(text: &str) -> Option<Vec<u8>> {
    let lines = text.replace("\\n", "\n");
    let body: String = lines
        .lines()
        .filter(|line| !line.contains("-----"))
        .flat_map(str::chars)
        .filter(|c| !c.is_whitespace())
        .collect();
    (!body.is_empty()).then(|| STANDARD.decode(body).ok())?
}

/// Lower-case hexadecimal.
pub(super) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
