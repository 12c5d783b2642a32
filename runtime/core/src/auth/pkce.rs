//! Unguessable values, and the proof key for code exchange (RFC 7636).
//!
//! Only S256: the plain method proves nothing.

use crate::clock::Clock;
use crate::error::Result;
use crate::secret::Secret;
use crate::sign::digest::sha256_hex;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use zeroize::Zeroizing;

/// 256 random bits as 43 characters of base64url: a state, a binding, a session, a PKCE verifier.
pub fn unguessable(clock: &dyn Clock) -> Result<Secret> {
    let mut bytes = Zeroizing::new([0; 32]);
    clock.random(bytes.as_mut())?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(bytes.as_slice())))
}

/// The S256 challenge of a verifier (RFC 7636 section 4.2).
pub(crate) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()))
}

/// The hexadecimal SHA-256 of a value: what is stored of something that redeems.
pub fn fingerprint(value: &str) -> String {
    sha256_hex(value.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use std::sync::atomic::{AtomicU8, Ordering};

    /// Gives other bytes each time.
    #[derive(Debug, Default)]
    struct Counting(AtomicU8);

    impl Clock for Counting {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }

        fn random(&self, bytes: &mut [u8]) -> Result<()> {
            bytes.fill(self.0.fetch_add(1, Ordering::Relaxed));
            Ok(())
        }
    }

    #[test]
    fn the_challenge_is_the_one_of_rfc_7636_appendix_b() {
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        assert_eq!(challenge(verifier), "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    }

    #[test]
    fn values_have_256_bits_and_differ() {
        let clock = Counting::default();
        let (one, two) = (unguessable(&clock).unwrap(), unguessable(&clock).unwrap());
        assert_eq!(URL_SAFE_NO_PAD.decode(one.expose()).unwrap().len(), 32);
        assert_ne!(one, two);
    }

    #[test]
    fn fingerprints_are_hexadecimal_sha_256() {
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(fingerprint("abc"), expected);
    }
}
