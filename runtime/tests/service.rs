//! A client as a `tower` service, against a server on loopback.

#![cfg(feature = "tower")]
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

#[path = "support/mod.rs"]
mod support;
#[path = "support/vendor.rs"]
mod vendor;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use keyway::client::Client;
use keyway::provider::NoConfig;
use keyway::transport::Body;
use keyway::{EgressPolicy, ErrorKind, Integration, Keyway};
use std::sync::atomic::{AtomicU32, Ordering};
use support::{Mock, reply};
use tower_service::Service;
use vendor::{Key, Vendor};

async fn client(server: &Mock) -> Client<Vendor> {
    let host = server.address.to_string();
    let integration = Integration::<Vendor>::new("vendor").base_url(server.url("/v1")).allowed_hosts([host]);
    let local = EgressPolicy::default().allow_private(true).allow_http(true);
    let keyway = Keyway::builder().egress(local).integration(integration).build().unwrap();
    let vendor = keyway.integration::<Vendor>("vendor").unwrap();
    vendor.connect("user-1", NoConfig {}, Key("key-canary".into())).import().await.unwrap();
    vendor.client("user-1").await.unwrap()
}

#[tokio::test]
async fn requests_of_any_body_are_sent_with_the_credential() {
    let server = Mock::start(|_| reply(200, "answered")).await;
    let mut client = client(&server).await;
    let post = || Request::post(server.url("/v1/items?a=1")).header("host", "written.by.the.transport");
    let streamed = post().body(Body::stream(Full::new(Bytes::from("three")))).unwrap();
    for response in [
        client.call(Request::get("/items").body(Body::empty()).unwrap()).await.unwrap(),
        client.call(post().body("one".to_owned()).unwrap()).await.unwrap(),
        client.call(post().body(Full::new(Bytes::from("two"))).unwrap()).await.unwrap(),
        client.call(streamed).await.unwrap(),
    ] {
        assert_eq!(response.status(), 200);
        assert_eq!(response.into_body().collect(100).await.unwrap(), "answered");
    }
    let seen: Vec<_> = server.seen().iter().map(|seen| (seen.target.clone(), seen.body.clone())).collect();
    let expected = [("/v1/items", ""), ("/v1/items?a=1", "one"), ("/v1/items?a=1", "two"), ("/v1/items?a=1", "three")];
    assert_eq!(seen, expected.map(|(target, body)| (target.to_owned(), body.to_owned())));
    assert!(server.seen().iter().all(|seen| seen.header("x-key") == "key-canary"));
    assert!(server.seen().iter().all(|seen| seen.header("host") == server.address.to_string()));
}

#[tokio::test]
async fn a_body_in_memory_is_sent_again_and_a_stream_is_not() {
    let asked = AtomicU32::new(0);
    let server = Mock::start(move |_| match asked.fetch_add(1, Ordering::SeqCst) % 2 {
        0 => reply(503, "later").header("retry-after", "0"),
        _ => reply(200, "now"),
    })
    .await;
    let mut client = client(&server).await.retries(1);
    let put = |body| Request::put("/items/1").body(body).unwrap();
    assert_eq!(client.call(put(Body::full("whole"))).await.unwrap().status(), 200);
    assert_eq!(server.seen().iter().map(|seen| seen.body.as_str()).collect::<Vec<_>>(), ["whole", "whole"]);
    assert_eq!(client.call(put(Body::stream(Body::full("streamed")))).await.unwrap().status(), 503);
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_request_that_leads_elsewhere_is_not_sent() {
    let server = Mock::start(|_| reply(200, "")).await;
    let mut client = client(&server).await;
    let request = Request::get("https://evil.net/items").body(Body::empty()).unwrap();
    let error = client.call(request).await.unwrap_err();
    assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::HostNotAllowed, Some(false)));
    assert_eq!(server.seen().len(), 0);
}
