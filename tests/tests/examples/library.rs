//! The Rust of the page `docs/src/guide/library.md`, run against a recorded transport.
//!
//! A test of the command line finds the lines of the page here. Lines that only the test needs stand between them.

use http::StatusCode;
use keyway::connection::ConfigMap;
use keyway::hooks::{Context, Hook};
use keyway::seal::{SealingKey, SealingKeys};
use keyway::testing::{Recorded, get};
use keyway::transport::{BoxFuture, Transport};
use keyway::{Call, ConnectionKey, Credentials, Error, ErrorKind, Integration, Keyway, Sqlite};
use keyway_providers::github::Github;
use keyway_providers::stripe_api_key::{self, StripeApiKey};
use keyway_tests::mock::{CLIENT_ID, CLIENT_SECRET};
use serde::Deserialize;
use serde_json::json;
use std::path::Path;
use std::time::Duration;

/// The part of an answer that the page reads.
#[derive(Debug, Deserialize)]
struct Balance {
    livemode: bool,
}

fn build(path: &Path, sealing_key: SealingKey, transport: impl Transport) -> keyway::Result<Keyway> {
    let (client_id, client_secret) = (CLIENT_ID, CLIENT_SECRET);
    let keyway = Keyway::builder()
        .store(Sqlite::open(path, sealing_key)?)
        .integration(Integration::<Github>::new("github").oauth_app(client_id, client_secret).scopes(["repo"]))
        .integration(Integration::<StripeApiKey>::new("stripe"))
        .user_agent("acme-sync/2.1")
        .call_timeout(Duration::from_secs(60))
        .retries(2)
        .max_wait(Duration::from_secs(20))
        .hook("account-name", AccountName)
        .transport(transport)
        .build()?;
    Ok(keyway)
}

async fn connect(keyway: &Keyway, key: &str) -> keyway::Result<()> {
    let stripe = keyway.integration::<StripeApiKey>("stripe")?;
    let credentials = stripe_api_key::Credentials { username: key.into() };
    stripe
        .connect("acme-inc", stripe_api_key::Config {}, credentials)
        .set(stripe_api_key::API_VERSION, "2025-09-30.clover")
        .import()
        .await?;
    Ok(())
}

async fn call(keyway: &Keyway) -> keyway::Result<Balance> {
    let stripe = keyway.integration::<StripeApiKey>("stripe")?;
    let client = stripe.client("acme-inc").await?;
    let balance: Balance = client.get("/v1/balance").json().await?;
    Ok(balance)
}

/// What a program does after a failed call.
#[derive(Debug, PartialEq)]
enum Next {
    ConnectAgain,
    TryAgain(Duration),
    NotThere,
    Report,
}

fn after(error: &Error) -> Next {
    if error.needs_reconnect() {
        return Next::ConnectAgain; // the grant is gone: show the customer the connect page
    }
    if let Some(wait) = error.retry_after() {
        return Next::TryAgain(wait); // the API, or Keyway's own limit, names the wait
    }
    match error.kind() {
        ErrorKind::Refused if error.status() == Some(StatusCode::NOT_FOUND) => Next::NotThere,
        ErrorKind::Timeout | ErrorKind::Unreachable => Next::TryAgain(Duration::from_secs(60)),
        _ => Next::Report, // `error` says what happened, and holds no secret
    }
}

/// Stores the account's name with the connection.
#[derive(Debug)]
struct AccountName;

impl Hook for AccountName {
    fn run<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, keyway::Result<ConfigMap>> {
        Box::pin(async move {
            let response = context.send(&Call::get("/v1/account")).await?;
            let body = response.into_body().collect(64 * 1024).await?;
            let account: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
            let name = account["business_profile"]["name"].as_str().unwrap_or_default();
            Ok(ConfigMap::from([("account_name".to_owned(), name.to_owned())]))
        })
    }
}

async fn session(keyway: &Keyway, key: &str) -> keyway::Result<()> {
    let session = keyway.create_session(ConnectionKey::new("stripe", "acme-inc")).await?;
    let link = format!("https://app.example.com/connect?token={}", session.token.expose());
    assert!(link.len() > 60, "a token is long");
    // ... and when the customer has submitted the form on that page:
    let credentials = Credentials::basic(key, "");
    keyway.submit(session.token.expose(), "stripe", ConfigMap::new(), credentials).await?;
    Ok(())
}

async fn rotate(path: &Path, old_key: SealingKey, new_key: SealingKey) -> keyway::Result<()> {
    let store = Sqlite::open(path, SealingKeys::new(new_key, [old_key]))?;
    store.reseal().await?; // every value is sealed with the new key; the old one may be deleted
    Ok(())
}

/// The answers of the API, in order.
fn recorded() -> Recorded {
    let account = || get("https://api.stripe.com/v1/account").reply(json!({"id": "acct_1"}));
    Recorded::new([
        account().header("stripe-version", "2025-09-30.clover"),
        get("https://api.stripe.com/v1/balance")
            .header("user-agent", "acme-sync/2.1")
            .reply(json!({"livemode": false})),
        get("https://api.stripe.com/v1/balance").reply_with(404, json!({"error": "no"})),
        account(),
    ])
}

#[tokio::test]
async fn the_page_for_library_users_holds() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyway.db");
    let sealing_key = SealingKey::generate().unwrap();
    let written_down = sealing_key.to_base64();
    let api = recorded();
    let keyway = build(&path, sealing_key, api.clone()).unwrap();
    let key = "rk_test_canary";

    connect(&keyway, key).await.unwrap();
    assert!(!call(&keyway).await.unwrap().livemode);
    let error = call(&keyway).await.unwrap_err();
    assert_eq!(after(&error), Next::NotThere);
    assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    session(&keyway, key).await.unwrap();
    api.finish().unwrap(); // every expected request was sent, and no other

    keyway.settled().await;
    drop(keyway);
    let old_key = || SealingKey::from_base64(written_down.expose()).unwrap();
    let new_key = SealingKey::generate().unwrap();
    let new_text = new_key.to_base64();
    rotate(&path, old_key(), new_key).await.unwrap();
    assert_eq!(Sqlite::open(&path, old_key()).unwrap_err().kind(), ErrorKind::SealBroken);
    Sqlite::open(&path, SealingKey::from_base64(new_text.expose()).unwrap()).unwrap();
}

#[test]
fn an_error_says_what_to_do_next() {
    let error = |kind| Error::new(kind, "a test");
    let wait = Duration::from_secs(7);
    for (error, next) in [
        (error(ErrorKind::ReconnectNeeded), Next::ConnectAgain),
        (error(ErrorKind::Refused).response(429, "").wait(Some(wait)), Next::TryAgain(wait)),
        (error(ErrorKind::Refused).response(404, ""), Next::NotThere),
        (error(ErrorKind::Timeout), Next::TryAgain(Duration::from_secs(60))),
        (error(ErrorKind::HostNotAllowed), Next::Report),
    ] {
        assert_eq!(after(&error), next, "{error}");
    }
}
