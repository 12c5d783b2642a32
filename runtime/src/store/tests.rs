//! One table of behaviours, run against every store.

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
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(behaviour(Box::new(Memory::new())));
    #[cfg(feature = "sqlite")]
    {
        let folder = tempfile::tempdir().unwrap();
        let key = crate::seal::SealingKey::generate().unwrap();
        runtime.block_on(behaviour(Box::new(Sqlite::open(folder.path().join("keyway.db"), key).unwrap())));
    }
}

#[test]
fn integrations_are_listed_by_key_and_come_back_whole() {
    on_every_store(async |store| {
        for key in ["b", "a"] {
            store.insert_integration(integration(key)).await.unwrap();
        }
        assert_eq!(store.insert_integration(integration("a")).await.unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(store.integration("a").await.unwrap(), Some(integration("a")));
        assert_eq!(store.integration("c").await.unwrap(), None);
        assert_eq!(store.integrations().await.unwrap(), [integration("a"), integration("b")]);
    });
}

#[test]
fn renaming_an_integration_keeps_its_connections() {
    on_every_store(async |store| {
        store.insert_integration(integration("old")).await.unwrap();
        store.insert_integration(integration("taken")).await.unwrap();
        store.put_connection(connection("old", "u"), None).await.unwrap();
        let refused = store.update_integration("old", integration("taken"), None).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
        let unknown = store.update_integration("nobody", integration("nobody"), None).await.unwrap_err();
        assert_eq!(unknown.kind(), ErrorKind::UnknownIntegration);
        store.update_integration("old", integration("new"), None).await.unwrap();
        assert_eq!(store.connection(&ConnectionKey::new("old", "u")).await.unwrap(), None);
        let moved = store.connection(&ConnectionKey::new("new", "u")).await.unwrap().unwrap();
        assert_eq!(moved.credentials, connection("old", "u").credentials);
        assert_eq!(moved.key.integration, "new");
        let renamed = store.integration("new").await.unwrap().unwrap();
        assert_eq!(renamed, integration("new").id("id of old"), "the id stays");
        let again = integration("another").id("id of old");
        assert_eq!(store.insert_integration(again).await.unwrap_err().kind(), ErrorKind::AlreadyExists);
    });
}

#[test]
fn a_change_of_what_is_no_longer_there_is_refused() {
    on_every_store(async |store| {
        store.insert_integration(integration("a")).await.unwrap();
        let read = integration("a");
        let mut first = read.clone();
        first.scopes.push("first".to_owned());
        store.update_integration("a", first.clone(), Some(read.clone())).await.unwrap();
        for other in
            [read.clone().client_id("second"), read.clone().client_secret(Secret::new("second")), read.clone().key("b")]
        {
            let refused = store.update_integration("a", other, Some(read.clone())).await.unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::Conflict);
        }
        assert_eq!(store.integrations().await.unwrap(), [first.clone()]);
        let second = first.clone().client_id("second");
        store.update_integration("a", second.clone(), Some(first)).await.unwrap();
        assert_eq!(store.integration("a").await.unwrap(), Some(second));
    });
}

#[test]
fn deleting_an_integration_deletes_its_connections_only() {
    on_every_store(async |store| {
        for key in ["a", "b"] {
            store.insert_integration(integration(key)).await.unwrap();
            store.put_connection(connection(key, "u"), None).await.unwrap();
        }
        assert!(store.delete_integration("a").await.unwrap());
        assert!(!store.delete_integration("a").await.unwrap());
        assert_eq!(store.connection(&ConnectionKey::new("a", "u")).await.unwrap(), None);
        assert!(store.connection(&ConnectionKey::new("b", "u")).await.unwrap().is_some());
    });
}

