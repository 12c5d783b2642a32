//! Which connections a listing holds.

use super::ConnectionListing;
use crate::connection::ConnectionKey;

/// Which connections a listing holds, in the order of their keys: every condition that is set has to hold.
///
/// A page is followed by asking again with the last key of it as [`ConnectionQuery::after`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConnectionQuery {
    /// Of this integration.
    pub integration: Option<String>,
    /// Ids that begin so, letter by letter.
    pub id_prefix: Option<String>,
    /// True if the customer has to connect again.
    pub reconnect_needed: Option<bool>,
    /// After this key.
    pub after: Option<ConnectionKey>,
    /// At most so many.
    pub limit: usize,
}

impl ConnectionQuery {
    /// The first `limit` connections of all.
    pub fn first(limit: usize) -> ConnectionQuery {
        ConnectionQuery { integration: None, id_prefix: None, reconnect_needed: None, after: None, limit }
    }

    /// Only those of an integration.
    #[must_use]
    pub fn integration(mut self, key: impl Into<String>) -> ConnectionQuery {
        self.integration = Some(key.into());
        self
    }

    /// Only ids that begin with a text.
    #[must_use]
    pub fn id_prefix(mut self, prefix: impl Into<String>) -> ConnectionQuery {
        self.id_prefix = Some(prefix.into());
        self
    }

    /// Only those whose customer has to connect again, or only the others.
    #[must_use]
    pub fn reconnect_needed(mut self, needed: bool) -> ConnectionQuery {
        self.reconnect_needed = Some(needed);
        self
    }

    /// Only those after a key.
    #[must_use]
    pub fn after(mut self, key: ConnectionKey) -> ConnectionQuery {
        self.after = Some(key);
        self
    }

    /// True if a connection is one of them, the limit aside.
    pub fn holds(&self, listing: &ConnectionListing) -> bool {
        let ConnectionListing { key, reconnect_needed, .. } = listing;
        self.integration.as_ref().is_none_or(|integration| *integration == key.integration)
            && self.id_prefix.as_ref().is_none_or(|prefix| key.id.starts_with(prefix.as_str()))
            && self.reconnect_needed.is_none_or(|needed| needed == *reconnect_needed)
            && self.after.as_ref().is_none_or(|after| key > after)
    }
}
