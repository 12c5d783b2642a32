//! The authorization code flow against a mock authorization server.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

mod support;

use keyway::client::{RedirectUri, WayBack};
use keyway::clock::Clock as _;
#[cfg(feature = "sqlite")]
use keyway::seal::SealingKey;
use keyway::{Authorize, ConnectionKey, ErrorKind, IntegrationRecord, Keyway, Started};
use keyway_spec::auth::{OAuth2, TokenEndpoint};
use keyway_spec::{Auth, Field, HostSet, Hosts, Node, Position, ProviderSpec, Reference, Root, Template};
use std::collections::BTreeMap;
use support::{Hand, Mock, Reply, Seen, back, keyway, oauth2, reply};

const REDIRECT: &str = "https://app.example.com/callback";

/// Answers `code` with a token if the verifier fits the challenge that came with it: the code is the challenge.
fn token_endpoint(seen: &Seen) -> Reply {
    let form = seen.form();
    let verifier = form.get("code_verifier").map_or("", String::as_str);
    let digest = ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes());
    let challenge = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, digest);
    if form.get("code") != Some(&challenge) {
        return reply(400, r#"{"error":"invalid_grant"}"#);
    }
    reply(200, r#"{"access_token":"at-canary","refresh_token":"rt-canary","expires_in":3600,"team":{"id":7}}"#)
}

async fn start(keyway: &Keyway) -> (Started, BTreeMap<String, String>) {
    let request = Authorize::new(ConnectionKey::new("acme", "user-1"), REDIRECT);
    let started = keyway.authorize(request).await.unwrap();
    let url = url::Url::parse(&started.url).unwrap();
    let query = url.query_pairs().into_owned().collect();
    (started, query)
}

#[tokio::test]
async fn a_code_becomes_a_connection_and_the_verifier_fits_the_challenge() {
    let mock = Mock::start(token_endpoint).await;
    let keyway = keyway(oauth2(mock.address), &Hand::new());
    let (started, query) = start(&keyway).await;
    assert_eq!(query["scope"], "read write");
    let id = keyway.get_integration("acme").await.unwrap().id;
    assert_eq!(query["redirect_uri"], format!("{REDIRECT}/{id}"));
    assert_eq!(query["redirect_uri"], started.redirect_uri);
    assert_eq!(query["code_challenge_method"], "S256");
    assert_eq!(query["state"], started.state.expose());
    assert!(!started.url.contains(started.binding.expose()));
    let callback = format!("?state={}&code={}&realm=r-1&other=x", query["state"], query["code_challenge"]);
    let connection = keyway.finish(&back(&started, &callback), started.binding.expose()).await.unwrap();
    let token = connection.credentials.token.as_ref().unwrap();
    assert_eq!(token.access.expose(), "at-canary");
    assert_eq!(token.refresh.as_ref().unwrap().expose(), "rt-canary");
    let config: Vec<_> = connection.config.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(config, [("realm", "r-1"), ("team.id", "7")]);
    let sent = mock.seen_at("/token")[0].form();
    assert_eq!(sent["grant_type"], "authorization_code");
    assert_eq!(sent["redirect_uri"], started.redirect_uri);
    assert_eq!((sent["client_id"].as_str(), sent["client_secret"].as_str()), ("client", "client-secret-canary"));
    assert_eq!(keyway.fetch(&connection.key).await.unwrap(), connection);
    assert!(!format!("{connection:?} {started:?} {keyway:?}").contains("canary"));
    let client = format!("{keyway:?}");
    assert!(client.contains("SignIns { begun: Some(1)"), "{client}");
    assert!(!client.contains("user-1"), "a client that is logged lists whom it connects: {client}");
}

#[tokio::test]
async fn a_callback_in_another_browser_is_refused_and_ends_the_flow() {
    let mock = Mock::start(token_endpoint).await;
    let keyway = keyway(oauth2(mock.address), &Hand::new());
    let (started, query) = start(&keyway).await;
    let (other, _) = start(&keyway).await;
    let callback = format!("state={}&code={}", query["state"], query["code_challenge"]);
    for binding in [other.binding.expose(), started.binding.expose()] {
        let error = keyway.finish(&back(&started, &callback), binding).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidState, "{error}");
    }
    assert!(mock.seen().is_empty());
}

