//! Values that a customer may leave out are left out of what asks for a token, in every place where an entry writes
//! one.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

mod support;

use keyway::credentials::Credentials;
use keyway::fields::Trust;
use keyway::{Authorize, ConnectionKey, ErrorKind, Result};
use keyway_spec::auth::{Authorization, OAuth2, TokenEndpoint};
use keyway_spec::quirks::{ExchangeQuirks, GrantType, Quirks, RequestQuirks};
use keyway_spec::{Auth, Entry, Field, Node, Position, ProviderSpec, Reference, Root, Template, Value};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use support::{Hand, Mock, back, client_credentials, keyway, oauth2, reply};

const TENANT: Reference = Reference { root: Root::ConnectionConfig, path: "tenant", position: Position::Text };
const ACCOUNT: Reference = Reference { root: Root::ConnectionConfig, path: "account", position: Position::Text };

/// One value that may be missing, and one that may not.
static PARAMS: [Entry; 2] = [
    Entry { name: "tenant", value: Value::Text(Template::Nodes(&[Node::Reference(TENANT)])) },
    Entry { name: "account", value: Value::Text(Template::Nodes(&[Node::Reference(ACCOUNT)])) },
];

static FIELDS: [Field; 2] =
    [Field { name: "tenant", optional: true, ..Field::EMPTY }, Field { name: "account", ..Field::EMPTY }];

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

fn config(values: &[(&str, &str)]) -> BTreeMap<String, String> {
    values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// The names and values of the two parameters in what was sent.
fn ours(sent: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    sent.iter()
        .filter(|(name, _)| FIELDS.iter().any(|field| field.name == *name))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

fn client(address: SocketAddr) -> &'static ProviderSpec {
    let base = *client_credentials(address);
    let Auth::OAuth2ClientCredentials(mode) = base.auth else { panic!("another mode") };
    let token = TokenEndpoint { params: &PARAMS, ..mode.token };
    let auth = Auth::OAuth2ClientCredentials(keyway_spec::auth::ClientCredentials { token, ..mode });
    leak(ProviderSpec { auth, connection_config: &FIELDS, ..base })
}

async fn import(spec: &'static ProviderSpec, given: &[(&str, &str)]) -> Result<()> {
    let inputs = [("client_id", "id"), ("client_secret", "secret-canary")];
    let credentials = Credentials::default().inputs(inputs.map(|(name, value)| (name.to_owned(), value.into())).into());
    let keyway = keyway(spec, &Hand::new());
    keyway.import(key(), config(given), serde_json::Map::new(), credentials, Trust::Operator).await.map(|_| ())
}

/// The parameters in every place of a code flow: the page, the request with the code, what its quirks lay over it.
fn code_flow(address: SocketAddr, quirks: Option<&'static Quirks>) -> &'static ProviderSpec {
    let base = *oauth2(address);
    let Auth::OAuth2(mode) = base.auth else { panic!("another mode") };
    let authorization = Authorization { params: &PARAMS, ..mode.authorization };
    let token = if quirks.is_some() { mode.token } else { TokenEndpoint { params: &PARAMS, ..mode.token } };
    let auth = Auth::OAuth2(OAuth2 { authorization, token, ..mode });
    leak(ProviderSpec { auth, quirks, connection_config: &FIELDS, ..base })
}

#[tokio::test]
async fn a_value_that_may_be_missing_is_left_out_and_another_is_an_error() {
    for (given, expected) in [
        (vec![("tenant", "t"), ("account", "a")], Some(config(&[("tenant", "t"), ("account", "a")]))),
        (vec![("account", "a")], Some(config(&[("account", "a")]))),
        (vec![("tenant", "t")], None),
    ] {
        let mock = Mock::start(|_| reply(200, r#"{"access_token":"at"}"#)).await;
        let imported = import(client(mock.address), &given).await;
        if let Some(expected) = expected {
            imported.unwrap();
            assert_eq!(ours(&mock.seen_at("/token")[0].form()), expected, "{given:?}");
        } else {
            assert!(imported.is_err(), "{given:?}");
            assert!(mock.seen_at("/token").is_empty(), "{given:?}");
        }
    }
}

#[tokio::test]
async fn the_same_holds_on_the_page_with_the_code_and_in_what_quirks_lay_over() {
    let own = RequestQuirks { grant: GrantType::AuthorizationCode, params: &PARAMS, ..RequestQuirks::EMPTY };
    let in_body = leak(Quirks { code: Some(ExchangeQuirks { request: own, then: &[] }), ..Quirks::EMPTY });
    let own = RequestQuirks { params: &[], query: &PARAMS, ..own };
    let in_query = leak(Quirks { code: Some(ExchangeQuirks { request: own, then: &[] }), ..Quirks::EMPTY });
    for quirks in [None, Some(in_body), Some(in_query)] {
        let mock = Mock::start(|_| reply(200, r#"{"access_token":"at"}"#)).await;
        let keyway = keyway(code_flow(mock.address, quirks), &Hand::new());
        let ask = Authorize::new(key(), "https://app.example.com/callback").config(config(&[("account", "a")]));
        let started = keyway.authorize(ask).await.unwrap();
        let query: BTreeMap<String, String> =
            url::Url::parse(&started.url).unwrap().query_pairs().into_owned().collect();
        assert_eq!(ours(&query), config(&[("account", "a")]), "{quirks:?}");
        let back = back(&started, &format!("state={}&code=c", started.state.expose()));
        keyway.finish(&back, started.binding.expose()).await.unwrap();
        let seen = mock.seen_at("/token");
        let mut sent = seen[0].form();
        let query = seen[0].target.split_once('?').map_or("", |(_, query)| query);
        sent.extend(form_urlencoded::parse(query.as_bytes()).into_owned());
        assert_eq!(ours(&sent), config(&[("account", "a")]), "{quirks:?}");
    }
}

#[tokio::test]
async fn a_page_whose_value_must_be_there_is_not_opened_without_it() {
    let mock = Mock::start(|_| reply(200, "{}")).await;
    let keyway = keyway(code_flow(mock.address, None), &Hand::new());
    let ask = Authorize::new(key(), "https://app.example.com/callback").config(config(&[("tenant", "t")]));
    let error = keyway.authorize(ask).await.map(|_| ()).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::MissingValue | ErrorKind::InvalidValue), "{error}");
}
