//! The proxy as an intermediary (RFC 9110, RFC 9112): what of a request it passes on, what it refuses, and with which
//! answer. Requests are written to the socket byte by byte, because no client would send most of them.

use crate::setup::{SERVER_KEY, Server, start};
use keyway_tests::catalogue::{BODY, KEY};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long an answer may take on a busy machine.
const TIMEOUT: Duration = Duration::from_secs(30);

/// An answer as it came.
struct Raw {
    status: u16,
    head: String,
    body: String,
}

impl Raw {
    fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("no JSON: {} {}", self.head, self.body))
    }

    fn code(&self) -> String {
        self.json()["error"]["code"].as_str().unwrap_or_default().to_owned()
    }

    fn message(&self) -> String {
        self.json()["error"]["message"].as_str().unwrap_or_default().to_owned()
    }
}

fn address(server: &Server) -> String {
    server.browser.base().trim_start_matches("http://").to_owned()
}

/// Writes these bytes, says that nothing follows where `closes`, and reads until the server hangs up.
async fn raw(server: &Server, request: &[u8], closes: bool) -> Raw {
    let mut socket = TcpStream::connect(address(server)).await.unwrap();
    socket.write_all(request).await.unwrap();
    if closes {
        socket.shutdown().await.unwrap();
    }
    let mut answer = Vec::new();
    timeout(TIMEOUT, socket.read_to_end(&mut answer)).await.unwrap().unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    Raw { status, head: head.to_ascii_lowercase(), body: unchunked(head, body) }
}

fn unchunked(head: &str, body: &str) -> String {
    if !head.to_ascii_lowercase().contains("transfer-encoding: chunked") {
        return body.to_owned();
    }
    let (mut whole, mut rest) = (String::new(), body);
    while let Some((size, behind)) = rest.split_once("\r\n") {
        let size = usize::from_str_radix(size.trim(), 16).unwrap();
        whole.push_str(&behind[..size]);
        rest = behind.get(size + 2..).unwrap_or_default();
    }
    whole
}

/// A request of the connection `acme` with these further header lines.
fn request(method: &str, target: &str, integration: &str, lines: &str, body: &str) -> Vec<u8> {
    let own = format!(
        "host: keyway.test\r\nauthorization: Bearer {SERVER_KEY}\r\nprovider-config-key: {integration}\r\n\
         connection-id: acme\r\nconnection: close\r\n"
    );
    format!("{method} {target} HTTP/1.1\r\n{own}{lines}\r\n{body}").into_bytes()
}

async fn ready() -> Server {
    let server = start().await;
    server.key_connection("acme").await;
    server
}

#[tokio::test]
async fn a_path_arrives_as_it_was_sent_or_not_at_all() {
    let server = ready().await;
    for target in [
        "/echo/a%2F..%2fb/%e9",
        "/echo/a//b/",
        "/echo/..a/b../...",
        "/echo/:@!$&'()*+,;=|~",
        "/echo/x?q=%E9&flag&&'a'=/../&b[0]={1}&c=d+e",
        "/echo/x?",
    ] {
        let answer = raw(&server, &request("GET", &format!("/proxy{target}"), KEY, "", ""), false).await;
        assert_eq!(answer.json()["target"], format!("/api{target}"), "{}", answer.head);
    }
    let before = server.mock.requests();
    for target in [
        "/echo/a/../b",
        "/echo/..",
        "/echo/.",
        "/./echo",
        "/echo/%2e%2E",
        "/echo/.%2E/%2e./x",
        "/echo/%2E",
        "/echo\\x",
        "/..\\echo",
        "//echo",
        "/https://evil.example/../x",
    ] {
        for method in ["GET", "PUT", "DELETE"] {
            let answer = raw(&server, &request(method, &format!("/proxy{target}"), KEY, "", ""), false).await;
            assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_request"), "{target}");
            assert!(answer.message().contains("the endpoint"), "{target}: {}", answer.message());
        }
    }
    assert_eq!(server.mock.requests(), before, "a refused path reached the upstream");
}

