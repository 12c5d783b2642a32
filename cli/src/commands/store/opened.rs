//! Stores of any kind, by what an operator calls them.

use super::failed;
use crate::exit::Failure;
use crate::sealing;
use keyway::store::{Sqlite, Store};
use std::path::Path;

/// Opens a store that is there.
pub(super) fn existing(path: &Path) -> Result<Box<dyn Store>, Failure> {
    let sealing::FoundKey { key, .. } = sealing::find(path)?;
    Ok(Box::new(Sqlite::open(path, key).map_err(failed)?))
}

/// Opens a store, or makes it with a key beside it.
pub(super) fn or_made(path: &Path) -> Result<Box<dyn Store>, Failure> {
    let (key, _) = sealing::find_or_make(Some(path))?;
    Ok(Box::new(Sqlite::open(path, key).map_err(failed)?))
}

/// Whether a store has no record that would be in the way of others.
pub(super) async fn is_empty(store: &dyn Store) -> Result<bool, Failure> {
    Ok(store.integrations().await.map_err(failed)?.is_empty())
}
