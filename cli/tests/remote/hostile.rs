//! Texts of others on a terminal: the harness checks of every output that nothing in it steers one.

use crate::setup::{API_KEY, Served, run};
use crate::stand_in::StandIn;
use serde_json::{Value, json};

const HOSTILE: &str = "\u{1b}]0;owned\u{7}\u{9b}2J\r\u{202e}x";

#[tokio::test]
async fn what_customers_named_is_escaped_and_stays_the_same_data() {
    let served = Served::start("https://vendor.example.com");
    served.connect("a\u{202e}b", json!({"note": HOSTILE})).await;
    served.run(&["integrations", "create", "mock-oauth", "--client-id", HOSTILE, "--scope", HOSTILE]);
    let show = ["connections", "show", "a\u{202e}b", "--integration", "mock-key"];
    for line in
        [&["connections", "list"][..], &["integrations", "list"], &["integrations", "show", "mock-oauth"], &show]
    {
        for format in ["text", "json"] {
            let (code, out, err) = served.run(&[line, &["--format", format]].concat());
            assert_eq!(code, 0, "{line:?}: {err}");
            assert!(format == "json" || out.contains("\\u{"), "{line:?}: {out}");
        }
    }
    let (_, out, _) = served.run(&show);
    let shown: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (shown["connection_id"].as_str(), shown["metadata"]["note"].as_str()),
        (Some("a\u{202e}b"), Some(HOSTILE))
    );
    let delete = ["connections", "delete", "a\u{202e}b", "--integration", "mock-key", "--yes", "--format", "text"];
    assert_eq!(served.run(&delete).0, 0);
}

#[test]
fn a_malicious_server_steers_no_terminal_and_gets_no_key_shown() {
    let row =
        json!({"connection_id": HOSTILE, "integration": HOSTILE, "expires_at": HOSTILE, "reconnect_needed": HOSTILE});
    let list = json!({"connections": [row], "integrations": [row], "next": null}).to_string();
    let error = |code: &str| {
        json!({"error": {"code": code, "message": format!("{HOSTILE} {API_KEY} {}", "x".repeat(100_000))}}).to_string()
    };
    for (line, stand_in, expected) in [
        (&["connections", "list"][..], StandIn::json("200 OK", "", &list), 0),
        (&["integrations", "list"], StandIn::json("200 OK", "", &list), 0),
        (&["connections", "list"], StandIn::json("409 Conflict", "keyway-error: conflict\r\n", &error("conflict")), 2),
        (
            &["connections", "refresh", "a", "--integration", "b"],
            StandIn::json("424 Failed Dependency", "keyway-error: token_refused\r\n", &error("token_refused")),
            1,
        ),
        (
            &["connections", "delete", "a", "--integration", "b", "--yes"],
            StandIn::answering("204 No Content", "keyway-revocation: \u{1b}[31mx\r\n", ""),
            0,
        ),
        (
            &["connections", "link", "a", "--integration", "b"],
            StandIn::json("201 Created", "", &json!({"url": HOSTILE, "expires_at": HOSTILE}).to_string()),
            0,
        ),
    ] {
        for format in ["text", "json"] {
            let (code, out, err) = run(&stand_in.url, API_KEY, &[line, &["--format", format]].concat(), "");
            assert!(code == expected || code == 2, "{line:?}: {code} {out}{err}");
            assert!(out.len() + err.len() < 2000, "{line:?}");
        }
    }
}
