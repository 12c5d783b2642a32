//! The metadata of a connection: the one column that is written by itself.
//!
//! It is sealed beside the provider and the epoch of its row, as the row has them at the moment of the writing. A write
//! of the whole row seals it again beside the new ones.

use super::Fault;
use crate::seal::{SealContext, SealingKeys};
use crate::store::sealed::place::metadata_place;
use crate::store::sealed::{bound, text};
use rusqlite::{OptionalExtension, Transaction, params};
use serde_json::{Map, Value};
use zeroize::Zeroizing;

/// The metadata of a row, and what it is sealed beside.
pub(super) struct StoredMetadata {
    pub(super) epoch: i64,
    provider: String,
    sealed: Vec<u8>,
}

impl StoredMetadata {
    /// Its text.
    pub(super) fn open(&self, keys: &SealingKeys, place: SealContext<'_>) -> Result<Zeroizing<Vec<u8>>, Fault> {
        Ok(keys.open_beside(place, &bound::connection(&self.provider, self.epoch)?, &self.sealed)?)
    }
}

/// The metadata of the row of a connection, `None` where there is no row.
pub(super) fn stored(tx: &Transaction<'_>, integration: &str, id: &str) -> Result<Option<StoredMetadata>, Fault> {
    let mut statement =
        tx.prepare_cached("SELECT epoch, provider, metadata FROM connections WHERE integration = ?1 AND id = ?2")?;
    let row = statement.query_row([integration, id], |row| {
        Ok(StoredMetadata { epoch: row.get(0)?, provider: row.get(1)?, sealed: row.get(2)? })
    });
    Ok(row.optional()?)
}

/// Replaces the metadata of a connection of an integration, which is named by its internal id. False if there is none.
pub(super) fn set(
    tx: &Transaction<'_>,
    keys: &SealingKeys,
    (integration, id): (&str, &str),
    metadata: &Map<String, Value>,
) -> Result<bool, Fault> {
    let Some(row) = stored(tx, integration, id)? else { return Ok(false) };
    let beside = bound::connection(&row.provider, row.epoch)?;
    let sealed = keys.seal_beside(metadata_place(integration, id), &beside, &text::to_json(metadata)?)?;
    tx.prepare_cached("UPDATE connections SET metadata = ?3 WHERE integration = ?1 AND id = ?2")?.execute(params![
        integration,
        id,
        sealed
    ])?;
    Ok(true)
}