#[tokio::test]
async fn a_state_is_good_once_and_for_an_hour() {
    let mock = Mock::start(token_endpoint).await;
    let clock = Hand::new();
    let keyway = keyway(oauth2(mock.address), &clock);
    let (started, query) = start(&keyway).await;
    let callback = format!("state={}&code={}", query["state"], query["code_challenge"]);
    keyway.finish(&back(&started, &callback), started.binding.expose()).await.unwrap();
    let again = keyway.finish(&back(&started, &callback), started.binding.expose()).await.unwrap();
    assert_eq!(again.key, ConnectionKey::new("acme", "user-1"), "a second click sees what the first one did");
    let other = format!("{callback}&more=1");
    let again = keyway.finish(&back(&started, &other), started.binding.expose()).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::InvalidState, "another request is no second click");
    clock.advance(121);
    let again = keyway.finish(&back(&started, &callback), started.binding.expose()).await.unwrap_err();
    assert_eq!(again.kind(), ErrorKind::InvalidState);
    let (late, query) = start(&keyway).await;
    clock.advance(3600);
    let callback = format!("state={}&code=c", query["state"]);
    let error = keyway.finish(&back(&late, &callback), late.binding.expose()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidState);
    for query in ["", "code=c", "state=made-up&code=c"] {
        let error = keyway.finish(&back(&started, query), started.binding.expose()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidState, "{query}");
    }
    assert_eq!(mock.seen_at("/token").len(), 1);
}

#[tokio::test]
async fn what_the_authorization_server_says_is_told_without_control_characters() {
    let mock = Mock::start(token_endpoint).await;
    let keyway = keyway(oauth2(mock.address), &Hand::new());
    let (started, query) = start(&keyway).await;
    let callback = format!("state={}&error=access_denied&error_description=no%0D%0Athanks", query["state"]);
    let error = keyway.finish(&back(&started, &callback), started.binding.expose()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AuthorizationDenied);
    assert_eq!(error.to_string(), "acme: the authorization server said `access_denied`: no  thanks");
}

#[tokio::test]
async fn a_refused_code_leaves_no_connection_and_no_secret_in_the_error() {
    let mock = Mock::start(|seen| {
        let form = seen.form();
        reply(
            200,
            format!(
                r#"{{"error":"invalid_grant","error_description":"bad {} {}"}}"#,
                form["code"], form["client_secret"]
            ),
        )
    })
    .await;
    let keyway = keyway(oauth2(mock.address), &Hand::new());
    let (started, query) = start(&keyway).await;
    let callback = format!("state={}&code=code-canary", query["state"]);
    let error = keyway.finish(&back(&started, &callback), started.binding.expose()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TokenRefused);
    let said = "acme: the token endpoint answered without a token: `invalid_grant`: bad *** *** (status 200)";
    assert_eq!(error.to_string(), said, "what the endpoint says, without what was sent");
    assert!(!format!("{error} {error:?}").contains("canary"), "{error:?}");
    let key = ConnectionKey::new("acme", "user-1");
    assert_eq!(keyway.fetch(&key).await.unwrap_err().kind(), ErrorKind::UnknownConnection);
}

#[tokio::test]
async fn sessions_are_good_once_and_are_no_states() {
    let mock = Mock::start(token_endpoint).await;
    let clock = Hand::new();
    let keyway = keyway(oauth2(mock.address), &clock);
    let key = ConnectionKey::new("acme", "user-1");
    let token = keyway.create_session(key.clone()).await.unwrap().token;
    assert_eq!(keyway.redeem_session(token.expose()).await.unwrap(), key);
    assert_eq!(keyway.redeem_session(token.expose()).await.unwrap_err().kind(), ErrorKind::InvalidState);
    let late = keyway.create_session(key.clone()).await.unwrap().token;
    clock.advance(1800);
    assert_eq!(keyway.redeem_session(late.expose()).await.unwrap_err().kind(), ErrorKind::InvalidState);
    let token = keyway.create_session(key).await.unwrap().token;
    let error = keyway.finish(&format!("/callback?state={}&code=c", token.expose()), "b").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidState);
    assert!(keyway.session(token.expose()).await.is_ok(), "a session that is taken for a state is not used up");
    let (started, query) = start(&keyway).await;
    assert_eq!(keyway.redeem_session(started.state.expose()).await.unwrap_err().kind(), ErrorKind::InvalidState);
    let callback = format!("state={}&code={}", query["state"], query["code_challenge"]);
    keyway.finish(&back(&started, &callback), started.binding.expose()).await.unwrap();
}

