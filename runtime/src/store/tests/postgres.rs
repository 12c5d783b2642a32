//! The Postgres store against a real server: keys, roles, schemas, lines, clocks, and what several processes see.

#[path = "../../../../tests/src/postgres.rs"]
mod cluster;
#[path = "../../../../tests/src/shared.rs"]
mod shared;

use super::*;
use crate::clock::{Clock, System};
use crate::seal::SealingKey;
use cluster::{Cluster, PASSWORD};
use jiff::SignedDuration;
use std::sync::LazyLock;
use std::time::Duration;

static CLUSTER: LazyLock<Option<Cluster>> = LazyLock::new(Cluster::start);

/// An empty database of the server that the tests of this process share.
pub(in crate::store) struct Database {
    cluster: &'static Cluster,
    pub(in crate::store) url: String,
    key: SealingKey,
}

pub(in crate::store) fn database() -> Option<Database> {
    let cluster = CLUSTER.as_ref().or_else(|| {
        shared::skip("PostgreSQL is not installed");
        None
    })?;
    Some(Database { cluster, url: cluster.database(), key: SealingKey::generate().unwrap() })
}

impl Database {
    fn name(&self) -> &str {
        self.url.rsplit('/').next().unwrap()
    }

    fn sql(&self, statements: &str) -> String {
        self.cluster.sql(self.name(), statements)
    }

    pub(in crate::store) async fn store(&self) -> Postgres {
        opened(&self.url, &self.key).await.unwrap()
    }

    async fn filled(&self) -> Postgres {
        let store = self.store().await;
        store.insert_integration(integration("a")).await.unwrap();
        store.put_connection(connection("a", "u"), None).await.unwrap();
        store.put_registration(registration("a", "https://one.test", "1")).await.unwrap();
        let payload = Secret::new("ticket-canary");
        store.put_ticket(Ticket { id: "t".to_owned(), payload, expires_at: instant(100) }).await.unwrap();
        store
    }
}

async fn opened(url: &str, key: &SealingKey) -> Result<Postgres> {
    Postgres::connect(PostgresOptions::parse(url)?, key.clone()).await
}

/// Runs a test where there is a server.
fn with_database<F: Future<Output = ()>>(test: impl FnOnce(Database) -> F) {
    let Some(database) = database() else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(test(database));
}

#[test]
fn nothing_secret_is_in_a_row_in_the_clear() {
    with_database(async |database| {
        let _store = database.filled().await;
        for table in ["integrations", "connections", "registrations", "tickets", "changes", "seal"] {
            let rows = database.sql(&format!("SELECT encode(t::text::bytea, 'escape') FROM keyway.{table} t"));
            assert!(!rows.is_empty() && !rows.contains("canary"), "{table}: {rows}");
            // Sealed columns are shown as hexadecimal.
            assert!(!rows.contains("63616e617279"), "{table}: {rows}");
        }
    });
}

#[test]
fn another_key_and_a_newer_schema_are_refused_and_nothing_is_written() {
    with_database(async |database| {
        drop(database.filled().await);
        let state = || database.sql("SELECT md5(string_agg(s::text, '')) FROM keyway.seal s");
        let before = state();
        let refused = opened(&database.url, &SealingKey::generate().unwrap()).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::SealBroken);
        assert!(refused.to_string().contains(&database.key.id()), "{refused}");
        database.sql("UPDATE keyway.version SET steps = 99");
        let refused = opened(&database.url, &database.key).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::StoreUnavailable);
        assert!(refused.to_string().contains("newer"), "{refused}");
        database.sql("UPDATE keyway.version SET steps = 1");
        assert_eq!(state(), before);
        let store = database.store().await;
        assert_eq!(store.integration("a").await.unwrap(), Some(integration("a")));
    });
}

#[test]
fn a_row_edited_without_the_key_does_not_open() {
    with_database(async |database| {
        let store = database.filled().await;
        let read = async || {
            store.integrations().await?;
            store.connection(&ConnectionKey::new("a", "u")).await?;
            store.registration(&registration("a", "https://one.test", "1").key).await?;
            store.ticket("t", instant(1)).await.map(drop)
        };
        read().await.unwrap();
        for (edit, undo) in [
            ("integrations SET provider = 'm'", "integrations SET provider = 'acme'"),
            ("integrations SET allowed_hosts = '[]'", "integrations SET allowed_hosts = '[\"*.example.com\"]'"),
            ("connections SET provider = 'm'", "connections SET provider = 'acme'"),
            ("connections SET epoch = epoch + 1", "connections SET epoch = epoch - 1"),
            ("registrations SET client_id = 'm'", "registrations SET client_id = '1'"),
            ("tickets SET expires_at = expires_at + 1", "tickets SET expires_at = expires_at - 1"),
        ] {
            database.sql(&format!("UPDATE keyway.{edit}"));
            assert_eq!(read().await.expect_err(edit).kind(), ErrorKind::SealBroken, "{edit}");
            database.sql(&format!("UPDATE keyway.{undo}"));
            read().await.unwrap();
        }
    });
}

