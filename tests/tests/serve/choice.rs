//! An account that is several: the customer chooses on a page, an API caller by a value, and the way there from an
//! entry as it is written. Its token is revoked when the connection is deleted.

use crate::setup::{Server, start_with};
use axum::Router;
use axum::extract::State;
use axum::routing::{get, post};
use http::HeaderMap;
use http::header::{LOCATION, SET_COOKIE};
use keyway_compiler::pipeline::compile;
use keyway_compiler::source::Sources;
use keyway_spec::ProviderSpec;
use keyway_tests::client::Client;
use serde_json::{Value, json};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;

/// The requests that the vendor got, as `path authorization x-site`.
type Log = Arc<Mutex<Vec<String>>>;

async fn vendor(sites: Value) -> (Log, SocketAddr) {
    let log = Log::default();
    let noted = |path: &'static str, answer: Value| {
        async move |State(log): State<Log>, headers: HeaderMap, body: String| {
            let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or("-").to_owned();
            let token = if path == "revoke" { body } else { header("authorization") };
            log.lock().unwrap().push(format!("{path} {token} {}", header("x-site")));
            answer.to_string()
        }
    };
    let routes = Router::new()
        .route("/token", post(noted("token", json!({"access_token": "t"}))))
        .route("/sites", get(noted("sites", sites)))
        .route("/revoke", post(noted("revoke", json!({}))))
        .route("/api/me", get(noted("me", json!({}))));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let routes = routes.with_state(log.clone());
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (log, address)
}

/// Two entries of one vendor: users sign in, or submit a key.
fn providers(address: SocketAddr) -> Vec<&'static ProviderSpec> {
    let rest = format!(
        "    display_name: Acme
    docs: https://docs.acme.example
    categories: [other]
    connection_config:
        site: {{type: string, title: Site, description: The site., automated: true}}
    proxy:
        base_url: http://{address}/api
        headers: {{x-site: '${{connectionConfig.site}}'}}
        verification: {{endpoints: [/me]}}
"
    );
    let lookup = format!(
        "        lookups:
            - url: http://{address}/sites
              items: ''
              choose: {{value: id, label: name}}
              set: {{site: id}}
"
    );
    let text = format!(
        "acme:
{rest}    auth_mode: OAUTH2
    authorization_url: http://{address}/authorize
    token_url: http://{address}/token
    keyway:
{lookup}        revocation:
            url: http://{address}/revoke
            client_auth: none
acme-key:
{rest}    auth_mode: API_KEY
    keyway:
{lookup}              headers: {{authorization: 'Key ${{credentials.apiKey}}'}}
"
    );
    let mut sources = Sources::default();
    let id = sources.add("providers.yaml", text);
    let (diagnostics, specs) = compile(&sources, id, &[]);
    assert_eq!(specs.len(), 2, "{diagnostics:?}");
    specs.into_iter().map(|spec| &*Box::leak(Box::new(spec))).collect()
}

async fn start(sites: Value) -> (Log, Server) {
    let (log, address) = vendor(sites).await;
    let server = start_with(|builder| builder.catalogue(providers(address).into_iter().collect())).await;
    for provider in ["acme", "acme-key"] {
        let body = json!({"provider": provider, "client_id": "id", "client_secret": "secret"});
        assert_eq!(server.client.json("POST", "/integrations", &body).await.unwrap().status, 201);
    }
    (log, server)
}

fn two() -> Value {
    json!([{"id": "s-1", "name": "First <b>"}, {"id": "s-2", "name": "Second"}])
}

async fn session(server: &Server, integration: &str) -> Value {
    let body = json!({"integration": integration, "connection_id": "customer"});
    server.client.json("POST", "/connect/sessions", &body).await.unwrap().json()
}

/// A browser that has agreed at the vendor, and where it comes back.
async fn callback(server: &Server) -> (Client, String) {
    let session = session(server, "acme").await;
    callback_of(server, session["url"].as_str().unwrap()).await
}

async fn callback_of(server: &Server, link: &str) -> (Client, String) {
    let left = server.browser.get(link).await.unwrap();
    let page: url::Url = left.header(LOCATION.as_str()).parse().unwrap();
    let get = |name: &str| page.query_pairs().find(|(other, _)| other == name).unwrap().1.into_owned();
    let cookie = left.header(SET_COOKIE.as_str()).split(';').next().unwrap().to_owned();
    (server.browser.with("cookie", &cookie), format!("{}?code=c&state={}", get("redirect_uri"), get("state")))
}

/// The token that a page asks with.
fn token_in(page: &str) -> &str {
    page.split("name=\"token\" value=\"").nth(1).unwrap().split('"').next().unwrap()
}

async fn site(server: &Server, integration: &str) -> Value {
    let target = format!("/connections/customer?integration={integration}");
    server.client.get(&target).await.unwrap().json()["config"]["site"].clone()
}

