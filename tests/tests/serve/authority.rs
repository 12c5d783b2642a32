//! Two authorization servers for attacks on signing in: an honest one that is strict, and one of an attacker
//! who wants the honest one's codes.
//!
//! The honest one knows clients by their exact redirect URIs, binds every code to client, redirect URI and challenge,
//! and names itself in its answers (RFC 9207) only where a test says so. The other one sends browsers on to the honest
//! one and remembers what its token endpoint is given.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use form_urlencoded::Serializer;
use serde_json::json;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

pub(crate) const CLIENT: &str = "honest-client";
pub(crate) const SECRET: &str = "honest-client-secret";

type Parameters = BTreeMap<String, String>;

/// The strict server.
#[derive(Clone, Default)]
pub(crate) struct Honest(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    /// The redirect URIs of the one client.
    registered: Vec<String>,
    /// A code's redirect URI and challenge.
    codes: BTreeMap<String, (String, String)>,
    issuer: Option<String>,
    issued: usize,
    redeemed: usize,
}

impl Honest {
    pub(crate) async fn start() -> (Honest, SocketAddr) {
        let honest = Honest::default();
        let routes = Router::new()
            .route("/authorize", get(honest_authorize))
            .route("/token", post(honest_token))
            .route("/api/me", get(|| async { "welcome" }));
        let address = serve(routes.with_state(honest.clone())).await;
        (honest, address)
    }

    pub(crate) fn register(&self, redirect_uri: &str) {
        self.0.lock().unwrap().registered.push(redirect_uri.to_owned());
    }

    /// Names itself in its answers from now on.
    pub(crate) fn say(&self, issuer: &str) {
        self.0.lock().unwrap().issuer = Some(issuer.to_owned());
    }

    /// How many codes became tokens.
    pub(crate) fn redeemed(&self) -> usize {
        self.0.lock().unwrap().redeemed
    }
}

/// The owner of the honest account always agrees.
async fn honest_authorize(State(honest): State<Honest>, RawQuery(query): RawQuery) -> Response {
    let query = parameters(query.unwrap_or_default().as_bytes());
    let get = |name: &str| query.get(name).cloned().unwrap_or_default();
    let mut known = honest.0.lock().unwrap();
    if get("client_id") != CLIENT || !known.registered.contains(&get("redirect_uri")) {
        // Never a redirect: the address is not known to be the client's (RFC 6749 section 4.1.2.1).
        return (StatusCode::BAD_REQUEST, "the redirect URI is not registered").into_response();
    }
    known.issued += 1;
    let code = format!("honest-code-{}", known.issued);
    known.codes.insert(code.clone(), (get("redirect_uri"), get("code_challenge")));
    let mut answer = vec![("code", code), ("state", get("state"))];
    answer.extend(known.issuer.clone().map(|issuer| ("iss", issuer)));
    let answer = Serializer::new(String::new()).extend_pairs(answer).finish();
    Redirect::to(&format!("{}?{answer}", get("redirect_uri"))).into_response()
}

async fn honest_token(State(honest): State<Honest>, body: Bytes) -> Response {
    let form = parameters(&body);
    let get = |name: &str| form.get(name).cloned().unwrap_or_default();
    let mut known = honest.0.lock().unwrap();
    let challenge =
        URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, get("code_verifier").as_bytes()));
    let right = known.codes.remove(&get("code")) == Some((get("redirect_uri"), challenge));
    if !right || get("client_id") != CLIENT || get("client_secret") != SECRET {
        return (StatusCode::BAD_REQUEST, json!({"error": "invalid_grant"}).to_string()).into_response();
    }
    known.redeemed += 1;
    json!({"access_token": "the-victims-token"}).to_string().into_response()
}

/// The server that is after the codes of another.
#[derive(Clone, Default)]
pub(crate) struct Evil(Arc<Mutex<Bounce>>);

#[derive(Default)]
struct Bounce {
    honest: String,
    redirect_uri: String,
    challenge: String,
    stolen: Vec<String>,
}

impl Evil {
    pub(crate) async fn start() -> (Evil, SocketAddr) {
        let evil = Evil::default();
        let routes = Router::new()
            .route("/authorize", get(evil_authorize))
            .route("/token", post(evil_token))
            .route("/register", post(|| async { json!({"client_id": "of-evil"}).to_string() }))
            .route("/.well-known/oauth-protected-resource", get(protected_resource))
            .route("/.well-known/oauth-authorization-server", get(about_itself));
        let address = serve(routes.with_state(evil.clone())).await;
        (evil, address)
    }

    /// Sends browsers on to `honest` from now on, with this redirect URI (the flow's own where it is empty) and the
    /// code challenge of a flow of its own.
    pub(crate) fn bounce(&self, honest: SocketAddr, redirect_uri: &str, challenge: &str) {
        let mut bounce = self.0.lock().unwrap();
        bounce.honest = format!("http://{honest}/authorize");
        (bounce.redirect_uri, bounce.challenge) = (redirect_uri.to_owned(), challenge.to_owned());
    }

    /// What its token endpoint was given.
    pub(crate) fn stolen(&self) -> Vec<String> {
        self.0.lock().unwrap().stolen.clone()
    }
}

async fn evil_authorize(State(evil): State<Evil>, RawQuery(query): RawQuery) -> Redirect {
    let query = parameters(query.unwrap_or_default().as_bytes());
    let bounce = evil.0.lock().unwrap();
    let own = query.get("redirect_uri").cloned().unwrap_or_default();
    let redirect_uri = if bounce.redirect_uri.is_empty() { own } else { bounce.redirect_uri.clone() };
    let pairs = [
        ("response_type", "code"),
        ("client_id", CLIENT),
        ("redirect_uri", &redirect_uri),
        ("state", query.get("state").map_or("", String::as_str)),
        ("code_challenge", &bounce.challenge),
        ("code_challenge_method", "S256"),
    ];
    Redirect::to(&format!("{}?{}", bounce.honest, Serializer::new(String::new()).extend_pairs(pairs).finish()))
}

async fn evil_token(State(evil): State<Evil>, body: Bytes) -> String {
    evil.0.lock().unwrap().stolen.push(String::from_utf8_lossy(&body).into_owned());
    json!({"access_token": "whatever"}).to_string()
}

async fn protected_resource(headers: HeaderMap) -> String {
    let base = format!("http://{}", headers["host"].to_str().unwrap());
    json!({"resource": format!("{base}/"), "authorization_servers": [base]}).to_string()
}

async fn about_itself(headers: HeaderMap) -> String {
    let base = format!("http://{}", headers["host"].to_str().unwrap());
    json!({
        "issuer": base,
        "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"),
        "registration_endpoint": format!("{base}/register"),
        "code_challenge_methods_supported": ["S256"],
    })
    .to_string()
}

fn parameters(text: &[u8]) -> Parameters {
    form_urlencoded::parse(text).into_owned().collect()
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}
