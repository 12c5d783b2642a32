//! The MCP SDK of Python with its own authorization server, which wants the scopes at registration.

use crate::keyway::Keyway;
use crate::mcp::{connect, generic, headers, initialize, python};
use crate::peer::{Peer, installed};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_is_made_used_renewed_and_revoked() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::python(&installed, "mcp_server.py", &["python"]);
    // Whatever the customer's URL is, it is also the address of calls.
    let keyway = Keyway::start(&generic("mcp", "${connectionConfig.mcp_server_url}"));
    let asked = connect(&keyway, &peer, "mcp", "user-1").await;
    let scopes: Vec<&str> = asked["scope"].split(' ').collect();
    assert!(scopes.contains(&"tools:use"), "{asked:?}");
    let registrations = peer.ask("registrations", json!({}));
    assert_eq!(registrations[0]["scope"], asked["scope"], "{registrations}");
    assert_eq!(registrations[0]["redirect_uris"], json!([asked["redirect_uri"]]), "{registrations}");

    let named = headers(&keyway, "mcp", "user-1");
    let said = python(&installed, &keyway, "/proxy/", &named);
    assert_eq!((&said["tools"], &said["echo"]), (&json!(["count", "echo"]), &json!("grüße \u{2713}")));

    let user = keyway.as_connection("mcp", "user-1");
    let first = keyway.connection("mcp", "user-1").await.json()["credentials"].clone();
    let second = keyway.renewed("mcp", "user-1").await;
    assert_ne!(first["refresh_token"], second["refresh_token"]);
    assert_eq!(initialize(&user, "/proxy/").await, 200);

    assert_ne!(peer.ask("revoke", json!({})), 0);
    assert_eq!(initialize(&user, "/proxy/").await, 401);
    keyway.must_reconnect("mcp", "user-1").await;
    connect(&keyway, &peer, "mcp", "user-1").await;
    assert_eq!(initialize(&user, "/proxy/").await, 200);
    assert_eq!(peer.ask("registrations", json!({})).as_array().unwrap().len(), 1, "the client is kept");

    peer.ask("forget", json!({}));
    assert_eq!(keyway.renew("mcp", "user-1").await.status, 424);
    connect(&keyway, &peer, "mcp", "user-1").await;
    assert_eq!(initialize(&user, "/proxy/").await, 200);
}
