//! Calls: redirects that leave credentials behind, retries, bodies.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

mod support;

use keyway::credentials::Credentials;
use keyway::fields::Trust;
use keyway::response::paginate::Paginate;
use keyway::response::retry::GivenUp;
use keyway::transport::Body;
use keyway::{CallBody, ConnectionKey, ErrorKind, Keyway};
use keyway_spec::{HostSet, Hosts, Node, Position, ProviderSpec, Proxy, Reference, Retry, Root, Template};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use support::{Hand, Mock, api_key, get, keyway, reply};

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

async fn connected(mock: &Mock) -> Keyway {
    connect(api_key(mock.address)).await
}

/// A connection of a provider that names its wait in `retry-after`.
async fn connected_with_waits(mock: &Mock) -> Keyway {
    let spec = api_key(mock.address);
    let retry = Retry { after: &["retry-after"], ..Retry::EMPTY };
    let proxy = spec.proxy.map(|proxy| Proxy { retry, ..proxy });
    connect(Box::leak(Box::new(ProviderSpec { proxy, ..*spec }))).await
}

async fn connect(spec: &'static ProviderSpec) -> Keyway {
    let keyway = keyway(spec, &Hand::new());
    let credentials = Credentials::api_key("key-canary");
    let metadata = serde_json::Map::new();
    keyway.import(key(), BTreeMap::new(), metadata, credentials, Trust::User).await.unwrap();
    keyway
}

async fn text(response: http::Response<Body>) -> String {
    String::from_utf8(response.into_body().collect(1024).await.unwrap().to_vec()).unwrap()
}

#[tokio::test]
async fn a_redirect_inside_keeps_the_credential_and_one_outside_loses_it() {
    let foreign = Mock::start(|_| reply(200, "foreign")).await;
    let away = foreign.url("/landing");
    let mock = Mock::start(move |seen| match seen.path() {
        "/api/inside" => reply(302, "").header("location", "/api/there"),
        "/api/outside" => reply(302, "").header("location", away.clone()),
        _ => reply(200, "home"),
    })
    .await;
    let keyway = connected(&mock).await;
    assert_eq!(text(keyway.send(&key(), get("/inside"), None).await.unwrap()).await, "home");
    assert_eq!(mock.seen_at("/api/there")[0].header("x-api-key"), "key-canary");
    let own = [("x-own", "mine"), ("cookie", "a=b"), ("accept", "text/plain")];
    let own = own.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
    for (forward, expected) in [(None, ""), (Some(true), "mine")] {
        let call = get("/outside").headers(own.clone()).forward_headers_on_redirect(forward);
        assert_eq!(text(keyway.send(&key(), call, None).await.unwrap()).await, "foreign");
        let landed = foreign.seen().pop().unwrap();
        assert!(!format!("{landed:?}").contains("canary"), "{landed:?}");
        assert_eq!(landed.header("x-own"), expected);
        assert_eq!((landed.header("cookie"), landed.header("accept")), ("", "text/plain"));
    }
}

#[tokio::test]
async fn a_redirect_is_followed_by_the_bytes_of_its_location() {
    let mock = Mock::start(|seen| match seen.path() {
        "/api/name" => reply(302, "").header("location", "/api/caf\u{e9}/x?n='\u{e9}'&m=%E9#top"),
        "/api/up" => reply(302, "").header("location", "../other/./x"),
        _ => reply(200, seen.target.clone()),
    })
    .await;
    let keyway = connected(&mock).await;
    for (endpoint, expected) in
        [("/name", "/api/caf%C3%A9/x?n='%C3%A9'&m=%E9"), ("/up", "/other/x"), ("/x?q='a'&&%E9", "/api/x?q='a'&&%E9")]
    {
        assert_eq!(text(keyway.send(&key(), get(endpoint), None).await.unwrap()).await, expected);
    }
}

#[tokio::test]
async fn a_foreign_redirect_of_a_post_or_with_the_key_in_it_is_the_callers() {
    let foreign = Mock::start(|_| reply(200, "foreign")).await;
    let away = foreign.url("/landing");
    let mock = Mock::start(move |seen| match seen.path() {
        "/api/post" => reply(307, "").header("location", away.clone()),
        _ => reply(302, "").header("location", format!("{away}?k=key-canary")),
    })
    .await;
    let keyway = connected(&mock).await;
    let body = CallBody::Json(serde_json::json!({"a": 1}));
    let post = get("/post").method(http::Method::POST).body(body);
    assert_eq!(keyway.send(&key(), post, None).await.unwrap().status(), 307);
    assert_eq!(keyway.send(&key(), get("/leak"), None).await.unwrap().status(), 302);
    assert!(foreign.seen().is_empty());
}

