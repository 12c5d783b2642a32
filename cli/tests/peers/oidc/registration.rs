//! Dynamic client registration (RFC 7591) at `oidc-provider`.

use crate::keyway::{Keyway, entry};
use crate::peer::{Peer, installed};
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn a_client_registers_itself_with_the_scopes_that_it_asks_for() {
    let Some(installed) = installed() else { return };
    let mut peer = Peer::node(&installed, "oidc.js", &[]);
    let url = peer.url().to_owned();
    let rest = format!(
        "    auth_mode: MCP_OAUTH2
    authorization_url: {url}/auth
    authorization_params:
        prompt: consent
    token_url: {url}/token
    client_registration: dynamic
    registration_url: {url}/reg
    registration_params:
        grant_types: [authorization_code, refresh_token]
        response_types: [code]
        application_type: web
        contacts: [operator@example.com]
    proxy:
        base_url: {url}"
    );
    let keyway = Keyway::start(&entry("registered", &rest));
    keyway.integration(json!({"provider": "registered", "scopes": ["openid", "offline_access", "email"]})).await;
    let browser = keyway.connect("registered", "user-1", &[]).await;
    let asked = browser.passed("/auth");
    let known = peer.ask("registered", json!({}));
    let client = &known[0];
    assert_eq!(asked["client_id"], client["client_id"], "{known}");
    assert_eq!(client["scope"], "openid offline_access email", "{known}");
    assert_eq!(client["contacts"], json!(["operator@example.com"]), "{known}");
    assert_eq!(client["redirect_uris"], json!([asked["redirect_uri"]]), "{known}");
    keyway.renewed("registered", "user-1").await;

    // The registration is the integration's: a second customer uses it too.
    keyway.connect("registered", "user-2", &[]).await;
    assert_eq!(peer.ask("registered", json!({})).as_array().unwrap().len(), 1);

    // A client that the server has forgotten is registered anew, once a token request has told.
    peer.ask("forget", json!({"client": client["client_id"]}));
    assert_eq!(keyway.renew("registered", "user-1").await.status, 424);
    let browser = keyway.connect("registered", "user-1", &[]).await;
    let known = peer.ask("registered", json!({}));
    assert_eq!(known.as_array().unwrap().len(), 2, "{known}");
    assert_eq!(browser.passed("/auth")["client_id"], known[1]["client_id"], "{known}");
    let called = keyway.as_connection("registered", "user-1").get("/proxy/me").await.unwrap();
    assert_eq!(called.status, 200, "{}", called.text());
}
