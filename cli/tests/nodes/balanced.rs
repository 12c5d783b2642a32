//! What a load balancer does: each request of a flow goes to another server.

use super::node::{API_KEY, Node, Setup};
use keyway_tests::client::Client;
use keyway_tests::mock::{CLIENT_ID, CLIENT_SECRET, Mock};
use keyway_tests::postgres::Cluster;
use serde_json::json;

fn catalogue(mock: &str) -> String {
    format!(
        "mock-oauth:
    display_name: Mock with a flow
    categories:
        - dev-tools
    auth_mode: OAUTH2
    authorization_url: {mock}/authorize
    token_url: {mock}/token
    proxy:
        base_url: {mock}/api
    docs: https://example.com/docs
"
    )
}

/// A URL of the balancer as a server receives it.
fn at(node: &Node, url: &str) -> String {
    let path = url.splitn(4, '/').nth(3).unwrap();
    format!("http://{}/{path}", node.address())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_made_on_one_server_is_opened_on_another_and_called_back_on_a_third() {
    let Some(cluster) = Cluster::start() else { return };
    let mock = Mock::start().await.unwrap();
    let setup = Setup::new(cluster.database(), &catalogue(&mock.url())).public_url("http://keyway.test".to_owned());
    let nodes: Vec<Node> = (0..3).map(|number| setup.start(&format!("n{number}"), "127.0.0.1:0")).collect();
    let integration = json!({"provider": "mock-oauth", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET});
    let made = nodes[0].client().json("POST", "/integrations", &integration).await.unwrap();
    assert_eq!(made.status, 201, "{}", made.text());
    for (round, (made_on, opened_on, back_on)) in [(0, 1, 2), (2, 0, 1), (1, 1, 0)].into_iter().enumerate() {
        let id = format!("user-{round}");
        let session = json!({"integration": "mock-oauth", "connection_id": id});
        let made = nodes[made_on].client().json("POST", "/connect/sessions", &session).await.unwrap();
        assert_eq!(made.status, 201, "{}", made.text());
        let browser = Client::new("http://keyway.test");
        let begun = browser.get(&at(&nodes[opened_on], made.json()["url"].as_str().unwrap())).await.unwrap();
        assert_eq!(begun.status, 302, "{}", begun.text());
        let cookie = begun.header("set-cookie").split(';').next().unwrap().to_owned();
        let agreed = browser.get(begun.header("location")).await.unwrap();
        let callback = at(&nodes[back_on], agreed.header("location"));
        let finished = browser.with("cookie", &cookie).get(&callback).await.unwrap();
        assert_eq!(finished.status, 200, "{}", finished.text());
        // The server that finished it remembers so for a while; for the others the state is gone.
        let elsewhere = at(&nodes[(back_on + 1) % 3], agreed.header("location"));
        let again = browser.with("cookie", &cookie).get(&elsewhere).await.unwrap();
        assert_eq!(again.status, 400, "a state is taken once: {}", again.text());
        for node in &nodes {
            let called = node.client().as_connection("mock-oauth", &id).get("/proxy/private").await.unwrap();
            assert_eq!(called.status, 200, "{}: {}", node.name, called.text());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_a_key_or_with_another_one_does_not_start() {
    let Some(cluster) = Cluster::start() else { return };
    let setup = Setup::new(cluster.database(), &catalogue("http://127.0.0.1:1"));
    let first = setup.start("first", "127.0.0.1:0");
    assert!(first.banner.contains("postgres://keyway@127.0.0.1"), "{}", first.banner);
    let url = cluster.database();
    let other = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    for (store, sealing, api, expected) in [
        (url.as_str(), None, Some(API_KEY), "KEYWAY_ENCRYPTION_KEY"),
        (url.as_str(), Some(other), None, "KEYWAY_API_KEY"),
        (&url.replace("password-canary", "wrong-canary"), Some(other), Some(API_KEY), "password"),
        ("postgres://x:canary@127.0.0.1:1/db", Some(other), Some(API_KEY), "check that it runs"),
        ("postgres://x:canary@127.0.0.1/db?sslmod=disable", Some(other), Some(API_KEY), "sslmode"),
    ] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_keyway"));
        command.current_dir(setup.folder()).args(["serve", "--listen", "127.0.0.1:0", "--store", store]);
        for name in ["KEYWAY_API_KEY", "KEYWAY_ENCRYPTION_KEY", "PGPASSWORD"] {
            command.env_remove(name);
        }
        command.envs(sealing.map(|key| ("KEYWAY_ENCRYPTION_KEY", key))).envs(api.map(|key| ("KEYWAY_API_KEY", key)));
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(expected) && !said.contains("canary"), "{said}");
    }
}
