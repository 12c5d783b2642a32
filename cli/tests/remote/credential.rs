//! Connections whose credential is not good: said with what is known of them, and by the exit code.

use crate::setup::{ACCESS_TOKEN, REFRESH_TOKEN, Served};
use crate::stand_in::StandIn;
use serde_json::{Value, json};

async fn with_dead_token(vendor: &StandIn) -> Served {
    let served = Served::start(&vendor.url);
    served.run(&["integrations", "create", "mock-oauth", "--client-id", "id"]);
    let credentials = json!({
        "access_token": ACCESS_TOKEN, "refresh_token": REFRESH_TOKEN, "expires_at": "2020-01-31T12:00:00Z"
    });
    let body = json!({"integration": "mock-oauth", "connection_id": "a", "credentials": credentials, "verify": false});
    served.post("/connections", &body).await;
    served
}

#[tokio::test]
async fn a_connection_whose_grant_is_gone_is_shown_all_the_same() {
    let answer = format!(r#"{{"error": "invalid_grant", "error_description": "{REFRESH_TOKEN} is gone"}}"#);
    let vendor = StandIn::json("400 Bad Request", "", &answer);
    let served = with_dead_token(&vendor).await;
    for command in ["show", "refresh"] {
        let (code, out, err) = served.run(&["connections", command, "a", "--integration", "mock-oauth"]);
        assert_eq!(code, 1, "{command}: {err}");
        assert!(err.contains("`keyway connections link`"), "{command}: {err}");
        if command == "show" {
            let shown: Value = serde_json::from_str(&out).unwrap();
            assert_eq!((&shown["connection_id"], &shown["reconnect_needed"]), (&json!("a"), &json!(true)));
        }
    }
    let (code, out, _) = served.run(&["connections", "list", "--reconnect-needed", "--format", "text"]);
    assert_eq!(code, 0);
    assert!(out.contains("reconnect needed"), "{out}");
}

#[tokio::test]
async fn a_token_is_renewed_when_it_is_told() {
    let answer = format!(r#"{{"access_token": "{ACCESS_TOKEN}", "expires_in": 3600, "token_type": "bearer"}}"#);
    let vendor = StandIn::json("200 OK", "", &answer);
    let served = with_dead_token(&vendor).await;
    let refresh = ["connections", "refresh", "a", "--integration", "mock-oauth", "--format", "text"];
    let (code, out, err) = served.run(&refresh);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("expires      in 59 minutes\n") || out.contains("expires      in 1 hour\n"), "{out}");
    assert!(vendor.requests()[0].contains(REFRESH_TOKEN));
}
