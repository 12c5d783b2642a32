//! Where the store is: a file, or a database by its URL.
//!
//! A URL may hold a password: it is shown only through [`Location`], which leaves that out.

use crate::exit::Failure;
use keyway::seal::SealingKey;
use keyway::secret::Secret;
use keyway::store::{Sqlite, Store};
use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What `--store` names.
#[derive(Clone)]
pub(crate) enum Location {
    File(PathBuf),
    Database(Secret),
}

impl Location {
    /// The file, beside which keys are kept.
    pub(crate) fn file(&self) -> Option<&Path> {
        match self {
            Location::File(path) => Some(path),
            Location::Database(_) => None,
        }
    }

    /// True if both name the same store, as far as their names tell.
    pub(crate) fn is_same(&self, other: &Location) -> bool {
        match (self, other) {
            (Location::File(one), Location::File(two)) => {
                one.canonicalize().is_ok_and(|one| two.canonicalize().is_ok_and(|two| one == two))
            }
            (Location::Database(one), Location::Database(two)) => one == two,
            _ => false,
        }
    }

    /// Opens it, or makes it.
    pub(crate) async fn open(&self, key: SealingKey) -> Result<Arc<dyn Store>, Failure> {
        match self {
            Location::File(path) => Ok(Arc::new(Sqlite::open(path, key).map_err(failed)?)),
            Location::Database(url) => database(url, key).await,
        }
    }
}

/// The message says what to do about the store.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
pub(crate) fn failed(error: keyway::Error) -> Failure {
    let cause = std::error::Error::source(&error).map(|cause| format!(" ({cause})")).unwrap_or_default();
    Failure::usage(format!("{error}{cause}"))
}

impl From<OsString> for Location {
    fn from(text: OsString) -> Location {
        match text.to_str() {
            Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Location::Database(Secret::new(url))
            }
            _ => Location::File(PathBuf::from(text)),
        }
    }
}

/// For the person who starts it, without a password.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Location::File(path) => write!(f, "{}", path.display()),
            #[cfg(feature = "postgres")]
            Location::Database(url) => match keyway::store::PostgresOptions::parse(url.expose()) {
                Ok(options) => write!(f, "{options}"),
                Err(_) => f.write_str("a database"),
            },
            #[cfg(not(feature = "postgres"))]
            Location::Database(_) => f.write_str("a database"),
        }
    }
}

impl fmt::Debug for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Location({self})")
    }
}

#[cfg(feature = "postgres")]
async fn database(url: &Secret, key: SealingKey) -> Result<Arc<dyn Store>, Failure> {
    use keyway::store::{Postgres, PostgresOptions};
    let mut options = PostgresOptions::parse(url.expose()).map_err(failed)?;
    if let Some(password) = crate::sealing::variable("PGPASSWORD")? {
        options = options.or_password(&password);
    }
    Ok(Arc::new(Postgres::connect(options, key).await.map_err(failed)?))
}

#[cfg(not(feature = "postgres"))]
async fn database(_: &Secret, _: SealingKey) -> Result<Arc<dyn Store>, Failure> {
    Err(Failure::usage("this `keyway` was built without the feature `postgres`: name a file with `--store`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_a_database_and_everything_else_a_file() {
        for (text, is_file) in [
            ("keyway.db", true),
            ("postgres.db", true),
            ("/var/lib/postgres://x", true),
            ("postgres://ann:pw-canary@db/keyway", false),
            ("postgresql://ann:pw-canary@db/keyway", false),
        ] {
            let place = Location::from(OsString::from(text));
            assert_eq!(place.file().is_some(), is_file, "{text}");
            assert!(!format!("{place} {place:?}").contains("canary"), "{place}");
        }
    }
}
