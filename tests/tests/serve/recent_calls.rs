//! How the last calls of a connection ended: in its JSON and on its page, never what was called.

use crate::setup::{Server, start, start_with};
use keyway_tests::catalogue::KEY;
use serde_json::{Value, json};
use std::collections::BTreeSet;

async fn recent(server: &Server) -> Vec<Value> {
    let shown = server.client.get(&format!("/connections/acme?integration={KEY}")).await.unwrap().json();
    shown["recent_calls"].as_array().unwrap().clone()
}

/// What is the same each time.
fn ends(calls: &[Value]) -> Vec<(Value, Value)> {
    calls.iter().map(|call| (call["status"].clone(), call["error"].clone())).collect()
}

#[tokio::test]
async fn the_last_ten_calls_are_there_newest_first_and_nothing_of_what_was_called() {
    let server = start().await;
    server.key_connection("acme").await;
    assert_eq!(recent(&server).await, Vec::<Value>::new());
    let calling = server.calling(KEY, "acme");
    for _ in 0..9 {
        assert_eq!(calling.get("/proxy/echo?canary=1").await.unwrap().status, 200);
    }
    assert_eq!(calling.get("/proxy/nowhere-canary").await.unwrap().status, 404);
    let elsewhere = calling.with("base-url-override", "https://elsewhere-canary.example/");
    assert_eq!(elsewhere.get("/proxy/x").await.unwrap().header("keyway-error"), "host_not_allowed");
    let calls = recent(&server).await;
    let mut expected = vec![(Value::Null, json!("host_not_allowed")), (json!(404), Value::Null)];
    expected.resize(10, (json!(200), Value::Null));
    assert_eq!(ends(&calls), expected);
    for call in &calls {
        let members: BTreeSet<&str> = call.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, BTreeSet::from(["at", "status", "counts_as", "error", "milliseconds"]));
        assert!(call["at"].as_str().unwrap().ends_with('Z') && call["milliseconds"].is_u64(), "{call}");
        assert!(!call.to_string().contains("canary"), "{call}");
    }
}

#[tokio::test]
async fn they_stay_when_the_connection_is_written_and_go_with_it() {
    let server = start().await;
    server.key_connection("acme").await;
    let calling = server.calling(KEY, "acme");
    calling.get("/proxy/echo").await.unwrap();
    let target = format!("/connections/acme?integration={KEY}");
    let changed = server.client.json("PATCH", &target, &json!({"metadata": {"plan": "pro"}})).await.unwrap();
    assert_eq!(changed.status, 200);
    assert_eq!(changed.json().get("recent_calls"), None, "only where one connection is asked for");
    calling.get("/proxy/nowhere").await.unwrap();
    assert_eq!(ends(&recent(&server).await), [(json!(404), Value::Null), (json!(200), Value::Null)]);
    let listed = server.client.get("/connections").await.unwrap().json();
    assert_eq!(listed["connections"][0].get("recent_calls"), None);
    assert_eq!(server.client.send("DELETE", &target, "").await.unwrap().status, 204);
    server.key_connection("acme").await;
    assert_eq!(recent(&server).await, Vec::<Value>::new(), "another connection of the same id");
}

#[tokio::test]
async fn a_server_that_keeps_no_connection_keeps_no_calls() {
    let server = start_with(|builder| builder.cache_connections(0)).await;
    server.key_connection("acme").await;
    server.calling(KEY, "acme").get("/proxy/echo").await.unwrap();
    assert_eq!(recent(&server).await, Vec::<Value>::new());
}