/// The statements of the operator's page: those that make the role, and those that give another one its rights.
fn statements_of_the_page() -> (String, String) {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/src/guide/postgres.md");
    let page = std::fs::read_to_string(page).unwrap();
    let mut blocks =
        page.split("```sql").skip(1).map(|rest| rest.split_once('\n').unwrap().1.split("```").next().unwrap());
    (blocks.next().unwrap().to_owned(), blocks.next().unwrap().to_owned())
}

#[test]
fn a_role_that_may_only_read_and_write_rows_is_enough_where_the_tables_exist() {
    with_database(async |database| {
        let (cluster, (made, granted)) = (database.cluster, statements_of_the_page());
        for statement in made.replace("keyway", "owner").replace("'...'", "'of the owner'").split_terminator(";\n") {
            cluster.sql("postgres", statement);
        }
        cluster.sql("owner", "CREATE ROLE server LOGIN PASSWORD 'of the server'");
        let url = cluster.url("server", "of%20the%20server", "owner");
        let refused = opened(&url, &database.key).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::StoreUnavailable);
        assert!(refused.to_string().contains("rights"), "{refused}");
        drop(opened(&cluster.url("owner", "of%20the%20owner", "owner"), &database.key).await.unwrap());
        cluster.sql("owner", &granted.replace("keyway_server", "server"));
        let store = opened(&url, &database.key).await.unwrap();
        store.insert_integration(integration("a")).await.unwrap();
        store.put_connection(connection("a", "u"), None).await.unwrap();
        assert!(store.delete_integration("a").await.unwrap());
        assert!(store.changes(Some(0)).await.unwrap().is_some());
        assert_eq!(cluster.sql("owner", "SELECT count(*) FROM pg_roles WHERE rolsuper AND rolname <> 'postgres'"), "0");
    });
}

#[test]
fn of_writers_that_start_together_one_wins_and_epochs_grow() {
    with_database(async |database| {
        let store = database.store().await;
        store.insert_integration(integration("a")).await.unwrap();
        let key = ConnectionKey::new("a", "u");
        let mut last = 0;
        for round in 0..10 {
            let expected = store.connection(&key).await.unwrap().map(|read| read.epoch);
            let mut writers = tokio::task::JoinSet::new();
            for _ in 0..8 {
                let store = store.clone();
                writers.spawn(async move { store.put_connection(connection("a", "u"), expected).await });
            }
            let outcomes = writers.join_all().await;
            let won: Vec<u64> = outcomes.iter().filter_map(|outcome| outcome.as_ref().ok().copied()).collect();
            assert_eq!(won.len(), 1, "{outcomes:?}");
            assert!(won[0] > last, "{won:?} after {last}");
            last = won[0];
            let lost = outcomes.iter().filter_map(|outcome| outcome.as_ref().err());
            assert!(lost.map(Error::kind).all(|kind| kind == ErrorKind::Conflict), "{outcomes:?}");
            if round % 3 == 2 {
                store.delete_connection(&key).await.unwrap();
            }
        }
    });
}

#[test]
fn processes_that_start_together_make_the_tables_once() {
    with_database(async |database| {
        let mut starts = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let (url, key) = (database.url.clone(), database.key.clone());
            starts.spawn(async move { opened(&url, &key).await.map(drop) });
        }
        for outcome in starts.join_all().await {
            outcome.unwrap();
        }
        assert_eq!(database.sql("SELECT count(*) FROM keyway.seal"), "1");
    });
}

#[test]
fn after_resealing_the_old_key_is_not_needed() {
    with_database(async |database| {
        drop(database.filled().await);
        let new = SealingKey::generate().unwrap();
        let keys = crate::seal::SealingKeys::new(new.clone(), [database.key.clone()]);
        let store = Postgres::connect(PostgresOptions::parse(&database.url).unwrap(), keys).await.unwrap();
        store.reseal().await.unwrap();
        assert!(opened(&database.url, &database.key).await.is_err(), "the old key alone opens nothing");
        let store = opened(&database.url, &new).await.unwrap();
        assert_eq!(store.integration("a").await.unwrap(), Some(integration("a")));
        let read = store.connection(&ConnectionKey::new("a", "u")).await.unwrap().unwrap();
        assert_eq!(read.credentials, connection("a", "u").credentials);
        let client = registration("a", "https://one.test", "1");
        assert_eq!(store.registration(&client.key).await.unwrap(), Some(client));
        assert!(store.take_ticket("t", instant(1)).await.unwrap().is_some());
    });
}

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
        let kept: usize = database.sql("SELECT count(*) FROM keyway.changes").parse().unwrap();
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

/// A machine whose clock is wrong.
#[derive(Debug)]
struct Skewed(SignedDuration);

impl Clock for Skewed {
    fn now(&self) -> Timestamp {
        System.now() + self.0
    }

    fn random(&self, bytes: &mut [u8]) -> Result<()> {
        System.random(bytes)
    }
}

