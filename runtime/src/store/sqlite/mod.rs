//! The embedded store: one SQLite file, sealed columns.
//!
//! Each call runs on tokio's blocking pool, in one transaction. There is one connection that writes, and beside it a
//! few that read: records, listings and [`changes`] have connections of their own, so that a record is read without
//! waiting for a writer or for a listing ([`pool`]). What a person said or owns (client secret, custom
//! settings, configuration, credentials, metadata, tickets) is sealed; keys, provider names and instants are not, and
//! what of them decides where a credential goes is authenticated ([`super::sealed::bound`]). The statements live in
//! [`rows`] and [`listing`], opening and its checks in [`open`], the schema in [`migrations`].

mod changes;
mod copy;
mod info;
mod listing;
mod metadata;
mod migrations;
mod open;
mod pool;
mod registrations;
mod rows;
mod verify;

use self::changes::Watch;
pub use self::info::SqliteInfo;
#[cfg(test)]
pub(super) use self::migrations::MIGRATIONS;
use self::pool::Pool;
pub use self::verify::Verified;

use super::sealed::bound::Binding;
use super::{Changes, ConnectionListing, ConnectionQuery, Registration, RegistrationKey, Store, Ticket};
use crate::clock::Timestamp;
use crate::connection::{Connection, ConnectionKey};
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::integration::IntegrationRecord;
use crate::seal::SealingKeys;
use crate::transport::BoxFuture;
use rusqlite::{Transaction, TransactionBehavior};
use serde_json::{Map, Value};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A store in a file.
///
/// ```
/// # mod acme { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/doc/acme.rs")); }
/// # acme::run(async {
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("keyway.db");
/// use keyway::{Keyway, SealingKey, SealingKeys, Sqlite};
///
/// let old = SealingKey::generate()?;
/// let keyway = Keyway::builder().store(Sqlite::open(&path, old.clone())?).build()?;
///
/// // Another key from now on:
/// let store = Sqlite::open(&path, SealingKeys::new(SealingKey::generate()?, [old]))?;
/// store.reseal().await?;
/// # Ok(())
/// # });
/// ```
#[derive(Clone)]
pub struct Sqlite(Arc<Shared>);

/// How many calls read a record at the same time.
const RECORD_READERS: usize = 4;
/// How many calls read a listing at the same time.
const LISTING_READERS: usize = 2;

struct Shared {
    path: PathBuf,
    keys: SealingKeys,
    records: Pool<rusqlite::Connection>,
    listings: Pool<rusqlite::Connection>,
    watch: Pool<Watch>,
    /// Dropped last: the last connection to a file that may write puts its companions away.
    writer: Pool<rusqlite::Connection>,
}

impl Sqlite {
    /// Opens the store at `path`, or makes a new one that only its owner can read.
    ///
    /// Blocks for a moment. A store sealed with another key is [`ErrorKind::SealBroken`]; one that is locked, read-only
    /// or damaged is [`ErrorKind::StoreUnavailable`]. Neither changes the file.
    pub fn open(path: impl AsRef<Path>, keys: impl Into<SealingKeys>) -> Result<Sqlite> {
        let (path, keys) = (path.as_ref().to_owned(), keys.into());
        let writer = Pool::new(vec![open::open(&path, &keys)?]);
        // All at once: a file that takes this one's place later is never read beside it.
        let readers = |count| (0..count).map(|_| open::reader(&path)).collect::<Result<Vec<_>>>();
        let (records, listings) = (Pool::new(readers(RECORD_READERS)?), Pool::new(readers(LISTING_READERS)?));
        let watch = Pool::new(vec![Watch::new(open::reader(&path)?)]);
        Ok(Sqlite(Arc::new(Shared { path, keys, records, listings, watch, writer })))
    }

    /// Seals every value with the first key, so that older keys can be deleted.
    pub async fn reseal(&self) -> Result<()> {
        self.write(|tx, keys| {
            open::reseal_check(tx, keys)?;
            // Epochs do not move: nothing changed.
            open::seal_again(tx, keys, Binding::Row)
        })
        .await
    }

    async fn read<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>, &SealingKeys) -> Result<T, Fault> + Send + 'static,
    {
        self.transaction(|shared| &shared.records, TransactionBehavior::Deferred, work).await
    }

    async fn list<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>, &SealingKeys) -> Result<T, Fault> + Send + 'static,
    {
        self.transaction(|shared| &shared.listings, TransactionBehavior::Deferred, work).await
    }

    async fn write<T, F>(&self, work: F) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>, &SealingKeys) -> Result<T, Fault> + Send + 'static,
    {
        self.transaction(|shared| &shared.writer, TransactionBehavior::Immediate, work).await
    }

    async fn transaction<T, F>(
        &self,
        pool: fn(&Shared) -> &Pool<rusqlite::Connection>,
        behavior: TransactionBehavior,
        work: F,
    ) -> Result<T>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>, &SealingKeys) -> Result<T, Fault> + Send + 'static,
    {
        self.run(pool, move |database, keys| {
            let tx = database.transaction_with_behavior(behavior)?;
            let value = work(&tx, keys)?;
            tx.commit()?;
            Ok(value)
        })
        .await
    }

    /// Runs work on a member of a pool, on the blocking pool. A panic rolls its transaction back and gives the member
    /// back: it is still good.
    async fn run<M, T, F>(&self, pool: fn(&Shared) -> &Pool<M>, work: F) -> Result<T>
    where
        M: Send + 'static,
        T: Send + 'static,
        F: FnOnce(&mut M, &SealingKeys) -> Result<T, Fault> + Send + 'static,
    {
        let permit = pool(&self.0).permit().await?;
        let shared = Arc::clone(&self.0);
        let task = tokio::task::spawn_blocking(move || {
            let mut member = pool(&shared).take(&permit);
            work(member.get()?, &shared.keys).map_err(|fault| fault.at(&shared.path))
        });
        task.await
            .map_err(|_| Error::new(ErrorKind::StoreUnavailable, "the store is shutting down").stage(Stage::Store))?
    }
}

