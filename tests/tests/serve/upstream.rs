//! Answers as upstreams write them on the wire: compressed, without a body, with interim responses, cut off.

use crate::setup::{Server, start, start_with};
use http_body_util::BodyExt;
use keyway_tests::catalogue::KEY;
use keyway_tests::client::Client;
use keyway_tests::mock::API_KEY;
use serde_json::json;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// `hello, hello, hello` as gzip (RFC 1952).
const GZIP: &[u8] =
    b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcbH\xcd\xc9\xc9\xd7Q\xc8@\xa2\x00\x9f\xa1\xca\t\x13\x00\x00\x00";
/// The same as zlib data (RFC 1950).
const ZLIB: &[u8] = b"x\x9c\xcbH\xcd\xc9\xc9\xd7Q\xc8@\xa2\x00D(\x06\xd5";
const PLAIN: &str = "hello, hello, hello";

/// An upstream that writes these bytes to every request and hangs up, and what it was sent.
async fn upstream(answer: &[u8]) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let (seen, answer) = (Arc::new(Mutex::new(Vec::new())), answer.to_vec());
    let log = seen.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let Ok(byte) = stream.read_u8().await else { break };
                head.push(byte);
            }
            log.lock().unwrap().push(String::from_utf8_lossy(&head).to_ascii_lowercase());
            let _whoever_asked_may_be_gone = stream.write_all(&answer).await;
        }
    });
    (host, seen)
}

/// Calls through the server go to the upstream.
async fn calling(server: &Server, host: &str) -> Client {
    let integration = json!({"provider": KEY, "key": host, "allowed_hosts": [host]});
    assert_eq!(server.client.json("POST", "/integrations", &integration).await.unwrap().status, 201);
    server.import(&json!({"integration": host, "connection_id": "acme", "credentials": {"apiKey": API_KEY}})).await;
    server.calling(host, "acme").with("base-url-override", &format!("http://{host}"))
}

