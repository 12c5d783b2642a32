//! Client credentials with a certificate (RFC 8705): shown to the token endpoint and with every call, and to no other
//! host.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

#[path = "tls/server.rs"]
mod server;
mod support;

use keyway::ConnectionQuery;
use keyway::connection::ConfigMap;
use keyway::fields::Trust;
use keyway::integration::IntegrationRecord;
use keyway::{Catalogue, ConnectionKey, Credentials, EgressPolicy, ErrorKind, Keyway, Secret};
use keyway_spec::auth::{ClientCredentials, TokenEndpoint};
use keyway_spec::{Auth, HostSet, Hosts, ProviderSpec, Proxy};
use serde_json::Map;
use server::{Server, file, trusting};
use std::sync::atomic::Ordering;
use support::{Hand, get, template};

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "c")
}

fn keyway(port: u16, clock: &Hand) -> Keyway {
    let host: &'static str = Box::leak(format!("localhost:{port}").into_boxed_str());
    let hosts = HostSet::Fixed(Vec::leak(vec![host]));
    let url = |path: &str| template(format!("https://localhost:{port}{path}"));
    let token = TokenEndpoint { url: url("/token"), ..TokenEndpoint::EMPTY };
    let spec: &'static _ = Box::leak(Box::new(ProviderSpec {
        key: "certified",
        auth: Auth::OAuth2ClientCredentials(ClientCredentials {
            token,
            scope_separator: " ",
            expires_in_milliseconds: false,
            client_certificate: true,
        }),
        proxy: Some(Proxy { base_url: url("/api"), ..Proxy::EMPTY }),
        hosts: Hosts { token: hosts, api: hosts, ..Hosts::EMPTY },
        ..ProviderSpec::EMPTY
    }));
    let record = IntegrationRecord::without_scopes("acme", "certified");
    Keyway::builder()
        .catalogue([spec].into_iter().collect::<Catalogue>())
        .clock(clock.clone())
        .transport(trusting())
        .egress(EgressPolicy::default().allow_private(true))
        .integration_record(record)
        .build()
        .unwrap()
}

async fn connect(keyway: &Keyway, certificate: &str, private_key: &str) -> keyway::Result<()> {
    let inputs = [("client_id", "cid"), ("client_certificate", certificate), ("client_private_key", private_key)];
    let inputs = inputs.map(|(name, value)| (name.to_owned(), Secret::from(value))).into();
    let credentials = Credentials::submitted(inputs);
    keyway.import(key(), ConfigMap::new(), Map::new(), credentials, Trust::User).await.map(|_| ())
}

async fn call(keyway: &Keyway, endpoint: &str) -> keyway::Result<String> {
    let response = keyway.send(&key(), get(endpoint), None).await?;
    let body = response.into_body().collect(100).await?;
    Ok(String::from_utf8_lossy(&body).into_owned())
}

#[tokio::test]
async fn the_token_endpoint_and_every_call_see_the_certificate() {
    let server = Server::start(file!("server"), file!("server.key"), true).await;
    let clock = Hand::new();
    let keyway = keyway(server.port, &clock);
    connect(&keyway, file!("client"), file!("client.key")).await.unwrap();
    assert_eq!(call(&keyway, "/items").await.unwrap(), "1");
    clock.advance(3600);
    assert_eq!(call(&keyway, "/items").await.unwrap(), "1");
    let seen: Vec<_> =
        server.seen().into_iter().map(|seen| (seen.path, seen.certificates, seen.authorization)).collect();
    let (token, items) = ("/token".to_owned(), "/api/items".to_owned());
    let (none, bearer) = (String::new(), "Bearer for-1".to_owned());
    let round = [(token, 1, none), (items, 1, bearer)];
    assert_eq!(seen, [round.clone(), round].concat());
}

#[tokio::test]
async fn a_certificate_that_the_endpoint_does_not_know_connects_nobody() {
    let server = Server::start(file!("server"), file!("server.key"), true).await;
    let keyway = keyway(server.port, &Hand::new());
    let error = connect(&keyway, file!("other-client"), file!("other-client.key")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreachable, "{error}");
    assert!(server.seen().is_empty() && keyway.list_connections(ConnectionQuery::first(1)).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_redirect_inside_shows_the_certificate_and_outside_does_not() {
    let server = Server::start(file!("server"), file!("server.key"), true).await;
    // It would welcome the certificate.
    let eager = Server::start(file!("server"), file!("server.key"), true).await;
    let indifferent = Server::start(file!("server"), file!("server.key"), false).await;
    let keyway = keyway(server.port, &Hand::new());
    connect(&keyway, file!("client"), file!("client.key")).await.unwrap();
    assert_eq!(call(&keyway, "/moved?/api/there").await.unwrap(), "1");
    let outside = |server: &Server| format!("/moved?https://localhost:{}/there", server.port);
    assert_eq!(call(&keyway, &outside(&indifferent)).await.unwrap(), "0");
    assert_eq!(indifferent.seen()[0].authorization, "");
    call(&keyway, &outside(&eager)).await.unwrap_err();
    assert_eq!((eager.connections.load(Ordering::SeqCst), eager.seen()), (0, Vec::new()));
}
