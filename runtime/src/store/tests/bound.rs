//! What a row says in the clear and must not be changed without the key: tables of edits, made as an attacker with
//! the file would make them.

use super::sqlite::{block_on, filled};
use super::*;
use crate::seal::{SealingKey, SealingKeys};
use std::path::Path;

/// Each statement is run on a store of its own, as an attacker with the file but without the key would run it.
#[test]
fn a_row_edited_without_the_key_does_not_open() {
    let key = SealingKey::generate().unwrap();
    let folder = tempfile::tempdir().unwrap();
    let original = folder.path().join("original.db");
    filled(&original, key.clone());
    let read = async |store: &Sqlite| {
        store.integration("a").await?;
        store.integrations().await?;
        store.connection(&ConnectionKey::new("a", "u")).await?;
        store.ticket("t", instant(1)).await.map(drop)
    };
    for (number, statement) in [
        "UPDATE integrations SET provider = 'mallory'",
        "UPDATE integrations SET client_id = 'mallory'",
        "UPDATE integrations SET client_id = NULL",
        "UPDATE integrations SET client_secret = NULL",
        "UPDATE integrations SET scopes = '[\"admin\"]'",
        "UPDATE integrations SET allowed_hosts = '[\"mallory.net\"]'",
        "UPDATE integrations SET allowed_hosts = '[]'",
        "UPDATE integrations SET app_link = 'https://mallory.net'",
        "UPDATE integrations SET app_link = NULL",
        "UPDATE integrations SET base_url = 'https://mallory.example.com'",
        "UPDATE integrations SET base_url = NULL",
        "UPDATE integrations SET custom = client_secret",
        "UPDATE connections SET provider = 'mallory'",
        "UPDATE connections SET config = metadata",
        "UPDATE connections SET epoch = epoch + 1",
        "UPDATE tickets SET expires_at = expires_at + 1000000",
        // The connections of one integration under the name of another.
        "UPDATE integrations SET key = 'b'",
    ]
    .into_iter()
    .enumerate()
    {
        let path = folder.path().join(format!("{number}.db"));
        std::fs::copy(&original, &path).unwrap();
        let intact = Sqlite::open(&path, key.clone()).unwrap();
        block_on(read(&intact)).unwrap();
        drop(intact);
        rusqlite::Connection::open(&path).unwrap().execute_batch(statement).unwrap();
        let store = Sqlite::open(&path, key.clone()).unwrap();
        // The name under which an edited row is found may be another one.
        let error = block_on(async {
            store.integrations().await?;
            read(&store).await
        });
        let error = error.expect_err(statement);
        assert_eq!(error.kind(), ErrorKind::SealBroken, "{statement}");
        assert!(error.message().contains("without the key"), "{error}");
    }
}

#[test]
fn values_of_different_writings_do_not_open_together() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyway.db");
    let key = SealingKey::generate().unwrap();
    filled(&path, key.clone());
    let database = rusqlite::Connection::open(&path).unwrap();
    let old: Vec<u8> = database.query_row("SELECT config FROM connections", [], |row| row.get(0)).unwrap();
    let store = Sqlite::open(&path, key).unwrap();
    let id = ConnectionKey::new("a", "u");
    let read = block_on(store.connection(&id)).unwrap().unwrap();
    block_on(store.put_connection(read.clone(), Some(read.epoch))).unwrap();
    assert!(block_on(store.connection(&id)).unwrap().is_some());
    database.execute("UPDATE connections SET config = ?1", [old]).unwrap();
    assert_eq!(block_on(store.connection(&id)).unwrap_err().kind(), ErrorKind::SealBroken);
}

/// The values of a store as a version wrote them that did not bind them to their rows.
fn unbound(path: &Path, key: &SealingKey) {
    let keys = SealingKeys::from(key.clone());
    let database = rusqlite::Connection::open(path).unwrap();
    let place = |integration: &str, connection: &str, column: &str, text: &[u8]| {
        keys.seal(crate::seal::SealContext { integration, connection, column }, text).unwrap()
    };
    let id: String = database.query_row("SELECT id FROM integrations", [], |row| row.get(0)).unwrap();
    let credentials = sealed::text::credentials_to_json(&connection("a", "u").credentials).unwrap();
    database.execute("UPDATE seal SET sealed = ?1", [place("", "", "check", b"keyway")]).unwrap();
    let secret = place(&id, "", "client_secret", b"client-secret-canary");
    let custom = place(&id, "", "custom", br#"{"k":"custom-canary"}"#);
    database.execute("UPDATE integrations SET client_secret = ?1, custom = ?2", [secret, custom]).unwrap();
    let sealed = [
        place(&id, "u", "config", br#"{"team.id":"config-canary"}"#),
        place(&id, "u", "metadata", br#"{"note":["metadata-canary",1]}"#),
        place(&id, "u", "credentials", &credentials),
    ];
    database.execute("UPDATE connections SET config = ?1, metadata = ?2, credentials = ?3", sealed).unwrap();
    database.execute("UPDATE tickets SET payload = ?1", [place("", "t", "payload", b"ticket-canary")]).unwrap();
}

#[test]
fn a_store_from_before_is_bound_when_it_is_opened_and_only_then() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyway.db");
    let key = SealingKey::generate().unwrap();
    filled(&path, key.clone());
    unbound(&path, &key);
    for _ in 0..2 {
        let store = Sqlite::open(&path, key.clone()).unwrap();
        block_on(async {
            assert_eq!(store.integration("a").await.unwrap(), Some(integration("a")));
            let read = store.connection(&ConnectionKey::new("a", "u")).await.unwrap().unwrap();
            assert_eq!(read, connection("a", "u").epoch(read.epoch));
            assert!(store.ticket("t", instant(1)).await.unwrap().is_some());
        });
    }
    // A row that was bound once is never bound again to an edited row.
    let database = rusqlite::Connection::open(&path).unwrap();
    database.execute("UPDATE integrations SET allowed_hosts = '[\"mallory.net\"]'", []).unwrap();
    let store = Sqlite::open(&path, key).unwrap();
    assert_eq!(block_on(store.integration("a")).unwrap_err().kind(), ErrorKind::SealBroken);
}
