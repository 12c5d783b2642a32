//! The metadata of a connection: the one column that is written by itself.
//!
//! Under the lock of [`connections`], so that the epoch that it is sealed beside is the one of its row: a write of the
//! whole row, which seals it again beside the next one, comes wholly before or wholly after.

use super::connections::LOCK;
use super::fault::{Fault, Result};
use crate::connection::ConnectionKey;
use crate::seal::SealingKeys;
use crate::store::sealed::place::metadata_place;
use crate::store::sealed::{bound, text};
use deadpool_postgres::Client;
use serde_json::{Map, Value};

/// Replaces it. False if there is no such connection.
pub(super) async fn set(
    client: &mut Client,
    keys: &SealingKeys,
    key: &ConnectionKey,
    metadata: &Map<String, Value>,
) -> Result<bool> {
    let tx = client.transaction().await?;
    let row = tx.query_opt(&tx.prepare_cached(LOCK).await?, &[&key.integration, &key.id]).await?;
    let Some(row) = row else { return Ok(false) };
    let integration: &str = row.try_get(0)?;
    let select = "SELECT provider, epoch FROM connections WHERE integration = $1 AND id = $2";
    let row = tx.query_opt(&tx.prepare_cached(select).await?, &[&integration, &key.id]).await?;
    let Some(row) = row else { return Ok(false) };
    let beside = bound::connection(row.try_get(0)?, row.try_get(1)?)?;
    let sealed = keys.seal_beside(metadata_place(integration, &key.id), &beside, &text::to_json(metadata)?)?;
    let update = "UPDATE connections SET metadata = $3 WHERE integration = $1 AND id = $2";
    let written = tx.execute(&tx.prepare_cached(update).await?, &[&integration, &key.id, &sealed]).await?;
    tx.commit().await.map_err(Fault::of_repeatable)?;
    Ok(written > 0)
}
