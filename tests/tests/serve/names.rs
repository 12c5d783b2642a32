//! Ids and keys: every name that can be made can be used on every route, and no name can be read as another.

use crate::setup::{Server, start};
use keyway_tests::catalogue::KEY;
use keyway_tests::mock::API_KEY;
use serde_json::json;

const REFUSED: [&str; 14] = [
    " a",
    "a ",
    "\ta",
    "a\t",
    "a\tb",
    "a\nb",
    "a\r\nb",
    "a\0",
    "\u{a0}a",
    "\u{7f}",
    ".",
    "..",
    "metadata",
    "quickstart",
];

async fn status(server: &Server, route: &str, id: &str) -> (u16, String) {
    let body = match route {
        "/connections" => json!({"integration": KEY, "connection_id": id, "credentials": {"apiKey": API_KEY}}),
        "/connect/sessions" => json!({"integration": KEY, "connection_id": id}),
        _ => json!({"provider": KEY, "key": id}),
    };
    let answer = server.client.json("POST", route, &body).await.unwrap();
    (answer.status.as_u16(), answer.header("keyway-error").to_owned())
}

#[tokio::test]
async fn a_name_that_something_would_read_as_another_is_refused_where_it_is_made() {
    let server = start().await;
    server.key_connection("a").await;
    for route in ["/connections", "/connect/sessions", "/integrations"] {
        for name in REFUSED {
            assert_eq!(status(&server, route, name).await, (400, "invalid_value".to_owned()), "{route} {name:?}");
        }
    }
    let renamed = server.client.json("PATCH", "/integrations/mock-key", &json!({"key": "sessions"})).await.unwrap();
    assert_eq!(renamed.header("keyway-error"), "invalid_value");
    let listed = server.client.get("/connections").await.unwrap().json();
    assert_eq!(listed["connections"].as_array().unwrap().len(), 1, "{listed}");
}

#[tokio::test]
async fn every_other_name_is_used_on_every_route() {
    let server = start().await;
    for id in [
        "a/b",
        "a b",
        "ü",
        "a%2Fb",
        "...",
        "a?b",
        "a#b",
        "a+b",
        "😀",
        &"x".repeat(256),
        "a:b@c",
        "user|1",
        "${x}",
        "a,b",
        "A",
        "null",
        "a\\b",
        "a;b",
        "a\"b",
        "%",
        "\u{200b}",
        "metadata.x",
    ] {
        server.key_connection(id).await;
        let path = id.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
        let target = format!("/connections/{path}?integration={KEY}");
        let shown = server.client.get(&target).await.unwrap();
        assert_eq!(shown.json()["connection_id"], id, "{}", shown.text());
        let called = server.calling(KEY, id).get("/proxy/private").await.unwrap();
        assert_eq!(called.status, 200, "{id}: {}", called.text());
        assert_eq!(server.client.send("DELETE", &target, "").await.unwrap().status, 204, "{id}");
    }
}
