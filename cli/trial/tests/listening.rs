//! The stand-in on a real socket.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway_simulator::{ConsentDecision, EndpointKind, InjectedFault, SimulatedAccount, Simulator};
use keyway_spec::template::{Node, Position, Reference, Root, Template};
use keyway_spec::{Auth, ProviderSpec, Proxy};
use keyway_trial::listen::{SharedVendor, VendorFace, listen};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const KEY: Node = Node::Reference(Reference { root: Root::Credentials, path: "apiKey", position: Position::Text });

static ACME: ProviderSpec = ProviderSpec {
    auth: Auth::ApiKey,
    proxy: Some(Proxy {
        base_url: Template::Text("https://api.acme.example"),
        headers: &[("x-api-key", Template::Nodes(&[KEY]))],
        ..Proxy::EMPTY
    }),
    ..ProviderSpec::EMPTY
};

/// A vendor that listens, until the test ends.
async fn vendor() -> (SharedVendor, String) {
    let mut account = SimulatedAccount::default();
    account.credentials.insert("apiKey".to_owned(), "key-of-the-customer".to_owned());
    let vendor = Arc::new(Mutex::new(Simulator::new(&ACME, account).unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let face = VendorFace::new(Arc::clone(&vendor), || 1_767_323_045_000);
    tokio::spawn(listen(face, listener));
    (vendor, address)
}

/// Sends bytes, and reads until the connection ends.
async fn exchange(address: &str, request: &str) -> String {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer)).await;
    // A connection that is reset has ended, too.
    drop(read.expect("the connection ends"));
    String::from_utf8(answer).unwrap()
}

fn get(key: &str) -> String {
    format!(
        "GET /v1/me HTTP/1.1\r\nHost: api.acme.example\r\nUser-Agent: test\r\nx-api-key: {key}\r\nConnection: close\r\n\r\n"
    )
}

#[tokio::test]
async fn a_request_to_a_mapped_host_is_checked_and_answered_by_the_simulator() {
    let (vendor, address) = vendor().await;
    for (key, status) in [("key-of-the-customer", "200"), ("another", "401")] {
        let answer = exchange(&address, &get(key)).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    }
    let vendor = vendor.lock().unwrap();
    let seen: Vec<(&str, u16)> = vendor.requests().iter().map(|seen| (seen.url.as_str(), seen.status)).collect();
    assert_eq!(seen, [("https://api.acme.example/v1/me", 200), ("https://api.acme.example/v1/me", 401)]);
}

#[tokio::test]
async fn an_answer_that_is_cut_says_its_length_and_ends_before_it() {
    let (vendor, address) = vendor().await;
    vendor.lock().unwrap().next(EndpointKind::Call, InjectedFault::CutShort);
    let cut = exchange(&address, &get("key-of-the-customer")).await;
    let whole = exchange(&address, &get("key-of-the-customer")).await;
    let (head, body) = cut.split_once("\r\n\r\n").unwrap();
    let (_, all) = whole.split_once("\r\n\r\n").unwrap();
    assert!(head.contains(&format!("content-length: {}", all.len())), "{head}");
    assert_eq!(body, &all[..all.len() / 2]);
}

#[tokio::test]
async fn a_slow_answer_comes_after_its_delay() {
    let (vendor, address) = vendor().await;
    vendor.lock().unwrap().next(EndpointKind::Call, InjectedFault::Slow(300));
    let begun = Instant::now();
    let answer = exchange(&address, &get("key-of-the-customer")).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(begun.elapsed() >= Duration::from_millis(300), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn requests_that_no_vendor_could_read_are_refused_with_the_reason() {
    let (_vendor, address) = vendor().await;
    let long = "x".repeat((1 << 20) + 1);
    for (request, status, reason) in [
        ("GET /v1/me HTTP/1.0\r\n\r\n".to_owned(), "400", "the request has no `Host`"),
        (
            format!(
                "POST / HTTP/1.1\r\nHost: api.acme.example\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{long}",
                long.len()
            ),
            "413",
            "longer than 1048576 bytes",
        ),
    ] {
        let answer = exchange(&address, &request).await;
        assert_eq!(answer.split(' ').nth(1), Some(status), "{answer}");
        assert!(answer.starts_with("HTTP/1.") && answer.contains(reason), "{answer}");
    }
}

#[test]
fn a_customer_approves_unless_the_next_decision_is_another_one() {
    let mut vendor = Simulator::new(&ACME, SimulatedAccount::default()).unwrap();
    assert_eq!(vendor.next_decision(), ConsentDecision::Approve);
    vendor.decide_next(ConsentDecision::Deny);
    assert_eq!(vendor.next_decision(), ConsentDecision::Deny);
}