impl fmt::Debug for Sqlite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sqlite({})", self.0.path.display())
    }
}

impl Store for Sqlite {
    fn insert_integration(&self, record: IntegrationRecord) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.write(move |tx, keys| rows::insert_integration(tx, keys, &record)))
    }

    fn update_integration<'a>(
        &'a self,
        key: &'a str,
        record: IntegrationRecord,
        expected: Option<IntegrationRecord>,
    ) -> BoxFuture<'a, Result<()>> {
        let key = key.to_owned();
        Box::pin(self.write(move |tx, keys| rows::update_integration(tx, keys, &key, &record, expected.as_ref())))
    }

    fn integration<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<IntegrationRecord>>> {
        let key = key.to_owned();
        Box::pin(self.read(move |tx, keys| rows::integration(tx, keys, &key)))
    }

    fn integrations(&self) -> BoxFuture<'_, Result<Vec<IntegrationRecord>>> {
        Box::pin(self.list(rows::integrations))
    }

    fn delete_integration<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool>> {
        let key = key.to_owned();
        Box::pin(self.write(move |tx, _| rows::delete_integration(tx, &key)))
    }

    fn connection<'a>(&'a self, key: &'a ConnectionKey) -> BoxFuture<'a, Result<Option<Connection>>> {
        let key = key.clone();
        Box::pin(self.read(move |tx, keys| rows::connection(tx, keys, &key)))
    }

    fn put_connection(&self, connection: Connection, expected: Option<u64>) -> BoxFuture<'_, Result<u64>> {
        Box::pin(self.write(move |tx, keys| rows::put_connection(tx, keys, &connection, expected)))
    }

    fn set_metadata<'a>(&'a self, key: &'a ConnectionKey, metadata: Map<String, Value>) -> BoxFuture<'a, Result<bool>> {
        let key = key.clone();
        Box::pin(self.write(move |tx, keys| rows::set_metadata(tx, keys, &key, &metadata)))
    }

    fn connections(&self, query: ConnectionQuery) -> BoxFuture<'_, Result<Vec<ConnectionListing>>> {
        Box::pin(self.list(move |tx, _| listing::connections(tx, &query)))
    }

    fn delete_connection<'a>(&'a self, key: &'a ConnectionKey) -> BoxFuture<'a, Result<bool>> {
        let key = key.clone();
        Box::pin(self.write(move |tx, _| rows::delete_connection(tx, &key)))
    }

    fn registration<'a>(&'a self, key: &'a RegistrationKey) -> BoxFuture<'a, Result<Option<Registration>>> {
        let key = key.clone();
        Box::pin(self.read(move |tx, keys| registrations::read(tx, keys, &key)))
    }

    fn registrations<'a>(
        &'a self,
        integration: &'a str,
        after: Option<&'a RegistrationKey>,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Registration>>> {
        let (integration, after) = (integration.to_owned(), after.cloned());
        Box::pin(self.read(move |tx, keys| registrations::list(tx, keys, &integration, after.as_ref(), limit)))
    }

    fn put_registration(&self, registration: Registration) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.write(move |tx, keys| registrations::put(tx, keys, &registration)))
    }

    fn delete_registration<'a>(&'a self, integration: &'a str, client_id: &'a str) -> BoxFuture<'a, Result<bool>> {
        let (integration, client_id) = (integration.to_owned(), client_id.to_owned());
        Box::pin(self.write(move |tx, _| registrations::delete(tx, &integration, &client_id)))
    }

    fn put_ticket(&self, ticket: Ticket) -> BoxFuture<'_, Result<()>> {
        Box::pin(self.write(move |tx, keys| rows::put_ticket(tx, keys, &ticket)))
    }

    fn ticket<'a>(&'a self, id: &'a str, now: Timestamp) -> BoxFuture<'a, Result<Option<Ticket>>> {
        let id = id.to_owned();
        Box::pin(self.read(move |tx, keys| rows::ticket(tx, keys, &id, now)))
    }

    fn take_ticket<'a>(&'a self, id: &'a str, now: Timestamp) -> BoxFuture<'a, Result<Option<Ticket>>> {
        let id = id.to_owned();
        Box::pin(self.write(move |tx, keys| rows::take_ticket(tx, keys, &id, now)))
    }

    fn changes(&self, since: Option<u64>) -> BoxFuture<'_, Result<Option<Changes>>> {
        Box::pin(async move { self.run(|shared| &shared.watch, move |watch, _| watch.since(since)).await.map(Some) })
    }
}

/// What stops a statement: ours, or the database's.
enum Fault {
    Ours(Error),
    Database(rusqlite::Error),
}

impl Fault {
    /// The error that names the file and says what to do.
    fn at(self, path: &Path) -> Error {
        match self {
            Fault::Ours(error) => error.stage(Stage::Store),
            Fault::Database(error) => open::unavailable(path, error),
        }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault::Ours(error)
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Fault {
        Fault::Database(error)
    }
}
