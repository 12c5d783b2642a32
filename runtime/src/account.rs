//! An account: a connection with its integration and its provider, which every request is made for.
//!
//! The integration of an account knows where its metadata document is served, because [`Account::new`] is the only way
//! to one. A record that is shown or written back is loaded from the [`Engine`] instead, which leaves it as it is
//! stored.

use crate::auth::exchange::Granted;
use crate::auth::registration::SERVED_METADATA_URL;
use crate::clock::{Moment, Timestamp};
use crate::connection::accept::{accept, learn};
use crate::connection::{ConfigMap, Connection, ConnectionKey};
use crate::egress::{Carries, Egress, EgressPolicy};
use crate::engine::Engine;
use crate::error::Result;
use crate::inputs::Inputs;
use crate::integration::IntegrationRecord;
use crate::request::{self, Call};
use crate::secret::Secret;
use keyway_spec::ProviderSpec;

/// A connection, which need not be stored yet, with its integration and its provider.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) spec: &'static ProviderSpec,
    integration: IntegrationRecord,
    pub(crate) connection: Connection,
}

/// What a request is sent for: decides where it may go.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Use<'a> {
    /// A call, whose request is built at this moment.
    Call(&'a Call, &'a Moment),
    /// A request of an exchange, by what it carries.
    Exchange(Carries),
    /// A page that a person's browser is sent to.
    Page,
}

impl Account {
    /// An account of what was loaded or just made.
    pub(crate) fn new(
        engine: &Engine,
        (mut integration, spec): (IntegrationRecord, &'static ProviderSpec),
        connection: Connection,
    ) -> Account {
        if let Some(url) = engine.document_url(&integration.key) {
            integration.custom.insert(SERVED_METADATA_URL.to_owned(), url.into());
        }
        Account { spec, integration, connection }
    }

    /// The account of a connection, with its integration as it is stored now.
    pub(crate) async fn of(engine: &Engine, connection: Connection) -> Result<Account> {
        let integration = engine.integration(&connection.key.integration).await?;
        Ok(Account::new(engine, integration, connection))
    }

    /// A stored account.
    pub(crate) async fn load(engine: &Engine, key: &ConnectionKey) -> Result<Account> {
        Account::of(engine, engine.connection(key).await?).await
    }

    pub(crate) fn integration(&self) -> &IntegrationRecord {
        &self.integration
    }

    /// What a request of this account is built from.
    pub(crate) fn inputs<'a>(&'a self, moment: &'a Moment) -> Inputs<'a> {
        Inputs {
            spec: self.spec,
            integration: &self.integration,
            config: &self.connection.config,
            connection_id: &self.connection.key.id,
            metadata: &self.connection.metadata,
            credentials: &self.connection.credentials,
            moment,
        }
    }

    /// Every text of the connection and its integration that must not be shown or sent to another party.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        let Account { spec, integration, connection } = self;
        let fields = spec.connection_config.iter().filter(|field| field.secret);
        let config =
            fields.filter_map(|field| connection.config.get(field.name)).map(|text| Secret::from(text.as_str()));
        // The address of the metadata document is public.
        let custom = integration.custom.iter().filter(|(name, _)| *name != SERVED_METADATA_URL).map(|(_, value)| value);
        let credentials = connection.credentials.secrets().chain(&integration.client_secret);
        credentials.chain(custom).cloned().chain(config).collect()
    }

    /// Where a request may go.
    pub(crate) fn egress(&self, policy: &EgressPolicy, what: Use<'_>) -> Egress {
        let (spec, integration, policy) = (self.spec, &self.integration, policy.clone());
        match what {
            Use::Call(call, moment) => request::egress(&self.inputs(moment), policy, call),
            Use::Exchange(Carries::OperatorSecret) => Egress::for_operator_secret(spec, integration, policy),
            Use::Exchange(Carries::CustomerCredential) => Egress::for_customer_token(spec, integration, policy),
            Use::Exchange(Carries::Nothing) => Egress::for_discovery(spec, integration, policy),
            Use::Page => Egress::for_page(spec, integration, policy),
        }
    }

    /// Puts what an exchange granted into the connection.
    pub(crate) fn accept(&mut self, granted: Granted, now: Timestamp) {
        accept(self.spec, &mut self.connection, granted, now);
    }

    /// Takes what was learnt about the account into its configuration, where it fits the entry's own fields.
    pub(crate) fn learn(&mut self, learnt: ConfigMap) {
        learn(self.spec, &mut self.connection, learnt);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::clock::System;
    use crate::credentials::Credentials;
    use crate::engine::Turns;
    use crate::store::Memory;
    use crate::transport::hyper::HyperTransport;
    use keyway_spec::Field;
    use std::sync::Arc;
    use std::time::Duration;

    static SPEC: ProviderSpec = ProviderSpec {
        key: "acme",
        connection_config: &[Field { name: "pin", secret: true, ..Field::EMPTY }],
        ..ProviderSpec::EMPTY
    };

    fn engine() -> Engine {
        let record = IntegrationRecord::without_scopes("acme", "acme")
            .client_secret("client-secret")
            .custom([("api_token".to_owned(), "operator-token".into())].into());
        Engine {
            store: Arc::new(Memory::new()),
            catalogue: Catalogue::from_iter([&SPEC]),
            transport: Arc::new(HyperTransport::new().unwrap()),
            clock: Arc::new(System),
            policy: EgressPolicy::default(),
            max_wait: Duration::ZERO,
            retries: 0,
            call_timeout: Duration::ZERO,
            user_agent: "test".to_owned(),
            refresh_timeout: Duration::ZERO,
            client_metadata: Some("https://app.acme.test/client-metadata/".parse().unwrap()),
            registrations: Turns::default(),
            in_code: vec![record],
            written: tokio::sync::OnceCell::new(),
        }
    }

    fn connection() -> Connection {
        Connection::new(ConnectionKey::new("acme", "user-1"), "acme", Timestamp::UNIX_EPOCH)
            .config(ConfigMap::from([("pin".to_owned(), "1234".to_owned()), ("site".to_owned(), "eu".to_owned())]))
            .credentials(Credentials::submitted([("api_key".to_owned(), "key".into())].into()))
    }

    #[tokio::test]
    async fn an_account_knows_its_metadata_document_and_a_record_stays_as_it_is_stored() {
        let engine = engine();
        let account = Account::of(&engine, connection()).await.unwrap();
        let served = account.integration().custom.get(SERVED_METADATA_URL).map(Secret::expose);
        assert_eq!(served, Some("https://app.acme.test/client-metadata/acme"));
        let (record, _) = engine.integration("acme").await.unwrap();
        assert_eq!(record.custom.get(SERVED_METADATA_URL), None);
    }

    #[tokio::test]
    async fn the_secrets_of_an_account_are_both_sides_and_no_public_address() {
        let account = Account::of(&engine(), connection()).await.unwrap();
        let mut secrets: Vec<String> = account.secrets().iter().map(|secret| secret.expose().to_owned()).collect();
        secrets.sort();
        assert_eq!(secrets, ["1234", "client-secret", "key", "operator-token"]);
    }

    #[tokio::test]
    async fn a_stored_account_is_missed_by_its_connection_first() {
        let engine = engine();
        for (integration, expected) in [("acme", "user-1"), ("other", "other")] {
            let error = Account::load(&engine, &ConnectionKey::new(integration, "user-1")).await.unwrap_err();
            assert_eq!(error.kind(), crate::ErrorKind::UnknownConnection);
            assert!(error.message().contains(expected), "{error}");
        }
    }
}
