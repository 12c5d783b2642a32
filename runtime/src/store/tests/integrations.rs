//! Integrations: listed, renamed, changed, deleted.

use super::*;

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
