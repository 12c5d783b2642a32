//! The two halves as a table: which request comes when, and what a renewal keeps.

use super::*;
use crate::auth::exchange::{FlowState, Returned};
use crate::clock::Moment;
use crate::connection::ConfigMap;
use crate::error::ErrorKind;
use keyway_spec::auth::TokenEndpoint;
use keyway_spec::{ProviderSpec, Template};

const KEY: &str = include_str!("../../../tests/keys/rsa.pkcs8.pem");
const NOW: i64 = 1_767_323_045;
const MODE: Custom = Custom {
    authorization: Authorization { url: Some(Template::Text("https://acme.test/app/new")), ..Authorization::EMPTY },
    token: TokenEndpoint { url: Template::Text("https://acme.test/user"), ..TokenEndpoint::EMPTY },
    app_token_url: Template::Text("https://acme.test/installation"),
};
const APP: &str = r#"{"token":"inst","expires_at":"2026-01-02T04:04:05Z"}"#;
const USER: &str = r#"{"access_token":"user","refresh_token":"user-r2","expires_in":28800}"#;

fn integration() -> IntegrationRecord {
    let custom = [("app_id", "42"), ("private_key", KEY)].map(|(name, value)| (name.to_owned(), Secret::new(value)));
    IntegrationRecord {
        key: "acme".to_owned(),
        client_id: Some("client".to_owned()),
        client_secret: Some("shh".into()),
        custom: custom.into(),
        app_link: Some("https://acme.test/app".to_owned()),
        ..IntegrationRecord::default()
    }
}

fn stored(expires_in: i64) -> Credentials {
    let expiry = at(NOW + expires_in).to_string();
    let obtained = [(USER_TOKEN, "user-1"), (USER_REFRESH, "user-r1"), (USER_EXPIRY, expiry.as_str())];
    let obtained = obtained.map(|(name, value)| (name.to_owned(), Secret::new(value)));
    Credentials { obtained: obtained.into(), ..Credentials::default() }
}

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

fn answers(bodies: &[&str]) -> Vec<Answer> {
    let answer = |body: &&str| Answer {
        status: 200,
        headers: http::HeaderMap::new(),
        body: (*body).into(),
        received: at(NOW),
        secrets: Vec::new(),
        kept: false,
    };
    bodies.iter().map(answer).collect()
}

fn run(query: Option<&str>, credentials: &Credentials, bodies: &[&str]) -> Result<Step<Granted>> {
    let callback = Callback::parse(query.unwrap_or_default());
    let (verifier, kept) = (Secret::new("verifier"), FlowState::new());
    let returned = Returned { callback: &callback, redirect_uri: "https://r.test", verifier: &verifier, kept: &kept };
    let grant = if query.is_some() { Grant::Returned(returned) } else { Grant::Renewal };
    let moment = Moment { now: at(NOW), uuid: String::new() };
    let inputs = Inputs {
        spec: &ProviderSpec { key: "acme", ..ProviderSpec::EMPTY },
        integration: &integration(),
        config: &ConfigMap::new(),
        connection_id: "c",
        metadata: &serde_json::Map::new(),
        credentials,
        moment: &moment,
    };
    step(&inputs, &MODE, grant, &answers(bodies))
}

/// The path of the next request and its body, or the token and the values stored with it.
fn shown(step: Result<Step<Granted>>) -> String {
    match step {
        Ok(Step::Send(request)) => format!("{} {}", request.url.0.path(), request.body.expose()),
        Ok(Step::Done(granted)) => {
            let kept = granted.obtained.iter().map(|(name, value)| format!(" {name}={}", value.expose()));
            granted.token.unwrap().access.expose().to_owned() + &kept.collect::<String>()
        }
        Err(error) => format!("error: {error}"),
    }
}

#[test]
fn a_flow_gets_the_users_token_and_then_the_installations() {
    let none = Credentials::default();
    let both = Some("code=c&installation_id=7&setup_action=install");
    let user = "/user grant_type=authorization_code&code=c&redirect_uri=https%3A%2F%2Fr.test\
                &client_id=client&client_secret=shh";
    let done = "inst user_access_token=user user_expires_at=2026-01-02T11:04:05Z user_refresh_token=user-r2";
    for (query, bodies, expected) in [
        (both, &[][..], user),
        (both, &[USER], "/installation {}"),
        (both, &[USER, APP], done),
        (Some("installation_id=7&setup_action=update"), &[], "/installation {}"),
        (Some("installation_id=7&setup_action=update"), &[APP], "inst"),
        (both, &[r#"{"error":"bad_verification_code"}"#], "error: the token endpoint answered without a token"),
        (Some("code=c"), &[], "error: the callback names no installation"),
        (Some("code=c&setup_action=request"), &[], "error: the installation was requested"),
        (Some("installation_id=7"), &[], "error: the authorization server sent neither `code` nor an error"),
    ] {
        let found = shown(run(query, &none, bodies));
        assert!(found.starts_with(expected), "{query:?} {}: {found}", bodies.len());
    }
}

#[test]
fn a_renewal_sends_the_users_refresh_token_only_when_the_users_token_is_about_to_die() {
    let refresh = "/user grant_type=refresh_token&refresh_token=user-r1&client_id=client&client_secret=shh";
    let renewed = "inst user_access_token=user user_expires_at=2026-01-02T11:04:05Z user_refresh_token=user-r2";
    for (expires_in, bodies, expected) in [
        (7200, &[][..], "/installation {}"),
        (7200, &[APP], "inst"),
        (7199, &[APP], refresh),
        (7199, &[APP, USER], renewed),
        (7199, &[APP, r#"{"error":"bad_refresh_token"}"#], "inst"),
        (7199, &[r#"{"message":"gone"}"#], "error: the token endpoint answered without a token"),
    ] {
        let found = shown(run(None, &stored(expires_in), bodies));
        assert!(found.starts_with(expected) && (expected != "inst" || found == "inst"), "{expires_in}: {found}");
    }
    for (expires_in, due) in [(7200, false), (7199, true), (-5, true)] {
        assert_eq!(user_is_due(&stored(expires_in), at(NOW)), due, "{expires_in}");
    }
    assert!(!user_is_due(&Credentials::default(), at(NOW)));
}

#[test]
fn the_apps_own_settings_are_named_when_they_lack() {
    let broken = IntegrationRecord { custom: BTreeMap::new(), ..integration() };
    let error = identity(&broken).err().unwrap();
    assert_eq!(error.kind(), ErrorKind::MissingValue);
    assert!(error.message().contains("`custom.app_id`"), "{error}");
}
