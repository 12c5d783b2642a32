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

/// The store in a database takes no NUL, and no id has one. What a page must hold is what is left of all connections
/// when each is asked for itself.
#[test]
fn pages_of_any_query_hold_what_a_look_at_every_connection_finds() {
    on_every_store(async |store| {
        let ids =
            ["", "\u{1}", "a", "a\u{1}", "aa", "ab", "b", "Z", "\u{e9}", "\u{e9}\u{10ffff}", "\u{e000}", "\u{d7ff}x"];
        for key in ["a", "a-b", "b", "empty", "\u{e9}"] {
            store.insert_integration(integration(key)).await.unwrap();
            for (number, id) in ids.into_iter().enumerate().filter(|_| key != "empty") {
                let mut connection = connection(key, id);
                connection.refresh.exhausted = number % 3 == 0;
                store.put_connection(connection, None).await.unwrap();
            }
        }
        let all = store.connections(ConnectionQuery::first(1000)).await.unwrap();
        assert_eq!(all.len(), 4 * ids.len());
        let mut asked = 0;
        for integration in [None, Some("a"), Some("empty"), Some("\u{e9}"), Some("none")] {
            for prefix in [None, Some(""), Some("a"), Some("\u{e9}"), Some("\u{d7ff}"), Some("\u{10ffff}"), Some("c")] {
                for needed in [None, Some(true), Some(false)] {
                    for limit in [1, 2, 5, 1000] {
                        let mut query = ConnectionQuery::first(limit);
                        query.integration = integration.map(str::to_owned);
                        query.id_prefix = prefix.map(str::to_owned);
                        query.reconnect_needed = needed;
                        let first = query.clone();
                        let mut expected = all.iter().filter(|listing| first.holds(listing));
                        loop {
                            let page = store.connections(query.clone()).await.unwrap();
                            assert!(page.iter().eq(expected.by_ref().take(limit)), "{query:?}");
                            asked += 1;
                            let Some(last) = page.last() else { break };
                            query.after = Some(last.key.clone());
                        }
                    }
                }
            }
        }
        assert!(asked > 1000, "{asked}");
        // A cursor may name what is gone, or an integration that never was.
        for after in [("a-a", "x"), ("a", "a\u{1}\u{1}"), ("", ""), ("zzz", "")] {
            let query = ConnectionQuery::first(1000).after(ConnectionKey::new(after.0, after.1));
            let expected: Vec<_> = all.iter().filter(|listing| query.holds(listing)).cloned().collect();
            assert_eq!(store.connections(query).await.unwrap(), expected, "{after:?}");
        }
    });
}
