//! A vendor on loopback: a page of consent, a token endpoint, an API, an API with keys, and pages that attack.
//!
//! It counts what reaches it, and answers with texts that would be markup.

use crate::catalogue::MARKUP;
use crate::consent;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::form_urlencoded::parse;

/// The client that it knows.
pub(crate) const CLIENT_ID: &str = "client-of-acme";
/// Its secret.
pub(crate) const CLIENT_SECRET: &str = "canary-of-the-client-secret";
/// The one key that its API takes.
pub(crate) const CUSTOMER_KEY: &str = "key-canary-of-the-customer";
/// Begins every token.
pub(crate) const TOKEN: &str = "canary-of-a-token";

/// The time that a key is thought about: long enough for a second click.
const PROBE_TIME: Duration = Duration::from_millis(600);

/// A running vendor. Stops when it is dropped.
pub(crate) struct Vendor {
    address: SocketAddr,
    counts: Arc<Counts>,
    task: JoinHandle<()>,
}

/// Counts of what reached it.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) probes: AtomicUsize,
    pub(crate) codes: AtomicUsize,
    pub(crate) scopes: Mutex<Vec<String>>,
}

impl Vendor {
    pub(crate) async fn start() -> Vendor {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, counts) = (listener.local_addr().unwrap(), Arc::new(Counts::default()));
        let router = Router::new()
            .route("/authorize", get(consent::ask).post(consent::agree))
            .route("/token", post(token))
            .route("/api/{*path}", get(api).post(api))
            .route("/keyed/{*path}", get(keyed))
            .route("/attack/form", get(form))
            .route("/attack/frame", get(frame))
            .with_state(Arc::clone(&counts));
        let task = tokio::spawn(async move {
            let _ended_with_the_test = axum::serve(listener, router).await;
        });
        Vendor { address, counts, task }
    }

    /// Its origin.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The same under a name that is another site for a browser.
    pub(crate) fn other_site(&self) -> String {
        format!("http://localhost:{}", self.address.port())
    }

    /// The number of keys that were tried.
    pub(crate) fn probes(&self) -> usize {
        self.counts.probes.load(Ordering::SeqCst)
    }

    /// The number of codes that were exchanged.
    pub(crate) fn codes(&self) -> usize {
        self.counts.codes.load(Ordering::SeqCst)
    }

    /// The scopes that were asked for last.
    pub(crate) fn scopes(&self) -> String {
        self.counts.scopes.lock().unwrap().last().cloned().unwrap_or_default()
    }
}

impl Drop for Vendor {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn refuse(status: StatusCode, body: &Value) -> Response {
    (status, axum::Json(body.clone())).into_response()
}

async fn token(State(counts): State<Arc<Counts>>, body: String) -> Response {
    let form: BTreeMap<_, _> = parse(body.as_bytes()).into_owned().collect();
    if form.get("client_secret").is_none_or(|secret| secret != CLIENT_SECRET) {
        return refuse(StatusCode::UNAUTHORIZED, &json!({"error": "invalid_client", "error_description": MARKUP}));
    }
    let number = counts.codes.fetch_add(1, Ordering::SeqCst);
    let token = format!("{TOKEN}-{number}");
    let refresh = format!("{TOKEN}-refresh-{number}");
    axum::Json(json!({"access_token": token, "token_type": "bearer", "expires_in": 3600, "refresh_token": refresh}))
        .into_response()
}

/// Repeats the token that it was called with, as a careless API does.
async fn api(headers: HeaderMap, uri: http::Uri) -> Response {
    let given = headers.get("authorization").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !given.contains(TOKEN) {
        return refuse(StatusCode::UNAUTHORIZED, &json!({"error": MARKUP}));
    }
    let answer = json!({"name": "Ada of Acme", "path": uri.path(), "called_with": given});
    ([("set-cookie", "vendor=canary-of-the-vendors-cookie")], axum::Json(answer)).into_response()
}

async fn keyed(State(counts): State<Arc<Counts>>, headers: HeaderMap) -> Response {
    counts.probes.fetch_add(1, Ordering::SeqCst);
    tokio::time::sleep(PROBE_TIME).await;
    let given = headers.get("x-api-key").and_then(|value| value.to_str().ok()).unwrap_or_default();
    if given != CUSTOMER_KEY {
        return refuse(StatusCode::UNAUTHORIZED, &json!({"error": MARKUP, "message": MARKUP}));
    }
    ([("x-hostile", MARKUP)], axum::Json(json!({"called_with": given, "hostile": MARKUP}))).into_response()
}

/// A form of another origin that leads to the address in the query.
async fn form(RawQuery(query): RawQuery) -> Html<String> {
    let given: BTreeMap<_, _> = parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    let mut fields = String::new();
    for (name, value) in given.iter().filter(|(name, _)| *name != "action") {
        fields.extend(["<input type=hidden name='", name, "' value='", value, "'>"]);
    }
    Html(format!("<form method=post action='{}'>{fields}<button>Win a prize</button></form>", given["action"]))
}

/// A page of another origin that frames the address in the query.
async fn frame(RawQuery(query): RawQuery) -> Html<String> {
    let given: BTreeMap<_, _> = parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    Html(format!("<h1>A prize</h1><iframe src='{}'></iframe>", given["src"]))
}
