//! The API key of the server.
//!
//! Only a hash of the key is kept, in memory and on disk, and hashes of one length are compared in constant time.

use keyway::Secret;
use keyway::sign::digest::sha256_hex;
use ring::digest;

/// The digits of a hash, as they are kept.
const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// The API key of the server, as the hexadecimal SHA-256 of its text.
///
/// A plain hash suffices only because the key has the entropy of a key: at least [`ApiKey::MIN_LENGTH`] characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKey(Secret);

impl ApiKey {
    /// The fewest characters of a key.
    pub const MIN_LENGTH: usize = 16;

    /// From the key itself; `None` if it is too short, or holds what cannot stand in a header.
    pub fn new(key: &Secret) -> Option<ApiKey> {
        let text = key.expose();
        let fits = text.len() >= Self::MIN_LENGTH && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| ApiKey(Secret::new(fingerprint(text))))
    }

    /// From what [`ApiKey::hash`] gave; `None` if it is not 64 hexadecimal digits.
    pub fn from_hash(hash: &str) -> Option<ApiKey> {
        let hash = hash.trim();
        let fits = hash.len() == 64 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        fits.then(|| ApiKey(Secret::new(hash.to_ascii_lowercase())))
    }

    /// The hash, to be kept on disk.
    pub fn hash(&self) -> &str {
        self.0.expose()
    }

    /// True if this is the key. Allocates nothing: it is asked for every request.
    pub fn matches(&self, presented: &str) -> bool {
        let digest = digest::digest(&digest::SHA256, presented.as_bytes());
        let mut text = [0; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(digest.as_ref()) {
            pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
        }
        std::str::from_utf8(&text).is_ok_and(|text| self.0.matches(text))
    }
}

/// The hexadecimal SHA-256 of a text.
pub(crate) fn fingerprint(text: &str) -> String {
    fingerprint_of(text.as_bytes())
}

/// The same of any bytes.
pub(crate) fn fingerprint_of(bytes: &[u8]) -> String {
    sha256_hex(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> ApiKey {
        ApiKey::new(&Secret::new("0123456789abcdef")).unwrap()
    }

    #[test]
    fn a_key_survives_as_its_hash() {
        assert_eq!(ApiKey::from_hash(&format!("{}\n", key().hash())), Some(key()));
        assert!(!format!("{:?}", key()).contains(key().hash()));
    }

    #[test]
    fn only_the_whole_key_matches() {
        assert!(key().matches("0123456789abcdef"));
        for other in ["", "0123456789abcde", "0123456789abcdef0", "0123456789abcdeF", key().hash()] {
            assert!(!key().matches(other), "{other:?}");
        }
    }

    #[test]
    fn short_and_unsendable_keys_are_refused() {
        for text in ["", "short", "0123456789abcde", "0123456789abcdef\n", "0123456789 abcdef"] {
            assert_eq!(ApiKey::new(&Secret::new(text)), None, "{text:?}");
        }
        assert_eq!(ApiKey::from_hash("0123"), None);
    }
}
