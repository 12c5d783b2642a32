//! Hashes and MACs as the text that protocols ask for.
//!
//! SHA-1 is here because OAuth 1.0, WSSE and some vendors' signing headers are defined with it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER;
use ring::{digest, hmac};

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// SHA-256 (FIPS 180-4) in lower-case hexadecimal.
pub fn sha256_hex(message: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, message).as_ref())
}

/// SHA-256 in Base64 with padding.
pub fn sha256_base64(message: &[u8]) -> String {
    STANDARD.encode(digest::digest(&digest::SHA256, message))
}

/// SHA-1 (FIPS 180-4) in lower-case hexadecimal.
pub fn sha1_hex(message: &[u8]) -> String {
    hex(digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, message).as_ref())
}

/// HMAC-SHA1 (RFC 2104).
pub fn hmac_sha1(key: &[u8], message: &[u8]) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, key), message)
}

/// HMAC-SHA256 (RFC 2104).
pub fn hmac_sha256(key: &[u8], message: &[u8]) -> hmac::Tag {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_those_of_fips_180_4() {
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(sha256_base64(b"abc"), "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
        assert_eq!(sha1_hex(b"abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    }

    #[test]
    fn macs_are_those_of_rfc_2202_and_rfc_4231() {
        let (key, message) = (b"Jefe", b"what do ya want for nothing?");
        assert_eq!(hex(hmac_sha1(key, message).as_ref()), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        assert_eq!(
            hex(hmac_sha256(key, message).as_ref()),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }
}
