//! The key that seals a store: found, or made on the first start.
//!
//! It comes from the environment, or is beside the store in a file that only its owner can read. A rotation writes the
//! new key beside the old one before it begins; which of the two is the store's own is what the store itself says, so
//! that a rotation may be killed at any moment.

use crate::exit::Failure;
use crate::whole;
use keyway::seal::SealingKey;
use keyway::secret::Secret;
use keyway::store::Sqlite;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Holds the key, in the place of a file.
pub(crate) const VARIABLE: &str = "KEYWAY_ENCRYPTION_KEY";

/// A sealing key that was found.
#[derive(Debug)]
pub(crate) struct FoundKey {
    pub(crate) key: SealingKey,
    pub(crate) source: Source,
}

/// Where a sealing key is.
#[derive(Debug)]
pub(crate) enum Source {
    Environment,
    File(PathBuf),
}

/// Finds the sealing key of a store, or makes it. Comes with where it is, for a person. A store that is no file has
/// nothing beside it: its key is given.
pub(crate) fn find_or_make(store: Option<&Path>) -> Result<(SealingKey, String), Failure> {
    let given = variable(VARIABLE)?;
    match store {
        None if given.is_none() => Err(not_given(VARIABLE, "head -c 32 /dev/urandom | base64")),
        store => sealing_key(store.unwrap_or(Path::new("")), given),
    }
}

/// The failure of a store that is no file, and whose key is not in its variable.
pub(crate) fn not_given(variable: &str, command: &str) -> Failure {
    Failure::usage(format!(
        "set {variable}: servers that share a database share it; `{command}` makes one, which you keep"
    ))
}

/// Finds the sealing key of a store that is there.
pub(crate) fn find(store: &Path) -> Result<FoundKey, Failure> {
    there(store)?;
    found(store, variable(VARIABLE)?)?.ok_or_else(|| missing(store))
}

/// Fails where there is no store.
pub(crate) fn there(store: &Path) -> Result<(), Failure> {
    if store.is_file() {
        return Ok(());
    }
    Err(Failure::usage(format!("there is no store `{}`; name its file with `--store`", store.display())))
}

/// The file of the store's key.
pub(crate) fn key_file(store: &Path) -> PathBuf {
    beside(store, "key")
}

/// The file of the key that a rotation seals with.
pub(crate) fn next_key_file(store: &Path) -> PathBuf {
    beside(store, "key.next")
}

/// Ends a rotation whose transaction was committed: the new key takes the place of the old one.
pub(crate) fn take_place(store: &Path) -> Result<(), Failure> {
    let (from, to) = (next_key_file(store), key_file(store));
    fs::rename(&from, &to).map_err(|error| {
        Failure::usage(format!("cannot rename `{}` to `{}`: {error}", from.display(), to.display()))
    })?;
    whole::sync_folder(&to).map_err(|error| Failure::usage(format!("cannot write `{}`: {error}", to.display())))
}

fn found(store: &Path, given: Option<Secret>) -> Result<Option<FoundKey>, Failure> {
    if let Some(text) = given {
        let key =
            SealingKey::from_base64(text.expose()).map_err(|error| Failure::usage(format!("{VARIABLE}: {error}")))?;
        return Ok(Some(FoundKey { key, source: Source::Environment }));
    }
    let path = key_file(store);
    if let Some(next) = read_key(&next_key_file(store))?
        && store.exists()
        && Sqlite::info(store).is_ok_and(|info| info.key_id == Some(next.id()))
    {
        take_place(store)?;
    }
    Ok(read_key(&path)?.map(|key| FoundKey { key, source: Source::File(path) }))
}

/// The key in a file that may not be there.
pub(crate) fn read_key(path: &Path) -> Result<Option<SealingKey>, Failure> {
    let Some(text) = read(path)? else { return Ok(None) };
    let key = SealingKey::from_base64(text.expose());
    key.map(Some).map_err(|error| Failure::usage(format!("`{}`: {error}", path.display())))
}

