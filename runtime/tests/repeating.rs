//! Calls that fail and are tried again: by whose word, how often, and what an error says about it.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

#[path = "support/vendor.rs"]
mod vendor;

use http::{Method, Request, Response, StatusCode};
use keyway::client::{Client, Request as Asking};
use keyway::egress::Egress;
use keyway::provider::NoConfig;
use keyway::transport::{Body, BoxFuture, Transport};
use keyway::{Error, ErrorKind, Integration, Keyway};
use serde::Deserialize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use vendor::{Key, Vendor};

/// Fails once in the way that the path names, then answers with a list; counts what it gets.
#[derive(Debug, Default, Clone)]
struct Shaky(Arc<AtomicUsize>);

impl Transport for Shaky {
    fn send<'a>(&'a self, request: Request<Body>, _: &'a Egress) -> BoxFuture<'a, keyway::Result<Response<Body>>> {
        let first = self.0.fetch_add(1, Ordering::SeqCst) == 0;
        let path = request.uri().path().to_owned();
        Box::pin(async move {
            let answer = match path.as_str() {
                "/reset" if first => {
                    return Err(Error::new(ErrorKind::Unreachable, "the connection broke").sent(true));
                }
                "/refused" if first => {
                    return Err(Error::new(ErrorKind::Unreachable, "nothing listens").sent(false));
                }
                path if first && path.len() == 4 => Response::builder().status(&path[1..]).body(Body::full("no")),
                "/secrets" => Response::builder()
                    .status(403)
                    .header("retry-after", "7")
                    .header("x-echo", "key=vendor-key-canary")
                    .body(Body::full("vendor-key-canary")),
                _ => Response::builder().body(Body::full(r#"[{"number": 1}, {"number": null}]"#)),
            };
            Ok(answer.unwrap())
        })
    }
}

#[derive(Debug, Deserialize)]
#[allow(dead_code)] // only its shape counts
struct Issue {
    number: u64,
}

async fn client(transport: Shaky, retries: u32) -> Client<Vendor> {
    let builder = Keyway::builder().transport(transport).retries(retries);
    let keyway = builder.integration(Integration::<Vendor>::new("vendor")).build().unwrap();
    let vendor = keyway.integration::<Vendor>("vendor").unwrap();
    vendor.connect("user-1", NoConfig {}, Key("vendor-key-canary".into())).import().await.unwrap();
    vendor.client("user-1").await.unwrap()
}

/// The number of times that a client sends a call, given the retries of the builder and of the client.
async fn sent(
    told: (u32, Option<u32>),
    method: &str,
    path: &str,
    change: for<'c> fn(Asking<'c>) -> Asking<'c>,
) -> usize {
    let shaky = Shaky::default();
    let client = client(shaky.clone(), told.0).await;
    let client = told.1.map_or(client.clone(), |retries| client.retries(retries));
    let _ = change(client.request(Method::from_bytes(method.as_bytes()).unwrap(), path)).send().await;
    shaky.0.load(Ordering::SeqCst)
}

#[tokio::test(start_paused = true)]
async fn what_may_be_sent_twice_is_sent_twice() {
    for (told, method, path, expected) in [
        // Retries were not requested.
        ((0, None), "GET", "/500", 1),
        ((2, Some(0)), "GET", "/500", 1),
        // The builder's number, and the client's.
        ((2, None), "GET", "/500", 2),
        ((0, Some(2)), "GET", "/reset", 2),
        ((0, Some(2)), "DELETE", "/502", 2),
        // A POST may have been carried out, by an answer of 5xx and by none alike.
        ((0, Some(2)), "POST", "/500", 1),
        ((0, Some(2)), "POST", "/reset", 1),
        // It was not.
        ((0, Some(2)), "POST", "/429", 2),
        ((0, Some(2)), "POST", "/refused", 2),
        ((0, Some(2)), "GET", "/404", 1),
    ] {
        assert_eq!(sent(told, method, path, |call| call).await, expected, "{told:?} {method} {path}");
    }
    for path in ["/500", "/reset"] {
        assert_eq!(sent((0, Some(2)), "POST", path, |call| call.header("Idempotency-Key", "k1")).await, 2, "{path}");
        assert_eq!(sent((0, None), "POST", path, |call| call.retries(2)).await, 2, "{path}");
        assert_eq!(sent((2, Some(2)), "GET", path, |call| call.retries(0)).await, 1, "{path}");
    }
}

#[tokio::test(start_paused = true)]
async fn pages_follow_the_clients_retries() {
    let shaky = Shaky::default();
    let client = client(shaky.clone(), 0).await.retries(1);
    let page = client.get("/503").pages::<serde_json::Value>().next().await.unwrap().unwrap();
    assert_eq!((page.len(), shaky.0.load(Ordering::SeqCst)), (2, 2));
}

#[tokio::test]
async fn an_answer_of_another_shape_is_a_kind_of_its_own() {
    let client = client(Shaky::default(), 0).await;
    let error = client.get("/issues?page=2").json::<Vec<Issue>>().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedAnswer);
    assert_eq!(error.to_string(), "vendor: GET /issues: [1].number: expected u64, found null (status 200)");
    let page = client.get("/issues").pages::<Issue>().next().await.unwrap_err();
    assert_eq!((page.kind(), page.to_string()), (error.kind(), error.to_string()));
}

#[tokio::test]
async fn errors_answer_what_programs_ask() {
    let client = client(Shaky::default(), 0).await;
    let error = client.get("/secrets").text().await.unwrap_err();
    assert_eq!((error.status(), error.retry_after()), (Some(StatusCode::FORBIDDEN), Some(Duration::from_secs(7))));
    assert_eq!([&error.headers()["x-echo"], &error.headers()["retry-after"]], ["key=***", "7"]);
    assert!(!error.is_timeout() && !error.needs_reconnect());
    assert!(!format!("{error:?} {error}").contains("canary"));
    assert!(Error::new(ErrorKind::ReconnectNeeded, "x").needs_reconnect());
    assert!(Error::new(ErrorKind::Timeout, "x").is_timeout());
    assert!(Error::new(ErrorKind::Refused, "x").response(504, "").is_timeout());
    let plain = Error::new(ErrorKind::Internal, "x");
    assert!(plain.status().is_none() && plain.headers().is_empty() && plain.retry_after().is_none());
}
