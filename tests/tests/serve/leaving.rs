//! Leaving a page loses nothing: a tab that is closed, a button that is clicked twice, a page that is looked at.

use crate::setup::{Server, start_with};
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use http::header::{LOCATION, SET_COOKIE};
use keyway_spec::auth::{Authorization, OAuth2, Outbound, TokenEndpoint};
use keyway_spec::proxy::Verification;
use keyway_spec::{Auth, Field, HostSet, Hosts, ProviderSpec, Proxy, Template};
use keyway_tests::client::Client;
use ring::hmac;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// More than enough on a loaded machine.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A vendor that answers when it is told to.
struct Slow {
    /// Requests that arrived.
    arrived: Semaphore,
    /// Answers that may be given.
    allowed: Semaphore,
    requests: AtomicUsize,
}

impl Slow {
    async fn start() -> (Arc<Slow>, SocketAddr) {
        let slow =
            Arc::new(Slow { arrived: Semaphore::new(0), allowed: Semaphore::new(0), requests: AtomicUsize::new(0) });
        let routes = Router::new().route("/api/me", get(answer)).route("/token", post(answer));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let routes = routes.with_state(slow.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        (slow, address)
    }

    async fn next_request(&self) {
        tokio::time::timeout(TIMEOUT, self.arrived.acquire()).await.unwrap().unwrap().forget();
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

async fn answer(State(slow): State<Arc<Slow>>) -> String {
    slow.requests.fetch_add(1, Ordering::SeqCst);
    slow.arrived.add_permits(1);
    slow.allowed.acquire().await.unwrap().forget();
    json!({"access_token": "granted"}).to_string()
}

async fn start() -> (Arc<Slow>, Server) {
    let (slow, address) = Slow::start().await;
    let specs = [with_form(address), with_pages(address), with_webhook(address)];
    let server = start_with(|builder| builder.catalogue(specs.into_iter().collect())).await;
    for provider in ["slow-form", "slow-pages", "slow-webhook"] {
        let body = json!({"provider": provider, "client_id": "id", "client_secret": "secret",
            "custom": {"webhookSecret": "hook-secret"}});
        assert_eq!(server.client.json("POST", "/integrations", &body).await.unwrap().status, 201);
    }
    (slow, server)
}

async fn session(server: &Server, integration: &str) -> Value {
    let body = json!({"integration": integration, "connection_id": "customer"});
    let answer = server.client.json("POST", "/connect/sessions", &body).await.unwrap();
    assert_eq!(answer.header("cache-control"), "no-store", "a token leaves");
    answer.json()
}

/// What a browser does when its user clicks, and clicks again before there is an answer.
async fn twice(slow: &Slow, browser: &Client, method: &'static str, target: &str, body: &'static str) {
    for again in [false, true] {
        let (browser, target) = (browser.clone(), target.to_owned());
        let click = tokio::spawn(async move { browser.send(method, &target, body).await.unwrap() });
        if again {
            // It joins what runs; were it to begin anew, it would arrive here too.
            tokio::time::sleep(Duration::from_millis(300)).await;
            slow.allowed.add_permits(2);
            let page = tokio::time::timeout(TIMEOUT, click).await.unwrap().unwrap();
            assert_eq!(page.status, 200, "{}", page.text());
            assert!(page.text().contains("Connected"), "{}", page.text());
        } else {
            slow.next_request().await;
            click.abort();
            assert!(click.await.unwrap_err().is_cancelled());
        }
    }
    assert_eq!(slow.requests(), 1, "the vendor was asked once");
}

/// A browser that is gone before there is an answer.
async fn once(slow: &Slow, server: &Server, browser: Client, method: &'static str, target: String, body: &'static str) {
    let click = tokio::spawn(async move { browser.send(method, &target, body).await.unwrap() });
    slow.next_request().await;
    click.abort();
    assert!(click.await.unwrap_err().is_cancelled());
    tokio::time::sleep(Duration::from_millis(300)).await;
    slow.allowed.add_permits(1);
    let connected = async {
        while server.client.get("/connections").await.unwrap().json()["connections"] == json!([]) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(TIMEOUT, connected).await.unwrap();
}

async fn form(server: &Server) -> (Client, String) {
    let token = session(server, "slow-form").await["token"].as_str().unwrap().to_owned();
    let browser = server.browser.with("content-type", "application/x-www-form-urlencoded");
    (browser, format!("/connect/slow-form?token={token}"))
}

const KEY: &str = "credentials%5BapiKey%5D=k";

/// The callback of a customer who agreed.
async fn callback(server: &Server) -> (Client, String) {
    let link = session(server, "slow-pages").await["url"].as_str().unwrap().to_owned();
    let left = server.browser.get(&link).await.unwrap();
    let page: url::Url = left.header(LOCATION.as_str()).parse().unwrap();
    let get = |name: &str| page.query_pairs().find(|(other, _)| other == name).unwrap().1.into_owned();
    let cookie = left.header(SET_COOKIE.as_str()).split(';').next().unwrap().to_owned();
    (server.browser.with("cookie", &cookie), format!("{}?code=c&state={}", get("redirect_uri"), get("state")))
}

#[tokio::test]
async fn a_double_click_connects_once_and_says_so() {
    let (slow, server) = start().await;
    let (browser, target) = form(&server).await;
    twice(&slow, &browser, "POST", &target, KEY).await;
    let (slow, server) = start().await;
    let (browser, target) = callback(&server).await;
    twice(&slow, &browser, "GET", &target, "").await;
}

#[tokio::test]
async fn a_closed_tab_loses_nothing_that_was_granted() {
    let (slow, server) = start().await;
    let (browser, target) = form(&server).await;
    once(&slow, &server, browser, "POST", target, KEY).await;
    let (slow, server) = start().await;
    let (browser, target) = callback(&server).await;
    once(&slow, &server, browser, "GET", target, "").await;
}

#[tokio::test]
async fn a_webhook_whose_sender_leaves_completes_the_installation() {
    const BODY: &str = r#"{"actor":"a-1","code":"c"}"#;
    let (slow, server) = start().await;
    let token = session(&server, "slow-webhook").await["token"].clone();
    let pending = json!({"token": token, "config": {"actor": "a-1"}});
    assert_eq!(server.browser.json("POST", "/connect/slow-webhook", &pending).await.unwrap().status, 201);
    let key = hmac::Key::new(hmac::HMAC_SHA256, b"hook-secret");
    let digest = hmac::sign(&key, BODY.as_bytes());
    let signature = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().concat();
    let vendor = server.browser.with("x-signature", &signature);
    let call = tokio::spawn(async move { vendor.send("POST", "/webhooks/slow-webhook", BODY).await.unwrap() });
    slow.next_request().await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    tokio::time::sleep(Duration::from_millis(300)).await;
    slow.allowed.add_permits(1);
    let completed = async {
        let target = "/connections/customer?integration=slow-webhook";
        while server.client.get(target).await.unwrap().json()["credentials"]["access_token"] != "granted" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(TIMEOUT, completed).await.unwrap();
    assert_eq!(slow.requests(), 1);
}

#[tokio::test]
async fn a_link_stays_good_until_its_connection_is_made() {
    let (slow, server) = start().await;
    slow.allowed.add_permits(100);
    let link = session(&server, "slow-pages").await["url"].as_str().unwrap().to_owned();
    let leave = async || {
        let left = server.browser.get(&link).await.unwrap();
        assert_eq!(left.status, 302, "{}", left.text());
        let page: url::Url = left.header(LOCATION.as_str()).parse().unwrap();
        let get = |name: &str| page.query_pairs().find(|(other, _)| other == name).unwrap().1.into_owned();
        let cookie = left.header(SET_COOKIE.as_str()).split(';').next().unwrap().to_owned();
        (server.browser.with("cookie", &cookie), format!("{}?state={}", get("redirect_uri"), get("state")))
    };
    // A preview, a customer who says no, and one who comes back without anything.
    leave().await;
    for (said, status) in [("error=access_denied", 400), ("nothing=x", 400), ("code=c", 200)] {
        let (browser, callback) = leave().await;
        let page = browser.get(&format!("{callback}&{said}")).await.unwrap();
        assert_eq!(page.status, status, "{said}: {}", page.text());
    }
    assert_eq!(server.browser.get(&link).await.unwrap().status, 400, "the connection is made");
}

#[tokio::test]
async fn a_link_begins_a_bounded_number_of_flows() {
    let (_, server) = start().await;
    let link = session(&server, "slow-pages").await["url"].as_str().unwrap().to_owned();
    let mut statuses = Vec::new();
    for _ in 0..52 {
        statuses.push(server.browser.get(&link).await.unwrap().status.as_u16());
    }
    assert_eq!(statuses.iter().filter(|status| **status == 302).count(), 50, "{statuses:?}");
    assert_eq!(statuses.last(), Some(&400));
}

#[tokio::test]
async fn a_submission_for_another_integration_costs_no_try() {
    let (slow, server) = start().await;
    slow.allowed.add_permits(100);
    let token = session(&server, "slow-form").await["token"].clone();
    let body = json!({"token": token, "credentials": {"apiKey": "k"}});
    for _ in 0..20 {
        let elsewhere = server.browser.json("POST", "/connect/slow-pages", &body).await.unwrap();
        assert_eq!(elsewhere.status, 400, "{}", elsewhere.text());
    }
    let connected = server.browser.json("POST", "/connect/slow-form", &body).await.unwrap();
    assert_eq!(connected.status, 201, "{}", connected.text());
}

/// Sends the head of a large submission and nothing of its body; the first line of the answer.
async fn head_alone(server: &Server, target: &str, more: &str) -> String {
    let origin: url::Url = server.origin.parse().unwrap();
    let mut stream = TcpStream::connect(origin.authority()).await.unwrap();
    let head = format!("POST {target} HTTP/1.1\r\nhost: x\r\ncontent-length: 1048576\r\n{more}\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 512];
    let read = tokio::time::timeout(TIMEOUT, stream.read(&mut answer)).await.unwrap().unwrap();
    String::from_utf8_lossy(&answer[..read]).lines().next().unwrap().to_owned()
}

#[tokio::test]
async fn a_submission_is_refused_unread_by_its_path_and_its_token() {
    let (_, server) = start().await;
    let form = "content-type: application/x-www-form-urlencoded\r\n";
    for more in ["", form] {
        assert!(head_alone(&server, "/connect/nope", more).await.contains("404"));
        assert!(head_alone(&server, "/connect/slow-form?token=made-up", more).await.contains("400"));
        assert!(head_alone(&server, "/connect/slow-form?other=x", more).await.contains("400"));
    }
    let token = session(&server, "slow-form").await["token"].as_str().unwrap().to_owned();
    assert!(head_alone(&server, &format!("/connect/slow-pages?token={token}"), "").await.contains("400"));
    // A stranger may send little; the owner of a link may send a certificate.
    let large = json!({"token": token, "credentials": {"apiKey": "k".repeat(40_000)}});
    let stranger = server.browser.json("POST", "/connect/slow-form", &large).await.unwrap();
    assert_eq!(stranger.status, 413, "{}", stranger.text());
}

fn with_form(address: SocketAddr) -> &'static ProviderSpec {
    static API_KEY: [Field; 1] = [Field { name: "apiKey", title: "API key", secret: true, ..Field::EMPTY }];
    let verification = Verification { endpoints: &[Template::Text("/me")], ..Verification::EMPTY };
    let proxy = Proxy { verification: Some(verification), ..api(address) };
    leak(ProviderSpec { auth: Auth::ApiKey, credentials: &API_KEY, proxy: Some(proxy), ..base("slow-form", address) })
}

fn with_pages(address: SocketAddr) -> &'static ProviderSpec {
    let at = |path: &str| Template::Text(leak(format!("http://{address}/{path}")));
    let auth = Auth::OAuth2(OAuth2 {
        authorization: Authorization { url: Some(at("authorize")), ..Authorization::EMPTY },
        token: TokenEndpoint { url: at("token"), ..TokenEndpoint::EMPTY },
        outbound: None,
    });
    leak(ProviderSpec { auth, proxy: Some(api(address)), ..base("slow-pages", address) })
}

fn with_webhook(address: SocketAddr) -> &'static ProviderSpec {
    static ACTOR: [Field; 1] = [Field { name: "actor", title: "Account", ..Field::EMPTY }];
    let auth = Auth::OAuth2(OAuth2 {
        authorization: Authorization::EMPTY,
        token: TokenEndpoint { url: Template::Text(leak(format!("http://{address}/token"))), ..TokenEndpoint::EMPTY },
        outbound: Some(Outbound { code_path: "code", metadata: &[] }),
    });
    leak(ProviderSpec { auth, connection_config: &ACTOR, ..base("slow-webhook", address) })
}

fn api(address: SocketAddr) -> Proxy {
    Proxy { base_url: Template::Text(leak(format!("http://{address}/api"))), ..Proxy::EMPTY }
}

fn base(key: &'static str, address: SocketAddr) -> ProviderSpec {
    let host: &'static str = leak(address.to_string());
    let set = HostSet::Fixed(leak([host]));
    let hosts = Hosts { authorize: set, token: set, api: set, trusted: &[] };
    ProviderSpec { key, display_name: key, hosts, ..ProviderSpec::EMPTY }
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}
