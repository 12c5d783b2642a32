//! A bare hyper reverse proxy, in a process of its own: it sets one header, sends the request on over a pool of
//! connections, streams the answer back, and does nothing else.
//!
//! With threads each has a runtime, a listener's share of the connections, and a pool of its own; without, one runtime
//! steals work.

use crate::Result;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HOST, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use rustls::{ClientConfig, RootCertStore};
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;

/// The first argument of this program as a proxy.
const ROLE: &str = "bare-proxy";

/// How a proxy is started.
pub(crate) struct Bare {
    pub(crate) address: SocketAddr,
    pub(crate) origin: String,
    pub(crate) authority: Option<PathBuf>,
    pub(crate) threads: Option<usize>,
}

type Pool = Client<HttpsConnector<HttpConnector>, Incoming>;

/// The proxy that the command line asks for.
pub(crate) fn from_arguments() -> Option<Bare> {
    let mut arguments = std::env::args().skip(1);
    arguments.next().filter(|role| role == ROLE)?;
    let (address, origin, threads) = (arguments.next()?.parse().ok()?, arguments.next()?, arguments.next()?);
    Some(Bare { address, origin, authority: arguments.next().map(PathBuf::from), threads: threads.parse().ok() })
}

impl Bare {
    /// The arguments that [`from_arguments`] reads.
    pub(crate) fn describe(&self, command: &mut Command) {
        let threads = self.threads.map_or_else(|| "-".to_owned(), |threads| threads.to_string());
        command.args([ROLE, &self.address.to_string(), &self.origin, &threads]).args(&self.authority);
    }

    /// Serves until it is killed.
    pub(crate) fn run(self) -> Result<()> {
        let failed = |error: std::io::Error| format!("the bare proxy: {error}");
        let listener = std::net::TcpListener::bind(self.address).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let Some(threads) = self.threads else {
            let runtime = Builder::new_multi_thread().enable_all().build().map_err(failed)?;
            let pool = self.pool()?;
            return runtime.block_on(async {
                let listener = TcpListener::from_std(listener).map_err(failed)?;
                loop {
                    let (stream, _) = listener.accept().await.map_err(failed)?;
                    tokio::spawn(serve(stream, pool.clone(), self.origin.clone()));
                }
            });
        };
        let mut senders = Vec::new();
        for _ in 0..threads {
            let (sender, mut streams) = tokio::sync::mpsc::unbounded_channel::<std::net::TcpStream>();
            let (pool, origin) = (self.pool()?, self.origin.clone());
            let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
            std::thread::spawn(move || {
                runtime.block_on(async {
                    while let Some(stream) = streams.recv().await {
                        if let Ok(stream) = TcpStream::from_std(stream) {
                            tokio::spawn(serve(stream, pool.clone(), origin.clone()));
                        }
                    }
                });
            });
            senders.push(sender);
        }
        listener.set_nonblocking(false).map_err(failed)?;
        for sender in senders.iter().cycle() {
            let (stream, _) = listener.accept().map_err(failed)?;
            stream.set_nonblocking(true).map_err(failed)?;
            sender.send(stream).map_err(|error| error.to_string())?;
        }
        Ok(())
    }

    fn pool(&self) -> Result<Pool> {
        let mut roots = RootCertStore::empty();
        if let Some(path) = &self.authority {
            let certificate = CertificateDer::from_pem_file(path).map_err(|error| error.to_string())?;
            roots.add(certificate).map_err(|error| error.to_string())?;
        }
        let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        let https =
            HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1().wrap_connector(http);
        Ok(Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_max_idle_per_host(1024)
            .build(https))
    }
}

async fn serve(stream: TcpStream, pool: Pool, origin: String) {
    // What fails is seen by wrk.
    let _nodelay = stream.set_nodelay(true);
    let service = service_fn(move |mut request: Request<Incoming>| {
        let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
        let uri = format!("{origin}{target}").parse::<Uri>();
        let pool = pool.clone();
        async move {
            *request.uri_mut() = uri.unwrap_or_default();
            request.headers_mut().remove(HOST);
            request.headers_mut().remove(CONNECTION);
            request.headers_mut().insert("x-api-key", HeaderValue::from_static("bench-secret"));
            pool.request(request).await
        }
    });
    let _served = http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}
