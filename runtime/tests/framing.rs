//! The framing of messages on the wire: what servers send and how it is read; requests without a body.
#![allow(clippy::unwrap_used)] // a test: a broken socket should stop it

use keyway::ErrorKind;
use keyway::egress::{Egress, EgressPolicy, HostPattern};
use keyway::transport::hyper::HyperTransport;
use keyway::transport::{Body, Transport};
use std::fmt::Write as _;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

fn egress() -> Egress {
    let policy = EgressPolicy::default().allow_private(true).allow_http(true);
    let patterns = vec![HostPattern::parse("127.0.0.1:*").unwrap()];
    Egress::within(policy, patterns)
}

/// Sends one request to a server that writes `answer` and hangs up: what the request's head was, and what came of it.
async fn exchange(
    request: http::request::Builder,
    body: Body,
    answer: &[u8],
) -> (String, keyway::Result<http::Response<Body>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let answer = answer.to_vec();
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(socket.read_u8().await.unwrap());
        }
        socket.write_all(&answer).await.unwrap();
        String::from_utf8(head).unwrap()
    });
    let request = request.uri(format!("http://{address}/x")).body(body).unwrap();
    let response = HyperTransport::new().unwrap().send(request, &egress()).await;
    (server.await.unwrap(), response)
}

#[tokio::test]
async fn a_length_that_is_not_the_bodys_never_reaches_a_caller() {
    for (answer, expected) in [
        ("transfer-encoding: chunked\r\ncontent-length: 3\r\n\r\n6\r\nabcdef\r\n0\r\n\r\n", Ok(("abcdef", None))),
        ("content-length: 40\r\ntransfer-encoding: chunked\r\n\r\n6\r\nabcdef\r\n0\r\n\r\n", Ok(("abcdef", None))),
        ("content-length: 6\r\ncontent-length: 6\r\n\r\nabcdef", Ok(("abcdef", Some("6")))),
        ("content-length: 6, 6\r\n\r\nabcdef", Ok(("abcdef", Some("6")))),
        ("\r\nabcdef", Ok(("abcdef", None))),
        ("content-length: 6\r\ncontent-length: 4\r\n\r\nabcdef", Err(())),
        ("content-length: 6, 4\r\n\r\nabcdef", Err(())),
        ("content-length: six\r\n\r\nabcdef", Err(())),
        ("transfer-encoding: gzip, chunked\r\n\r\n6\r\nabcdef\r\n0\r\n\r\n", Err(())),
    ] {
        let (_, response) =
            exchange(http::Request::builder(), Body::empty(), format!("HTTP/1.1 200 OK\r\n{answer}").as_bytes()).await;
        let got = match response {
            Ok(response) => {
                let lengths: Vec<String> = response.headers().get_all("content-length").iter().map(text).collect();
                assert!(lengths.len() < 2, "{answer:?}");
                let body = response.into_body().collect(100).await.unwrap();
                Ok((String::from_utf8(body.to_vec()).unwrap(), lengths.first().cloned()))
            }
            Err(error) => {
                assert_eq!(
                    (error.kind(), error.evidence().sent),
                    (ErrorKind::UnreadableResponse, Some(true)),
                    "{error}"
                );
                Err(())
            }
        };
        let expected = expected.map(|(body, length)| (body.to_owned(), length.map(str::to_owned)));
        assert_eq!(got, expected, "{answer:?}");
    }
}

fn text(value: &http::HeaderValue) -> String {
    value.to_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_told_as_one() {
    for (answer, says) in [
        ("HTTP/1.1 200 OK\r\nbad name: 1\r\n\r\n", "header"),
        ("HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "header"),
        ("HTTP/1.1 200 OK\r\nx: a\r\n folded\r\n\r\n", "header"),
        ("HTTP/1.1 200 OK\r\nx: \u{1}\r\n\r\n", "header"),
        ("HTTP/1.1 099 Odd\r\n\r\n", "status"),
        ("SSH-2.0-OpenSSH_9.9\r\n\r\n", "HTTP version"),
        ("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n", "101"),
    ] {
        let (_, response) = exchange(http::Request::builder(), Body::empty(), answer.as_bytes()).await;
        let error = response.unwrap_err();
        assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::UnreadableResponse, Some(true)), "{answer:?}");
        assert!(error.message().contains(says), "{answer:?}: {error}");
    }
    // A connection that says nothing is another thing.
    let (_, response) = exchange(http::Request::builder(), Body::empty(), b"").await;
    assert_eq!(response.unwrap_err().kind(), ErrorKind::Unreachable);
}

#[tokio::test]
async fn many_headers_are_an_answer() {
    for count in [99, 101, 700] {
        let mut answer = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n".to_owned();
        for number in 0..count {
            write!(answer, "x-{number}: {number}\r\n").unwrap();
        }
        let (_, response) = exchange(http::Request::builder(), Body::empty(), format!("{answer}\r\n").as_bytes()).await;
        assert_eq!(response.unwrap().headers().len(), count + 1);
    }
}

#[tokio::test]
async fn a_request_without_a_body_says_so_where_one_is_expected() {
    for (method, body, expected) in [
        ("POST", "", Some("content-length: 0\r\n")),
        ("PUT", "", Some("content-length: 0\r\n")),
        ("PATCH", "", Some("content-length: 0\r\n")),
        ("POST", "abc", Some("content-length: 3\r\n")),
        ("PROPFIND", "abc", Some("content-length: 3\r\n")),
        ("OPTIONS", "abc", Some("content-length: 3\r\n")),
        ("GET", "", None),
        ("DELETE", "", None),
    ] {
        let body = if body.is_empty() { Body::empty() } else { Body::full(body) };
        let answer = b"HTTP/1.1 204 No Content\r\n\r\n";
        let (head, response) = exchange(http::Request::builder().method(method), body, answer).await;
        response.unwrap();
        let line = head.split_inclusive("\r\n").find(|line| line.starts_with("content-length"));
        assert_eq!(line, expected, "{method}: {head}");
    }
}
