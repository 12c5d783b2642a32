//! Tokens are revoked before their connection is deleted, and the caller is told what came of it.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it
#![allow(clippy::large_types_passed_by_value)] // the tables below read like the data

mod support;

use keyway::credentials::{Credentials, Token};
use keyway::fields::Trust;
use keyway::{ConnectionKey, ErrorKind, Keyway, RevocationOutcome, Secret, Stage};
use keyway_spec::auth::{BodyFormat, ClientAuth};
use keyway_spec::quirks::{Quirks, RequestMethod, RequestQuirks, ResponseQuirks, RevocationQuirks, RevokedToken};
use keyway_spec::{Entry, Node, Position, ProviderSpec, Reference, Root, Template, Value};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use support::{Hand, Mock, client_credentials, keyway, oauth2, reply, template};

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

/// The request to `/revoke` of a server.
fn request(address: SocketAddr) -> RequestQuirks {
    RequestQuirks { url: Some(template(format!("http://{address}/revoke"))), ..RequestQuirks::EMPTY }
}

fn spec(of: &ProviderSpec, request: RequestQuirks, token: RevokedToken) -> &'static ProviderSpec {
    let revocation = Some(RevocationQuirks { request, token });
    leak(ProviderSpec { quirks: Some(leak(Quirks { revocation, ..Quirks::EMPTY })), ..*of })
}

async fn connect(keyway: &Keyway, refresh: Option<&str>) {
    let token = Token::new("access-canary").refresh(refresh.map(Secret::from));
    let credentials = Credentials::default().token(token);
    keyway.import(key(), BTreeMap::new(), serde_json::Map::new(), credentials, Trust::Operator).await.unwrap();
}

/// Disconnects, and makes sure that the connection is gone.
async fn disconnect(keyway: &Keyway) -> RevocationOutcome {
    let outcome = keyway.disconnect(&key()).await.unwrap().expect("there was a connection");
    assert_eq!(keyway.fetch(&key()).await.unwrap_err().kind(), ErrorKind::UnknownConnection);
    assert!(keyway.disconnect(&key()).await.unwrap().is_none());
    outcome
}

#[tokio::test]
async fn the_token_that_the_entry_names_is_revoked_with_its_hint_by_the_client_that_has_it() {
    use RevokedToken::{Access, Both, Refresh};
    let (access, refresh) = (("access-canary", "access_token"), ("refresh-canary", "refresh_token"));
    for (token, stored, expected) in [
        (Refresh, Some("refresh-canary"), vec![refresh]),
        (Refresh, None, vec![access]),
        (Access, Some("refresh-canary"), vec![access]),
        (Both, Some("refresh-canary"), vec![refresh, access]),
        (Both, None, vec![access]),
    ] {
        let mock = Mock::start(|_| reply(200, "")).await;
        let keyway = keyway(spec(oauth2(mock.address), request(mock.address), token), &Hand::new());
        connect(&keyway, stored).await;
        assert_eq!(disconnect(&keyway).await.code(), "revoked", "{token:?} {stored:?}");
        let sent: Vec<BTreeMap<String, String>> = mock.seen_at("/revoke").iter().map(support::Seen::form).collect();
        let expected: Vec<BTreeMap<String, String>> = expected
            .into_iter()
            .map(|(token, hint)| {
                let client = [("client_id", "client"), ("client_secret", "client-secret-canary")];
                let all = [("token", token), ("token_type_hint", hint)].into_iter().chain(client);
                all.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
            })
            .collect();
        assert_eq!(sent, expected, "{token:?} {stored:?}");
    }
}