/// A provider whose customer names the authorization server.
fn hosted(mock: &Mock) -> &'static ProviderSpec {
    static HOST: Reference = Reference { root: Root::ConnectionConfig, path: "host", position: Position::Host };
    static URL: [Node; 3] = [Node::Text("http://"), Node::Reference(HOST), Node::Text("/token")];
    static ANY: [&str; 1] = ["*:*"];
    static FIELDS: [Field; 2] =
        [Field { name: "host", ..Field::EMPTY }, Field { name: "set", automated: true, ..Field::EMPTY }];
    let spec = oauth2(mock.address);
    let Auth::OAuth2(mode) = spec.auth else { panic!("not a code flow") };
    let open = HostSet::Open(&ANY);
    let auth = Auth::OAuth2(OAuth2 { token: TokenEndpoint { url: Template::Nodes(&URL), ..mode.token }, ..mode });
    let hosts = Hosts { token: open, ..spec.hosts };
    Box::leak(Box::new(ProviderSpec { auth, hosts, connection_config: &FIELDS, ..*spec }))
}

fn to_host(host: &str) -> Authorize {
    Authorize::new(ConnectionKey::new("acme", "user-1"), REDIRECT)
        .config(BTreeMap::from([("host".to_owned(), host.to_owned())]))
}

#[tokio::test]
async fn a_customers_host_that_would_get_the_operators_secret_is_refused_before_the_customer_leaves() {
    let mock = Mock::start(token_endpoint).await;
    let keyway = keyway(hosted(&mock), &Hand::new());
    let host = mock.address.to_string();
    let error = keyway.authorize(to_host(&host)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SecretHostNotAllowed, "{error}");
    assert!(error.message().contains("allowed hosts") && !format!("{error:?}").contains("canary"), "{error:?}");
    // The operator lists the host: now the customer may be sent there. Then it is listed no more.
    let mut record = keyway.get_integration("acme").await.unwrap();
    record.allowed_hosts = vec![host.clone()];
    keyway.update_integration("acme", record.clone()).await.unwrap();
    let started = keyway.authorize(to_host(&host)).await.unwrap();
    record.allowed_hosts.clear();
    keyway.update_integration("acme", record).await.unwrap();
    let callback = format!("state={}&code=c", started.state.expose());
    let error = keyway.finish(&back(&started, &callback), started.binding.expose()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SecretHostNotAllowed, "{error}");
    assert!(mock.seen().is_empty());
}

