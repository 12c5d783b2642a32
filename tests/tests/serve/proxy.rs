//! The proxy: what reaches the upstream, what comes back, and that both stream.

use crate::setup::start;
use bytes::Bytes;
use keyway_tests::catalogue::{BODY, KEY, TENANT};
use keyway_tests::client::read;
use keyway_tests::mock::API_KEY;
use serde_json::json;

#[tokio::test]
async fn the_target_and_the_headers_arrive_as_documented() {
    let server = start().await;
    server.key_connection("acme").await;
    let client = server
        .calling(KEY, "acme")
        .with("Nango-Proxy-X-One", "1")
        .with("Keyway-Proxy-X-Two", "2")
        .with("x-private", "not for you")
        .with("cookie", "a=b");
    let echo = client.get("/proxy/echo/a%2Fb/c+d?q=%20x&q=a+b&e").await.unwrap();
    assert_eq!(echo.status, 200, "{}", echo.text());
    let echo = echo.json();
    assert_eq!(echo["target"], "/api/echo/a%2Fb/c+d?q=%20x&q=a+b&e");
    let headers = &echo["headers"];
    assert_eq!(
        (&headers["x-api-key"], &headers["x-one"], &headers["x-two"]),
        (&json!(API_KEY), &json!("1"), &json!("2"))
    );
    for name in ["x-private", "cookie", "authorization", "provider-config-key", "connection-id"] {
        assert!(headers.get(name).is_none(), "{name} was passed on: {headers}");
    }
}

#[tokio::test]
async fn an_absolute_target_on_another_host_stays_with_the_provider() {
    let server = start().await;
    server.key_connection("acme").await;
    let answer = server.calling(KEY, "acme").get("/proxy/https://evil.example.com/echo").await.unwrap();
    // The provider's own answer: it has no such path.
    assert_eq!((answer.status.as_u16(), answer.header("keyway-error")), (404, ""), "{}", answer.text());
}

#[tokio::test]
async fn a_body_arrives_untouched_with_its_type() {
    let server = start().await;
    server.key_connection("acme").await;
    let client = server.calling(KEY, "acme");
    let body = "{ \"n\": 12345678901234567890.10,\n \"a\": 1 }";
    for (client, content_type) in [
        (client.with("content-type", "application/vnd.mock+json"), "application/vnd.mock+json"),
        (client.with("content-type", "text/plain").with("nango-proxy-content-type", "text/csv"), "text/csv"),
    ] {
        for method in ["POST", "PUT", "PATCH", "DELETE"] {
            let echo = client.send(method, "/proxy/echo", body).await.unwrap().json();
            assert_eq!((&echo["method"], &echo["body"]), (&json!(method), &json!(body)));
            assert_eq!(echo["headers"]["content-type"], content_type);
        }
    }
}

#[tokio::test]
async fn a_provider_can_add_to_the_body() {
    let server = start().await;
    server.plain_connection(BODY, "acme").await;
    let echo = server.calling(BODY, "acme").json("POST", "/proxy/echo", &json!({"own": 1})).await.unwrap().json();
    let body: serde_json::Value = serde_json::from_str(echo["body"].as_str().unwrap()).unwrap();
    assert_eq!(body, json!({"own": 1, "from": "provider"}));
}

#[tokio::test]
async fn the_answer_is_the_upstreams() {
    let server = start().await;
    server.key_connection("acme").await;
    let client = server.calling(KEY, "acme");
    for status in [200, 201, 302, 404, 418, 500, 503] {
        let answer = client.get(&format!("/proxy/status/{status}")).await.unwrap();
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (status, "as you wished"));
        assert_eq!((answer.header("x-upstream"), answer.header("content-length")), ("mock", "13"));
        assert_eq!(answer.header("keyway-error"), "");
    }
    let echo = client.get("/proxy/echo").await.unwrap();
    for name in ["keep-alive", "connection", "x-hop"] {
        assert_eq!(echo.header(name), "", "{name} came back");
    }
}

#[tokio::test]
async fn a_failed_call_is_tried_again_as_often_as_asked() {
    let server = start().await;
    server.key_connection("acme").await;
    let client = server.calling(KEY, "acme");
    assert_eq!(client.get("/proxy/fail-once/without").await.unwrap().status, 503);
    let retried = client.with("retries", "1").send("POST", "/proxy/fail-once/with", "{}").await.unwrap();
    assert_eq!((retried.status.as_u16(), &retried.json()["calls"]), (200, &json!(2)));
}

#[tokio::test]
async fn a_redirect_on_the_same_host_keeps_the_credential() {
    let server = start().await;
    server.key_connection("acme").await;
    let echo = server.calling(KEY, "acme").get("/proxy/redirect").await.unwrap();
    assert_eq!((echo.status.as_u16(), &echo.json()["headers"]["x-api-key"]), (200, &json!(API_KEY)), "{}", echo.text());
}

#[tokio::test]
async fn fifty_megabytes_stream_chunk_by_chunk() {
    let server = start().await;
    server.key_connection("acme").await;
    let response = server.calling(KEY, "acme").open("GET", "/proxy/stream/50", Bytes::new()).await.unwrap();
    assert_eq!(response.status(), 200);
    let mut body = response.into_body();
    let mut ahead = 0;
    for chunk in 0..50 {
        // The mock sends the next chunk only after this one is here: a collected body would never come.
        let wanted = 1024 * 1024 - ahead;
        let got = read(&mut body, wanted).await.unwrap().len();
        assert!(got >= wanted, "chunk {chunk} has {got} bytes");
        ahead = got - wanted;
        server.mock.confirm_chunk();
    }
    assert_eq!((read(&mut body, 1).await.unwrap().len(), ahead), (0, 0));
}

#[tokio::test]
async fn a_large_request_streams_too() {
    let server = start().await;
    server.key_connection("acme").await;
    let body = vec![b'x'; 8 * 1024 * 1024];
    let answer = server.calling(KEY, "acme").send("POST", "/proxy/sink", body).await.unwrap();
    assert_eq!((answer.status.as_u16(), &answer.json()["length"]), (200, &json!(8 * 1024 * 1024)), "{}", answer.text());
}

#[tokio::test]
async fn a_configured_value_reaches_its_header() {
    let server = start().await;
    server.import(&json!({"integration": TENANT, "connection_id": "acme", "config": {"tenant": "t-1"}})).await;
    let echo = server.calling(TENANT, "acme").get("/proxy/echo").await.unwrap().json();
    assert_eq!(echo["headers"]["x-tenant"], "t-1");
}
