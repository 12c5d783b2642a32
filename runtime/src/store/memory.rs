//! A store that lives as long as the process.
//!
//! Nothing is sealed, because nothing is written to disk.

use super::change::Log;
use super::seek::{Seek, next, seeks};
use super::{Change, Changes, ConnectionListing, ConnectionQuery, Registration, RegistrationKey, Store, Ticket};
use crate::clock::Timestamp;
use crate::connection::{Connection, ConnectionKey};
use crate::error::{Error, ErrorKind, Result};
use crate::integration::IntegrationRecord;
use crate::transport::BoxFuture;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Integrations, connections, registered clients and tickets in maps.
#[derive(Default)]
pub struct Memory(Mutex<Maps>);

#[derive(Default)]
struct Maps {
    integrations: BTreeMap<String, IntegrationRecord>,
    connections: BTreeMap<ConnectionKey, Connection>,
    registrations: BTreeMap<RegistrationKey, Registration>,
    tickets: BTreeMap<String, Ticket>,
    last_epoch: u64,
    changes: Log,
}

impl Memory {
    /// An empty store.
    pub fn new() -> Memory {
        Memory::default()
    }

    /// Every method leaves the maps consistent at each step, so a panic elsewhere spoils nothing.
    fn maps(&self) -> MutexGuard<'_, Maps> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Memory")
    }
}

impl Store for Memory {
    fn insert_integration(&self, record: IntegrationRecord) -> BoxFuture<'_, Result<()>> {
        ready(self.maps().insert_integration(record))
    }

    fn update_integration<'a>(
        &'a self,
        key: &'a str,
        record: IntegrationRecord,
        expected: Option<IntegrationRecord>,
    ) -> BoxFuture<'a, Result<()>> {
        ready(self.maps().update_integration(key, record, expected.as_ref()))
    }

    fn integration<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<IntegrationRecord>>> {
        ready(Ok(self.maps().integrations.get(key).cloned()))
    }

    fn integrations(&self) -> BoxFuture<'_, Result<Vec<IntegrationRecord>>> {
        ready(Ok(self.maps().integrations.values().cloned().collect()))
    }

    fn delete_integration<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool>> {
        ready(Ok(self.maps().delete_integration(key)))
    }

    fn connection<'a>(&'a self, key: &'a ConnectionKey) -> BoxFuture<'a, Result<Option<Connection>>> {
        ready(Ok(self.maps().connections.get(key).cloned()))
    }

    fn put_connection(&self, connection: Connection, expected: Option<u64>) -> BoxFuture<'_, Result<u64>> {
        ready(self.maps().put_connection(connection, expected))
    }

    fn set_metadata<'a>(&'a self, key: &'a ConnectionKey, metadata: Map<String, Value>) -> BoxFuture<'a, Result<bool>> {
        ready(Ok(self.maps().set_metadata(key, metadata)))
    }

    fn connections(&self, query: ConnectionQuery) -> BoxFuture<'_, Result<Vec<ConnectionListing>>> {
        ready(Ok(self.maps().connections(&query)))
    }

    fn delete_connection<'a>(&'a self, key: &'a ConnectionKey) -> BoxFuture<'a, Result<bool>> {
        ready(Ok(self.maps().delete_connection(key)))
    }

    fn registration<'a>(&'a self, key: &'a RegistrationKey) -> BoxFuture<'a, Result<Option<Registration>>> {
        ready(Ok(self.maps().registrations.get(key).cloned()))
    }

    fn registrations<'a>(
        &'a self,
        integration: &'a str,
        after: Option<&'a RegistrationKey>,
        limit: usize,
    ) -> BoxFuture<'a, Result<Vec<Registration>>> {
        let first = |issuer: &str, request: &str| RegistrationKey {
            integration: integration.to_owned(),
            issuer: issuer.to_owned(),
            request: request.to_owned(),
        };
        let from = after.map_or_else(|| first("", ""), |key| first(&key.issuer, &next(&key.request)));
        let maps = self.maps();
        let all = maps.registrations.range(from..).take_while(|(key, _)| key.integration == integration);
        ready(Ok(all.map(|(_, kept)| kept.clone()).take(limit).collect()))
    }

    fn put_registration(&self, registration: Registration) -> BoxFuture<'_, Result<()>> {
        ready(self.maps().put_registration(registration))
    }

    fn delete_registration<'a>(&'a self, integration: &'a str, client_id: &'a str) -> BoxFuture<'a, Result<bool>> {
        let mut maps = self.maps();
        let before = maps.registrations.len();
        maps.registrations.retain(|key, kept| key.integration != integration || kept.client_id != client_id);
        ready(Ok(maps.registrations.len() < before))
    }

    fn put_ticket(&self, ticket: Ticket) -> BoxFuture<'_, Result<()>> {
        let mut maps = self.maps();
        maps.tickets.insert(ticket.id.clone(), ticket);
        ready(Ok(()))
    }

    fn ticket<'a>(&'a self, id: &'a str, now: Timestamp) -> BoxFuture<'a, Result<Option<Ticket>>> {
        ready(Ok(self.maps().tickets.get(id).filter(|ticket| ticket.expires_at > now).cloned()))
    }

    fn take_ticket<'a>(&'a self, id: &'a str, now: Timestamp) -> BoxFuture<'a, Result<Option<Ticket>>> {
        let mut maps = self.maps();
        maps.tickets.retain(|_, ticket| ticket.expires_at > now);
        ready(Ok(maps.tickets.remove(id)))
    }

    fn changes(&self, since: Option<u64>) -> BoxFuture<'_, Result<Option<Changes>>> {
        ready(Ok(Some(self.maps().changes.since(since))))
    }
}