#[tokio::test]
async fn a_customer_cannot_set_what_only_the_provider_sets() {
    let mock = Mock::start(token_endpoint).await;
    let keyway = keyway(hosted(&mock), &Hand::new());
    let mut request = to_host("acme.example");
    request.config.insert("set".to_owned(), "evil".to_owned());
    assert_eq!(keyway.authorize(request).await.unwrap_err().kind(), ErrorKind::InvalidValue);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_callbacks_at_once_redeem_the_code_once() {
    let mock = Mock::start(token_endpoint).await;
    let keyway = keyway(oauth2(mock.address), &Hand::new());
    let (started, query) = start(&keyway).await;
    let callback = format!("state={}&code={}", query["state"], query["code_challenge"]);
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..16 {
        let (keyway, callback, binding) = (keyway.clone(), back(&started, &callback), started.binding.clone());
        tasks.spawn(async move { keyway.finish(&callback, binding.expose()).await.unwrap().key });
    }
    assert_eq!(tasks.join_all().await, vec![ConnectionKey::new("acme", "user-1"); 16], "all see the one outcome");
    assert_eq!(mock.seen_at("/token").len(), 1);
}

#[tokio::test]
async fn the_path_on_which_a_browser_comes_back_is_the_flows() {
    let mock = Mock::start(token_endpoint).await;
    let keyway = keyway(oauth2(mock.address), &Hand::new());
    let mut redeemed = 0;
    for (came, kind) in [
        ("", ErrorKind::InvalidRequest),
        ("?", ErrorKind::InvalidRequest),
        ("/?", ErrorKind::InvalidState),
        ("/callback?", ErrorKind::InvalidState),
        ("https://app.example.com/callback?", ErrorKind::InvalidState),
        ("/callback/00000000000000000000000000000000?", ErrorKind::InvalidState),
    ] {
        let (started, query) = start(&keyway).await;
        let callback = format!("state={}&code={}", query["state"], query["code_challenge"]);
        let error = keyway.finish(&format!("{came}{callback}"), started.binding.expose()).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{came}: {error}");
        assert_eq!(mock.seen_at("/token").len(), redeemed, "{came}: nothing is sent");
        // A caller who forgot the path has made a mistake; a browser on another path has ended the flow.
        let path = started.redirect_uri.strip_prefix("https://app.example.com").unwrap();
        let again = keyway.finish(&format!("{path}?{callback}"), started.binding.expose()).await;
        assert_eq!(again.is_ok(), kind == ErrorKind::InvalidRequest, "{came}");
        redeemed += usize::from(again.is_ok());
    }
    assert_eq!((redeemed, mock.seen_at("/token").len()), (2, 2));
}

#[tokio::test]
async fn what_is_to_be_registered_is_what_flows_have() {
    let mock = Mock::start(token_endpoint).await;
    let keyway = keyway(oauth2(mock.address), &Hand::new());
    let own = start(&keyway).await.0.redirect_uri;
    assert_eq!(keyway.redirect_uri("acme", REDIRECT).await.unwrap(), RedirectUri::Own(own));
    let record = keyway.get_integration("acme").await.unwrap();
    keyway.update_integration("acme", record.shared_redirect_uri(true)).await.unwrap();
    assert_eq!(start(&keyway).await.0.redirect_uri, REDIRECT);
    assert_eq!(keyway.redirect_uri("acme", REDIRECT).await.unwrap(), RedirectUri::Shared(REDIRECT.to_owned()));
}

#[tokio::test]
async fn a_session_is_used_up_by_the_flow_that_ends_well() {
    let mock = Mock::start(token_endpoint).await;
    let keyway = keyway(oauth2(mock.address), &Hand::new());
    let key = ConnectionKey::new("acme", "user-1");
    let token = keyway.create_session(key.clone()).await.unwrap().token;
    let plain = |key: &ConnectionKey| Authorize::new(key.clone(), to_host("unused").redirect_uri);
    let other = ConnectionKey::new("acme", "user-2");
    let error = keyway.authorize_with_session(token.expose(), plain(&other)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    let mut flows = Vec::new();
    for _ in 0..3 {
        flows.push(keyway.authorize_with_session(token.expose(), plain(&key)).await.unwrap());
    }
    for (flow, (said, ends_well)) in flows.iter().zip([("error=access_denied", false), ("", true), ("", false)]) {
        let asked: BTreeMap<String, String> = url::Url::parse(&flow.url).unwrap().query_pairs().into_owned().collect();
        let code = format!("code={}", asked["code_challenge"]);
        let callback = format!("state={}&{}", asked["state"], if said.is_empty() { &code } else { said });
        let outcome = keyway.finish(&back(flow, &callback), flow.binding.expose()).await;
        assert_eq!(outcome.is_ok(), ends_well, "{said}: {outcome:?}");
    }
    assert_eq!(keyway.session(token.expose()).await.unwrap_err().kind(), ErrorKind::InvalidState);
    assert_eq!(mock.seen_at("/token").len(), 1, "the third code was not sent");
}

#[tokio::test]
async fn a_session_among_several_integrations_is_for_these_alone_and_makes_one_connection() {
    let mock = Mock::start(token_endpoint).await;
    let keyway = keyway(oauth2(mock.address), &Hand::new());
    for key in ["second", "third"] {
        keyway.create_integration(keyway.get_integration("acme").await.unwrap().key(key).id(key)).await.unwrap();
    }
    let among = |keys: &[&str]| {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        keyway.create_session_among(keys, WayBack::new(ConnectionKey::new("ignored", "user-1")))
    };
    assert_eq!(among(&[]).await.unwrap_err().kind(), ErrorKind::InvalidValue);
    assert_eq!(among(&["acme", "nobody"]).await.unwrap_err().kind(), ErrorKind::UnknownIntegration);
    let token = among(&["second", "acme", "second"]).await.unwrap().token;
    let keys = ["second", "acme"].map(|key| ConnectionKey::new(key, "user-1"));
    assert_eq!(keyway.session_keys(token.expose()).await.unwrap(), keys);
    // A program that knows of one integration alone does not take any.
    assert_eq!(keyway.session(token.expose()).await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert_eq!(keyway.redeem_session(token.expose()).await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    let other = Authorize::new(ConnectionKey::new("third", "user-1"), to_host("unused").redirect_uri);
    let error = keyway.authorize_with_session(token.expose(), other).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidRequest, "{error}");
    assert!(among(&["second"]).await.is_ok());
}

#[tokio::test]
async fn a_link_is_opened_within_half_an_hour_and_its_flow_has_an_hour_more() {
    let mock = Mock::start(token_endpoint).await;
    let clock = Hand::new();
    let keyway = keyway(oauth2(mock.address), &clock);
    let key = ConnectionKey::new("acme", "user-1");
    let session = keyway.create_session(key.clone()).await.unwrap();
    assert_eq!(session.expires_at, clock.now() + jiff::SignedDuration::from_mins(30));
    clock.advance(1799);
    let request = || Authorize::new(key.clone(), to_host("unused").redirect_uri);
    let started = keyway.authorize_with_session(session.token.expose(), request()).await.unwrap();
    clock.advance(3599);
    let late = keyway.authorize_with_session(session.token.expose(), request()).await.unwrap_err();
    assert_eq!(late.kind(), ErrorKind::InvalidState, "{late}");
    let asked: BTreeMap<String, String> = url::Url::parse(&started.url).unwrap().query_pairs().into_owned().collect();
    let callback = format!("state={}&code={}", asked["state"], asked["code_challenge"]);
    keyway.finish(&back(&started, &callback), started.binding.expose()).await.unwrap();
}

#[tokio::test]
async fn a_way_back_outlives_its_tickets_and_is_the_browsers_that_began() {
    let mock = Mock::start(token_endpoint).await;
    let clock = Hand::new();
    let keyway = keyway(oauth2(mock.address), &clock);
    let key = ConnectionKey::new("acme", "user-1");
    let way = WayBack::new(key.clone()).return_url("https://app.example/").origins(["https://app.example"; 2]);
    let token = keyway.create_session_with(way).await.unwrap().token;
    // As a browser writes it, each origin once.
    let way = Some(WayBack::new(key.clone()).return_url("https://app.example/").origins(["https://app.example"]));
    clock.advance(1799);
    let request = Authorize::new(key.clone(), to_host("unused").redirect_uri);
    let started = keyway.authorize_with_session(token.expose(), request.clone()).await.unwrap();
    let plain = keyway.authorize(request).await.unwrap();
    let asked: BTreeMap<String, String> = url::Url::parse(&started.url).unwrap().query_pairs().into_owned().collect();
    let callback = back(&started, &format!("state={}&code={}", asked["state"], asked["code_challenge"]));
    for _ in 0..2 {
        assert_eq!(keyway.way_back(token.expose()).await.unwrap(), way);
        assert_eq!(keyway.way_back_of_flow(&callback, started.binding.expose()).await.unwrap(), way);
        keyway.finish(&callback, started.binding.expose()).await.unwrap();
        assert!(keyway.session(token.expose()).await.is_err(), "it is used up");
    }
    let of_plain = back(&plain, &format!("state={}", plain.state.expose()));
    for (callback, binding) in [
        (callback.as_str(), plain.binding.expose()),
        (callback.as_str(), ""),
        (of_plain.as_str(), plain.binding.expose()),
        ("/callback", started.binding.expose()),
        ("/callback?state=made-up", started.binding.expose()),
        ("state=x", started.binding.expose()),
    ] {
        assert_eq!(keyway.way_back_of_flow(callback, binding).await.unwrap(), None, "{callback}");
    }
    // A state is no token of a page.
    for value in [started.state.expose(), "made-up", ""] {
        assert_eq!(keyway.way_back(value).await.unwrap(), None);
    }
    let without = keyway.create_session(key).await.unwrap().token;
    assert_eq!(keyway.way_back(without.expose()).await.unwrap(), None);
    clock.advance(3601);
    assert_eq!(keyway.way_back_of_flow(&callback, started.binding.expose()).await.unwrap(), None);
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn an_integration_in_code_keeps_its_id_and_one_that_was_renamed_keeps_it_too() {
    let folder = tempfile::tempdir().unwrap();
    let store = keyway::Sqlite::open(folder.path().join("keyway.db"), SealingKey::generate().unwrap()).unwrap();
    let spec = oauth2("127.0.0.1:1".parse().unwrap());
    let program = || {
        let record = IntegrationRecord::without_scopes("acme", spec.key);
        let builder = Keyway::builder().store(store.clone()).catalogue([spec].into_iter().collect());
        builder.integration_record(record).build().unwrap()
    };
    let first = program().get_integration("acme").await.unwrap();
    assert_eq!(program().get_integration("acme").await.unwrap(), first, "the same in every process");
    let renamed = first.clone().key("renamed");
    program().update_integration("acme", renamed).await.unwrap();
    let anew = program().get_integration("acme").await.unwrap();
    assert_ne!(anew.id, first.id);
    assert_eq!(program().get_integration("renamed").await.unwrap().id, first.id);
}
