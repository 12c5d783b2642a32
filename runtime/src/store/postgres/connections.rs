//! Connections as rows: read, written by comparing the epoch, removed.
//!
//! A write holds a lock on the connection's key, its row being there or not, while it takes an epoch and writes: so
//! epochs of one key grow in the order of the writes, also over a deletion. The lock ends with the transaction, and the
//! transaction with the session's limits, whatever became of the process.

use super::clock::{DATABASE_TIME, DatabaseClock};
use super::fault::{Fault, Result};
use crate::clock::Timestamp;
use crate::connection::{Connection, ConnectionKey, RefreshState};
use crate::seal::{SealContext, SealingKeys};
use crate::store::sealed::bound;
use crate::store::sealed::place::metadata_place;
use crate::store::sealed::text::{self, optional_timestamp, timestamp};
use crate::store::{self, ConnectionListing};
use deadpool_postgres::Client;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

/// The integration's id, once no other write of the connection is running.
pub(super) const LOCK: &str = "
    SELECT id, pg_advisory_xact_lock(hashtextextended(id || ' ' || $2, 0)) FROM integrations WHERE key = $1";
/// A statement of its own after the lock: it sees what the writes before have committed.
const FOUND: &str = "
    SELECT nextval('epochs'), connections.epoch, connections.provider, connections.metadata
    FROM (VALUES (1)) one LEFT JOIN connections ON connections.integration = $1 AND connections.id = $2";

pub(super) async fn read(
    client: &Client,
    keys: &SealingKeys,
    clock: &DatabaseClock,
    key: &ConnectionKey,
) -> Result<Option<Connection>> {
    let statement = client
        .prepare_cached(&format!(
            "SELECT connections.*, {DATABASE_TIME} AS time
             FROM connections JOIN integrations ON integrations.id = connections.integration
             WHERE integrations.key = $1 AND connections.id = $2"
        ))
        .await?;
    let sent = clock.sent();
    let Some(row) = client.query_opt(&statement, &[&key.integration, &key.id]).await? else { return Ok(None) };
    clock.answered(sent, row.try_get("time")?);
    open(&row, keys, key).map(Some)
}

/// `mine` is the epoch of a try that may have been committed: found again, it was.
pub(super) async fn put(
    client: &mut Client,
    keys: &SealingKeys,
    clock: &DatabaseClock,
    connection: &Connection,
    expected: Option<u64>,
    mine: &mut Option<i64>,
) -> Result<u64> {
    let key = &connection.key;
    let tx = client.transaction().await?;
    let row = tx.query_opt(&tx.prepare_cached(LOCK).await?, &[&key.integration, &key.id]).await?;
    let integration: String = row.ok_or_else(|| store::unknown_integration(&key.integration))?.try_get(0)?;
    let row = tx.query_one(&tx.prepare_cached(FOUND).await?, &[&integration, &key.id]).await?;
    let (epoch, found): (i64, Option<i64>) = (row.try_get(0)?, row.try_get(1)?);
    if let Some(mine) = mine.filter(|mine| found == Some(*mine)) {
        return Ok(mine.cast_unsigned());
    }
    if found.map(i64::cast_unsigned) != expected {
        return Err(store::conflict(key).into());
    }
    let metadata = match found {
        Some(found) => {
            let place = metadata_place(&integration, &key.id);
            keys.open_beside(place, &bound::connection(row.try_get(2)?, found)?, row.try_get(3)?)?
        }
        None => text::to_json(&connection.metadata)?,
    };
    let columns = Columns::of(keys, &integration, connection, &metadata, epoch)?;
    let mut values = columns.values();
    let statement = match &found {
        None => tx.prepare_cached(&insert()).await?,
        Some(found) => {
            values.push(found);
            tx.prepare_cached(&update()).await?
        }
    };
    let sent = clock.sent();
    let written = tx.query_opt(&statement, &values).await.map_err(Fault::from);
    let written = match written {
        Err(fault) if fault.breaks("connections_of_integration") => {
            return Err(store::unknown_integration(&key.integration).into());
        }
        written => written?.ok_or_else(|| store::conflict(key))?,
    };
    clock.answered(sent, written.try_get(0)?);
    *mine = Some(epoch);
    tx.commit().await.map_err(Fault::of_repeatable)?;
    Ok(epoch.cast_unsigned())
}

pub(super) async fn delete(client: &Client, key: &ConnectionKey) -> Result<bool> {
    let statement = client
        .prepare_cached(
            "DELETE FROM connections WHERE integration = (SELECT id FROM integrations WHERE key = $1) AND id = $2",
        )
        .await?;
    Ok(client.execute(&statement, &[&key.integration, &key.id]).await.map_err(Fault::of_commit)? > 0)
}

