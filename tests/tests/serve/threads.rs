//! Threads that serve: connections are dealt in turn, and a call stays on the thread of its connection.

use crate::setup::SERVER_KEY;
use axum::Router;
use axum::routing::any;
use keyway::catalogue::Catalogue;
use keyway::credentials::Credentials;
use keyway::egress::EgressPolicy;
use keyway::fields::Trust;
use keyway::{ConnectionKey, IntegrationRecord, Keyway, Secret};
use keyway_server::{ApiKey, Limits, ServerConfig};
use keyway_tests::catalogue::{self, KEY};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// An upstream, and how many connections it has had.
async fn upstream() -> (SocketAddr, Arc<AtomicUsize>) {
    let routes = Router::new().fallback(any(async || "ok"));
    let (behind, front) =
        (TcpListener::bind("127.0.0.1:0").await.unwrap(), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let (to, address) = (behind.local_addr().unwrap(), front.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(behind, routes).await });
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = front.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut behind = TcpStream::connect(to).await.unwrap();
            tokio::spawn(async move { tokio::io::copy_bidirectional(&mut stream, &mut behind).await });
        }
    });
    (address, count)
}

/// A server on so many threads with one connection, `user`; it ends when the sender is dropped.
async fn server(threads: usize, upstream: SocketAddr) -> (SocketAddr, oneshot::Sender<()>) {
    let providers = catalogue::providers(upstream, upstream);
    let providers: Catalogue = providers.into_iter().map(|spec| &*Box::leak(Box::new(spec))).collect();
    let policy = EgressPolicy::default().allow_private(true).allow_http(true);
    let keyway = Keyway::builder().catalogue(providers).egress(policy).build().unwrap();
    let record = IntegrationRecord::without_scopes("", KEY);
    keyway.create_integration(record).await.unwrap();
    let key = ConnectionKey::new(KEY, "user");
    let (config, metadata) = (BTreeMap::new(), serde_json::Map::new());
    keyway.import(key, config, metadata, Credentials::api_key("mock-key"), Trust::User).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let public_url = format!("http://{address}").parse().unwrap();
    let config = ServerConfig::new(ApiKey::new(&Secret::new(SERVER_KEY)).unwrap(), public_url);
    let (stop, stopped) = oneshot::channel();
    let stopped = async {
        let _either_way = stopped.await;
    };
    let (threads, handler) = (NonZeroUsize::new(threads).unwrap(), keyway_server::handler(keyway, config));
    let settled = std::future::ready(());
    tokio::spawn(keyway_server::serve_on_threads(threads, Limits::DEFAULT, listener, handler, stopped, settled));
    (address, stop)
}

async fn call(stream: &mut TcpStream) {
    let head = format!("authorization: Bearer {SERVER_KEY}\r\nprovider-config-key: {KEY}\r\nconnection-id: user\r\n");
    stream.write_all(format!("GET /proxy/me HTTP/1.1\r\nhost: x\r\n{head}\r\n").as_bytes()).await.unwrap();
    let (mut answer, mut piece) = (Vec::new(), [0; 4096]);
    while !answer.ends_with(b"\r\n\r\nok") {
        let read = stream.read(&mut piece).await.unwrap();
        assert!(read > 0, "{}", String::from_utf8_lossy(&answer));
        answer.extend_from_slice(&piece[..read]);
    }
    assert!(answer.starts_with(b"HTTP/1.1 200 "), "{}", String::from_utf8_lossy(&answer));
}

#[tokio::test(flavor = "multi_thread")]
async fn clients_are_dealt_in_turn_and_each_thread_has_connections_of_its_own() {
    for (threads, clients, expected) in [(1, 1, 1), (1, 6, 1), (2, 6, 2), (3, 2, 2), (3, 6, 3)] {
        let (upstream, connections) = upstream().await;
        let (server, _stop) = server(threads, upstream).await;
        let mut streams = Vec::new();
        for _ in 0..clients {
            streams.push(TcpStream::connect(server).await.unwrap());
        }
        // One call after the other: a thread needs one connection to the upstream, whichever of its clients asks.
        for _ in 0..3 {
            for stream in &mut streams {
                call(stream).await;
            }
        }
        assert_eq!(connections.load(Ordering::SeqCst), expected, "{threads} threads, {clients} clients");
    }
}
