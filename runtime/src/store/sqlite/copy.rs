//! A copy of the file as it is at one moment, while others write to it; and everything sealed again, while nothing else
//! may have it open.

use super::{Fault, Sqlite, open};
use crate::error::{Error, ErrorKind, Result};
use crate::seal::SealingKeys;
use crate::store::sealed::bound::Binding;
use rusqlite::{ErrorCode, TransactionBehavior};
use std::path::Path;

impl Sqlite {
    /// Writes the store at `path`, as it is at one moment, into the file `to`, which is empty or not there. Needs no
    /// key: values stay sealed. The schema stays as old as it is.
    ///
    /// Blocks; other processes go on. The copy is not yet on the disk when this returns: a caller that needs it to
    /// be syncs the file.
    pub fn copy(path: impl AsRef<Path>, to: impl AsRef<Path>) -> Result<()> {
        let (path, to) = (path.as_ref(), to.as_ref());
        let Some(name) = to.to_str() else {
            return Err(Error::new(ErrorKind::InvalidValue, "the name of the copy is not UTF-8: choose another one"));
        };
        let database = open::existing(path).map_err(|fault| fault.at(path))?;
        database.execute("VACUUM INTO ?1", [name]).map(drop).map_err(|error| Fault::from(error).at(path))
    }

    /// Seals every value of the store at `path` with the first of `keys`, in one transaction: a process that dies in it
    /// leaves the store as it was.
    ///
    /// Blocks, for seconds in a large store. A store that another process has open is [`ErrorKind::StoreUnavailable`],
    /// and no process opens it meanwhile: one with the old key would go on sealing with it.
    pub fn rotate(path: impl AsRef<Path>, keys: impl Into<SealingKeys>) -> Result<()> {
        let (path, keys) = (path.as_ref(), keys.into());
        rotate(path, &keys).map_err(|fault| match fault {
            Fault::Database(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                let path = path.display();
                let message = format!(
                    "the store `{path}` is in use by another process: stop `keyway serve` and what else has it open"
                );
                Error::new(ErrorKind::StoreUnavailable, message).source(error)
            }
            other => other.at(path),
        })
    }
}

fn rotate(path: &Path, keys: &SealingKeys) -> Result<(), Fault> {
    let mut database = open::existing_alone(path)?;
    open::check(&database, path, keys)?;
    open::settle(&database)?;
    let tx = database.transaction_with_behavior(TransactionBehavior::Exclusive)?;
    open::migrate(&tx, keys)?;
    open::reseal_check(&tx, keys)?;
    // Epochs do not move: nothing changed.
    open::seal_again(&tx, keys, Binding::Row)?;
    tx.commit()?;
    // What was sealed with the old key is still in the log.
    Ok(database.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?)
}
