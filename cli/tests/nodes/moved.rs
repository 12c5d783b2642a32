//! `keyway store migrate` from a file into a database and back: a caller notices nothing.

use super::node::{Node, Setup};
use keyway_tests::mock::Mock;
use keyway_tests::postgres::Cluster;
use serde_json::json;

fn catalogue(mock: &str) -> String {
    format!(
        "mock-key:
    display_name: Mock with a key
    categories:
        - dev-tools
    auth_mode: API_KEY
    proxy:
        base_url: {mock}/api
        headers:
            x-key: ${{apiKey}}
    docs: https://example.com/docs
"
    )
}

async fn echoed(node: &Node, id: &str) -> String {
    let called = node.client().as_connection("mock-key", id).get("/proxy/echo").await.unwrap();
    assert_eq!(called.status, 200, "{}: {}", node.name, called.text());
    called.text()
}

#[tokio::test(flavor = "multi_thread")]
async fn records_move_from_a_file_into_a_database_and_back() {
    let Some(cluster) = Cluster::start() else { return };
    let mock = Mock::start().await.unwrap();
    let setup = Setup::new("first.db".to_owned(), &catalogue(&mock.url()));
    let first = setup.start("first", "127.0.0.1:0");
    for id in ["ann", "bob"] {
        let connection = json!({
            "integration": "mock-key", "connection_id": id, "verify": false,
            "credentials": {"apiKey": format!("key-of-{id}")}, "metadata": {"note": id},
        });
        let made = first.client().json("POST", "/connections", &connection).await.unwrap();
        assert_eq!(made.status, 201, "{}", made.text());
    }
    drop(first);
    let url = cluster.database();
    let moved = setup.keyway(&["store", "migrate", "first.db", &url]);
    assert!(moved.0.success(), "{}", moved.1);
    assert!(moved.1.contains("2 connections") && !moved.1.contains("canary"), "{}", moved.1);
    let again = setup.keyway(&["store", "migrate", "first.db", &url]);
    assert_eq!(again.0.code(), Some(2), "a store with records is not filled: {}", again.1);
    assert!(again.1.contains("has records") && !again.1.contains("canary"), "{}", again.1);
    let back = setup.keyway(&["store", "migrate", &url, "second.db"]);
    assert!(back.0.success(), "{}", back.1);
    for (name, store) in [("database", url.as_str()), ("second", "second.db")] {
        let node = setup.on(store).start(name, "127.0.0.1:0");
        for id in ["ann", "bob"] {
            assert!(echoed(&node, id).await.contains(&format!("key-of-{id}")), "{name}");
            let shown = node.client().get(&format!("/connections/{id}?integration=mock-key")).await.unwrap();
            assert_eq!(shown.json()["metadata"], json!({"note": id}), "{name}");
        }
    }
}
