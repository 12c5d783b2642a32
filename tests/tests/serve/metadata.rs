//! A connection's metadata, changed over HTTP: as a whole, within bounds, and nothing else with it.

use crate::setup::start;
use keyway_tests::catalogue::KEY;
use keyway_tests::mock::API_KEY;
use serde_json::{Value, json};

const ACME: &str = "/connections/acme?integration=mock-key";

#[tokio::test]
async fn metadata_is_replaced_and_nothing_else_changes() {
    let server = start().await;
    server.key_connection("acme").await;
    let before = server.client.get(ACME).await.unwrap().json();
    for (metadata, expected) in [
        (json!({"plan": "pro", "seats": [1, null]}), json!({"plan": "pro", "seats": [1, null]})),
        (json!({"other": {}}), json!({"other": {}})),
        (json!({}), json!({})),
        (json!({"again": true}), json!({"again": true})),
        (Value::Null, json!({})),
    ] {
        let changed = server.client.json("PATCH", ACME, &json!({"metadata": metadata})).await.unwrap();
        assert_eq!(changed.status, 200, "{}", changed.text());
        assert_eq!((&changed.json()["metadata"], changed.json().get("credentials")), (&expected, None));
        assert!(!changed.text().contains(API_KEY), "{}", changed.text());
        let mut after = server.client.get(ACME).await.unwrap().json();
        assert_eq!(after["metadata"], expected);
        after["metadata"] = before["metadata"].clone();
        assert_eq!(after, before);
    }
    assert_eq!(server.calling(KEY, "acme").get("/proxy/private").await.unwrap().status, 200);
}

#[tokio::test]
async fn what_cannot_be_metadata_is_refused_and_changes_nothing() {
    let server = start().await;
    server.key_connection("acme").await;
    let kept = json!({"metadata": {"plan": "pro"}});
    assert_eq!(server.client.json("PATCH", ACME, &kept).await.unwrap().status, 200);
    let nested = (0..110).fold(json!(1), |inner, _| json!([inner]));
    for (target, body, status, code) in [
        (ACME, json!({"metadata": {"a": "x".repeat(64 * 1024)}}), 400, "invalid_value"),
        (ACME, json!({"metadata": {"a": nested}}), 400, "invalid_value"),
        (ACME, json!({"metadata": {"a": "x".repeat(1024 * 1024)}}), 413, "body_too_large"),
        (ACME, json!({"metadata": "pro"}), 400, "invalid_request"),
        (ACME, json!({"metadata": {}, "config": {}}), 400, "invalid_request"),
        (ACME, json!({}), 400, "missing_value"),
        ("/connections/acme", json!({"metadata": {}}), 400, "missing_value"),
        ("/connections/acme?integration=mock-key&x=1", json!({"metadata": {}}), 400, "invalid_request"),
        ("/connections/nobody?integration=mock-key", json!({"metadata": {}}), 404, "unknown_connection"),
        ("/connections/acme?integration=nothing", json!({"metadata": {}}), 404, "unknown_connection"),
    ] {
        let refused = server.client.json("PATCH", target, &body).await.unwrap();
        assert_eq!((refused.status.as_u16(), refused.header("keyway-error")), (status, code), "{}", refused.text());
    }
    let new = json!({
        "integration": KEY, "connection_id": "large", "metadata": {"a": "x".repeat(64 * 1024)},
        "credentials": {"apiKey": API_KEY},
    });
    let refused = server.client.json("POST", "/connections", &new).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.header("keyway-error")), (400, "invalid_value"));
    assert_eq!(server.browser.json("PATCH", ACME, &json!({"metadata": {}})).await.unwrap().status, 401);
    assert_eq!(server.client.get(ACME).await.unwrap().json()["metadata"], json!({"plan": "pro"}));
}
