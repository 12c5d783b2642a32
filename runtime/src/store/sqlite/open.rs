//! Opening the file: permissions, settings, migrations, and the check that the sealing key fits.
//!
//! Nothing is written before the key has been proved right.

use super::migrations::{self, MIGRATIONS};
use super::{Fault, registrations, rows};
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::seal::SealingKeys;
use crate::store::sealed::bound::Binding;
use crate::store::sealed::place::{CHECK, CHECK_TEXT};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};
use std::path::Path;
use std::time::Duration;
use zeroize::Zeroizing;

/// How long a statement waits for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The pages that one reading connection keeps in memory, in KiB as SQLite takes them: negative.
const READER_CACHE: i64 = -512;

/// An open database, migrated, with the right key.
pub(super) fn open(path: &Path, keys: &SealingKeys) -> Result<Connection> {
    create_private(path)?;
    connect(path, keys).map_err(|fault| fault.at(path))
}

/// The error of a database that cannot be used, and what to do about it.
pub(super) fn unavailable(path: &Path, error: rusqlite::Error) -> Error {
    let (path, not_a_store) = (path.display(), not_a_store(path));
    let message = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            format!("the store `{path}` is locked by another process: stop it, or use another file")
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            format!("the store `{path}` cannot be written: check the owner and mode of the file and of its folder")
        }
        Some(ErrorCode::NotADatabase) => not_a_store,
        Some(ErrorCode::DatabaseCorrupt) => format!("the store `{path}` is damaged: stop, and restore a copy"),
        Some(ErrorCode::DiskFull) => format!("the disk of the store `{path}` is full: make room and try again"),
        Some(ErrorCode::CannotOpen) => {
            format!("the store `{path}` cannot be opened: check that its folder exists and may be written")
        }
        _ => format!("the store `{path}` failed: see the cause"),
    };
    Error::new(ErrorKind::StoreUnavailable, message).stage(Stage::Store).source(error)
}

/// The database of a store that is there, with nothing proved but that it is one.
pub(super) fn existing(path: &Path) -> Result<Connection, Fault> {
    let database = database(path)?;
    check_kind(&database, path, false)?;
    Ok(database)
}

/// The same, which no other process has open or opens while this one has.
pub(super) fn existing_alone(path: &Path) -> Result<Connection, Fault> {
    let database = database(path)?;
    // Before the first read: a lock that is taken in this mode stays, and it is one that shuts out every other process.
    database.pragma_update(None, "locking_mode", "exclusive")?;
    check_kind(&database, path, false)?;
    Ok(database)
}

/// Checks that this version can read the store, and that the key is its own.
pub(super) fn check(database: &Connection, path: &Path, keys: &SealingKeys) -> Result<(), Fault> {
    check_version(database, path)?;
    check_key(database, keys).map(drop)
}

/// How every connection that writes is set up.
pub(super) fn settle(database: &Connection) -> Result<(), Fault> {
    database.pragma_update(None, "journal_mode", "wal")?;
    database.pragma_update(None, "synchronous", "full")?;
    database.pragma_update(None, "foreign_keys", true)?;
    database.pragma_update(None, "secure_delete", true)?;
    Ok(())
}

/// A transaction that sees the store as it will be when it is opened: to be rolled back.
pub(super) fn as_if_migrated<'a>(database: &'a mut Connection, keys: &SealingKeys) -> Result<Transaction<'a>, Fault> {
    if migrations::taken(database)? == MIGRATIONS.len() {
        return Ok(database.transaction()?);
    }
    let tx = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
    migrate(&tx, keys)?;
    Ok(tx)
}

fn connect(path: &Path, keys: &SealingKeys) -> Result<Connection, Fault> {
    let mut database = database(path)?;
    check_kind(&database, path, true)?;
    check(&database, path, keys)?;
    settle(&database)?;
    let tx = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
    migrate(&tx, keys)?;
    tx.commit()?;
    Ok(database)
}

