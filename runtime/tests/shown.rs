//! `Debug` of everything public that can hold a secret.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

use keyway::auth::exchange::{Answer, Ask, Callback, FlowState, Grant, Page, Returned};
use keyway::clock::{Moment, Timestamp};
use keyway::credentials::{Credentials, Token};
use keyway::inputs::Inputs;
use keyway::integration::IntegrationRecord;
use keyway::mask::Masker;
use keyway::request::plan;
use keyway::response::retry::Outcome;
use keyway::seal::{SealingKey, SealingKeys};
use keyway::store::Ticket;
use keyway::template::{Scope, Signing, Text, evaluate};
use keyway::transport::Body;
use keyway::{Authorize, Call, CallBody, Catalogue, Connection, ConnectionKey, Keyway, Secret, Started, auth};
use keyway_spec::auth::{OAuth2, TokenEndpoint};
use keyway_spec::{Auth, Entry, Node, Position, ProviderSpec, Proxy, Reference, Root, Template, Value};
use std::collections::BTreeMap;
use std::fmt::Debug;

const MARK: &str = "canary";
const TOKEN: Node = Node::Reference(Reference { root: Root::AccessToken, path: "", position: Position::Text });
const MODE: OAuth2 = OAuth2 {
    authorization: keyway_spec::auth::Authorization::EMPTY,
    token: TokenEndpoint { url: Template::Text("https://acme.test/token?k=canary"), ..TokenEndpoint::EMPTY },
    outbound: None,
};
static SPEC: ProviderSpec = ProviderSpec {
    key: "acme",
    auth: Auth::OAuth2(MODE),
    proxy: Some(Proxy {
        base_url: Template::Text("https://acme.test"),
        headers: &[("x-key", Template::Nodes(&[TOKEN]))],
        query: &[("k", Template::Nodes(&[TOKEN]))],
        body: &[Entry { name: "key", value: Value::Text(Template::Nodes(&[TOKEN])) }],
        ..Proxy::EMPTY
    }),
    ..ProviderSpec::EMPTY
};

#[track_caller]
fn hides(value: &impl Debug) {
    let shown = format!("{value:?} {value:#?}");
    assert!(!shown.to_ascii_lowercase().contains(MARK), "{shown}");
    assert!(!shown.trim().is_empty());
}

fn marked(name: &str) -> BTreeMap<String, String> {
    BTreeMap::from([(name.to_owned(), MARK.to_owned())])
}

fn call() -> Call {
    let pair = || vec![("name".to_owned(), MARK.to_owned())];
    Call::new(http::Method::POST, format!("/x?k={MARK}"))
        .query_pairs(pair())
        .headers(pair())
        .json(serde_json::json!({"a": MARK}))
        .base_url_override(format!("https://acme.test/{MARK}"))
}

fn credentials() -> Credentials {
    let token = Token::new(MARK).refresh(Secret::from(MARK)).raw(Secret::from(MARK));
    Credentials::basic(MARK, MARK).token(token)
}

fn integration() -> IntegrationRecord {
    IntegrationRecord::without_scopes("acme", "acme")
        .client_id("client")
        .client_secret(MARK)
        .custom(BTreeMap::from([("webhook".to_owned(), MARK.into())]))
}

#[test]
fn what_a_connection_is_made_of_does_not_show_itself() {
    let metadata: serde_json::Map<_, _> = [("note".to_owned(), MARK.into())].into_iter().collect();
    let key = ConnectionKey::new("acme", "user-1");
    hides(&Secret::new(MARK));
    hides(&credentials());
    hides(&integration());
    hides(
        &Connection::new(key.clone(), "acme", Timestamp::UNIX_EPOCH)
            .config(marked("appKey"))
            .metadata(metadata)
            .credentials(credentials())
            .epoch(1),
    );
    let redirect_uri = format!("https://app.test/{MARK}");
    hides(&Authorize::new(key, redirect_uri).config(marked("appKey")));
    let redirect_uri = "https://app.test/callback".to_owned();
    let url = format!("https://acme.test/?state={MARK}");
    hides(&Started::new(url, MARK, MARK, redirect_uri));
    hides(&Ticket::new("hash", MARK, Timestamp::UNIX_EPOCH));
    let sealing = SealingKey::from_base64("Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2FuYXJ5Y2E=").unwrap();
    hides(&sealing);
    hides(&SealingKeys::from(sealing));
    let builder = Keyway::builder().catalogue([&SPEC].into_iter().collect::<Catalogue>());
    let builder = builder.integration_record(integration());
    hides(&builder);
    hides(&builder.build().unwrap());
}

