//! Opening the file: permissions, settings, migrations, and the check that the sealing key fits.
//!
//! Nothing is written before the key has been proved right.

use super::bound::Binding;
use super::{Fault, registrations, rows};
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::seal::{SealContext, SealingKeys};
use rusqlite::{Connection, ErrorCode, OpenFlags, OptionalExtension, Transaction, TransactionBehavior};
use std::path::Path;
use std::time::Duration;
use zeroize::Zeroizing;

/// How long a statement waits for another process's lock.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The schema, step by step. `user_version` counts the steps taken; steps are only ever added at the end.
const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE seal (id INTEGER PRIMARY KEY CHECK (id = 1), sealed BLOB NOT NULL) STRICT;
    CREATE TABLE epoch (id INTEGER PRIMARY KEY CHECK (id = 1), last INTEGER NOT NULL) STRICT;
    INSERT INTO epoch (id, last) VALUES (1, 0);
    CREATE TABLE integrations (
        id TEXT NOT NULL PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        provider TEXT NOT NULL,
        client_id TEXT,
        client_secret BLOB,
        scopes TEXT NOT NULL,
        allowed_hosts TEXT NOT NULL,
        custom BLOB NOT NULL,
        app_link TEXT
    ) STRICT;
    CREATE TABLE connections (
        integration TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
        id TEXT NOT NULL,
        provider TEXT NOT NULL,
        config BLOB NOT NULL,
        metadata BLOB NOT NULL,
        credentials BLOB NOT NULL,
        last_success INTEGER,
        last_failure INTEGER,
        attempts INTEGER NOT NULL,
        exhausted INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        expires_at INTEGER,
        epoch INTEGER NOT NULL,
        PRIMARY KEY (integration, id)
    ) STRICT;
    CREATE TABLE tickets (id TEXT NOT NULL PRIMARY KEY, payload BLOB NOT NULL, expires_at INTEGER NOT NULL) STRICT;
    CREATE INDEX tickets_by_expiry ON tickets (expires_at);
",
    "
    ALTER TABLE connections ADD COLUMN intent INTEGER;
",
    // What was registered with vendors until now is the shared redirect URI.
    "
    ALTER TABLE integrations ADD COLUMN shared_redirect_uri INTEGER NOT NULL DEFAULT 1;
",
    "
    CREATE TABLE registrations (
        integration TEXT NOT NULL REFERENCES integrations (id) ON DELETE CASCADE,
        issuer TEXT NOT NULL,
        request TEXT NOT NULL,
        client_id TEXT NOT NULL,
        answer BLOB NOT NULL,
        expires_at INTEGER,
        PRIMARY KEY (integration, issuer, request)
    ) STRICT;
",
    // From here on values are bound to their rows (see the module `bound`): versions that do not know that must not
    // write.
    "",
    "
    ALTER TABLE connections ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE connections ADD COLUMN unanswered INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE connections ADD COLUMN retry_at INTEGER;
    ALTER TABLE integrations ADD COLUMN unknown_outcome TEXT;
",
];

/// Where the value that proves the key is sealed for.
const CHECK: SealContext<'static> = SealContext { integration: "", connection: "", column: "check" };
/// What it says: that every value of the store is bound to its row.
const CHECK_TEXT: &[u8] = b"keyway, rows bound";

/// An open database, migrated, with the right key.
pub(super) fn open(path: &Path, keys: &SealingKeys) -> Result<Connection> {
    create_private(path)?;
    connect(path, keys).map_err(|fault| fault.at(path))
}

/// The error of a database that cannot be used, and what to do about it.
pub(super) fn unavailable(path: &Path, error: rusqlite::Error) -> Error {
    let path = path.display();
    let message = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            format!("the store `{path}` is locked by another process: stop it, or use another file")
        }
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            format!("the store `{path}` cannot be written: check the owner and mode of the file and of its folder")
        }
        Some(ErrorCode::NotADatabase) => {
            format!("`{path}` is not a Keyway store: name another file, or restore a copy of this one")
        }
        Some(ErrorCode::DatabaseCorrupt) => format!("the store `{path}` is damaged: stop, and restore a copy"),
        Some(ErrorCode::DiskFull) => format!("the disk of the store `{path}` is full: make room and try again"),
        Some(ErrorCode::CannotOpen) => {
            format!("the store `{path}` cannot be opened: check that its folder exists and may be written")
        }
        _ => format!("the store `{path}` failed: see the cause"),
    };
    Error::new(ErrorKind::StoreUnavailable, message).stage(Stage::Store).source(error)
}

