//! The machine's clock and generator of random numbers.
//!
//! Production uses [`System`]; tests freeze both. Nothing else in this crate asks the operating system for either,
//! except that sealing nonces, PKCE verifiers and states always come from the system's generator in production.

use crate::error::{Error, ErrorKind, Result};
use ring::rand::{SecureRandom, SystemRandom};

pub use keyway_core::clock::{Clock, Moment, Timestamp};

/// The system's clock and random generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl Clock for System {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }

    fn random(&self, bytes: &mut [u8]) -> Result<()> {
        SystemRandom::new()
            .fill(bytes)
            .map_err(|_| Error::new(ErrorKind::Internal, "the system's random generator failed"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_gives_other_bytes_each_time() {
        let (mut one, mut two) = ([0; 16], [0; 16]);
        System.random(&mut one).unwrap();
        System.random(&mut two).unwrap();
        assert!(one != two && one != [0; 16], "{one:?} {two:?}");
    }
}
