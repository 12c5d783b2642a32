//! OAuth 1.0a in a browser: what a customer goes through, and what does not connect.

use crate::openssl;
use crate::rfc5849::{self, Received};
use crate::setup::{Server, start_with};
use crate::signing_vendor::{self, CLIENT_ID, CLIENT_SECRET, Vendor, verifier};
use axum::Router;
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use keyway::catalogue::Catalogue;
use keyway_spec::auth::SignatureMethod;
use keyway_tests::client::Answer;
use serde_json::json;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::TcpListener;

const INTEGRATION: &str = "signed";

async fn start() -> Server {
    let vendor = vendor().await;
    let spec: &'static _ = Box::leak(Box::new(signing_vendor::spec(vendor, SignatureMethod::HmacSha1)));
    let server = start_with(|builder| builder.catalogue([spec].into_iter().collect::<Catalogue>())).await;
    let body = json!({"provider": INTEGRATION, "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET});
    assert_eq!(server.client.json("POST", "/integrations", &body).await.unwrap().status, 201);
    server
}

async fn vendor() -> SocketAddr {
    let vendor = Arc::new(Vendor::default());
    listening(move |received| vendor.answer(received)).await
}

/// A server that answers what it receives with a status and a body.
pub(crate) async fn listening(
    answer: impl Fn(&Received) -> (u16, String) + Clone + Send + Sync + 'static,
) -> SocketAddr {
    let router = Router::new().fallback(async move |method: Method, uri: Uri, headers: HeaderMap, body: String| {
        let header = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        let received = Received {
            method: method.to_string(),
            host: header("host"),
            target: uri.to_string(),
            authorization: header("authorization"),
            content_type: header("content-type"),
            body,
        };
        let (status, body) = answer(&received);
        (StatusCode::from_u16(status).unwrap(), body)
    });
    listen(router).await
}

async fn listen(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}

/// A customer at the vendor's page: the temporary token, where the vendor sends the browser back, its cookie.
struct Away {
    token: String,
    callback: String,
    cookie: String,
}

async fn leave(server: &Server, id: &str) -> Away {
    let body = json!({"integration": INTEGRATION, "connection_id": id});
    let session = server.client.json("POST", "/connect/sessions", &body).await.unwrap().json();
    assert!(session["url"].as_str().unwrap().contains("/oauth/connect/signed?"), "{session}");
    let left = server.browser.get(session["url"].as_str().unwrap()).await.unwrap();
    assert_eq!(left.status, 302, "{}", left.text());
    assert!(!left.header("location").contains("canary"), "{}", left.header("location"));
    let page: url::Url = left.header("location").parse().unwrap();
    let value = |name: &str| page.query_pairs().find(|(other, _)| other == name).unwrap().1.into_owned();
    let callback: url::Url = value("oauth_callback").parse().unwrap();
    assert_eq!(callback.path(), server.callback(INTEGRATION).await);
    Away {
        token: value("oauth_token"),
        callback: format!("{}?{}", callback.path(), callback.query().unwrap()),
        cookie: left.header("set-cookie").split(';').next().unwrap().to_owned(),
    }
}

async fn come_back(server: &Server, away: &Away, cookie: &str, parameters: &str) -> Answer {
    let verifier = rfc5849::encoded(&verifier(&away.token));
    let parameters = parameters.replace("TOKEN", &away.token).replace("VERIFIER", &verifier);
    server.browser.with("cookie", cookie).get(&format!("{}&{parameters}", away.callback)).await.unwrap()
}

const AGREED: &str = "oauth_token=TOKEN&oauth_verifier=VERIFIER";

#[tokio::test]
async fn a_customer_agrees_once_and_calls_through_the_server_are_signed() {
    if !openssl::is_here() {
        return;
    }
    let server = start().await;
    let away = leave(&server, "acme").await;
    let page = come_back(&server, &away, &away.cookie, AGREED).await;
    assert_eq!(page.status, 200, "{}", page.text());
    let again = come_back(&server, &away, &away.cookie, &format!("{AGREED}&more=1")).await;
    assert_eq!(again.status, 400, "a callback counts once");
    let client = server.calling(INTEGRATION, "acme");
    for target in ["/proxy/items", "/proxy/items?q=a+b&q=a%20b&plus=1%2B1", "/proxy/a%20folder/x"] {
        let called = client.get(target).await.unwrap();
        assert_eq!((called.status.as_u16(), called.text().as_str()), (200, "welcome"), "{target}");
    }
    let form = client.with("content-type", "application/x-www-form-urlencoded");
    let posted = form.send("POST", "/proxy/statuses?x=1", "status=Ladies+%2B+Gentlemen&empty=").await.unwrap();
    assert_eq!((posted.status.as_u16(), posted.text().as_str()), (200, "welcome"));
    let shown = server.client.get("/connections/acme?integration=signed").await.unwrap().json();
    let token = &shown["credentials"]["oauth_token"];
    assert_eq!(shown["credentials"]["type"], "OAUTH1");
    assert!(token.as_str().is_some_and(|token| token.starts_with("access-")), "{shown}");
    assert!(!shown.to_string().contains(CLIENT_SECRET), "the operator's secret is no connection's");
}

#[tokio::test]
async fn a_denial_a_foreign_token_and_a_foreign_browser_connect_nobody() {
    if !openssl::is_here() {
        return;
    }
    let server = start().await;
    let other = leave(&server, "other").await;
    let foreign = format!("oauth_token={}&oauth_verifier=VERIFIER", other.token);
    for (parameters, cookie, status, said) in [
        ("denied=TOKEN", None, 400, "authorization_denied"),
        ("oauth_problem=%3Cb%3Erefused", None, 400, "authorization_denied"),
        (foreign.as_str(), None, 400, "invalid_state"),
        (AGREED, Some(""), 400, "invalid_state"),
        (AGREED, Some(other.cookie.as_str()), 400, "invalid_state"),
        ("oauth_token=TOKEN&oauth_verifier=guess", None, 424, "token_refused"),
    ] {
        let away = leave(&server, "acme").await;
        let page = come_back(&server, &away, cookie.unwrap_or(&away.cookie), parameters).await;
        assert_eq!(page.status, status, "{parameters}: {}", page.text());
        let text = page.text();
        assert!(text.contains(said) && !text.contains("canary") && !text.contains("<b>"), "{parameters}: {text}");
    }
    let stateless = format!("{}?oauth_token=t", server.callback(INTEGRATION).await);
    let stateless = server.browser.with("cookie", &other.cookie).get(&stateless).await.unwrap();
    assert_eq!(stateless.status, 400, "{}", stateless.text());
    assert_eq!(server.client.get("/connections").await.unwrap().json()["connections"], json!([]));
}

#[tokio::test]
async fn a_token_made_elsewhere_is_imported_by_its_own_names() {
    if !openssl::is_here() {
        return;
    }
    let server = start().await;
    let away = leave(&server, "acme").await;
    assert_eq!(come_back(&server, &away, &away.cookie, AGREED).await.status, 200);
    let shown = server.client.get("/connections/acme?integration=signed").await.unwrap().json();
    let given = &shown["credentials"];
    let credentials = json!({"oauth_token": given["oauth_token"], "oauth_token_secret": given["oauth_token_secret"]});
    server.import(&json!({"integration": INTEGRATION, "connection_id": "moved", "credentials": credentials})).await;
    assert_eq!(server.calling(INTEGRATION, "moved").get("/proxy/items").await.unwrap().status, 200);
    let half = json!({"integration": INTEGRATION, "connection_id": "half", "credentials": {"oauth_token": "t"}});
    assert_eq!(server.client.json("POST", "/connections", &half).await.unwrap().status, 400);
}
