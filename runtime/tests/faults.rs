//! Failures around a token, each once: nothing is lost but what is reported, and the error says what happened
//! and whether the request was sent.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

#[macro_use]
#[path = "support/delegate.rs"]
mod delegate;
mod support;

use keyway::clock::Timestamp;
use keyway::connection::{Connection, ConnectionKey};
use keyway::credentials::{Credentials, Token};
use keyway::egress::Egress;
use keyway::integration::IntegrationRecord;
use keyway::store::{ConnectionListing, Memory, Store, Ticket};
use keyway::transport::{Body, BoxFuture, Transport};
use keyway::{Catalogue, EgressPolicy, Error, ErrorKind, Keyway, Result, Stage};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use support::{Hand, Mock, get, keyway, oauth2, reply};

const START: i64 = 1_700_000_000;

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

/// A token that dies `seconds` after the clock's start, with `rt-canary` to renew it.
async fn import(keyway: &Keyway, seconds: i64) {
    let token = Token::new("at-canary")
        .refresh(keyway::Secret::from("rt-canary"))
        .expires_at(Timestamp::from_second(START + seconds).unwrap());
    let credentials = Credentials::default().token(token);
    let (config, metadata) = (std::collections::BTreeMap::new(), serde_json::Map::new());
    keyway.import_unverified(key(), config, metadata, credentials).await.unwrap();
}

fn token(connection: Connection) -> (String, Option<i64>) {
    let token = connection.credentials.token.unwrap();
    (token.access.expose().to_owned(), token.expires_at.map(|at| at.as_second() - START))
}

