//! Each answer that a token endpoint can give to a refresh, over real sockets: what is stored, what is sent again, what
//! the error says, and whether the connection recovers when the vendor does.
//!
//! The rows are those of the table in the module documentation of `keyway::refresh` and in `docs/http.md`.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

mod support;

use keyway::ConnectionQuery;
use keyway::clock::Timestamp;
use keyway::credentials::{Credentials, Token};
use keyway::integration::IntegrationRecord;
use keyway::{Catalogue, ConnectionKey, EgressPolicy, ErrorKind, Keyway};
use keyway_spec::ProviderSpec;
use keyway_spec::quirks::{Quirks, UnknownOutcome};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use support::{Hand, oauth2};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const GRANTED: &str = r#"{"access_token":"new","refresh_token":"rt-2","expires_in":3600}"#;

/// An endpoint's reaction to a request.
#[derive(Clone, Debug)]
enum Act {
    /// Writes these bytes and closes.
    Write(Vec<u8>),
    /// Resets the connection.
    Reset,
    /// Keeps it open and says nothing.
    Silent,
}

/// The next step.
#[derive(Clone, Copy, Debug)]
enum Then {
    Stored,
    /// Reconnect needed, with this code.
    Gone(&'static str),
    /// Refused and the grant good, with this code; tried again after the backoff.
    Refused(Option<&'static str>),
    /// Turned away; tried again after so many seconds.
    Wait(i64),
    /// Sent again within seconds, and then after a backoff.
    Again,
}

fn http(status: u16, headers: &str, body: impl AsRef<[u8]>) -> Act {
    let body = body.as_ref();
    let head = format!("HTTP/1.1 {status} x\r\n{headers}content-length: {}\r\nconnection: close\r\n\r\n", body.len());
    Act::Write([head.as_bytes(), body].concat())
}

fn raw(text: &str) -> Act {
    Act::Write(text.as_bytes().to_vec())
}

fn rows() -> Vec<(&'static str, Act, Then)> {
    let json = |status, body: &str| http(status, "content-type: application/json\r\n", body);
    let many = "x: x\r\n".repeat(500);
    let mut rows = vec![
        ("a readable success", json(200, GRANTED), Then::Stored),
        ("a success as a form", http(200, "", "access_token=new&refresh_token=rt-2&expires_in=3600"), Then::Stored),
        ("a token beside errors", json(200, &GRANTED.replace('{', r#"{"errors":[],"status":"error","#)), Then::Stored),
        ("invalid_grant", json(400, r#"{"error":"invalid_grant"}"#), Then::Gone("invalid_grant")),
        ("invalid_grant with 401", json(401, r#"{"error":"invalid_grant"}"#), Then::Gone("invalid_grant")),
        ("invalid_grant with 500", json(500, r#"{"error":"invalid_grant"}"#), Then::Gone("invalid_grant")),
        ("invalid_grant with 200", json(200, r#"{"error":"invalid_grant"}"#), Then::Gone("invalid_grant")),
        ("invalid_grant in a list", json(200, r#"{"errors":["invalid_grant"]}"#), Then::Gone("invalid_grant")),
        ("the entry's own code", json(200, r#"{"ok":false,"error":"token_spent"}"#), Then::Gone("token_spent")),
        ("the entry's own number", json(200, r#"{"errcode":4711,"errmsg":"spent"}"#), Then::Gone("4711")),
        ("invalid_client", json(401, r#"{"error":"invalid_client"}"#), Then::Refused(Some("invalid_client"))),
        ("invalid_request", json(400, r#"{"error":"invalid_request"}"#), Then::Refused(Some("invalid_request"))),
        ("a firewall's page", http(403, "", "<html>denied</html>"), Then::Refused(None)),
        ("404", http(404, "", ""), Then::Refused(None)),
        ("a refusal: errors", json(200, r#"{"errors":[{"code":"E1"}]}"#), Then::Refused(Some("E1"))),
        ("a refusal: errcode", json(200, r#"{"errcode":42}"#), Then::Refused(Some("42"))),
        ("a refusal: status", json(200, r#"{"status":"error"}"#), Then::Refused(None)),
        ("a refusal: code, message", json(200, r#"{"code":7,"message":"no"}"#), Then::Refused(Some("7"))),
        ("a refusal: ok", json(200, r#"{"ok":false}"#), Then::Refused(None)),
        ("429 with a wait", http(429, "retry-after: 90\r\n", ""), Then::Wait(90)),
        ("429 without", json(429, r#"{"error":"slow_down"}"#), Then::Wait(30)),
        ("503 with a wait", http(503, "retry-after: 7\r\n", "<html>"), Then::Wait(7)),
        (
            "503 with a date",
            http(503, "date: Tue, 14 Nov 2023 22:00:00 GMT\r\nretry-after: Tue, 14 Nov 2023 22:00:45 GMT\r\n", ""),
            Then::Wait(45),
        ),
        ("503 without", http(503, "", ""), Then::Again),
        ("408", http(408, "", ""), Then::Again),
        ("425", http(425, "", ""), Then::Again),
        ("500", http(500, "", "oops"), Then::Again),
        ("502", http(502, "content-type: text/html\r\n", "<html>Bad gateway</html>"), Then::Again),
        ("504", http(504, "", ""), Then::Again),
        ("502 with a token in it", json(502, GRANTED), Then::Again),
        ("301", http(301, "location: /elsewhere\r\n", ""), Then::Again),
        ("307", http(307, "location: /elsewhere\r\n", ""), Then::Again),
        ("a page with 200", http(200, "content-type: text/html\r\n", "<html>maintenance</html>"), Then::Again),
        ("an empty 200", http(200, "", ""), Then::Again),
        ("an object without a token", json(200, "{}"), Then::Again),
        ("204", raw("HTTP/1.1 204 x\r\nconnection: close\r\n\r\n"), Then::Again),
        ("a cut 200", raw("HTTP/1.1 200 x\r\ncontent-length: 500\r\n\r\n{\"access_token\":\"n"), Then::Again),
        ("a cut 502", raw("HTTP/1.1 502 x\r\ncontent-length: 50\r\n\r\nx"), Then::Again),
        ("a cut object", json(200, r#"{"access_token":"n"#), Then::Again),
        ("no HTTP at all", raw("hello\r\n\r\n"), Then::Again),
        ("headers without end", raw(&format!("HTTP/1.1 200 x\r\n{many}content-length: 0\r\n\r\n")), Then::Again),
        ("a closed connection", raw(""), Then::Again),
        ("a reset", Act::Reset, Then::Again),
        ("silence", Act::Silent, Then::Again),
        ("an unknown coding", http(200, "content-encoding: zstd\r\n", [0x28, 0xb5, 0x2f, 0xfd]), Then::Again),
        ("a broken gzip", http(200, "content-encoding: gzip\r\n", [0x1f, 0x8b, 8, 0]), Then::Again),
    ];
    if cfg!(feature = "decompress") {
        for (coding, hexadecimal) in [
            (
                "gzip",
                "1f8b0800000000000203ab564a4c4e4e2d2e8e2fc9cf4ecd53b252ca4b2d57d2512a4a4d2b4a2dce808b1695e81a0185532b0a3281e2f1994031633303835a000f0202883f000000",
            ),
            (
                "deflate",
                "789cab564a4c4e4e2d2e8e2fc9cf4ecd53b252ca4b2d57d2512a4a4d2b4a2dce808b1695e81a0185532b0a3281e2f1994031633303835a00c2211542",
            ),
            (
                "br",
                "0b1f807b226163636573735f746f6b656e223a226e6577222c22726566726573685f746f6b656e223a2272742d32222c22657870697265735f696e223a333630307d03",
            ),
        ] {
            let body = data(hexadecimal);
            rows.push((coding, http(200, &format!("content-encoding: {coding}\r\n"), body), Then::Stored));
        }
    }
    rows
}

fn data(hexadecimal: &str) -> Vec<u8> {
    let digits: Vec<u32> = hexadecimal.chars().map(|digit| digit.to_digit(16).unwrap()).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap()).collect()
}

/// An endpoint that does `act` to its first `times` requests, and grants the others.
async fn endpoint(act: Act, times: usize) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (act, count) = (act.clone(), Arc::clone(&count));
            tokio::spawn(async move { answer(stream, &act, times, &count).await });
        }
    });
    (address, asked)
}

async fn answer(mut stream: TcpStream, act: &Act, times: usize, count: &AtomicUsize) {
    let (mut request, mut chunk) = (Vec::new(), [0; 4096]);
    while !String::from_utf8_lossy(&request).contains("refresh_token=rt-1") {
        match stream.read(&mut chunk).await {
            Ok(read) if read > 0 => request.extend_from_slice(&chunk[..read]),
            _ => return,
        }
    }
    let granted = http(200, "", GRANTED);
    let act = if count.fetch_add(1, Ordering::SeqCst) < times { act } else { &granted };
    match act {
        Act::Write(bytes) => {
            let _left = stream.write_all(bytes).await;
            let _left = stream.shutdown().await;
        }
        Act::Reset => stream.set_zero_linger().unwrap(),
        Act::Silent => std::future::pending().await,
    }
}

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

async fn connected(address: SocketAddr, clock: &Hand, policy: Option<UnknownOutcome>, limit: Duration) -> Keyway {
    static QUIRKS: Quirks = Quirks { invalid_grant_codes: &["token_spent", "4711"], ..Quirks::EMPTY };
    let spec: &'static ProviderSpec = Box::leak(Box::new(ProviderSpec { quirks: Some(&QUIRKS), ..*oauth2(address) }));
    let mut record =
        IntegrationRecord::without_scopes("acme", spec.key).client_id("client").client_secret("client-secret-canary");
    record.unknown_outcome = policy;
    let keyway = Keyway::builder()
        .catalogue([spec].into_iter().collect::<Catalogue>())
        .clock(clock.clone())
        .egress(EgressPolicy::default().allow_private(true).allow_http(true))
        .integration_record(record)
        .refresh_timeout(limit)
        .build()
        .unwrap();
    let token = Token::new("old")
        .refresh(keyway::Secret::from("rt-1"))
        .expires_at(Timestamp::from_second(1_600_000_000).unwrap());
    let credentials = Credentials::default().token(token);
    keyway.import_unverified(key(), BTreeMap::new(), serde_json::Map::new(), credentials).await.unwrap();
    keyway
}

/// A limit that only silence meets.
fn limit(act: &Act) -> Duration {
    if matches!(act, Act::Silent) { Duration::from_secs(3) } else { Duration::from_secs(20) }
}

async fn is_stored(keyway: &Keyway, name: &str) {
    let connection = keyway.fetch(&key()).await.unwrap_or_else(|error| panic!("{name}: {error}"));
    let token = connection.credentials.token.unwrap();
    assert_eq!((token.access.expose(), token.refresh.unwrap().expose()), ("new", "rt-2"), "{name}");
    assert!(!connection.refresh.exhausted && connection.refresh.unanswered == 0, "{name}");
}

/// The endpoint answers so for a while; then it is well again.
async fn row(name: &'static str, act: Act, then: Then) {
    let times = if matches!(then, Then::Again) { 2 } else { 1 };
    let (limit, clock) = (limit(&act), Hand::new());
    let (address, asked) = endpoint(act, times).await;
    let keyway = connected(address, &clock, None, limit).await;
    let asked = || asked.load(Ordering::SeqCst);
    if matches!(then, Then::Stored) {
        is_stored(&keyway, name).await;
        assert_eq!(asked(), 1, "{name}");
        return;
    }
    let error = keyway.fetch(&key()).await.unwrap_err();
    assert_eq!(asked(), times, "{name}: {error}");
    assert_eq!(error.evidence().sent, Some(true), "{name}: {error}");
    assert!(!format!("{error:?} {error}").contains("canary"), "{name}: {error:?}");
    let needed = keyway.list_connections(ConnectionQuery::first(1)).await.unwrap()[0].reconnect_needed;
    assert_eq!(needed, matches!(then, Then::Gone(_)), "{name}: {error}");
    let code = error.evidence().oauth_error.as_deref();
    let pause = match then {
        Then::Stored => return,
        Then::Gone(expected) => {
            assert_eq!((error.kind(), code), (ErrorKind::ReconnectNeeded, Some(expected)), "{name}: {error}");
            clock.advance(86_400);
            let error = keyway.fetch(&key()).await.unwrap_err();
            assert_eq!((error.kind(), asked()), (ErrorKind::ReconnectNeeded, 1), "{name}: nothing more is sent");
            keyway.refresh(&key()).await.unwrap_or_else(|error| panic!("{name}: by hand: {error}"));
            return is_stored(&keyway, name).await;
        }
        Then::Refused(expected) => {
            assert_eq!((error.kind(), code), (ErrorKind::TokenRefused, expected), "{name}: {error}");
            30
        }
        Then::Wait(told) => told,
        Then::Again => {
            assert!(error.to_string().contains("the outcome is unknown"), "{name}: {error}");
            30
        }
    };
    assert_eq!(error.evidence().wait, Some(Duration::from_secs(pause.unsigned_abs())), "{name}: {error}");
    clock.advance(pause - 1);
    assert_eq!(keyway.fetch(&key()).await.unwrap_err().kind(), ErrorKind::RefreshBackoff, "{name}");
    assert_eq!(asked(), times, "{name}: not before its time");
    clock.advance(1);
    is_stored(&keyway, name).await;
    assert_eq!(asked(), times + 1, "{name}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_answer_says_what_it_says_and_the_connection_recovers_when_the_vendor_does() {
    let mut tasks = tokio::task::JoinSet::new();
    for (name, act, then) in rows() {
        tasks.spawn(row(name, act, then));
    }
    tasks.join_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_an_unknown_outcome_the_second_sending_saves_the_call() {
    let mut tasks = tokio::task::JoinSet::new();
    for (name, act, _) in rows().into_iter().filter(|(_, _, then)| matches!(then, Then::Again)) {
        tasks.spawn(async move {
            let limit = limit(&act);
            let (address, asked) = endpoint(act, 1).await;
            let keyway = connected(address, &Hand::new(), None, limit).await;
            let begun = std::time::Instant::now();
            is_stored(&keyway, name).await;
            assert_eq!(asked.load(Ordering::SeqCst), 2, "{name}");
            assert!(begun.elapsed() < Duration::from_secs(30), "{name}: the second came after {:?}", begun.elapsed());
        });
    }
    tasks.join_all().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_an_unknown_outcome_is_final_nothing_is_sent_again() {
    let mut tasks = tokio::task::JoinSet::new();
    for (name, act, then) in rows() {
        tasks.spawn(async move {
            let (limit, clock) = (limit(&act), Hand::new());
            let (address, asked) = endpoint(act, 1).await;
            let keyway = connected(address, &clock, Some(UnknownOutcome::Final), limit).await;
            let outcome = keyway.fetch(&key()).await;
            let needed = keyway.list_connections(ConnectionQuery::first(1)).await.unwrap()[0].reconnect_needed;
            assert_eq!(needed, matches!(then, Then::Again | Then::Gone(_)), "{name}: {outcome:?}");
            if matches!(then, Then::Again) {
                assert_eq!(outcome.unwrap_err().kind(), ErrorKind::ReconnectNeeded, "{name}");
                clock.advance(86_400);
                assert_eq!(keyway.fetch(&key()).await.unwrap_err().kind(), ErrorKind::ReconnectNeeded, "{name}");
                assert_eq!(asked.load(Ordering::SeqCst), 1, "{name}");
                // An operator may try once more by hand.
                keyway.refresh(&key()).await.unwrap_or_else(|error| panic!("{name}: by hand: {error}"));
                is_stored(&keyway, name).await;
            }
        });
    }
    tasks.join_all().await;
}
