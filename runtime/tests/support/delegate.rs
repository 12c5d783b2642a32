//! The part of a test's store that only passes on to `self.inner`.
//!
//! Reading and writing connections is not here beyond `connection`: where tests interfere, they say so themselves.

macro_rules! delegate_to_inner {
    () => {
        fn connection<'a>(&'a self, key: &'a ConnectionKey) -> BoxFuture<'a, Result<Option<Connection>>> {
            self.inner.connection(key)
        }

        fn insert_integration(&self, record: IntegrationRecord) -> BoxFuture<'_, Result<()>> {
            self.inner.insert_integration(record)
        }

        fn update_integration<'a>(
            &'a self,
            key: &'a str,
            record: IntegrationRecord,
            expected: Option<IntegrationRecord>,
        ) -> BoxFuture<'a, Result<()>> {
            self.inner.update_integration(key, record, expected)
        }

        fn integration<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<Option<IntegrationRecord>>> {
            self.inner.integration(key)
        }

        fn integrations(&self) -> BoxFuture<'_, Result<Vec<IntegrationRecord>>> {
            self.inner.integrations()
        }

        fn delete_integration<'a>(&'a self, key: &'a str) -> BoxFuture<'a, Result<bool>> {
            self.inner.delete_integration(key)
        }

        fn set_metadata<'a>(
            &'a self,
            key: &'a ConnectionKey,
            metadata: serde_json::Map<String, serde_json::Value>,
        ) -> BoxFuture<'a, Result<bool>> {
            self.inner.set_metadata(key, metadata)
        }

        fn connections(&self, query: keyway::store::ConnectionQuery) -> BoxFuture<'_, Result<Vec<ConnectionListing>>> {
            self.inner.connections(query)
        }

        fn delete_connection<'a>(&'a self, key: &'a ConnectionKey) -> BoxFuture<'a, Result<bool>> {
            self.inner.delete_connection(key)
        }

        fn registration<'a>(
            &'a self,
            key: &'a keyway::store::RegistrationKey,
        ) -> BoxFuture<'a, Result<Option<keyway::store::Registration>>> {
            self.inner.registration(key)
        }

        fn put_registration(&self, registration: keyway::store::Registration) -> BoxFuture<'_, Result<()>> {
            self.inner.put_registration(registration)
        }

        fn delete_registration<'a>(&'a self, integration: &'a str, client: &'a str) -> BoxFuture<'a, Result<bool>> {
            self.inner.delete_registration(integration, client)
        }

        fn put_ticket(&self, ticket: Ticket) -> BoxFuture<'_, Result<()>> {
            self.inner.put_ticket(ticket)
        }

        fn ticket<'a>(&'a self, id: &'a str, now: Timestamp) -> BoxFuture<'a, Result<Option<Ticket>>> {
            self.inner.ticket(id, now)
        }

        fn take_ticket<'a>(&'a self, id: &'a str, now: Timestamp) -> BoxFuture<'a, Result<Option<Ticket>>> {
            self.inner.take_ticket(id, now)
        }
    };
}