fn database(path: &Path) -> Result<Connection, Fault> {
    let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    database.busy_timeout(BUSY_TIMEOUT)?;
    Ok(database)
}

/// Another program's database is left alone.
fn check_kind(database: &Connection, path: &Path, may_be_empty: bool) -> Result<(), Fault> {
    let kind = "SELECT count(*) = 0, coalesce(max(name = 'seal'), 0) FROM sqlite_schema";
    let (empty, ours): (bool, bool) = database.query_row(kind, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    if ours || (empty && may_be_empty) {
        return Ok(());
    }
    let message = not_a_store(path);
    Err(Error::new(ErrorKind::StoreUnavailable, message).into())
}

fn not_a_store(path: &Path) -> String {
    format!("`{}` is not a Keyway store: name another file, or restore a copy of this one", path.display())
}

/// A connection that reads the file that [`open`] opened, and never writes.
pub(super) fn reader(path: &Path) -> Result<Connection> {
    let connect = || -> Result<Connection, Fault> {
        let database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        database.busy_timeout(BUSY_TIMEOUT)?;
        database.pragma_update(None, "cache_size", READER_CACHE)?;
        // It has read the schema, for which it took room for 20 pages. Most readers of an idle server are never used.
        database.execute_batch("PRAGMA shrink_memory")?;
        Ok(database)
    };
    connect().map_err(|fault| fault.at(path))
}

fn check_version(database: &Connection, path: &Path) -> Result<(), Fault> {
    if migrations::taken(database)? <= MIGRATIONS.len() {
        return Ok(());
    }
    let path = path.display();
    let message = format!("the store `{path}` was written by a newer version of Keyway: use that version");
    Err(Error::new(ErrorKind::StoreUnavailable, message).into())
}

/// What the check value says; `None` where there is none yet. Another key than the store's is an error.
fn check_key(database: &Connection, keys: &SealingKeys) -> Result<Option<Zeroizing<Vec<u8>>>, Fault> {
    if migrations::taken(database)? == 0 {
        return Ok(None);
    }
    let sealed: Option<Vec<u8>> = database.query_row("SELECT sealed FROM seal", [], |row| row.get(0)).optional()?;
    Ok(sealed.map(|sealed| keys.open(CHECK, &sealed)).transpose()?)
}

/// Takes the steps that are missing. The transaction is exclusive, so two processes that start together agree.
pub(super) fn migrate(tx: &Transaction<'_>, keys: &SealingKeys) -> Result<(), Fault> {
    migrations::take_missing(tx)?;
    match check_key(tx, keys)? {
        // The marker is sealed: without the key it cannot be forged that rows are still to be bound.
        Some(text) if text.as_slice() == CHECK_TEXT => return Ok(()),
        Some(_) => seal_again(tx, keys, Binding::None)?,
        None => {}
    }
    let sealed = keys.seal(CHECK, CHECK_TEXT)?;
    tx.execute("INSERT INTO seal (id, sealed) VALUES (1, ?1) ON CONFLICT DO UPDATE SET sealed = ?1", [sealed])?;
    Ok(())
}

/// Seals every record again, with the first key and bound to its row.
pub(super) fn seal_again(tx: &Transaction<'_>, keys: &SealingKeys, from: Binding) -> Result<(), Fault> {
    rows::seal_again(tx, keys, from)?;
    registrations::seal_again(tx, keys)
}

/// Seals the check value again, after a rotation.
pub(super) fn reseal_check(tx: &Transaction<'_>, keys: &SealingKeys) -> Result<(), Fault> {
    tx.execute("UPDATE seal SET sealed = ?1", [keys.seal(CHECK, CHECK_TEXT)?])?;
    Ok(())
}

/// Makes the file first, readable by its owner alone; SQLite gives its companions the same mode.
fn create_private(path: &Path) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => {
            let path = path.display();
            let message = format!("the store `{path}` cannot be made: check that its folder exists and may be written");
            Err(Error::new(ErrorKind::StoreUnavailable, message).stage(Stage::Store).source(error))
        }
    }
}
