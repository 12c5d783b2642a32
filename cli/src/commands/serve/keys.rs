//! The two keys of a server: one seals the store, one lets callers in.
//!
//! Both come from the environment, or are made on the first start beside the store, in files that only their owner can
//! read. Of the API key only the hash is written.
//!
//! A first start may be killed at any moment, and the next one goes on from what is there: a file has no name before it
//! is whole, the sealing key is there before the store that needs it, and the API key's hash is kept only once the key
//! was shown. Not supported: key rotation.

use super::whole;
use crate::exit::Failure;
use keyway::clock::{Clock, System};
use keyway::seal::SealingKey;
use keyway::secret::Secret;
use keyway_server::ApiKey;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const SEALING_VARIABLE: &str = "KEYWAY_ENCRYPTION_KEY";
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

/// Finds the sealing key of a store, or makes it. Comes with where it is, for a person. A store that is no file has
/// nothing beside it: its keys are given.
pub(super) fn sealing(store: Option<&Path>) -> Result<(SealingKey, String), Failure> {
    let given = variable(SEALING_VARIABLE)?;
    match store {
        None if given.is_none() => Err(not_given(SEALING_VARIABLE, "head -c 32 /dev/urandom | base64")),
        store => sealing_key(store.unwrap_or(Path::new("")), given),
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

fn not_given(variable: &str, command: &str) -> Failure {
    Failure::usage(format!(
        "set {variable}: servers that share a database share it; `{command}` makes one, which you keep"
    ))
}

fn sealing_key(store: &Path, given: Option<Secret>) -> Result<(SealingKey, String), Failure> {
    if let Some(text) = given {
        let key = SealingKey::from_base64(text.expose())
            .map_err(|error| Failure::usage(format!("{SEALING_VARIABLE}: {error}")))?;
        return Ok((key, format!("the one in {SEALING_VARIABLE}")));
    }
    if store.is_dir() {
        return Err(Failure::usage(format!(
            "`{}` is a directory; name a file in it, such as `--store {}`",
            store.display(),
            store.join("keyway.db").display()
        )));
    }
    let path = beside(store, "key");
    if let Some(text) = read(&path)? {
        let key = SealingKey::from_base64(text.expose())
            .map_err(|error| Failure::usage(format!("`{}`: {error}", path.display())))?;
        return Ok((key, path.display().to_string()));
    }
    if store.exists() {
        return Err(Failure::usage(format!(
            "the store `{}` is sealed, and its key `{}` is not there; put the key back, or set {SEALING_VARIABLE}",
            store.display(),
            path.display()
        )));
    }
    let key = SealingKey::generate().map_err(|error| Failure::usage(error.to_string()))?;
    whole::File::written(path.clone(), &key.to_base64())?.keep()?;
    Ok((key, format!("{}, made just now; without it the store cannot be read: keep a copy", path.display())))
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

/// An empty variable is one that is not set.
pub(super) fn variable(name: &str) -> Result<Option<Secret>, Failure> {
    match std::env::var(name) {
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => Ok(Some(Secret::new(text))),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Failure::usage(format!("{name} is not UTF-8"))),
    }
}

fn beside(store: &Path, extension: &str) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}

fn read(path: &Path) -> Result<Option<Secret>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(Secret::new(text))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Failure::usage(format!("cannot read `{}`: {error}", path.display()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_made_once_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("k.db");
        let (first, _) = sealing_key(&store, None).unwrap();
        let (again, source) = sealing_key(&store, None).unwrap();
        assert_eq!(first.id(), again.id());
        assert!(source.ends_with("k.db.key"), "{source}");
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
    fn only_the_owner_reads_the_files() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("k.db");
        sealing_key(&store, None).unwrap();
        let (_, ApiKeySource::Made(_, unkept)) = api_key(&store, None).unwrap() else { panic!("not made") };
        unkept.keep().unwrap();
        for name in ["k.db.key", "k.db.api-key"] {
            let mode = fs::metadata(folder.path().join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2, "no temporary file is left");
    }

    #[test]
    fn a_store_that_cannot_be_is_refused_with_what_to_do() {
        let folder = tempfile::tempdir().unwrap();
        for (store, expected) in
            [(folder.path().to_owned(), "is a directory"), (folder.path().join("no/k.db"), "--store")]
        {
            let message = sealing_key(&store, None).err().unwrap().message;
            assert!(message.contains(expected), "{message}");
        }
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
    fn a_store_without_its_key_is_not_given_a_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("k.db");
        fs::write(&store, "sealed").unwrap();
        let failure = sealing_key(&store, None).err().unwrap();
        assert!(failure.message.contains("put the key back"), "{}", failure.message);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn bad_keys_are_refused_without_being_shown() {
        let store = Path::new("nowhere/k.db");
        for failure in [
            sealing_key(store, Some(Secret::new("c2hvcnQ="))).err().unwrap(),
            api_key(store, Some(Secret::new("c2hvcnQ="))).err().unwrap(),
        ] {
            assert!(failure.message.contains("KEYWAY_") && !failure.message.contains("c2hv"), "{}", failure.message);
        }
    }
}
