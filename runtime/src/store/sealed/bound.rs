//! What a row says in the clear and must not be changed without the key.
//!
//! An integration's provider, client, hosts and links decide where its customers' credentials go, and stand in the
//! clear so that they can be listed. They are part of the associated data of the row's sealed values: a row that was
//! edited does not open. A connection's values are bound to its provider and to the epoch of their writing, so that
//! values of different writings do not open together; a ticket is bound to its expiry. Metadata that was changed by
//! itself is bound to the epoch of its row, whose other values stay.
//!
//! Stores from before this was so are bound once, when they are opened.

use super::text;
use crate::error::Result;
use crate::integration::{IntegrationRecord, in_the_clear};

/// What a stored value is bound to.
#[cfg(feature = "sqlite")]
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::store) enum Binding {
    /// Nothing: a store from before values were bound. A row that was edited then is taken as it is.
    None,
    /// Its row.
    Row,
}

#[cfg(feature = "sqlite")]
impl Binding {
    /// The bytes beside a value whose row says `row`.
    pub(in crate::store) fn of(self, row: &[u8]) -> &[u8] {
        match self {
            Binding::None => &[],
            Binding::Row => row,
        }
    }
}

/// The bytes of an integration.
pub(in crate::store) fn integration(record: &IntegrationRecord) -> Result<Vec<u8>> {
    labelled("integration", &in_the_clear(record))
}

/// The bytes of a connection.
pub(in crate::store) fn connection(provider: &str, epoch: i64) -> Result<Vec<u8>> {
    labelled("connection", &(provider, epoch))
}

/// The bytes of a ticket; `expires_at` in microseconds since the epoch.
pub(in crate::store) fn ticket(expires_at: i64) -> Result<Vec<u8>> {
    labelled("ticket", &expires_at)
}

/// JSON, so that no two rows read the same, whatever stands in them.
fn labelled<T: serde::Serialize>(kind: &str, text: &T) -> Result<Vec<u8>> {
    text::to_json(&(kind, text)).map(|bytes| bytes.to_vec())
}