#[tokio::test]
async fn a_switch_of_protocols_is_refused_and_an_offer_of_http_2_is_not_taken() {
    let server = ready().await;
    let before = server.mock.requests();
    let lines = "upgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    let answer = raw(&server, &request("GET", "/proxy/echo", KEY, lines, ""), false).await;
    assert_eq!((answer.status, answer.code().as_str()), (501, "unsupported"));
    assert!(answer.message().contains("`Upgrade`"), "{}", answer.message());
    assert_eq!(server.mock.requests(), before);
    let lines = "upgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAoAAAAAIAAAAA\r\n";
    let answer = raw(&server, &request("GET", "/proxy/echo", KEY, lines, ""), false).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    assert!(answer.json()["headers"].get("upgrade").is_none(), "{}", answer.body);
}

#[tokio::test]
async fn every_method_passes_its_body() {
    let server = ready().await;
    for method in ["PROPFIND", "PROPPATCH", "REPORT", "SEARCH", "QUERY", "OPTIONS", "MKCALENDAR", "LOCK", "X-OWN"] {
        for lines in [
            "content-length: 11\r\ncontent-type: text/xml\r\n",
            "transfer-encoding: chunked\r\ncontent-type: text/xml\r\n",
        ] {
            let body = if lines.contains("chunked") { "b\r\n<propfind/>\r\n0\r\n\r\n" } else { "<propfind/>" };
            let answer = raw(&server, &request(method, "/proxy/echo", KEY, lines, body), false).await;
            assert_eq!(answer.status, 200, "{method}: {}", answer.body);
            let echo = answer.json();
            assert_eq!((&echo["method"], &echo["body"]), (&json!(method), &json!("<propfind/>")));
            assert_eq!(echo["headers"]["content-type"], "text/xml");
        }
        let bare = raw(&server, &request(method, "/proxy/echo", KEY, "", ""), false).await;
        assert_eq!((bare.status, &bare.json()["length"]), (200, &json!(0)), "{method}");
    }
    for method in ["POST", "PUT", "PATCH"] {
        let answer = raw(&server, &request(method, "/proxy/echo", KEY, "", ""), false).await;
        assert_eq!(answer.json()["headers"]["content-length"], "0", "{method}");
    }
    let answer = raw(&server, &request("GET", "/proxy/echo", KEY, "content-length: 1\r\n", "x"), false).await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_request"));
}

#[tokio::test]
async fn a_request_that_reads_in_two_ways_is_refused_on_every_route() {
    let server = ready().await;
    let key = format!("authorization: Bearer {SERVER_KEY}\r\n");
    for target in ["/proxy/echo", "/connections", "/health"] {
        for lines in [
            String::new(),
            "host: a.test\r\nhost: b.test\r\n".to_owned(),
            format!("host: a.test\r\n{key}{key}"),
            "host: a.test\r\nauthorization: Bearer other\r\nauthorization: Basic eDp5\r\n".to_owned(),
        ] {
            let bytes = format!("GET {target} HTTP/1.1\r\nconnection: close\r\n{lines}\r\n");
            let answer = raw(&server, bytes.as_bytes(), false).await;
            assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_request"), "{target} {lines:?}");
        }
    }
    // HTTP/1.0 knows no `Host`.
    let old = raw(&server, b"GET /health HTTP/1.0\r\n\r\n", false).await;
    assert_eq!(old.status, 200);
}

#[tokio::test]
async fn a_body_that_is_framed_wrongly_is_the_clients_fault() {
    let server = ready().await;
    for (lines, body) in [
        ("transfer-encoding: chunked\r\n", "zz\r\nabc\r\n0\r\n\r\n"),
        ("transfer-encoding: chunked\r\n", "3\r\nabc\r\nnonsense\r\n"),
        ("transfer-encoding: chunked\r\n", "3\r\nabc"),
        ("content-length: 10\r\n", "abc"),
        ("content-length: 3000000\r\n", "abc"),
        ("transfer-encoding: gzip\r\n", "abc"),
        ("content-length: 3\r\ncontent-length: 4\r\n", "abcd"),
    ] {
        let answer = raw(&server, &request("POST", "/proxy/echo", KEY, lines, body), true).await;
        assert_eq!(answer.status, 400, "{lines:?} {body:?}: {} {}", answer.head, answer.body);
    }
    let answer = raw(&server, &request("POST", "/connections", KEY, "content-length: 10\r\n", "{}"), true).await;
    assert_eq!((answer.status, answer.code().as_str()), (400, "invalid_request"));
}

