//! APIs whose base URL and key placement the operator chooses on the integration.
#![allow(clippy::unwrap_used)] // a test: what cannot be built should stop it

mod support;

use keyway::credentials::Credentials;
use keyway::fields::Trust;
use keyway::integration::IntegrationRecord;
use keyway::mask::{mask, reveal};
use keyway::{Catalogue, ConnectionKey, EgressPolicy, ErrorKind, Keyway, Secret};
use keyway_spec::field::VisibleWhen;
use keyway_spec::{Auth, Field, HostSet, Hosts, ProviderSpec, Proxy, Template};
use std::collections::BTreeMap;
use support::{Mock, get, reply};

/// An API that is not known beforehand.
static GENERIC: ProviderSpec = ProviderSpec {
    key: "generic",
    auth: Auth::ApiKey,
    integration_config: &[
        Field {
            name: "keyPlacement",
            choices: &["header", "query"],
            default_value: Some("header"),
            optional: true,
            ..Field::EMPTY
        },
        Field { name: "keyName", optional: true, ..Field::EMPTY },
        Field {
            name: "valueTemplate",
            default_value: Some("${apiKey}"),
            pattern: Some(r"\$\{apiKey\}"),
            optional: true,
            visible_when: Some(VisibleWhen { field: "keyPlacement", equals: "header" }),
            ..Field::EMPTY
        },
        Field { name: "baseUrl", pattern: Some("^https?://"), optional: true, ..Field::EMPTY },
    ],
    proxy: Some(Proxy { base_url: Template::Text("https://placeholder.example/v0/"), ..Proxy::EMPTY }),
    hosts: Hosts { api: HostSet::Fixed(&["placeholder.example"]), ..Hosts::EMPTY },
    ..ProviderSpec::EMPTY
};

fn key() -> ConnectionKey {
    ConnectionKey::new("generic", "user-1")
}

async fn connected(custom: &[(&str, &str)]) -> keyway::Result<Keyway> {
    let custom = custom.iter().map(|(name, value)| ((*name).to_owned(), Secret::from(*value))).collect();
    let keyway = Keyway::builder()
        .catalogue([&GENERIC].into_iter().collect::<Catalogue>())
        .egress(EgressPolicy::default().allow_private(true).allow_http(true))
        .build()?;
    let record = IntegrationRecord::without_scopes("", "generic").custom(custom);
    keyway.create_integration(record).await?;
    let credentials = Credentials::api_key("k3y canary");
    keyway.import(key(), BTreeMap::new(), serde_json::Map::new(), credentials, Trust::User).await?;
    Ok(keyway)
}

#[tokio::test]
async fn the_operator_says_where_the_api_is_and_where_the_key_goes() {
    for (custom, expected) in [
        (&[("keyName", "X-Api-Key")] as &[_], "https://placeholder.example/v0/things?a=1 x-api-key: k3y canary"),
        (
            &[("keyName", "Authorization"), ("valueTemplate", "Api-Key ${apiKey};${apiKey}")],
            "https://placeholder.example/v0/things?a=1 authorization: Api-Key k3y canary;k3y canary",
        ),
        (
            &[("keyName", "token"), ("keyPlacement", "query"), ("baseUrl", "https://api.own.example/v2/")],
            "https://api.own.example/v2/things?a=1&token=k3y+canary",
        ),
        (&[("baseUrl", "https://api.own.example")], "https://placeholder.example/v0/things?a=1"),
    ] {
        let keyway = connected(custom).await.unwrap();
        let plan = keyway.plan(&key(), &get("/things?a=1")).await.unwrap();
        let shown = reveal(&plan);
        let headers = shown
            .headers
            .iter()
            .filter(|(name, _)| !["user-agent", "accept"].contains(&name.as_str()))
            .map(|(name, value)| format!(" {name}: {value}"));
        assert_eq!(format!("{}{}", shown.url, headers.collect::<String>()), expected);
        let masked = mask(&plan, [&Secret::from("k3y canary")]);
        assert!(!format!("{masked:?} {plan:?}").contains("canary"), "{masked:?}");
        let own = plan.headers.iter().filter(|header| !["user-agent", "accept"].contains(&&*header.name));
        assert!(own.into_iter().all(|header| header.injected));
    }
}

#[tokio::test]
async fn what_the_operator_may_not_choose_is_refused() {
    for custom in [
        &[("keyName", "x"), ("keyPlacement", "cookie")] as &[_],
        &[("keyName", "x"), ("valueTemplate", "no placeholder")],
        &[("keyName", "x"), ("baseUrl", "ftp://files.example")],
    ] {
        let error = connected(custom).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidValue, "{custom:?}: {error}");
    }
    for custom in [
        &[("keyName", "not a header")] as &[_],
        &[("keyName", "x"), ("valueTemplate", "${apiKey} ${client_secret}")],
        &[("keyName", "x"), ("baseUrl", "https://user:pass@own.example")],
        &[("keyName", "x"), ("baseUrl", "https://own.example/?a=1")],
    ] {
        let keyway = connected(custom).await.unwrap();
        assert!(keyway.plan(&key(), &get("/x")).await.is_err(), "{custom:?}");
    }
}

#[tokio::test]
async fn the_chosen_host_is_in_the_set_and_no_other_joins_it() {
    let mock = Mock::start(|_| reply(200, "here")).await;
    let base = mock.url("/base");
    let keyway = connected(&[("keyName", "x-key"), ("baseUrl", &base)]).await.unwrap();
    assert_eq!(keyway.send(&key(), get("/things"), None).await.unwrap().status(), 200);
    let seen = mock.seen_at("/base/things");
    assert_eq!(seen[0].header("x-key"), "k3y canary");
    let other = Mock::start(|_| reply(200, "there")).await;
    let call = get("/things").base_url_override(other.url(""));
    assert_eq!(keyway.send(&key(), call, None).await.unwrap_err().kind(), ErrorKind::HostNotAllowed);
    // Without a key to place, the base is not the operator's choice and its host does not join.
    let keyway = connected(&[("baseUrl", &base)]).await.unwrap();
    let call = get("/things").base_url_override(base);
    assert_eq!(keyway.send(&key(), call, None).await.unwrap_err().kind(), ErrorKind::HostNotAllowed);
    assert_eq!((mock.seen().len(), other.seen().len()), (1, 0));
}