#[test]
fn what_a_request_is_built_from_and_the_request_do_not_show_themselves() {
    let (credentials, integration, config) = (credentials(), integration(), marked("appKey"));
    let metadata: serde_json::Map<_, _> = [("note".to_owned(), MARK.into())].into_iter().collect();
    let moment = Moment { now: Timestamp::UNIX_EPOCH, uuid: "u".to_owned() };
    let inputs = Inputs {
        spec: &SPEC,
        integration: &integration,
        config: &config,
        connection_id: "user-1",
        metadata: &metadata,
        credentials: &credentials,
        moment: &moment,
    };
    hides(&inputs);
    hides(&call());
    hides(&CallBody::Bytes(MARK.into()));
    hides(&Body::full(MARK));
    hides(&plan(&inputs, &call()).unwrap());
    let text = evaluate(&Template::Nodes(&[TOKEN]), &inputs.scope()).unwrap();
    assert!(text == Text::Resolved(MARK.to_owned()));
    hides(&text);
    let signing = Signing {
        path: MARK.to_owned(),
        endpoint: MARK.to_owned(),
        params: MARK.to_owned(),
        url_canonical_params: MARK.to_owned(),
        body_canonical_params: MARK.to_owned(),
        content_type: MARK.to_owned(),
        ..Signing::default()
    };
    hides(&signing);
    let steps = [serde_json::json!({"token": MARK})];
    hides(&Scope { signing: Some(&signing), steps: &steps, ..inputs.scope() });
    hides(&Masker::new([&Secret::new(MARK)]));
    let scopes = ["read".to_owned()];
    hides(&Ask { redirect_uri: "https://app.test", scopes: &scopes, state: MARK, verifier: MARK });
    let callback = Callback::parse(&format!("code={MARK}&state={MARK}"));
    hides(&callback);
    let (verifier, kept) = (Secret::new(MARK), FlowState::from([("secret".to_owned(), Secret::new(MARK))]));
    let returned = Returned { callback: &callback, redirect_uri: "https://app.test", verifier: &verifier, kept: &kept };
    hides(&returned);
    hides(&auth::step(&inputs, Grant::Returned(returned), &[]).unwrap());
    hides(&Page { url: MARK.to_owned(), token_endpoint: None, kept });
}

#[test]
fn what_was_answered_does_not_show_itself() {
    let body = r#"{"access_token":"canary","refresh_token":"canary","team":"canary"}"#;
    let mut headers = http::HeaderMap::new();
    headers.insert("set-cookie", MARK.parse().unwrap());
    let received = Timestamp::UNIX_EPOCH;
    let answer = Answer { status: 200, headers, body: body.into(), received, secrets: vec![MARK.into()], kept: false };
    hides(&answer);
    let mode = OAuth2 { token: TokenEndpoint { response_metadata: &["team"], ..MODE.token }, ..MODE };
    let spec = ProviderSpec { auth: Auth::OAuth2(mode), ..SPEC };
    let (credentials, integration, config) = (credentials(), integration(), marked("appKey"));
    let moment = Moment { now: Timestamp::UNIX_EPOCH, uuid: "u".to_owned() };
    let inputs = Inputs {
        spec: &spec,
        integration: &integration,
        config: &config,
        connection_id: "user-1",
        metadata: &serde_json::Map::new(),
        credentials: &credentials,
        moment: &moment,
    };
    hides(&auth::step(&inputs, Grant::Renewal, &[answer]).unwrap());
    let mut headers = http::HeaderMap::new();
    headers.insert("set-cookie", MARK.parse().unwrap());
    hides(&Outcome::Response { status: 500, headers: &headers, body: Some(MARK.as_bytes()) });
}
