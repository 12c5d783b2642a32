//! A process is killed at each step of a refresh; the next one loses nothing, and redeems no token twice.
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
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use support::{Hand, Mock, oauth2, reply};

const FILE: &str = "KEYWAY_TEST_FILE";
const KEY: &str = "KEYWAY_TEST_KEY";
const STEP: &str = "KEYWAY_TEST_STEP";
const ADDRESS: &str = "KEYWAY_TEST_ADDRESS";

/// The steps of a refresh, in order: where the process dies, how often the token was redeemed by then, and what the next
/// process finds when the lease is over.
const STEPS: [(&str, usize, Next); 6] = [
    ("before the intent is written", 0, Next::Refreshes),
    ("after the intent is written", 0, Next::NeedsReconnecting),
    ("before the request is sent", 0, Next::NeedsReconnecting),
    ("after the answer came", 1, Next::NeedsReconnecting),
    ("before the outcome is written", 1, Next::NeedsReconnecting),
    ("after the outcome is written", 1, Next::HasTheNewToken),
];

#[derive(Clone, Copy, Debug, PartialEq)]
enum Next {
    /// Nothing was sent, and it is known.
    Refreshes,
    /// The token may be used up: reported, and not redeemed again by itself.
    NeedsReconnecting,
    HasTheNewToken,
}

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

#[test]
fn whatever_step_a_process_dies_at_the_token_is_redeemed_once_and_nothing_is_lost_in_silence() {
    if let Ok(step) = std::env::var(STEP) {
        return refresh_until(&step);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    for (step, redeemed, next) in STEPS {
        runtime.block_on(case(step, redeemed, next));
    }
}

async fn case(step: &'static str, redeemed: usize, next: Next) {
    let mock = Mock::start(|seen| {
        let number = if seen.form()["refresh_token"] == "rt-1" { 2 } else { 3 };
        reply(200, format!(r#"{{"access_token":"at-{number}","refresh_token":"rt-{number}","expires_in":3600}}"#))
    })
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("keyway.db");
    let sealing = SealingKey::generate().unwrap();
    let clock = Hand::new();
    let keyway = open(Sqlite::open(&file, sealing.clone()).unwrap(), &clock, mock.address);
    import(&keyway).await;
    drop(keyway);

    run_and_kill(&file, &sealing, step, mock.address);
    assert_eq!(mock.seen().len(), redeemed, "{step}");

    clock.advance(91);
    let keyway = open(Sqlite::open(&file, sealing).unwrap(), &clock, mock.address);
    let found = keyway.fetch(&key()).await;
    match next {
        Next::Refreshes | Next::HasTheNewToken => assert_eq!(access(found), "at-2", "{step}"),
        Next::NeedsReconnecting => {
            assert_eq!(found.unwrap_err().kind(), ErrorKind::ReconnectNeeded, "{step}");
            // Asked again, it is still not redeemed; an operator may try once more by hand.
            assert_eq!(keyway.fetch(&key()).await.unwrap_err().kind(), ErrorKind::ReconnectNeeded, "{step}");
            assert_eq!(mock.seen().len(), redeemed, "{step}");
            assert_eq!(access(keyway.refresh(&key()).await), "at-2", "{step}");
        }
    }
    let by_itself = if next == Next::Refreshes { 1 } else { redeemed };
    let by_hand = usize::from(next == Next::NeedsReconnecting);
    assert_eq!(mock.seen().len(), by_itself + by_hand, "{step}");
}

fn access(connection: Result<Connection>) -> String {
    connection.unwrap().credentials.token.unwrap().access.expose().to_owned()
}

async fn import(keyway: &Keyway) {
    let token = Token {
        access: "at-1".into(),
        refresh: Some("rt-1".into()),
        expires_at: Some(Timestamp::from_second(1_600_000_000).unwrap()),
        raw: None,
    };
    let credentials = Credentials { token: Some(token), ..Credentials::default() };
    let (config, metadata) = (std::collections::BTreeMap::new(), serde_json::Map::new());
    keyway.import_unverified(key(), config, metadata, credentials).await.unwrap();
}

fn open(store: impl Store, clock: &Hand, address: SocketAddr) -> Keyway {
    let spec = oauth2(address);
    let record = IntegrationRecord {
        key: "acme".to_owned(),
        provider: spec.key.to_owned(),
        client_id: Some("client".to_owned()),
        client_secret: Some("secret".into()),
        ..IntegrationRecord::default()
    };
    let dying =
        Dying { step: std::env::var(STEP).unwrap_or_default(), inner: Arc::new(HyperTransport::new().unwrap()) };
    Keyway::builder()
        .store(store)
        .transport(dying)
        .clock(clock.clone())
        .catalogue([spec].into_iter().collect::<Catalogue>())
        .egress(EgressPolicy { allow_private: true, allow_http: true })
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
        let _ = open(store, &Hand::new(), address).fetch(&key()).await;
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
