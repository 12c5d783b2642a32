//! The store for several machines: one PostgreSQL database, sealed columns.
//!
//! What is sealed and what it is bound to is as in the SQLite store ([`super::sealed`]). Every operation is one
//! statement or one transaction, on a connection of a bounded pool ([`connect`]), and is over within
//! [`OPERATION_TIMEOUT`]; one that fails before it can have been committed is begun again a few times ([`fault`]).
//!
//! Time is the database's ([`clock`]): the leases of refreshes hold over machines whose clocks differ. What other
//! processes wrote is in the table `changes` ([`changes`]), and a notification says that there is something
//! ([`notifications`]).
//!
//! Statements are prepared once a connection and names of tables are found by `search_path`, so a pooler in between has
//! to keep a session to its client: PgBouncer in session mode does, in transaction mode it does not.

mod changes;
mod clock;
mod connect;
mod connections;
mod fault;
mod integrations;
mod listing;
mod metadata;
mod migrations;
mod notifications;
mod options;
mod registrations;
mod reseal;
mod tickets;

pub use options::PostgresOptions;

use self::clock::DatabaseClock;
use self::connect::Database;
use self::fault::{Fault, Tries};
use self::notifications::Listener;
use super::{Changes, ConnectionListing, ConnectionQuery, Registration, RegistrationKey, Store, Ticket};
use crate::clock::{Clock, System, Timestamp};
use crate::connection::{Connection, ConnectionKey};
use crate::error::Result;
use crate::integration::IntegrationRecord;
use crate::seal::SealingKeys;
use crate::transport::BoxFuture;
use serde_json::{Map, Value};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;

/// The longest time that one try of an operation may take, the wait for a connection included.
const OPERATION_TIMEOUT: Duration = Duration::from_secs(15);

/// A store in a PostgreSQL database, which several processes on several machines may use at once.
#[derive(Clone)]
pub struct Postgres(Arc<Opened>);

struct Opened {
    database: Database,
    keys: SealingKeys,
    clock: Arc<DatabaseClock>,
    listener: Listener,
}

/// Runs a piece of work on a connection, again where that is safe. A macro, because the work borrows the connection.
macro_rules! work {
    ($store:expr, $client:ident => $work:expr) => {
        Box::pin(async move {
            let opened = &*$store.0;
            let mut tries = Tries::default();
            loop {
                let tried = async {
                    let mut lent = opened.database.lend().await?;
                    let $client = lent.client()?;
                    let outcome = $work.await;
                    lent.give_back();
                    outcome
                };
                let outcome = timeout(OPERATION_TIMEOUT, tried).await.unwrap_or(Err(Fault::Late));
                match outcome {
                    Err(fault) if tries.again(&fault).await => {}
                    outcome => break outcome.map_err(|fault| fault.at(&opened.database.name)),
                }
            }
        })
    };
}

impl Postgres {
    /// Connects, makes the tables or brings them up to date, and checks the key.
    ///
    /// A store sealed with another key is [`crate::ErrorKind::SealBroken`]; a database that cannot be reached or used,
    /// or whose tables a newer version made, is [`crate::ErrorKind::StoreUnavailable`]. Neither changes anything in it.
    pub async fn connect(options: PostgresOptions, keys: impl Into<SealingKeys>) -> Result<Postgres> {
        Postgres::connect_by(options, keys, System).await
    }

    /// The same for a machine with this clock, for tests.
    pub async fn connect_by(
        options: PostgresOptions,
        keys: impl Into<SealingKeys>,
        machine: impl Clock,
    ) -> Result<Postgres> {
        let keys = keys.into();
        let database = Database::new(options)?;
        let clock = Arc::new(DatabaseClock::new(Arc::new(machine)));
        let migrated = timeout(migrations::TIMEOUT, async {
            let mut lent = database.lend().await?;
            migrations::open(lent.client()?, &keys, &clock).await?;
            lent.give_back();
            Ok(())
        });
        migrated.await.unwrap_or(Err(Fault::Late)).map_err(|fault| fault.at(&database.name))?;
        let listener = Listener::start(&database);
        Ok(Postgres(Arc::new(Opened { database, keys, clock, listener })))
    }

