//! The tables, made and changed step by step, and the check that the sealing key fits.
//!
//! Nothing is written before the key has been proved right, and nothing at all where the tables are up to date: a role
//! that may only read and write rows will do then.

use super::clock::DatabaseClock;
use super::connect::SCHEMA;
use super::fault::{Fault, Result};
use crate::error::{Error, ErrorKind};
use crate::seal::SealingKeys;
use crate::store::sealed::place::{CHECK, CHECK_TEXT};
use deadpool_postgres::Client;
use std::time::Duration;
use tokio_postgres::GenericClient;

/// The longest time that opening may take: others that start may be changing the tables first.
pub(super) const TIMEOUT: Duration = Duration::from_secs(60);

/// Held while the tables are changed, so that of processes that start together one does it: "keyway" in hexadecimal.
const LOCK: i64 = 0x6b65_7977_6179;

/// The schema, step by step. `version.steps` counts the steps taken; steps are only ever added at the end.
const MIGRATIONS: &[&str] = &[include_str!("tables.sql"), "ALTER TABLE keyway.integrations ADD COLUMN base_url text;"];

/// Brings the tables up to date, checks the key, and measures the database's clock.
pub(super) async fn open(client: &mut Client, keys: &SealingKeys, clock: &DatabaseClock) -> Result<()> {
    if !is_current(&***client, keys).await? {
        let tx = client.transaction().await?;
        // Migrations of large tables and waits for others take longer than ordinary statements may.
        tx.batch_execute("SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0").await?;
        tx.execute("SELECT pg_advisory_xact_lock($1)", &[&LOCK]).await?;
        migrate(&*tx, keys).await?;
        tx.commit().await?;
    }
    clock.measure(client).await
}

/// True if nothing is to be done. Tables of a newer version and another key than the store's are errors.
async fn is_current(client: &impl GenericClient, keys: &SealingKeys) -> Result<bool> {
    let steps = steps(client).await?;
    if steps > MIGRATIONS.len() {
        let message = "the store was written by a newer version of Keyway: use that version";
        return Err(Error::new(ErrorKind::StoreUnavailable, message).into());
    }
    Ok(steps > 0 && check_key(client, keys).await? && steps == MIGRATIONS.len())
}

/// The number of steps that were taken.
async fn steps(client: &impl GenericClient) -> Result<usize> {
    let there: bool = client.query_one("SELECT to_regclass('keyway.version') IS NOT NULL", &[]).await?.try_get(0)?;
    if !there {
        return Ok(0);
    }
    let steps: i32 = client.query_one("SELECT steps FROM keyway.version", &[]).await?.try_get(0)?;
    Ok(usize::try_from(steps).unwrap_or(usize::MAX))
}

/// True if there is a check value; one that does not open is an error.
async fn check_key(client: &impl GenericClient, keys: &SealingKeys) -> Result<bool> {
    let Some(row) = client.query_opt("SELECT sealed FROM keyway.seal", &[]).await? else { return Ok(false) };
    keys.open(CHECK, row.try_get(0)?)?;
    Ok(true)
}

/// Takes the steps that are missing, inside a transaction that holds the lock.
async fn migrate(tx: &impl GenericClient, keys: &SealingKeys) -> Result<()> {
    if is_current(tx, keys).await? {
        return Ok(());
    }
    let there = tx.query_opt("SELECT 1 FROM pg_namespace WHERE nspname = $1", &[&SCHEMA]).await?.is_some();
    if !there {
        tx.batch_execute("CREATE SCHEMA keyway").await?;
    }
    for step in MIGRATIONS.iter().skip(steps(tx).await?) {
        tx.batch_execute(step).await?;
    }
    let steps = i32::try_from(MIGRATIONS.len()).unwrap_or(i32::MAX);
    tx.execute("UPDATE keyway.version SET steps = $1", &[&steps]).await?;
    if !check_key(tx, keys).await? {
        let sealed = keys.seal(CHECK, CHECK_TEXT).map_err(Fault::from)?;
        tx.execute("INSERT INTO keyway.seal (id, sealed) VALUES (1, $1)", &[&sealed]).await?;
    }
    Ok(())
}
