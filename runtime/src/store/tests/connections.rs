//! Connections: whole, and written only over what was read.

use super::*;
use serde_json::{Map, Value, json};

fn object(value: Value) -> Map<String, Value> {
    let Value::Object(object) = value else { panic!("{value}") };
    object
}

/// A renewal is a reading and a writing that names its epoch; metadata is changed before, between and after.
#[test]
fn metadata_that_is_changed_during_a_renewal_stays_and_the_renewal_is_stored() {
    on_every_store(async |store| {
        let key = ConnectionKey::new("a", "u");
        assert!(!store.set_metadata(&key, object(json!({}))).await.unwrap(), "no integration");
        store.insert_integration(integration("a")).await.unwrap();
        assert!(!store.set_metadata(&key, object(json!({}))).await.unwrap(), "no connection");
        store.put_connection(connection("a", "u"), None).await.unwrap();
        let renew = async |mut read: Connection, token: &str| {
            read.credentials.token = Some(Token::new(token));
            let epoch = read.epoch;
            store.put_connection(read, Some(epoch)).await.unwrap()
        };
        let set = async |value: Value| assert!(store.set_metadata(&key, object(value)).await.unwrap());
        let now = async || store.connection(&key).await.unwrap().unwrap();
        let state = |connection: &Connection| {
            let token = connection.credentials.token.as_ref().unwrap().access.expose().to_owned();
            (token, Value::Object(connection.metadata.clone()))
        };

        let read = now().await;
        set(json!({"changed": "after the reading"})).await;
        let after = now().await;
        assert_eq!(after, read.clone().metadata(after.metadata.clone()), "nothing else moved");
        let epoch = renew(read, "first").await;
        let after = now().await;
        assert_eq!(state(&after), ("first".to_owned(), json!({"changed": "after the reading"})));
        assert_eq!(after.epoch, epoch);

        renew(after, "second").await;
        set(json!({"changed": ["after the writing", null, 1.5]})).await;
        assert_eq!(state(&now().await), ("second".to_owned(), json!({"changed": ["after the writing", null, 1.5]})));

        let read = now().await;
        set(json!({})).await;
        renew(read, "third").await;
        assert_eq!(state(&now().await), ("third".to_owned(), json!({})), "cleared is changed too");
    });
}

#[test]
fn those_who_keep_what_they_read_learn_of_a_change_of_metadata() {
    on_every_store(async |store| {
        store.insert_integration(integration("a")).await.unwrap();
        store.put_connection(connection("a", "u"), None).await.unwrap();
        let id = store.integration("a").await.unwrap().unwrap().id;
        let cursor = store.changes(None).await.unwrap().unwrap().cursor;
        store.set_metadata(&ConnectionKey::new("a", "u"), Map::new()).await.unwrap();
        let records = store.changes(Some(cursor)).await.unwrap().unwrap().records.unwrap();
        let expected = Change::Connection { integration: id, id: "u".to_owned() };
        assert!(records.contains(&expected), "{records:?}");
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
