//! Every record of a store, read through the trait that all stores have, and written through it.

use super::failed;
use crate::exit::Failure;
use keyway::connection::ConnectionKey;
use keyway::store::{ConnectionQuery, Record, Registration, RegistrationKey, Store};
use keyway::{Connection, ErrorKind, IntegrationRecord};

/// The number of records that are asked for at a time.
const PAGE_SIZE: usize = 500;

/// How records are counted.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) integrations: u64,
    pub(super) connections: u64,
    pub(super) registrations: u64,
}

impl Counts {
    fn add(&mut self, record: &Record) {
        let count = match record {
            Record::Integration(_) => &mut self.integrations,
            Record::Connection(_) => &mut self.connections,
            Record::Registration(_) => &mut self.registrations,
        };
        *count += 1;
    }
}

/// Gives every record to `take`: each integration before its clients, and these before its connections. Every record is
/// whole; what is written meanwhile may be among them or not.
pub(super) async fn read(
    store: &dyn Store,
    mut take: impl AsyncFnMut(Record) -> Result<(), Failure>,
) -> Result<Counts, Failure> {
    let mut counts = Counts::default();
    let mut take = async |record: Record| {
        counts.add(&record);
        take(record).await
    };
    for integration in store.integrations().await.map_err(failed)? {
        let key = integration.key.clone();
        take(Record::Integration(integration)).await?;
        let mut after: Option<RegistrationKey> = None;
        loop {
            let page = store.registrations(&key, after.as_ref(), PAGE_SIZE).await.map_err(failed)?;
            let Some(last) = page.last() else { break };
            after = Some(last.key.clone());
            for registration in page {
                take(Record::Registration(registration)).await?;
            }
        }
        let mut query = ConnectionQuery::first(PAGE_SIZE).integration(key.as_str());
        loop {
            let page = store.connections(query.clone()).await.map_err(failed)?;
            let Some(last) = page.last() else { break };
            query = query.after(last.key.clone());
            for listing in page {
                // One that was deleted since is none.
                if let Some(connection) = store.connection(&listing.key).await.map_err(failed)? {
                    take(Record::Connection(Box::new(connection))).await?;
                }
            }
        }
    }
    Ok(counts)
}

/// What to do with a record that the store has already, with another content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OnConflict {
    /// The store's stays.
    Keep,
    /// The store's is overwritten.
    Replace,
}

/// What was done with a record.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum WriteOutcome {
    Written,
    /// The store has it already.
    Same,
    /// The store's has another content, and stays: the name of the record.
    Kept(String),
}

/// Writes a record.
pub(super) async fn write(store: &dyn Store, record: Record, on_conflict: OnConflict) -> Result<WriteOutcome, Failure> {
    match record {
        Record::Integration(record) => integration(store, record, on_conflict).await,
        Record::Registration(record) => registration(store, record, on_conflict).await,
        Record::Connection(record) => connection(store, *record, on_conflict).await,
    }
}

async fn integration(store: &dyn Store, record: IntegrationRecord, on: OnConflict) -> Result<WriteOutcome, Failure> {
    let name = format!("integration `{}`", record.key.escape_debug());
    let Some(found) = store.integration(&record.key).await.map_err(failed)? else {
        return match store.insert_integration(record).await {
            Ok(()) => Ok(WriteOutcome::Written),
            // Another key has its id: it was renamed since.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(Failure::usage(format!(
                "{name} has another key in this store, or its id is taken: rename it there, and import again"
            ))),
            Err(error) => Err(failed(error)),
        };
    };
    if found == record {
        return Ok(WriteOutcome::Same);
    }
    if on == OnConflict::Keep {
        return Ok(WriteOutcome::Kept(name));
    }
    let key = record.key.clone();
    store.update_integration(&key, record, Some(found)).await.map_err(failed)?;
    Ok(WriteOutcome::Written)
}

async fn registration(store: &dyn Store, record: Registration, on: OnConflict) -> Result<WriteOutcome, Failure> {
    match store.registration(&record.key).await.map_err(failed)? {
        Some(found) if found == record => return Ok(WriteOutcome::Same),
        Some(_) if on == OnConflict::Keep => {
            let (client, integration) = (record.client_id.escape_debug(), record.key.integration.escape_debug());
            return Ok(WriteOutcome::Kept(format!("registered client `{client}` of `{integration}`")));
        }
        _ => {}
    }
    store.put_registration(record).await.map_err(failed)?;
    Ok(WriteOutcome::Written)
}

async fn connection(store: &dyn Store, record: Connection, on: OnConflict) -> Result<WriteOutcome, Failure> {
    let found = store.connection(&record.key).await.map_err(failed)?;
    if let Some(found) = &found {
        if *found == record.clone().epoch(found.epoch) {
            return Ok(WriteOutcome::Same);
        }
        if on == OnConflict::Keep {
            let ConnectionKey { integration, id } = &record.key;
            return Ok(WriteOutcome::Kept(format!(
                "connection `{}` of `{}`",
                id.escape_debug(),
                integration.escape_debug()
            )));
        }
    }
    let (key, metadata) = (record.key.clone(), record.metadata.clone());
    store.put_connection(record, found.as_ref().map(|found| found.epoch)).await.map_err(failed)?;
    if found.is_some_and(|found| found.metadata != metadata) {
        store.set_metadata(&key, metadata).await.map_err(failed)?;
    }
    Ok(WriteOutcome::Written)
}
