//! Requests of other HTTP libraries: authorized for another client to send, and sent by a client as a service.

#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

#[path = "support/mod.rs"]
mod support;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Empty, Full};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use keyway::credentials::{Credentials, Token};
use keyway::fields::Trust;
use keyway::transport::Body;
use keyway::{ConnectionKey, ErrorKind, Keyway, Secret};
use keyway_spec::{Entry, ProviderSpec, Proxy, Template, Value};
use std::collections::BTreeMap;
use support::{Hand, Mock, api_key, keyway, oauth2, reply};

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

async fn with_key(spec: &'static ProviderSpec) -> Keyway {
    let keyway = keyway(spec, &Hand::new());
    let credentials = Credentials::api_key("key-canary");
    keyway.import_unverified(key(), BTreeMap::new(), serde_json::Map::new(), credentials).await.unwrap();
    keyway
}

async fn server() -> Mock {
    Mock::start(|seen| match seen.path() {
        "/token" => reply(200, r#"{"access_token": "renewed", "expires_in": 3600}"#),
        _ => reply(200, format!("{} {} {}", seen.method, seen.header("x-api-key"), seen.body)),
    })
    .await
}

/// Sends as any HTTP client does.
async fn sent(request: Request<Full<Bytes>>) -> (u16, String) {
    let client = Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request).await.unwrap();
    let status = response.status().as_u16();
    (status, String::from_utf8_lossy(&response.into_body().collect().await.unwrap().to_bytes()).into_owned())
}

#[tokio::test]
async fn an_authorized_request_is_the_callers_with_the_credential_added() {
    let server = server().await;
    let keyway = with_key(api_key(server.address)).await;
    for uri in ["/items?q=%27'".to_owned(), server.url("/api/items?q=%27'")] {
        let request = Request::post(uri)
            .version(http::Version::HTTP_11)
            .header("x-own", "1")
            .header("content-length", "4")
            .header("host", server.address.to_string())
            .extension(7_u8)
            .body(Full::new(Bytes::from("text")))
            .unwrap();
        let request = keyway.authorize_request(&key(), request).await.unwrap();
        assert_eq!(request.uri().to_string(), server.url("/api/items?q=%27'"));
        assert_eq!(request.extensions().get::<u8>(), Some(&7));
        let headers = request.headers();
        assert!(headers["x-api-key"].is_sensitive() && !headers["x-own"].is_sensitive());
        let names = ["x-api-key", "x-own", "content-length", "host"];
        assert!(names.iter().all(|name| headers.get_all(*name).iter().count() == 1), "{headers:?}");
        assert_eq!(headers.len(), names.len(), "{headers:?}");
        assert!(!format!("{request:?}").contains("canary"));
        assert_eq!(sent(request).await.0, 200);
        let seen = server.seen().pop().unwrap();
        assert_eq!((seen.header("x-api-key"), seen.body.as_str()), ("key-canary", "text"));
    }
}

#[tokio::test]
async fn a_credential_is_given_to_no_request_that_leads_elsewhere() {
    let server = server().await;
    let keyway = with_key(api_key(server.address)).await;
    let port = server.address.port();
    for (uri, host, kind) in [
        ("https://evil.net/api/items".to_owned(), None, ErrorKind::HostNotAllowed),
        (format!("http://127.0.0.1:{}/api/items", port.wrapping_add(1)), None, ErrorKind::HostNotAllowed),
        (format!("http://127.0.0.1:{port}@evil.net/api"), None, ErrorKind::InvalidRequest),
        (format!("http://127.0.0.1.evil.net:{port}/api"), None, ErrorKind::HostNotAllowed),
        (format!("ftp://127.0.0.1:{port}/api"), None, ErrorKind::InvalidRequest),
        ("/items/../../admin".to_owned(), None, ErrorKind::InvalidRequest),
        ("//evil.net/items".to_owned(), None, ErrorKind::InvalidRequest),
        ("*".to_owned(), None, ErrorKind::InvalidRequest),
        ("evil.net:443".to_owned(), None, ErrorKind::InvalidRequest),
        ("/items".to_owned(), Some("evil.net"), ErrorKind::InvalidRequest),
    ] {
        let mut request = Request::get(&uri).body(()).unwrap();
        if let Some(host) = host {
            request.headers_mut().insert("host", host.parse().unwrap());
        }
        let error = keyway.authorize_request(&key(), request).await.unwrap_err();
        assert_eq!((error.kind(), error.evidence().sent), (kind, Some(false)), "{uri}: {error}");
        assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    }
    // A URL of the host outside of the base URL's path is one of the host all the same, as an override is.
    let request = Request::get(server.url("/elsewhere")).body(()).unwrap();
    assert_eq!(keyway.authorize_request(&key(), request).await.unwrap().uri().path(), "/elsewhere");
    assert_eq!(server.seen().len(), 0);
}

