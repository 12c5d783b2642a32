//! Private keys in PEM (RFC 7468) as they arrive, and in the DER inside.
//!
//! Strict readers refuse what people paste: line breaks that became spaces or the characters `\n`, no armour at all,
//! the whole file once more in Base64. The armour only says where the key is; its kind is read from the DER.
//! Encrypted keys and OpenSSH's own format are refused with the command that converts them.

use super::{KeyMaterial, invalid};
use crate::error::{Error, Result};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use ring::error::KeyRejected;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair,
};
use sec1::EcPrivateKey;
use sec1::der::asn1::OctetStringRef;
use sec1::der::{Decode as _, Reader as _, SliceReader};
use spki::AlgorithmIdentifierRef;
use zeroize::Zeroizing;

/// Padding is often lost on the way.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The key in a text that is not JSON.
pub(super) fn read(text: &str) -> Result<KeyMaterial> {
    key(&der(text)?)
}

/// The DER of the private key in a text, of whatever kind it is.
pub(crate) fn der(text: &str) -> Result<Zeroizing<Vec<u8>>> {
    let der = decode(text)?;
    // Base64 of a whole PEM file, as keys are kept in one line of an environment.
    match std::str::from_utf8(&der) {
        Ok(inner) if inner.contains(BEGIN) => decode(inner),
        _ => Ok(der),
    }
}

/// The DER of every block of a label, in order, or of a text without armour; `None` where there is nothing.
pub fn blocks(text: &str, label: &str) -> Option<Vec<Vec<u8>>> {
    let lines = text.replace("\\r", "\r").replace("\\n", "\n");
    if !lines.contains(BEGIN) {
        let der = base64(&lines)?;
        return match std::str::from_utf8(&der) {
            Ok(inner) if inner.contains(BEGIN) => armoured(inner, label),
            _ => Some(vec![der]),
        };
    }
    armoured(&lines, label)
}

fn armoured(text: &str, label: &str) -> Option<Vec<Vec<u8>>> {
    let blocks = text.split(BEGIN).skip(1).filter_map(|block| block.split_once("-----"));
    let bodies = blocks.filter(|(found, _)| *found == label).map(|(_, rest)| rest.split("-----END").next());
    let ders: Option<Vec<_>> = bodies.map(|body| base64(body?)).collect();
    ders.filter(|ders| !ders.is_empty())
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let body: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    LENIENT.decode(body).ok().filter(|der| !der.is_empty())
}

const BEGIN: &str = "-----BEGIN ";

/// The bytes of the private key's block, or of the whole text when it has no armour.
fn decode(text: &str) -> Result<Zeroizing<Vec<u8>>> {
    let block = if text.contains(BEGIN) { block(text)? } else { text };
    // Allocated at full length, because a growing string leaves copies of the key that are not wiped.
    let mut body = Zeroizing::new(String::with_capacity(block.len()));
    for line in block.split("\\n").flat_map(|line| line.split("\\r")).flat_map(str::split_whitespace) {
        body.push_str(line);
    }
    if body.is_empty() {
        return Err(invalid("the private key has no content between its lines `BEGIN` and `END`"));
    }
    let der = LENIENT.decode(body.as_bytes()).map_err(|_| {
        invalid("the private key is not PEM: between `BEGIN` and `END` (or alone) it must be Base64, complete and unchanged")
    })?;
    Ok(Zeroizing::new(der))
}

/// The content of the first `PRIVATE KEY` block. OpenSSL writes a block of parameters before an EC key.
fn block(text: &str) -> Result<&str> {
    let mut refused = None;
    for block in text.split(BEGIN).skip(1) {
        let Some((label, rest)) = block.split_once("-----") else { continue };
        let body = rest.split_once("-----END").map_or(rest, |(body, _)| body);
        match label {
            "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" if !body.contains("ENCRYPTED") => return Ok(body),
            "OPENSSH PRIVATE KEY" => refused = Some(OPENSSH),
            _ if label.ends_with("PRIVATE KEY") => refused = Some(ENCRYPTED),
            _ => {}
        }
    }
    Err(invalid(refused.unwrap_or("the PEM has no `PRIVATE KEY` block: this may be a certificate or a public key")))
}

const ENCRYPTED: &str = "the private key is encrypted or of an unknown kind: write it plainly in PKCS#8 with \
                         `openssl pkcs8 -topk8 -nocrypt`";
const OPENSSH: &str = "the private key is in OpenSSH's own format: convert a copy of it with `ssh-keygen -p -m PKCS8`";

/// Tries the encodings in which a private key may be.
fn key(der: &[u8]) -> Result<KeyMaterial> {
    let mut reason = None;
    for attempt in [RsaKeyPair::from_pkcs8(der), RsaKeyPair::from_der(der)] {
        match attempt {
            Ok(pair) => return Ok(KeyMaterial::Rsa(Box::new(pair))),
            Err(rejected) => reason = reason.or_else(|| telling(&rejected)),
        }
    }
    // Version 1 of PKCS#8 has no public key to check the private one against, and most Ed25519 keys are in it.
    if let Ok(pair) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der) {
        return Ok(KeyMaterial::Ed25519(Box::new(pair)));
    }
    // The same structure, by itself (SEC1) or inside of PKCS#8.
    if let Ok(parts) = EcPrivateKey::try_from(der).or_else(|_| EcPrivateKey::try_from(inner(der)?)) {
        let public = parts.public_key.ok_or_else(|| invalid(NO_PUBLIC))?;
        return ec(parts.private_key, public);
    }
    Err(reason.map_or_else(unknown, invalid))
}

/// The key inside PKCS#8 (RFC 5208 section 5).
fn inner(der: &[u8]) -> sec1::der::Result<&[u8]> {
    SliceReader::new(der)?.sequence(|reader| {
        u8::decode(reader)?;
        AlgorithmIdentifierRef::decode(reader)?;
        Ok(<&OctetStringRef>::decode(reader)?.as_bytes())
    })
}

/// An EC key by the length of its private number.
pub(super) fn ec(private: &[u8], public: &[u8]) -> Result<KeyMaterial> {
    let read = |algorithm| {
        EcdsaKeyPair::from_private_key_and_public_key(algorithm, private, public, &SystemRandom::new())
            .map(Box::new)
            .map_err(|_| {
                invalid("the EC private key does not belong to its public key, or its curve is not the one named")
            })
    };
    match private.len() {
        32 => read(&ECDSA_P256_SHA256_FIXED_SIGNING).map(KeyMaterial::P256),
        48 => read(&ECDSA_P384_SHA384_FIXED_SIGNING).map(KeyMaterial::P384),
        _ => Err(unknown()),
    }
}

const NO_PUBLIC: &str = "the EC private key comes without its public key: write it in full with `openssl ec`";

fn unknown() -> Error {
    invalid(
        "the private key cannot be used: it must be RSA (2048 to 4096 bits), EC on P-256 or P-384 with its public key, or \
         Ed25519, in PKCS#8, PKCS#1 or SEC1",
    )
}

/// Reasons that say more than "something else".
fn telling(rejected: &KeyRejected) -> Option<&'static str> {
    match rejected.to_string().as_str() {
        "TooSmall" => Some("the RSA private key is too short: it needs at least 2048 bits"),
        "TooLarge" => Some("the RSA private key is too long: it may have at most 4096 bits"),
        "InconsistentComponents" | "InvalidComponent" => Some("the RSA private key is damaged: its parts do not fit"),
        _ => None,
    }
}
