//! Requests that an HTTP/2 server says it did not process (RFC 9113 section 8.7): frame by frame, over TLS on loopback.
#![allow(clippy::unwrap_used)] // a test: a broken socket should stop it

#[path = "tls/server.rs"]
mod server;
mod support;

use keyway::credentials::Credentials;
use keyway::fields::Trust;
use keyway::integration::IntegrationRecord;
use keyway::{Call, CallBody, Catalogue, ConnectionKey, EgressPolicy, ErrorKind, Keyway};
use keyway_spec::{Auth, HostSet, Hosts, ProviderSpec, Proxy};
use server::{file, trusting};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// The server's reaction to a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Does {
    /// Refuses the stream: RST_STREAM, REFUSED_STREAM.
    Refuse,
    /// Goes away without having looked at it: GOAWAY that names no stream.
    Leave,
    /// Begins it and goes away: GOAWAY that names the stream, then the end of the connection.
    Break,
    /// The same, for an error of its own.
    Crash,
    /// Breaks the stream off for a reason of its own: RST_STREAM, INTERNAL_ERROR.
    Fail,
    /// Answers 200.
    Answer,
}

const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

fn acceptor() -> TlsAcceptor {
    let builder = ServerConfig::builder_with_provider(Arc::new(default_provider()));
    let builder = builder.with_safe_default_protocol_versions().unwrap().with_no_client_auth();
    let chain = vec![CertificateDer::from_pem_slice(file!("server").as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(file!("server.key").as_bytes()).unwrap();
    let mut config = builder.with_single_cert(chain, key).unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    TlsAcceptor::from(Arc::new(config))
}

/// A server that does one thing after the other, and counts the requests that it saw.
async fn start(script: Vec<Does>) -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let seen = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (script, count, acceptor) = (script.clone(), Arc::clone(&count), acceptor());
            tokio::spawn(async move {
                let mut stream = acceptor.accept(stream).await.unwrap();
                let mut preface = [0; 24];
                stream.read_exact(&mut preface).await.unwrap();
                stream.write_all(&frame(SETTINGS, 0, 0, &[])).await.unwrap();
                let mut head = [0; 9];
                while stream.read_exact(&mut head).await.is_ok() {
                    let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
                    let id = u32::from_be_bytes([head[5], head[6], head[7], head[8]]);
                    stream.read_exact(&mut vec![0; length]).await.unwrap();
                    match head[3] {
                        SETTINGS if head[4] == 0 => stream.write_all(&frame(SETTINGS, 1, 0, &[])).await.unwrap(),
                        HEADERS => {
                            let number = count.fetch_add(1, Ordering::SeqCst);
                            let does = script.get(number).copied().unwrap_or(script[script.len() - 1]);
                            stream.write_all(&act(does, id)).await.unwrap();
                            stream.flush().await.unwrap();
                            if matches!(does, Does::Leave | Does::Break | Does::Crash) {
                                return;
                            }
                        }
                        _ => {}
                    }
                }
            });
        }
    });
    (port, seen)
}

fn act(does: Does, id: u32) -> Vec<u8> {
    let code = |code: u32| code.to_be_bytes();
    match does {
        Does::Refuse => frame(RST_STREAM, 0, id, &code(0x7)),
        Does::Fail => frame(RST_STREAM, 0, id, &code(0x2)),
        Does::Leave => frame(GOAWAY, 0, 0, &[code(0), code(0)].concat()),
        Does::Break => frame(GOAWAY, 0, 0, &[code(id), code(0)].concat()),
        Does::Crash => frame(GOAWAY, 0, 0, &[code(id), code(0x2)].concat()),
        // `:status: 200` of HPACK's static table (RFC 7541 appendix A); the last frame of the stream.
        Does::Answer => frame(HEADERS, 0x5, id, &[0x88]),
    }
}

async fn calling(port: u16) -> Keyway {
    let hosts: &'static [&'static str] = Box::leak(Box::new([&*format!("localhost:{port}").leak()]));
    let spec: &'static ProviderSpec = Box::leak(Box::new(ProviderSpec {
        key: "acme",
        auth: Auth::None,
        proxy: Some(Proxy { base_url: support::template(format!("https://localhost:{port}")), ..Proxy::EMPTY }),
        hosts: Hosts { api: HostSet::Fixed(hosts), ..Hosts::EMPTY },
        ..ProviderSpec::EMPTY
    }));
    let keyway = Keyway::builder()
        .catalogue([spec].into_iter().collect::<Catalogue>())
        .egress(EgressPolicy::default().allow_private(true))
        .transport(trusting())
        .integration_record(IntegrationRecord::without_scopes("acme", "acme"))
        .build()
        .unwrap();
    let none = (keyway::connection::ConfigMap::new(), serde_json::Map::new());
    keyway.import(key(), none.0, none.1, Credentials::default(), Trust::User).await.unwrap();
    keyway
}

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "c")
}

fn post() -> Call {
    Call::new(http::Method::POST, "/orders").body(CallBody::Bytes("{}".into()))
}

#[tokio::test]
async fn what_was_not_processed_is_sent_again_whatever_its_method() {
    for script in [
        vec![Does::Refuse, Does::Answer],
        vec![Does::Leave, Does::Answer],
        vec![Does::Refuse, Does::Leave, Does::Refuse, Does::Answer],
    ] {
        let (port, seen) = start(script.clone()).await;
        let keyway = calling(port).await;
        // No retries are asked for: a POST that was not processed is none.
        let response = keyway.send(&key(), post(), None).await.unwrap();
        assert_eq!((response.status().as_u16(), seen.load(Ordering::SeqCst)), (200, script.len()), "{script:?}");
    }
}

#[tokio::test]
async fn what_may_have_been_processed_is_not() {
    for does in [Does::Break, Does::Crash, Does::Fail] {
        let (port, seen) = start(vec![does, Does::Answer]).await;
        let error = calling(port).await.send(&key(), post(), None).await.unwrap_err();
        assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::Unreachable, Some(true)), "{does:?}");
        assert_eq!(seen.load(Ordering::SeqCst), 1, "{does:?}");
    }
}

#[tokio::test]
async fn a_server_that_refuses_for_ever_is_given_up() {
    let (port, seen) = start(vec![Does::Refuse]).await;
    let error = calling(port).await.send(&key(), post(), None).await.unwrap_err();
    assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::Unreachable, Some(false)));
    assert!(error.message().contains("did not process"), "{error}");
    assert_eq!(seen.load(Ordering::SeqCst), 4);
}
