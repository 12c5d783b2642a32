//! One-time values: what a state, a session or a pending installation redeems.
//!
//! The store holds hashes of the values.

use crate::auth::pkce;
use crate::clock::Timestamp;
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};
use crate::store::Ticket;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// The tickets of a store. An id is the hash of the value that redeems a ticket: [`id`].
pub(super) struct Tickets<'a>(pub(super) &'a Engine);

impl Tickets<'_> {
    /// Keeps something to be redeemed once with `value`. Gives back when it will be worthless.
    pub(super) async fn issue<T: Serialize + Sync>(
        &self,
        value: &str,
        what: &T,
        lifetime: SignedDuration,
    ) -> Result<Timestamp> {
        let expires_at = self.0.clock.now().checked_add(lifetime);
        let expires_at = expires_at.map_err(|_| Error::new(ErrorKind::Internal, "the clock is at its end"))?;
        self.put(Ticket { id: id(value), payload: String::new().into(), expires_at }, what).await?;
        Ok(expires_at)
    }

    /// The ticket of this id, which stays.
    pub(super) async fn find(&self, id: &str) -> Result<Option<Ticket>> {
        self.0.store().await?.ticket(id, self.0.clock.now()).await
    }

    /// Takes the ticket of this id, once.
    pub(super) async fn take(&self, id: &str) -> Result<Option<Ticket>> {
        self.0.store().await?.take_ticket(id, self.0.clock.now()).await
    }

    /// Writes a ticket that says something else now.
    pub(super) async fn put<T: Serialize + Sync>(&self, ticket: Ticket, what: &T) -> Result<()> {
        let payload = serde_json::to_string(what);
        let payload = payload.map_err(|_| Error::new(ErrorKind::Internal, "a ticket has no JSON form"))?.into();
        self.0.store().await?.put_ticket(Ticket { payload, ..ticket }).await
    }

    /// Puts a ticket that was taken for nothing back as it was.
    pub(super) async fn restore(&self, ticket: Option<Ticket>) {
        let Some(ticket) = ticket else { return };
        let outcome = match self.0.store().await {
            Ok(store) => store.put_ticket(ticket).await,
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            tracing::warn!(error = error.message(), "a link that was not used could not be kept");
        }
    }
}

/// The id of the ticket that `value` redeems: its hash.
pub(super) fn id(value: &str) -> String {
    pkce::fingerprint(value)
}

/// What a ticket says; `None` if it was made for something else.
pub(super) fn read<T: for<'de> Deserialize<'de>>(ticket: &Ticket) -> Option<T> {
    serde_json::from_str(ticket.payload.expose()).ok()
}
