//! Connecting the accounts, as customers and operators do: by pages and callbacks, each on another server, or by
//! import.

use super::entries::{CLIENT_ID, CLIENT_SECRET, CONNECTIONS, VendorKind, account, credentials};
use super::vendors::now;
use super::world::World;
use keyway_simulator::ConsentDecision;
use keyway_tests::client::{Answer, Client};
use serde_json::json;
use std::time::{Duration, Instant};
use url::Url;

/// Where browsers reach the servers: a load balancer that is not there.
pub(crate) const PUBLIC_URL: &str = "http://keyway.test";

/// A customer begins again for so long while servers are killed: each beginning needs all of them, and the start of one
/// takes many seconds on a machine that does other things too.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(240);

/// Sets the vendors up.
pub(crate) async fn integrations(world: &World) {
    for kind in VendorKind::all().filter(|kind| kind.has_operators_client()) {
        let redirect_uri = redirect_uri(world, kind.key()).await;
        for connection in (0..CONNECTIONS).filter(|own| VendorKind::of(*own) == kind) {
            world.vendors.with(connection, |vendor| vendor.set_redirect_uri(redirect_uri.as_str()));
        }
    }
}

/// Makes an integration, and gives its redirect URI; a busy machine may take a while for it.
async fn redirect_uri(world: &World, key: &str) -> String {
    let integration = json!({"provider": key, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET});
    let mut said = String::new();
    let begun = Instant::now();
    while begun.elapsed() < CONNECT_TIMEOUT {
        // Where it was made before, that is refused.
        let made = world.client(0).json("POST", "/integrations", &integration).await.unwrap();
        let shown = world.client(0).get(&format!("/integrations/{key}")).await.unwrap();
        if shown.status == 200 {
            return shown.json()["redirect_uri"].as_str().unwrap_or_default().to_owned();
        }
        said = made.text();
    }
    panic!("`{key}` is not set up: {said}")
}

/// Lets the customer of a lost connection connect again.
pub(crate) async fn again(world: &World, connection: usize) {
    world.note_lost(connection);
    at_last(world, connection).await;
}

/// Connects an account, and begins again where that fails.
pub(crate) async fn at_last(world: &World, connection: usize) {
    let (first, mut said) = (Instant::now(), String::new());
    for beginning in 0.. {
        let begun = Instant::now();
        if begun.duration_since(first) > CONNECT_TIMEOUT {
            break;
        }
        match connect(world, connection, connection + beginning).await {
            Ok(()) => return world.note_connected(connection, begun),
            Err(error) => said = error,
        }
        // A customer who waits is no load that a busy machine cannot bear.
        let pause = 300 * (u64::try_from(beginning).unwrap_or_default() + 1);
        tokio::time::sleep(Duration::from_millis(pause.min(5000))).await;
    }
    world.note_stranded(connection, &said);
}

/// Connects an account, or connects it again. The error says what went wrong.
async fn connect(world: &World, connection: usize, first: usize) -> Result<(), String> {
    let kind = VendorKind::of(connection);
    if kind.is_interactive() {
        return browse(world, connection, first).await;
    }
    let body = json!({
        "integration": kind.key(), "connection_id": account(connection),
        "config": {"account": account(connection)}, "credentials": credentials(connection),
    });
    let made = world.client(first).json("POST", "/connections", &body).await;
    expected(world, made.map_err(|error| error.to_string())?, 201).map(drop)
}

async fn browse(world: &World, connection: usize, first: usize) -> Result<(), String> {
    let (kind, account) = (VendorKind::of(connection), account(connection));
    let session = json!({"integration": kind.key(), "connection_id": account});
    let made = world.client(first).json("POST", "/connect/sessions", &session).await;
    let made = expected(world, made.map_err(|error| error.to_string())?, 201)?.json();
    world.secrets.add(made["token"].as_str().unwrap_or_default());
    let link = format!("{}&params[account]={account}", made["url"].as_str().unwrap_or_default());
    let browser = Client::new(PUBLIC_URL);
    let begun = browser.get(&world.at(first + 1, &link)).await.map_err(|error| error.to_string())?;
    let begun = expected(world, begun, 302)?;
    let cookie = begun.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
    world.secrets.add(cookie.split_once('=').map_or("", |(_, value)| value));
    let page = begun.header("location").to_owned();
    let state = Url::parse(&page).ok();
    let state =
        state.and_then(|url| url.query_pairs().find(|(name, _)| name == "state").map(|(_, value)| value.into_owned()));
    world.secrets.add(&state.unwrap_or_default());
    let consent = world.vendors.with(connection, |vendor| vendor.consent(&page, ConsentDecision::Approve, now()));
    let back = consent.map_err(|refused| refused.reason)?;
    let finished = browser.with("cookie", &cookie).get(&world.at(first + 2, &back)).await;
    expected(world, finished.map_err(|error| error.to_string())?, 200).map(drop)
}

/// An answer of a status, whatever it says without a secret.
fn expected(world: &World, answer: Answer, status: u16) -> Result<Answer, String> {
    if answer.status == status {
        return Ok(answer);
    }
    world.hear(&answer, "an answer to a customer");
    Err(format!("{}: {}", answer.status, answer.text().chars().take(300).collect::<String>()))
}