fn connect(path: &Path, keys: &SealingKeys) -> Result<Connection, Fault> {
    let mut database = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    database.busy_timeout(BUSY_TIMEOUT)?;
    check_version(&database, path)?;
    check_key(&database, keys)?;
    database.pragma_update(None, "journal_mode", "wal")?;
    database.pragma_update(None, "synchronous", "full")?;
    database.pragma_update(None, "foreign_keys", true)?;
    database.pragma_update(None, "secure_delete", true)?;
    let tx = database.transaction_with_behavior(TransactionBehavior::Immediate)?;
    migrate(&tx, keys)?;
    tx.commit()?;
    Ok(database)
}

fn check_version(database: &Connection, path: &Path) -> Result<(), Fault> {
    if version(database)? <= MIGRATIONS.len() {
        return Ok(());
    }
    let path = path.display();
    let message = format!("the store `{path}` was written by a newer version of Keyway: use that version");
    Err(Error::new(ErrorKind::StoreUnavailable, message).into())
}

/// What the check value says; `None` where there is none yet. Another key than the store's is an error.
fn check_key(database: &Connection, keys: &SealingKeys) -> Result<Option<Zeroizing<Vec<u8>>>, Fault> {
    if version(database)? == 0 {
        return Ok(None);
    }
    let sealed: Option<Vec<u8>> = database.query_row("SELECT sealed FROM seal", [], |row| row.get(0)).optional()?;
    Ok(sealed.map(|sealed| keys.open(CHECK, &sealed)).transpose()?)
}

/// Takes the steps that are missing. The transaction is exclusive, so two processes that start together agree.
fn migrate(tx: &Transaction<'_>, keys: &SealingKeys) -> Result<(), Fault> {
    for step in MIGRATIONS.iter().skip(version(tx)?) {
        tx.execute_batch(step)?;
    }
    tx.pragma_update(None, "user_version", i64::try_from(MIGRATIONS.len()).unwrap_or(i64::MAX))?;
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

fn version(database: &Connection) -> Result<usize, Fault> {
    let version: i64 = database.pragma_query_value(None, "user_version", |row| row.get(0))?;
    Ok(usize::try_from(version).unwrap_or(usize::MAX))
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

#[cfg(test)]
mod tests {
    use super::super::rows;
    use super::*;
    use crate::integration::IntegrationRecord;
    use crate::seal::SealingKey;

    #[test]
    fn integrations_from_before_there_were_other_redirect_uris_share_the_plain_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("old.db");
        let keys = SealingKeys::from(SealingKey::generate().unwrap());
        let custom = keys.seal(SealContext { integration: "i1", connection: "", column: "custom" }, b"{}").unwrap();
        let old = Connection::open(&path).unwrap();
        old.execute_batch(&MIGRATIONS[..2].concat()).unwrap();
        old.execute(
            "INSERT INTO integrations VALUES ('i1', 'old', 'acme', 'id', NULL, '[]', '[]', ?1, NULL)",
            [custom],
        )
        .unwrap();
        // What the check value said before rows were bound.
        old.execute("INSERT INTO seal VALUES (1, ?1)", [keys.seal(CHECK, b"keyway").unwrap()]).unwrap();
        old.pragma_update(None, "user_version", 2).unwrap();
        drop(old);
        let mut database = open(&path, &keys).unwrap();
        let tx = database.transaction().unwrap();
        let new = IntegrationRecord::default().id("i2").key("new");
        rows::insert_integration(&tx, &keys, &new).unwrap_or_else(|_| panic!("not inserted"));
        let shared = |key: &str| {
            let record = rows::integration(&tx, &keys, key).unwrap_or_else(|_| panic!("not read")).unwrap();
            (record.id, record.shared_redirect_uri)
        };
        assert_eq!((shared("old"), shared("new")), (("i1".to_owned(), true), ("i2".to_owned(), false)));
    }
}