#[tokio::test]
async fn five_redirects_are_followed_and_no_more() {
    let mock = Mock::start(|_| reply(302, "").header("location", "/api/again")).await;
    let keyway = connected(&mock).await;
    assert_eq!(keyway.send(&key(), get("/first"), None).await.unwrap().status(), 302);
    assert_eq!(mock.seen().len(), 6);
}

#[tokio::test]
async fn a_failed_call_is_repeated_as_often_as_asked_with_the_same_body() {
    let count = AtomicUsize::new(0);
    let mock = Mock::start(move |_| match count.fetch_add(1, Ordering::SeqCst) {
        0 => reply(503, "busy").header("retry-after", "0"),
        _ => reply(200, "done"),
    })
    .await;
    let keyway = connected_with_waits(&mock).await;
    let body = CallBody::Bytes("payload".into());
    let call = get("/thing").method(http::Method::PUT).body(body).retries(1);
    assert_eq!(text(keyway.send(&key(), call, None).await.unwrap()).await, "done");
    let bodies: Vec<_> = mock.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(bodies, ["payload", "payload"]);
}

#[tokio::test]
async fn a_wait_beyond_the_bound_gives_the_upstreams_answer_back() {
    let mock = Mock::start(|_| reply(429, "slow down").header("retry-after", "61")).await;
    let keyway = connected_with_waits(&mock).await;
    let response = keyway.send(&key(), get("/thing").retries(3), None).await.unwrap();
    assert_eq!((response.status().as_u16(), response.headers()["retry-after"].to_str().unwrap()), (429, "61"));
    let given_up = response.extensions().get::<GivenUp>().unwrap();
    assert_eq!(given_up.wait, Some(Duration::from_secs(61)), "{}", given_up.reason);
    assert_eq!(text(response).await, "slow down");
    assert_eq!(mock.seen().len(), 1);
}

#[tokio::test]
async fn a_stream_is_sent_as_it_comes_and_never_twice() {
    let mock = Mock::start(|_| reply(503, "busy")).await;
    let keyway = connected(&mock).await;
    let call = || get("/upload").method(http::Method::PUT).body(CallBody::Stream).retries(5);
    let response = keyway.send(&key(), call(), Some(Body::full("streamed"))).await.unwrap();
    assert_eq!(response.status(), 503);
    assert_eq!(mock.seen().len(), 1);
    assert_eq!(mock.seen()[0].body, "streamed");
    let missing = keyway.send(&key(), call(), None).await.unwrap_err();
    assert_eq!(missing.kind(), ErrorKind::InvalidRequest);
}

#[tokio::test]
async fn another_base_url_is_refused_before_anything_is_sent() {
    let foreign = Mock::start(|_| reply(200, "foreign")).await;
    let mock = Mock::start(|_| reply(200, "home")).await;
    let keyway = connected(&mock).await;
    let call = get("/me").base_url_override(foreign.url("/api"));
    let error = keyway.send(&key(), call, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HostNotAllowed);
    assert!(!format!("{error:?} {error}").contains("canary"));
    assert!(foreign.seen().is_empty() && mock.seen().is_empty());
}

/// A provider whose customer names the host, with its key in the query.
fn open(mock: &Mock) -> &'static ProviderSpec {
    static KEY: Reference = Reference { root: Root::Credentials, path: "apiKey", position: Position::Text };
    static QUERY: [(&str, Template); 1] = [("k", Template::Nodes(&[Node::Reference(KEY)]))];
    static ANY: [&str; 1] = ["*:*"];
    let spec = api_key(mock.address);
    let proxy = spec.proxy.map(|proxy| Proxy { query: &QUERY, ..proxy });
    let api = HostSet::Open(&ANY);
    Box::leak(Box::new(ProviderSpec { proxy, hosts: Hosts { api, ..spec.hosts }, ..*spec }))
}

