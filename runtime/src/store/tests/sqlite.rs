//! What only a file can show: who reads it, which key opens it, what is refused.

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