fn missing(store: &Path) -> Failure {
    Failure::usage(format!(
        "the store `{}` is sealed, and its key `{}` is not there; put the key back, or set {VARIABLE}",
        store.display(),
        key_file(store).display()
    ))
}

fn sealing_key(store: &Path, given: Option<Secret>) -> Result<(SealingKey, String), Failure> {
    if given.is_none() && store.is_dir() {
        return Err(Failure::usage(format!(
            "`{}` is a directory; name a file in it, such as `--store {}`",
            store.display(),
            store.join("keyway.db").display()
        )));
    }
    if let Some(FoundKey { key, source }) = found(store, given)? {
        return Ok((key, source.to_string()));
    }
    if store.exists() {
        return Err(missing(store));
    }
    let path = key_file(store);
    let key = SealingKey::generate().map_err(|error| Failure::usage(error.to_string()))?;
    whole::File::written(path.clone(), &key.to_base64())?.keep()?;
    Ok((key, format!("{}, made just now; without it the store cannot be read: keep a copy", path.display())))
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Source::Environment => write!(f, "the one in {VARIABLE}"),
            Source::File(path) => path.display().fmt(f),
        }
    }
}

/// A variable of the environment; an empty one is one that is not set.
pub(crate) fn variable(name: &str) -> Result<Option<Secret>, Failure> {
    match std::env::var(name) {
        Ok(text) if text.is_empty() => Ok(None),
        Ok(text) => Ok(Some(Secret::new(text))),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(Failure::usage(format!("{name} is not UTF-8"))),
    }
}

/// The file beside a store whose name ends so: `<store>.<extension>`.
pub(crate) fn beside(store: &Path, extension: &str) -> PathBuf {
    let mut name = store.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}

/// The text of a file that may not be there.
pub(crate) fn read(path: &Path) -> Result<Option<Secret>, Failure> {
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
    fn a_key_is_made_once_and_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("k.db");
        let (first, _) = sealing_key(&store, None).unwrap();
        let (again, source) = sealing_key(&store, None).unwrap();
        assert_eq!(first.id(), again.id());
        assert!(source.ends_with("k.db.key"), "{source}");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(folder.path().join("k.db.key")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no temporary file is left");
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
    fn a_store_without_its_key_is_not_given_a_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let store = folder.path().join("k.db");
        fs::write(&store, "sealed").unwrap();
        let failure = sealing_key(&store, None).err().unwrap();
        assert!(failure.message.contains("put the key back"), "{}", failure.message);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_bad_key_is_refused_without_being_shown() {
        let failure = sealing_key(Path::new("nowhere/k.db"), Some(Secret::new("c2hvcnQ="))).err().unwrap();
        assert!(failure.message.contains("KEYWAY_") && !failure.message.contains("c2hv"), "{}", failure.message);
    }

    /// What a rotation that was killed leaves: two keys, and a store that is sealed with one of them.
    #[test]
    fn of_two_keys_the_store_says_which_one_is_its_own() {
        for is_committed in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let store = folder.path().join("k.db");
            let (old, _) = sealing_key(&store, None).unwrap();
            drop(Sqlite::open(&store, old.clone()).unwrap());
            let new = SealingKey::generate().unwrap();
            whole::File::written(next_key_file(&store), &new.to_base64()).unwrap().keep().unwrap();
            if is_committed {
                Sqlite::rotate(&store, keyway::seal::SealingKeys::new(new.clone(), [old.clone()])).unwrap();
            }
            let own = if is_committed { &new } else { &old };
            for _ in 0..2 {
                let (key, _) = sealing_key(&store, None).unwrap();
                assert_eq!(key.id(), own.id(), "{is_committed}");
                Sqlite::open(&store, key).unwrap();
            }
            assert_eq!(next_key_file(&store).exists(), !is_committed);
        }
    }
}
