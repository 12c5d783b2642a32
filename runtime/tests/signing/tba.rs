//! Token-based authentication: two clients, a realm, and hosts that a customer names.

use super::support::{Mock, get, reply};
use super::vendor::{CLIENT_ID, CLIENT_SECRET, at};
use super::{keyway, openssl, operators_client, received, rfc5849};
use keyway::connection::ConfigMap;
use keyway::fields::Trust;
use keyway::integration::IntegrationRecord;
use keyway::{ConnectionKey, Credentials, ErrorKind, Keyway, Secret};
use keyway_spec::{Auth, Field, HostSet, Hosts, Node, Position, ProviderSpec, Proxy, Reference, Root, Template};
use serde_json::Map;

const TOKENS: [(&str, &str); 2] = [("token_id", "token"), ("token_secret", "token secret-canary")];
const OWN: [(&str, &str); 2] =
    [("oauth_client_id_override", "own"), ("oauth_client_secret_override", "own secret-canary")];

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

/// An entry of the mode at these hosts.
fn tokens(base: &ProviderSpec) -> ProviderSpec {
    static CONFIG: [Field; 2] = [
        Field { name: "accountId", optional: true, ..Field::EMPTY },
        Field { name: "host", optional: true, ..Field::EMPTY },
    ];
    ProviderSpec { key: "tokens", auth: Auth::Tba, connection_config: &CONFIG, ..*base }
}

async fn import(keyway: &Keyway, config: &[(&str, &str)], own: bool) -> keyway::Result<()> {
    let inputs = TOKENS.into_iter().chain(OWN.into_iter().filter(|_| own));
    let inputs = inputs.map(|(name, value)| (name.to_owned(), Secret::from(value))).collect();
    let config: ConfigMap = config.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    keyway.import(key(), config, Map::new(), Credentials::submitted(inputs), Trust::User).await.map(|_| ())
}

#[tokio::test]
async fn calls_are_signed_with_the_customers_client_or_else_the_integrations() {
    if !openssl::is_here() {
        return;
    }
    for (own, client, secret) in [(false, CLIENT_ID, CLIENT_SECRET), (true, "own", "own secret-canary")] {
        let mock = Mock::start(|_| reply(200, "welcome")).await;
        let keyway = keyway(&tokens(&at(mock.address)), operators_client());
        import(&keyway, &[("accountId", "123-sb1")], own).await.unwrap();
        keyway.send(&key(), get("/items?q=a+b&limit=1%2B1"), None).await.unwrap();
        let received = received(&mock.seen()[0]);
        let protocol = rfc5849::protocol(&received).unwrap();
        assert_eq!([&protocol["realm"], &protocol["oauth_signature_method"]], ["123_SB1", "HMAC-SHA256"]);
        assert_eq!([&protocol["oauth_consumer_key"], &protocol["oauth_token"]], [client, "token"]);
        assert!(rfc5849::is_signed_with(&received, &protocol, secret, "token secret-canary"), "{protocol:?}");
        assert!(!format!("{:?}", mock.seen()).contains("canary"));
    }
}

#[tokio::test]
async fn a_call_without_an_account_or_a_client_is_not_sent() {
    let mock = Mock::start(|_| reply(200, "welcome")).await;
    let nobody = || IntegrationRecord::default().key("acme").client_secret(crate::vendor::CLIENT_SECRET);
    for (record, config, says) in
        [(operators_client(), &[][..], "accountId"), (nobody(), &[("accountId", "1")][..], "client id")]
    {
        let keyway = keyway(&tokens(&at(mock.address)), record);
        import(&keyway, config, false).await.unwrap();
        let error = keyway.send(&key(), get("/items"), None).await.unwrap_err();
        assert!(error.kind() == ErrorKind::MissingValue && error.message().contains(says), "{error}");
    }
    assert!(mock.seen().is_empty());
}

/// An entry whose customer names the whole host.
fn hosted() -> ProviderSpec {
    static HOST: Reference = Reference { root: Root::ConnectionConfig, path: "host", position: Position::Host };
    static BASE: [Node; 3] = [Node::Text("http://"), Node::Reference(HOST), Node::Text("/api")];
    let open = HostSet::Open(&["*:*"]);
    tokens(&ProviderSpec {
        hosts: Hosts { api: open, ..Hosts::EMPTY },
        proxy: Some(Proxy { base_url: Template::Nodes(&BASE), ..Proxy::EMPTY }),
        ..ProviderSpec::EMPTY
    })
}

#[tokio::test]
async fn the_operators_secret_signs_nothing_for_a_host_that_a_customer_names() {
    for (own, listed, fits) in [(false, false, false), (true, false, true), (false, true, true)] {
        let mock = Mock::start(|_| reply(200, "welcome")).await;
        let host = mock.address.to_string();
        let allowed_hosts = if listed { vec![host.clone()] } else { Vec::new() };
        let keyway = keyway(&hosted(), operators_client().allowed_hosts(allowed_hosts));
        import(&keyway, &[("accountId", "1"), ("host", &host)], own).await.unwrap();
        let outcome = keyway.send(&key(), get("/items"), None).await;
        assert_eq!(mock.seen().len(), usize::from(fits), "own {own}, listed {listed}");
        assert_eq!(outcome.as_ref().err().map(keyway::Error::kind), (!fits).then_some(ErrorKind::SecretHostNotAllowed));
    }
}