#[tokio::test]
async fn a_client_that_says_no_more_gets_its_answer() {
    let server = ready().await;
    for (bytes, expected) in [
        (request("GET", "/proxy/echo", KEY, "", ""), json!("")),
        (request("POST", "/proxy/echo", KEY, "content-length: 3\r\n", "abc"), json!("abc")),
    ] {
        let answer = raw(&server, &bytes, true).await;
        assert_eq!((answer.status, &answer.json()["body"]), (200, &expected), "{}", answer.head);
    }
    let slow = raw(&server, &request("GET", "/proxy/slow/1500", KEY, "", ""), true).await;
    assert_eq!(slow.status, 200, "{}", slow.head);
}

#[tokio::test]
async fn end_to_end_headers_pass_without_a_prefix() {
    let server = ready().await;
    let lines = "accept: application/json, text/event-stream\r\naccept-language: de\r\nrange: bytes=0-9\r\n\
        if-none-match: \"a\"\r\nif-modified-since: Wed, 21 Oct 2026 07:28:00 GMT\r\nlast-event-id: 7\r\n\
        mcp-session-id: s-1\r\nmcp-protocol-version: 2025-11-25\r\ncookie: a=b\r\nuser-agent: node\r\nreferer: https://a.test\r\n\
        x-own: 1\r\n";
    let echo = raw(&server, &request("GET", "/proxy/echo", KEY, lines, ""), false).await.json();
    let headers = &echo["headers"];
    for (name, value) in [
        ("accept", "application/json, text/event-stream"),
        ("accept-language", "de"),
        ("range", "bytes=0-9"),
        ("if-none-match", "\"a\""),
        ("if-modified-since", "Wed, 21 Oct 2026 07:28:00 GMT"),
        ("last-event-id", "7"),
        ("mcp-session-id", "s-1"),
        ("mcp-protocol-version", "2025-11-25"),
        ("user-agent", concat!("keyway/", env!("CARGO_PKG_VERSION"))),
    ] {
        assert_eq!(headers[name], value, "{name}");
    }
    for name in ["cookie", "referer", "x-own", "authorization"] {
        assert!(headers.get(name).is_none(), "{name} was passed on");
    }
    let lines = "accept: text/plain\r\nkeyway-proxy-accept: text/csv\r\nkeyway-proxy-user-agent: mine/1\r\n";
    let echo = raw(&server, &request("GET", "/proxy/echo", KEY, lines, ""), false).await.json();
    assert_eq!((&echo["headers"]["accept"], &echo["headers"]["user-agent"]), (&json!("text/csv"), &json!("mine/1")));
    let plain = raw(&server, &request("GET", "/proxy/echo", KEY, "", ""), false).await.json();
    assert_eq!(plain["headers"]["accept"], "*/*");
}

#[tokio::test]
async fn a_merged_body_keeps_what_the_caller_wrote() {
    let server = start().await;
    server.plain_connection(BODY, "acme").await;
    let own = r#"{"id": 31415926535897932384626, "p":[1.50, 1e400], "p":"\ud83d", "\u0041":{}}"#;
    let lines = format!("content-type: application/json\r\ncontent-length: {}\r\n", own.len());
    let echo = raw(&server, &request("POST", "/proxy/echo", BODY, &lines, own), false).await.json();
    let expected = r#"{"id":31415926535897932384626,"p":[1.50, 1e400],"p":"\ud83d","\u0041":{},"from":"provider"}"#;
    assert_eq!(echo["body"], expected);
}
