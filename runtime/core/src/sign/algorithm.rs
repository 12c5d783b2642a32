//! The signature algorithms of JSON Web Signature (RFC 7518 section 3.1, RFC 8037 section 3.1), by name.
//!
//! Not supported: `none`, which is not a signature, and `ES512` and `ES256K`, whose curves `ring` does not have.

use crate::error::{Error, ErrorKind, Result};

/// A signature algorithm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// `HS256`: HMAC with SHA-256.
    Hs256,
    /// `HS384`: HMAC with SHA-384.
    Hs384,
    /// `HS512`: HMAC with SHA-512.
    Hs512,
    /// `RS256`: RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// `RS384`: RSASSA-PKCS1-v1_5 with SHA-384.
    Rs384,
    /// `RS512`: RSASSA-PKCS1-v1_5 with SHA-512.
    Rs512,
    /// `PS256`: RSASSA-PSS with SHA-256.
    Ps256,
    /// `PS384`: RSASSA-PSS with SHA-384.
    Ps384,
    /// `PS512`: RSASSA-PSS with SHA-512.
    Ps512,
    /// `ES256`: ECDSA on P-256 with SHA-256.
    Es256,
    /// `ES384`: ECDSA on P-384 with SHA-384.
    Es384,
    /// `EdDSA`: Ed25519.
    EdDsa,
}

const NAMES: [(&str, Algorithm); 12] = [
    ("HS256", Algorithm::Hs256),
    ("HS384", Algorithm::Hs384),
    ("HS512", Algorithm::Hs512),
    ("RS256", Algorithm::Rs256),
    ("RS384", Algorithm::Rs384),
    ("RS512", Algorithm::Rs512),
    ("PS256", Algorithm::Ps256),
    ("PS384", Algorithm::Ps384),
    ("PS512", Algorithm::Ps512),
    ("ES256", Algorithm::Es256),
    ("ES384", Algorithm::Es384),
    ("EdDSA", Algorithm::EdDsa),
];

impl Algorithm {
    /// The algorithm of a header's `alg`.
    pub fn named(name: &str) -> Result<Algorithm> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, algorithm)| *algorithm).ok_or_else(|| {
            let known = NAMES.map(|(name, _)| name).join(", ");
            Error::new(
                ErrorKind::InvalidValue,
                format!("`alg` is not a supported signature algorithm: use one of {known}"),
            )
        })
    }

    /// The name, as a header has it.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(_, algorithm)| *algorithm == self).map_or("", |(name, _)| name)
    }

    /// The key that the algorithm takes, in words.
    pub(super) fn key_kind(self) -> &'static str {
        match self {
            Algorithm::Hs256 | Algorithm::Hs384 | Algorithm::Hs512 => "a shared secret",
            Algorithm::Es256 => "an EC private key on P-256",
            Algorithm::Es384 => "an EC private key on P-384",
            Algorithm::EdDsa => "an Ed25519 private key",
            _ => "an RSA private key",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_algorithm_has_its_name_and_nothing_else_has_one() {
        for (name, algorithm) in NAMES {
            assert_eq!(Algorithm::named(name).unwrap(), algorithm);
            assert_eq!(algorithm.name(), name);
        }
        for name in ["none", "", "hs256", "ES512", "ES256K"] {
            let error = Algorithm::named(name).unwrap_err();
            assert!(error.message().contains("RS256"), "{name:?}: {error}");
        }
    }
}
