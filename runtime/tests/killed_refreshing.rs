//! A process is killed at each step of a refresh; the next one sends the token once more when the lease is over, which
//! saves the connection wherever the vendor honours it, and is reported where it does not.
#![cfg(feature = "sqlite")]
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

#[macro_use]
#[path = "support/delegate.rs"]
mod delegate;
mod support;

use keyway::clock::Timestamp;
use keyway::connection::{Connection, ConnectionKey};
use keyway::credentials::{Credentials, Token};
use keyway::egress::Egress;
use keyway::integration::IntegrationRecord;
use keyway::seal::SealingKey;
use keyway::store::{ConnectionListing, Sqlite, Store, Ticket};
use keyway::transport::hyper::HyperTransport;
use keyway::transport::{Body, BoxFuture, Transport};
use keyway::{Catalogue, EgressPolicy, ErrorKind, Keyway, Result};
use keyway_spec::quirks::UnknownOutcome;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use support::{Hand, Mock, oauth2, reply};

const FILE: &str = "KEYWAY_TEST_FILE";
const KEY: &str = "KEYWAY_TEST_KEY";
const STEP: &str = "KEYWAY_TEST_STEP";
const ADDRESS: &str = "KEYWAY_TEST_ADDRESS";

/// The steps of a refresh, in order: where the process dies, and how often the token was redeemed by then.
const STEPS: [(&str, usize); 6] = [
    ("before the intent is written", 0),
    ("after the intent is written", 0),
    ("before the request is sent", 0),
    ("after the answer came", 1),
    ("before the outcome is written", 1),
    ("after the outcome is written", 1),
];

/// The vendor's treatment of a refresh token that was redeemed already, and the operator's setting for it.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Vendor {
    /// It is honoured once more.
    Grace,
    /// It is refused.
    Strict,
    /// Every token of the grant ends; the operator says that an unknown outcome is final.
    Revokes,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Next {
    /// The token is sent, for the first time or once more, and the connection goes on.
    Refreshes,
    /// The token is sent once more, and the vendor says that it is used up.
    IsRefused,
    /// The token may be used up, and is not sent again by itself.
    NeedsReconnecting,
    HasTheNewToken,
}

/// The state that the next process finds after the lease.
fn next(step: &str, redeemed: usize, vendor: Vendor) -> Next {
    match (step, redeemed, vendor) {
        ("after the outcome is written", ..) => Next::HasTheNewToken,
        ("before the intent is written", ..) => Next::Refreshes,
        (_, _, Vendor::Revokes) => Next::NeedsReconnecting,
        (_, 1, Vendor::Strict) => Next::IsRefused,
        _ => Next::Refreshes,
    }
}

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

