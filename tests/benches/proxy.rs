//! The proxy against a bare hyper reverse proxy, on loopback, in one run: `cargo bench -p keyway-tests --bench proxy`.
//!
//! ```text
//! clients -> bare | keyway -> upstream (a small JSON answer)
//! ```
//!
//! Both are measured in turns, so that what else the machine does meets both. The bare one parses a request, sends it
//! on over a pool of connections and streams the answer back, and does nothing else. Printed are requests a second, the
//! 50th and 99th percentile of the time a request takes, and the ratio of the medians. Not through `criterion`, which
//! has no percentiles and no clients at once. `KEYWAY_BENCH_SECONDS` (3) is the length of a turn; `KEYWAY_BENCH_ONLY`
//! (`bare` or `keyway`) makes one turn of one of them, for a profiler.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a bench: the figures are the output, a defect stops it")]

use bytes::Bytes;
use http::{HeaderMap, Request, Response, Uri};
use http_body_util::{BodyExt, Empty, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1 as client;
use hyper::server::conn::http1 as server;
use hyper::service::service_fn;
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use keyway::catalogue::Catalogue;
use keyway::credentials::Credentials;
use keyway::egress::EgressPolicy;
use keyway::fields::Trust;
use keyway::integration::IntegrationRecord;
use keyway::{ConnectionKey, Keyway, Secret};
use keyway_server::{ApiKey, ServerConfig};
use keyway_tests::catalogue::{self, KEY};
use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::{TcpListener, TcpStream};

/// As in the command. The bare proxy has it too.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const CLIENTS: usize = 32;
const ROUNDS: usize = 5;
const SERVER_KEY: &str = "bench-server-api-key";
const ANSWER: &[u8] = &[b'x'; 1024];

#[tokio::main]
async fn main() {
    let seconds = std::env::var("KEYWAY_BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let turn = Duration::from_secs(seconds);
    let upstream = upstream().await;
    let (bare, keyway) = (bare(upstream).await, keyway(upstream).await);
    let mut headers = HeaderMap::new();
    headers.insert("authorization", format!("Bearer {SERVER_KEY}").parse().unwrap());
    headers.insert("provider-config-key", KEY.parse().unwrap());
    headers.insert("connection-id", "bench".parse().unwrap());
    let (mut of_bare, mut of_keyway) = (Vec::new(), Vec::new());
    println!("{CLIENTS} clients, {ROUNDS} rounds of {seconds} s each, answers of {} bytes", ANSWER.len());
    for (address, headers) in [(bare, &HeaderMap::new()), (keyway, &headers)] {
        load(address, headers, Duration::from_millis(500)).await; // warm: connections, pools, caches
    }
    if let Ok(only) = std::env::var("KEYWAY_BENCH_ONLY") {
        let (address, headers) = if only == "bare" { (bare, &HeaderMap::new()) } else { (keyway, &headers) };
        println!("{only:<12} {:>9.0} requests/s", load(address, headers, turn).await.rate);
        return;
    }
    for _ in 0..ROUNDS {
        of_bare.push(load(bare, &HeaderMap::new(), turn).await);
        of_keyway.push(load(keyway, &headers, turn).await);
    }
    let (of_bare, of_keyway) = (median(of_bare), median(of_keyway));
    for (name, figures) in [("bare hyper", &of_bare), ("keyway", &of_keyway)] {
        let Figures { rate, half, most } = figures;
        println!("{name:<12} {rate:>9.0} requests/s   p50 {half:>8.1?}   p99 {most:>8.1?}");
    }
    println!("ratio        {:>8.1} % of the bare proxy's throughput", 100.0 * of_keyway.rate / of_bare.rate);
}

/// What a turn gave.
#[derive(Clone, Copy)]
struct Figures {
    rate: f64,
    half: Duration,
    most: Duration,
}

/// The turn with the median throughput.
fn median(mut turns: Vec<Figures>) -> Figures {
    turns.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    turns[turns.len() / 2]
}

/// Every client asks again as soon as it is answered.
async fn load(address: SocketAddr, headers: &HeaderMap, turn: Duration) -> Figures {
    let started = Instant::now();
    let clients = (0..CLIENTS).map(|_| tokio::spawn(one_client(address, headers.clone(), started + turn)));
    let mut times = Vec::new();
    for client in clients.collect::<Vec<_>>() {
        times.extend(client.await.unwrap());
    }
    let took = started.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |part: usize| times[(times.len() * part / 100).min(times.len() - 1)];
    #[allow(clippy::cast_precision_loss)] // far fewer requests than a float counts exactly
    let rate = times.len() as f64 / took;
    Figures { rate, half: at(50), most: at(99) }
}

async fn one_client(address: SocketAddr, headers: HeaderMap, end: Instant) -> Vec<Duration> {
    let stream = TcpStream::connect(address).await.unwrap();
    stream.set_nodelay(true).unwrap();
    let (mut sender, connection) = client::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let mut times = Vec::new();
    while Instant::now() < end {
        let mut request = Request::get("/proxy/things?limit=2").body(Empty::<Bytes>::new()).unwrap();
        request.headers_mut().clone_from(&headers);
        request.headers_mut().insert("host", address.to_string().parse().unwrap());
        let asked = Instant::now();
        sender.ready().await.unwrap();
        let response = sender.send_request(request).await.unwrap();
        assert_eq!(response.status(), 200);
        assert_eq!(response.into_body().collect().await.unwrap().to_bytes().len(), ANSWER.len());
        times.push(asked.elapsed());
    }
    times
}

async fn upstream() -> SocketAddr {
    serve(service_fn(async |_: Request<Incoming>| {
        let answer = Response::builder().header("content-type", "application/json");
        Ok::<_, Infallible>(answer.body(Full::new(Bytes::from_static(ANSWER))).unwrap())
    }))
    .await
}

/// Sends everything on, as it is.
async fn bare(upstream: SocketAddr) -> SocketAddr {
    let pool: Client<_, Incoming> = Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_max_idle_per_host(CLIENTS)
        .build_http();
    serve(service_fn(move |mut request: Request<Incoming>| {
        let pool = pool.clone();
        async move {
            let target = request.uri().path_and_query().map_or("/", |target| target.as_str());
            *request.uri_mut() = format!("http://{upstream}{target}").parse::<Uri>().unwrap();
            request.headers_mut().remove("host");
            pool.request(request).await
        }
    }))
    .await
}

async fn keyway(upstream: SocketAddr) -> SocketAddr {
    let providers = catalogue::providers(upstream, upstream);
    let providers: Catalogue = providers.into_iter().map(|spec| &*Box::leak(Box::new(spec))).collect();
    let policy = EgressPolicy::default().allow_private(true).allow_http(true);
    let record = IntegrationRecord::without_scopes("", KEY);
    let keyway = Keyway::builder().catalogue(providers).egress(policy).build().unwrap();
    keyway.create_integration(record).await.unwrap();
    let (key, credentials) = (ConnectionKey::new(KEY, "bench"), Credentials::api_key("mock-key"));
    let (config, metadata) = (std::collections::BTreeMap::new(), serde_json::Map::new());
    keyway.import(key, config, metadata, credentials, Trust::User).await.unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let public_url = format!("http://{address}").parse().unwrap();
    let config = ServerConfig::new(ApiKey::new(&Secret::new(SERVER_KEY)).unwrap(), public_url);
    tokio::spawn(keyway_server::serve(listener, keyway_server::handler(keyway, config), std::future::pending()));
    address
}

async fn serve<S, B>(service: S) -> SocketAddr
where
    S: hyper::service::Service<Request<Incoming>, Response = Response<B>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    B: hyper::body::Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            stream.set_nodelay(true).unwrap();
            tokio::spawn(server::Builder::new().serve_connection(TokioIo::new(stream), service.clone()));
        }
    });
    address
}
