//! The memory that strangers can make a running `keyway serve` hold: the process is attacked, and its memory read from
//! the system.
//!
//! Linux only, where `/proc` says how much a process ever held.

#![cfg(target_os = "linux")]
#![allow(clippy::print_stdout, reason = "the figures are what one runs it for")]
#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Mutex, MutexGuard};

/// The number of connections that attack at a time.
const CONNECTIONS: usize = 1_000;
/// As many of both ends as fit into the 1,024 open files that a process may have by default.
const STREAMS: usize = 450;
/// The most memory of the whole process, in KiB: 100 MB.
const MAX_MEMORY: usize = 100_000_000 / 1024;
/// The memory of an idle server, and of an answer on its way: pieces of 64 KiB from the socket
/// of the API to the socket of the client; in KiB.
const MAX_IDLE: usize = 50 * 1024;
const MAX_STREAM: usize = 320;
/// The longest wait of an attacker; reached only where something hangs.
const TIMEOUT: Duration = Duration::from_secs(60);

/// A running server. Killed when it is dropped.
struct Server {
    child: Child,
    address: String,
    key: String,
    _folder: TempDir,
    /// One attack at a time: a process may have 1,024 files open by default.
    _turn: MutexGuard<'static, ()>,
}

static TURN: Mutex<()> = Mutex::const_new(());

impl Server {
    async fn start(upstream: &str) -> Server {
        let turn = TURN.lock().await;
        let folder = tempfile::tempdir().unwrap();
        let catalogue = format!(
            "mock-key:
    display_name: Mock with a key
    categories:
        - dev-tools
    auth_mode: API_KEY
    proxy:
        base_url: http://{upstream}
        headers:
            x-api-key: ${{apiKey}}
    credentials:
        apiKey:
            type: string
            title: API key
            description: The key of the mock
            pattern: '^mock-'
    docs: https://example.com/docs
"
        );
        fs::write(folder.path().join("mock.yaml"), catalogue).unwrap();
        // The figures of another build, such as the one before a change, come from the same attacks.
        let binary = std::env::var("KEYWAY_BINARY").unwrap_or_else(|_| env!("CARGO_BIN_EXE_keyway").to_owned());
        let mut command = Command::new(binary);
        command.current_dir(folder.path()).args(["serve", "--catalogue", "mock.yaml", "--listen", "127.0.0.1:0"]);
        command.args(["--allow-private-hosts", "--allow-http"]);
        for name in ["KEYWAY_API_KEY", "KEYWAY_ENCRYPTION_KEY", "KEYWAY_LOG", "RUST_LOG"] {
            command.env_remove(name);
        }
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut banner = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap());
        while !banner.contains("curl ") {
            assert!(lines.read_line(&mut banner).unwrap() > 0, "it ended: {banner}");
        }
        let address = banner.lines().next().unwrap().rsplit('/').next().unwrap().to_owned();
        let key = banner.split_whitespace().find(|word| word.starts_with("kw_")).unwrap().to_owned();
        Server { child, address, key, _folder: folder, _turn: turn }
    }

    /// A figure of the process, in KiB: `VmRSS` is what it holds, `VmHWM` the most that it ever held.
    fn memory(&self, figure: &str) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with(figure)).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    /// Fails where the attack made the process too large, or where the server no longer answers.
    async fn survives(&self, attack: &str, allowed: usize) {
        let most = self.memory("VmHWM");
        println!("{attack}: {most} KiB at most");
        assert!(most < allowed, "{attack}: {most} KiB");
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let health = b"GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n";
        stream.write_all(health).await.unwrap();
        let mut answer = String::new();
        tokio::time::timeout(TIMEOUT, stream.read_to_string(&mut answer)).await.expect("it hangs").unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{attack}: {answer}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _ended_already = self.child.wait();
    }
}

/// Opens the connections one after another, and lets each send its bytes, as far as the server takes them.
async fn attack(server: &Server, connections: usize, bytes: Vec<u8>) -> Vec<TcpStream> {
    let mut open = Vec::new();
    for _ in 0..connections {
        let mut stream = TcpStream::connect(&server.address).await.unwrap();
        let _refused_on_the_way =
            tokio::time::timeout(Duration::from_millis(500), stream.write_all(&bytes)).await.map(drop);
        open.push(stream);
    }
    // What was sent last is still to be read.
    tokio::time::sleep(Duration::from_secs(1)).await;
    open
}