#[test]
fn a_connection_comes_back_whole_and_writes_compare_the_epoch() {
    on_every_store(async |store| {
        let key = ConnectionKey::new("a", "u");
        let unknown = store.put_connection(connection("a", "u"), None).await.unwrap_err();
        assert_eq!(unknown.kind(), ErrorKind::UnknownIntegration);
        store.insert_integration(integration("a")).await.unwrap();
        let first = store.put_connection(connection("a", "u"), None).await.unwrap();
        let read = store.connection(&key).await.unwrap().unwrap();
        assert_eq!(read, connection("a", "u").epoch(first));
        for stale in [None, Some(first + 1), Some(0)] {
            let refused = store.put_connection(connection("a", "u"), stale).await.unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::Conflict, "{stale:?}");
        }
        let second = store.put_connection(connection("a", "u"), Some(first)).await.unwrap();
        assert!(second > first);
        assert!(store.delete_connection(&key).await.unwrap());
        assert!(!store.delete_connection(&key).await.unwrap());
        let third = store.put_connection(connection("a", "u"), None).await.unwrap();
        assert!(third > second, "epochs grow over deletion: a writer that slept through it must lose");
    });
}

#[test]
fn listings_page_in_order_and_hold_no_credential() {
    on_every_store(async |store| {
        for key in ["b", "a"] {
            store.insert_integration(integration(key)).await.unwrap();
            for id in ["2", "1", "10"] {
                store.put_connection(connection(key, id), None).await.unwrap();
            }
        }
        let mut seen = Vec::new();
        let mut query = ConnectionQuery::first(2);
        loop {
            let page = store.connections(query.clone()).await.unwrap();
            assert!(page.len() <= 2);
            let Some(last) = page.last() else { break };
            assert!(!format!("{page:?}").contains("canary"));
            assert_eq!(last.expires_at, Some(instant(5_000)));
            query = query.after(last.key.clone());
            seen.extend(page.into_iter().map(|listing| format!("{}/{}", listing.key.integration, listing.key.id)));
        }
        assert_eq!(seen, ["a/1", "a/10", "a/2", "b/1", "b/10", "b/2"]);
    });
}

