//! A vendor that installs an app from its own side: what a customer entered on one server waits in the database, and
//! whichever server the vendor's webhook comes to completes it.

use super::node::{Node, Setup};
use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, StatusCode};
use keyway_tests::postgres::Cluster;
use ring::hmac;
use serde_json::{Value, json};
use std::time::Duration;

const HOOK_SECRET: &str = "hook-secret";
/// A call that begins so long after a write was confirmed sees it, whichever server it comes to.
const STALENESS_BOUND: Duration = Duration::from_millis(250);

/// A vendor with one installation, whose API wants the token that the installation's code gives.
async fn vendor() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let token = async |Path(installation): Path<String>, body: String| {
        let right = installation == "uuid-1" && body.contains("code=code-1");
        let status = if right { StatusCode::OK } else { StatusCode::BAD_REQUEST };
        (status, r#"{"access_token": "installed"}"#)
    };
    let me = async |headers: HeaderMap| match headers.get("authorization") {
        Some(value) if value == "Bearer installed" => StatusCode::OK,
        _ => StatusCode::UNAUTHORIZED,
    };
    let router = Router::new().route("/installations/{id}/token", post(token)).route("/api/me", get(me));
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}")
}

fn catalogue(vendor: &str) -> String {
    format!(
        "vendor:
    display_name: Vendor
    categories:
        - dev-tools
    auth_mode: OAUTH2
    installation: outbound
    authorization_code_param_in_webhook: data.code
    webhook_response_metadata:
        - installation.uuid
    token_url: {vendor}/installations/${{connectionConfig.installation.uuid}}/token
    connection_config:
        actor:
            type: string
            title: User
            description: The user who installs the app.
        installation.uuid:
            type: string
            title: Installation
            description: The installation that the webhook names.
            automated: true
    proxy:
        base_url: {vendor}/api
        connection_config:
            actor: ${{connectionConfig.actor}}
    docs: https://example.com/docs
"
    )
}

async fn hook(node: &Node, body: &Value, secret: &str) -> u16 {
    let body = body.to_string();
    let signature = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes()), body.as_bytes());
    let client = node.anyone().with("vendor-hook-signature", &STANDARD.encode(signature));
    client.send("POST", "/webhooks/vendor", body).await.unwrap().status.as_u16()
}

async fn called(node: &Node, id: &str) -> u16 {
    node.client().as_connection("vendor", id).get("/proxy/me").await.unwrap().status.as_u16()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_comes_to_another_server_completes_what_waits_once() {
    let Some(cluster) = Cluster::start() else { return };
    let setup = Setup::new(cluster.database(), &catalogue(&vendor().await));
    let nodes: Vec<Node> = (0..3).map(|number| setup.start(&format!("n{number}"), "127.0.0.1:0")).collect();
    let integration = json!({
        "provider": "vendor", "client_id": "client", "client_secret": "client-secret",
        "custom": {"webhookSecret": HOOK_SECRET},
    });
    let made = nodes[0].client().json("POST", "/integrations", &integration).await.unwrap();
    assert_eq!(made.status, 201, "{}", made.text());
    for (round, (made_on, entered_on, hooked_on)) in [(0, 1, 2), (2, 0, 1)].into_iter().enumerate() {
        let (id, actor) = (format!("user-{round}"), format!("actor-{round}"));
        let session = json!({"integration": "vendor", "connection_id": id});
        let made = nodes[made_on].client().json("POST", "/connect/sessions", &session).await.unwrap();
        let body = json!({"token": made.json()["token"], "config": {"actor": actor}});
        let entered = nodes[entered_on].anyone().json("POST", "/connect/vendor", &body).await.unwrap();
        assert_eq!(entered.json()["pending"], true, "{}", entered.text());
        for node in &nodes {
            assert_eq!(called(node, &id).await, 424, "{}: it waits for the vendor", node.name);
        }
        let installed = json!({
            "actor": {"id": actor}, "installation": {"uuid": "uuid-1"}, "data": {"code": "code-1"},
        });
        assert_eq!(hook(&nodes[hooked_on], &installed, "guessed").await, 403, "another secret");
        assert_eq!(hook(&nodes[hooked_on], &installed, HOOK_SECRET).await, 200);
        // The others have in memory that the account waits.
        tokio::time::sleep(STALENESS_BOUND).await;
        for node in &nodes {
            assert_eq!(hook(node, &installed, HOOK_SECRET).await, 400, "{}: nothing waits any more", node.name);
            assert_eq!(called(node, &id).await, 200, "{}", node.name);
        }
    }
}
