//! Encryption at rest: AES-256-GCM (NIST SP 800-38D) with random 96-bit nonces from the system.
//!
//! A sealed value is `version (1 byte) | key id (8 bytes) | nonce (12 bytes) | ciphertext | tag (16 bytes)`. The place
//! it was written for is associated data, so a value that is moved to another row or column does not open; so is, where
//! there is any, the plain text beside it that must not be changed without the key.

use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use crate::sign::digest::hex;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest::{SHA256, digest};
use ring::hkdf;
use ring::rand::{SecureRandom, SystemRandom};
use std::fmt;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const KEY_ID_LEN: usize = 8;
const HEADER_LEN: usize = 1 + KEY_ID_LEN + NONCE_LEN;

/// One key of 32 bytes. Wiped on drop.
///
/// ```
/// use keyway::SealingKey;
///
/// let key = SealingKey::generate()?;
/// let text = key.to_base64(); // keep it apart from the store
/// assert_eq!(SealingKey::from_base64(text.expose())?.id(), key.id());
/// # Ok::<(), keyway::Error>(())
/// ```
#[derive(Clone)]
pub struct SealingKey {
    id: KeyId,
    bytes: Zeroizing<[u8; 32]>,
}

/// The keys of a store: the first seals, every one opens what was sealed with it.
///
/// ```
/// use keyway::{SealingKey, SealingKeys};
///
/// let (old, new) = (SealingKey::generate()?, SealingKey::generate()?);
/// let keys = SealingKeys::new(new, [old]); // seals with the new key, still opens what the old one sealed
/// # Ok::<(), keyway::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct SealingKeys {
    first: SealingKey,
    older: Vec<SealingKey>,
}

/// The context that a value is sealed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SealContext<'a> {
    /// The integration's internal id, which never changes.
    pub integration: &'a str,
    /// The connection's id; empty where the value belongs to the integration.
    pub connection: &'a str,
    /// The column.
    pub column: &'a str,
}

/// Names a key without giving it away: the beginning of a SHA-256 over it.
#[derive(Clone, Copy, PartialEq, Eq)]
struct KeyId([u8; KEY_ID_LEN]);

impl SealingKey {
    /// A new key from the system's generator.
    pub fn generate() -> Result<SealingKey> {
        let mut bytes = Zeroizing::new([0; 32]);
        SystemRandom::new().fill(bytes.as_mut()).map_err(|_| generator_failed())?;
        Ok(SealingKey::new(bytes))
    }

    /// A key from the Base64 (RFC 4648 section 4) of its 32 bytes, white space around it ignored.
    pub fn from_base64(text: &str) -> Result<SealingKey> {
        let wrong = || Error::new(ErrorKind::InvalidValue, "a sealing key is the Base64 of exactly 32 bytes");
        let decoded = Zeroizing::new(STANDARD.decode(text.trim()).map_err(|_| wrong())?);
        let bytes: [u8; 32] = decoded.as_slice().try_into().map_err(|_| wrong())?;
        Ok(SealingKey::new(Zeroizing::new(bytes)))
    }

    /// The key in Base64, to be stored by the caller.
    pub fn to_base64(&self) -> Secret {
        Secret::new(STANDARD.encode(self.bytes.as_slice()))
    }

    /// A name that is safe to show: 16 hexadecimal digits.
    pub fn id(&self) -> String {
        self.id.to_string()
    }

    /// Another secret, made from this key for one purpose (HKDF-SHA256, RFC 5869): it says nothing of the key.
    ///
    /// ```
    /// use keyway::SealingKey;
    ///
    /// let key = SealingKey::generate()?;
    /// assert_eq!(key.derive("sessions")?, key.derive("sessions")?);
    /// assert_ne!(key.derive("sessions")?, key.derive("tickets")?);
    /// # Ok::<(), keyway::Error>(())
    /// ```
    pub fn derive(&self, purpose: &str) -> Result<Secret> {
        let refused = |_| Error::new(ErrorKind::Internal, "no secret could be made from the sealing key");
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, &[]).extract(self.bytes.as_slice());
        let mut secret = Zeroizing::new([0; 32]);
        let info = [b"keyway derived\0".as_slice(), purpose.as_bytes()];
        let expanded = root.expand(&info, hkdf::HKDF_SHA256).map_err(refused)?;
        expanded.fill(secret.as_mut()).map_err(refused)?;
        Ok(Secret::new(hex(secret.as_slice())))
    }

    fn new(bytes: Zeroizing<[u8; 32]>) -> SealingKey {
        let mut input = Zeroizing::new(b"keyway sealing key id\0".to_vec());
        input.extend_from_slice(bytes.as_slice());
        let hash = digest(&SHA256, &input);
        let mut id = [0; KEY_ID_LEN];
        id.iter_mut().zip(hash.as_ref()).for_each(|(to, from)| *to = *from);
        SealingKey { id: KeyId(id), bytes }
    }

    fn cipher(&self) -> Result<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, self.bytes.as_slice())
            .map(LessSafeKey::new)
            .map_err(|_| Error::new(ErrorKind::Internal, "the sealing key was refused by the cipher"))
    }
}