#[test]
fn machines_whose_clocks_differ_go_by_the_databases() {
    with_database(async |database| {
        let store = database.filled().await;
        for hours in [-30, 0, 1] {
            let skew = SignedDuration::from_hours(hours);
            let options = PostgresOptions::parse(&database.url).unwrap();
            let other = Postgres::connect_by(options, database.key.clone(), Skewed(skew)).await.unwrap();
            let ours = store.clock().unwrap().now();
            let difference = other.clock().unwrap().now().duration_since(ours).abs();
            assert!(difference < SignedDuration::from_secs(2), "{hours}: {difference}");
        }
    });
}

#[test]
fn a_restart_of_the_database_costs_an_operation_nothing_but_time() {
    let Some(cluster) = Cluster::start() else { return };
    let (url, key) = (cluster.database(), SealingKey::generate().unwrap());
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let store = opened(&url, &key).await.unwrap();
        store.insert_integration(integration("a")).await.unwrap();
        let key = ConnectionKey::new("a", "u");
        let mut epoch = store.put_connection(connection("a", "u"), None).await.unwrap();
        for mode in ["fast", "immediate"] {
            tokio::task::block_in_place(|| cluster.restart(mode));
            assert!(store.connection(&key).await.unwrap().is_some(), "{mode}");
            epoch = store.put_connection(connection("a", "u"), Some(epoch)).await.unwrap();
        }
        tokio::task::block_in_place(|| cluster.stop());
        let error = store.connection(&key).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::StoreUnavailable);
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        tokio::task::block_in_place(|| cluster.start_again());
        assert_eq!(store.connection(&key).await.unwrap().unwrap().epoch, epoch);
    });
}

#[test]
fn a_full_pool_is_said_and_a_stopped_writer_does_not_hold_others_up_for_long() {
    with_database(async |database| {
        let options = PostgresOptions::parse(&format!("{}?max_connections=1", database.url)).unwrap();
        let store = Postgres::connect(options, database.key.clone()).await.unwrap();
        store.insert_integration(integration("a")).await.unwrap();
        let sleeper = {
            let (cluster, name) = (database.cluster, database.name().to_owned());
            let locked = "BEGIN; LOCK TABLE keyway.integrations; SELECT pg_sleep(7); COMMIT";
            tokio::task::spawn_blocking(move || cluster.sql(&name, locked))
        };
        while database.sql("SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND relation = 'keyway.integrations'::regclass") == "0" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let (first, second) = tokio::join!(store.integration("a"), store.integration("a"));
        let refused = second.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::StoreUnavailable);
        assert!(refused.to_string().contains("max_connections"), "{refused}");
        assert!(first.unwrap().is_some(), "it waited for the lock");
        sleeper.await.unwrap();
    });
}

#[test]
fn a_wrong_password_role_or_database_is_said_without_the_password() {
    with_database(async |database| {
        for (url, expected) in [
            (database.url.replace(PASSWORD, "wrong-canary"), "password"),
            (database.url.replace("keyway:", "nobody:"), "password"),
            (database.url.replace(database.name(), "nowhere"), "no such database"),
            ("postgres://ann:pw-canary@127.0.0.1:1/db".to_owned(), "check that it runs"),
        ] {
            let error = opened(&url, &database.key).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::StoreUnavailable, "{error}");
            assert!(error.to_string().contains(expected), "{error}");
            assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
        }
    });
}

macro_rules! file {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/", $name, ".pem"))
    };
}

#[test]
fn with_tls_the_server_is_verified_and_without_it_the_line_is_plain() {
    let settings = ["ssl = on", "ssl_cert_file = 'server.pem'", "ssl_key_file = 'server.key.pem'"];
    let files = [("server.pem", file!("server")), ("server.key.pem", file!("server.key"))];
    let Some(cluster) = Cluster::start_with(&settings, &files) else { return };
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.display().to_string()
    };
    let (right, wrong) = (path("right.pem", file!("authority")), path("wrong.pem", file!("impostor")));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        for (parameters, encrypted) in [
            (String::new(), Some("f")),
            ("sslmode=disable".to_owned(), Some("f")),
            (format!("sslmode=prefer&sslrootcert={right}"), Some("t")),
            (format!("sslmode=require&sslrootcert={right}"), Some("t")),
            (format!("sslmode=verify-full&sslrootcert={right}"), Some("t")),
            (format!("sslmode=verify-full&sslrootcert={wrong}"), None),
            (format!("sslmode=require&sslrootcert={wrong}"), None),
            (format!("sslmode=prefer&sslrootcert={wrong}"), None),
            ("sslmode=verify-full".to_owned(), None),
        ] {
            let (url, key) = (cluster.database().replace("127.0.0.1", "localhost"), SealingKey::generate().unwrap());
            let store = opened(&format!("{url}?{parameters}"), &key).await;
            match encrypted {
                None => assert_eq!(store.unwrap_err().kind(), ErrorKind::StoreUnavailable, "{parameters}"),
                Some(expected) => {
                    let store = store.unwrap();
                    store.integrations().await.unwrap();
                    let used = "SELECT bool_and(ssl) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                                WHERE usename = 'keyway' AND datname = current_database()";
                    assert_eq!(cluster.sql(url.rsplit('/').next().unwrap(), used), expected, "{parameters}");
                }
            }
        }
    });
}
