//! Where customers name a part of the host, a credential goes to the connection's own host: not to another customer's,
//! whether the call or the upstream names it.

#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

use keyway::connection::ConnectionKey;
use keyway::credentials::Credentials;
use keyway::egress::Egress;
use keyway::fields::Trust;
use keyway::integration::IntegrationRecord;
use keyway::transport::{Body, BoxFuture, Transport};
use keyway::{Call, Catalogue, EgressPolicy, ErrorKind, Keyway, Result};
use keyway_spec::{
    Auth, Field, HostClass, HostSet, Hosts, Node, Position, ProviderSpec, Proxy, Reference, Root, Template,
    Verification,
};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

const KEY: Node = Node::Reference(Reference { root: Root::Credentials, path: "apiKey", position: Position::Text });
const TENANT: Node =
    Node::Reference(Reference { root: Root::ConnectionConfig, path: "tenant", position: Position::HostLabel });

/// `https://<tenant>.vendor.com`, with a second host of the tenant's for the probe.
const SPEC: ProviderSpec = ProviderSpec {
    key: "vendor",
    auth: Auth::ApiKey,
    connection_config: &[Field { name: "tenant", ..Field::EMPTY }],
    proxy: Some(Proxy {
        base_url: Template::Nodes(&[Node::Text("https://"), TENANT, Node::Text(".vendor.com")]),
        headers: &[("x-key", Template::Nodes(&[KEY]))],
        verification: Some(Verification {
            method: "GET",
            endpoints: &[Template::Nodes(&[Node::Text("/probe")])],
            base_url_override: Some(Template::Nodes(&[Node::Text("https://"), TENANT, Node::Text("-id.vendor.com")])),
            headers: &[],
            data: &[],
        }),
        ..Proxy::EMPTY
    }),
    hosts: Hosts { api: HostSet::new(HostClass::Confined, &["*.vendor.com", "files.vendor.com"]), ..Hosts::EMPTY },
    ..ProviderSpec::EMPTY
};

/// Answers `/to/<host>` with a redirect there, and anything else with 200; notes who was asked with which key.
#[derive(Clone, Debug, Default)]
struct Vendor(Arc<Mutex<Vec<(String, String)>>>);

impl Transport for Vendor {
    fn send<'a>(
        &'a self,
        request: http::Request<Body>,
        egress: &'a Egress,
    ) -> BoxFuture<'a, Result<http::Response<Body>>> {
        Box::pin(async move {
            egress.check_url(&request.uri().to_string().parse().unwrap())?;
            let host = request.uri().host().unwrap().to_owned();
            let key = request.headers().get("x-key").map_or("", |value| value.to_str().unwrap()).to_owned();
            self.0.lock().unwrap().push((host, key));
            let response = http::Response::builder();
            Ok(match request.uri().path().strip_prefix("/to/") {
                Some(host) => response.status(307).header("location", format!("https://{host}/there")),
                None => response.status(200),
            }
            .body(Body::full("there"))
            .unwrap())
        })
    }
}

fn key() -> ConnectionKey {
    ConnectionKey::new("vendor", "acme")
}

async fn connected(vendor: &Vendor, allowed_hosts: &[&str]) -> Keyway {
    let record = IntegrationRecord::without_scopes("vendor", "vendor").allowed_hosts(allowed_hosts.iter().copied());
    let keyway = Keyway::builder()
        .catalogue([&SPEC].into_iter().collect::<Catalogue>())
        .egress(EgressPolicy::default())
        .transport(vendor.clone())
        .integration_record(record)
        .build()
        .unwrap();
    let config = BTreeMap::from([("tenant".to_owned(), "acme".to_owned())]);
    let credentials = Credentials::api_key("key-canary");
    keyway.import_unverified(key(), config, serde_json::Map::new(), credentials).await.unwrap();
    keyway
}

#[tokio::test]
async fn a_redirect_to_another_customer_carries_nothing() {
    for (listed, to, carried) in [
        (&[][..], "acme.vendor.com", "key-canary"),
        (&[], "files.vendor.com", "key-canary"),
        (&[], "mallory.vendor.com", ""),
        (&[], "acme.mallory.vendor.com", ""),
        (&[], "mallory.net", ""),
        (&["mallory.vendor.com"], "mallory.vendor.com", "key-canary"),
        (&["*.vendor.com"], "mallory.vendor.com", "key-canary"),
    ] {
        let vendor = Vendor::default();
        let keyway = connected(&vendor, listed).await;
        let call = Call::get(format!("/to/{to}"));
        let response = keyway.send(&key(), call, None).await.unwrap();
        let seen = vendor.0.lock().unwrap().clone();
        let expected = [("acme.vendor.com", "key-canary"), (to, carried)];
        assert_eq!(
            (response.status().as_u16(), seen),
            (200, expected.map(|(a, b)| (a.to_owned(), b.to_owned())).into())
        );
        // What carries a body is not followed away, so nothing of it is repeated there.
        let post =
            Call::new(http::Method::POST, format!("/to/{to}")).body(keyway::CallBody::Bytes("body-canary".into()));
        let status = keyway.send(&key(), post, None).await.unwrap().status().as_u16();
        assert_eq!(status, if carried.is_empty() { 307 } else { 200 }, "{listed:?} {to}");
    }
}

#[tokio::test]
async fn an_override_does_not_lead_to_another_customer() {
    for (listed, base, allowed) in [
        (&[][..], "https://acme.vendor.com/v2", true),
        (&[], "https://files.vendor.com", true),
        (&[], "https://acme-id.vendor.com", true),
        (&[], "https://mallory.vendor.com", false),
        (&[], "https://acme.vendor.com:8443", false),
        (&["mallory.vendor.com"], "https://mallory.vendor.com", true),
    ] {
        let vendor = Vendor::default();
        let keyway = connected(&vendor, listed).await;
        let call = Call::get("/x").base_url_override(base);
        let outcome = keyway.send(&key(), call, None).await.map(|_| ()).map_err(|error| error.kind());
        assert_eq!(outcome, if allowed { Ok(()) } else { Err(ErrorKind::HostNotAllowed) }, "{listed:?} {base}");
        assert_eq!(vendor.0.lock().unwrap().len(), usize::from(allowed), "{base}");
    }
}

#[tokio::test]
async fn the_probe_of_an_entry_goes_to_the_customers_other_host() {
    let vendor = Vendor::default();
    let keyway = connected(&vendor, &[]).await;
    let config = BTreeMap::from([("tenant".to_owned(), "acme".to_owned())]);
    let credentials = Credentials::api_key("key-canary");
    keyway.import(key(), config, serde_json::Map::new(), credentials, Trust::User).await.unwrap();
    assert_eq!(vendor.0.lock().unwrap()[0], ("acme-id.vendor.com".to_owned(), "key-canary".to_owned()));
}
