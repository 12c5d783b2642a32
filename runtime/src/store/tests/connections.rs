//! Connections: whole, and written only over what was read.

use super::*;

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
