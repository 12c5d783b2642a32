//! The MCP SDK of TypeScript with its own authorization server: discovery, registration under its limit, both
//! transports.

use crate::keyway::Keyway;
use crate::mcp::{connect, generic, headers, initialize, python, typescript};
use crate::peer::{Peer, installed};
use serde_json::json;

/// The SDK registers 20 clients an hour and address.
const MAX_REGISTRATIONS: usize = 20;

#[tokio::test(flavor = "multi_thread")]
async fn both_official_clients_talk_through_the_proxy() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::node(&installed, "mcp.js", &[]);
    let keyway = Keyway::start(&generic("mcp", peer.url()));
    let asked = connect(&keyway, &peer, "mcp", "user-1").await;
    assert_eq!(asked["scope"], "mcp:tools");
    let registrations = peer.ask("registrations", json!({}));
    assert_eq!(registrations[0]["scope"], "mcp:tools", "{registrations}");
    assert_eq!(registrations[0]["redirect_uris"], json!([asked["redirect_uri"]]), "{registrations}");

    let named = headers(&keyway, "mcp", "user-1");
    let said = typescript(&installed, &keyway, "streamable", "/proxy/mcp", &named);
    assert_eq!(said["tools"], json!(["count", "echo"]));
    assert_eq!(said["echo"], "grüße \u{2713}");
    assert_eq!(said["count"], "counted to 5");
    assert_eq!(said["heard"], json!(["1", "2", "3", "4", "5"]), "notifications come in the stream");
    assert!(said["session"].is_string(), "{said}");
    assert_eq!(said["resumed"], "counted to 5", "the stream is taken up where it broke: {said}");
    assert_eq!(said["again"], json!(["2", "3", "4", "5"]), "{said}");
    let heard = peer.ask("heard", json!({}));
    let heard = heard.as_array().unwrap();
    assert!(heard.iter().any(|request| request["method"] == "GET"), "no stream was opened: {heard:?}");
    assert!(heard.iter().any(|request| request["method"] == "DELETE"), "the session was not ended: {heard:?}");
    assert_eq!(heard.iter().filter(|request| request["last"].is_string()).count(), 1, "{heard:?}");
    let behind: Vec<_> = heard.iter().filter(|request| request["session"].is_string()).collect();
    assert!(behind.len() >= 4 && behind.iter().all(|request| request["version"].is_string()), "{heard:?}");
    assert_eq!(peer.ask("sessions", json!({})), 0);

    let said = python(&installed, &keyway, "/proxy/mcp", &named);
    assert_eq!((&said["tools"], &said["echo"]), (&json!(["count", "echo"]), &json!("grüße \u{2713}")));

    // The older transport names the address of its messages; behind a proxy that is the proxy's.
    peer.ask("messages", json!({"path": "/proxy/messages"}));
    let said = typescript(&installed, &keyway, "sse", "/proxy/sse", &named);
    assert_eq!(said["echo"], "grüße \u{2713}");
    assert_eq!(said["heard"], json!(["1", "2", "3", "4", "5"]));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_renewed_and_revoked() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::node(&installed, "mcp.js", &[]);
    let keyway = Keyway::start(&generic("mcp", peer.url()));
    connect(&keyway, &peer, "mcp", "user-1").await;
    let user = keyway.as_connection("mcp", "user-1");
    let first = keyway.connection("mcp", "user-1").await.json()["credentials"].clone();
    let second = keyway.renewed("mcp", "user-1").await;
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_eq!(initialize(&user, "/proxy/mcp").await, 200);

    assert_ne!(peer.ask("revoke", json!({})), 0);
    assert_eq!(initialize(&user, "/proxy/mcp").await, 401);
    keyway.must_reconnect("mcp", "user-1").await;
    connect(&keyway, &peer, "mcp", "user-1").await;
    assert_eq!(initialize(&user, "/proxy/mcp").await, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn more_links_than_the_server_registers_clients_are_no_problem() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::node(&installed, "mcp.js", &[]);
    let keyway = Keyway::start(&generic("mcp", peer.url()));
    for number in 0..=MAX_REGISTRATIONS {
        connect(&keyway, &peer, "mcp", &format!("user-{number}")).await;
    }
    let registrations = peer.ask("registrations", json!({}));
    assert_eq!(registrations.as_array().unwrap().len(), 1, "a client is the integration's at this issuer");

    // The server forgets its clients, as it does at a restart. The next token request tells, the next link registers.
    peer.ask("forget", json!({}));
    assert_eq!(keyway.renew("mcp", "user-0").await.status, 424);
    connect(&keyway, &peer, "mcp", "user-0").await;
    assert_eq!(peer.ask("registrations", json!({})).as_array().unwrap().len(), 2);
    assert_eq!(initialize(&keyway.as_connection("mcp", "user-0"), "/proxy/mcp").await, 200);
}
