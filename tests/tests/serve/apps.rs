//! Installing an app or a plugin: the vendor's pages, the callback, the calls; and who cannot.

use crate::setup::{Server, start_with};
use crate::vendor::{self, PRIVATE_KEY};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use keyway_tests::client::Answer;
use ring::hmac;
use serde_json::{Value, json};

async fn start() -> Server {
    let vendor = vendor::start().await;
    let server = start_with(|builder| builder.catalogue(vendor::providers(vendor))).await;
    let custom = json!({"app_id": "42", "private_key": PRIVATE_KEY, "username": "plugin", "password": "sesame",
        "webhookSecret": "hook-secret"});
    for (provider, id, secret) in [
        ("vendor-app", "42", PRIVATE_KEY),
        ("vendor-user-app", "client", "client-secret"),
        ("vendor-plugin", "client", "client-secret"),
        ("vendor-outbound", "client", "client-secret"),
    ] {
        let body = json!({"provider": provider, "client_id": id, "client_secret": secret, "custom": custom,
            "app_link": format!("http://{vendor}/apps/mine")});
        let answer = server.client.json("POST", "/integrations", &body).await.unwrap();
        assert_eq!(answer.status, 201, "{}", answer.text());
    }
    server
}

async fn session(server: &Server, integration: &str, id: &str) -> Value {
    let body = json!({"integration": integration, "connection_id": id});
    let answer = server.client.json("POST", "/connect/sessions", &body).await.unwrap();
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

/// Goes to the vendor's page: where it is, the state in it, and the browser's cookie.
async fn leave(server: &Server, integration: &str, id: &str) -> (String, String, String) {
    let session = session(server, integration, id).await;
    let answer = server.browser.get(session["url"].as_str().unwrap()).await.unwrap();
    assert_eq!(answer.status, 302, "{}", answer.text());
    let page: url::Url = answer.header("location").parse().unwrap();
    let state = page.query_pairs().next().unwrap().1.into_owned();
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    (page.path().to_owned(), state, cookie)
}

async fn come_back(server: &Server, integration: &str, cookie: &str, query: &str) -> Answer {
    let path = server.callback(integration).await;
    server.browser.with("cookie", cookie).get(&format!("{path}?{query}")).await.unwrap()
}

async fn me(server: &Server, integration: &str, id: &str) -> String {
    let answer = server.calling(integration, id).get("/proxy/me").await.unwrap();
    format!("{} {}", answer.status.as_u16(), answer.text())
}

#[tokio::test]
async fn an_app_is_installed_and_calls_carry_the_installations_token() {
    let server = start().await;
    for (integration, parameters, expected) in [
        ("vendor-app", "installation_id=7&setup_action=install", "200 Bearer installation-token"),
        ("vendor-user-app", "code=c&installation_id=7&setup_action=install", "200 Bearer installation-token"),
        ("vendor-plugin", "website_id=site-9&token=t", "200 Basic cGx1Z2luOnNlc2FtZQ=="),
    ] {
        let (path, state, cookie) = leave(&server, integration, "acme").await;
        let name = if integration == "vendor-plugin" { "payload" } else { "state" };
        assert_eq!(path, if name == "state" { "/apps/mine/installations/new" } else { "/apps/mine" });
        let page = come_back(&server, integration, &cookie, &format!("{parameters}&{name}={state}")).await;
        assert_eq!(page.status, 200, "{integration}: {}", page.text());
        assert_eq!(me(&server, integration, "acme").await, expected);
        let again = come_back(&server, integration, &cookie, &format!("{parameters}&more=1&{name}={state}")).await;
        assert_eq!(again.status, 400, "a callback counts once");
    }
    let shown = |integration: &str| format!("/connections/acme?integration={integration}");
    let user = server.client.get(&shown("vendor-user-app")).await.unwrap();
    assert_eq!(user.json()["credentials"]["user_access_token"], "user-token");
    let plugin = server.client.get(&shown("vendor-plugin")).await.unwrap();
    assert_eq!(plugin.json()["config"]["website_id"], "site-9");
    assert!(!plugin.text().contains("sesame"), "the operator's password is no connection's");
}

#[tokio::test]
async fn a_foreign_browser_a_missing_and_a_strange_installation_connect_nothing() {
    let server = start().await;
    let (_, _, foreign) = leave(&server, "vendor-app", "somebody").await;
    for (parameters, cookie, status, said) in [
        ("installation_id=7", Some(foreign.as_str()), 400, "invalid_state"),
        ("installation_id=7", Some(""), 400, "invalid_state"),
        ("setup_action=request", None, 400, "authorization_denied"),
        ("installation_id=8", None, 424, "token_refused"),
        ("installation_id=..%2F7", None, 424, "token_refused"),
        ("installation_id=..", None, 400, "invalid_value"),
    ] {
        let (_, state, own) = leave(&server, "vendor-app", "acme").await;
        let page =
            come_back(&server, "vendor-app", cookie.unwrap_or(&own), &format!("{parameters}&state={state}")).await;
        assert_eq!(page.status, status, "{parameters}: {}", page.text());
        assert!(page.text().contains(said) && !page.text().contains("PRIVATE KEY"), "{parameters}: {}", page.text());
    }
    let stateless = come_back(&server, "vendor-app", &foreign, "installation_id=7&setup_action=update").await;
    assert_eq!(stateless.status, 400, "without its state a callback is nobody's: {}", stateless.text());
    assert_eq!(server.client.get("/connections").await.unwrap().json()["connections"], json!([]));
}

#[tokio::test]
async fn what_the_customer_did_not_agree_to_is_not_connected() {
    let server = start().await;
    for (integration, name, parameters) in [
        ("vendor-app", "state", "installation_id=7"),
        ("vendor-user-app", "state", "installation_id=7"),
        ("vendor-plugin", "payload", "website_id=site-9"),
    ] {
        let (_, state, cookie) = leave(&server, integration, "acme").await;
        let query = format!("error=access_denied&error_description=not+today&{parameters}&{name}={state}");
        let page = come_back(&server, integration, &cookie, &query).await;
        assert_eq!(page.status, 400, "{integration}: {}", page.text());
        assert!(page.text().contains("authorization_denied") && page.text().contains("not today"), "{integration}");
    }
    assert_eq!(server.client.get("/connections").await.unwrap().json()["connections"], json!([]));
}

#[tokio::test]
async fn an_operator_connects_an_installation_by_its_number() {
    let server = start().await;
    server
        .import(&json!({"integration": "vendor-app", "connection_id": "acme", "config": {"installation_id": "7"}}))
        .await;
    assert_eq!(me(&server, "vendor-app", "acme").await, "200 Bearer installation-token");
}

fn signed(body: &str, secret: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.encode(hmac::sign(&key, body.as_bytes()))
}

async fn hook(server: &Server, body: &Value, secret: &str) -> u16 {
    let body = body.to_string();
    let client = server.browser.with("vendor-hook-signature", &signed(&body, secret));
    client.send("POST", "/webhooks/vendor-outbound", body).await.unwrap().status.as_u16()
}

#[tokio::test]
async fn a_pending_connection_is_completed_by_the_vendors_signed_webhook_alone() {
    let server = start().await;
    let session = session(&server, "vendor-outbound", "acme").await;
    assert!(session["url"].as_str().unwrap().contains("/connect/vendor-outbound?"));
    let body = json!({"token": session["token"], "config": {"actor": "a-1"}});
    let pending = server.browser.json("POST", "/connect/vendor-outbound", &body).await.unwrap();
    assert_eq!((pending.status.as_u16(), &pending.json()["pending"]), (201, &json!(true)), "{}", pending.text());
    let waiting = me(&server, "vendor-outbound", "acme").await;
    assert!(waiting.starts_with("424") && waiting.contains("pending"), "{waiting}");

    let installed = json!({"action": "created", "actor": {"id": "a-1"}, "installation": {"uuid": "uuid-1"},
        "data": {"installation": {"code": "code-1"}}});
    let mut foreign = installed.clone();
    foreign["actor"]["id"] = json!("a-2");
    assert_eq!(hook(&server, &installed, "guessed").await, 403, "another secret");
    let waited_for = json!(["outbound", "vendor-outbound", "actor", "a-1"]).to_string();
    let waited_for = form_urlencoded::byte_serialize(waited_for.as_bytes()).collect::<String>();
    let strange = server.browser.get(&format!("/oauth/callback?code=c&state={waited_for}")).await.unwrap();
    assert_eq!(strange.status, 400, "what is waited for is no state, and goes on being waited for");
    assert_eq!(hook(&server, &foreign, "hook-secret").await, 400, "nobody waits for that account");
    let event = json!({"action": "deleted", "actor": {"id": "a-1"}});
    assert_eq!(hook(&server, &event, "hook-secret").await, 204, "about something else");
    assert!(me(&server, "vendor-outbound", "acme").await.starts_with("424"));
    assert_eq!(hook(&server, &installed, "hook-secret").await, 200);
    assert_eq!(me(&server, "vendor-outbound", "acme").await, "200 Bearer outbound-token");
    assert_eq!(hook(&server, &installed, "hook-secret").await, 400, "a repeated webhook connects nobody");
}

#[tokio::test]
async fn nobody_waits_for_an_account_that_another_waits_for() {
    let server = start().await;
    for (id, status) in [("acme", 201), ("mallory", 409), ("acme", 201)] {
        let session = session(&server, "vendor-outbound", id).await;
        let body = json!({"token": session["token"], "config": {"actor": "a-1"}});
        let answer = server.browser.json("POST", "/connect/vendor-outbound", &body).await.unwrap();
        assert_eq!(answer.status, status, "{id}: {}", answer.text());
    }
}