#[tokio::test]
async fn answers_that_grant_a_token_in_an_odd_way_are_read() {
    for (body, expected) in [
        (r#"{"access_token":"new","expires_in":3600}"#, Some(3600)),
        (r#"{"access_token":"new","expires_in":"3600"}"#, Some(3600)),
        (r#"{"access_token":"new","expires_at":"1700003600"}"#, Some(3600)),
        (r#"{"access_token":"new","expires_at":1700003600000}"#, Some(3600)),
        (r#"{"access_token":"new"}"#, None),
        ("access_token=new&expires_in=3600&token_type=bearer", Some(3600)),
        ("\u{feff}{\"access_token\":\"new\"}", None),
    ] {
        let mock = Mock::start(move |_| reply(200, body)).await;
        let keyway = keyway(oauth2(mock.address), &Hand::new());
        import(&keyway, -1).await;
        assert_eq!(token(keyway.fetch(&key()).await.unwrap()), ("new".to_owned(), expected), "{body}");
    }
}

#[tokio::test]
async fn answers_that_grant_nothing_are_errors_that_say_so_and_the_refresh_token_is_kept() {
    let (gone, refused) = (ErrorKind::ReconnectNeeded, ErrorKind::TokenRefused);
    for (status, body, kind, said) in [
        (400, r#"{"error":"invalid_grant","error_description":"rt-canary is used"}"#, gone, "invalid_grant"),
        (200, r#"{"error":"invalid_grant","ok":false}"#, gone, "invalid_grant"),
        (401, r#"{"error":"invalid_client"}"#, refused, "invalid_client"),
        (503, "try later", refused, "refused"),
        (302, "", refused, "redirected"),
    ] {
        let mock = Mock::start(move |_| reply(status, body).header("location", "https://elsewhere.test/")).await;
        let keyway = keyway(oauth2(mock.address), &Hand::new());
        import(&keyway, -1).await;
        let error = keyway.fetch(&key()).await.unwrap_err();
        assert_eq!((error.kind(), error.evidence().sent), (kind, Some(true)), "{error}");
        assert_eq!(error.evidence().status, Some(status));
        assert!(error.to_string().contains(said), "{error}");
        assert!(!format!("{error:?} {error}").contains("canary"), "{error:?}");
        let stored = keyway.store().connection(&key()).await.unwrap().unwrap();
        assert_eq!(stored.credentials.token.unwrap().refresh.unwrap().expose(), "rt-canary", "{body}");
    }
}

#[tokio::test]
async fn a_failure_does_not_cost_a_token_that_is_still_good() {
    let mock = Mock::start(|_| reply(500, "")).await;
    let clock = Hand::new();
    let keyway = keyway(oauth2(mock.address), &clock);
    import(&keyway, 60).await;
    clock.advance(50);
    assert_eq!(token(keyway.fetch(&key()).await.unwrap()), ("at-canary".to_owned(), Some(60)));
    assert!(!mock.seen().is_empty(), "it was due, and it was tried");
}

#[tokio::test]
async fn a_token_endpoint_that_is_down_was_sent_nothing_and_is_asked_again_later() {
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let clock = Hand::new();
    let keyway = keyway(oauth2(address), &clock);
    import(&keyway, -1).await;
    let error = keyway.fetch(&key()).await.unwrap_err();
    assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::Unreachable, Some(false)), "{error}");
    assert_eq!(keyway.fetch(&key()).await.unwrap_err().kind(), ErrorKind::RefreshBackoff);
    clock.advance(31);
    assert_eq!(keyway.fetch(&key()).await.unwrap_err().kind(), ErrorKind::Unreachable, "not given up");
}

/// A network on which nothing ever answers.
#[derive(Debug)]
struct Silent;

impl Transport for Silent {
    fn send<'a>(&'a self, _: http::Request<Body>, _: &'a Egress) -> BoxFuture<'a, Result<http::Response<Body>>> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_endpoint_that_never_answers_is_asked_twice_within_half_a_minute() {
    let keyway = on(Memory::new(), Some(Silent), "127.0.0.1:1".parse().unwrap(), &Hand::new());
    import(&keyway, -1).await;
    let begun = tokio::time::Instant::now();
    let told = keyway.fetch(&key()).await.unwrap_err();
    assert_eq!((begun.elapsed().as_secs(), told.kind()), (15, ErrorKind::RefreshBackoff), "a call is told, {told}");
    assert!(told.evidence().wait.is_some());
    let error = keyway.refresh(&key()).await.unwrap_err();
    assert_eq!(begun.elapsed().as_secs(), 12 + 2 + 12, "the renewal went on");
    assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::Timeout, Some(true)), "{error}");
    assert!(error.message().contains("did not answer within 12 seconds; the outcome is unknown"), "{error}");
}

/// A store that is away for the next so many writes of a connection.
#[derive(Debug)]
struct Away {
    writes: Arc<AtomicUsize>,
    inner: Memory,
}

impl Store for Away {
    fn put_connection(&self, connection: Connection, expected: Option<u64>) -> BoxFuture<'_, Result<u64>> {
        let away = self.writes.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)).is_ok();
        // The intent is written; what follows is not.
        if away && connection.refresh.intent.is_none() {
            return Box::pin(async {
                Err(Error::new(ErrorKind::StoreUnavailable, "the disk is full").stage(Stage::Store))
            });
        }
        self.inner.put_connection(connection, expected)
    }

    delegate_to_inner!();
}

fn on(store: impl Store, transport: Option<Silent>, address: std::net::SocketAddr, clock: &Hand) -> Keyway {
    let spec = oauth2(address);
    let record = IntegrationRecord::without_scopes("acme", spec.key).client_id("client").client_secret("secret");
    let builder = Keyway::builder()
        .store(store)
        .clock(clock.clone())
        .catalogue([spec].into_iter().collect::<Catalogue>())
        .egress(EgressPolicy::default().allow_private(true).allow_http(true))
        .integration_record(record);
    match transport {
        Some(silent) => builder.transport(silent).build().unwrap(),
        None => builder.build().unwrap(),
    }
}

#[tokio::test]
async fn what_was_granted_waits_for_a_store_that_is_away_for_a_while() {
    let mock = Mock::start(|_| reply(200, r#"{"access_token":"new","refresh_token":"rt-2","expires_in":3600}"#)).await;
    let writes = Arc::new(AtomicUsize::new(0));
    let store = Away { writes: Arc::clone(&writes), inner: Memory::new() };
    let keyway = on(store, None, mock.address, &Hand::new());
    import(&keyway, -1).await;
    // The intent is the first write, then three are refused.
    writes.store(4, Ordering::SeqCst);
    assert_eq!(token(keyway.fetch(&key()).await.unwrap()).0, "new");
    assert_eq!(mock.seen().len(), 1);
}

#[tokio::test]
async fn a_clock_that_jumps_neither_loses_a_token_nor_redeems_one_twice() {
    let mock = Mock::start(|seen| match seen.form().get("refresh_token").map(String::as_str) {
        Some("rt-canary") => reply(200, r#"{"access_token":"at-2","refresh_token":"rt-2","expires_in":3600}"#),
        Some("rt-2") => reply(200, r#"{"access_token":"at-3","refresh_token":"rt-3","expires_in":3600}"#),
        _ => reply(400, r#"{"error":"invalid_grant"}"#),
    })
    .await;
    let clock = Hand::new();
    let keyway = keyway(oauth2(mock.address), &clock);
    import(&keyway, -1).await;
    for (jump, expected) in [(0, "at-2"), (-86_400, "at-2"), (86_400, "at-2"), (365 * 86_400, "at-3")] {
        clock.advance(jump);
        assert_eq!(token(keyway.fetch(&key()).await.unwrap()).0, expected, "{jump}");
    }
    assert_eq!(mock.seen().len(), 2);
}

#[tokio::test]
async fn a_clock_put_back_does_not_make_a_failure_last() {
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let clock = Hand::new();
    let keyway = keyway(oauth2(address), &clock);
    import(&keyway, -1_000_000).await;
    assert_eq!(keyway.fetch(&key()).await.unwrap_err().kind(), ErrorKind::Unreachable);
    clock.advance(-86_400);
    assert_eq!(
        keyway.fetch(&key()).await.unwrap_err().kind(),
        ErrorKind::Unreachable,
        "not `refresh_backoff` for a day"
    );
}

#[tokio::test]
async fn a_call_whose_token_cannot_be_had_is_not_sent() {
    let mock = Mock::start(|_| reply(400, r#"{"error":"invalid_grant"}"#)).await;
    let keyway = keyway(oauth2(mock.address), &Hand::new());
    import(&keyway, -1).await;
    let error = keyway.send(&key(), get("/me"), None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReconnectNeeded);
    assert_eq!(mock.seen_at("/api/me").len(), 0);
}
