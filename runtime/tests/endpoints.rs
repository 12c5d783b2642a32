//! Traits made by `#[api]`: what their methods send, and how they read what comes back.
#![cfg(feature = "macros")]
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

#[path = "support/vendor.rs"]
mod vendor;

use bytes::Bytes;
use futures_core::Stream;
use keyway::egress::Egress;
use keyway::transport::{Body, BoxFuture, Transport};
use keyway::{CallError, ErrorKind, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::pin::pin;

/// A request as it was sent.
#[derive(Debug, Deserialize)]
struct Sent {
    method: String,
    target: String,
    headers: BTreeMap<String, String>,
    body: String,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Open,
}

#[derive(Serialize)]
struct Filter {
    labels: Vec<&'static str>,
    page: Option<u8>,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Refusal {
    code: u16,
    echo: String,
}

#[derive(Debug, Deserialize, PartialEq)]
struct Item {
    number: u64,
}

/// Every kind of argument and of answer.
#[keyway::api(vendor)]
trait Things {
    #[get("/echo/{owner}/x-{id}.json?fixed=1")]
    fn path(&self, id: u64, owner: &str) -> Sent;

    #[get("/echo")]
    #[header("accept", "text/csv")]
    fn query(
        &self,
        #[query] state: Option<State>,
        #[query("per_page")] size: Option<u8>,
        #[query] ids: &[u8],
        #[query] filter: Filter,
        #[header("x-request-id")] request: Option<&str>,
    ) -> Sent;

    #[post("/echo")]
    fn json(&self, #[body] body: &Value) -> Sent;

    #[put("/echo")]
    fn form(&self, #[body(form)] body: &[(&str, &str)]) -> Sent;

    #[patch("/echo")]
    fn bytes(&self, #[body(bytes)] body: Bytes, #[header("content-type")] kind: &str) -> Sent;

    #[get("/echo/{id}?fixed=1")]
    fn of_another_shape(&self, id: &str) -> Item;

    #[get("/echo/{id}?fixed=1")]
    #[error(Refusal)]
    fn of_another_shape_or(&self, id: &str) -> Item;

    #[delete("/empty")]
    fn nothing(&self);

    #[get("/empty")]
    fn maybe(&self) -> Option<Sent>;

    #[head("/echo")]
    fn headers(&self) -> Response;

    #[get("/refuse")]
    fn raw(&self) -> Response;

    #[get("/refuse")]
    #[error(Refusal)]
    fn refused(&self) -> Sent;

    #[delete("/odd")]
    #[error(Refusal)]
    fn odd(&self);

    #[get("/items")]
    #[paginate]
    fn items(&self) -> Vec<Item>;

    /// Methods may build on each other.
    fn first(&self) -> impl Future<Output = keyway::Result<Option<Item>>> + Send
    where
        Self: Sync,
    {
        async { Ok(self.items().next().await?.and_then(|page| page.into_iter().next())) }
    }
}

/// Echoes, refuses, and has a list of two pages.
#[derive(Debug)]
struct Echo;

impl Transport for Echo {
    fn send<'a>(&'a self, request: http::Request<Body>, _: &'a Egress) -> BoxFuture<'a, keyway::Result<Response>> {
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = body.collect(1000).await?;
            let target = head.uri.path_and_query().unwrap().as_str();
            let (status, answer) = match head.uri.path() {
                "/empty" => (204, String::new()),
                "/refuse" => (422, json!({"code": 7, "echo": head.headers["x-key"].to_str().unwrap()}).to_string()),
                "/odd" => (500, "<html>".to_owned()),
                "/items" if target.contains("page=2") => (200, r#"[{"number": 3}]"#.to_owned()),
                "/items" => (200, r#"[{"number": 1}, {"number": 2}]"#.to_owned()),
                _ => (200, echo(&head, target, &body)),
            };
            let mut response = http::Response::builder().status(status);
            if target == "/items" {
                response = response.header("link", "</items?page=2>; rel=\"next\"");
            }
            Ok(response.body(Body::full(answer)).unwrap())
        })
    }
}

fn echo(head: &http::request::Parts, target: &str, body: &[u8]) -> String {
    let headers = head.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
    let headers: BTreeMap<&str, &str> = headers.collect();
    let body = String::from_utf8_lossy(body);
    json!({"method": head.method.as_str(), "target": target, "headers": headers, "body": body}).to_string()
}

#[tokio::test]
async fn a_value_of_the_path_stays_inside_its_segment() {
    let client = vendor::client(Echo).await;
    for (owner, expected) in [
        ("o", "/echo/o/x-7.json?fixed=1"),
        ("a b/c?d#e%2e", "/echo/a%20b%2Fc%3Fd%23e%252e/x-7.json?fixed=1"),
        ("\u{fc}", "/echo/%C3%BC/x-7.json?fixed=1"),
        ("12:a@b!$&'()*+,;=", "/echo/12:a@b!$&'()*+,;=/x-7.json?fixed=1"),
    ] {
        assert_eq!(client.path(7, owner).await.unwrap().target, expected);
    }
    for (owner, expected) in [
        ("", "`owner` must not be empty: it is a part of the path"),
        ("..", "`owner` must not be `.` or `..`"),
        (".", "`owner` must not be `.` or `..`"),
    ] {
        let error = client.path(7, owner).await.unwrap_err();
        assert_eq!((error.kind(), error.message()), (ErrorKind::InvalidValue, expected));
        assert_eq!(error.evidence().sent, Some(false));
    }
}

#[tokio::test]
async fn queries_and_headers_follow_the_shape_of_their_values() {
    let client = vendor::client(Echo).await;
    let filter = Filter { labels: vec!["a", "b c"], page: Some(2) };
    let sent = client.query(Some(State::Open), None, &[1, 2], filter, Some("r-1")).await.unwrap();
    assert_eq!(sent.target, "/echo?state=open&ids=1&ids=2&labels=a&labels=b+c&page=2");
    assert_eq!((sent.headers["accept"].as_str(), sent.headers["x-request-id"].as_str()), ("text/csv", "r-1"));
    assert_eq!(sent.headers["x-key"], "vendor-key-canary");

    let sent = client.query(None, Some(5), &[], Filter { labels: vec![], page: None }, None).await.unwrap();
    assert_eq!(sent.target, "/echo?per_page=5");
    assert_eq!(sent.headers.get("x-request-id"), None);
}

#[tokio::test]
async fn bodies_are_json_a_form_or_bytes() {
    let client = vendor::client(Echo).await;
    let kind = |sent: &Sent| sent.headers.get("content-type").cloned().unwrap_or_default();
    let sent = client.json(&json!({"a": [1]})).await.unwrap();
    assert_eq!(
        (sent.method.as_str(), sent.body.as_str(), kind(&sent).as_str()),
        ("POST", r#"{"a":[1]}"#, "application/json")
    );
    let sent = client.form(&[("a", "x y"), ("a", "&")]).await.unwrap();
    let expected = ("PUT", "a=x+y&a=%26", "application/x-www-form-urlencoded");
    assert_eq!((sent.method.as_str(), sent.body.as_str(), kind(&sent).as_str()), expected);
    let sent = client.bytes(Bytes::from_static(b"1,2"), "text/csv").await.unwrap();
    assert_eq!((sent.method.as_str(), sent.body.as_str(), kind(&sent).as_str()), ("PATCH", "1,2", "text/csv"));
}

#[tokio::test]
async fn an_answer_may_be_nothing_or_the_response_itself() {
    let client = vendor::client(Echo).await;
    client.nothing().await.unwrap();
    assert!(client.maybe().await.unwrap().is_none());
    assert_eq!(client.headers().await.unwrap().status(), 200);
    let refused = client.raw().await.unwrap();
    assert_eq!(refused.status(), 422);
    assert!(refused.into_body().collect(1000).await.unwrap().starts_with(b"{"));
}

#[tokio::test]
async fn an_answer_of_another_shape_names_the_endpoint_and_no_value_of_it() {
    let client = vendor::client(Echo).await;
    let expected = "vendor: GET /echo/{id}: the answer: the member `number` is missing (status 200)";
    let error = client.of_another_shape("path-canary").await.unwrap_err();
    assert_eq!((error.kind(), error.to_string().as_str()), (ErrorKind::UnexpectedAnswer, expected));
    assert_eq!(error.evidence().endpoint.as_deref(), Some("GET /echo/{id}"));
    assert!(!format!("{error:?}").contains("canary"), "{error:?}");
    let error = client.of_another_shape_or("path-canary").await.unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn a_refusal_in_the_expected_shape_is_typed_and_holds_no_secret() {
    let client = vendor::client(Echo).await;
    let error = client.refused().await.unwrap_err();
    assert_eq!(error.body(), Some(&Refusal { code: 7, echo: "***".to_owned() }));
    assert_eq!((error.error().kind(), error.error().evidence().status), (ErrorKind::Refused, Some(422)));
    assert!(!format!("{error:?} {error}").contains("canary"), "{error:?}");

    let error = client.odd().await.unwrap_err();
    assert!(matches!(&error, CallError::Other(error) if error.evidence().status == Some(500)), "{error:?}");
    let error: keyway::Error = error.into();
    assert_eq!(error.evidence().body.as_deref(), Some("<html>"));
}

#[tokio::test]
async fn pages_are_asked_for_or_streamed_or_both() {
    let client = vendor::client(Echo).await;
    let item = |number| Item { number };
    let mut pages = client.items();
    assert_eq!(pages.next().await.unwrap(), Some(vec![item(1), item(2)]));
    let mut pages = pin!(pages);
    let streamed = std::future::poll_fn(|context| pages.as_mut().poll_next(context)).await;
    assert_eq!(streamed.unwrap().unwrap(), [item(3)]);
    assert!(std::future::poll_fn(|context| pages.as_mut().poll_next(context)).await.is_none());

    assert_eq!(client.items().collect(3).await.unwrap().len(), 3);
    assert_eq!(client.items().collect(2).await.unwrap_err().message(), "the list has more than 2 items");
    assert_eq!(client.first().await.unwrap(), Some(item(1)));
}

/// Code that knows the trait only, and sends its future to another thread.
async fn generic<A: Things + Send + Sync + 'static>(api: A) -> u64 {
    let task = tokio::spawn(async move {
        let owner = String::from("o");
        let sent = api.path(1, &owner).await.unwrap();
        let mut pages = api.items();
        pages.next().await.unwrap().unwrap();
        sent.target.len() as u64 + pages.next().await.unwrap().unwrap()[0].number
    });
    task.await.unwrap()
}

#[tokio::test]
async fn futures_can_be_sent_from_generic_code() {
    let client = vendor::client(Echo).await;
    assert_eq!(generic(client).await, "/echo/o/x-1.json?fixed=1".len() as u64 + 3);
}