#[test]
fn every_condition_of_a_listing_has_to_hold() {
    on_every_store(async |store| {
        for key in ["a", "b"] {
            store.insert_integration(integration(key)).await.unwrap();
            for id in ["org-1", "org-2", "Org-3", "o%g", "person"] {
                let mut connection = connection(key, id);
                connection.refresh.exhausted = id == "org-2";
                store.put_connection(connection, None).await.unwrap();
            }
        }
        let all = || ConnectionQuery::first(9);
        let table: [(ConnectionQuery, &[&str]); 8] = [
            (all().integration("b"), &["b/Org-3", "b/o%g", "b/org-1", "b/org-2", "b/person"]),
            (all().integration("c"), &[]),
            (all().id_prefix("org"), &["a/org-1", "a/org-2", "b/org-1", "b/org-2"]),
            (all().id_prefix("o%"), &["a/o%g", "b/o%g"]),
            (all().reconnect_needed(true), &["a/org-2", "b/org-2"]),
            (all().integration("a").id_prefix("org").reconnect_needed(false), &["a/org-1"]),
            (all().integration("b").after(ConnectionKey::new("a", "org-1")).id_prefix("p"), &["b/person"]),
            (all().after(ConnectionKey::new("a", "org-2")).reconnect_needed(true), &["b/org-2"]),
        ];
        for (query, expected) in table {
            let page = store.connections(query.clone()).await.unwrap();
            let seen: Vec<String> = page.iter().map(|it| format!("{}/{}", it.key.integration, it.key.id)).collect();
            assert_eq!(seen, expected, "{query:?}");
        }
    });
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

#[test]
fn registered_clients_belong_to_an_integration_and_an_issuer() {
    on_every_store(async |store| {
        let first = registration("a", "https://one.test", "1");
        let nobody = store.put_registration(first.clone()).await.unwrap_err();
        assert_eq!(nobody.kind(), ErrorKind::UnknownIntegration);
        for key in ["a", "b"] {
            store.insert_integration(integration(key)).await.unwrap();
        }
        let others = [registration("a", "https://two.test", "2"), registration("b", "https://one.test", "1")];
        for client in others.iter().chain([&first]) {
            store.put_registration(client.clone()).await.unwrap();
        }
        assert_eq!(store.registration(&first.key).await.unwrap().as_ref(), Some(&first));
        let newer = Registration { client_id: "3".to_owned(), expires_at: None, ..first.clone() };
        store.put_registration(newer.clone()).await.unwrap();
        assert_eq!(store.registration(&first.key).await.unwrap(), Some(newer), "the newer takes its place");
        assert!(!store.delete_registration("a", "1").await.unwrap(), "the client of another integration stays");
        assert!(store.delete_registration("a", "3").await.unwrap());
        assert_eq!(store.registration(&first.key).await.unwrap(), None);
        for client in &others {
            assert_eq!(store.registration(&client.key).await.unwrap().as_ref(), Some(client));
        }
        store.update_integration("a", integration("renamed"), None).await.unwrap();
        assert_eq!(store.registration(&others[0].key).await.unwrap(), None);
        let moved = registration("renamed", "https://two.test", "2");
        assert_eq!(store.registration(&moved.key).await.unwrap(), Some(moved.clone()));
        store.delete_integration("renamed").await.unwrap();
        assert_eq!(store.registration(&moved.key).await.unwrap(), None);
        assert!(store.registration(&others[1].key).await.unwrap().is_some());
    });
}

#[test]
fn tickets_are_taken_once_and_never_after_their_time() {
    on_every_store(async |store| {
        let ticket =
            |id: &str, at| Ticket { id: id.to_owned(), payload: Secret::new("p-canary"), expires_at: instant(at) };
        store.put_ticket(ticket("one", 100)).await.unwrap();
        store.put_ticket(ticket("two", 50)).await.unwrap();
        assert_eq!(store.take_ticket("three", instant(10)).await.unwrap(), None);
        assert_eq!(store.take_ticket("two", instant(50)).await.unwrap(), None);
        assert_eq!(store.take_ticket("two", instant(10)).await.unwrap(), None, "purged");
        for _ in 0..2 {
            assert_eq!(
                store.ticket("one", instant(99)).await.unwrap(),
                Some(ticket("one", 100)),
                "looking takes nothing"
            );
        }
        assert_eq!(store.ticket("one", instant(100)).await.unwrap(), None);
        assert_eq!(store.take_ticket("one", instant(99)).await.unwrap(), Some(ticket("one", 100)));
        assert_eq!(store.take_ticket("one", instant(99)).await.unwrap(), None);
    });
}

#[cfg(feature = "sqlite")]
mod bound;
#[cfg(feature = "sqlite")]
mod sqlite {
    use super::*;
    use crate::seal::{SealingKey, SealingKeys};
    use std::path::Path;

    pub(super) fn filled(path: &Path, keys: impl Into<SealingKeys>) {
        let store = Sqlite::open(path, keys).unwrap();
        block_on(async {
            store.insert_integration(integration("a")).await.unwrap();
            store.put_connection(connection("a", "u"), None).await.unwrap();
            store.put_registration(registration("a", "https://one.test", "1")).await.unwrap();
            let payload = Secret::new("ticket-canary");
            store.put_ticket(Ticket { id: "t".to_owned(), payload, expires_at: instant(100) }).await.unwrap();
        });
    }

    pub(super) fn block_on<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    #[test]
    fn no_secret_is_in_the_files_and_only_the_owner_can_read_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyway.db");
        let store = Sqlite::open(&path, SealingKey::generate().unwrap()).unwrap();
        block_on(store.insert_integration(integration("a"))).unwrap();
        block_on(store.put_connection(connection("a", "u"), None)).unwrap();
        block_on(store.put_registration(registration("a", "https://one.test", "1"))).unwrap();
        for file in std::fs::read_dir(folder.path()).unwrap() {
            let file = file.unwrap();
            let bytes = std::fs::read(file.path()).unwrap();
            assert!(!bytes.windows(6).any(|part| part == b"canary"), "{:?}", file.path());
            #[cfg(unix)]
            {
                use std::os::unix::fs::PermissionsExt as _;
                assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600, "{:?}", file.path());
            }
        }
    }

    #[test]
    fn another_key_is_refused_at_open_and_the_right_one_still_opens() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyway.db");
        let key = SealingKey::generate().unwrap();
        filled(&path, key.clone());
        let refused = Sqlite::open(&path, SealingKey::generate().unwrap()).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::SealBroken);
        assert!(refused.to_string().contains(&key.id()), "{refused}");
        let store = Sqlite::open(&path, key).unwrap();
        assert!(block_on(store.connection(&ConnectionKey::new("a", "u"))).unwrap().is_some());
    }

    #[test]
    fn after_resealing_the_old_key_is_not_needed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyway.db");
        let (old, new) = (SealingKey::generate().unwrap(), SealingKey::generate().unwrap());
        filled(&path, old.clone());
        let store = Sqlite::open(&path, SealingKeys::new(new.clone(), [old])).unwrap();
        block_on(store.reseal()).unwrap();
        drop(store);
        let store = Sqlite::open(&path, new).unwrap();
        block_on(async {
            assert_eq!(store.integration("a").await.unwrap(), Some(integration("a")));
            let read = store.connection(&ConnectionKey::new("a", "u")).await.unwrap().unwrap();
            assert_eq!(read.credentials, connection("a", "u").credentials);
            let client = registration("a", "https://one.test", "1");
            assert_eq!(store.registration(&client.key).await.unwrap(), Some(client));
            assert!(store.take_ticket("t", instant(1)).await.unwrap().is_some());
        });
    }

    #[test]
    fn a_value_moved_to_another_row_does_not_open() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyway.db");
        let key = SealingKey::generate().unwrap();
        filled(&path, key.clone());
        let database = rusqlite::Connection::open(&path).unwrap();
        database.execute("UPDATE connections SET id = 'mallory'", []).unwrap();
        database.execute("UPDATE registrations SET client_id = 'mallory'", []).unwrap();
        drop(database);
        let store = Sqlite::open(&path, key).unwrap();
        let error = block_on(store.connection(&ConnectionKey::new("a", "mallory"))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::SealBroken);
        let client = registration("a", "https://one.test", "1");
        assert_eq!(block_on(store.registration(&client.key)).unwrap_err().kind(), ErrorKind::SealBroken);
    }

    #[test]
    fn what_is_not_a_store_is_said_by_name_and_left_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyway.db");
        let text = "not a database, just some text that is long enough for a header of one hundred bytes ".repeat(8);
        std::fs::write(&path, &text).unwrap();
        let error = Sqlite::open(&path, SealingKey::generate().unwrap()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StoreUnavailable);
        assert!(error.to_string().contains("keyway.db") && error.to_string().contains("restore"), "{error}");
        assert_eq!(std::fs::read_to_string(&path).unwrap(), text);
        let nowhere = Sqlite::open(folder.path().join("no/such/folder.db"), SealingKey::generate().unwrap());
        assert_eq!(nowhere.unwrap_err().kind(), ErrorKind::StoreUnavailable);
    }

    #[test]
    fn a_store_of_a_newer_version_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyway.db");
        let key = SealingKey::generate().unwrap();
        filled(&path, key.clone());
        rusqlite::Connection::open(&path).unwrap().pragma_update(None, "user_version", 99).unwrap();
        let error = Sqlite::open(&path, key).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StoreUnavailable);
        assert!(error.to_string().contains("newer"), "{error}");
    }
}