#[tokio::test]
async fn a_vendors_own_way_is_a_method_a_path_a_header_and_a_body() {
    let mock = Mock::start(|_| reply(204, "")).await;
    let name = |root| Node::Reference(Reference { root, path: "", position: Position::Text });
    let bearer = Template::Nodes(leak([Node::Text("Bearer "), name(Root::AccessToken)]).as_slice());
    let url = Template::Nodes(
        leak([
            Node::Text(leak(format!("http://{}/applications/", mock.address)).as_str()),
            Node::Reference(Reference { root: Root::ClientId, path: "", position: Position::Segment }),
            Node::Text("/grant"),
        ])
        .as_slice(),
    );
    let params = leak([
        Entry { name: "token", value: Value::Null },
        Entry { name: "token_type_hint", value: Value::Null },
        Entry { name: "access_token", value: Value::Text(Template::Nodes(leak([name(Root::AccessToken)]))) },
    ]);
    let own = RequestQuirks {
        url: Some(url),
        method: RequestMethod::Delete,
        client_auth: ClientAuth::BasicRaw,
        body_format: BodyFormat::Json,
        params,
        headers: leak([("x-token", bearer)]),
        ..RequestQuirks::EMPTY
    };
    let keyway = keyway(spec(oauth2(mock.address), own, RevokedToken::Access), &Hand::new());
    connect(&keyway, None).await;
    assert_eq!(disconnect(&keyway).await.code(), "revoked");
    let sent = &mock.seen()[0];
    assert_eq!((sent.method.as_str(), sent.path()), ("DELETE", "/applications/client/grant"));
    assert_eq!(sent.body, r#"{"access_token":"access-canary"}"#);
    assert_eq!(sent.header("x-token"), "Bearer access-canary");
    assert!(sent.header("authorization").starts_with("Basic "));
}

#[tokio::test]
async fn the_connection_is_deleted_whatever_the_vendor_says_and_the_caller_is_told() {
    let body = r#"{"error":"unsupported_token_type","error_description":"access-canary is odd"}"#;
    for (status, answer, success_if, expected) in [
        (200, "", None, "revoked"),
        (200, r#"{"ok":true}"#, Some(true), "revoked"),
        (
            200,
            r#"{"ok":false,"error":"invalid_auth"}"#,
            Some(true),
            "refused: acme: the provider did not revoke the token: `invalid_auth` (status 200)",
        ),
        (200, "", Some(true), "refused: acme: the provider did not revoke the token (status 200)"),
        (
            400,
            body,
            None,
            "refused: acme: the provider did not revoke the token: `unsupported_token_type`: *** is odd (status 400)",
        ),
        (503, "", None, "refused: acme: the provider did not revoke the token (status 503)"),
    ] {
        let mock = Mock::start(move |_| reply(status, answer)).await;
        let named = success_if.map(|ok| Entry { name: "ok", value: Value::Bool(ok) });
        let response = ResponseQuirks { success_if: leak(named).as_slice(), ..ResponseQuirks::EMPTY };
        let request = RequestQuirks { response, ..request(mock.address) };
        let keyway = keyway(spec(oauth2(mock.address), request, RevokedToken::Access), &Hand::new());
        connect(&keyway, None).await;
        let outcome = disconnect(&keyway).await;
        assert_eq!(outcome.to_string(), expected);
        assert!(!format!("{outcome:?}").contains("canary"), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_refusal_of_one_token_does_not_keep_the_other() {
    let mock = Mock::start(|seen| reply(if seen.body.contains("refresh-canary") { 400 } else { 200 }, "")).await;
    let keyway = keyway(spec(oauth2(mock.address), request(mock.address), RevokedToken::Both), &Hand::new());
    connect(&keyway, Some("refresh-canary")).await;
    assert_eq!(disconnect(&keyway).await.code(), "refused");
    assert_eq!(mock.seen_at("/revoke").len(), 2);
}

#[tokio::test]
async fn what_was_not_asked_is_told_apart() {
    let closed = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        listener.local_addr().unwrap()
    };
    let elsewhere = RequestQuirks { url: Some(template("https://elsewhere.example/revoke")), ..RequestQuirks::EMPTY };
    for (spec, expected) in [
        (spec(oauth2(closed), request(closed), RevokedToken::Access), "unreachable"),
        (spec(oauth2(closed), elsewhere, RevokedToken::Access), "not-sent"),
        (oauth2(closed), "not-described"),
    ] {
        let keyway = keyway(spec, &Hand::new());
        connect(&keyway, None).await;
        let outcome = disconnect(&keyway).await;
        assert_eq!(outcome.code(), expected, "{outcome}");
        let stage = outcome.error().and_then(|error| error.evidence().stage);
        assert_eq!(stage, outcome.error().map(|_| Stage::Revoke));
    }
}

#[tokio::test]
async fn a_client_of_the_customers_revokes_its_own_token_and_a_connection_without_one_asks_nothing() {
    let mock = Mock::start(|_| reply(200, r#"{"access_token":"access-canary"}"#)).await;
    let own = RequestQuirks { client_auth: ClientAuth::BasicRaw, ..request(mock.address) };
    let keyway = keyway(spec(client_credentials(mock.address), own, RevokedToken::Refresh), &Hand::new());
    let inputs = [("client_id", "c"), ("client_secret", "s-canary")];
    let inputs = inputs.into_iter().map(|(name, value)| (name.to_owned(), Secret::from(value))).collect();
    let credentials = Credentials::submitted(inputs);
    keyway.import(key(), BTreeMap::new(), serde_json::Map::new(), credentials, Trust::User).await.unwrap();
    assert_eq!(disconnect(&keyway).await.code(), "revoked");
    let sent = &mock.seen_at("/revoke")[0];
    assert_eq!(sent.form()["token"], "access-canary");
    assert!(sent.header("authorization").starts_with("Basic "));

    let spec = spec(oauth2(mock.address), request(mock.address), RevokedToken::Refresh);
    let keyway = support::keyway(spec, &Hand::new());
    connect(&keyway, None).await;
    let mut connection = keyway.store().connection(&key()).await.unwrap().unwrap();
    connection.credentials.token = None;
    keyway.store().put_connection(connection.clone(), Some(connection.epoch)).await.unwrap();
    assert_eq!(disconnect(&keyway).await.code(), "no-token");
    assert_eq!(mock.seen_at("/revoke").len(), 1);
}

#[tokio::test]
async fn an_error_names_the_endpoint_that_was_asked() {
    let mock = Mock::start(|_| reply(302, "").header("location", "/elsewhere")).await;
    let keyway = keyway(spec(oauth2(mock.address), request(mock.address), RevokedToken::Access), &Hand::new());
    connect(&keyway, None).await;
    let outcome = disconnect(&keyway).await;
    assert!(outcome.to_string().contains("the revocation endpoint redirected"), "{outcome}");
    assert!(mock.seen_at("/elsewhere").is_empty());
}
