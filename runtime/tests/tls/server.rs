//! A TLS server on loopback that says whom it saw.

#![allow(dead_code)] // each test binary uses its own part

use http::header::{AUTHORIZATION, LOCATION};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use keyway::transport::hyper::HyperTransport;
use std::convert::Infallible;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

macro_rules! file {
    ($name:literal) => {
        include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls/", $name, ".pem"))
    };
}
pub(crate) use file;

/// A transport that trusts the tests' authority.
pub(crate) fn trusting() -> HyperTransport {
    HyperTransport::with_extra_roots(file!("authority")).unwrap()
}

/// A request as the server saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) path: String,
    /// The number of certificates that the client showed.
    pub(crate) certificates: usize,
    pub(crate) authorization: String,
}

/// Says how many certificates the client showed: in a token at `/token`, plainly everywhere else. A query is an address
/// to go to instead.
pub(crate) struct Server {
    pub(crate) port: u16,
    pub(crate) connections: Arc<AtomicUsize>,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    pub(crate) async fn start(certificate: &str, key: &str, wants_a_client: bool) -> Server {
        let acceptor = TlsAcceptor::from(Arc::new(config(certificate, key, wants_a_client)));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (connections, seen) = (Arc::new(AtomicUsize::new(0)), Arc::default());
        let (counted, log) = (Arc::clone(&connections), Arc::clone(&seen));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (acceptor, counted, log) = (acceptor.clone(), Arc::clone(&counted), Arc::clone(&log));
                tokio::spawn(async move {
                    let Ok(stream) = acceptor.accept(stream).await else { return };
                    counted.fetch_add(1, Ordering::SeqCst);
                    let certificates = stream.get_ref().1.peer_certificates().map_or(0, <[_]>::len);
                    let answer = hyper::service::service_fn(move |request| {
                        let answer = answer(&request, certificates, &log);
                        async { Ok::<_, Infallible>(answer) }
                    });
                    let _ =
                        auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), answer).await;
                });
            }
        });
        Server { port, connections, seen }
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

fn answer(request: &http::Request<Incoming>, certificates: usize, log: &Mutex<Vec<Seen>>) -> http::Response<String> {
    let authorization = request.headers().get(AUTHORIZATION).map_or("", |value| value.to_str().unwrap()).to_owned();
    let path = request.uri().path().to_owned();
    let body = match path.as_str() {
        "/token" => format!(r#"{{"access_token":"for-{certificates}","expires_in":3600}}"#),
        _ => certificates.to_string(),
    };
    log.lock().unwrap().push(Seen { path, certificates, authorization });
    match request.uri().query() {
        Some(target) => http::Response::builder().status(302).header(LOCATION, target).body(body).unwrap(),
        None => http::Response::new(body),
    }
}

fn config(certificate: &str, key: &str, wants_a_client: bool) -> ServerConfig {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(file!("authority").as_bytes()).unwrap()).unwrap();
    let provider = Arc::new(default_provider());
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build();
    let builder = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let builder = match verifier {
        Ok(verifier) if wants_a_client => builder.with_client_cert_verifier(verifier),
        _ => builder.with_no_client_auth(),
    };
    let chain = vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()];
    let key = PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap();
    let mut config = builder.with_single_cert(chain, key).unwrap();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config
}
