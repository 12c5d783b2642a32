//! Lists of several pages, against a server: each rule, its ends, and links that lead away.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

mod support;

use keyway::credentials::Credentials;
use keyway::fields::Trust;
use keyway::response::paginate::Paginate;
use keyway::{Call, CallBody, ConnectionKey, ErrorKind, Keyway};
use keyway_spec::proxy::{OffsetCount, Paginate as Declared, PaginateKind};
use keyway_spec::{HostSet, Hosts, ProviderSpec, Proxy};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use support::{Hand, Mock, Reply, Seen, api_key, get, keyway, reply};

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

async fn connected(spec: &'static ProviderSpec) -> Keyway {
    let keyway = keyway(spec, &Hand::new());
    let (config, metadata) = (BTreeMap::new(), serde_json::Map::new());
    keyway.import(key(), config, metadata, Credentials::api_key("key-canary"), Trust::User).await.unwrap();
    keyway
}

/// A provider with a rule of its own.
fn declaring(mock: &Mock, kind: PaginateKind) -> &'static ProviderSpec {
    let spec = api_key(mock.address);
    let paginate = Some(Declared { kind, limit_name: Some("limit"), response_path: Some("data"), ..Declared::EMPTY });
    let proxy = spec.proxy.map(|proxy| Proxy { paginate, ..proxy });
    Box::leak(Box::new(ProviderSpec { proxy, ..*spec }))
}

fn page(body: &Value) -> Reply {
    reply(200, body.to_string()).header("content-type", "application/json")
}

fn number(seen: &Seen, name: &str, default: usize) -> usize {
    let query = seen.target.split_once('?').map_or("", |(_, query)| query);
    let found = form_urlencoded::parse(query.as_bytes()).find(|(other, _)| other == name);
    found.map_or(default, |(_, value)| value.parse().unwrap())
}

/// Seven items in pages of three, by whichever rule the target asks for.
fn list(seen: &Seen) -> Reply {
    let (size, path) = (number(seen, "limit", 3), seen.path());
    let start = match path {
        "/api/by-page" => (number(seen, "page", 1) - 1) * size,
        _ => number(seen, "start", 0),
    };
    let end = (start + size).min(7);
    let data: Vec<usize> = (start..end.max(start)).collect();
    let more = end < 7;
    match path {
        "/api/by-header" if more => page(&json!({"data": data}))
            .header("link", format!("</api/by-header?start=0>; rel=first, <{path}?start={end}>; rel=\"next\"")),
        "/api/by-link" if more => page(&json!({"data": data, "next": format!("?start={end}")})),
        "/api/by-cursor" if more => page(&json!({"data": data, "meta": {"next": end}})),
        _ => page(&json!({"data": data, "next": null})),
    }
}

async fn read(keyway: &Keyway, rule: Option<Paginate>, limit: Option<u64>, call: Call) -> Vec<Vec<Value>> {
    let mut pages = keyway.pages(&key(), call);
    pages = rule.into_iter().fold(pages, keyway::client::Pages::rule);
    pages = limit.into_iter().fold(pages, keyway::client::Pages::limit);
    let mut read = Vec::new();
    while let Some(page) = pages.next().await.unwrap() {
        read.push(page);
        assert!(read.len() < 20);
    }
    assert!(pages.next().await.unwrap().is_none(), "an ended walk stays ended");
    read
}

#[tokio::test]
async fn every_rule_reads_the_whole_list_once() {
    for (path, kind, limit, requests) in [
        ("/by-header", PaginateKind::LinkHeader { rel: "next" }, None, 3),
        ("/by-link", PaginateKind::LinkBody { path: "next" }, None, 3),
        ("/by-cursor", PaginateKind::Cursor { name: "start", path: "meta.next" }, None, 3),
        ("/by-offset", PaginateKind::Offset { name: "start", start: 0, count: OffsetCount::Items }, None, 4),
        ("/by-offset", PaginateKind::Offset { name: "start", start: 0, count: OffsetCount::Items }, Some(2), 4),
        ("/by-page", PaginateKind::Offset { name: "page", start: 1, count: OffsetCount::Pages }, Some(4), 2),
        ("/by-page", PaginateKind::Offset { name: "page", start: 1, count: OffsetCount::Pages }, Some(7), 2),
    ] {
        let mock = Mock::start(list).await;
        let keyway = connected(declaring(&mock, kind)).await;
        let pages = read(&keyway, None, limit, get(path)).await;
        let items: Vec<Value> = pages.into_iter().flatten().collect();
        assert_eq!(items, (0..7).map(Value::from).collect::<Vec<_>>(), "{path} {kind:?}");
        let seen = mock.seen();
        assert_eq!(seen.len(), requests, "{path} {limit:?}");
        assert!(seen.iter().all(|seen| seen.header("x-api-key") == "key-canary"), "{path}");
    }
}

#[tokio::test]
async fn a_callers_rule_replaces_the_providers_and_fills_in_for_none() {
    let mock = Mock::start(list).await;
    let keyway = connected(declaring(&mock, PaginateKind::LinkHeader { rel: "next" })).await;
    let rule = Paginate::cursor("start", "meta.next").response_path("data");
    assert_eq!(read(&keyway, Some(rule.clone()), None, get("/by-cursor")).await.len(), 3);
    let keyway = connected(api_key(mock.address)).await;
    assert_eq!(read(&keyway, Some(rule), None, get("/by-cursor")).await.len(), 3);
    let error = keyway.pages(&key(), get("/by-cursor")).next().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
}

