//! The key of an exported file: from a passphrase, or given as it is. Never from an argument, which other users of the
//! machine can read.

use crate::exit::Failure;
use crate::sealing::variable;
use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyway::seal::SealingKey;
use keyway::secret::Secret;
use std::io::IsTerminal as _;
use zeroize::Zeroizing;

const PASSPHRASE_VARIABLE: &str = "KEYWAY_EXPORT_PASSPHRASE";
const KEY_VARIABLE: &str = "KEYWAY_EXPORT_KEY";

/// What the help of commands says about it.
pub(super) const ENVIRONMENT: &str = "\
Environment:
  KEYWAY_EXPORT_PASSPHRASE  the passphrase of the file; without it, it is asked for
  KEYWAY_EXPORT_KEY         Base64 of 32 bytes, in the place of a passphrase
  KEYWAY_ENCRYPTION_KEY     the key of the store; without it, `<store>.key` is read";

/// The least characters of the passphrase of a new file.
const MIN_PASSPHRASE: usize = 12;

/// The second choice of RFC 9106 section 4: three passes over 64 MiB in four lanes.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 4;

/// What opens a file.
pub(super) enum Lock {
    Passphrase(Secret),
    Key(SealingKey),
}

impl Lock {
    /// The lock of a new file; a passphrase that is asked for is asked for twice.
    pub(super) fn new() -> Result<Lock, Failure> {
        let lock = Lock::find(true)?;
        if let Lock::Passphrase(text) = &lock
            && text.expose().chars().count() < MIN_PASSPHRASE
        {
            return Err(Failure::usage(format!("a passphrase has at least {MIN_PASSPHRASE} characters")));
        }
        Ok(lock)
    }

    /// The lock of a file that is there.
    pub(super) fn of_existing() -> Result<Lock, Failure> {
        Lock::find(false)
    }

    fn find(twice: bool) -> Result<Lock, Failure> {
        match (variable(KEY_VARIABLE)?, variable(PASSPHRASE_VARIABLE)?) {
            (Some(_), Some(_)) => {
                Err(Failure::usage(format!("{KEY_VARIABLE} and {PASSPHRASE_VARIABLE} are both set: unset one of them")))
            }
            (Some(text), None) => SealingKey::from_base64(text.expose())
                .map(Lock::Key)
                .map_err(|error| Failure::usage(format!("{KEY_VARIABLE}: {error}"))),
            (None, Some(text)) => Ok(Lock::Passphrase(text)),
            (None, None) => ask(twice).map(Lock::Passphrase),
        }
    }

    /// The key that seals a file with this salt.
    pub(super) fn key(&self, salt: &[u8]) -> Result<SealingKey, Failure> {
        let text = match self {
            Lock::Key(key) => return Ok(key.clone()),
            Lock::Passphrase(text) => text,
        };
        let wrong = |error: argon2::Error| Failure::usage(format!("no key can be made of the passphrase: {error}"));
        let params = Params::new(MEMORY_KIB, PASSES, LANES, Some(32)).map_err(wrong)?;
        let mut bytes = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(text.expose().as_bytes(), salt, bytes.as_mut())
            .map_err(wrong)?;
        let text = Zeroizing::new(STANDARD.encode(bytes.as_slice()));
        SealingKey::from_base64(&text).map_err(super::failed)
    }
}

fn ask(twice: bool) -> Result<Secret, Failure> {
    if !std::io::stdin().is_terminal() {
        return Err(Failure::usage(format!("there is no terminal to ask at: set {PASSPHRASE_VARIABLE}")));
    }
    let ask = |prompt: &str| {
        rpassword::prompt_password(prompt)
            .map(Secret::new)
            .map_err(|error| Failure::usage(format!("cannot ask for the passphrase: {error}")))
    };
    let first = ask("Passphrase of the file: ")?;
    if twice && ask("Once more: ")? != first {
        return Err(Failure::usage("the two passphrases differ"));
    }
    Ok(first)
}
