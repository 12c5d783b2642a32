//! `keyway serve`: the proxy on this machine, with its state in a file or in a database that it shares.
//!
//! Puts the parts together and waits. [`crate::location`] opens the store, [`keys`] finds or makes the key of callers,
//! [`crate::sealing`] that of the store, [`log`] decides what is logged. Routes and rules are in `keyway-server`.

mod brand;
mod keys;
mod log;
mod memory;

use crate::catalogue::{self, CatalogueArgs};
use crate::exit::{Exit, Failure, written};
use crate::location::Location;
use crate::sealing;
use crate::terminal::Terminal;
use crate::waiter::Waiter;
use brand::BrandArgs;
use clap::builder::{OsStringValueParser, TypedValueParser};
use keys::ApiKeySource;
use keyway::Keyway;
use keyway::catalogue::Catalogue;
use keyway::egress::EgressPolicy;
use keyway::transport::hyper::HyperTransport;
use keyway_server::{Brand, Limits, ServerConfig, client_metadata_base, handler};
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread;
use tokio::net::TcpListener;
use url::Url;

const EXAMPLES: &str = "\
Examples:
  keyway serve
  keyway serve --catalogue acme.yaml --store /var/lib/keyway/keyway.db
  keyway serve --listen 127.0.0.1:8080 --public-url https://keyway.example.com
  keyway serve --store postgres://keyway@db.example.com/keyway

Environment:
  KEYWAY_API_KEY         what callers prove themselves with; without it, one is made and shown on the first start
  KEYWAY_ENCRYPTION_KEY  Base64 of 32 bytes that seals the store; without it, `<store>.key` is made on the first start
  PGPASSWORD             the password of the database, unless the URL has one; servers that share a database are given
                         both keys
  KEYWAY_LOG, RUST_LOG   what is logged to standard error, like `info` or `keyway_server=debug`";

const DEFAULT_CONNECTIONS: NonZeroUsize = match NonZeroUsize::new(Limits::DEFAULT.connections) {
    Some(connections) => connections,
    None => NonZeroUsize::MIN,
};

/// What to serve, and where.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    providers: CatalogueArgs,
    /// Where integrations and connections are kept: a file, or a PostgreSQL database like
    /// `postgres://keyway@db.example.com/keyway`, which several servers may share
    #[arg(long, value_name = "PATH|URL", default_value = "keyway.db",
          value_parser = OsStringValueParser::new().map(Location::from))]
    store: Location,
    /// The address to listen on
    #[arg(long, value_name = "ADDR", default_value_t = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 3900))]
    listen: SocketAddr,
    /// Where browsers reach this server; by default the address it listens on
    #[arg(long, value_name = "URL")]
    public_url: Option<Url>,
    /// The number of connections that are open at a time; more are answered with 503
    #[arg(long, value_name = "NUMBER", default_value_t = DEFAULT_CONNECTIONS)]
    max_connections: NonZeroUsize,
    /// How many customers' connections are kept opened in memory, so that a call asks no store; 0 keeps none
    #[arg(long, value_name = "NUMBER", default_value_t = Keyway::CACHE_CONNECTIONS)]
    cache_connections: usize,
    /// How many threads serve connections; by default as many as this process may use cores
    #[arg(long, value_name = "NUMBER")]
    threads: Option<NonZeroUsize>,
    /// Leave out the pages for operators: `/`, `/sign-in` and `/console`
    #[arg(long)]
    no_pages: bool,
    /// Let credentials go to private and loopback addresses
    #[arg(long)]
    allow_private_hosts: bool,

    /// Trust the root certificates in this PEM file too: those of a company's own authority
    #[arg(long, value_name = "FILE")]
    extra_roots: Option<PathBuf>,
    /// Let credentials go over plain HTTP
    #[arg(long)]
    allow_http: bool,
    /// What this server calls itself in its requests, unless an entry or a caller says otherwise; by default
    /// `keyway/<version>`
    #[arg(long, value_name = "NAME/VERSION")]
    user_agent: Option<String>,
    #[command(flatten)]
    brand: BrandArgs,
}

/// Serves until it is told to stop.
pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    log::start();
    if let Some(url) = &args.public_url {
        check_public(url)?;
    }
    let brand = args.brand.read()?;
    let (providers, own_terminal) = (args.providers.clone(), terminal.clone());
    let catalogue = memory::apart(move || catalogue::load(&providers, &[], &own_terminal))?;
    // For accepting connections and for signals: each thread that serves has a runtime of its own.
    let waiter = Waiter::new()?;
    waiter.wait(serve(args, catalogue, brand))?;
    // Whatever is still open after the grace.
    waiter.abandon();
    Ok(Exit::Clean)
}