const COLUMNS: [&str; 18] = [
    "integration",
    "id",
    "provider",
    "config",
    "metadata",
    "credentials",
    "last_success",
    "last_failure",
    "attempts",
    "failures",
    "unanswered",
    "retry_at",
    "exhausted",
    "intent",
    "created_at",
    "updated_at",
    "expires_at",
    "epoch",
];

fn insert() -> String {
    let places: Vec<String> = (1..=COLUMNS.len()).map(|place| format!("${place}")).collect();
    let (columns, places) = (COLUMNS.join(", "), places.join(", "));
    format!("INSERT INTO connections ({columns}) VALUES ({places}) ON CONFLICT DO NOTHING RETURNING {DATABASE_TIME}")
}

/// Compares the epoch: the last parameter.
fn update() -> String {
    let columns = COLUMNS.iter().zip(1..).skip(2).map(|(column, place)| format!("{column} = ${place}"));
    let set: Vec<String> = columns.collect();
    let (set, expected) = (set.join(", "), COLUMNS.len() + 1);
    format!(
        "UPDATE connections SET {set} WHERE integration = $1 AND id = $2 AND epoch = ${expected}
         RETURNING {DATABASE_TIME}"
    )
}

/// A connection as its row holds it, in the order of [`COLUMNS`].
struct Columns(Vec<Box<dyn ToSql + Sync + Send>>);

impl Columns {
    /// `metadata` is its text.
    fn of(
        keys: &SealingKeys,
        integration: &str,
        connection: &Connection,
        metadata: &[u8],
        epoch: i64,
    ) -> Result<Columns> {
        let Connection { key, provider, config, credentials, refresh, created_at, updated_at, .. } = connection;
        let RefreshState {
            last_success,
            last_failure,
            attempts,
            failures,
            unanswered,
            retry_at,
            exhausted,
            intent,
            ..
        } = refresh;
        let beside = bound::connection(provider, epoch)?;
        let seal = |column, value: &[u8]| {
            keys.seal_beside(SealContext { integration, connection: &key.id, column }, &beside, value)
        };
        let instant = |at: &Option<Timestamp>| at.map(Timestamp::as_microsecond);
        Ok(Columns(vec![
            Box::new(integration.to_owned()),
            Box::new(key.id.clone()),
            Box::new(provider.clone()),
            Box::new(seal("config", &text::to_json(config)?)?),
            Box::new(seal("metadata", metadata)?),
            Box::new(seal("credentials", &text::credentials_to_json(credentials)?)?),
            Box::new(instant(last_success)),
            Box::new(instant(last_failure)),
            Box::new(i64::from(*attempts)),
            Box::new(i64::from(*failures)),
            Box::new(i64::from(*unanswered)),
            Box::new(instant(retry_at)),
            Box::new(*exhausted),
            Box::new(instant(intent)),
            Box::new(created_at.as_microsecond()),
            Box::new(updated_at.as_microsecond()),
            Box::new(instant(&ConnectionListing::of(connection).expires_at)),
            Box::new(epoch),
        ]))
    }

    fn values(&self) -> Vec<&(dyn ToSql + Sync)> {
        self.0.iter().map(|value| &**value as &(dyn ToSql + Sync)).collect()
    }
}

fn open(row: &Row, keys: &SealingKeys, key: &ConnectionKey) -> Result<Connection> {
    let (integration, provider): (&str, String) = (row.try_get("integration")?, row.try_get("provider")?);
    let epoch: i64 = row.try_get("epoch")?;
    let beside = bound::connection(&provider, epoch)?;
    let open = |column: &str| -> Result<_> {
        let place = SealContext { integration, connection: &key.id, column };
        Ok(keys.open_beside(place, &beside, row.try_get(column)?)?)
    };
    let instant = |column: &str| Ok::<_, Fault>(optional_timestamp(row.try_get(column)?)?);
    let number = |column: &str| Ok::<_, Fault>(u32::try_from(row.try_get::<_, i64>(column)?).unwrap_or(u32::MAX));
    let mut refresh = RefreshState::default();
    refresh.last_success = instant("last_success")?;
    refresh.last_failure = instant("last_failure")?;
    refresh.attempts = number("attempts")?;
    refresh.failures = number("failures")?;
    refresh.unanswered = number("unanswered")?;
    refresh.retry_at = instant("retry_at")?;
    refresh.exhausted = row.try_get("exhausted")?;
    refresh.intent = instant("intent")?;
    Ok(Connection::new(key.clone(), provider, timestamp(row.try_get("created_at")?)?)
        .config(text::from_json(&open("config")?)?)
        .metadata(text::from_json(&open("metadata")?)?)
        .credentials(text::credentials_from_json(&open("credentials")?)?)
        .refresh(refresh)
        .updated_at(timestamp(row.try_get("updated_at")?)?)
        .epoch(epoch.cast_unsigned()))
}
