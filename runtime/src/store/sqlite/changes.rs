//! What was written since a cursor: the rows of `changes`, which triggers fill in every writer's transaction.
//!
//! The table holds the newest 10,000; a cursor from before them knows nothing any more. Only the oldest rows are ever
//! removed, so the numbers of the rows rise without an `AUTOINCREMENT`, which would write another page each time.

use super::Fault;
use crate::store::{Change, Changes};
use rusqlite::{Connection, Transaction, TransactionBehavior};

/// A database connection that only looks for changes. It remembers the state of the file at its last look, so that a
/// look at an unchanged file runs no statement.
pub(super) struct Watch {
    database: Connection,
    /// `PRAGMA data_version` and the cursor that was last given back.
    last: Option<(i64, u64)>,
}

impl Watch {
    /// A look-out on a connection that never writes: its own writes would not change its `data_version`.
    pub(super) fn new(database: Connection) -> Watch {
        Watch { database, last: None }
    }

    /// What any other connection committed since a cursor.
    pub(super) fn since(&mut self, since: Option<u64>) -> Result<Changes, Fault> {
        // Read first: a write that comes between this and the rows is seen again at the next look.
        let version: i64 = self.database.pragma_query_value(None, "data_version", |row| row.get(0))?;
        if let (Some((last_version, cursor)), Some(since)) = (self.last, since)
            && (last_version, cursor) == (version, since)
        {
            return Ok(Changes { cursor, records: Some(Vec::new()) });
        }
        let tx = self.database.transaction_with_behavior(TransactionBehavior::Deferred)?;
        let changes = read(&tx, since)?;
        tx.commit()?;
        self.last = Some((version, changes.cursor));
        Ok(changes)
    }
}

fn read(tx: &Transaction<'_>, since: Option<u64>) -> Result<Changes, Fault> {
    let (first, last): (Option<i64>, Option<i64>) = tx
        .prepare_cached("SELECT (SELECT min(seq) FROM changes), (SELECT max(seq) FROM changes)")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let cursor = last.unwrap_or(0);
    let since = since.and_then(|since| i64::try_from(since).ok());
    // Larger than any: of another file, that stood here before this one was restored.
    let known = since.filter(|since| *since <= cursor && first.is_none_or(|first| since.saturating_add(1) >= first));
    let records = known.map(|since| rows(tx, since)).transpose()?;
    Ok(Changes { cursor: cursor.cast_unsigned(), records })
}

fn rows(tx: &Transaction<'_>, since: i64) -> Result<Vec<Change>, Fault> {
    let mut statement = tx.prepare_cached("SELECT DISTINCT integration, connection FROM changes WHERE seq > ?1")?;
    let changes = statement.query_map([since], |row| {
        let (integration, connection): (String, Option<String>) = (row.get(0)?, row.get(1)?);
        Ok(match connection {
            Some(id) => Change::Connection { integration, id },
            None => Change::Integration { id: integration },
        })
    })?;
    Ok(changes.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests;
