//! The Postgres store against a real server: keys, roles, schemas, writers, clocks.

#[path = "../../../../tests/src/postgres.rs"]
mod cluster;
#[path = "../../../../tests/src/shared.rs"]
mod shared;

mod changes;
mod line;

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
        database.sql("UPDATE keyway.version SET steps = 2");
        assert_eq!(state(), before);
        let store = database.store().await;
        assert_eq!(store.integration("a").await.unwrap(), Some(integration("a")));
    });
}

#[test]
fn a_database_from_before_there_were_base_urls_is_brought_up_to_date() {
    with_database(async |database| {
        let mut record = integration("a");
        record.base_url = None;
        database.store().await.insert_integration(record.clone()).await.unwrap();
        database.sql("ALTER TABLE keyway.integrations DROP COLUMN base_url");
        database.sql("UPDATE keyway.version SET steps = 1");
        for _ in 0..2 {
            let store = database.store().await;
            assert_eq!(store.integration("a").await.unwrap(), Some(record.clone()));
        }
        let store = database.store().await;
        let with = record.base_url("https://sandbox.example.com");
        store.update_integration("a", with.clone(), None).await.unwrap();
        assert_eq!(store.integrations().await.unwrap(), [with]);
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
            ("integrations SET base_url = NULL", "integrations SET base_url = 'https://sandbox.example.com/v1'"),
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