/// A request whose last byte never comes.
fn almost(head: &str) -> Vec<u8> {
    let mut bytes = head.as_bytes().to_vec();
    bytes.resize(bytes.len() + 1024 * 1024 - 1, b'{');
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_large_webhooks_for_nobody_take_no_memory() {
    let server = Server::start("127.0.0.1:9").await;
    for path in ["/webhooks/nope", "/webhooks/mock-key"] {
        let head = format!("POST {path} HTTP/1.1\r\nhost: a\r\ncontent-length: 1048576\r\nx-sign: {:064}\r\n\r\n", 0);
        let open = attack(&server, CONNECTIONS, almost(&head)).await;
        server.survives(path, MAX_MEMORY).await;
        drop(open);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_large_forms_without_a_link_take_no_memory() {
    for kind in ["application/json", "application/x-www-form-urlencoded"] {
        let server = Server::start("127.0.0.1:9").await;
        let head = format!(
            "POST /connect/nope HTTP/1.1\r\nhost: a\r\ncontent-type: {kind}\r\ncontent-length: 1048576\r\n\r\n"
        );
        let open = attack(&server, CONNECTIONS, almost(&head)).await;
        server.survives(&format!("/connect/nope, {kind}"), MAX_MEMORY).await;
        drop(open);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_headers_that_never_end_take_no_memory() {
    let server = Server::start("127.0.0.1:9").await;
    // Many short lines, and one long one; each as much as a server might take.
    for (what, line) in [("lines", format!("x-{}: b\r\n", "a".repeat(60))), ("one line", "a".repeat(64))] {
        let header = line.repeat(380 * 1024 / line.len());
        let bytes = format!("GET /health HTTP/1.1\r\nhost: a\r\nx-a: {header}").into_bytes();
        let open = attack(&server, CONNECTIONS, bytes).await;
        server.survives(&format!("a header of {what}"), MAX_MEMORY).await;
        drop(open);
        // Just below the bound it is kept, for as long as a client may take.
        let bytes = format!("GET /health HTTP/1.1\r\nhost: a\r\nx-a: {}", &header[..30 * 1024]).into_bytes();
        let open = attack(&server, CONNECTIONS, bytes).await;
        server.survives(&format!("a header of {what} below the bound"), MAX_MEMORY).await;
        drop(open);
    }
}

/// An upstream whose answers never end.
async fn endless() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let host = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut asked = [0; 1024];
                let _whoever_asked_may_be_gone = stream.read(&mut asked).await;
                let piece = vec![b'x'; 64 * 1024];
                let mut sent = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10000000000\r\n\r\n").await;
                while sent.is_ok() {
                    sent = stream.write_all(&piece).await;
                }
            });
        }
    });
    host
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_nobody_reads_take_no_memory() {
    let server = Server::start(&endless().await).await;
    let body = r#"{"integration": "mock-key", "connection_id": "acme", "credentials": {"apiKey": "mock-1"}}"#;
    let (key, length) = (&server.key, body.len());
    let import = format!(
        "POST /connections HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {key}\r\ncontent-length: {length}\r\n\
         connection: close\r\n\r\n{body}"
    );
    let mut stream = TcpStream::connect(&server.address).await.unwrap();
    stream.write_all(import.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let request = format!(
        "GET /proxy/x HTTP/1.1\r\nhost: a\r\nauthorization: Bearer {key}\r\nprovider-config-key: mock-key\r\n\
         connection-id: acme\r\n\r\n"
    );
    let mut open = Vec::new();
    for _ in 0..STREAMS {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(16 * 1024).unwrap();
        let mut stream = socket.connect(server.address.parse().unwrap()).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        open.push(stream);
    }
    let mut first = [0; 15];
    for stream in &mut open {
        tokio::time::timeout(TIMEOUT, stream.read_exact(&mut first)).await.expect("it hangs").unwrap();
        assert_eq!(&first, b"HTTP/1.1 200 OK");
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    server.survives("answers that are not read", MAX_IDLE + STREAMS * MAX_STREAM).await;
}
