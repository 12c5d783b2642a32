//! Answers that only their bodies tell to be errors (`keyway.errors`): calls, pages, typed calls, probes.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

mod support;

use bytes::Bytes;
use http::Method;
use http_body::Frame;
use keyway::credentials::{Credentials, Token};
use keyway::egress::Egress;
use keyway::fields::Trust;
use keyway::integration::IntegrationRecord;
use keyway::response::retry::wait_of;
use keyway::transport::{Body, BoxError, BoxFuture, Response, Transport};
use keyway::{Call, Catalogue, ConnectionKey, EgressPolicy, ErrorKind, Keyway};
use keyway_spec::proxy::{
    ErrorAnswer, Paginate, PaginateKind, RateLimit, RateLimitUsage, RetryInBody, StatusRange, Verification, WaitUnit,
};
use keyway_spec::{Entry, ProviderSpec, Proxy, Retry, Template, Value};
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use support::{Hand, Mock, api_key, get, keyway, oauth2, reply, template};

const SUCCESS: &[StatusRange] = &[StatusRange { first: 200, last: 299 }];
const BAD_REQUEST: &[StatusRange] = &[StatusRange { first: 400, last: 400 }];

const fn code(value: &'static str) -> [Entry; 1] {
    [Entry { name: "error.code", value: Value::Text(Template::Text(value)) }]
}

const EXPIRED: [Entry; 1] = code("token_expired");
const LAGGING: [Entry; 1] = code("maxlag");
const DOWN: [Entry; 1] = code("down");
const LIMITED: [Entry; 1] = code("RATELIMITED");
const FAILED: [Entry; 1] = [Entry { name: "ok", value: Value::Bool(false) }];

const fn error(statuses: &'static [StatusRange], when: &'static [Entry], counts_as: u16) -> ErrorAnswer {
    ErrorAnswer { statuses, has: None, when, counts_as }
}

const ERRORS: [ErrorAnswer; 6] = [
    error(SUCCESS, &EXPIRED, 401),
    error(SUCCESS, &LAGGING, 429),
    error(SUCCESS, &DOWN, 503),
    error(BAD_REQUEST, &LIMITED, 429),
    error(SUCCESS, &FAILED, 400),
    ErrorAnswer { statuses: SUCCESS, has: Some("errors"), when: &[], counts_as: 400 },
];

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

/// A provider whose answers may be errors by their bodies.
fn telling(spec: &ProviderSpec, change: impl FnOnce(Proxy) -> Proxy) -> &'static ProviderSpec {
    let proxy = change(Proxy { errors: &ERRORS, ..spec.proxy.unwrap() });
    Box::leak(Box::new(ProviderSpec { proxy: Some(proxy), ..*spec }))
}

async fn connected(spec: &'static ProviderSpec) -> Keyway {
    let keyway = keyway(spec, &Hand::new());
    let (config, metadata) = (BTreeMap::new(), serde_json::Map::new());
    keyway.import_unverified(key(), config, metadata, Credentials::api_key("key-canary")).await.unwrap();
    keyway
}

