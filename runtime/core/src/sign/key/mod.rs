//! Keys, in every spelling in which people paste them.
//!
//! A key that is read can sign; that it fits an algorithm is checked when it does. No error shows any part of a key.
//! Not supported: verification, key generation, certificates.

mod jwk;
pub mod pem;

use super::Algorithm;
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use data_encoding::HEXLOWER_PERMISSIVE;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{self, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RsaEncoding, RsaKeyPair};
use spki::der::asn1::{AnyRef, BitStringRef};
use spki::der::{Encode as _, oid::ObjectIdentifier};
use spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfo};
use std::fmt;
use zeroize::Zeroizing;

/// A private key or a shared secret.
pub struct Key(KeyMaterial);

enum KeyMaterial {
    Rsa(Box<RsaKeyPair>),
    P256(Box<EcdsaKeyPair>),
    P384(Box<EcdsaKeyPair>),
    Ed25519(Box<Ed25519KeyPair>),
    Shared(Zeroizing<Vec<u8>>),
}

impl Key {
    /// Reads a private key: PEM or its bare Base64 (PKCS#8, PKCS#1, SEC1), Base64 of a whole PEM, or a JSON Web Key.
    ///
    /// Line breaks may be missing, spaces, or the two characters `\n`, as in keys that went through JSON or a form.
    pub fn private(text: &Secret) -> Result<Key> {
        let trimmed = text.expose().trim();
        if trimmed.is_empty() {
            return Err(invalid("the private key is empty"));
        }
        if trimmed.starts_with('{') { jwk::read(trimmed) } else { pem::read(trimmed) }.map(Key)
    }

    /// A shared secret for HMAC: the text's bytes.
    pub fn shared(text: &Secret) -> Result<Key> {
        Key::bytes(Zeroizing::new(text.expose().as_bytes().to_vec()))
    }

    /// A shared secret for HMAC, written in hexadecimal.
    pub fn shared_hex(text: &Secret) -> Result<Key> {
        let bytes = HEXLOWER_PERMISSIVE
            .decode(text.expose().trim().as_bytes())
            .map_err(|_| invalid("the signing key is not hexadecimal: it needs pairs of the digits 0-9 and a-f"))?;
        Key::bytes(Zeroizing::new(bytes))
    }

    /// HMAC accepts a key of any length; the empty one is what an attacker would try first.
    fn bytes(bytes: Zeroizing<Vec<u8>>) -> Result<Key> {
        if bytes.is_empty() { Err(invalid("the signing key is empty")) } else { Ok(Key(KeyMaterial::Shared(bytes))) }
    }

    /// Signs a message. ECDSA signatures are the two numbers at fixed length (RFC 7518 section 3.4).
    pub fn sign(&self, algorithm: Algorithm, message: &[u8]) -> Result<Vec<u8>> {
        let mac = |algorithm, key: &[u8]| hmac::sign(&hmac::Key::new(algorithm, key), message).as_ref().to_vec();
        match (algorithm, &self.0) {
            (Algorithm::Hs256, KeyMaterial::Shared(key)) => Ok(mac(hmac::HMAC_SHA256, key)),
            (Algorithm::Hs384, KeyMaterial::Shared(key)) => Ok(mac(hmac::HMAC_SHA384, key)),
            (Algorithm::Hs512, KeyMaterial::Shared(key)) => Ok(mac(hmac::HMAC_SHA512, key)),
            (Algorithm::Rs256, KeyMaterial::Rsa(pair)) => rsa(pair, &signature::RSA_PKCS1_SHA256, message),
            (Algorithm::Rs384, KeyMaterial::Rsa(pair)) => rsa(pair, &signature::RSA_PKCS1_SHA384, message),
            (Algorithm::Rs512, KeyMaterial::Rsa(pair)) => rsa(pair, &signature::RSA_PKCS1_SHA512, message),
            (Algorithm::Ps256, KeyMaterial::Rsa(pair)) => rsa(pair, &signature::RSA_PSS_SHA256, message),
            (Algorithm::Ps384, KeyMaterial::Rsa(pair)) => rsa(pair, &signature::RSA_PSS_SHA384, message),
            (Algorithm::Ps512, KeyMaterial::Rsa(pair)) => rsa(pair, &signature::RSA_PSS_SHA512, message),
            (Algorithm::Es256, KeyMaterial::P256(pair)) | (Algorithm::Es384, KeyMaterial::P384(pair)) => {
                pair.sign(&SystemRandom::new(), message).map(|made| made.as_ref().to_vec()).map_err(|_| failed())
            }
            (Algorithm::EdDsa, KeyMaterial::Ed25519(pair)) => Ok(pair.sign(message).as_ref().to_vec()),
            _ => Err(invalid(format!(
                "`{}` needs {}, and the key is {}",
                algorithm.name(),
                algorithm.key_kind(),
                self.kind()
            ))),
        }
    }