#[tokio::test]
async fn where_the_customer_names_the_host_a_redirect_cannot_name_another() {
    let foreign = Mock::start(|_| reply(200, "foreign")).await;
    let away = foreign.url("/landing");
    let mock = Mock::start(move |seen| match (seen.path(), seen.method.as_str()) {
        ("/api/keep", _) => reply(308, "").header("location", "/api/kept"),
        ("/api/kept", _) => reply(200, "home"),
        _ => reply(307, "").header("location", away.clone()),
    })
    .await;
    let keyway = connect(open(&mock)).await;
    let own = vec![("x-api-key".to_owned(), "callers-canary".to_owned())];
    for forward in [None, Some(true)] {
        // The caller's own value in the place of the entry's credential is a credential too.
        let call = get("/outside").headers(own.clone()).forward_headers_on_redirect(forward);
        assert_eq!(text(keyway.send(&key(), call, None).await.unwrap()).await, "foreign");
    }
    let post = |endpoint| {
        let body = CallBody::Json(serde_json::json!({"mine": "canary"}));
        get(endpoint).method(http::Method::POST).body(body)
    };
    assert_eq!(keyway.send(&key(), post("/outside"), None).await.unwrap().status(), 307);
    assert_eq!(text(keyway.send(&key(), post("/keep"), None).await.unwrap()).await, "home");
    assert_eq!(mock.seen_at("/api/kept")[0].body, r#"{"mine":"canary"}"#);
    assert_eq!(foreign.seen().len(), 2);
    assert!(!format!("{:?}", foreign.seen()).contains("canary"), "{:?}", foreign.seen());
}

#[tokio::test]
async fn a_location_with_a_user_or_with_what_was_put_into_the_query_is_not_followed() {
    let foreign = Mock::start(|_| reply(200, "foreign")).await;
    let (address, away) = (foreign.address, foreign.url("/landing"));
    let mock = Mock::start(move |seen| match seen.path() {
        "/api/user" => reply(302, "").header("location", format!("http://ann:pw@{address}/")),
        "/api/home-user" => reply(302, "").header("location", "http://ann@acme.test/"),
        "/api/file" => reply(302, "").header("location", "file:///etc/passwd"),
        _ => reply(302, "").header("location", format!("{away}?{}", seen.target.split('?').nth(1).unwrap())),
    })
    .await;
    let keyway = connect(open(&mock)).await;
    for path in ["/user", "/home-user", "/file", "/echo"] {
        assert_eq!(keyway.send(&key(), get(path), None).await.unwrap().status(), 302, "{path}");
    }
    assert!(foreign.seen().is_empty());
}

#[tokio::test]
async fn a_call_that_is_not_answered_is_given_up() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let spec = api_key(listener.local_addr().unwrap());
    let keyway = Keyway::builder()
        .catalogue([spec].into_iter().collect::<keyway::Catalogue>())
        .egress(keyway::EgressPolicy::default().allow_private(true).allow_http(true))
        .call_timeout(std::time::Duration::from_millis(20))
        .integration_record(keyway::IntegrationRecord::without_scopes("acme", spec.key))
        .build()
        .unwrap();
    let metadata = serde_json::Map::new();
    let credentials = Credentials::api_key("key-canary");
    keyway.import(key(), BTreeMap::new(), metadata, credentials, Trust::User).await.unwrap();
    let error = keyway.send(&key(), get("/thing").retries(9), None).await.unwrap_err();
    assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::Timeout, Some(true)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_that_repeats_a_key_replaced_meanwhile_does_not_show_it() {
    let (asked, was_asked) = std::sync::mpsc::channel();
    let (answer, may_answer) = std::sync::mpsc::channel();
    let may_answer = std::sync::Mutex::new(may_answer);
    let mock = Mock::start(move |seen| {
        asked.send(()).unwrap();
        may_answer.lock().unwrap().recv().unwrap();
        reply(403, format!("not with {}", seen.header("x-api-key")))
    })
    .await;
    let keyway = connected(&mock).await;
    let mut pages = keyway.pages(&key(), get("/list")).rule(Paginate::link_body("next"));
    let refused = tokio::spawn(async move { pages.next().await });
    tokio::task::block_in_place(|| was_asked.recv()).unwrap();
    let (config, metadata) = (BTreeMap::new(), serde_json::Map::new());
    keyway.import(key(), config, metadata, Credentials::api_key("another"), Trust::User).await.unwrap();
    answer.send(()).unwrap();
    let error = refused.await.unwrap().unwrap_err();
    assert_eq!((error.evidence().status, error.evidence().body.as_deref()), (Some(403), Some("not with ***")));
}
