//! Where integrations, connections, registered clients and one-time tickets are kept.
//!
//! Programs give [`Memory`] or `Sqlite` to the builder, and ask
//! [`Keyway::list_connections`](crate::Keyway::list_connections) with a [`ConnectionQuery`]. A store of your own
//! implements [`Store`], and builds what it returns with the constructors.
//!
//! Every write of a connection names the epoch it was read at and fails with a conflict if another write came first; a
//! change of an integration names what was read. A connection's metadata is its caller's, which no renewal reads or
//! writes: it is changed by itself, and no epoch moves. The payload of a ticket has the form of the flow that made it.

mod change;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
mod query;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
mod sealed;
mod seek;
#[cfg(feature = "sqlite")]
mod sqlite;
#[cfg(test)]
mod tests;

pub use change::{Change, Changes};
pub use memory::Memory;
#[cfg(feature = "postgres")]
pub use postgres::{Postgres, PostgresOptions};
pub use query::ConnectionQuery;
#[cfg(any(feature = "sqlite", feature = "postgres"))]
pub use sealed::record::Record;
#[cfg(feature = "sqlite")]
pub use sqlite::{Sqlite, SqliteInfo, Verified};

use crate::clock::{Clock, Timestamp};
use crate::connection::{Connection, ConnectionKey};
use crate::error::{Error, ErrorKind, Result};
use crate::integration::IntegrationRecord;
use crate::secret::Secret;
use crate::transport::BoxFuture;
use serde_json::{Map, Value};
use std::fmt::Debug;
use std::sync::Arc;