#[test]
fn whatever_step_a_process_dies_at_the_token_is_sent_once_more_and_nothing_is_lost_in_silence() {
    if let Ok(step) = std::env::var(STEP) {
        return refresh_until(&step);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    for vendor in [Vendor::Grace, Vendor::Strict, Vendor::Revokes] {
        for (step, redeemed) in STEPS {
            runtime.block_on(case(step, redeemed, vendor));
        }
    }
}

async fn case(step: &'static str, redeemed: usize, vendor: Vendor) {
    let times = AtomicUsize::new(0);
    let mock = Mock::start(move |seen| {
        assert_eq!(seen.form()["refresh_token"], "rt-1");
        if times.fetch_add(1, Ordering::SeqCst) > 0 && vendor != Vendor::Grace {
            return reply(400, r#"{"error":"invalid_grant"}"#);
        }
        reply(200, r#"{"access_token":"at-2","refresh_token":"rt-2","expires_in":3600}"#)
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keyway.db");
    let sealing = SealingKey::generate().unwrap();
    let clock = Hand::new();
    let opened = || open(Sqlite::open(&file, sealing.clone()).unwrap(), &clock, mock.address, vendor);
    import(&opened()).await;

    run_and_kill(&file, &sealing, step, mock.address);
    assert_eq!(mock.seen().len(), redeemed, "{step} {vendor:?}");

    // Before the lease is over nothing is sent; then it is, less than half a minute after the first sending.
    clock.advance(21);
    let keyway = opened();
    let (found, next) = (keyway.fetch(&key()).await, next(step, redeemed, vendor));
    let sent = redeemed + usize::from(matches!(next, Next::Refreshes | Next::IsRefused));
    assert_eq!(mock.seen().len(), sent, "{step} {vendor:?}");
    match next {
        Next::Refreshes | Next::HasTheNewToken => assert_eq!(access(found), "at-2", "{step} {vendor:?}"),
        Next::IsRefused | Next::NeedsReconnecting => {
            assert_eq!(found.unwrap_err().kind(), ErrorKind::ReconnectNeeded, "{step} {vendor:?}");
            // Asked again, it is still not sent.
            clock.advance(86_400);
            assert_eq!(keyway.fetch(&key()).await.unwrap_err().kind(), ErrorKind::ReconnectNeeded, "{step} {vendor:?}");
            assert_eq!(mock.seen().len(), sent, "{step} {vendor:?}");
        }
    }
}

fn access(connection: Result<Connection>) -> String {
    connection.unwrap().credentials.token.unwrap().access.expose().to_owned()
}

async fn import(keyway: &Keyway) {
    let token = Token::new("at-1")
        .refresh(keyway::Secret::from("rt-1"))
        .expires_at(Timestamp::from_second(1_600_000_000).unwrap());
    let credentials = Credentials::default().token(token);
    let (config, metadata) = (std::collections::BTreeMap::new(), serde_json::Map::new());
    keyway.import_unverified(key(), config, metadata, credentials).await.unwrap();
}

fn open(store: impl Store, clock: &Hand, address: SocketAddr, vendor: Vendor) -> Keyway {
    let spec = oauth2(address);
    let mut record = IntegrationRecord::without_scopes("acme", spec.key).client_id("client").client_secret("secret");
    record.unknown_outcome = (vendor == Vendor::Revokes).then_some(UnknownOutcome::Final);
    let dying =
        Dying { step: std::env::var(STEP).unwrap_or_default(), inner: Arc::new(HyperTransport::new().unwrap()) };
    Keyway::builder()
        .store(store)
        .transport(dying)
        .clock(clock.clone())
        .catalogue([spec].into_iter().collect::<Catalogue>())
        .egress(EgressPolicy::default().allow_private(true).allow_http(true))
        .integration_record(record)
        .build()
        .unwrap()
}

/// Runs a copy of this test binary until it says that it is there, and kills it.
fn run_and_kill(file: &Path, sealing: &SealingKey, step: &str, address: SocketAddr) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["whatever_step", "--nocapture"])
        .env(FILE, file)
        .env(KEY, sealing.to_base64().expose())
        .env(STEP, step)
        .env(ADDRESS, address.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let there = BufReader::new(child.stdout.take().unwrap()).lines().any(|line| line.unwrap() == "there");
    assert!(there, "the process never came to the step `{step}`");
    child.kill().unwrap();
    child.wait().unwrap();
}

/// The child: refreshes, and stands still at the step.
fn refresh_until(step: &str) {
    let sealing = SealingKey::from_base64(&std::env::var(KEY).unwrap()).unwrap();
    let store = Sqlite::open(Path::new(&std::env::var(FILE).unwrap()), sealing).unwrap();
    let store = Dying { step: step.to_owned(), inner: Arc::new(store) };
    let address = std::env::var(ADDRESS).unwrap().parse().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let _ = open(store, &Hand::new(), address, Vendor::Grace).fetch(&key()).await;
    });
}

/// A part that stands still, for ever, when it comes to the step.
#[derive(Debug)]
struct Dying<T> {
    step: String,
    inner: Arc<T>,
}

impl<T> Dying<T> {
    fn reaches(&self, step: &str) {
        if self.step == step {
            let mut out = std::io::stdout().lock();
            writeln!(out, "\nthere").unwrap();
            out.flush().unwrap();
            drop(out);
            loop {
                std::thread::park();
            }
        }
    }
}

impl Transport for Dying<HyperTransport> {
    fn send<'a>(
        &'a self,
        request: http::Request<Body>,
        egress: &'a Egress,
    ) -> BoxFuture<'a, Result<http::Response<Body>>> {
        Box::pin(async move {
            self.reaches("before the request is sent");
            let response = self.inner.send(request, egress).await;
            self.reaches("after the answer came");
            response
        })
    }
}

impl Store for Dying<Sqlite> {
    fn put_connection(&self, connection: Connection, expected: Option<u64>) -> BoxFuture<'_, Result<u64>> {
        Box::pin(async move {
            let what = if connection.refresh.intent.is_some() { "intent" } else { "outcome" };
            self.reaches(&format!("before the {what} is written"));
            let written = self.inner.put_connection(connection, expected).await;
            self.reaches(&format!("after the {what} is written"));
            written
        })
    }

    delegate_to_inner!();
}
