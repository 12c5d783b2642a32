//! One-time values: what a state, a session or a pending installation redeems.
//!
//! The store holds hashes of the values.

use super::Keyway;
use crate::auth::pkce;
use crate::clock::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use crate::store::Ticket;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

impl Keyway {
    /// Keeps something to be redeemed once with `value`. Gives back when it will be worthless.
    pub(super) async fn keep<T: Serialize + Sync>(
        &self,
        value: &Secret,
        what: &T,
        lifetime: SignedDuration,
    ) -> Result<Timestamp> {
        let expires_at = self.parts.clock.now().checked_add(lifetime);
        let expires_at = expires_at.map_err(|_| Error::new(ErrorKind::Internal, "the clock is at its end"))?;
        let ticket = Ticket { id: pkce::fingerprint(value.expose()), payload: written(what)?, expires_at };
        self.parts.store().await?.put_ticket(ticket).await?;
        Ok(expires_at)
    }

    /// What `value` would redeem.
    pub(super) async fn peek<T: for<'de> Deserialize<'de>>(&self, value: &str) -> Result<Option<T>> {
        let ticket = self.look_at(&pkce::fingerprint(value)).await?;
        Ok(ticket.and_then(|ticket| read(&ticket)))
    }

    /// Takes the ticket of this id, once.
    pub(super) async fn take(&self, id: &str) -> Result<Option<Ticket>> {
        self.parts.store().await?.take_ticket(id, self.parts.clock.now()).await
    }

    /// The ticket of this id, which stays.
    pub(super) async fn look_at(&self, id: &str) -> Result<Option<Ticket>> {
        self.parts.store().await?.ticket(id, self.parts.clock.now()).await
    }

    /// Puts a ticket that was taken back, saying something else now.
    pub(super) async fn put_back<T: Serialize + Sync>(&self, ticket: Ticket, what: &T) -> Result<()> {
        self.parts.store().await?.put_ticket(Ticket { payload: written(what)?, ..ticket }).await
    }

    /// Puts a ticket that was taken for nothing back as it was.
    pub(super) async fn restore(&self, ticket: Option<Ticket>) {
        let Some(ticket) = ticket else { return };
        let outcome = match self.parts.store().await {
            Ok(store) => store.put_ticket(ticket).await,
            Err(error) => Err(error),
        };
        if let Err(error) = outcome {
            tracing::warn!(error = error.message(), "a link that was not used could not be kept");
        }
    }
}

/// What a ticket says; `None` if it was made for something else.
pub(super) fn read<T: for<'de> Deserialize<'de>>(ticket: &Ticket) -> Option<T> {
    serde_json::from_str(ticket.payload.expose()).ok()
}

fn written<T: Serialize>(what: &T) -> Result<Secret> {
    let payload = serde_json::to_string(what);
    Ok(payload.map_err(|_| Error::new(ErrorKind::Internal, "a ticket has no JSON form"))?.into())
}