impl SealingKeys {
    /// Keys for rotation: `first` seals from now on, `older` ones still open.
    pub fn new(first: SealingKey, older: impl IntoIterator<Item = SealingKey>) -> SealingKeys {
        SealingKeys { first, older: older.into_iter().collect() }
    }

    /// Seals a value for a place.
    pub fn seal(&self, place: SealContext<'_>, value: &[u8]) -> Result<Vec<u8>> {
        self.seal_beside(place, &[], value)
    }

    /// Seals a value for a place, together with what stands beside it in the clear: [`SealingKeys::open_beside`] needs
    /// the same bytes again.
    pub fn seal_beside(&self, place: SealContext<'_>, beside: &[u8], value: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0; NONCE_LEN];
        SystemRandom::new().fill(&mut nonce).map_err(|_| generator_failed())?;
        let mut body = Zeroizing::new(value.to_vec());
        let tag = self
            .first
            .cipher()?
            .seal_in_place_separate_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(place.associated_data(self.first.id, beside)),
                &mut body,
            )
            .map_err(|_| Error::new(ErrorKind::Internal, "sealing failed"))?;
        let mut sealed = Vec::with_capacity(HEADER_LEN + body.len() + tag.as_ref().len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&self.first.id.0);
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(&body);
        sealed.extend_from_slice(tag.as_ref());
        Ok(sealed)
    }

    /// Opens a value that was sealed for the same place.
    pub fn open(&self, place: SealContext<'_>, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        self.open_beside(place, &[], sealed)
    }

    /// Opens a value that was sealed for the same place with the same bytes beside it.
    pub fn open_beside(&self, place: SealContext<'_>, beside: &[u8], sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
        let (id, nonce, body) = split(sealed).ok_or_else(|| damaged(place))?;
        let key = self.key(id).ok_or_else(|| self.unknown_key(id))?;
        let mut body = Zeroizing::new(body.to_vec());
        let opened = key
            .cipher()?
            .open_in_place(Nonce::assume_unique_for_key(nonce), Aad::from(place.associated_data(id, beside)), &mut body)
            .map_err(|_| damaged(place))?
            .len();
        body.truncate(opened);
        Ok(body)
    }

    /// True if a value was sealed with the first key, or should be sealed again.
    pub fn is_current(&self, sealed: &[u8]) -> bool {
        split(sealed).is_some_and(|(id, ..)| id == self.first.id)
    }

    fn key(&self, id: KeyId) -> Option<&SealingKey> {
        std::iter::once(&self.first).chain(&self.older).find(|key| key.id == id)
    }

    fn unknown_key(&self, id: KeyId) -> Error {
        let given = self.first.id;
        Error::new(
            ErrorKind::SealBroken,
            format!(
                "this data was sealed with the key `{id}`, and the key given is `{given}`: set `KEYWAY_ENCRYPTION_KEY` \
                 to the right key, or put the `.key` file back beside the store"
            ),
        )
    }
}

impl From<SealingKey> for SealingKeys {
    fn from(key: SealingKey) -> SealingKeys {
        SealingKeys::new(key, [])
    }
}

