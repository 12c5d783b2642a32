//! What clients can make the server hold, and for how long.

use crate::setup::{SERVER_KEY, Server, start, start_within};
use keyway_server::{Limits, MAX_HEADER};
use keyway_tests::catalogue::{KEY, OAUTH};
use keyway_tests::mock::API_KEY;
use serde_json::json;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::mpsc;

/// How long anything here may take; reached only where something hangs.
const TIMEOUT: Duration = Duration::from_secs(30);

async fn socket(server: &Server) -> TcpStream {
    TcpStream::connect(server.address()).await.unwrap()
}

/// Sends bytes and reads the answer's first line.
async fn status_line(mut stream: TcpStream, bytes: &[u8]) -> String {
    let _closed_before_it_was_all_sent = stream.write_all(bytes).await;
    let mut answer = Vec::new();
    let mut piece = [0; 1024];
    while !answer.contains(&b'\n') {
        match tokio::time::timeout(TIMEOUT, stream.read(&mut piece)).await.expect("it hangs") {
            Ok(read @ 1..) => answer.extend_from_slice(&piece[..read]),
            _ => break,
        }
    }
    String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn bodies_without_a_key_are_not_waited_for_where_nobody_takes_them() {
    let server = start().await;
    server.key_connection("acme").await;
    for path in ["/webhooks/nope", "/webhooks/mock-key"] {
        refused_at_once(&server, path).await;
    }
}

#[tokio::test]
async fn forms_for_no_integration_are_not_waited_for() {
    refused_at_once(&start().await, "/connect/nope").await;
}

/// The body never comes: an answer says that none was waited for.
async fn refused_at_once(server: &Server, path: &str) {
    for kind in ["application/json", "application/x-www-form-urlencoded"] {
        for framing in ["content-length: 1048576", "transfer-encoding: chunked"] {
            let head = format!("POST {path} HTTP/1.1\r\nhost: a\r\ncontent-type: {kind}\r\n{framing}\r\n\r\n");
            let line = status_line(socket(server).await, head.as_bytes()).await;
            let refused = ["HTTP/1.1 4", "HTTP/1.1 501"].iter().any(|status| line.starts_with(status));
            assert!(refused, "{path} {kind} {framing}: {line:?}");
        }
    }
}

#[tokio::test]
async fn a_header_has_a_bound() {
    let server = start().await;
    let get = |padding: usize| format!("GET /health HTTP/1.1\r\nhost: a\r\nx-padding: {}\r\n\r\n", "a".repeat(padding));
    let line = status_line(socket(&server).await, get(MAX_HEADER - 1_000).as_bytes()).await;
    assert!(line.starts_with("HTTP/1.1 200"), "{line}");
    let line = status_line(socket(&server).await, get(2 * MAX_HEADER).as_bytes()).await;
    assert!(line.starts_with("HTTP/1.1 431"), "{line}");
}

#[tokio::test]
async fn connections_have_a_bound_and_a_place_that_is_left_is_free() {
    let server = start_within(Limits::DEFAULT.connections(3), |builder| builder).await;
    let mut held: Vec<TcpStream> = Vec::new();
    for _ in 0..3 {
        let mut stream = socket(&server).await;
        stream.write_all(b"GET /health HTTP/1.1\r\nhost: a\r\n").await.unwrap();
        held.push(stream);
    }
    let line = status_line(socket(&server).await, b"").await;
    assert!(line.starts_with("HTTP/1.1 503"), "{line}");
    for stream in held.drain(..) {
        let line = status_line(stream, b"\r\n").await;
        assert!(line.starts_with("HTTP/1.1 200"), "{line}: those that are in are served");
    }
    let begun = Instant::now();
    let get = b"GET /health HTTP/1.1\r\nhost: a\r\n\r\n";
    while !status_line(socket(&server).await, get).await.starts_with("HTTP/1.1 200") {
        assert!(begun.elapsed() < TIMEOUT, "no place became free");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// An upstream whose answer never ends; says when it was cut off.
async fn endless() -> (String, mpsc::UnboundedReceiver<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    let (cut, was_cut) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let cut = cut.clone();
            tokio::spawn(async move {
                // An answer before its request is none.
                let mut asked = [0; 1024];
                let _whoever_asked_may_be_gone = stream.read(&mut asked).await;
                let head = b"HTTP/1.1 200 OK\r\ncontent-length: 10000000000\r\n\r\n";
                let piece = vec![b'x'; 64 * 1024];
                let mut sent = stream.write_all(head).await;
                while sent.is_ok() {
                    sent = stream.write_all(&piece).await;
                }
                let _whoever_asked_may_be_gone = cut.send(());
            });
        }
    });
    (host, was_cut)
}

