//! What several processes see of each other.

use super::*;

/// Changes since a cursor: ids of integrations, or of connections after a blank.
async fn changed(store: &Postgres, cursor: &mut u64) -> Option<Vec<String>> {
    let changes = store.changes(Some(*cursor)).await.unwrap().unwrap();
    *cursor = changes.cursor;
    let mut names: Vec<String> = changes
        .records?
        .into_iter()
        .map(|change| match change {
            Change::Integration { id } => id,
            Change::Connection { integration, id } => format!("{integration} {id}"),
        })
        .collect();
    names.sort();
    names.dedup();
    Some(names)
}

#[test]
fn a_change_that_commits_late_is_seen_after_one_that_began_later() {
    with_database(async |database| {
        let store = database.filled().await;
        let mut cursor = store.changes(None).await.unwrap().unwrap().cursor;
        // A transaction that takes its number first and commits last.
        let sleeper = {
            let (cluster, name) = (database.cluster, database.name().to_owned());
            let slow = "BEGIN; UPDATE keyway.connections SET attempts = 9; SELECT pg_sleep(2); COMMIT";
            tokio::task::spawn_blocking(move || cluster.sql(&name, slow))
        };
        let running =
            "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(2)%' AND backend_xid IS NOT NULL";
        while database.sql(&format!("{running} AND pid <> pg_backend_pid()")) == "0" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        store.insert_integration(integration("b")).await.unwrap();
        assert_eq!(changed(&store, &mut cursor).await.unwrap(), ["id of b"]);
        sleeper.await.unwrap();
        let seen = changed(&store, &mut cursor).await.unwrap();
        assert!(seen.contains(&"id of a u".to_owned()), "{seen:?}");
        store.put_connection(connection("b", "v"), None).await.unwrap();
        let seen = changed(&store, &mut cursor).await.unwrap();
        assert!(seen.contains(&"id of b v".to_owned()), "{seen:?}");
        store.delete_integration("b").await.unwrap();
        assert!(changed(&store, &mut cursor).await.unwrap().contains(&"id of b".to_owned()));
        // Once no transaction runs in the server, which other tests use too, nothing is given again.
        while !changed(&store, &mut cursor).await.unwrap().is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
}

#[test]
fn changes_are_kept_bounded_and_a_cursor_from_before_learns_that_everything_changed() {
    with_database(async |database| {
        let store = database.filled().await;
        let old = store.changes(None).await.unwrap().unwrap().cursor;
        for _ in 0..3 {
            let many = "INSERT INTO keyway.changes (integration) SELECT 'i' FROM generate_series(1, 10000)";
            database.sql(many);
        }
        // What a transaction that is still open may not have seen is kept, and those of other tests' databases count.
        let mut kept = usize::MAX;
        for _ in 0..900 {
            database.sql("INSERT INTO keyway.changes (integration) VALUES ('i')");
            kept = database.sql("SELECT count(*) FROM keyway.changes").parse().unwrap();
            if kept <= 21_000 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert!(kept <= 21_000, "{kept}");
        let mut cursor = old;
        assert_eq!(changed(&store, &mut cursor).await, None);
        assert_eq!(changed(&store, &mut cursor).await, Some(Vec::new()));
        let mut ahead = u64::MAX >> 1;
        assert_eq!(changed(&store, &mut ahead).await, None, "the database was restored from a copy");
    });
}

#[test]
fn others_are_notified_also_after_their_line_was_lost() {
    with_database(async |database| {
        let (one, other) = (database.filled().await, database.store().await);
        let mut notified = other.notifications().unwrap();
        let wait = Duration::from_secs(20);
        // The line is made beside the opening: its first rise says that it is there.
        tokio::time::timeout(wait, notified.wait_for(|number| *number > 0)).await.unwrap().unwrap();
        for round in 0..2 {
            let before = *notified.borrow_and_update();
            one.delete_connection(&ConnectionKey::new("a", "u")).await.unwrap();
            one.put_connection(connection("a", "u"), None).await.unwrap();
            tokio::time::timeout(wait, notified.wait_for(|number| *number > before)).await.unwrap().unwrap();
            if round == 0 {
                let before = *notified.borrow_and_update();
                database.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = 'LISTEN keyway' AND datname = current_database()");
                tokio::time::timeout(wait, notified.wait_for(|number| *number > before)).await.unwrap().unwrap();
            }
        }
    });
}