    /// Seals every value with the first key, so that older keys can be deleted: once no server has only an older one.
    pub async fn reseal(&self) -> Result<()> {
        let mut last = (String::new(), String::new());
        loop {
            let after = last;
            let batch: Result<Option<(String, String)>> = work!(self, client => {
                reseal::connections(client, &self.0.keys, (&after.0, &after.1))
            })
            .await;
            match batch? {
                Some(next) => last = next,
                None => break,
            }
        }
        work!(self, client => reseal::rest(client, &self.0.keys)).await
    }
}

impl fmt::Debug for Postgres {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Postgres({})", self.0.database.name)
    }
}

impl Store for Postgres {
    fn insert_integration(&self, record: IntegrationRecord) -> BoxFuture<'_, Result<()>> {
        work!(self, client => integrations::insert(client, &self.0.keys, &record))
    }

    fn update_integration<'a>(
        &'a self,
        key: &'a str,
        record: IntegrationRecord,
        expected: Option<IntegrationRecord>,
    ) -> BoxFuture<'a, Result<()>> {
        work!(self, client => integrations::update(client, &self.0.keys, key, &record, expected.as_ref()))
    }

    fn integration<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<IntegrationRecord>>> {
        work!(self, client => integrations::read(client, &self.0.keys, key))
    }

    fn integrations(&self) -> BoxFuture<'_, Result<Vec<IntegrationRecord>>> {
        work!(self, client => integrations::read_all(client, &self.0.keys))
    }

    fn delete_integration<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool>> {
        work!(self, client => integrations::delete(client, key))
    }

    fn connection<'a>(&'a self, key: &'a ConnectionKey) -> BoxFuture<'a, Result<Option<Connection>>> {
        work!(self, client => connections::read(client, &self.0.keys, &self.0.clock, key))
    }

    fn put_connection(&self, connection: Connection, expected: Option<u64>) -> BoxFuture<'_, Result<u64>> {
        let mut mine = None;
        work!(self, client => {
            connections::put(client, &self.0.keys, &self.0.clock, &connection, expected, &mut mine)
        })
    }

    fn set_metadata<'a>(&'a self, key: &'a ConnectionKey, metadata: Map<String, Value>) -> BoxFuture<'a, Result<bool>> {
        work!(self, client => metadata::set(client, &self.0.keys, key, &metadata))
    }

    fn connections(&self, query: ConnectionQuery) -> BoxFuture<'_, Result<Vec<ConnectionListing>>> {
        work!(self, client => listing::page(client, &query))
    }

    fn delete_connection<'a>(&'a self, key: &'a ConnectionKey) -> BoxFuture<'a, Result<bool>> {
        work!(self, client => connections::delete(client, key))
    }

    fn registration<'a>(&'a self, key: &'a RegistrationKey) -> BoxFuture<'a, Result<Option<Registration>>> {
        work!(self, client => registrations::read(client, &self.0.keys, key))
    }

    fn registrations<'a>(
        &'a self,
        integration: &'a str,
        after: Option<&'a RegistrationKey>,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Registration>>> {
        work!(self, client => registrations::list(client, &self.0.keys, integration, after, limit))
    }

    fn put_registration(&self, registration: Registration) -> BoxFuture<'_, Result<()>> {
        work!(self, client => registrations::put(client, &self.0.keys, &registration))
    }

    fn delete_registration<'a>(&'a self, integration: &'a str, client_id: &'a str) -> BoxFuture<'a, Result<bool>> {
        work!(self, client => registrations::delete(client, integration, client_id))
    }

    fn put_ticket(&self, ticket: Ticket) -> BoxFuture<'_, Result<()>> {
        work!(self, client => tickets::put(client, &self.0.keys, &ticket))
    }

    fn ticket<'a>(&'a self, id: &'a str, now: Timestamp) -> BoxFuture<'a, Result<Option<Ticket>>> {
        work!(self, client => tickets::read(client, &self.0.keys, id, now))
    }

    fn take_ticket<'a>(&'a self, id: &'a str, now: Timestamp) -> BoxFuture<'a, Result<Option<Ticket>>> {
        work!(self, client => tickets::take(client, &self.0.keys, id, now))
    }

    fn changes(&self, since: Option<u64>) -> BoxFuture<'_, Result<Option<Changes>>> {
        work!(self, client => changes::since(client, since))
    }

    fn notifications(&self) -> Option<watch::Receiver<u64>> {
        Some(self.0.listener.notifications())
    }

    fn clock(&self) -> Option<Arc<dyn Clock>> {
        Some(Arc::clone(&self.0.clock) as Arc<dyn Clock>)
    }
}
