//! A credential is proved before it is kept; hooks run around a connection's life.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

mod support;

use keyway::connection::{ConfigMap, Connection};
use keyway::credentials::Credentials;
use keyway::fields::Trust;
use keyway::hooks::{Context, Hook};
use keyway::integration::IntegrationRecord;
use keyway::transport::BoxFuture;
use keyway::{Authorize, Call, Catalogue, ConnectionKey, EgressPolicy, Error, ErrorKind, Keyway, Result};
use keyway_spec::proxy::Verification;
use keyway_spec::{Entry, Node, Position, ProviderSpec, Proxy, Reference, Root, Scripts, Template, Value};
use std::sync::{Arc, Mutex};
use support::{Hand, Mock, api_key, back, keyway, oauth2, reply, template};

const KEY: Node = Node::Reference(Reference { root: Root::Credentials, path: "apiKey", position: Position::Segment });
const DATA: [Entry; 1] = [Entry { name: "ping", value: Value::Bool(true) }];

fn key() -> ConnectionKey {
    ConnectionKey::new("acme", "user-1")
}

/// A provider whose keys are proved by `verification`.
fn proved(mock: &Mock, verification: Verification, scripts: Scripts) -> &'static ProviderSpec {
    let spec = api_key(mock.address);
    let proxy = Proxy { verification: Some(verification), ..spec.proxy.unwrap() };
    Box::leak(Box::new(ProviderSpec { proxy: Some(proxy), scripts, ..*spec }))
}

fn probe(endpoints: &[Template]) -> Verification {
    let endpoints = Box::leak(endpoints.to_vec().into_boxed_slice());
    Verification { method: "GET", endpoints, base_url_override: None, headers: &[("x-probe", "1")], data: &[] }
}

async fn import(keyway: &Keyway) -> Result<Connection> {
    let credentials = Credentials::api_key("api-canary");
    keyway.import(key(), ConfigMap::new(), serde_json::Map::new(), credentials, Trust::User).await
}

#[tokio::test]
async fn what_the_provider_does_not_confirm_is_not_stored() {
    for (status, message) in [
        (401, "the provider does not accept this credential"),
        (403, "the credential may not read what proves it"),
        (404, "the provider did not confirm the credential"),
        (429, "could not check the credential now"),
        (503, "could not check the credential now"),
    ] {
        let mock = Mock::start(move |_| reply(status, "no: api-canary")).await;
        let keyway = keyway(proved(&mock, probe(&[template("/me")]), Scripts::EMPTY), &Hand::new());
        let error = import(&keyway).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotVerified, "{status}");
        assert!(error.message().contains(message), "{error}");
        assert_eq!(error.evidence().status, Some(status));
        assert!(!format!("{error:?} {error}").contains("canary"), "{error:?}");
        assert_eq!(keyway.fetch(&key()).await.unwrap_err().kind(), ErrorKind::UnknownConnection);
        assert_eq!(mock.seen().len(), 1, "one probe, tried once");
    }
}

