//! Calls of the typed layer, over a transport that answers by itself: pages as types, forms, errors with their
//! evidence.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

#[path = "support/vendor.rs"]
mod vendor;

use http::{Request, Response};
use keyway::client::Client;
use keyway::egress::Egress;
use keyway::provider::NoConfig;
use keyway::transport::{Body, BoxFuture, Transport};
use keyway::{ConfigKey, ErrorKind, Integration, Keyway, Provider};
use keyway_spec::proxy::Verification;
use keyway_spec::{Field, ProviderSpec, Proxy, Template};
use serde::Deserialize;
use std::time::Duration;
use vendor::{Key, Vendor};

#[derive(Debug)]
struct Canned;

impl Transport for Canned {
    fn send<'a>(&'a self, request: Request<Body>, _: &'a Egress) -> BoxFuture<'a, keyway::Result<Response<Body>>> {
        Box::pin(async move {
            let target = request.uri().to_string();
            let sent = request.into_body().collect(1000).await?;
            let answer = match target.strip_prefix("https://api.vendor.com").unwrap() {
                "/issues?per_page=2" => Response::builder()
                    .header("link", "<https://api.vendor.com/issues?per_page=2&page=2>; rel=\"next\"")
                    .body(Body::full(r#"[{"number": 1}, {"number": 2}]"#)),
                "/issues?per_page=2&page=2" => Response::builder().body(Body::full(r#"[{"number": 3}]"#)),
                "/odd" => Response::builder().body(Body::full(r#"[{"number": 1}, {"number": "canary"}]"#)),
                "/form" => Response::builder().body(Body::full(sent)),
                _ => Response::builder().status(429).header("retry-after", "3600").body(Body::full("later")),
            };
            Ok(answer.unwrap())
        })
    }
}

#[derive(Debug, Deserialize, PartialEq)]
struct Issue {
    number: u64,
}

async fn client() -> Client<Vendor> {
    vendor::client(Canned).await
}

#[tokio::test]
async fn pages_are_lists_of_the_callers_type() {
    let client = client().await;
    let mut issues = client.get("/issues").pages::<Issue>().limit(2);
    let mut numbers = Vec::new();
    while let Some(page) = issues.next().await.unwrap() {
        numbers.push(page.iter().map(|issue| issue.number).collect::<Vec<_>>());
    }
    assert_eq!(numbers, [vec![1, 2], vec![3]]);
}

#[tokio::test]
async fn an_item_of_another_shape_is_named_by_its_place_alone() {
    let client = client().await;
    let error = client.get(String::from("/odd")).pages::<Issue>().next().await.unwrap_err();
    assert_eq!(error.message(), "[1].number: expected u64, found a string");
    assert!(!format!("{error:?}").contains("canary"));
}

#[tokio::test]
async fn an_integration_asks_for_the_entrys_scopes_unless_it_is_told_which() {
    let new = || keyway::Integration::<Vendor>::new("vendor");
    for (integration, expected) in
        [(new(), &["read", "write"][..]), (new().scopes(["admin"]), &["admin"]), (new().scopes([""; 0]), &[])]
    {
        let keyway = keyway::Keyway::builder().transport(Canned).integration(integration).build().unwrap();
        assert_eq!(keyway.get_integration("vendor").await.unwrap().scopes, expected);
    }
}

#[tokio::test]
async fn a_form_is_sent_as_one() {
    let text = client().await.post("/form").form([("a", "x y"), ("b", "&")]).text().await.unwrap();
    assert_eq!(text, "a=x+y&b=%26");
}

#[tokio::test]
async fn a_refusal_says_how_long_the_upstream_asked_to_wait() {
    let client = client().await;
    for (retries, wait) in [(0, Some(Duration::from_secs(3600))), (2, Some(Duration::from_secs(3600)))] {
        let error = client.get("/busy").retries(retries).text().await.unwrap_err();
        assert_eq!((error.kind(), error.evidence().status), (ErrorKind::Refused, Some(429)));
        assert_eq!(error.evidence().wait, wait);
    }
}

keyway::__codegen::choices! {
    /// Where the account is.
    pub enum Region {
        Eu = "eu-1",
        Us = "us",
    }
}

/// A vendor whose users may say where, and give the account a name.
struct Placed;

impl Provider for Placed {
    const SPEC: &'static ProviderSpec = &ProviderSpec {
        connection_config: &[
            Field { name: "region", optional: true, choices: &["eu-1", "us"], ..Field::EMPTY },
            Field { name: "label", optional: true, ..Field::EMPTY },
        ],
        ..*Vendor::SPEC
    };
    type Auth = <Vendor as Provider>::Auth;
    type Config = <Vendor as Provider>::Config;
    type Credentials = <Vendor as Provider>::Credentials;
}

#[tokio::test]
async fn a_key_takes_what_its_values_are() {
    const REGION: ConfigKey<Placed, Region> = ConfigKey::new("region");
    const LABEL: ConfigKey<Placed> = ConfigKey::new("label");
    let keyway = Keyway::builder().transport(Canned).integration(Integration::<Placed>::new("vendor")).build().unwrap();
    let vendor = keyway.integration::<Placed>("vendor").unwrap();
    let connect = || vendor.connect("user-1", NoConfig {}, Key("k".into())).set(REGION, Region::Us);
    for connecting in [connect().set(LABEL, "mine"), connect().set(LABEL, String::from("mine"))] {
        let connection = connecting.import().await.unwrap();
        let config = connection.config.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        assert_eq!(config.collect::<Vec<_>>(), [("label", "mine"), ("region", "us")]);
    }
}

/// A vendor that can be asked whether a key holds.
struct Asked;

impl Provider for Asked {
    const SPEC: &'static ProviderSpec = &ProviderSpec {
        proxy: Some(Proxy {
            base_url: Template::Text("https://api.vendor.com"),
            verification: Some(Verification { endpoints: &[Template::Text("/refused")], ..Verification::EMPTY }),
            ..Proxy::EMPTY
        }),
        ..*Vendor::SPEC
    };
    type Auth = <Vendor as Provider>::Auth;
    type Config = <Vendor as Provider>::Config;
    type Credentials = <Vendor as Provider>::Credentials;
}

#[tokio::test]
async fn a_key_that_the_vendor_refuses_is_stored_only_where_nobody_asks() {
    let keyway = Keyway::builder().transport(Canned).integration(Integration::<Asked>::new("vendor")).build().unwrap();
    let vendor = keyway.integration::<Asked>("vendor").unwrap();
    let connect = || vendor.connect("user-1", NoConfig {}, Key("k".into()));
    assert!(connect().import().await.is_err());
    assert!(vendor.client("user-1").await.is_err(), "nothing was stored");
    connect().import_unverified().await.unwrap();
    assert!(vendor.client("user-1").await.is_ok());
}