    /// The algorithm that every receiver of signatures by such a key knows.
    pub fn own_algorithm(&self) -> Result<Algorithm> {
        match &self.0 {
            KeyMaterial::Rsa(_) => Ok(Algorithm::Rs256),
            KeyMaterial::P256(_) => Ok(Algorithm::Es256),
            KeyMaterial::P384(_) => Ok(Algorithm::Es384),
            KeyMaterial::Ed25519(_) => Ok(Algorithm::EdDsa),
            KeyMaterial::Shared(_) => Err(invalid("a shared secret is no private key: give the private key itself")),
        }
    }

    /// The public key as SubjectPublicKeyInfo in DER (RFC 5280 section 4.1).
    pub fn public_key_info(&self) -> Result<Vec<u8>> {
        let curve = |curve| Some((EC_PUBLIC_KEY, Some(AnyRef::from(curve))));
        let (algorithm, public) = match &self.0 {
            KeyMaterial::Rsa(pair) => (Some((RSA_ENCRYPTION, Some(AnyRef::NULL))), pair.public_key().as_ref()),
            KeyMaterial::P256(pair) => (curve(&SECP256R1), pair.public_key().as_ref()),
            KeyMaterial::P384(pair) => (curve(&SECP384R1), pair.public_key().as_ref()),
            KeyMaterial::Ed25519(pair) => (Some((ED25519, None)), pair.public_key().as_ref()),
            KeyMaterial::Shared(_) => (None, [].as_slice()),
        };
        let (oid, parameters) = algorithm.ok_or_else(|| invalid("a shared secret has no public key"))?;
        let algorithm = AlgorithmIdentifierRef { oid, parameters };
        BitStringRef::from_bytes(public)
            .and_then(|subject_public_key| SubjectPublicKeyInfo { algorithm, subject_public_key }.to_der())
            .map_err(|_| failed())
    }

    fn kind(&self) -> &'static str {
        match &self.0 {
            KeyMaterial::Rsa(_) => "an RSA private key",
            KeyMaterial::P256(_) => "an EC private key on P-256",
            KeyMaterial::P384(_) => "an EC private key on P-384",
            KeyMaterial::Ed25519(_) => "an Ed25519 private key",
            KeyMaterial::Shared(_) => "a shared secret",
        }
    }
}

const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1"); // RFC 8017
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1"); // RFC 5480
const SECP256R1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"); // RFC 5480
const SECP384R1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.132.0.34"); // RFC 5480
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112"); // RFC 8410

fn rsa(pair: &RsaKeyPair, encoding: &'static dyn RsaEncoding, message: &[u8]) -> Result<Vec<u8>> {
    let mut made = vec![0; pair.public().modulus_len()];
    pair.sign(encoding, &SystemRandom::new(), message, &mut made).map_err(|_| failed())?;
    Ok(made)
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidValue, message)
}

fn failed() -> Error {
    Error::new(ErrorKind::Internal, "the key could not sign")
}

/// The kind of key alone.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.kind())
    }
}

#[cfg(test)]
mod openssl_tests;
#[cfg(test)]
mod tests;
