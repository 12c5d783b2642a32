//! Clients that registered themselves.

use super::*;

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
