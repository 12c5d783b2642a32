//! Time and randomness, passed in.
//!
//! A [`Clock`] is how a caller passes them; this crate has none that reads the machine's.

use crate::error::{Error, ErrorKind, Result};
use data_encoding::HEXLOWER_PERMISSIVE;
use std::fmt::Debug;

pub use jiff::Timestamp;

/// A source of time and randomness.
pub trait Clock: Debug + Send + Sync + 'static {
    /// The instant now.
    fn now(&self) -> Timestamp;

    /// Fills a buffer with unpredictable bytes.
    fn random(&self, bytes: &mut [u8]) -> Result<()>;
}

/// The one instant and the one UUID of a request: every template of the request sees the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Moment {
    /// The instant.
    pub now: Timestamp,
    /// A version 4 UUID, lower case, hyphenated (RFC 9562).
    pub uuid: String,
}

impl Moment {
    /// The moment of a new request.
    pub fn take(clock: &dyn Clock) -> Result<Moment> {
        let mut bytes = [0; 16];
        clock.random(&mut bytes)?;
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let bits = u128::from_be_bytes(bytes);
        let (time, rest) = (bits >> 64, bits & u128::from(u64::MAX));
        let uuid = format!(
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            time >> 32,
            time >> 16 & 0xffff,
            time & 0xffff,
            rest >> 48,
            rest & 0xffff_ffff_ffff,
        );
        Ok(Moment { now: clock.now(), uuid })
    }

    /// The moment of a request that holds no UUID: the instant alone.
    pub fn without_uuid(clock: &dyn Clock) -> Moment {
        Moment { now: clock.now(), uuid: String::new() }
    }

    /// The UUID's bytes: a number used once.
    pub fn nonce(&self) -> Result<[u8; 16]> {
        let digits: String = self.uuid.chars().filter(|c| *c != '-').collect();
        let bytes = HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok();
        bytes
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or_else(|| Error::new(ErrorKind::Internal, "the identifier of a request is not a UUID"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Frozen(u8);

    impl Clock for Frozen {
        fn now(&self) -> Timestamp {
            Timestamp::UNIX_EPOCH
        }

        fn random(&self, bytes: &mut [u8]) -> Result<()> {
            bytes.fill(self.0);
            Ok(())
        }
    }

    #[test]
    fn uuids_have_version_4_and_the_rfc_variant() {
        for (byte, expected) in [
            (0x00, "00000000-0000-4000-8000-000000000000"),
            (0xff, "ffffffff-ffff-4fff-bfff-ffffffffffff"),
            (0xab, "abababab-abab-4bab-abab-abababababab"),
        ] {
            assert_eq!(Moment::take(&Frozen(byte)).unwrap().uuid, expected);
        }
    }
}
