//! One table of behaviours, run against every store; one file for each kind of record.

#[cfg(feature = "sqlite")]
mod bound;
mod connections;
mod integrations;
mod listings;
#[cfg(feature = "postgres")]
pub(in crate::store) mod postgres;
mod registrations;
#[cfg(feature = "sqlite")]
mod schemas;
#[cfg(feature = "sqlite")]
mod sqlite;
mod tickets;

use super::*;
use crate::credentials::{Credentials, Token};
use crate::error::ErrorKind;
use std::collections::BTreeMap;
use std::future::Future;

fn instant(seconds: i64) -> Timestamp {
    Timestamp::from_second(seconds).unwrap()
}

fn integration(key: &str) -> IntegrationRecord {
    IntegrationRecord::without_scopes(key, "acme")
        .id(format!("id of {key}"))
        .client_id("id")
        .client_secret(Secret::new("client-secret-canary"))
        .scopes(vec!["a".to_owned(), "b,c".to_owned()])
        .allowed_hosts(vec!["*.example.com".to_owned()])
        .custom(BTreeMap::from([("k".to_owned(), Secret::new("custom-canary"))]))
        .app_link("https://example.com/app")
        .base_url("https://sandbox.example.com/v1")
        .shared_redirect_uri(key.len() > 1)
        .unknown_outcome(keyway_spec::quirks::UnknownOutcome::Final)
}

fn connection(integration: &str, id: &str) -> Connection {
    let mut credentials = Credentials::basic("ann", "password-canary");
    credentials.token = Some(
        Token::new(Secret::new("access-canary"))
            .refresh(Secret::new("refresh-canary"))
            .expires_at(instant(5_000))
            .raw(Secret::new(r#"{"access_token":"access-canary"}"#)),
    );
    let mut refresh = crate::connection::RefreshState::default();
    (refresh.attempts, refresh.failures, refresh.unanswered) = (2, 5, 3);
    refresh.retry_at = Some(instant(10));
    refresh.last_failure = Some(instant(9));
    refresh.intent = Some(instant(11));
    Connection::new(ConnectionKey::new(integration, id), "acme", instant(1_000))
        .config(BTreeMap::from([("team.id".to_owned(), "config-canary".to_owned())]))
        .metadata(serde_json::Map::from_iter([("note".to_owned(), serde_json::json!(["metadata-canary", 1]))]))
        .credentials(credentials)
        .refresh(refresh)
        .updated_at(instant(2_000))
}

/// Runs a behaviour on a fresh store of each kind.
fn on_every_store<F: Future<Output = ()>>(behaviour: impl Fn(Box<dyn Store>) -> F) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(behaviour(Box::new(Memory::new())));
    #[cfg(feature = "sqlite")]
    {
        let folder = tempfile::tempdir().unwrap();
        let key = crate::seal::SealingKey::generate().unwrap();
        runtime.block_on(behaviour(Box::new(Sqlite::open(folder.path().join("keyway.db"), key).unwrap())));
    }
    #[cfg(feature = "postgres")]
    if let Some(database) = postgres::database() {
        runtime.block_on(async { behaviour(Box::new(database.store().await)).await });
    }
}

fn registration(integration: &str, issuer: &str, client_id: &str) -> Registration {
    Registration {
        key: RegistrationKey {
            integration: integration.to_owned(),
            issuer: issuer.to_owned(),
            request: "r".to_owned(),
        },
        client_id: client_id.to_owned(),
        answer: Secret::new(r#"{"client_secret":"registered-canary"}"#),
        expires_at: Some(instant(7)),
    }
}