impl SealContext<'_> {
    /// Every part with its length before it, so that no two places read the same. What stands beside the value comes
    /// last, and nothing is what values have that were sealed alone.
    fn associated_data(self, key: KeyId, beside: &[u8]) -> Vec<u8> {
        let mut data = vec![VERSION];
        data.extend_from_slice(&key.0);
        for part in [self.integration, self.connection, self.column] {
            data.extend_from_slice(&(part.len() as u64).to_be_bytes());
            data.extend_from_slice(part.as_bytes());
        }
        data.extend_from_slice(beside);
        data
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealingKey({})", self.id)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

/// The id of the key that a value was sealed with; `None` for what is no sealed value.
#[cfg(feature = "sqlite")]
pub(crate) fn key_id(sealed: &[u8]) -> Option<String> {
    split(sealed).map(|(id, ..)| id.to_string())
}

fn split(sealed: &[u8]) -> Option<(KeyId, [u8; NONCE_LEN], &[u8])> {
    let (&version, rest) = sealed.split_first()?;
    let (&id, rest) = rest.split_first_chunk::<KEY_ID_LEN>()?;
    let (&nonce, body) = rest.split_first_chunk::<NONCE_LEN>()?;
    (version == VERSION).then_some((KeyId(id), nonce, body))
}

fn damaged(place: SealContext<'_>) -> Error {
    let message = format!(
        "the stored `{}` does not open: it, or what decides where it goes, was changed without the key; restore a copy",
        place.column
    );
    Error::new(ErrorKind::SealBroken, message)
}

fn generator_failed() -> Error {
    Error::new(ErrorKind::Internal, "the system's random generator failed")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: SealContext<'_> = SealContext { integration: "i1", connection: "c1", column: "credentials" };

    fn keys() -> SealingKeys {
        SealingKey::generate().unwrap().into()
    }

    #[test]
    fn opens_what_it_sealed_and_never_twice_the_same_bytes() {
        let keys = keys();
        for text in ["", "a", "canary-text"] {
            let (one, two) = (keys.seal(PLACE, text.as_bytes()).unwrap(), keys.seal(PLACE, text.as_bytes()).unwrap());
            assert_ne!(one, two);
            assert!(text.is_empty() || !one.windows(text.len()).any(|part| part == text.as_bytes()) || text.len() == 1);
            assert_eq!(keys.open(PLACE, &one).unwrap().as_slice(), text.as_bytes());
        }
    }

    #[test]
    fn does_not_open_at_another_place_or_after_any_changed_byte() {
        let keys = keys();
        let sealed = keys.seal(PLACE, b"value").unwrap();
        for other in [
            SealContext { integration: "i2", ..PLACE },
            SealContext { connection: "c2", ..PLACE },
            SealContext { column: "metadata", ..PLACE },
            SealContext { integration: "i1c", connection: "1", ..PLACE },
        ] {
            assert_eq!(keys.open(other, &sealed).unwrap_err().kind(), ErrorKind::SealBroken, "{other:?}");
        }
        for index in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[index] ^= 1;
            assert_eq!(keys.open(PLACE, &changed).unwrap_err().kind(), ErrorKind::SealBroken, "byte {index}");
            assert!(keys.open(PLACE, &sealed[..index]).is_err(), "cut at {index}");
        }
    }

    #[test]
    fn what_stands_beside_a_value_is_needed_as_it_was() {
        let keys = keys();
        let sealed = keys.seal_beside(PLACE, b"host", b"value").unwrap();
        assert_eq!(keys.open_beside(PLACE, b"host", &sealed).unwrap().as_slice(), b"value");
        for beside in [&b""[..], b"hos", b"host ", b"tsoh"] {
            assert_eq!(keys.open_beside(PLACE, beside, &sealed).unwrap_err().kind(), ErrorKind::SealBroken);
        }
        let alone = keys.seal(PLACE, b"value").unwrap();
        assert!(keys.open_beside(PLACE, b"host", &alone).is_err());
    }

    #[test]
    fn rotation_opens_with_the_older_key_and_seals_with_the_first() {
        let (old, new) = (SealingKey::generate().unwrap(), SealingKey::generate().unwrap());
        let before = SealingKeys::from(old.clone()).seal(PLACE, b"value").unwrap();
        let both = SealingKeys::new(new.clone(), [old]);
        assert_eq!(both.open(PLACE, &before).unwrap().as_slice(), b"value");
        assert!(!both.is_current(&before));
        let after = both.seal(PLACE, b"value").unwrap();
        assert!(both.is_current(&after));
        assert!(SealingKeys::from(new).open(PLACE, &after).is_ok());
    }

    #[test]
    fn another_key_is_refused_with_both_names_and_the_remedy() {
        let (a, b) = (SealingKey::generate().unwrap(), SealingKey::generate().unwrap());
        let sealed = SealingKeys::from(a.clone()).seal(PLACE, b"value").unwrap();
        let error = SealingKeys::from(b.clone()).open(PLACE, &sealed).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SealBroken);
        for part in [a.id().as_str(), b.id().as_str(), "KEYWAY_ENCRYPTION_KEY"] {
            assert!(error.to_string().contains(part), "{error}");
        }
    }

    #[test]
    fn base64_round_trips_and_other_lengths_are_refused() {
        let key = SealingKey::generate().unwrap();
        let text = key.to_base64();
        assert_eq!(SealingKey::from_base64(&format!(" {}\n", text.expose())).unwrap().id(), key.id());
        for wrong in ["", "AAAA", "not base64!", &STANDARD.encode([0; 31]), &STANDARD.encode([0; 33])] {
            assert_eq!(SealingKey::from_base64(wrong).unwrap_err().kind(), ErrorKind::InvalidValue, "{wrong}");
        }
        assert!(!format!("{key:?}").contains(text.expose()));
    }
}