#[tokio::test]
async fn a_posts_cursor_goes_into_its_body() {
    let mock = Mock::start(|seen| {
        let asked: Value = serde_json::from_str(&seen.body).unwrap();
        let next = if asked["page"]["after"] == "c2" { Value::Null } else { json!("c2") };
        page(&json!({"data": [asked], "next": next}))
    })
    .await;
    let keyway = connected(api_key(mock.address)).await;
    let rule = Paginate::cursor("page.after", "next").response_path("data");
    let body = CallBody::Json(json!({"filter": "x"}));
    let call = get("/search").method(http::Method::POST).body(body);
    let pages = read(&keyway, Some(rule), None, call).await;
    assert_eq!(pages, [[json!({"filter": "x"})], [json!({"filter": "x", "page": {"after": "c2"}})]]);
}

#[tokio::test]
async fn a_link_that_leads_away_is_an_error_after_the_page_and_is_never_asked() {
    let foreign = Mock::start(|_| reply(200, r#"{"data": []}"#)).await;
    for link in [foreign.url("/more"), "ftp://127.0.0.1/x".to_owned(), "//169.254.169.254/latest".to_owned()] {
        let mock = Mock::start(move |_| page(&json!({"data": [1], "next": link}))).await;
        let keyway = connected(declaring(&mock, PaginateKind::LinkBody { path: "next" })).await;
        let mut pages = keyway.pages(&key(), get("/things"));
        assert_eq!(pages.next().await.unwrap().unwrap(), [json!(1)]);
        let error = pages.next().await.unwrap_err();
        assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::HostNotAllowed, Some(false)), "{error}");
        assert!(pages.next().await.unwrap().is_none());
        assert!(mock.seen().len() == 1 && foreign.seen().is_empty());
    }
}

#[tokio::test]
async fn where_a_customer_names_the_host_a_link_stays_there() {
    let foreign = Mock::start(|_| reply(200, "[]")).await;
    let link = foreign.url("/more");
    let mock = Mock::start(move |_| page(&json!({"data": [1], "next": link}))).await;
    let spec = declaring(&mock, PaginateKind::LinkBody { path: "next" });
    let star = &["*:*"];
    let hosts = Hosts { api: HostSet::Open(star), ..spec.hosts };
    let keyway = connected(Box::leak(Box::new(ProviderSpec { hosts, ..*spec }))).await;
    let mut pages = keyway.pages(&key(), get("/things"));
    assert!(pages.next().await.unwrap().is_some());
    assert_eq!(pages.next().await.unwrap_err().kind(), ErrorKind::HostNotAllowed);
    assert!(foreign.seen().is_empty());
}

#[tokio::test]
async fn pages_that_go_round_and_lists_without_an_end_stop() {
    let round = |seen: &Seen| {
        let next = if seen.target.contains("page=2") { "?page=1" } else { "?page=2" };
        page(&json!({"data": [1], "next": next}))
    };
    for (answer, most, requests) in [
        (Box::new(round) as Box<dyn Fn(&Seen) -> Reply + Send + Sync>, 100, 3),
        (Box::new(|seen: &Seen| page(&json!({"data": [1], "next": format!("{}0", seen.target)}))), 5, 5),
    ] {
        let mock = Mock::start(answer).await;
        let keyway = connected(declaring(&mock, PaginateKind::LinkBody { path: "next" })).await;
        let mut pages = keyway.pages(&key(), get("/things?n=1")).max_pages(most);
        let error = loop {
            match pages.next().await {
                Ok(page) => assert!(page.is_some(), "ended without a word"),
                Err(error) => break error,
            }
        };
        assert_eq!(mock.seen().len(), requests, "{error}");
    }
}

#[tokio::test]
async fn a_failed_page_can_be_asked_for_again() {
    let failed = std::sync::atomic::AtomicBool::new(false);
    let mock = Mock::start(move |seen| {
        let fails = seen.target.contains("start=3") && !failed.swap(true, std::sync::atomic::Ordering::SeqCst);
        if fails { reply(404, "gone key-canary") } else { list(seen) }
    })
    .await;
    let keyway = connected(declaring(&mock, PaginateKind::LinkBody { path: "next" })).await;
    let mut pages = keyway.pages(&key(), get("/by-link"));
    assert_eq!(pages.next().await.unwrap().unwrap().len(), 3);
    let error = pages.next().await.unwrap_err();
    assert_eq!((error.kind(), error.evidence().status), (ErrorKind::Refused, Some(404)));
    assert!(!format!("{error:?}").contains("canary"));
    assert_eq!(pages.next().await.unwrap().unwrap(), [json!(3), json!(4), json!(5)]);
}

#[tokio::test]
async fn what_is_no_page_ends_the_walk_without_quoting_it() {
    for body in ["{\"data\": \"canary\"}", "canary", "{\"data\": [1], \"next\": \"http://[canary\"}"] {
        let mock = Mock::start(move |_| reply(200, body)).await;
        let keyway = connected(declaring(&mock, PaginateKind::LinkBody { path: "next" })).await;
        let mut pages = keyway.pages(&key(), get("/things"));
        let error = loop {
            match pages.next().await {
                Ok(page) => assert!(page.is_some()),
                Err(error) => break error,
            }
        };
        assert!(!format!("{error:?} {error}").contains("canary"), "{error:?}");
        assert!(pages.next().await.unwrap().is_none());
    }
}