/// A store.
///
/// ```
/// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
/// # acme::run(async {
/// use keyway::store::{Memory, Store, Ticket};
/// use keyway::{ConnectionQuery, Timestamp};
///
/// let store: &dyn Store = &Memory::new(); // or one of your own
/// store.put_ticket(Ticket::new("hash", "payload", "2030-01-01T00:00:00Z".parse()?)).await?;
/// let now: Timestamp = "2029-12-31T23:59:59Z".parse()?;
/// assert!(store.take_ticket("hash", now).await?.is_some(), "once");
/// assert!(store.take_ticket("hash", now).await?.is_none(), "and never again");
/// assert!(store.connections(ConnectionQuery::first(10)).await?.is_empty());
/// # Ok(())
/// # });
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not store connections",
    label = "this is no store",
    note = "leave `store` out for one in memory; with the feature `sqlite`, `Sqlite::open(path, sealing_key)?` is a file"
)]
pub trait Store: Debug + Send + Sync + 'static {
    /// Adds an integration; an existing key or id is [`crate::ErrorKind::AlreadyExists`].
    fn insert_integration(&self, record: IntegrationRecord) -> BoxFuture<'_, Result<()>>;
    /// Replaces the integration `key`; a new `record.key` renames it, and its connections follow. The id that is stored
    /// stays, whatever the record says. If the integration is no longer what is `expected` (`None`: whatever it is),
    /// nothing is written: [`crate::ErrorKind::Conflict`].
    fn update_integration<'a>(
        &'a self,
        key: &'a str,
        record: IntegrationRecord,
        expected: Option<IntegrationRecord>,
    ) -> BoxFuture<'a, Result<()>>;
    /// An integration.
    fn integration<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<IntegrationRecord>>>;
    /// All integrations, by key.
    fn integrations(&self) -> BoxFuture<'_, Result<Vec<IntegrationRecord>>>;
    /// Removes an integration and its connections; false if there is none.
    fn delete_integration<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool>>;

    /// A connection.
    fn connection<'a>(&'a self, key: &'a ConnectionKey) -> BoxFuture<'a, Result<Option<Connection>>>;
    /// Writes a connection if the stored epoch is `expected` (`None`: if there is none yet), and gives back the new
    /// epoch, larger than any the key ever had. Otherwise [`crate::ErrorKind::Conflict`]. The metadata of one that is
    /// stored already stays as it is: see [`Store::set_metadata`].
    fn put_connection(&self, connection: Connection, expected: Option<u64>) -> BoxFuture<'_, Result<u64>>;
    /// Replaces the metadata of a connection and nothing else, whatever its epoch, which stays: a renewal that runs at
    /// the same moment neither fails because of this nor writes what it read before. False if there is no connection.
    fn set_metadata<'a>(&'a self, key: &'a ConnectionKey, metadata: Map<String, Value>) -> BoxFuture<'a, Result<bool>>;
    /// A page of connections.
    fn connections(&self, query: ConnectionQuery) -> BoxFuture<'_, Result<Vec<ConnectionListing>>>;
    /// Removes a connection; false if there is none.
    fn delete_connection<'a>(&'a self, key: &'a ConnectionKey) -> BoxFuture<'a, Result<bool>>;

    /// The client that a request registered.
    fn registration<'a>(&'a self, key: &'a RegistrationKey) -> BoxFuture<'a, Result<Option<Registration>>>;
    /// A page of the clients that are registered for an integration, by issuer and request. A store that cannot list
    /// them is [`crate::ErrorKind::Unsupported`]: its records cannot be moved to another store.
    fn registrations<'a>(
        &'a self,
        integration: &'a str,
        after: Option<&'a RegistrationKey>,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Registration>>> {
        let _ = (integration, after, limit);
        Box::pin(std::future::ready(Err(registrations_not_listed())))
    }
    /// Keeps a registered client with its integration, in the place of one that the same request registered before.
    fn put_registration(&self, registration: Registration) -> BoxFuture<'_, Result<()>>;
    /// Removes a client that its server does not know any more; false if there is none.
    fn delete_registration<'a>(&'a self, integration: &'a str, client_id: &'a str) -> BoxFuture<'a, Result<bool>>;

    /// Keeps a one-time ticket until it expires. `id` is a hash: a stolen store gives no ticket away.
    fn put_ticket(&self, ticket: Ticket) -> BoxFuture<'_, Result<()>>;
    /// A ticket, which stays; `None` for an expired one.
    fn ticket<'a>(&'a self, id: &'a str, now: Timestamp) -> BoxFuture<'a, Result<Option<Ticket>>>;
    /// Removes a ticket and returns it, once; `None` for an expired one.
    fn take_ticket<'a>(&'a self, id: &'a str, now: Timestamp) -> BoxFuture<'a, Result<Option<Ticket>>>;

    /// Which integrations and connections any process wrote since `since`, as far as it had committed when this was
    /// called; with `None` only the cursor. `None` is the answer of a store that does not count its writes: what is
    /// read of it is never kept in memory.
    fn changes(&self, since: Option<u64>) -> BoxFuture<'_, Result<Option<Changes>>> {
        let _ = since;
        change::not_counted()
    }

    /// The clock that stored instants are compared by, where it is not this machine's: several machines have several
    /// clocks, and what they share has to go by one.
    fn clock(&self) -> Option<Arc<dyn Clock>> {
        None
    }

    /// A number that rises when another process has written, for those who would like to know before they ask for
    /// [`Store::changes`]. It may be late, and it may fail to rise.
    fn notifications(&self) -> Option<tokio::sync::watch::Receiver<u64>> {
        None
    }
}

/// What a listing shows of a connection: never a credential.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConnectionListing {
    /// Its identity.
    pub key: ConnectionKey,
    /// The provider's key.
    pub provider: String,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When its token expires.
    pub expires_at: Option<Timestamp>,
    /// True if the customer has to connect again.
    pub reconnect_needed: bool,
}

/// The key of a registered client: one for each integration, issuer and content of the request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct RegistrationKey {
    /// The integration's key. Renaming it keeps its clients, deleting it deletes them.
    pub integration: String,
    /// The authorization server.
    pub issuer: String,
    /// The hexadecimal SHA-256 of what was sent to register.
    pub request: String,
}

/// A client that registered itself (RFC 7591).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Registration {
    /// What it is found by.
    pub key: RegistrationKey,
    /// The client's id.
    pub client_id: String,
    /// The whole answer, as JSON.
    pub answer: Secret,
    /// When the client's secret expires; `None` for one that does not expire, and for a client without one.
    pub expires_at: Option<Timestamp>,
}

