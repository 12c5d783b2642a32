//! A server on loopback that plays both an authorization server and an API.
//!
//! It is strict where a real one is strict (PKCE, single-use codes, rotated refresh tokens) and it counts, so that a
//! test can say "exactly one refresh". There is no TLS.

mod api;
mod detour;
mod oauth;
mod stream;
mod vendors;

pub use detour::Detour;

use axum::Router;
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// The client that the authorization server knows.
pub const CLIENT_ID: &str = "mock-client";
/// Its secret.
pub const CLIENT_SECRET: &str = "mock-client-secret";
/// The one API key that the API accepts.
pub const API_KEY: &str = "mock-api-key";

/// A running mock. Stops when it is dropped.
#[derive(Debug)]
pub struct Mock {
    address: SocketAddr,
    state: Arc<State>,
    task: JoinHandle<()>,
}

impl Mock {
    /// Starts one on a free port.
    pub async fn start() -> std::io::Result<Mock> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let state = Arc::new(State::default());
        let router = Router::new().merge(oauth::routes()).merge(api::routes()).merge(stream::routes());
        let router = router.merge(vendors::routes()).with_state(state.clone());
        let task = tokio::spawn(async move {
            let _ended_with_the_test = axum::serve(listener, router).await;
        });
        Ok(Mock { address, state, task })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Its origin, without a slash at the end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The number of refresh tokens that were redeemed.
    pub fn refreshes(&self) -> usize {
        self.state.lock().refreshes
    }

    /// The number of requests that reached the API or a token endpoint.
    pub fn requests(&self) -> usize {
        self.state.lock().requests
    }

    /// The changes at the vendors' endpoints, a line each: method, host and path, body.
    pub fn changes(&self) -> Vec<String> {
        self.state.lock().changes.clone()
    }

    /// Makes every access token so far unknown, as if its time had come.
    pub fn expire_tokens(&self) {
        self.state.lock().access_tokens.clear();
    }

    /// The lifetime, in seconds, that the next tokens are given out with.
    pub fn set_lifetime(&self, seconds: i64) {
        self.state.lock().lifetime = seconds;
    }

    /// Lets the stream send one more chunk: the client has the one before.
    pub fn confirm_chunk(&self) {
        self.state.chunk.notify_one();
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[derive(Debug, Default)]
struct State {
    inner: Mutex<Inner>,
    chunk: Notify,
}

#[derive(Debug)]
struct Inner {
    /// Authorization code to PKCE challenge and redirect URI.
    codes: BTreeMap<String, Grant>,
    access_tokens: BTreeSet<String>,
    refresh_tokens: BTreeSet<String>,
    issued: usize,
    refreshes: usize,
    requests: usize,
    changes: Vec<String>,
    failures: BTreeMap<String, usize>,
    lifetime: i64,
}

impl Default for Inner {
    fn default() -> Inner {
        Inner {
            codes: BTreeMap::new(),
            access_tokens: BTreeSet::new(),
            refresh_tokens: BTreeSet::new(),
            issued: 0,
            refreshes: 0,
            requests: 0,
            changes: Vec::new(),
            failures: BTreeMap::new(),
            lifetime: 3600,
        }
    }
}

#[derive(Debug)]
struct Grant {
    challenge: String,
    redirect_uri: String,
}

impl State {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