impl Maps {
    /// Goes from one connection of the page to where the next one can lie. The one condition that is looked at row by
    /// row is whether a customer has to connect again.
    fn connections(&self, query: &ConnectionQuery) -> Vec<ConnectionListing> {
        let mut page = Vec::new();
        for Seek { integrations, ids } in seeks(query) {
            let mut from = ConnectionKey::new(integrations.start.as_str(), ids.start.as_str());
            while page.len() < query.limit
                && let Some((key, connection)) = self.connections.range(&from..).next()
                && integrations.contains(&key.integration)
            {
                from = if key.id < ids.start {
                    ConnectionKey::new(key.integration.as_str(), ids.start.as_str())
                } else if ids.contains(&key.id) {
                    let listing = ConnectionListing::of(connection);
                    page.extend(Some(listing).filter(|listing| query.holds(listing)));
                    ConnectionKey::new(key.integration.as_str(), next(&key.id))
                } else {
                    ConnectionKey::new(next(&key.integration), ids.start.as_str())
                };
            }
        }
        page
    }

    fn insert_integration(&mut self, record: IntegrationRecord) -> Result<()> {
        if self.integrations.contains_key(&record.key) {
            return Err(super::integration_exists(&record.key));
        }
        if !record.id.is_empty() && self.integrations.values().any(|other| other.id == record.id) {
            return Err(super::id_exists());
        }
        self.changes.push(Change::Integration { id: record.id.clone() });
        self.integrations.insert(record.key.clone(), record);
        Ok(())
    }

    fn update_integration(
        &mut self,
        key: &str,
        mut record: IntegrationRecord,
        expected: Option<&IntegrationRecord>,
    ) -> Result<()> {
        let found = self.integrations.get(key).ok_or_else(|| super::unknown_integration(key))?;
        if expected.is_some_and(|expected| expected != found) {
            return Err(super::integration_conflict(key));
        }
        record.id.clone_from(&found.id);
        if record.key != key {
            if self.integrations.contains_key(&record.key) {
                return Err(super::integration_exists(&record.key));
            }
            self.integrations.remove(key);
            self.rename_connections(key, &record.key);
            self.rename_registrations(key, &record.key);
        }
        self.changes.push(Change::Integration { id: record.id.clone() });
        self.integrations.insert(record.key.clone(), record);
        Ok(())
    }

    fn delete_integration(&mut self, key: &str) -> bool {
        let Some(record) = self.integrations.remove(key) else { return false };
        self.connections.retain(|connection, _| connection.integration != key);
        self.registrations.retain(|registration, _| registration.integration != key);
        self.changes.push(Change::Integration { id: record.id });
        true
    }

    fn rename_connections(&mut self, from: &str, to: &str) {
        let moved = std::mem::take(&mut self.connections).into_values().map(|mut connection| {
            if connection.key.integration == from {
                to.clone_into(&mut connection.key.integration);
            }
            (connection.key.clone(), connection)
        });
        self.connections = moved.collect();
    }

    fn rename_registrations(&mut self, from: &str, to: &str) {
        let moved = std::mem::take(&mut self.registrations).into_values().map(|mut registration| {
            if registration.key.integration == from {
                to.clone_into(&mut registration.key.integration);
            }
            (registration.key.clone(), registration)
        });
        self.registrations = moved.collect();
    }

    fn put_registration(&mut self, registration: Registration) -> Result<()> {
        if !self.integrations.contains_key(&registration.key.integration) {
            return Err(super::unknown_integration(&registration.key.integration));
        }
        self.registrations.insert(registration.key.clone(), registration);
        Ok(())
    }

    fn put_connection(&mut self, mut connection: Connection, expected: Option<u64>) -> Result<u64> {
        if !self.integrations.contains_key(&connection.key.integration) {
            return Err(super::unknown_integration(&connection.key.integration));
        }
        let stored = self.connections.get(&connection.key);
        if stored.map(|stored| stored.epoch) != expected {
            return Err(super::conflict(&connection.key));
        }
        if let Some(stored) = stored {
            connection.metadata.clone_from(&stored.metadata);
        }
        self.last_epoch = self
            .last_epoch
            .checked_add(1)
            .ok_or_else(|| Error::new(ErrorKind::Internal, "the store has run out of epochs"))?;
        connection.epoch = self.last_epoch;
        self.note(&connection.key);
        self.connections.insert(connection.key.clone(), connection);
        Ok(self.last_epoch)
    }

    fn set_metadata(&mut self, key: &ConnectionKey, metadata: Map<String, Value>) -> bool {
        let Some(stored) = self.connections.get_mut(key) else { return false };
        stored.metadata = metadata;
        self.note(key);
        true
    }

    fn delete_connection(&mut self, key: &ConnectionKey) -> bool {
        let is_there = self.connections.remove(key).is_some();
        if is_there {
            self.note(key);
        }
        is_there
    }

    /// Notes that a connection was written. One that is stored has an integration.
    fn note(&mut self, key: &ConnectionKey) {
        let integration = self.integrations.get(&key.integration).map(|record| record.id.clone()).unwrap_or_default();
        self.changes.push(Change::Connection { integration, id: key.id.clone() });
    }
}

fn ready<'a, T: Send + 'a>(value: T) -> BoxFuture<'a, T> {
    Box::pin(std::future::ready(value))
}
