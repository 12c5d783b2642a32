//! Stores of any kind, by what an operator calls them.

use crate::exit::Failure;
use crate::location::{Location, failed};
use crate::sealing;
use keyway::store::Store;
use std::sync::Arc;

/// Opens a store that is there.
pub(super) async fn existing(store: &Location) -> Result<Arc<dyn Store>, Failure> {
    let key = match store.file() {
        Some(path) => sealing::find(path)?.key,
        None => sealing::find_or_make(None)?.0,
    };
    store.open(key).await
}

/// Opens a store, or makes it; a file with a key beside it.
pub(super) async fn or_made(store: &Location) -> Result<Arc<dyn Store>, Failure> {
    let (key, _) = sealing::find_or_make(store.file())?;
    store.open(key).await
}

/// True if a store has no record that would be in the way of others.
pub(super) async fn is_empty(store: &dyn Store) -> Result<bool, Failure> {
    Ok(store.integrations().await.map_err(failed)?.is_empty())
}
