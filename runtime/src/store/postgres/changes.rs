//! What any process wrote since a cursor.
//!
//! Numbers that rows are given do not say when their transactions commit: a reader that saw 7 may not have seen 6. So
//! the cursor is a transaction's: the oldest that was still running when changes were asked for. Everything before it
//! has ended and was seen; everything from it on is read again, so a change is given at least once. While a long
//! transaction runs, in whatever database of the server, that can be many times; beyond [`MAX_CHANGES`] everything
//! counts as changed.

use super::fault::Result;
use crate::store::{Change, Changes};
use deadpool_postgres::Client;

/// The number of changes that are given at a time: as many as the table keeps.
const MAX_CHANGES: usize = 10_000;

/// One statement, so one snapshot: what it does not see belongs to transactions from its cursor on.
const CHANGES: &str = "
    SELECT pg_snapshot_xmin(s)::text::bigint, pg_snapshot_xmax(s)::text::bigint, kept.since::text::bigint,
        c.integration, c.connection
    FROM pg_current_snapshot() s CROSS JOIN changes_kept kept
    LEFT JOIN LATERAL (
        SELECT integration, connection FROM changes WHERE xid >= $1::text::xid8 ORDER BY xid LIMIT 10001
    ) c ON true";

pub(super) async fn since(client: &Client, since: Option<u64>) -> Result<Option<Changes>> {
    let Some(since) = since else {
        let statement = client.prepare_cached("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint").await?;
        let cursor: i64 = client.query_one(&statement, &[]).await?.try_get(0)?;
        return Ok(Some(Changes { cursor: cursor.cast_unsigned(), records: None }));
    };
    let statement = client.prepare_cached(CHANGES).await?;
    let rows = client.query(&statement, &[&since.to_string()]).await?;
    let Some(row) = rows.first() else { return Ok(None) };
    let number = |place: usize| row.try_get::<_, i64>(place).map(i64::cast_unsigned);
    let (cursor, next, kept) = (number(0)?, number(1)?, number(2)?);
    // A cursor that no transaction has reached is from before the database was restored from a copy.
    if since < kept || since > next || rows.len() > MAX_CHANGES {
        return Ok(Some(Changes { cursor, records: None }));
    }
    let mut records = Vec::new();
    for row in &rows {
        let Some(id) = row.try_get::<_, Option<String>>(3)? else { continue };
        let connection = row.try_get::<_, Option<String>>(4)?;
        records.push(match connection {
            Some(connection) => Change::Connection { integration: id, id: connection },
            None => Change::Integration { id },
        });
    }
    Ok(Some(Changes { cursor, records: Some(records) }))
}
