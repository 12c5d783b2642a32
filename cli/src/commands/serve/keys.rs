//! The key that lets callers in: from the environment, or made on the first start beside the store, in a file that only
//! its owner can read. Only its hash is written.
//!
//! A first start may be killed at any moment, and the next one goes on from what is there: a file has no name before it
//! is whole, and the hash is kept only once the key was shown. The key that seals the store is found by
//! [`crate::sealing`].

use crate::exit::Failure;
use crate::sealing::{beside, not_given, read, variable};
use crate::whole;
use keyway::clock::{Clock, System};
use keyway::secret::Secret;
use keyway_server::ApiKey;
use std::path::{Path, PathBuf};

const API_VARIABLE: &str = "KEYWAY_API_KEY";

/// Where the API key is.
pub(super) enum ApiKeySource {
    Environment,
    /// Its hash is in this file.
    Kept(PathBuf),
    /// Made just now: this is the key, and this keeps its hash once it was shown.
    Made(Secret, Unkept),
}

/// The hash of a key that was made, written to the disk, in a file that has no name yet.
pub(super) struct Unkept(whole::File);

impl Unkept {
    /// Where the hash will be.
    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }

    /// Stores the key's hash. Call this after the key was shown: a stored key that was never shown locks the operator
    /// out.
    pub(super) fn keep(self) -> Result<(), Failure> {
        self.0.keep()
    }
}

/// Finds the API key, or makes it. A key that is made is shown once, and kept then.
pub(super) fn api(store: Option<&Path>) -> Result<(ApiKey, ApiKeySource), Failure> {
    let given = variable(API_VARIABLE)?;
    match store {
        None if given.is_none() => Err(not_given(API_VARIABLE, "head -c 32 /dev/urandom | sha256sum")),
        store => api_key(store.unwrap_or(Path::new("")), given),
    }
}

fn api_key(store: &Path, given: Option<Secret>) -> Result<(ApiKey, ApiKeySource), Failure> {
    if let Some(key) = given {
        let key = ApiKey::new(&key).ok_or_else(|| {
            let least = ApiKey::MIN_LENGTH;
            Failure::usage(format!("{API_VARIABLE} must have at least {least} characters, ASCII and without spaces"))
        })?;
        return Ok((key, ApiKeySource::Environment));
    }
    let path = beside(store, "api-key");
    if let Some(hash) = read(&path)? {
        let key = ApiKey::from_hash(hash.expose()).ok_or_else(|| {
            let path = path.display();
            Failure::usage(format!("`{path}` is not the hash of a key; delete it, and a new key is made"))
        })?;
        return Ok((key, ApiKeySource::Kept(path)));
    }
    let mut bytes = [0; 32];
    System.random(&mut bytes).map_err(|error| Failure::usage(error.to_string()))?;
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    let digits: String = digits.filter_map(|digit| char::from_digit(u32::from(digit), 16)).collect();
    let text = Secret::new(format!("kw_{digits}"));
    let key = ApiKey::new(&text).ok_or_else(|| Failure::usage("a made API key does not fit; please report it"))?;
    let hash = whole::File::written(path, &Secret::new(key.hash()))?;
    Ok((key, ApiKeySource::Made(text, Unkept(hash))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_key_is_made_once_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("k.db");
        let (made, ApiKeySource::Made(text, unkept)) = api_key(&store, None).unwrap() else { panic!("not made") };
        assert!(made.matches(text.expose()));
        let path = unkept.path().to_owned();
        unkept.keep().unwrap();
        assert!(!fs::read_to_string(path).unwrap().contains(text.expose()));
        let (kept, ApiKeySource::Kept(_)) = api_key(&store, None).unwrap() else { panic!("not kept") };
        assert_eq!(made, kept);
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_the_file() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("k.db");
        let (_, ApiKeySource::Made(_, unkept)) = api_key(&store, None).unwrap() else { panic!("not made") };
        unkept.keep().unwrap();
        let mode = fs::metadata(folder.path().join("k.db.api-key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
    }

    #[test]
    fn a_key_that_was_not_shown_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("k.db");
        let (first, ApiKeySource::Made(_, unkept)) = api_key(&store, None).unwrap() else { panic!("not made") };
        #[cfg(target_os = "linux")]
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "a killed process leaves no file");
        drop(unkept);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let (second, ApiKeySource::Made(_, unkept)) = api_key(&store, None).unwrap() else { panic!("not made") };
        assert_ne!(first, second);
        unkept.keep().unwrap();
        assert!(matches!(api_key(&store, None).unwrap(), (kept, ApiKeySource::Kept(_)) if kept == second));
    }

    #[test]
    fn of_two_first_starts_one_keeps_its_key() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("k.db");
        let (first, ApiKeySource::Made(_, one)) = api_key(&store, None).unwrap() else { panic!("not made") };
        let (_, ApiKeySource::Made(_, other)) = api_key(&store, None).unwrap() else { panic!("not made") };
        one.keep().unwrap();
        assert!(other.keep().unwrap_err().message.contains("k.db.api-key"));
        assert!(matches!(api_key(&store, None).unwrap(), (kept, ApiKeySource::Kept(_)) if kept == first));
    }

    #[test]
    fn a_bad_key_is_refused_without_being_shown() {
        let failure = api_key(Path::new("nowhere/k.db"), Some(Secret::new("c2hvcnQ="))).err().unwrap();
        assert!(failure.message.contains("KEYWAY_") && !failure.message.contains("c2hv"), "{}", failure.message);
    }
}
