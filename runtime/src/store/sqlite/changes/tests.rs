//! Writes of one process as another one sees them: two stores over one file, and the statements of others.

use super::*;
use crate::connection::{Connection as Stored, ConnectionKey};
use crate::integration::IntegrationRecord;
use crate::seal::SealingKey;
use crate::store::{Sqlite, Store};
use std::path::Path;

fn connection(integration: &str, id: &str) -> Stored {
    Stored::new(ConnectionKey::new(integration, id), "acme", crate::clock::Timestamp::UNIX_EPOCH)
}

fn record(id: &str, key: &str) -> IntegrationRecord {
    IntegrationRecord::without_scopes(key, "acme").id(id)
}

fn of_integration(id: &str) -> Change {
    Change::Integration { id: id.to_owned() }
}

fn of_connection(integration: &str, id: &str) -> Change {
    Change::Connection { integration: integration.to_owned(), id: id.to_owned() }
}

/// Two stores over one file, as two processes have them.
fn two(path: &Path) -> (Sqlite, Sqlite) {
    let key = SealingKey::generate().unwrap();
    (Sqlite::open(path, key.clone()).unwrap(), Sqlite::open(path, key).unwrap())
}

async fn since(store: &Sqlite, cursor: &mut u64) -> Option<Vec<Change>> {
    let changes = store.changes(Some(*cursor)).await.unwrap().unwrap();
    *cursor = changes.cursor;
    changes.records
}

#[tokio::test]
async fn every_write_of_another_process_is_named_by_the_integrations_id() {
    let folder = tempfile::tempdir().unwrap();
    let (here, there) = two(&folder.path().join("keyway.db"));
    let begun = here.changes(None).await.unwrap().unwrap();
    assert_eq!(begun.records, None);
    let mut cursor = begun.cursor;
    there.insert_integration(record("i", "old")).await.unwrap();
    assert_eq!(since(&here, &mut cursor).await, Some(vec![of_integration("i")]));
    let epoch = there.put_connection(connection("old", "u"), None).await.unwrap();
    assert_eq!(since(&here, &mut cursor).await, Some(vec![of_connection("i", "u")]));
    there.put_connection(connection("old", "u"), Some(epoch)).await.unwrap();
    assert_eq!(since(&here, &mut cursor).await, Some(vec![of_connection("i", "u")]));
    there.update_integration("old", record("", "new"), None).await.unwrap();
    assert_eq!(since(&here, &mut cursor).await, Some(vec![of_integration("i")]));
    there.delete_connection(&ConnectionKey::new("new", "u")).await.unwrap();
    assert_eq!(since(&here, &mut cursor).await, Some(vec![of_connection("i", "u")]));
    there.put_connection(connection("new", "v"), None).await.unwrap();
    there.delete_integration("new").await.unwrap();
    // The connections of a deleted integration are not named one by one.
    assert_eq!(since(&here, &mut cursor).await, Some(vec![of_connection("i", "v"), of_integration("i")]));
    assert_eq!(since(&here, &mut cursor).await, Some(vec![]));
    // A process sees its own writes too.
    here.insert_integration(record("j", "mine")).await.unwrap();
    assert_eq!(since(&here, &mut cursor).await, Some(vec![of_integration("j")]));
    // And those of a hand at the file.
    let hand = Connection::open(folder.path().join("keyway.db")).unwrap();
    hand.execute("UPDATE integrations SET app_link = 'https://mallory.net'", []).unwrap();
    assert_eq!(since(&here, &mut cursor).await, Some(vec![of_integration("j")]));
}

#[tokio::test]
async fn the_table_stays_bounded_and_an_old_cursor_knows_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyway.db");
    let (here, there) = two(&path);
    there.insert_integration(record("i", "acme")).await.unwrap();
    let cursor = here.changes(None).await.unwrap().unwrap().cursor;
    let hand = Connection::open(&path).unwrap();
    let tx = hand.unchecked_transaction().unwrap();
    for number in 0..10_001 {
        tx.execute("UPDATE integrations SET app_link = ?1", [format!("https://acme.test/{number}")]).unwrap();
    }
    tx.commit().unwrap();
    let rows: i64 = hand.query_row("SELECT count(*) FROM changes", [], |row| row.get(0)).unwrap();
    assert_eq!(rows, 10_000);
    for (since, expected) in [
        (cursor, None),
        (cursor + 1, Some(vec![of_integration("i")])),
        (cursor + 10_001, Some(vec![])),
        (cursor + 10_002, None),
        (u64::MAX, None),
    ] {
        let changes = here.changes(Some(since)).await.unwrap().unwrap();
        assert_eq!((changes.cursor, changes.records), (cursor + 10_001, expected), "{since}");
    }
}

#[tokio::test]
async fn a_record_is_read_while_another_process_writes_and_while_listings_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyway.db");
    let (here, there) = two(&path);
    there.insert_integration(record("i", "acme")).await.unwrap();
    let hand = Connection::open(&path).unwrap();
    hand.execute_batch("BEGIN IMMEDIATE; UPDATE integrations SET app_link = 'x'").unwrap();
    let writing = tokio::spawn({
        let here = here.clone();
        async move { here.insert_integration(record("j", "other")).await }
    });
    tokio::task::yield_now().await;
    // The writer of this process waits for the lock; readers do not wait for it.
    assert_eq!(here.integration("acme").await.unwrap().unwrap().app_link, None);
    assert_eq!(here.integrations().await.unwrap().len(), 1);
    assert!(!writing.is_finished());
    hand.execute_batch("ROLLBACK").unwrap();
    writing.await.unwrap().unwrap();
    // Every connection for listings is taken.
    let taken = [here.0.listings.permit().await.unwrap(), here.0.listings.permit().await.unwrap()];
    assert!(here.integration("other").await.unwrap().is_some());
    assert!(here.changes(None).await.unwrap().is_some());
    drop(taken);
}