/// The claim of `keyway explain inert-verification`.
#[tokio::test]
async fn a_probe_is_sent_also_where_a_flow_has_proved_the_credential() {
    for (status, expected) in [(200, None), (401, Some(ErrorKind::NotVerified))] {
        let mock = Mock::start(move |seen| match seen.path() {
            "/token" => reply(200, r#"{"access_token":"at-canary"}"#),
            _ => reply(status, ""),
        })
        .await;
        let spec = oauth2(mock.address);
        let proxy = Proxy { verification: Some(probe(&[template("/me")])), ..spec.proxy.unwrap() };
        let keyway = keyway(Box::leak(Box::new(ProviderSpec { proxy: Some(proxy), ..*spec })), &Hand::new());
        let request = Authorize::new(key(), "https://app.test/callback");
        let started = keyway.authorize(request).await.unwrap();
        let came_back = back(&started, &format!("state={}&code=c", started.state.expose()));
        let finished = keyway.finish(&came_back, started.binding.expose()).await;
        assert_eq!(finished.err().map(|error| error.kind()), expected, "{status}");
        assert_eq!(mock.seen_at("/api/me").len(), 1, "{status}");
    }
}

#[tokio::test]
async fn one_endpoint_that_confirms_is_enough_and_the_rest_is_not_asked() {
    let mock = Mock::start(|seen| if seen.path().ends_with("/two") { reply(204, "") } else { reply(404, "") }).await;
    let endpoints = [template("/one"), template("two"), template("/three")];
    let keyway = keyway(proved(&mock, probe(&endpoints), Scripts::EMPTY), &Hand::new());
    import(&keyway).await.unwrap();
    let asked: Vec<String> = mock.seen().iter().map(|seen| seen.path().to_owned()).collect();
    assert_eq!(asked, ["/api/one", "/api/two"]);
    assert!(mock.seen().iter().all(|seen| seen.header("x-probe") == "1" && seen.header("x-api-key") == "api-canary"));
}

#[tokio::test]
async fn a_probe_may_post_and_may_hold_the_credential_in_its_path() {
    let mock = Mock::start(|_| reply(200, "{}")).await;
    let endpoint = Template::Nodes(&[Node::Text("/keys/"), KEY]);
    let rule = Verification { method: "POST", data: &DATA, ..probe(&[endpoint]) };
    import(&keyway(proved(&mock, rule, Scripts::EMPTY), &Hand::new())).await.unwrap();
    let seen = &mock.seen()[0];
    assert_eq!(
        (seen.method.as_str(), seen.path(), seen.body.as_str()),
        ("POST", "/api/keys/api-canary", r#"{"ping":true}"#)
    );
}

#[tokio::test]
async fn a_probe_goes_nowhere_else_than_a_call() {
    let mock = Mock::start(|_| reply(200, "{}")).await;
    let rule =
        Verification { base_url_override: Some(template("https://elsewhere.test")), ..probe(&[template("/me")]) };
    let error = import(&keyway(proved(&mock, rule, Scripts::EMPTY), &Hand::new())).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::HostNotAllowed);
    assert!(mock.seen().is_empty());
}

#[tokio::test]
async fn an_unreachable_provider_is_told_from_a_wrong_credential() {
    let mock = Mock::start(|_| reply(200, "{}")).await;
    let rule = probe(&[template("/me")]);
    let spec = proved(&mock, rule, Scripts::EMPTY);
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let proxy = Proxy { base_url: template(format!("http://{nobody}")), ..spec.proxy.unwrap() };
    let spec = ProviderSpec { proxy: Some(proxy), hosts: api_key(nobody).hosts, ..*spec };
    let keyway = keyway(Box::leak(Box::new(spec)), &Hand::new());
    let error = import(&keyway).await.unwrap_err();
    assert_eq!((error.kind(), error.evidence().sent), (ErrorKind::Unreachable, Some(false)));
}

#[tokio::test]
async fn an_operator_may_take_a_credential_at_its_word() {
    let mock = Mock::start(|_| reply(401, "")).await;
    let keyway = keyway(proved(&mock, probe(&[template("/me")]), Scripts::EMPTY), &Hand::new());
    let credentials = Credentials::api_key("api-canary");
    keyway.import_unverified(key(), ConfigMap::new(), serde_json::Map::new(), credentials).await.unwrap();
    assert!(mock.seen().is_empty());
    keyway.fetch(&key()).await.unwrap();
}

/// A hook that asks one endpoint, notes that it ran, and gives back what it was told to.
#[derive(Clone, Debug)]
struct Asks {
    endpoint: &'static str,
    learns: Option<(&'static str, &'static str)>,
    ran: Arc<Mutex<Vec<u16>>>,
}

impl Hook for Asks {
    fn run<'a>(&'a self, context: &'a Context) -> BoxFuture<'a, Result<ConfigMap>> {
        Box::pin(async move {
            let call = Call::get(self.endpoint);
            let status = context.send(&call).await?.status().as_u16();
            self.ran.lock().unwrap().push(status);
            if status != 200 {
                return Err(Error::new(ErrorKind::NotVerified, "the hook says no").sent(true));
            }
            Ok(self.learns.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
        })
    }
}

fn asks(endpoint: &'static str, learns: Option<(&'static str, &'static str)>) -> Asks {
    Asks { endpoint, learns, ran: Arc::default() }
}

fn with_hooks(spec: &'static ProviderSpec, hooks: &[(&str, &Asks)]) -> Keyway {
    let record = IntegrationRecord::without_scopes("acme", spec.key);
    let builder = Keyway::builder()
        .catalogue([spec].into_iter().collect::<Catalogue>())
        .egress(EgressPolicy::default().allow_private(true).allow_http(true))
        .integration_record(record);
    let builder = hooks.iter().fold(builder, |builder, (name, hook)| builder.hook(*name, (*hook).clone()));
    builder.build().unwrap()
}

#[tokio::test]
async fn a_verification_hook_stands_in_the_place_of_the_probe() {
    let mock = Mock::start(|seen| reply(if seen.path() == "/api/good" { 200 } else { 401 }, "")).await;
    let scripts = Scripts { credentials_verification: Some("proves"), ..Scripts::EMPTY };
    let spec = proved(&mock, probe(&[template("/me")]), scripts);
    let (good, bad) = (asks("/good", None), asks("/bad", None));
    import(&with_hooks(spec, &[("proves", &good)])).await.unwrap();
    assert_eq!(*good.ran.lock().unwrap(), [200]);
    let error = import(&with_hooks(spec, &[("proves", &bad)])).await.unwrap_err();
    assert_eq!(error.message(), "the hook says no");
    // Where no code has the name, the probe decides.
    assert_eq!(import(&with_hooks(spec, &[])).await.unwrap_err().kind(), ErrorKind::NotVerified);
    let asked: Vec<String> = mock.seen().iter().map(|seen| seen.path().to_owned()).collect();
    assert_eq!(asked, ["/api/good", "/api/bad", "/api/me"]);
}

#[tokio::test]
async fn what_a_hook_learns_after_the_connection_was_made_is_kept_and_its_failure_undoes_nothing() {
    let mock = Mock::start(|seen| reply(if seen.path() == "/api/bad" { 500 } else { 200 }, "")).await;
    let scripts = Scripts { post_connection: Some("completes"), ..Scripts::EMPTY };
    let spec = Box::leak(Box::new(ProviderSpec { scripts, ..*api_key(mock.address) }));
    for (hook, expected) in [(asks("/account", Some(("account", "a-1"))), Some("a-1")), (asks("/bad", None), None)] {
        let keyway = with_hooks(spec, &[("completes", &hook)]);
        assert_eq!(import(&keyway).await.unwrap().config.get("account").map(String::as_str), expected);
        assert_eq!(keyway.fetch(&key()).await.unwrap().config.get("account").map(String::as_str), expected);
        assert_eq!(hook.ran.lock().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_deletion_hook_runs_with_the_credentials_and_cannot_prevent_the_deletion() {
    let mock = Mock::start(|_| reply(500, "")).await;
    let scripts = Scripts { pre_connection_deletion: Some("revokes"), ..Scripts::EMPTY };
    let spec = Box::leak(Box::new(ProviderSpec { scripts, ..*api_key(mock.address) }));
    let hook = asks("/revoke", None);
    let keyway = with_hooks(spec, &[("revokes", &hook)]);
    import(&keyway).await.unwrap();
    assert!(keyway.delete_connection(&key()).await.unwrap());
    assert_eq!(mock.seen()[0].header("x-api-key"), "api-canary");
    assert_eq!(keyway.fetch(&key()).await.unwrap_err().kind(), ErrorKind::UnknownConnection);
    assert!(!keyway.delete_connection(&key()).await.unwrap());
    assert_eq!(hook.ran.lock().unwrap().len(), 1);
}