async fn serve(args: &Args, catalogue: Catalogue, brand: Brand) -> Result<(), Failure> {
    // Before anything is made: a start that cannot listen leaves nothing behind.
    let listener = TcpListener::bind(args.listen).await.map_err(|error| {
        Failure::usage(format!("cannot listen on {}: {error}; choose another address with `--listen`", args.listen))
    })?;
    let (sealing_key, sealing_source) = sealing::find_or_make(args.store.file())?;
    // The same on every server that shares the store, so that any of them takes an operator's session.
    let session_secret = sealing_key.derive("operator sessions").map_err(failed)?;
    let store = args.store.open(sealing_key).await?;
    let policy = EgressPolicy::default().allow_private(args.allow_private_hosts).allow_http(args.allow_http);
    let mut builder = Keyway::builder().shared_store(store).catalogue(catalogue).egress(policy);
    builder = builder.cache_connections(args.cache_connections);
    if let Some(public_url) = &args.public_url {
        builder = builder.client_metadata(client_metadata_base(public_url));
    }
    if let Some(user_agent) = &args.user_agent {
        builder = builder.user_agent(user_agent);
    }
    if let Some(path) = &args.extra_roots {
        let pem = std::fs::read_to_string(path)
            .map_err(|error| Failure::usage(format!("cannot read `{}`: {error}", path.display())))?;
        builder = builder.transport(HyperTransport::with_extra_roots(&pem).map_err(failed)?);
    }
    let keyway = builder.build().map_err(failed)?;
    let address = listener.local_addr().map_err(|error| Failure::usage(format!("cannot listen: {error}")))?;
    let here = here(address)?;
    let public_url = args.public_url.clone().unwrap_or_else(|| here.clone());
    let stop = stop()?;
    let (api_key, api_source) = keys::api(args.store.file())?;
    written(announce(&here, &args.store, &sealing_source, &api_source, !args.no_pages))?;
    if let ApiKeySource::Made(_, hash) = api_source {
        hash.keep()?;
    }
    if !address.ip().is_loopback() {
        tracing::warn!("{address} is reachable from other machines, without TLS: put a proxy with TLS in front");
    }
    let config = ServerConfig::new(api_key, public_url).pages(!args.no_pages).brand(brand);
    let config = config.session_secret(session_secret).store_name(args.store.to_string());
    let handler = handler(keyway.clone(), config);
    let limits = Limits::DEFAULT.connections(args.max_connections.get());
    let threads = args.threads.or_else(|| thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN);
    let served = keyway_server::serve_on_threads(threads, limits, listener, handler, stop, keyway.settled()).await;
    served.map_err(|error| Failure::usage(format!("cannot start {threads} threads: {error}; choose with `--threads`")))
}

fn announce(here: &Url, store: &Location, sealing: &str, api: &ApiKeySource, pages: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    let origin = here.as_str().trim_end_matches('/');
    writeln!(out, "keyway listens on {origin}")?;
    writeln!(out, "store:       {store}")?;
    writeln!(out, "sealing key: {sealing}")?;
    let shown = match api {
        ApiKeySource::Environment => {
            writeln!(out, "API key:     the one in KEYWAY_API_KEY")?;
            "$KEYWAY_API_KEY"
        }
        ApiKeySource::Kept(path) => {
            writeln!(out, "API key:     the one shown on the first start; its hash is in {}", path.display())?;
            "$KEYWAY_API_KEY"
        }
        ApiKeySource::Made(key, hash) => {
            writeln!(out, "API key:     {}", key.expose())?;
            writeln!(out, "             shown this once; only its hash is kept, in {}", hash.path().display())?;
            key.expose()
        }
    };
    writeln!(out, "\nTry it:\n  curl {origin}/providers -H \"Authorization: Bearer {shown}\"")?;
    if pages {
        writeln!(out, "or open {origin} in a browser and sign in with the API key")?;
    }
    writeln!(out)?;
    out.flush()
}

/// Ready when the process is asked to stop.
pub(super) fn stop() -> Result<impl Future<Output = ()> + Send + 'static, Failure> {
    #[cfg(unix)]
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
        .map_err(|error| Failure::usage(format!("cannot listen for signals: {error}")))?;
    Ok(async move {
        #[cfg(unix)]
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        #[cfg(not(unix))]
        let _either_way = tokio::signal::ctrl_c().await;
    })
}

/// The URL of an address. One that means "every interface" is reached by loopback from here.
fn here(address: SocketAddr) -> Result<Url, Failure> {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    let text = format!("http://{}", SocketAddr::new(ip, address.port()));
    Url::parse(&text).map_err(|error| Failure::usage(format!("`{text}` is not a URL: {error}")))
}

fn check_public(url: &Url) -> Result<(), Failure> {
    let fits = matches!(url.scheme(), "http" | "https") && url.query().is_none() && url.fragment().is_none();
    if fits && url.username().is_empty() && url.password().is_none() {
        return Ok(());
    }
    Err(Failure::usage("`--public-url` must be like `https://keyway.example.com`, without a query or a user"))
}

/// The message says what to do about the store or the configuration.
#[expect(clippy::needless_pass_by_value, reason = "for `map_err`")]
fn failed(error: keyway::Error) -> Failure {
    Failure::usage(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_shown_can_be_called() {
        for (address, expected) in [
            ("127.0.0.1:3900", "http://127.0.0.1:3900/"),
            ("0.0.0.0:80", "http://127.0.0.1/"),
            ("[::]:3900", "http://[::1]:3900/"),
        ] {
            let address: SocketAddr = address.parse().unwrap();
            assert_eq!(here(address).unwrap().as_str(), expected, "{address}");
        }
    }

    #[test]
    fn a_public_url_is_an_origin_and_a_path() {
        for (url, fits) in [
            ("https://keyway.example.com", true),
            ("http://localhost:3900/keyway/", true),
            ("https://keyway.example.com/?a=b", false),
            ("https://user@keyway.example.com", false),
            ("mailto:a@example.com", false),
        ] {
            assert_eq!(check_public(&Url::parse(url).unwrap()).is_ok(), fits, "{url}");
        }
    }
}
