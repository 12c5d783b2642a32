//! Bad input gets a clear error, nothing is sent, and nothing is lost.

use crate::setup::{Server, start, start_with};
use keyway::seal::SealingKey;
use keyway::store::Sqlite;
use keyway_tests::catalogue::{DOWN, KEY, TENANT};
use keyway_tests::mock::API_KEY;
use serde_json::{Value, json};

/// An import that must be refused, leaving no connection.
async fn refused(server: &Server, body: Value, status: u16, code: &str, says: &str) {
    let answer = server.client.json("POST", "/connections", &body).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.header("keyway-error")), (status, code), "{body}: {}", answer.text());
    let message = answer.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.contains(says), "{body}: {message}");
    let listed = server.client.get("/connections").await.unwrap().json();
    assert_eq!(listed["connections"], json!([]), "{body}");
}

#[tokio::test]
async fn bad_imports_name_what_is_wrong() {
    let server = start().await;
    let with = |credentials: Value| json!({"integration": KEY, "connection_id": "x", "credentials": credentials});
    for (body, status, code, says) in [
        (json!({"integration": "nothing", "connection_id": "x"}), 404, "unknown_integration", "nothing"),
        (json!({"connection_id": "x"}), 400, "missing_value", "`integration`"),
        (json!({"integration": KEY}), 400, "missing_value", "`connection_id`"),
        (with(json!({})), 400, "missing_value", "apiKey"),
        (with(json!({"apiKey": ""})), 400, "missing_value", "apiKey"),
        (with(json!({"apiKey": "s3cret-of-another-shape"})), 400, "invalid_value", "apiKey"),
        (with(json!({"apiKey": 7})), 400, "invalid_request", "`credentials.apiKey` must be a string"),
        (with(json!({"type": "BASIC", "apiKey": API_KEY})), 400, "invalid_request", "`API_KEY`"),
        (with(json!({"refresh_token": "r"})), 400, "invalid_request", "access_token"),
        (json!({"integration": KEY, "connection_id": "x", "conifg": {}}), 400, "invalid_request", "`conifg`"),
        (json!({"integration": TENANT, "connection_id": "x"}), 400, "missing_value", "tenant"),
    ] {
        refused(&server, body, status, code, says).await;
    }
}

#[tokio::test]
async fn an_error_never_repeats_the_value() {
    let server = start().await;
    let body = json!({"integration": KEY, "connection_id": "x", "credentials": {"apiKey": "s3cret-of-another-shape"}});
    let answer = server.client.json("POST", "/connections", &body).await.unwrap();
    assert!(!answer.text().contains("s3cret"), "{}", answer.text());
}

#[tokio::test]
async fn a_value_with_a_line_break_never_reaches_a_header() {
    let server = start().await;
    for tenant in ["a\r\nx-evil: 1", "a\nb", "a\0b"] {
        let body = json!({"integration": TENANT, "connection_id": "x", "config": {"tenant": tenant}});
        let made = server.client.json("POST", "/connections", &body).await.unwrap();
        let before = server.mock.requests();
        let called = server.calling(TENANT, "x").get("/proxy/echo").await.unwrap();
        assert_eq!(called.status, 400, "{tenant:?} ({}): {}", made.status, called.text());
        assert_eq!(server.mock.requests(), before, "{tenant:?} was sent");
    }
}

#[tokio::test]
async fn bodies_that_are_not_json_objects_are_refused() {
    let server = start().await;
    for (body, status, code) in [
        (String::new(), 400, "invalid_request"),
        ("[]".to_owned(), 400, "invalid_request"),
        ("{\"provider\": ".to_owned(), 400, "invalid_request"),
        ("[".repeat(10_000), 400, "invalid_request"),
        (format!("{{\"provider\": \"{}\"}}", "x".repeat(1024 * 1024)), 413, "body_too_large"),
        ("{\"provider\": \"nothing\"}".to_owned(), 400, "unknown_provider"),
    ] {
        let answer = server.client.send("POST", "/integrations", body).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.header("keyway-error")), (status, code), "{}", answer.text());
    }
}

#[tokio::test]
async fn proxied_requests_that_cannot_be_sent_are_refused_by_the_server() {
    let server = start().await;
    server.key_connection("acme").await;
    server.plain_connection(DOWN, "acme").await;
    let acme = server.calling(KEY, "acme");
    let elsewhere = "https://evil.example.com";
    let before = server.mock.requests();
    for (client, method, target, body, status, code) in [
        (server.client.clone(), "GET", "/proxy/echo", "", 400, "invalid_headers"),
        (acme.with("retries", "many"), "GET", "/proxy/echo", "", 400, "invalid_headers"),
        (acme.with("nango-proxy-host", "evil.example.com"), "GET", "/proxy/echo", "", 400, "invalid_headers"),
        (server.calling("nothing", "acme"), "GET", "/proxy/echo", "", 404, "unknown_integration"),
        (server.calling(KEY, "nobody"), "GET", "/proxy/echo", "", 400, "unknown_connection"),
        (acme.with("base-url-override", elsewhere), "GET", "/proxy/echo", "", 400, "host_not_allowed"),
        (acme.clone(), "GET", "/proxy/echo", "{}", 400, "invalid_request"),
        (acme.clone(), "GET", "/proxy", "", 400, "invalid_request"),
        (server.calling(DOWN, "acme"), "GET", "/proxy/echo", "", 502, "upstream_unreachable"),
    ] {
        let answer = client.send(method, target, body).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.header("keyway-error")), (status, code), "{}", answer.text());
        assert!(!answer.text().contains(API_KEY));
    }
    assert_eq!(server.mock.requests(), before, "something was sent");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_database_is_an_error_and_loses_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyway.db");
    let key = SealingKey::generate().unwrap();
    let store = Sqlite::open(&path, key).unwrap();
    let server = start_with(|builder| builder.store(store)).await;
    server.key_connection("acme").await;
    let other = rusqlite::Connection::open(&path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let body = json!({"integration": KEY, "connection_id": "late", "credentials": {"apiKey": API_KEY}});
    let answer = server.client.json("POST", "/connections", &body).await.unwrap();
    assert_eq!((answer.status.as_u16(), answer.header("keyway-error")), (503, "store_unavailable"));
    other.execute_batch("ROLLBACK").unwrap();
    assert_eq!(server.calling(KEY, "acme").get("/proxy/private").await.unwrap().status, 200);
    server.import(&body).await;
}

#[test]
fn a_wrong_sealing_key_is_refused_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyway.db");
    let key = SealingKey::generate().unwrap();
    drop(Sqlite::open(&path, key.clone()).unwrap());
    let error = Sqlite::open(&path, SealingKey::generate().unwrap()).err().unwrap();
    assert_eq!(error.kind(), keyway::ErrorKind::SealBroken, "{error}");
    assert!(Sqlite::open(&path, key).is_ok());
}