/// A server that answers once with an error, then with a success.
async fn failing_once(status: u16, body: &'static str) -> Mock {
    let failed = AtomicBool::new(false);
    Mock::start(move |_| {
        if failed.swap(true, Ordering::SeqCst) {
            return reply(200, r#"{"ok": true}"#);
        }
        reply(status, body).header("content-type", "application/json").header("retry-after", "0")
    })
    .await
}

#[tokio::test]
async fn a_call_is_tried_again_as_answers_of_the_status_are_that_the_body_counts_as() {
    let get = || Call::get("/things");
    let post = || {
        let mut call = Call::new(Method::POST, "/things");
        call.safe_retries = Some(2);
        call
    };
    for (status, body, call, requests) in [
        (200, r#"{"error": {"code": "maxlag"}}"#, get().retries(2), 2),
        (200, r#"{"error": {"code": "maxlag"}}"#, get(), 1),
        (200, r#"{"error": {"code": "another"}}"#, get().retries(2), 1),
        (200, r#"{"ok": false}"#, get().retries(2), 1),
        (200, r#"{"errors": [{"message": "no"}]}"#, get().retries(2), 1),
        (200, r#"{"ok": true, "errors": []}"#, get().retries(2), 1),
        (400, r#"{"error": {"code": "RATELIMITED"}}"#, get().retries(2), 2),
        (400, r#"{"error": {"code": "INVALID"}}"#, get().retries(2), 1),
        (422, r#"{"error": {"code": "RATELIMITED"}}"#, get().retries(2), 1),
        // A limit was not processed, so that a POST may be sent again.
        (200, r#"{"error": {"code": "maxlag"}}"#, post(), 2),
        (400, r#"{"error": {"code": "RATELIMITED"}}"#, post(), 2),
        (200, r#"{"error": {"code": "down"}}"#, get().retries(2), 2),
    ] {
        let mock = failing_once(status, body).await;
        let keyway = connected(telling(api_key(mock.address), |proxy| proxy)).await;
        let answer = keyway.send(&key(), call, None).await.unwrap();
        assert_eq!(mock.seen().len(), requests, "{status} {body}");
        let said = answer.into_body().collect(1 << 20).await.unwrap();
        assert_eq!(said, if requests == 2 { r#"{"ok": true}"# } else { body }, "{status}");
    }
}

/// A network that breaks off the first answer in its body, and answers the next request whole.
#[derive(Debug)]
struct BreaksOnce {
    status: u16,
    sent: Arc<AtomicUsize>,
}

/// A piece of JSON, then an error.
struct Cut(bool);

impl http_body::Body for Cut {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<std::result::Result<Frame<Bytes>, BoxError>>> {
        let was_cut = std::mem::replace(&mut self.0, true);
        Poll::Ready(Some(if was_cut { Err("cut".into()) } else { Ok(Frame::data(r#"{"error": "#.into())) }))
    }
}

impl Transport for BreaksOnce {
    fn send<'a>(&'a self, _: http::Request<Body>, _: &'a Egress) -> BoxFuture<'a, keyway::Result<Response>> {
        let is_first = self.sent.fetch_add(1, Ordering::SeqCst) == 0;
        let (status, body) =
            if is_first { (self.status, Body::stream(Cut(false))) } else { (200, Body::full(r#"{"ok": true}"#)) };
        let response = http::Response::builder().status(status).header("retry-after", "0").body(body).unwrap();
        Box::pin(std::future::ready(Ok(response)))
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_breaks_off_while_it_is_looked_at_is_a_try_that_failed() {
    const IN_BODY: Retry = Retry {
        in_body: Some(RetryInBody { path: "error.code", pattern: "in (\\d+)", unit: WaitUnit::Seconds }),
        ..Retry::EMPTY
    };
    let get = || Call::get("/things").retries(1);
    let post = || {
        let mut call = Call::new(Method::POST, "/things");
        call.safe_retries = Some(1);
        call
    };
    // What the caller gets: the status of the answer, or that the connection broke.
    for (status, retry, call, requests, expected) in [
        (200, Retry::EMPTY, get(), 2, Ok(200)),
        (200, Retry::EMPTY, Call::get("/things"), 1, Err(ErrorKind::Unreachable)),
        (200, Retry::EMPTY, post(), 1, Err(ErrorKind::Unreachable)),
        // It might have been a limit.
        (400, Retry::EMPTY, get(), 2, Ok(200)),
        (400, Retry::EMPTY, post(), 1, Ok(400)),
        // The status says enough: it was not processed.
        (429, IN_BODY, post(), 2, Ok(200)),
        (429, IN_BODY, Call::get("/things"), 1, Ok(429)),
        (500, IN_BODY, post(), 1, Ok(500)),
        (500, IN_BODY, get(), 2, Ok(200)),
    ] {
        let sent = Arc::new(AtomicUsize::new(0));
        let spec = telling(api_key("127.0.0.1:1".parse().unwrap()), |proxy| Proxy { retry, ..proxy });
        let keyway = Keyway::builder()
            .catalogue([spec].into_iter().collect::<Catalogue>())
            .transport(BreaksOnce { status, sent: Arc::clone(&sent) })
            .egress(EgressPolicy::default().allow_private(true).allow_http(true))
            .integration_record(IntegrationRecord::without_scopes("acme", spec.key))
            .build()
            .unwrap();
        let (config, metadata) = (BTreeMap::new(), serde_json::Map::new());
        keyway.import_unverified(key(), config, metadata, Credentials::api_key("key-canary")).await.unwrap();
        let answer = keyway.send(&key(), call, None).await;
        let told = answer.as_ref().map(|answer| answer.status().as_u16()).map_err(keyway::Error::kind);
        assert_eq!((sent.load(Ordering::SeqCst), told), (requests, expected), "{status} {requests}");
        match answer {
            Err(error) => assert_eq!((error.evidence().status, error.evidence().sent), (Some(status), Some(true))),
            Ok(answer) => {
                let whole = answer.into_body().collect(100).await;
                assert_eq!(whole.is_ok(), requests == 2, "what broke off is not taken for a whole: {whole:?}");
            }
        }
    }
}

#[tokio::test]
async fn an_answer_of_another_type_or_a_long_one_is_passed_on_unread() {
    let long: &'static str =
        Box::leak(format!(r#"{{"error": {{"code": "maxlag"}}, "x": "{}"}}"#, "x".repeat(1 << 17)).into());
    for (media_type, body) in [("text/event-stream", r#"{"error": {"code": "maxlag"}}"#), ("application/json", long)] {
        let mock = Mock::start(move |_| reply(200, body).header("content-type", media_type)).await;
        let keyway = connected(telling(api_key(mock.address), |proxy| proxy)).await;
        let answer = keyway.send(&key(), get("/things").retries(2), None).await.unwrap();
        assert_eq!((mock.seen().len(), answer.status().as_u16()), (1, 200), "{media_type}");
        assert_eq!(answer.into_body().collect(1 << 20).await.unwrap(), body, "{media_type}");
    }
}

#[tokio::test]
async fn the_wait_of_a_limit_is_told_at_any_status_and_the_limits_headers_count() {
    const RETRY: Retry = Retry {
        limits: &[RateLimit {
            usage: RateLimitUsage::Remaining { header: "x-left", list: false },
            reset: None,
            wait: Some(60),
        }],
        wait: Some(9),
        ..Retry::EMPTY
    };
    let limited = r#"{"error": {"code": "RATELIMITED"}}"#;
    for (status, body, left, expected) in [
        (400, limited, "0", Some(60)),
        (400, limited, "1", Some(9)),
        (400, r#"{"error": {"code": "INVALID"}}"#, "0", None),
        (200, r#"{"error": {"code": "maxlag"}}"#, "1", Some(9)),
        (200, r#"{"ok": true}"#, "0", None),
    ] {
        let mock = Mock::start(move |_| reply(status, body).header("x-left", left)).await;
        let spec = telling(api_key(mock.address), |proxy| Proxy { retry: RETRY, ..proxy });
        let answer = connected(spec).await.send(&key(), get("/things"), None).await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "as it came");
        assert_eq!(wait_of(answer.extensions()), expected.map(Duration::from_secs), "{status} {body} {left}");
    }
}

#[tokio::test]
async fn a_token_is_renewed_where_the_body_says_that_it_is_refused() {
    let mock = Mock::start(|seen| match (seen.path(), seen.header("authorization")) {
        ("/token", _) => reply(200, r#"{"access_token": "new", "refresh_token": "rt-2"}"#),
        (_, "Bearer new") => reply(200, r#"{"ok": true}"#),
        _ => reply(200, r#"{"ok": false, "error": {"code": "token_expired"}}"#),
    })
    .await;
    let keyway = keyway(telling(oauth2(mock.address), |proxy| proxy), &Hand::new());
    let credentials = Credentials::default().token(Token::new("old").refresh(keyway::Secret::from("rt-1")));
    let (config, metadata) = (BTreeMap::new(), serde_json::Map::new());
    keyway.import(key(), config, metadata, credentials, Trust::Operator).await.unwrap();
    let answer = keyway.send(&key(), get("/things"), None).await.unwrap();
    assert_eq!(answer.into_body().collect(100).await.unwrap(), r#"{"ok": true}"#);
    assert_eq!((mock.seen_at("/token").len(), mock.seen_at("/api/things").len()), (1, 2));
}

#[tokio::test]
async fn pages_stop_with_an_error_and_not_with_an_empty_list() {
    const BY_CURSOR: Paginate = Paginate {
        kind: PaginateKind::Cursor { name: "cursor", path: "next" },
        response_path: Some("members"),
        ..Paginate::EMPTY
    };
    let failed = r#"{"ok": false, "error": "not_in_channel: key-canary"}"#;
    let mock = Mock::start(move |seen| {
        let is_second = seen.target.contains("cursor=c2");
        reply(200, if is_second { failed } else { r#"{"ok": true, "members": [1], "next": "c2"}"# })
    })
    .await;
    let spec = telling(api_key(mock.address), |proxy| Proxy { paginate: Some(BY_CURSOR), ..proxy });
    let keyway = connected(spec).await;
    let mut pages = keyway.pages(&key(), get("/things"));
    assert_eq!(pages.next().await.unwrap().unwrap().len(), 1);
    let error = pages.next().await.unwrap_err();
    assert_eq!((error.kind(), error.evidence().status), (ErrorKind::Refused, Some(200)));
    assert!(error.message().contains("an error inside a success"), "{error}");
    assert!(!format!("{error:?} {error}").contains("canary"), "{error:?}");
}

#[tokio::test]
async fn a_probe_that_answers_an_error_proves_nothing() {
    for (body, message) in [
        (r#"{"ok": false, "error": {"code": "token_expired"}}"#, Some("does not accept this credential")),
        (r#"{"ok": false, "echo": "key-canary"}"#, Some("did not confirm the credential")),
        (r#"{"error": {"code": "maxlag"}}"#, Some("could not check the credential now")),
        (r#"{"ok": true}"#, None),
        ("", None),
    ] {
        let mock = Mock::start(move |_| reply(200, body)).await;
        let endpoints: &'static [Template] = Box::leak(Box::new([template("/auth.test")]));
        let probe = Some(Verification { endpoints, ..Verification::EMPTY });
        let spec = telling(api_key(mock.address), |proxy| Proxy { verification: probe, ..proxy });
        let keyway = keyway(spec, &Hand::new());
        let (config, metadata) = (BTreeMap::new(), serde_json::Map::new());
        let imported = keyway.import(key(), config, metadata, Credentials::api_key("key-canary"), Trust::User).await;
        let Some(message) = message else {
            imported.unwrap_or_else(|error| panic!("{body}: {error}"));
            continue;
        };
        let error = imported.unwrap_err();
        assert_eq!((error.kind(), error.evidence().status), (ErrorKind::NotVerified, Some(200)), "{body}");
        assert!(error.message().contains(message), "{error}");
        assert!(!format!("{error:?} {error}").contains("canary"), "{error:?}");
        assert_eq!(keyway.fetch(&key()).await.unwrap_err().kind(), ErrorKind::UnknownConnection);
    }
}
