//! Stores of every schema there was: opened, brought up to date, and every record read as it was written.
//!
//! A fixture is made by the first steps of the schema, and rows with the columns that it had then, sealed as the
//! version of then sealed them. Step 5 was never without step 6 in a release, so its values are bound as those of step
//! 6.

use super::sqlite::block_on;
use super::*;
use crate::seal::{SealContext, SealingKey, SealingKeys};
use crate::store::sealed::{bound, text};
use crate::store::sqlite::MIGRATIONS;
use rusqlite::types::Value;
use std::path::Path;

/// From here on there are registered clients, and from here on values are bound to their rows.
const REGISTRATIONS: usize = 4;
const BOUND: usize = 5;
const OUTCOMES: usize = 6;
const BASE_URLS: usize = 9;

const EPOCH: i64 = 7;

/// The records that a store of this schema can hold.
fn records(schema: usize) -> (IntegrationRecord, Connection, Option<Registration>) {
    let mut integration = integration("ab");
    let mut connection = connection("ab", "u").epoch(EPOCH.cast_unsigned());
    if schema < 2 {
        connection.refresh.intent = None;
    }
    if schema < 3 {
        integration.shared_redirect_uri = true;
    }
    if schema < BASE_URLS {
        integration.base_url = None;
    }
    if schema < OUTCOMES {
        integration.unknown_outcome = None;
        let refresh = &mut connection.refresh;
        (refresh.failures, refresh.unanswered, refresh.retry_at) = (0, 0, None);
    }
    let client = registration("ab", "https://one.test", "1");
    (integration, connection, Some(client).filter(|_| schema >= REGISTRATIONS))
}

fn write(path: &Path, keys: &SealingKeys, schema: usize) {
    let (integration, connection, client) = records(schema);
    let database = rusqlite::Connection::open(path).unwrap();
    database.execute_batch(&MIGRATIONS[..schema].concat()).unwrap();
    database.pragma_update(None, "user_version", i64::try_from(schema).unwrap()).unwrap();
    database.execute("UPDATE epoch SET last = ?1", [EPOCH]).unwrap();
    let id = integration.id.as_str();
    let seal = |integration: &str, connection: &str, column: &str, row: &[u8], value: &[u8]| {
        let beside = if schema < BOUND { &[] } else { row };
        Value::Blob(keys.seal_beside(SealContext { integration, connection, column }, beside, value).unwrap())
    };
    let time = |time: Option<Timestamp>| time.map_or(Value::Null, |time| Value::Integer(time.as_microsecond()));
    let words = |value: &Option<String>| value.clone().map_or(Value::Null, Value::Text);
    let list = |texts: &[String]| Value::Text(serde_json::to_string(texts).unwrap());
    let check: &[u8] = if schema < BOUND { b"keyway" } else { b"keyway, rows bound" };
    insert(&database, "seal", [("id", Value::Integer(1)), ("sealed", seal("", "", "check", &[], check))]);

    let row = bound::integration(&integration).unwrap();
    let secret = integration.client_secret.as_ref().unwrap().expose().as_bytes();
    let custom = text::secrets_to_json(&integration.custom).unwrap();
    let outcome = integration.unknown_outcome.map(|outcome| outcome.name().to_owned());
    insert(
        &database,
        "integrations",
        [
            ("id", Value::Text(id.to_owned())),
            ("key", Value::Text(integration.key.clone())),
            ("provider", Value::Text(integration.provider.clone())),
            ("client_id", words(&integration.client_id)),
            ("client_secret", seal(id, "", "client_secret", &row, secret)),
            ("scopes", list(&integration.scopes)),
            ("allowed_hosts", list(&integration.allowed_hosts)),
            ("custom", seal(id, "", "custom", &row, &custom)),
            ("app_link", words(&integration.app_link)),
            ("shared_redirect_uri", Value::Integer(integration.shared_redirect_uri.into())),
            ("unknown_outcome", words(&outcome)),
            ("base_url", words(&integration.base_url)),
        ],
    );
    let row = bound::connection(&connection.provider, EPOCH).unwrap();
    let sealed = |column, value: &[u8]| (column, seal(id, &connection.key.id, column, &row, value));
    let refresh = &connection.refresh;
    insert(
        &database,
        "connections",
        [
            ("integration", Value::Text(id.to_owned())),
            ("id", Value::Text(connection.key.id.clone())),
            ("provider", Value::Text(connection.provider.clone())),
            sealed("config", &text::to_json(&connection.config).unwrap()),
            sealed("metadata", &text::to_json(&connection.metadata).unwrap()),
            sealed("credentials", &text::credentials_to_json(&connection.credentials).unwrap()),
            ("last_success", time(refresh.last_success)),
            ("last_failure", time(refresh.last_failure)),
            ("attempts", Value::Integer(refresh.attempts.into())),
            ("exhausted", Value::Integer(refresh.exhausted.into())),
            ("created_at", time(Some(connection.created_at))),
            ("updated_at", time(Some(connection.updated_at))),
            ("expires_at", time(connection.credentials.token.as_ref().unwrap().expires_at)),
            ("epoch", Value::Integer(EPOCH)),
            ("intent", time(refresh.intent)),
            ("failures", Value::Integer(refresh.failures.into())),
            ("unanswered", Value::Integer(refresh.unanswered.into())),
            ("retry_at", time(refresh.retry_at)),
        ],
    );
    if let Some(Registration { key, client_id, answer, expires_at }) = client {
        let place = format!("{} {} {client_id}", key.issuer, key.request);
        insert(
            &database,
            "registrations",
            [
                ("integration", Value::Text(id.to_owned())),
                ("answer", seal(id, &place, "answer", &[], answer.expose().as_bytes())),
                ("issuer", Value::Text(key.issuer)),
                ("request", Value::Text(key.request)),
                ("client_id", Value::Text(client_id)),
                ("expires_at", time(expires_at)),
            ],
        );
    }
    let (expires_at, payload) = (instant(100), b"ticket-canary");
    let row = bound::ticket(expires_at.as_microsecond()).unwrap();
    insert(
        &database,
        "tickets",
        [
            ("id", Value::Text("t".to_owned())),
            ("payload", seal("", "t", "payload", &row, payload)),
            ("expires_at", time(Some(expires_at))),
        ],
    );
}

