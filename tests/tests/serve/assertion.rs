//! Keys of assertions: submitted over HTTP in both ways, kept to sign with, never shown.

use crate::openssl;
use crate::setup::{Server, start_with};
use crate::signing_vendor::at;
use crate::vendor::{PRIVATE_KEY, claims};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::{get, post};
use axum::{Form, Router};
use form_urlencoded::Serializer;
use keyway::catalogue::Catalogue;
use keyway_spec::auth::{Assertion, BodyFormat, LoginRequest, TokenResponse, TwoStep};
use keyway_spec::{Auth, Entry, Field, Node, Position, ProviderSpec, Reference, Root, Template, Value};
use serde_json::json;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use tokio::net::TcpListener;

const INTEGRATION: &str = "asserting";

/// A vendor that gives a token for an assertion which `openssl` verifies.
async fn start() -> Server {
    let router = Router::new().route("/token", post(token)).route("/api/me", get(me));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let vendor = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let spec: &'static _ = Box::leak(Box::new(spec(vendor)));
    let server = start_with(|builder| builder.catalogue([spec].into_iter().collect::<Catalogue>())).await;
    let integration = json!({"provider": INTEGRATION});
    assert_eq!(server.client.json("POST", "/integrations", &integration).await.unwrap().status, 201);
    server
}