/// Asks for the endless answer over a socket that holds little.
async fn ask(server: &Server, host: &str) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(32 * 1024).unwrap();
    let mut stream = socket.connect(server.address()).await.unwrap();
    let request = format!(
        "GET /proxy/x HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {SERVER_KEY}\r\nprovider-config-key: {host}\r\n\
         connection-id: acme\r\nbase-url-override: http://{host}\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut first = [0; 15];
    stream.read_exact(&mut first).await.unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    stream
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_reads_nothing_is_cut_and_one_that_reads_slowly_is_served() {
    let limits = Limits::DEFAULT.write_timeout(Duration::from_secs(2));
    let server = start_within(limits, |builder| builder).await;
    let (host, mut was_cut) = endless().await;
    let integration = json!({"provider": KEY, "key": host, "allowed_hosts": [host]});
    assert_eq!(server.client.json("POST", "/integrations", &integration).await.unwrap().status, 201);
    server.import(&json!({"integration": host, "connection_id": "acme", "credentials": {"apiKey": API_KEY}})).await;

    let mut slow = ask(&server, &host).await;
    let silent = ask(&server, &host).await;
    let reader = tokio::spawn(async move {
        let mut piece = vec![0; 64 * 1024];
        // Four times the bound, a piece at a time.
        for _ in 0..40 {
            slow.read_exact(&mut piece).await?;
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Ok::<_, std::io::Error>(slow)
    });
    // The upstream of the one that reads nothing is released too.
    tokio::time::timeout(TIMEOUT, was_cut.recv()).await.expect("the client that reads nothing is kept").unwrap();
    let slow = reader.await.unwrap().expect("the client that reads slowly was cut");
    assert!(was_cut.try_recv().is_err(), "the client that reads slowly was cut");
    drop((slow, silent));
    tokio::time::timeout(TIMEOUT, was_cut.recv()).await.expect("a client that left is kept").unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn of_changes_at_the_same_time_none_is_lost() {
    let server = start().await;
    let integration = json!({"provider": OAUTH, "key": "i", "client_id": "a", "client_secret": "b"});
    assert_eq!(server.client.json("POST", "/integrations", &integration).await.unwrap().status, 201);
    for round in 0..50 {
        let changes = [
            ("client_id", json!({"client_id": format!("id-{round}")})),
            ("scopes", json!({"scopes": [format!("scope-{round}")]})),
            ("app_link", json!({"app_link": format!("https://example.com/{round}")})),
        ];
        let tasks = changes.clone().map(|(_, body)| {
            let client = server.client.clone();
            tokio::spawn(async move { client.json("PATCH", "/integrations/i", &body).await.unwrap().status.as_u16() })
        });
        let mut statuses = Vec::new();
        for task in tasks {
            statuses.push(task.await.unwrap());
        }
        let now = server.client.get("/integrations/i").await.unwrap().json();
        for ((member, body), status) in changes.iter().zip(statuses) {
            // One that was refused may be sent again; one that was confirmed is there.
            assert!(status == 200 && now[member] == body[member] || status == 409, "{round} {member} {status}: {now}");
        }
    }
}
