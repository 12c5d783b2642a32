//! The `user-agent` and `accept` of every kind of request, and the answer with which vendors refuse those without one.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

mod support;

use keyway::credentials::Credentials;
use keyway::fields::Trust;
use keyway::integration::IntegrationRecord;
use keyway::{Catalogue, ConnectionKey, EgressPolicy, ErrorKind, Keyway};
use keyway_spec::{ProviderSpec, Proxy, Template, Verification};
use support::{Mock, Seen, api_key, client_credentials, get, reply};

const OWN: &str = concat!("keyway/", env!("CARGO_PKG_VERSION"));

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "c")
}

/// Answers as an API that refuses clients without a `user-agent`.
fn wants_a_name(seen: &Seen) -> support::Reply {
    match seen.header("user-agent") {
        "" => reply(403, "name your program in `user-agent`"),
        _ => reply(200, r#"{"access_token":"t","expires_in":3600}"#),
    }
}

async fn connected(spec: &'static ProviderSpec, program: Option<&str>, credentials: Credentials) -> Keyway {
    let record = IntegrationRecord::without_scopes("acme", spec.key).client_id("id").client_secret("secret");
    let builder = Keyway::builder()
        .catalogue([spec].into_iter().collect::<Catalogue>())
        .egress(EgressPolicy::default().allow_private(true).allow_http(true))
        .integration_record(record);
    let builder = program.into_iter().fold(builder, keyway::Builder::user_agent);
    let keyway = builder.build().unwrap();
    let none = (keyway::connection::ConfigMap::new(), serde_json::Map::new());
    keyway.import(key(), none.0, none.1, credentials, Trust::User).await.unwrap();
    keyway
}

fn names(mock: &Mock) -> Vec<(String, String)> {
    let header = |seen: &Seen, name: &str| seen.header(name).to_owned();
    mock.seen().iter().map(|seen| (header(seen, "user-agent"), header(seen, "accept"))).collect()
}

#[tokio::test]
async fn probes_and_calls_carry_the_programs_name() {
    for (program, expected) in [(None, OWN), (Some("acme-sync/2.1 (ops@acme.test)"), "acme-sync/2.1 (ops@acme.test)")] {
        let mock = Mock::start(wants_a_name).await;
        let spec = api_key(mock.address);
        let endpoints: &'static [Template] = &[Template::Text("/me")];
        let verification = Some(Verification { method: "GET", endpoints, ..Verification::EMPTY });
        let spec: &'static ProviderSpec =
            Box::leak(Box::new(ProviderSpec { proxy: Some(Proxy { verification, ..spec.proxy.unwrap() }), ..*spec }));
        let keyway = connected(spec, program, Credentials::api_key("k3yy")).await;
        keyway.send(&key(), get("/things"), None).await.unwrap();
        let headers =
            vec![("user-agent".to_owned(), "mine/1".to_owned()), ("accept".to_owned(), "text/csv".to_owned())];
        keyway.send(&key(), get("/things").headers(headers), None).await.unwrap();
        let pair = |name: &str, accept: &str| (name.to_owned(), accept.to_owned());
        assert_eq!(names(&mock), [pair(expected, "*/*"), pair(expected, "*/*"), pair("mine/1", "text/csv")]);
        let plan = keyway.plan(&key(), &get("/things")).await.unwrap();
        assert!(plan.headers.iter().any(|header| header.name == "user-agent" && header.value.expose() == expected));
    }
}

#[tokio::test]
async fn token_requests_carry_it_too_and_say_their_length() {
    let mock = Mock::start(wants_a_name).await;
    let credentials = Credentials::submitted(
        [("client_id", "id"), ("client_secret", "secret")].map(|(name, value)| (name.to_owned(), value.into())).into(),
    );
    connected(client_credentials(mock.address), Some("acme-sync/2"), credentials).await;
    let asked = &mock.seen_at("/token")[0];
    assert_eq!(asked.header("user-agent"), "acme-sync/2");
    assert_eq!(asked.header("content-length"), asked.body.len().to_string());
}

#[test]
fn a_name_that_no_header_can_hold_is_refused() {
    for name in ["", " ", "a\r\nx: y", "café/1", "a\0"] {
        let error = Keyway::builder().user_agent(name).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidValue, "{name:?}");
    }
}

#[cfg(feature = "testing")]
#[tokio::test]
async fn a_recorded_exchange_can_expect_it() {
    use keyway::testing::{Recorded, get as expected};
    let api = Recorded::new([expected("https://api.acme.example/x").header("user-agent", OWN).header("accept", "*/*")]);
    let spec: &'static ProviderSpec = Box::leak(Box::new(ProviderSpec {
        key: "acme",
        proxy: Some(Proxy { base_url: Template::Text("https://api.acme.example"), ..Proxy::EMPTY }),
        hosts: keyway_spec::Hosts {
            api: keyway_spec::HostSet::Fixed(&["api.acme.example"]),
            ..keyway_spec::Hosts::EMPTY
        },
        ..ProviderSpec::EMPTY
    }));
    let record = IntegrationRecord::without_scopes("acme", "acme");
    let builder = Keyway::builder().catalogue([spec].into_iter().collect::<Catalogue>()).integration_record(record);
    let keyway = builder.transport(api.clone()).build().unwrap();
    let none = (keyway::connection::ConfigMap::new(), serde_json::Map::new());
    keyway.import(key(), none.0, none.1, Credentials::default(), Trust::User).await.unwrap();
    keyway.send(&key(), get("/x"), None).await.unwrap();
    api.finish().unwrap();
}
