//! Listings: order, pages, conditions.

use super::*;

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
