//! The production transport against servers on loopback.
#![allow(clippy::unwrap_used)] // a test: a broken socket should stop it

use bytes::Bytes;
use http_body::{Body as _, Frame};
use http_body_util::BodyExt;
use keyway::ErrorKind;
use keyway::egress::{Egress, EgressPolicy, HostPattern};
use keyway::transport::hyper::HyperTransport;
use keyway::transport::{Body, BoxError, Transport};
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

fn egress(patterns: &[&str], allow_private: bool) -> Egress {
    let patterns = patterns.iter().map(|text| HostPattern::parse(text).unwrap()).collect();
    let policy = EgressPolicy::default().allow_private(allow_private).allow_http(true);
    Egress::within(policy, patterns)
}

fn get(url: &str) -> http::Request<Body> {
    http::Request::get(url).body(Body::empty()).unwrap()
}

/// A body whose pieces a test sends.
struct Pieces(mpsc::Receiver<Bytes>);

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.0.poll_recv(cx).map(|piece| piece.map(|piece| Ok(Frame::data(piece))))
    }
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

/// Reads until the connection has said `end`.
async fn read_until(socket: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    let mut buffer = [0; 1024];
    while !text.contains(end) {
        let length = socket.read(&mut buffer).await.unwrap();
        assert!(length > 0, "the connection ended before {end:?}: {text:?}");
        text.push_str(std::str::from_utf8(&buffer[..length]).unwrap());
    }
    text
}

#[tokio::test]
async fn bodies_stream_both_ways_piece_by_piece() {
    let (listener, address) = listen().await;
    // Answers each piece of the request with a piece of the response, before the request has ended.
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let head = read_until(&mut socket, "one").await;
        assert!(head.starts_with("POST /x?y HTTP/1.1\r\n") && head.contains("x-key: k\r\n"), "{head}");
        socket.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nONE\r\n").await.unwrap();
        read_until(&mut socket, "two").await;
        socket.write_all(b"3\r\nTWO\r\n").await.unwrap();
        read_until(&mut socket, "0\r\n\r\n").await;
        socket.write_all(b"0\r\n\r\n").await.unwrap();
        socket
    });

    let (pieces, receiver) = mpsc::channel(1);
    let request = http::Request::post(format!("http://{address}/x?y"))
        .header("x-key", "k")
        .body(Body::stream(Pieces(receiver)))
        .unwrap();
    let transport = HyperTransport::new().unwrap();
    let egress = egress(&["127.0.0.1:*"], true);
    pieces.send("one".into()).await.unwrap();
    let response = transport.send(request, &egress).await.unwrap();
    assert_eq!(response.status(), 200);
    let mut body = response.into_body();
    assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "ONE");
    pieces.send("two".into()).await.unwrap();
    assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), "TWO");
    assert!(!body.is_end_stream());
    drop(pieces);
    assert!(body.frame().await.is_none());
    server.await.unwrap();
}

#[tokio::test]
async fn nothing_inside_is_reached_unless_allowed() {
    let (listener, address) = listen().await;
    let port = address.port();
    let transport = HyperTransport::new().unwrap();
    let hosts = ["*:*", "127.0.0.1:*", "localhost:*", "[::1]:*", "169.254.169.254:*"];
    for url in [
        format!("http://localhost:{port}/"),
        format!("http://127.0.0.1:{port}/"),
        format!("http://[::1]:{port}/"),
        "http://169.254.169.254/latest".to_owned(),
    ] {
        let error = transport.send(get(&url), &egress(&hosts, false)).await.unwrap_err();
        assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::HostNotAllowed, Some(false)), "{url}: {error}");
    }
    let accepted = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        read_until(&mut socket, "\r\n\r\n").await;
        socket.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.unwrap();
        // No other client may have connected before.
        listener
    });
    let response = transport.send(get(&format!("http://localhost:{port}/")), &egress(&hosts, true)).await;
    assert_eq!(response.unwrap().status(), 204);
    accepted.await.unwrap();
}

#[tokio::test]
async fn a_connection_opened_to_the_inside_is_not_reused_for_a_request_that_may_not_go_there() {
    let (listener, address) = listen().await;
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        read_until(&mut socket, "\r\n\r\n").await;
        socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        socket
    });
    let transport = HyperTransport::new().unwrap();
    let url = format!("http://localhost:{}/", address.port());
    let response = transport.send(get(&url), &egress(&["localhost:*"], true)).await.unwrap();
    response.into_body().collect(0).await.unwrap();
    let _open = server.await.unwrap();
    let error = transport.send(get(&url), &egress(&["localhost:*"], false)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HostNotAllowed, "{error}");
}

#[tokio::test]
async fn hosts_outside_of_the_set_and_plain_http_are_refused_before_any_connection() {
    let transport = HyperTransport::new().unwrap();
    let mut strict = egress(&["api.vendor.com"], false);
    strict.policy = EgressPolicy::default();
    for (url, egress) in [
        ("https://evil.net/", egress(&["api.vendor.com"], false)),
        ("https://api.vendor.com:8443/", egress(&["api.vendor.com"], false)),
        ("http://api.vendor.com/", strict),
    ] {
        let error = transport.send(get(url), &egress).await.unwrap_err();
        assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::HostNotAllowed, Some(false)), "{url}");
    }
}

#[tokio::test]
async fn a_closed_port_is_unreachable_and_nothing_was_sent() {
    let (listener, address) = listen().await;
    drop(listener);
    let transport = HyperTransport::new().unwrap();
    let url = format!("http://{address}/?key=s3cret");
    let error = transport.send(get(&url), &egress(&["127.0.0.1:*"], true)).await.unwrap_err();
    assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::Unreachable, Some(false)), "{error}");
    assert!(!format!("{error:?}").contains("s3cret"), "{error:?}");
}

#[tokio::test]
async fn a_connection_that_breaks_counts_as_sent() {
    let (listener, address) = listen().await;
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        read_until(&mut socket, "\r\n\r\n").await;
    });
    let transport = HyperTransport::new().unwrap();
    let error = transport.send(get(&format!("http://{address}/")), &egress(&["127.0.0.1:*"], true)).await.unwrap_err();
    assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::Unreachable, Some(true)), "{error}");
    server.await.unwrap();
}

#[tokio::test]
async fn redirects_are_answers() {
    let (listener, address) = listen().await;
    let server = tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        read_until(&mut socket, "\r\n\r\n").await;
        socket.write_all(b"HTTP/1.1 302 Found\r\nlocation: /y\r\ncontent-length: 0\r\n\r\n").await.unwrap();
        socket
    });
    let transport = HyperTransport::new().unwrap();
    let response = transport.send(get(&format!("http://{address}/x")), &egress(&["127.0.0.1:*"], true)).await.unwrap();
    assert_eq!((response.status().as_u16(), &response.headers()["location"]), (302, &"/y".parse().unwrap()));
    server.await.unwrap();
}
