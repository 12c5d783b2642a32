//! How every connection is made in the end: what is granted is obtained, proved and stored.
//!
//! exchange -> accept -> look up -> verify -> use the session up -> store -> hook. An import, the end of a redirect flow and a
//! vendor's webhook differ in the grant they bring and in nothing that follows.

use super::keyway::Keyway;
use super::over::LINK_USED;
use super::tickets::Tickets;
use super::verify;
use crate::account::Account;
use crate::auth::{self, exchange::Grant};
use crate::connection::{ConfigMap, Connection, ConnectionKey};
use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::exchange::exchange;
use crate::store::Ticket;
use keyway_spec::ProviderSpec;

/// How often a write is tried again because another one came first.
const MAX_WRITES: usize = 8;

/// True if the provider has to confirm a credential before it is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verification {
    /// It is asked, where the entry says how.
    Ask,
    /// The credential is taken at its word.
    Skip,
}

impl Keyway {
    /// Makes the connection of an account. `grant` is what a token is obtained for, where one is; `session`, the ticket
    /// of the connect session that the connection uses up.
    pub(super) async fn connect(
        &self,
        mut account: Account,
        grant: Option<Grant<'_>>,
        verification: Verification,
        session: Option<&str>,
    ) -> Result<Connection> {
        let engine = self.engine();
        if let Some(grant) = grant {
            let moment = engine.moment()?;
            let inputs = account.inputs(&moment);
            let granted = exchange(engine, &account, |answers| auth::step(&inputs, grant, answers)).await?;
            account.apply_grant(granted, engine.clock.now());
        }
        self.look_up(&mut account, verification, session).await?;
        if verification == Verification::Ask {
            verify::before(self, &mut account).await?;
        }
        let claimed = self.claim(session).await?;
        let stored = self.store_connection(account).await;
        if stored.is_err() {
            Tickets(engine).restore(claimed).await;
        }
        stored
    }

    /// Uses a session's ticket up, right before its connection is stored; an error if another flow was first. What was
    /// taken is given back, for the case that storing fails.
    pub(super) async fn claim(&self, session: Option<&str>) -> Result<Option<Ticket>> {
        match session {
            None => Ok(None),
            Some(ticket) => Tickets(self.engine()).take(ticket).await?.map(Some).ok_or_else(used),
        }
    }

    /// Writes a connection that was just made, and runs the entry's hook for that. What the hook learns is written too,
    /// unless something else about the connection changed meanwhile.
    async fn store_connection(&self, mut account: Account) -> Result<Connection> {
        let engine = self.engine();
        account.connection = replace(engine, account.connection).await?;
        let before = account.connection.config.clone();
        verify::after(self, &mut account).await;
        let stored = account.connection;
        if stored.config == before {
            return Ok(stored);
        }
        match engine.store().await?.put_connection(stored.clone(), Some(stored.epoch)).await {
            Err(error) if error.kind() == ErrorKind::Conflict => engine.connection(&stored.key).await,
            epoch => Ok(stored.epoch(epoch?)),
        }
    }
}

/// A connection that has no credentials yet.
pub(super) fn blank(engine: &Engine, key: ConnectionKey, spec: &ProviderSpec, config: ConfigMap) -> Connection {
    let now = engine.clock.now();
    Connection::new(key, spec.key, now).config(config)
}

/// Writes a connection over the one that is stored under its key. Reconnecting keeps the metadata unless there is new,
/// which is written when the credentials are.
pub(super) async fn replace(engine: &Engine, mut connection: Connection) -> Result<Connection> {
    let store = engine.store().await?;
    for _ in 0..MAX_WRITES {
        let old = store.connection(&connection.key).await?;
        let expected = old.as_ref().map(|old| old.epoch);
        connection.created_at = old.as_ref().map_or(connection.created_at, |old| old.created_at);
        let epoch = match store.put_connection(connection.clone(), expected).await {
            Err(error) if error.kind() == ErrorKind::Conflict => continue,
            outcome => outcome?,
        };
        match old {
            Some(old) if connection.metadata.is_empty() => connection.metadata = old.metadata,
            Some(_) => _ = store.set_metadata(&connection.key, connection.metadata.clone()).await?,
            None => {}
        }
        return Ok(connection.epoch(epoch));
    }
    Err(Error::new(ErrorKind::Conflict, "the connection is being changed too often: try again").stage(Stage::Store))
}

/// The error of a link whose connection was made meanwhile.
pub(super) fn used() -> Error {
    Error::new(ErrorKind::InvalidState, LINK_USED)
}