#[tokio::test]
async fn a_token_that_is_due_is_renewed_before_the_request_is_given_back() {
    let server = server().await;
    let clock = Hand::new();
    let keyway = keyway(oauth2(server.address), &clock);
    let expires_at = keyway::Timestamp::from_second(1_700_000_000 + 3600).unwrap();
    let token = Token::new("first").refresh(Secret::from("refresh-canary")).expires_at(expires_at);
    let credentials = Credentials::default().token(token);
    let (config, metadata) = (BTreeMap::new(), serde_json::Map::new());
    keyway.import(key(), config, metadata, credentials, Trust::Operator).await.unwrap();
    for (expected, renewals) in [("Bearer first", 0), ("Bearer renewed", 1), ("Bearer renewed", 1)] {
        let request = Request::get("/items").body(Empty::<Bytes>::new()).unwrap();
        let request = keyway.authorize_request(&key(), request).await.unwrap();
        assert_eq!(request.headers()["authorization"], expected);
        assert_eq!(server.seen_at("/token").len(), renewals);
        if renewals == 0 {
            clock.advance(3601);
        }
    }
}

/// A provider that puts a value into every body.
fn filling(spec: &'static ProviderSpec) -> &'static ProviderSpec {
    const BODY: [Entry; 1] = [Entry { name: "client", value: Value::Text(Template::Text("acme")) }];
    let proxy = spec.proxy.map(|proxy| Proxy { body: &BODY, ..proxy });
    Box::leak(Box::new(ProviderSpec { proxy, ..*spec }))
}

#[tokio::test]
async fn a_body_that_the_entry_changes_is_an_error_and_no_other_request() {
    let server = server().await;
    let keyway = with_key(filling(api_key(server.address))).await;
    for (method, kind) in [("POST", Some(ErrorKind::Unsupported)), ("GET", None)] {
        let request = Request::builder().method(method).uri("/items").body(String::new()).unwrap();
        let found = keyway.authorize_request(&key(), request).await.map(drop).map_err(|error| error.kind());
        assert_eq!(found.err(), kind, "{method}");
    }
    let streamed = Request::post("/items").body(Body::stream(Body::full("{}"))).unwrap();
    let error = keyway.authorize_request(&key(), streamed).await.unwrap_err();
    assert!(error.message().contains("cannot be read"), "{error}");
    // Bytes that the entry would not touch are as good as any.
    let request = Request::post("/items").header("content-type", "application/json").body(r#"{"a":1}"#).unwrap();
    assert_eq!(keyway.authorize_request(&key(), request).await.unwrap_err().kind(), ErrorKind::Unsupported);
}

#[tokio::test]
async fn another_client_is_asked_for_no_coding_that_it_did_not_ask_for() {
    let server = server().await;
    let spec = api_key(server.address);
    let proxy = spec.proxy.map(|proxy| Proxy { decompress: true, ..proxy });
    let keyway = with_key(Box::leak(Box::new(ProviderSpec { proxy, ..*spec }))).await;
    let request = Request::get("/items").body(()).unwrap();
    assert!(!keyway.authorize_request(&key(), request).await.unwrap().headers().contains_key("accept-encoding"));
    let request = Request::get("/items").header("accept-encoding", "br").body(()).unwrap();
    assert_eq!(keyway.authorize_request(&key(), request).await.unwrap().headers()["accept-encoding"], "br");
}

#[tokio::test]
async fn what_no_header_can_be_is_named_and_not_shown() {
    let server = server().await;
    let keyway = with_key(api_key(server.address)).await;
    let mut request = Request::get("/items").body(()).unwrap();
    request.headers_mut().insert("x-latin", http::HeaderValue::from_bytes(b"canary-\xe9").unwrap());
    let error = keyway.authorize_request(&key(), request).await.unwrap_err();
    assert!(error.message().contains("`x-latin`") && !error.to_string().contains("canary"), "{error}");
}
