//! The steps of the tests of all MCP servers: connect by discovery alone, and hand Keyway's address to an official
//! client.

use crate::keyway::{Keyway, entry};
use crate::peer::Peer;
use keyway_tests::client::Client;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;

/// An entry that knows nothing of the server but what the customer says. `base` is what calls go to.
pub(crate) fn generic(key: &str, base: &str) -> String {
    let rest = format!(
        "    auth_mode: MCP_OAUTH2_GENERIC
    connection_config:
        mcp_server_url:
            type: string
            title: MCP server
            description: The URL of your MCP server.
            pattern: '^http://127\\.0\\.0\\.1:[0-9]+/[a-z]+$'
    proxy:
        base_url: {base}"
    );
    entry(key, &rest)
}

/// Connects to the peer's resource; the authorization request's parameters.
pub(crate) async fn connect(keyway: &Keyway, peer: &Peer, key: &str, id: &str) -> BTreeMap<String, String> {
    let resource = peer.about["resource"].as_str().unwrap();
    let browser = keyway.connect(key, id, &[("mcp_server_url", resource)]).await;
    let asked = browser.passed("/authorize");
    assert_eq!(asked["resource"], resource, "RFC 8707");
    assert_eq!(asked["code_challenge_method"], "S256");
    asked
}

/// The headers that name a connection; all that a client has to be told besides the address.
pub(crate) fn headers(keyway: &Keyway, key: &str, id: &str) -> String {
    json!({"Authorization": keyway.bearer(), "Provider-Config-Key": key, "Connection-Id": id}).to_string()
}

/// Runs the official TypeScript client at `path` of Keyway.
pub(crate) fn typescript(installed: &Path, keyway: &Keyway, kind: &str, path: &str, headers: &str) -> Value {
    Peer::node(installed, "mcp_client.js", &[kind, &format!("{}{path}", keyway.url), headers]).about.clone()
}

/// Runs the official Python client at `path` of Keyway.
pub(crate) fn python(installed: &Path, keyway: &Keyway, path: &str, headers: &str) -> Value {
    Peer::python(installed, "mcp_client.py", &[&format!("{}{path}", keyway.url), headers]).about.clone()
}

/// Sends one message of the protocol by hand, as a client does that knows nothing of sessions yet.
pub(crate) async fn initialize(user: &Client, path: &str) -> u16 {
    let message = json!({
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "peer", "version": "1"},
        },
    });
    let client = user.with("accept", "application/json, text/event-stream");
    client.json("POST", path, &message).await.unwrap().status.as_u16()
}
