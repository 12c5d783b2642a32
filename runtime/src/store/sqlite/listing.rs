//! Pages of connections: each statement goes to where its page begins, and reads no row that is not on it.
//!
//! The one thing that grows with the store is the number of integrations between two connections of a page: each of
//! them is one step in an index.

use super::rows::Result;
use crate::connection::ConnectionKey;
use crate::store::sealed::text::{self, optional_timestamp};
use crate::store::seek::{Seek, TextRange, seeks};
use crate::store::{ConnectionListing, ConnectionQuery};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Row, ToSql, Transaction, named_params};

/// A page in the order of integrations' keys and ids.
pub(super) fn connections(tx: &Transaction<'_>, query: &ConnectionQuery) -> Result<Vec<ConnectionListing>> {
    let mut page = Vec::new();
    for seek in seeks(query) {
        let limit = query.limit.saturating_sub(page.len());
        if limit > 0 {
            read(tx, &seek, query.reconnect_needed, limit, &mut page)?;
        }
    }
    Ok(page)
}

fn read(
    tx: &Transaction<'_>,
    seek: &Seek,
    reconnect_needed: Option<bool>,
    limit: usize,
    page: &mut Vec<ConnectionListing>,
) -> Result<()> {
    let mut statement = tx.prepare_cached(&statement(reconnect_needed.is_some()))?;
    let Seek { integrations, ids } = seek;
    let shared = named_params! {
        ":from_key": integrations.start,
        ":to_key": UpperBound(integrations),
        ":from_id": ids.start,
        ":to_id": UpperBound(ids),
        ":limit": i64::try_from(limit).unwrap_or(i64::MAX),
    };
    let mut parameters = shared.to_vec();
    if let Some(needed) = &reconnect_needed {
        parameters.push((":exhausted", needed));
    }
    let mut rows = statement.query(parameters.as_slice())?;
    while let Some(row) = rows.next()? {
        page.push(listing(row)?);
    }
    Ok(())
}

/// The order is that of the two indexes, one inside the other: `CROSS JOIN` keeps SQLite from exchanging them, and
/// `INDEXED BY` from taking the index that has not every column of the condition.
fn statement(asks_whether_to_reconnect: bool) -> String {
    let (index, condition) = if asks_whether_to_reconnect {
        ("INDEXED BY connections_by_need", "AND exhausted = :exhausted")
    } else {
        ("", "")
    };
    format!(
        "SELECT integrations.key, connections.id, connections.provider, created_at, updated_at, expires_at, exhausted
         FROM integrations CROSS JOIN connections {index} ON connections.integration = integrations.id
         WHERE integrations.key >= :from_key AND integrations.key < :to_key
           AND connections.id >= :from_id AND connections.id < :to_id {condition}
         ORDER BY integrations.key, connections.id LIMIT :limit"
    )
}

fn listing(row: &Row<'_>) -> Result<ConnectionListing> {
    Ok(ConnectionListing {
        key: ConnectionKey::new(row.get::<_, String>(0)?, row.get::<_, String>(1)?),
        provider: row.get(2)?,
        created_at: text::timestamp(row.get(3)?)?,
        updated_at: text::timestamp(row.get(4)?)?,
        expires_at: optional_timestamp(row.get(5)?)?,
        reconnect_needed: row.get(6)?,
    })
}

/// The end of a range. Where there is none it is a blob: SQLite orders every text before every blob.
struct UpperBound<'a>(&'a TextRange);

impl ToSql for UpperBound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match &self.0.end {
            Some(end) => ToSqlOutput::Borrowed(ValueRef::Text(end.as_bytes())),
            None => ToSqlOutput::Owned(Value::Blob(Vec::new())),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::migrations::MIGRATIONS;
    use super::*;

    /// Every query is one of these two statements, so that what holds of them holds of every page.
    #[test]
    fn no_page_is_read_from_the_start_or_sorted() {
        let database = rusqlite::Connection::open_in_memory().unwrap();
        database.execute_batch(&MIGRATIONS.concat()).unwrap();
        let both = [
            (false, "sqlite_autoindex_connections_1 (integration=? AND id>? AND id<?)"),
            (true, "connections_by_need (integration=? AND exhausted=? AND id>? AND id<?)"),
        ];
        for (asks, index) in both {
            let mut explain = database.prepare(&format!("EXPLAIN QUERY PLAN {}", statement(asks))).unwrap();
            let plan = explain.raw_query().mapped(|row| row.get::<_, String>(3));
            let plan: Vec<String> = plan.map(|step| step.unwrap()).collect();
            let [outer, inner] = plan.as_slice() else { panic!("{plan:#?}") };
            assert!(
                outer.starts_with("SEARCH integrations USING INDEX") && outer.contains("key>? AND key<?"),
                "{outer}"
            );
            assert!(inner.starts_with("SEARCH connections USING INDEX") && inner.contains(index), "{inner}");
        }
    }
}
