//! The overrides of one connection: a client, a key, parameters of the authorization request; and where renewals go.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keyway::ConnectionQuery;
use keyway::connection::ConfigMap;
use keyway::credentials::{Credentials, Token};
use keyway::fields::Trust;
use keyway::integration::IntegrationRecord;
use keyway::{Authorize, Catalogue, ConnectionKey, EgressPolicy, ErrorKind, Keyway, Secret};
use keyway_spec::auth::{ClientAuth, ClientCredentials, OAuth2, TokenEndpoint};
use keyway_spec::{Auth, ProviderSpec};
use serde_json::Value;
use std::collections::BTreeMap;
use support::{Hand, Mock, back, client_credentials, keyway, oauth2, reply, template};

const GRANTED: &str = r#"{"access_token":"new","refresh_token":"rotated","expires_in":3600}"#;

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "c")
}

fn request(config: &[(&str, &str)], credentials: &[(&str, &str)]) -> Authorize {
    let pairs = |pairs: &[(&str, &str)]| -> ConfigMap {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    Authorize::new(key(), "https://app.test/callback")
        .config(pairs(config))
        .credentials(pairs(credentials).into_iter().map(|(name, value)| (name, Secret::from(value))).collect())
}

async fn renewed(keyway: &Keyway, clock: &Hand) {
    clock.advance(3600);
    keyway.fetch(&key()).await.unwrap();
}

#[tokio::test]
async fn a_customers_own_client_takes_the_operators_place_from_the_page_to_the_last_refresh() {
    let mock = Mock::start(|_| reply(200, GRANTED)).await;
    let clock = Hand::new();
    let keyway = keyway(oauth2(mock.address), &clock);
    let own = [
        ("oauth_client_id_override", "own"),
        ("oauth_client_secret_override", "own-secret"),
        ("oauth_refresh_token_override", "own-refresh"),
    ];
    let started = keyway.authorize(request(&[], &own)).await.unwrap();
    assert!(started.url.contains("client_id=own&"), "{}", started.url);
    let callback = format!("state={}&code=c", started.state.expose());
    keyway.finish(&back(&started, &callback), started.binding.expose()).await.unwrap();
    renewed(&keyway, &clock).await;
    let forms: Vec<_> = mock.seen_at("/token").iter().map(support::Seen::form).collect();
    assert_eq!(forms.len(), 2);
    for form in &forms {
        assert_eq!((form["client_id"].as_str(), form["client_secret"].as_str()), ("own", "own-secret"));
    }
    assert_eq!(forms[1]["refresh_token"], "own-refresh");
    assert!(!format!("{:?}", mock.seen()).contains("canary"), "the operator's secret was sent");
}

#[tokio::test]
async fn half_a_client_and_fields_of_nobody_are_refused() {
    let mock = Mock::start(|_| reply(200, GRANTED)).await;
    let keyway = keyway(oauth2(mock.address), &Hand::new());
    for (credentials, says) in [
        ([("oauth_client_secret_override", "s")], "oauth_client_id_override"),
        ([("oauth_client_id_override", "")], "empty"),
        ([("access_token", "stolen")], "access_token"),
    ] {
        let error = keyway.authorize(request(&[], &credentials)).await.unwrap_err();
        assert!(error.message().contains(says), "{error}");
    }
    let error = keyway.authorize(request(&[("authorization_params.redirect_uri", "https://evil.test")], &[])).await;
    assert!(error.unwrap_err().message().contains("redirect_uri"));
}

#[tokio::test]
async fn scopes_and_parameters_of_one_flow_stand_in_its_page() {
    let mock = Mock::start(|_| reply(200, GRANTED)).await;
    let keyway = keyway(oauth2(mock.address), &Hand::new());
    let overrides =
        [("oauth_scopes_override", "a,b"), ("user_scope", "chat"), ("authorization_params.prompt", "login")];
    let started = keyway.authorize(request(&overrides, &[])).await.unwrap();
    let query: BTreeMap<String, String> = url::Url::parse(&started.url).unwrap().query_pairs().into_owned().collect();
    assert_eq!([&query["scope"], &query["user_scope"], &query["prompt"]], ["a b", "chat", "login"]);
}

fn imported(refresh: &str, now: i64) -> Credentials {
    let expires_at = Some(keyway::clock::Timestamp::from_second(now).unwrap());
    let token = Token::new("old").refresh(Secret::from(refresh)).expires_at(expires_at);
    Credentials::default().token(token)
}

#[tokio::test]
async fn a_refresh_goes_to_the_endpoint_for_refreshes() {
    let mock = Mock::start(|_| reply(200, GRANTED)).await;
    let base = *oauth2(mock.address);
    let Auth::OAuth2(mode) = base.auth else { unreachable!() };
    let token = TokenEndpoint { refresh_url: Some(template(mock.url("/renew"))), ..mode.token };
    let spec = Box::leak(Box::new(ProviderSpec { auth: Auth::OAuth2(OAuth2 { token, ..mode }), ..base }));
    let keyway = keyway(spec, &Hand::new());
    let credentials = imported("r", 1_600_000_000);
    keyway.import(key(), ConfigMap::new(), serde_json::Map::new(), credentials, Trust::Operator).await.unwrap();
    keyway.fetch(&key()).await.unwrap();
    let paths: Vec<String> = mock.seen().iter().map(|seen| seen.path().to_owned()).collect();
    assert_eq!(paths, ["/renew"]);
}

#[tokio::test]
async fn a_yes_that_cannot_be_read_is_no_refusal() {
    let huge = format!(r#"{{"access_token":"{}"}}"#, "x".repeat(1 << 20));
    for (status, body, unknown, gone) in [
        (200, "<html>welcome</html>", true, false),
        (200, r#"{"token_type":"Bearer"}"#, true, false),
        (200, huge.as_str(), true, false),
        (200, r#"{"error":"invalid_grant"}"#, false, true),
        (200, r#"{"ok":false}"#, false, false),
        (400, "<html>no</html>", false, false),
    ] {
        let answer = body.to_owned();
        let mock = Mock::start(move |_| reply(status, answer.clone())).await;
        let keyway = keyway(oauth2(mock.address), &Hand::new());
        let credentials = imported("r", 1_600_000_000);
        keyway.import(key(), ConfigMap::new(), serde_json::Map::new(), credentials, Trust::Operator).await.unwrap();
        let error = keyway.fetch(&key()).await.unwrap_err();
        let what = body.get(..30).unwrap_or(body);
        assert_eq!(error.to_string().contains("the outcome is unknown"), unknown, "{what}: {error}");
        assert_eq!(error.kind() == ErrorKind::ReconnectNeeded, gone, "{what}: {error}");
        assert_eq!(
            keyway.list_connections(ConnectionQuery::first(1)).await.unwrap()[0].reconnect_needed,
            gone,
            "{what}"
        );
        assert_eq!(mock.seen().len(), if unknown { 2 } else { 1 }, "{what}");
    }
}

#[tokio::test]
async fn a_client_signs_its_assertion_with_the_key_it_has() {
    for (pem, alg) in [
        (include_str!("keys/rsa.pkcs1.pem"), "RS256"),
        (include_str!("keys/p256.sec1.pem"), "ES256"),
        (include_str!("keys/ed25519.pkcs8.pem"), "EdDSA"),
    ] {
        let mock = Mock::start(|_| reply(200, r#"{"access_token":"t"}"#)).await;
        let base = *client_credentials(mock.address);
        let Auth::OAuth2ClientCredentials(mode) = base.auth else { unreachable!() };
        let token = TokenEndpoint { client_auth: ClientAuth::PrivateKeyJwt, ..mode.token };
        let auth = Auth::OAuth2ClientCredentials(ClientCredentials { token, ..mode });
        let keyway = keyway(Box::leak(Box::new(ProviderSpec { auth, ..base })), &Hand::new());
        let inputs = [("client_id", "cid"), ("client_private_key", pem)];
        let inputs = inputs.map(|(name, value)| (name.to_owned(), Secret::from(value)));
        let config = ConfigMap::from([("authorization_params.audience".to_owned(), "api".to_owned())]);
        let credentials = Credentials::submitted(inputs.into());
        keyway.import(key(), config, serde_json::Map::new(), credentials, Trust::User).await.unwrap();
        let form = mock.seen_at("/token")[0].form();
        assert_eq!((form["client_id"].as_str(), form["audience"].as_str()), ("cid", "api"));
        assert!(!form.contains_key("client_secret"));
        let parts = parts(&form["client_assertion"]);
        assert_eq!(parts[0]["alg"], alg);
        assert_eq!((&parts[1]["iss"], &parts[1]["aud"]), (&Value::from("cid"), &Value::from(mock.url("/token"))));
    }
}

/// Header and claims of a JWT, not verified.
fn parts(jwt: &str) -> Vec<Value> {
    let parts = jwt.split('.').take(2);
    parts.map(|part| serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()).collect()
}

#[tokio::test]
async fn the_operators_client_signs_from_the_code_to_the_refresh_and_sends_no_secret() {
    let mock = Mock::start(|_| reply(200, GRANTED)).await;
    let base = *oauth2(mock.address);
    let Auth::OAuth2(mode) = base.auth else { unreachable!() };
    let token = TokenEndpoint { client_auth: ClientAuth::PrivateKeyJwt, ..mode.token };
    let spec: &'static _ = Box::leak(Box::new(ProviderSpec { auth: Auth::OAuth2(OAuth2 { token, ..mode }), ..base }));
    let (clock, pem) = (Hand::new(), include_str!("keys/p256.sec1.pem"));
    let built = |key: &str| {
        let record = IntegrationRecord::without_scopes("acme", "acme").client_id("cid").client_secret(key);
        let builder = Keyway::builder().catalogue([spec].into_iter().collect::<Catalogue>()).clock(clock.clone());
        let policy = EgressPolicy::default().allow_private(true).allow_http(true);
        builder.egress(policy).integration_record(record).build()
    };
    assert_eq!(built("no key").unwrap_err().kind(), ErrorKind::InvalidValue);
    let keyway = built(pem).unwrap();
    let started = keyway.authorize(request(&[], &[])).await.unwrap();
    let query = format!("code=c&state={}", started.state.expose());
    keyway.finish(&back(&started, &query), started.binding.expose()).await.unwrap();
    renewed(&keyway, &clock).await;
    let forms: Vec<_> = mock.seen_at("/token").iter().map(support::Seen::form).collect();
    let grants: Vec<&str> = forms.iter().map(|form| form["grant_type"].as_str()).collect();
    assert_eq!(grants, ["authorization_code", "refresh_token"]);
    for form in &forms {
        assert_eq!((form["client_id"].as_str(), form.get("client_secret")), ("cid", None));
        let [header, claims] = &parts(&form["client_assertion"])[..] else { panic!("{form:?}") };
        assert_eq!((&header["alg"], &claims["sub"]), (&Value::from("ES256"), &Value::from("cid")));
        assert_eq!(claims["aud"], mock.url("/token"));
    }
    assert_ne!(forms[0]["client_assertion"], forms[1]["client_assertion"]);
}

#[tokio::test]
async fn a_key_or_certificate_that_will_not_work_is_refused_when_it_is_submitted() {
    let mock = Mock::start(|_| reply(200, r#"{"access_token":"t"}"#)).await;
    let base = *client_credentials(mock.address);
    let Auth::OAuth2ClientCredentials(mode) = base.auth else { unreachable!() };
    let with_certificate = ClientCredentials { client_certificate: true, ..mode };
    let signing = TokenEndpoint { client_auth: ClientAuth::PrivateKeyJwt, ..mode.token };
    let (certificate, foreign) = (include_str!("tls/client.pem"), include_str!("tls/server.key.pem"));
    for (mode, inputs, says) in [
        (with_certificate, vec![("client_secret", "s")], "client_certificate"),
        (with_certificate, vec![("client_certificate", certificate)], "client_private_key"),
        (
            with_certificate,
            vec![("client_certificate", certificate), ("client_private_key", foreign)],
            "do not belong together",
        ),
        (ClientCredentials { token: signing, ..mode }, vec![("client_private_key", "no key")], "private key"),
    ] {
        let auth = Auth::OAuth2ClientCredentials(mode);
        let keyway = keyway(Box::leak(Box::new(ProviderSpec { auth, ..base })), &Hand::new());
        let inputs = inputs.into_iter().chain([("client_id", "cid")]);
        let inputs = inputs.map(|(name, value)| (name.to_owned(), Secret::from(value))).collect();
        let credentials = Credentials::submitted(inputs);
        let refused = keyway.import(key(), ConfigMap::new(), serde_json::Map::new(), credentials, Trust::User).await;
        let error = refused.unwrap_err();
        assert!(error.message().contains(says), "{says}: {error}");
    }
    assert!(mock.seen().is_empty());
}

#[tokio::test]
async fn an_rsa_key_signs_by_the_algorithm_that_is_named_and_a_refusal_says_which_it_was() {
    let pem = include_str!("keys/rsa.pkcs8.pem");
    for (setting, expected) in [(None, "RS256"), (Some("PS256"), "PS256"), (Some("RS512"), "RS512")] {
        let mock = Mock::start(|_| reply(401, r#"{"error":"invalid_client"}"#)).await;
        let base = *oauth2(mock.address);
        let Auth::OAuth2(mode) = base.auth else { unreachable!() };
        let token = TokenEndpoint { client_auth: ClientAuth::PrivateKeyJwt, ..mode.token };
        let auth = Auth::OAuth2(OAuth2 { token, ..mode });
        let spec: &'static _ = Box::leak(Box::new(ProviderSpec { auth, ..base }));
        let built = |setting: Option<&str>| {
            let record = IntegrationRecord::without_scopes("acme", "acme").client_id("cid").client_secret(pem).custom(
                setting.map(|alg| ("token_endpoint_auth_signing_alg".to_owned(), alg.into())).into_iter().collect(),
            );
            let policy = EgressPolicy::default().allow_private(true).allow_http(true);
            let builder = Keyway::builder().catalogue([spec].into_iter().collect::<Catalogue>()).clock(Hand::new());
            builder.egress(policy).integration_record(record).build()
        };
        for wrong in ["HS256", "none", "ES256"] {
            assert_eq!(built(Some(wrong)).unwrap_err().kind(), ErrorKind::InvalidValue, "{wrong}");
        }
        let keyway = built(setting).unwrap();
        let started = keyway.authorize(request(&[], &[])).await.unwrap();
        let callback = format!("{}?code=c&state={}", started.redirect_uri, started.state.expose());
        let error = keyway.finish(&callback, started.binding.expose()).await.unwrap_err();
        let said = format!("signed by `{expected}`");
        assert!(
            error.message().contains(&said) && error.message().contains("token_endpoint_auth_signing_alg"),
            "{error}"
        );
        assert_eq!(parts(&mock.seen_at("/token")[0].form()["client_assertion"])[0]["alg"], expected);
    }
}