/// A value that is redeemed once: an OAuth state, a connect session.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ticket {
    /// The hexadecimal SHA-256 of the value that redeems it.
    pub id: String,
    /// JSON in the form of the flow that made it.
    pub payload: Secret,
    /// When it expires.
    pub expires_at: Timestamp,
}

impl ConnectionListing {
    /// What may be shown of a connection that was created at an instant, not changed since, and holds no token.
    pub fn new(key: ConnectionKey, provider: impl Into<String>, created_at: Timestamp) -> ConnectionListing {
        ConnectionListing {
            key,
            provider: provider.into(),
            created_at,
            updated_at: created_at,
            expires_at: None,
            reconnect_needed: false,
        }
    }

    /// Sets when the connection was last changed.
    #[must_use]
    pub fn updated_at(mut self, at: Timestamp) -> ConnectionListing {
        self.updated_at = at;
        self
    }

    /// Sets when its token expires.
    #[must_use]
    pub fn expires_at(mut self, at: impl Into<Option<Timestamp>>) -> ConnectionListing {
        self.expires_at = at.into();
        self
    }

    /// Sets whether the customer has to connect again.
    #[must_use]
    pub fn reconnect_needed(mut self, needed: bool) -> ConnectionListing {
        self.reconnect_needed = needed;
        self
    }

    /// What may be shown of a connection.
    pub fn of(connection: &Connection) -> ConnectionListing {
        ConnectionListing {
            key: connection.key.clone(),
            provider: connection.provider.clone(),
            created_at: connection.created_at,
            updated_at: connection.updated_at,
            expires_at: connection.credentials.token.as_ref().and_then(|token| token.expires_at),
            reconnect_needed: connection.refresh.exhausted,
        }
    }
}

fn registrations_not_listed() -> Error {
    Error::new(ErrorKind::Unsupported, "this kind of store does not list registered clients")
}

impl RegistrationKey {
    /// The key of the client that a request registered; `request` is the hexadecimal SHA-256 of what was sent.
    pub fn new(
        integration: impl Into<String>,
        issuer: impl Into<String>,
        request: impl Into<String>,
    ) -> RegistrationKey {
        RegistrationKey { integration: integration.into(), issuer: issuer.into(), request: request.into() }
    }
}

impl Registration {
    /// A client with the server's whole answer, as JSON, whose secret does not expire.
    pub fn new(key: RegistrationKey, client_id: impl Into<String>, answer: impl Into<Secret>) -> Registration {
        Registration { key, client_id: client_id.into(), answer: answer.into(), expires_at: None }
    }

    /// Sets when the client's secret expires.
    #[must_use]
    pub fn expires_at(mut self, at: impl Into<Option<Timestamp>>) -> Registration {
        self.expires_at = at.into();
        self
    }
}

impl Ticket {
    /// A ticket; `id` is the hexadecimal SHA-256 of the value that redeems it.
    pub fn new(id: impl Into<String>, payload: impl Into<Secret>, expires_at: Timestamp) -> Ticket {
        Ticket { id: id.into(), payload: payload.into(), expires_at }
    }
}

fn unknown_integration(key: &str) -> Error {
    Error::new(ErrorKind::UnknownIntegration, format!("there is no integration `{key}`: create it first"))
}

fn integration_exists(key: &str) -> Error {
    Error::new(
        ErrorKind::AlreadyExists,
        format!("there is an integration `{key}` already: update it, or choose another key"),
    )
}

fn id_exists() -> Error {
    Error::new(ErrorKind::AlreadyExists, "there is an integration with this id already: create it without an id")
}

fn integration_conflict(key: &str) -> Error {
    Error::new(
        ErrorKind::Conflict,
        format!("the integration `{key}` was changed by another request first: read it again, and repeat the change"),
    )
}

fn conflict(key: &ConnectionKey) -> Error {
    let ConnectionKey { integration, id } = key;
    Error::new(
        ErrorKind::Conflict,
        format!("connection `{id}` of `{integration}` was changed by another request first: read it again"),
    )
}
