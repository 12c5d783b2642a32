//! The exchange as a table: which request comes next, and what is refused before anything is sent.

use super::*;
use crate::auth::{self, exchange::FlowState, exchange::Returned};
use crate::clock::{Moment, Timestamp};
use crate::connection::ConfigMap;
use crate::credentials::Credentials;
use crate::error::ErrorKind;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use keyway_spec::{Auth, Node, Position, ProviderSpec, Reference, Root};
use serde_json::Value;

const KEY: &str = include_str!("../../../tests/keys/rsa.pkcs1.pem");
const NOW: i64 = 1_767_323_045;

const fn named(root: Root, path: &'static str, position: Position) -> Node {
    Node::Reference(Reference { root, path, position })
}

const PAGE: Template =
    Template::Nodes(&[named(Root::AppPublicLink, "", Position::Origin), Node::Text("/installations/new")]);
const TOKEN: Template = Template::Nodes(&[
    Node::Text("https://api.acme.test/app/"),
    named(Root::ConnectionConfig, INSTALLATION, Position::Segment),
    Node::Text("/tokens"),
]);
const SPEC: ProviderSpec = ProviderSpec {
    key: "acme",
    auth: Auth::App(App { authorization_url: PAGE, token_url: TOKEN }),
    ..ProviderSpec::EMPTY
};

/// An integration that was set up wholly.
fn complete() -> IntegrationRecord {
    IntegrationRecord {
        key: "acme".to_owned(),
        client_id: Some("42".to_owned()),
        client_secret: Some(KEY.into()),
        app_link: Some("https://acme.test/apps/mine".to_owned()),
        ..IntegrationRecord::default()
    }
}

fn with<T>(integration: &IntegrationRecord, config: &[(&str, &str)], run: impl FnOnce(&Inputs<'_>) -> T) -> T {
    let config: ConfigMap = config.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let moment = Moment { now: Timestamp::from_second(NOW).unwrap(), uuid: String::new() };
    run(&Inputs {
        spec: &SPEC,
        integration,
        config: &config,
        connection_id: "c",
        metadata: &serde_json::Map::new(),
        credentials: &Credentials::default(),
        moment: &moment,
    })
}

fn returned(integration: &IntegrationRecord, query: &str) -> Result<Step<Granted>> {
    let callback = Callback::parse(query);
    let (verifier, kept) = (Secret::new("v"), FlowState::new());
    let returned = Returned { callback: &callback, redirect_uri: "https://r.test", verifier: &verifier, kept: &kept };
    let config: Vec<_> = callback.get(INSTALLATION).map(|id| (INSTALLATION, id)).into_iter().collect();
    with(integration, &config, |inputs| auth::step(inputs, Grant::Returned(returned), &[]))
}

fn page_of(integration: &IntegrationRecord) -> Result<String> {
    let ask = Ask { redirect_uri: "https://r.test", scopes: &[], state: "s&t", verifier: "v" };
    match with(integration, &[], |inputs| auth::page(inputs, ask, &[]))? {
        Step::Done(page) => Ok(page.url),
        Step::Send(_) => panic!("nothing is sent before the page"),
    }
}

#[test]
fn the_page_is_the_apps_own_with_the_state_alone() {
    assert_eq!(page_of(&complete()).unwrap(), "https://acme.test/apps/mine/installations/new?state=s%26t");
}

#[test]
fn what_cannot_end_is_refused_before_anybody_is_sent_anywhere() {
    let ed25519 = include_str!("../../../tests/keys/ed25519.pkcs8.pem");
    for (broken, message) in [
        (IntegrationRecord { app_link: None, ..complete() }, "lacks the app's public page as `app_link`"),
        (IntegrationRecord { client_id: None, ..complete() }, "lacks the app id as `client_id`"),
        (IntegrationRecord { client_secret: None, ..complete() }, "lacks the app's private key as `client_secret`"),
        (IntegrationRecord { app_link: Some("javascript:alert(1)".into()), ..complete() }, "must look like `https://"),
    ] {
        let error = page_of(&broken).unwrap_err().to_string();
        assert!(error.contains(message) && !error.contains("hunter2"), "{error}");
    }
    let error =
        auth::check_integration(&SPEC, &IntegrationRecord { client_secret: Some("hunter2!".into()), ..complete() });
    let error = error.unwrap_err().to_string();
    assert!(error.contains("private key cannot be used") && !error.contains("hunter2"), "{error}");
    assert!(auth::check_integration(&SPEC, &complete()).is_ok());
    let error = returned(&IntegrationRecord { client_secret: Some(ed25519.into()), ..complete() }, "installation_id=7");
    assert!(error.unwrap_err().to_string().contains("RS256"));
}

#[test]
fn the_installation_is_asked_for_with_a_short_signed_token() {
    for key in [KEY.to_owned(), STANDARD.encode(KEY)] {
        let integration = IntegrationRecord { client_secret: Some(key.into()), ..complete() };
        let Step::Send(request) = returned(&integration, "state=s&installation_id=7&setup_action=install").unwrap()
        else {
            panic!("a request comes first")
        };
        assert_eq!(request.url.0.as_str(), "https://api.acme.test/app/7/tokens");
        assert_eq!((request.body.expose(), request.carries), ("{}", SecretOwner::Operator));
        let header = request.header("authorization").unwrap().expose().to_owned();
        let jwt: Vec<&str> = header.strip_prefix("Bearer ").unwrap().split('.').collect();
        let part = |at: usize| serde_json::from_slice::<Value>(&URL_SAFE_NO_PAD.decode(jwt[at]).unwrap()).unwrap();
        assert_eq!(part(0), serde_json::json!({"alg": "RS256", "typ": "JWT"}));
        assert_eq!(part(1), serde_json::json!({"iat": NOW - 60, "exp": NOW + 540, "iss": "42"}));
        assert!(request.secrets.iter().any(|secret| header.ends_with(secret.expose())), "the proof is not repeated");
    }
}

#[test]
fn a_callback_without_an_installation_ends_the_flow() {
    for (query, message) in [
        ("state=s", "names no installation"),
        ("state=s&installation_id=", "names no installation"),
        ("state=s&setup_action=request&installation_id=7", "an owner has approved it"),
        ("state=s&installation_id=..", "must not be `.` or `..`"),
    ] {
        let error = returned(&complete(), query).unwrap_err();
        assert!(error.to_string().contains(message), "{query}: {error}");
    }
}

#[test]
fn an_installation_cannot_leave_its_place_in_the_url() {
    let Step::Send(request) = returned(&complete(), "installation_id=7%2F..%2F8%3Fx%23y").unwrap() else { panic!() };
    assert_eq!(request.url.0.as_str(), "https://api.acme.test/app/7%2F..%2F8%3Fx%23y/tokens");
}

#[test]
fn the_answer_is_a_token_that_renews_by_being_asked_for_again() {
    let answer = |status, body: &str| Answer {
        status,
        headers: http::HeaderMap::new(),
        body: body.into(),
        received: Timestamp::from_second(NOW).unwrap(),
        secrets: Vec::new(),
        kept: false,
    };
    let granted = granted(&answer(201, r#"{"token":"t","expires_at":"2026-01-02T04:04:05Z","refresh_token":"r"}"#));
    let token = granted.unwrap().token.unwrap();
    assert_eq!((token.access.expose(), token.refresh), ("t", None));
    assert_eq!(token.expires_at, Some("2026-01-02T04:04:05Z".parse().unwrap()));
    let error = super::granted(&answer(404, r#"{"message":"Not Found"}"#)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TokenRefused);
}
