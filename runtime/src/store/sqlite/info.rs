//! What can be said of a store without its key.

use super::migrations::{self, MIGRATIONS};
use super::{Fault, Sqlite, open};
use crate::error::Result;
use crate::seal;
use rusqlite::{Connection, OptionalExtension};
use std::path::{Path, PathBuf};

/// A store's file from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SqliteInfo {
    /// The number of steps of the schema that the file has taken.
    pub schema: usize,
    /// The number of steps that this version knows.
    pub newest_schema: usize,
    /// The id of the key that the store is sealed with; `None` where nothing was ever sealed.
    pub key_id: Option<String>,
    /// The number of integrations.
    pub integrations: u64,
    /// The number of connections.
    pub connections: u64,
    /// The number of registered clients.
    pub registrations: u64,
    /// The number of tickets, expired ones included.
    pub tickets: u64,
    /// The size of the file in bytes.
    pub size: u64,
    /// The size in bytes of the log beside the file, of what is not in the file yet.
    pub log_size: u64,
}

impl Sqlite {
    /// Looks at the store at `path` without opening a value. Blocks for a moment; other processes go on.
    pub fn info(path: impl AsRef<Path>) -> Result<SqliteInfo> {
        let path = path.as_ref();
        info(path).map_err(|fault| fault.at(path))
    }
}

fn info(path: &Path) -> Result<SqliteInfo, Fault> {
    let mut database = open::existing(path)?;
    let tx = database.transaction()?;
    let sealed: Option<Vec<u8>> = tx.query_row("SELECT sealed FROM seal", [], |row| row.get(0)).optional()?;
    let info = SqliteInfo {
        schema: migrations::taken(&tx)?,
        newest_schema: MIGRATIONS.len(),
        key_id: sealed.as_deref().and_then(seal::key_id),
        integrations: count(&tx, "integrations")?,
        connections: count(&tx, "connections")?,
        registrations: count(&tx, "registrations")?,
        tickets: count(&tx, "tickets")?,
        size: size(path),
        log_size: size(&log(path)),
    };
    Ok(info)
}

/// Older schemas do not have every table.
fn count(database: &Connection, table: &str) -> Result<u64, Fault> {
    let known = database.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1")?.exists([table])?;
    if !known {
        return Ok(0);
    }
    let count: i64 = database.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0))?;
    Ok(count.cast_unsigned())
}

fn size(path: &Path) -> u64 {
    std::fs::metadata(path).map_or(0, |file| file.len())
}

fn log(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}