/// Inserts a row with those of the columns that the table has.
fn insert<const N: usize>(database: &rusqlite::Connection, table: &str, row: [(&str, Value); N]) {
    let mut known = database.prepare("SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2").unwrap();
    let row: Vec<_> = row.into_iter().filter(|(name, _)| known.exists([table, name]).unwrap()).collect();
    let names: Vec<&str> = row.iter().map(|(name, _)| *name).collect();
    let statement = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), vec!["?"; row.len()].join(", "));
    database.execute(&statement, rusqlite::params_from_iter(row.into_iter().map(|(_, value)| value))).unwrap();
}

#[test]
fn a_store_of_every_schema_is_verified_opened_and_read_whole() {
    let folder = tempfile::tempdir().unwrap();
    for schema in 1..=MIGRATIONS.len() {
        let path = folder.path().join(format!("{schema}.db"));
        let key = SealingKey::generate().unwrap();
        write(&path, &key.clone().into(), schema);
        let (integration, connection, client) = records(schema);

        let verified = Sqlite::verify(&path, key.clone(), &mut |_| ()).unwrap();
        assert_eq!(verified.findings, Vec::<String>::new(), "{schema}");
        assert_eq!((verified.integrations, verified.connections, verified.tickets), (1, 1, 1), "{schema}");
        assert_eq!(Sqlite::info(&path).unwrap().schema, schema, "nothing was written");

        for _ in 0..2 {
            let store = Sqlite::open(&path, key.clone()).unwrap();
            block_on(async {
                assert_eq!(store.integrations().await.unwrap(), std::slice::from_ref(&integration), "{schema}");
                let read = store.connection(&connection.key).await.unwrap();
                assert_eq!(read.as_ref(), Some(&connection), "{schema}");
                let listed = store.connections(ConnectionQuery::first(9)).await.unwrap();
                assert_eq!(listed, [ConnectionListing::of(&connection)], "{schema}");
                let clients = store.registrations("ab", None, 9).await.unwrap();
                assert_eq!(clients, client.clone().into_iter().collect::<Vec<_>>(), "{schema}");
                let ticket = store.ticket("t", instant(1)).await.unwrap().unwrap();
                assert_eq!(ticket.payload.expose(), "ticket-canary", "{schema}");
            });
        }
        let info = Sqlite::info(&path).unwrap();
        assert_eq!((info.schema, info.key_id), (MIGRATIONS.len(), Some(key.id())));
        let next = SealingKey::generate().unwrap();
        Sqlite::rotate(&path, SealingKeys::new(next.clone(), [key])).unwrap();
        let verified = Sqlite::verify(&path, next, &mut |_| ()).unwrap();
        assert_eq!(verified.findings, Vec::<String>::new(), "{schema}");
    }
}