async fn token(Form(form): Form<BTreeMap<String, String>>) -> (StatusCode, String) {
    match claims(&form["assertion"]) {
        Some(claims) if claims["iss"] == "c-1" => (StatusCode::OK, r#"{"token":"granted"}"#.to_owned()),
        _ => (StatusCode::BAD_REQUEST, r#"{"error":"invalid_grant"}"#.to_owned()),
    }
}

async fn me(headers: HeaderMap) -> String {
    headers["authorization"].to_str().unwrap().to_owned()
}

fn spec(vendor: SocketAddr) -> ProviderSpec {
    const fn reference(root: Root, path: &'static str) -> [Node; 1] {
        [Node::Reference(Reference { root, path, position: Position::Text })]
    }
    static KEY: [Node; 1] = reference(Root::AssertionOption, "privateKey");
    static CLIENT: [Node; 1] = reference(Root::Credentials, "clientId");
    static MADE: [Node; 1] = reference(Root::Credentials, "assertion");
    static CLAIMS: [Entry; 1] = [Entry { name: "iss", value: Value::Text(Template::Nodes(&CLIENT)) }];
    static HEADER: [Entry; 1] = [Entry { name: "alg", value: Value::Text(Template::Text("RS256")) }];
    static PARAMS: [Entry; 1] = [Entry { name: "assertion", value: Value::Text(Template::Nodes(&MADE)) }];
    static OPTIONS: [Field; 1] = [Field { name: "privateKey", title: "Private key", secret: true, ..Field::EMPTY }];
    static CREDENTIALS: [Field; 1] = [Field { name: "clientId", title: "Client", ..Field::EMPTY }];
    static ASSERTION: Assertion =
        Assertion::Jwt { key: Template::Nodes(&KEY), lifetime: 60, header: &HEADER, payload: &CLAIMS };
    let url: &'static str = Box::leak(format!("http://{vendor}/token").into_boxed_str());
    let mode = TwoStep {
        login: LoginRequest {
            url: Template::Text(url),
            params: &PARAMS,
            body_format: BodyFormat::Form,
            ..LoginRequest::EMPTY
        },
        refresh: None,
        additional_steps: &[],
        response: TokenResponse { token: "token", expiration: None, expiration_is_duration: true, refresh_token: None },
        response_headers: &[],
        response_metadata: &[],
        expires_in_ms: None,
        token: None,
        assertion: Some(&ASSERTION),
    };
    ProviderSpec {
        key: INTEGRATION,
        auth: Auth::TwoStep(mode),
        credentials: &CREDENTIALS,
        assertion_option: &OPTIONS,
        ..at(vendor)
    }
}

async fn session(server: &Server) -> serde_json::Value {
    let body = json!({"integration": INTEGRATION, "connection_id": "acme"});
    server.client.json("POST", "/connect/sessions", &body).await.unwrap().json()
}

/// What the API sees of the connection, and that the key is never shown.
async fn connected(server: &Server) {
    let called = server.calling(INTEGRATION, "acme").get("/proxy/me").await.unwrap();
    assert_eq!((called.status.as_u16(), called.text().as_str()), (200, "Bearer granted"));
    let shown = server.client.get("/connections/acme?integration=asserting").await.unwrap();
    assert_eq!(shown.json()["credentials"]["clientId"], "c-1");
    assert!(!shown.text().contains("PRIVATE KEY"), "{}", shown.text());
}

#[tokio::test]
async fn an_import_signs_with_the_key_beside_its_credentials() {
    if !openssl::is_here() {
        return;
    }
    let server = start().await;
    let import = |credentials| json!({"integration": INTEGRATION, "connection_id": "acme", "credentials": credentials});
    for (credentials, status, says) in [
        (json!({"clientId": "c-1"}), 400, "privateKey"),
        (json!({"clientId": "c-1", "assertion_option": {"privateKey": "canary"}}), 400, "private key"),
        (json!({"clientId": "c-1", "assertion_option": {"privateKey": PRIVATE_KEY, "other": "x"}}), 400, "other"),
        (json!({"clientId": "c-2", "assertion_option": {"privateKey": PRIVATE_KEY}}), 424, "invalid_grant"),
    ] {
        let answer = server.client.json("POST", "/connections", &import(credentials)).await.unwrap();
        assert_eq!(answer.status, status, "{}", answer.text());
        assert!(answer.text().contains(says), "{says}: {}", answer.text());
        assert!(!answer.text().contains("canary") && !answer.text().contains("PRIVATE KEY"), "{}", answer.text());
    }
    server.import(&import(json!({"clientId": "c-1", "assertion_option": {"privateKey": PRIVATE_KEY}}))).await;
    connected(&server).await;
}

#[tokio::test]
async fn the_form_asks_for_the_key_and_does_not_repeat_it() {
    if !openssl::is_here() {
        return;
    }
    let server = start().await;
    let session = session(&server).await;
    let page = server.browser.get(session["url"].as_str().unwrap()).await.unwrap();
    assert!(page.text().contains("name=\"assertion_option[privateKey]\""), "{}", page.text());
    let browser = server.browser.with("content-type", "application/x-www-form-urlencoded");
    let pasted = PRIVATE_KEY.replace('\n', "\r\n");
    for (client, key, status) in
        [("c-1", "", 400), ("c-1", "canary", 400), ("c-2", &pasted, 424), ("c-1", &pasted, 200)]
    {
        let body = Serializer::new(String::new())
            .append_pair("token", session["token"].as_str().unwrap())
            .append_pair("credentials[clientId]", client)
            .append_pair("assertion_option[privateKey]", key)
            .finish();
        let answer = browser.send("POST", "/connect/asserting", body).await.unwrap();
        assert_eq!(answer.status, status, "{client}: {}", answer.text());
        assert!(!answer.text().contains("canary") && !answer.text().contains("PRIVATE KEY"), "{}", answer.text());
    }
    connected(&server).await;
}

/// An input of one line takes the line breaks out of what is pasted (HTML, `type=password`); others make blanks of
/// them.
#[tokio::test]
async fn a_key_that_lost_its_line_breaks_in_a_form_signs_all_the_same() {
    if !openssl::is_here() {
        return;
    }
    for instead in ["", " ", "\\n"] {
        let server = start().await;
        let session = session(&server).await;
        let body = Serializer::new(String::new())
            .append_pair("token", session["token"].as_str().unwrap())
            .append_pair("credentials[clientId]", "c-1")
            .append_pair("assertion_option[privateKey]", &PRIVATE_KEY.trim().replace('\n', instead))
            .finish();
        let browser = server.browser.with("content-type", "application/x-www-form-urlencoded");
        let answer = browser.send("POST", "/connect/asserting", body).await.unwrap();
        assert_eq!(answer.status, 200, "{instead:?}: {}", answer.text());
        connected(&server).await;
    }
}

#[tokio::test]
async fn a_script_submits_the_key_as_json() {
    if !openssl::is_here() {
        return;
    }
    let server = start().await;
    let token = session(&server).await["token"].clone();
    let body = json!({"token": token, "credentials": {"clientId": "c-1"},
        "assertion_option": {"privateKey": PRIVATE_KEY}});
    let answer = server.browser.json("POST", "/connect/asserting", &body).await.unwrap();
    assert_eq!(answer.status, 201, "{}", answer.text());
    connected(&server).await;
}