#[tokio::test]
async fn calls_go_to_the_base_url_of_the_integration_while_it_has_one() {
    let server = start().await;
    let (sandbox, seen) = upstream(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
    let base_url = format!("http://{sandbox}/v2");
    let integration = json!({"provider": KEY, "key": "sandbox", "base_url": base_url, "allowed_hosts": [sandbox]});
    let made = server.client.json("POST", "/integrations", &integration).await.unwrap();
    assert_eq!((made.status.as_u16(), &made.json()["base_url"]), (201, &json!(base_url)), "{}", made.text());
    server
        .import(&json!({"integration": "sandbox", "connection_id": "acme", "verify": false,
            "credentials": {"apiKey": API_KEY}}))
        .await;
    let client = server.calling("sandbox", "acme");
    assert_eq!(client.get("/proxy/items?a=1").await.unwrap().text(), "ok");
    assert!(seen.lock().unwrap()[0].starts_with("get /v2/items?a=1 http/1.1\r\n"), "{seen:?}");
    for (refused, status) in [
        (json!("http://127.0.0.1:1/v2"), 400),
        (json!("https://evil.example"), 400),
        (json!("sandbox"), 400),
        (json!("http://${connectionConfig.host}/"), 400),
        (json!(7), 400),
    ] {
        let answer = server.client.json("PATCH", "/integrations/sandbox", &json!({"base_url": refused})).await.unwrap();
        assert_eq!(answer.status, status, "{refused}: {}", answer.text());
    }
    let shown = server.client.get("/integrations/sandbox").await.unwrap();
    assert_eq!(shown.json()["base_url"], json!(base_url));
    let cleared = server.client.json("PATCH", "/integrations/sandbox", &json!({"base_url": null})).await.unwrap();
    assert_eq!((cleared.status.as_u16(), &cleared.json()["base_url"]), (200, &json!(null)));
    client.get("/proxy/items").await.unwrap();
    assert_eq!(seen.lock().unwrap().len(), 1, "the entry's own base URL holds again");
}

fn coded(coding: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\ncontent-encoding: {coding}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn a_compressed_answer_comes_plain_when_asked_for_and_untouched_otherwise() {
    let server = start().await;
    for (coding, body) in [("gzip", GZIP), ("deflate", ZLIB)] {
        let (host, seen) = upstream(&coded(coding, body)).await;
        let client = calling(&server, &host).await;
        let plain = client.with("decompress", "true").get("/proxy/x").await.unwrap();
        assert_eq!((plain.text().as_str(), plain.header("content-encoding")), (PLAIN, ""));
        assert_ne!(plain.header("content-length"), body.len().to_string());
        let own = client.with("decompress", "true").with("nango-proxy-accept-encoding", "gzip");
        assert_eq!(own.get("/proxy/x").await.unwrap().text(), PLAIN);
        let untouched = client.get("/proxy/x").await.unwrap();
        assert_eq!((&untouched.body[..], untouched.header("content-encoding")), (body, coding));
        let asked: Vec<bool> = seen
            .lock()
            .unwrap()
            .iter()
            .zip(["gzip, deflate, br", "gzip\r", ""])
            .map(|(head, codings)| match codings {
                "" => !head.contains("accept-encoding"),
                codings => head.contains(&format!("accept-encoding: {codings}")),
            })
            .collect();
        assert_eq!(asked, [true; 3]);
    }
}

#[tokio::test]
async fn answers_without_a_body_keep_their_headers() {
    let server = start().await;
    for (method, answer, status, header) in [
        (
            "HEAD",
            "HTTP/1.1 200 OK\r\ncontent-length: 42\r\ncontent-encoding: gzip\r\n\r\n",
            200,
            ("content-length", "42"),
        ),
        ("GET", "HTTP/1.1 204 No Content\r\nx-left: 7\r\n\r\n", 204, ("x-left", "7")),
        ("DELETE", "HTTP/1.1 204 No Content\r\nx-left: 7\r\n\r\n", 204, ("x-left", "7")),
        ("GET", "HTTP/1.1 304 Not Modified\r\netag: \"e\"\r\n\r\n", 304, ("etag", "\"e\"")),
        ("GET", "HTTP/1.1 500 Oops\r\ncontent-length: 0\r\nx-id: 1\r\n\r\n", 500, ("x-id", "1")),
    ] {
        let (host, _) = upstream(answer.as_bytes()).await;
        for decompress in ["true", "false"] {
            let client = server.calling(&host, "acme").with("decompress", decompress);
            if decompress == "true" {
                calling(&server, &host).await;
            }
            let client = client.with("base-url-override", &format!("http://{host}"));
            let got = client.send(method, "/proxy/x", "").await.unwrap();
            assert_eq!((got.status.as_u16(), got.header(header.0), got.body.len()), (status, header.1, 0), "{method}");
        }
    }
}

#[tokio::test]
async fn interim_responses_are_passed_over_and_trailers_end_the_body() {
    let server = start().await;
    let hints = "HTTP/1.1 103 Early Hints\r\nlink: </a.css>\r\n\r\n";
    for (answer, expected) in [
        (format!("{hints}{hints}HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"), "ok"),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx-sum: 1\r\n\r\n".to_owned(), "ok"),
        ("HTTP/1.1 200 OK\r\n\r\nuntil the end".to_owned(), "until the end"),
    ] {
        let (host, _) = upstream(answer.as_bytes()).await;
        let got = calling(&server, &host).await.get("/proxy/x").await.unwrap();
        assert_eq!((got.status.as_u16(), got.text().as_str(), got.header("link")), (200, expected, ""));
    }
}

#[tokio::test]
async fn an_answer_that_is_cut_off_is_cut_off_here_too() {
    let server = start().await;
    for (answer, decompress) in [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this".as_slice(), "false"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nonly this", "true"),
        (b"HTTP/1.1 500 Oops\r\ntransfer-encoding: chunked\r\n\r\n9\r\nonly this\r\n", "false"),
    ] {
        let (host, _) = upstream(answer).await;
        let client = calling(&server, &host).await.with("decompress", decompress);
        // The status is out before the end.
        let response = client.open("GET", "/proxy/x", "").await.unwrap();
        let outcome = response.into_body().collect().await.map(http_body_util::Collected::to_bytes);
        assert!(outcome.is_err(), "a whole body came: {outcome:?}");
    }
    let (host, _) = upstream(b"").await;
    let got = calling(&server, &host).await.get("/proxy/x").await.unwrap();
    assert_eq!((got.status.as_u16(), got.header("keyway-error")), (502, "upstream_unreachable"));
}

#[tokio::test]
async fn one_length_or_none_comes_back_and_never_another_ones() {
    let server = start().await;
    let chunked = "5\r\nhello\r\n0\r\n\r\n";
    for (method, answer, status, body, length) in [
        (
            "GET",
            format!("200 OK\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n{chunked}"),
            200,
            "hello",
            None,
        ),
        (
            "GET",
            format!("200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 9\r\n\r\n{chunked}"),
            200,
            "hello",
            None,
        ),
        ("GET", "200 OK\r\ncontent-length: 5, 5\r\n\r\nhello".to_owned(), 200, "hello", Some("5")),
        ("HEAD", "200 OK\r\ntransfer-encoding: chunked\r\n\r\n".to_owned(), 200, "", None),
        ("HEAD", "200 OK\r\ncontent-length: 1234\r\n\r\n".to_owned(), 200, "", Some("1234")),
        ("HEAD", "404 Gone\r\n\r\n".to_owned(), 404, "", None),
        ("GET", "204 No Content\r\ncontent-length: 0\r\n\r\n".to_owned(), 204, "", None),
        ("GET", "304 Not Modified\r\netag: \"a\"\r\n\r\n".to_owned(), 304, "", None),
        ("POST", "201 Created\r\ncontent-length: 0\r\n\r\n".to_owned(), 201, "", Some("0")),
    ] {
        let (host, _) = upstream(format!("HTTP/1.1 {answer}").as_bytes()).await;
        let got = calling(&server, &host).await.send(method, "/proxy/x", "").await.unwrap();
        assert_eq!((got.status.as_u16(), got.text().as_str()), (status, body), "{answer:?}");
        let lengths: Vec<&str> = got.headers.get_all("content-length").iter().map(|v| v.to_str().unwrap()).collect();
        assert_eq!(lengths, length.into_iter().collect::<Vec<_>>(), "{method} {answer:?}");
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_an_error_with_a_status_that_says_so() {
    let server = start().await;
    let zeros = coded("gzip", &[GZIP, &[0; 700]].concat());
    for (answer, decompress, status, says) in [
        (&b"HTTP/1.1 200 OK\r\nbad name: x\r\n\r\n"[..], "false", 502, "invalid HTTP header"),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 4, 5\r\n\r\nhello", "false", 502, "content-length"),
        (b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n", "false", 502, "101"),
        (&coded("gzip", b"{\"plain\":1}"), "true", 502, "`gzip`"),
        (&coded("br", b"{\"plain\":1}"), "true", 502, "`br`"),
        (&coded("gzip", &GZIP[..GZIP.len() - 9]), "true", 502, "`gzip`"),
        (&coded("gzip", b"{\"plain\":1}"), "false", 200, "{\"plain\":1}"),
        (&zeros, "true", 200, PLAIN),
    ] {
        let (host, _) = upstream(answer).await;
        let got = calling(&server, &host).await.with("decompress", decompress).get("/proxy/x").await.unwrap();
        let code = if status == 200 { "" } else { "upstream_unreadable" };
        assert_eq!((got.status.as_u16(), got.header("keyway-error")), (status, code), "{says}");
        assert!(got.text().contains(says), "{says}: {}", got.text());
    }
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_told_beside_the_answer() {
    let server = start_with(|builder| builder.max_wait(Duration::from_secs(2))).await;
    let (host, seen) = upstream(b"HTTP/1.1 503 Busy\r\nkeyway-retry-wait: 9\r\ncontent-length: 4\r\n\r\nbusy").await;
    let client = calling(&server, &host).await;
    for (retries, expected) in [("0", ""), ("2", "3")] {
        let got = client.with("retries", retries).get("/proxy/x").await.unwrap();
        assert_eq!((got.status.as_u16(), got.text().as_str()), (503, "busy"));
        assert_eq!(got.header("keyway-retry-wait"), expected);
    }
    assert_eq!(seen.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn the_wait_that_an_upstream_asks_for_is_told_without_a_retry() {
    let server = start().await;
    for (answer, expected) in [
        (&b"HTTP/1.1 429 Slow\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n"[..], "7"),
        (b"HTTP/1.1 429 Slow\r\nratelimit: \"default\";r=0;t=8\r\ncontent-length: 0\r\n\r\n", "8"),
        (b"HTTP/1.1 429 Slow\r\ncontent-length: 0\r\n\r\n", ""),
        (b"HTTP/1.1 200 OK\r\nretry-after: 7\r\ncontent-length: 0\r\n\r\n", ""),
    ] {
        let (host, seen) = upstream(answer).await;
        let got = calling(&server, &host).await.send("POST", "/proxy/x", "{}").await.unwrap();
        assert_eq!((got.header("keyway-retry-wait"), seen.lock().unwrap().len()), (expected, 1));
    }
}

#[tokio::test]
async fn a_post_is_repeated_by_the_callers_word_alone() {
    let server = start().await;
    let (host, seen) = upstream(b"HTTP/1.1 503 Busy\r\nretry-after: 0\r\ncontent-length: 0\r\n\r\n").await;
    let client = calling(&server, &host).await;
    assert_eq!(client.send("POST", "/proxy/x", "{}").await.unwrap().status, 503);
    assert_eq!(client.with("retries", "1").send("POST", "/proxy/x", "{}").await.unwrap().status, 503);
    assert_eq!(seen.lock().unwrap().len(), 3);
}
