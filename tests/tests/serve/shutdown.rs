//! Stopping while a renewal runs whose caller has left: what the vendor has redeemed is written before the end.

use crate::setup::SERVER_KEY;
use keyway::catalogue::Catalogue;
use keyway::clock::Timestamp;
use keyway::credentials::{Credentials, Token};
use keyway::egress::EgressPolicy;
use keyway::{ConnectionKey, IntegrationRecord, Keyway, Secret};
use keyway_server::{ApiKey, ServerConfig, serve_on_threads, serve_within};
use keyway_tests::catalogue::{self, OAUTH};
use std::num::NonZeroUsize;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

/// A token endpoint that redeems at once, says so here, and answers a second later.
async fn slow(redeemed: oneshot::Sender<()>) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let (mut request, mut chunk) = (Vec::new(), [0; 4096]);
        while !String::from_utf8_lossy(&request).contains("refresh_token=rt-1") {
            let read = stream.read(&mut chunk).await.unwrap();
            assert!(read > 0, "the request was cut off");
            request.extend_from_slice(&chunk[..read]);
        }
        redeemed.send(()).unwrap();
        tokio::time::sleep(Duration::from_secs(1)).await;
        let body = r#"{"access_token":"new","refresh_token":"rt-2","expires_in":3600}"#;
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
        stream.write_all(format!("{head}{body}").as_bytes()).await.unwrap();
    });
    address
}

#[tokio::test]
async fn a_renewal_whose_caller_left_is_written_before_the_server_ends() {
    for threads in [None, NonZeroUsize::new(1), NonZeroUsize::new(3)] {
        renewed_after_the_caller_left(threads).await;
    }
}

/// On the test's own runtime, or on so many threads.
async fn renewed_after_the_caller_left(threads: Option<NonZeroUsize>) {
    let (redeemed, was_redeemed) = oneshot::channel();
    let vendor = slow(redeemed).await;
    let providers = catalogue::providers(vendor, vendor);
    let providers: Catalogue = providers.into_iter().map(|spec| &*Box::leak(Box::new(spec))).collect();
    let keyway = Keyway::builder()
        .catalogue(providers)
        .egress(EgressPolicy::default().allow_private(true).allow_http(true))
        .integration_record(IntegrationRecord::without_scopes(OAUTH, OAUTH).client_id("client").client_secret("secret"))
        .build()
        .unwrap();
    let key = ConnectionKey::new(OAUTH, "user-1");
    let token =
        Token::new("old").refresh(Secret::from("rt-1")).expires_at(Timestamp::from_second(1_600_000_000).unwrap());
    let credentials = Credentials::default().token(token);
    let (config, metadata) = (std::collections::BTreeMap::new(), serde_json::Map::new());
    keyway.import_unverified(key.clone(), config, metadata, credentials).await.unwrap();

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let public_url = format!("http://{address}").parse().unwrap();
    let config = ServerConfig::new(ApiKey::new(&Secret::new(SERVER_KEY)).unwrap(), public_url);
    let handler = keyway_server::handler(keyway.clone(), config);
    let (stop, stopped) = oneshot::channel::<()>();
    let stopped = async {
        let _either_way = stopped.await;
    };
    let settled = keyway.clone();
    let settled = async move { settled.settled().await };
    let serving = tokio::spawn(async move {
        let limits = keyway_server::Limits::DEFAULT;
        match threads {
            None => serve_within(limits, listener, handler, stopped, settled).await,
            Some(threads) => serve_on_threads(threads, limits, listener, handler, stopped, settled).await.unwrap(),
        }
    });

    let mut caller = TcpStream::connect(address).await.unwrap();
    let head =
        format!("authorization: Bearer {SERVER_KEY}\r\nprovider-config-key: {OAUTH}\r\nconnection-id: user-1\r\n");
    caller.write_all(format!("GET /proxy/me HTTP/1.1\r\nhost: x\r\n{head}\r\n").as_bytes()).await.unwrap();
    was_redeemed.await.unwrap();
    drop(caller);
    stop.send(()).unwrap();
    serving.await.unwrap();

    let stored = keyway.store().connection(&key).await.unwrap().unwrap().credentials.token.unwrap();
    assert_eq!((stored.access.expose(), stored.refresh.unwrap().expose()), ("new", "rt-2"), "{threads:?}");
}