#[tokio::test]
async fn a_browser_is_asked_on_a_page_and_connected_with_what_it_chose() {
    let (log, server) = start(two()).await;
    let (browser, target) = callback(&server).await;
    let page = browser.get(&target).await.unwrap();
    let html = page.text();
    assert_eq!(page.status, 200, "{html}");
    assert!(html.contains("value=\"s-2\" required> Second</label>"), "{html}");
    assert!(html.contains("First &lt;b&gt;"), "{html}");
    assert!(page.header("content-security-policy").contains("form-action 'self'"));
    let form = browser.with("content-type", "application/x-www-form-urlencoded");
    let choose = async |value: &str| {
        let body = format!("token={}&value={value}", token_in(&html));
        form.send("POST", "/oauth/choice", body).await.unwrap()
    };
    let odd = choose("s-9").await;
    assert_eq!(odd.status, 400);
    assert_eq!(token_in(&odd.text()), token_in(&html), "it may be tried again");
    let connected = choose("s-2").await;
    assert_eq!(connected.status, 200);
    assert!(connected.text().contains("Connected"), "{}", connected.text());
    assert_eq!(site(&server, "acme").await, "s-2");
    let target = "/connections/customer?integration=acme";
    let deleted = server.client.send("DELETE", target, "").await.unwrap();
    assert_eq!((deleted.status.as_u16(), deleted.header("keyway-revocation")), (204, "revoked"));
    let asked = log.lock().unwrap().clone();
    let sites = ["sites Bearer t -"; 3];
    let expected = [&["token - -"], &sites[..], &["me Bearer t s-2", "revoke token=t&token_type_hint=access_token -"]];
    assert_eq!(asked, expected.concat());
}

#[tokio::test]
async fn a_form_leads_to_the_same_page_and_an_api_caller_gets_the_choices() {
    let (_, server) = start(two()).await;
    let token = session(&server, "acme-key").await["token"].as_str().unwrap().to_owned();
    let form = server.browser.with("content-type", "application/x-www-form-urlencoded");
    let page =
        form.send("POST", &format!("/connect/acme-key?token={token}"), "credentials%5BapiKey%5D=k").await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    let choice = json!({"token": token_in(&page.text()), "value": "s-1"});
    let made = server.browser.json("POST", "/oauth/choice", &choice).await.unwrap();
    assert_eq!((made.status.as_u16(), made.json()["connection_id"].as_str()), (201, Some("customer")));
    assert_eq!(site(&server, "acme-key").await, "s-1");

    let mut body = json!({"integration": "acme-key", "connection_id": "other", "credentials": {"apiKey": "k"}});
    let asked = server.client.json("POST", "/connections", &body).await.unwrap();
    let choices = &asked.json()["error"]["choices"];
    assert_eq!((asked.status.as_u16(), asked.header("keyway-error")), (409, "choice_needed"), "{}", asked.text());
    assert_eq!((&choices["field"], &choices["options"][1]["label"]), (&json!("site"), &json!("Second")));
    body["config"] = json!({"site": "s-2"});
    let made = server.client.json("POST", "/connections", &body).await.unwrap();
    assert_eq!((made.status.as_u16(), &made.json()["config"]["site"]), (201, &json!("s-2")), "{}", made.text());

    // Who submits for a session may choose too.
    let token = session(&server, "acme-key").await["token"].clone();
    let body = json!({"token": token, "config": {"site": "s-2"}, "credentials": {"apiKey": "k"}});
    assert_eq!(server.browser.json("POST", "/connect/acme-key", &body).await.unwrap().status, 201);
    assert_eq!(site(&server, "acme-key").await, "s-2");
}

#[tokio::test]
async fn the_way_back_to_the_app_goes_on_from_the_callback_over_the_choice() {
    let (_, server) = start(two()).await;
    let body = json!({"integration": "acme", "connection_id": "customer", "return_url": "https://app.example/done",
        "origins": ["https://app.example"]});
    let made = server.client.json("POST", "/connect/sessions", &body).await.unwrap();
    let (browser, target) = callback_of(&server, made.json()["url"].as_str().unwrap()).await;
    let page = browser.get(&target).await.unwrap();
    assert!(page.text().contains("<h1>Connect Acme</h1>") && page.text().contains("<legend>Site</legend>"));
    let form = browser.with("content-type", "application/x-www-form-urlencoded");
    let token = token_in(&page.text()).to_owned();
    let choose =
        async |value: &str| form.send("POST", "/oauth/choice", format!("token={token}&value={value}")).await.unwrap();
    let (odd, connected, late) = (choose("s-9").await, choose("s-2").await, choose("s-1").await);
    for page in [&page, &odd, &connected, &late] {
        let policy = page.header("content-security-policy");
        assert!(policy.contains("; frame-ancestors https://app.example; "), "{policy}");
    }
    let query = "?integration=acme&amp;connection_id=customer&amp;status=";
    for (page, end) in [(connected, "connected\" data-go>"), (late, "failed&amp;error=invalid_state\">")] {
        let link = format!("<a class=\"button\" href=\"https://app.example/done{query}{end}");
        assert!(page.text().contains(&link), "{link}: {}", page.text());
    }
}

#[tokio::test]
async fn an_account_that_is_one_is_connected_without_a_page() {
    let (_, server) = start(json!([{"id": 7}])).await;
    let (browser, target) = callback(&server).await;
    let page = browser.get(&target).await.unwrap();
    assert!(page.text().contains("Connected"), "{}", page.text());
    assert_eq!(site(&server, "acme").await, "7");
    let query = "/oauth/choice?x=1";
    let refused = server.browser.json("POST", query, &json!({"token": "made-up", "value": "7"})).await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.header("keyway-error")), (400, "invalid_request"));
    assert!(refused.text().contains("unknown query parameter `x`"), "{}", refused.text());
    let form = server.browser.with("content-type", "application/x-www-form-urlencoded");
    let refused = form.send("POST", query, "token=made-up&value=7").await.unwrap();
    assert_eq!((refused.status.as_u16(), refused.header("keyway-error")), (400, "invalid_request"));
    assert_eq!(refused.header("content-type"), "text/html; charset=utf-8");
    for body in [json!({"token": "made-up", "value": "7"}), json!({"token": "", "value": ""}), json!({"value": "7"})] {
        assert_eq!(server.browser.json("POST", "/oauth/choice", &body).await.unwrap().status, 400, "{body}");
    }
}
