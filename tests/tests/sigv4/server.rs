//! The same through the HTTP server: a role is submitted there, and calls come as requests.

use crate::cloud::Cloud;
use crate::{ROLE, builtin, key, keyway, openssl};
use keyway::{ConnectionKey, Secret};
use keyway_server::{ApiKey, ServerConfig};
use keyway_tests::client::Client;
use serde_json::json;
use tokio::net::TcpListener;

const SERVER_KEY: &str = "test-server-api-key";

/// A client with the API key.
async fn serve(cloud: &Cloud) -> Client {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let config = ServerConfig::new(ApiKey::new(&Secret::new(SERVER_KEY)).unwrap(), url.parse().unwrap());
    let handler = keyway_server::handler(keyway(cloud, &builtin("s3")), config);
    tokio::spawn(keyway_server::serve(listener, handler, std::future::pending()));
    Client::new(url).with("authorization", &format!("Bearer {SERVER_KEY}"))
}

#[tokio::test]
async fn a_role_that_comes_over_http_signs_what_comes_over_http() {
    if !openssl::is_here() {
        return;
    }
    let cloud = Cloud::new();
    let client = serve(&cloud).await;
    let ConnectionKey { integration, id } = key();
    let body = json!({"integration": integration, "connection_id": id, "credentials": {"role_arn": ROLE}});
    let made = client.json("POST", "/connections", &body).await.unwrap();
    assert_eq!(made.status, 201, "{}", made.text());
    assert!(!made.text().contains("canary"), "{}", made.text());
    let calling = client.as_connection(&integration, &id);
    for target in ["/proxy/bucket?list-type=2&prefix=a+b", "/proxy/bucket/it's(1)%20!.txt", "/proxy/a//b"] {
        let called = calling.get(target).await.unwrap();
        assert_eq!((called.status.as_u16(), called.text().as_str()), (200, "welcome"), "{target}");
    }
    let typed = calling.with("content-type", "text/plain");
    let put = typed.send("PUT", "/proxy/bucket/key", "hello").await.unwrap();
    assert_eq!((put.status.as_u16(), put.text().as_str()), (200, "welcome"));
    let sent = cloud.seen();
    assert!(!sent.iter().any(|sent| format!("{:?}", sent.headers).contains(SERVER_KEY)));
}
