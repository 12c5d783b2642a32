//! Accounts as the engine makes them.

use super::*;
use crate::auth::registration::SERVED_METADATA_URL;
use crate::catalogue::Catalogue;
use crate::clock::System;
use crate::clock::Timestamp;
use crate::connection::{ConfigMap, RefreshState};
use crate::credentials::Credentials;
use crate::secret::Secret;
use crate::store::Memory;
use crate::transport::hyper::HyperTransport;
use keyway_spec::Field;

static SPEC: ProviderSpec = ProviderSpec {
    key: "acme",
    connection_config: &[Field { name: "pin", secret: true, ..Field::EMPTY }],
    ..ProviderSpec::EMPTY
};

pub(super) fn engine() -> Engine {
    let record = IntegrationRecord {
        key: "acme".to_owned(),
        provider: "acme".to_owned(),
        client_secret: Some("client-secret".into()),
        custom: [("api_token".to_owned(), "operator-token".into())].into(),
        ..IntegrationRecord::default()
    };
    Engine {
        store: Arc::new(Memory::new()),
        cache: None,
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

pub(super) fn connection() -> Connection {
    Connection {
        key: ConnectionKey::new("acme", "user-1"),
        provider: "acme".to_owned(),
        config: ConfigMap::from([("pin".to_owned(), "1234".to_owned()), ("site".to_owned(), "eu".to_owned())]),
        metadata: serde_json::Map::new(),
        credentials: Credentials::submitted([("api_key".to_owned(), "key".into())].into()),
        refresh: RefreshState::default(),
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
        epoch: 0,
    }
}

#[tokio::test]
async fn an_account_knows_its_metadata_document_and_a_record_stays_as_it_is_stored() {
    let engine = engine();
    let account = engine.account_of(connection()).await.unwrap();
    let served = account.integration().custom.get(SERVED_METADATA_URL).map(Secret::expose);
    assert_eq!(served, Some("https://app.acme.test/client-metadata/acme"));
    let (record, _) = engine.integration("acme").await.unwrap();
    assert_eq!(record.custom.get(SERVED_METADATA_URL), None);
}

#[tokio::test]
async fn the_secrets_of_an_account_are_both_sides_and_no_public_address() {
    let account = engine().account_of(connection()).await.unwrap();
    let mut secrets: Vec<String> = account.secrets().iter().map(|secret| secret.expose().to_owned()).collect();
    secrets.sort();
    assert_eq!(secrets, ["1234", "client-secret", "key", "operator-token"]);
}

#[tokio::test]
async fn a_stored_account_is_missed_by_its_connection_first() {
    let engine = engine();
    for (integration, expected) in [("acme", "user-1"), ("other", "other")] {
        let error = engine.load_account(&ConnectionKey::new(integration, "user-1")).await.unwrap_err();
        assert_eq!(error.kind(), crate::ErrorKind::UnknownConnection);
        assert!(error.message().contains(expected), "{error}");
    }
}
