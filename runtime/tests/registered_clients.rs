//! Clients that register themselves (RFC 7591): kept for the integration and the issuer, until they expire or the
//! server has forgotten them.

#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

mod support;

use keyway::client::{Authorize, Started};
use keyway::connection::{ConfigMap, ConnectionKey};
use keyway::integration::IntegrationRecord;
use keyway::{Catalogue, EgressPolicy, ErrorKind, Keyway};
use keyway_spec::{Auth, Field, HostSet, Hosts, ProviderSpec};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use support::{Hand, Mock, Reply, reply};
use url::Url;

const NOW: i64 = 1_700_000_000;

fn spec() -> &'static ProviderSpec {
    static ANY: HostSet = HostSet::Open(&["*:*"]);
    static FIELDS: [Field; 1] = [Field { name: "mcp_server_url", title: "URL", ..Field::EMPTY }];
    static SPEC: ProviderSpec = ProviderSpec {
        key: "acme-mcp",
        display_name: "Acme",
        auth: Auth::McpOAuth2Generic,
        connection_config: &FIELDS,
        hosts: Hosts { authorize: ANY, token: ANY, ..Hosts::EMPTY },
        ..ProviderSpec::EMPTY
    };
    &SPEC
}

/// The page that the authorization endpoint shows to a client.
type AuthorizationPage = Box<dyn Fn(&str) -> Reply + Send>;

/// A page, what it says, and whether it says that the client is not known.
type Case = (&'static str, bool, fn() -> Reply);

/// A test's settings of an authorization server.
struct Behaviour {
    /// Members of every registration's answer.
    registered: Value,
    /// Members of the metadata.
    metadata: Value,
    /// The page of the authorization endpoint, for the client that asks.
    page: Mutex<AuthorizationPage>,
    /// The refusal of the token endpoint, where it refuses.
    refuses: Mutex<Option<&'static str>>,
    registrations: AtomicUsize,
}

impl Default for Behaviour {
    fn default() -> Behaviour {
        Behaviour {
            registered: json!({}),
            metadata: json!({"token_endpoint_auth_methods_supported": ["none"]}),
            page: Mutex::new(Box::new(|_| reply(302, "").header("location", "/log-in"))),
            refuses: Mutex::default(),
            registrations: AtomicUsize::new(0),
        }
    }
}

/// A server that is a resource and two authorization servers, `/one` and `/two`; its clients are `client-1`, ...
async fn server(behaviour: &Arc<Behaviour>) -> Mock {
    let behaviour = Arc::clone(behaviour);
    Mock::start(move |seen| {
        let base = format!("http://{}", seen.header("host"));
        let path = seen.path();
        if let Some(at) = path.strip_prefix("/.well-known/oauth-protected-resource/mcp-") {
            let document =
                json!({"resource": format!("{base}/mcp-{at}"), "authorization_servers": [format!("{base}/{at}")]});
            return reply(200, document.to_string());
        }
        if let Some(at) = path.strip_prefix("/.well-known/oauth-authorization-server/") {
            let mut document = json!({
                "issuer": format!("{base}/{at}"),
                "authorization_endpoint": format!("{base}/{at}/authorize"),
                "token_endpoint": format!("{base}/{at}/token"),
                "registration_endpoint": format!("{base}/{at}/register"),
                "code_challenge_methods_supported": ["S256"],
            });
            document.as_object_mut().unwrap().extend(behaviour.metadata.as_object().unwrap().clone());
            return reply(200, document.to_string());
        }
        match path.rsplit('/').next() {
            Some("register") => {
                let number = behaviour.registrations.fetch_add(1, Ordering::SeqCst) + 1;
                let mut client = json!({"client_id": format!("client-{number}")});
                client.as_object_mut().unwrap().extend(behaviour.registered.as_object().unwrap().clone());
                reply(201, client.to_string())
            }
            Some("authorize") => {
                let url = Url::parse(&format!("{base}{}", seen.target)).unwrap();
                let client = url.query_pairs().find(|(name, _)| name == "client_id").unwrap().1.into_owned();
                (behaviour.page.lock().unwrap())(&client)
            }
            Some("token") => match *behaviour.refuses.lock().unwrap() {
                Some(code) => reply(401, json!({"error": code}).to_string()),
                None => reply(200, json!({"access_token": "t", "refresh_token": "r", "expires_in": 3600}).to_string()),
            },
            _ => reply(404, ""),
        }
    })
    .await
}

fn builder(clock: &Hand) -> keyway::client::Builder {
    let record = |key: &str| IntegrationRecord::without_scopes(key, spec().key);
    Keyway::builder()
        .catalogue([spec()].into_iter().collect::<Catalogue>())
        .clock(clock.clone())
        .egress(EgressPolicy::default().allow_private(true).allow_http(true))
        .integration_record(record("acme"))
        .integration_record(record("other"))
}

fn request(mock: &Mock, at: &str) -> Authorize {
    Authorize::new(ConnectionKey::new("acme", "c"), "https://app.test/callback")
        .config(ConfigMap::from([("mcp_server_url".to_owned(), mock.url(&format!("/mcp-{at}")))]))
}

async fn client(keyway: &Keyway, request: Authorize) -> String {
    client_of(&keyway.authorize(request).await.unwrap())
}

fn client_of(started: &Started) -> String {
    let url = Url::parse(&started.url).unwrap();
    url.query_pairs().find(|(name, _)| name == "client_id").unwrap().1.into_owned()
}

async fn finish(keyway: &Keyway, started: &Started) -> keyway::Result<()> {
    let callback = format!("{}?state={}&code=c", started.redirect_uri, started.state.expose());
    keyway.finish(&callback, started.binding.expose()).await.map(|_| ())
}

#[tokio::test]
async fn one_client_serves_every_link_of_an_integration_at_an_issuer() {
    let behaviour = Arc::default();
    let mock = server(&behaviour).await;
    let keyway = builder(&Hand::new()).build().unwrap();
    let mut first = tokio::task::JoinSet::new();
    for _ in 0..8 {
        let (keyway, request) = (keyway.clone(), request(&mock, "one"));
        first.spawn(async move { client(&keyway, request).await });
    }
    assert!(first.join_all().await.iter().all(|client| client == "client-1"), "those that begin at once");
    for _ in 0..25 {
        assert_eq!(client(&keyway, request(&mock, "one")).await, "client-1");
    }
    assert_eq!(behaviour.registrations.load(Ordering::SeqCst), 1);
    // Another issuer, another integration, another redirect URI, other scopes: another client each, kept as well.
    let others = || {
        let other = ConnectionKey::new("other", "c");
        [
            request(&mock, "two"),
            Authorize::new(other, "https://app.test/callback").config(request(&mock, "one").config),
            Authorize::new(request(&mock, "one").key, "https://app.test/elsewhere")
                .config(request(&mock, "one").config),
            request(&mock, "one").scopes(vec!["read".to_owned()]),
        ]
    };
    for _ in 0..2 {
        for (other, expected) in others().into_iter().zip(["client-2", "client-3", "client-4", "client-5"]) {
            assert_eq!(client(&keyway, other).await, expected);
        }
    }
    let page = &mock.seen_at("/one/authorize")[0];
    assert!(page.header("cookie").is_empty() && page.target.contains("client_id=client-1"), "{}", page.target);
}

#[cfg(feature = "sqlite")]
#[tokio::test]
async fn a_client_outlives_the_process_and_its_secret_is_sealed() {
    let registered = json!({"client_secret": "secret-canary", "token_endpoint_auth_method": "client_secret_post"});
    let behaviour = Arc::new(Behaviour { registered, ..Behaviour::default() });
    let mock = server(&behaviour).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("keyway.db");
    let key = keyway::seal::SealingKey::generate().unwrap();
    for _ in 0..2 {
        let store = keyway::Sqlite::open(&path, key.clone()).unwrap();
        let keyway = builder(&Hand::new()).store(store).build().unwrap();
        assert_eq!(client(&keyway, request(&mock, "one")).await, "client-1");
    }
    for file in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        assert!(!bytes.windows(6).any(|part| part == b"canary"));
    }
}

#[tokio::test]
async fn a_secret_that_expires_is_not_used_for_a_flow_that_would_outlive_it_nor_for_a_refresh() {
    let registered = json!({
        "client_secret": "secret-canary", "client_secret_expires_at": NOW + 3 * 3600,
        "token_endpoint_auth_method": "client_secret_basic",
    });
    let behaviour = Arc::new(Behaviour { registered, ..Behaviour::default() });
    let mock = server(&behaviour).await;
    let clock = Hand::new();
    let keyway = builder(&clock).build().unwrap();
    let started = keyway.authorize(request(&mock, "one")).await.unwrap();
    finish(&keyway, &started).await.unwrap();
    clock.advance(2 * 3600 - 60);
    assert_eq!(client(&keyway, request(&mock, "one")).await, "client-1");
    clock.advance(60);
    assert_eq!(client(&keyway, request(&mock, "one")).await, "client-2", "a person has an hour to come back");
    clock.advance(3600);
    let sent = mock.seen_at("/one/token").len();
    let error = keyway.fetch(&ConnectionKey::new("acme", "c")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReconnectNeeded, "{error}");
    assert!(error.message().contains("expired"), "{error}");
    assert_eq!(mock.seen_at("/one/token").len(), sent, "nothing is sent with a secret that is worthless");
}

#[tokio::test]
async fn a_client_that_the_authorization_endpoint_refuses_is_registered_anew() {
    let pages: [Case; 9] = [
        ("the code of RFC 6749", true, || reply(400, r#"{"error":"invalid_client"}"#)),
        ("in words", true, || {
            reply(400, r#"{"error":"invalid_request","error_description":"Client ID 'x' not found"}"#)
        }),
        ("a page", true, || reply(400, "<h1>Error</h1> Invalid client_id parameter value.")),
        ("not found", true, || reply(404, "Unknown client")),
        ("a redirect", true, || {
            reply(302, "").header("location", "https://app.test/callback?error=unauthorized_client")
        }),
        ("a log-in", false, || reply(302, "").header("location", "/log-in?client=x")),
        ("a consent page", false, || reply(200, "Allow the client? Unknown clients are not found here.")),
        ("an overloaded server", false, || reply(503, "client not found")),
        ("another complaint", false, || reply(400, r#"{"error":"invalid_scope"}"#)),
    ];
    for (what, forgotten, page) in pages {
        let behaviour = Arc::new(Behaviour::default());
        let mock = server(&behaviour).await;
        let keyway = builder(&Hand::new()).build().unwrap();
        assert_eq!(client(&keyway, request(&mock, "one")).await, "client-1");
        let known = |client: &str| client == "client-2";
        *behaviour.page.lock().unwrap() =
            Box::new(move |client| if known(client) { reply(302, "").header("location", "/log-in") } else { page() });
        let expected = if forgotten { "client-2" } else { "client-1" };
        for _ in 0..2 {
            assert_eq!(client(&keyway, request(&mock, "one")).await, expected, "{what}");
        }
    }
}

#[tokio::test]
async fn a_client_that_the_token_endpoint_does_not_know_is_forgotten() {
    let behaviour = Arc::new(Behaviour::default());
    let mock = server(&behaviour).await;
    let clock = Hand::new();
    let keyway = builder(&clock).build().unwrap();
    let key = ConnectionKey::new("acme", "c");
    let refuse = |code| *behaviour.refuses.lock().unwrap() = code;
    let begin = || keyway.authorize(request(&mock, "one"));

    let started = begin().await.unwrap();
    refuse(Some("invalid_client"));
    let error = finish(&keyway, &started).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::TokenRefused);
    assert!(error.message().contains("`invalid_client`") && error.message().contains("connect again"), "{error}");

    let started = begin().await.unwrap();
    assert_eq!(client_of(&started), "client-2");
    refuse(None);
    finish(&keyway, &started).await.unwrap();
    clock.advance(3600);
    refuse(Some("invalid_client"));
    assert_eq!(keyway.fetch(&key).await.unwrap_err().kind(), ErrorKind::ReconnectNeeded);
    assert_eq!(client_of(&begin().await.unwrap()), "client-3");
    refuse(Some("invalid_grant"));
    clock.advance(3600);
    keyway.fetch(&key).await.unwrap_err();
    assert_eq!(client_of(&begin().await.unwrap()), "client-3", "another refusal says nothing about the client");
}

#[tokio::test]
async fn a_client_proves_itself_as_the_server_registered_it() {
    // What the metadata lists, what the server registers, and what is asked for, sent in the header and in the body.
    let (post, basic, none) = ("client_secret_post", "client_secret_basic", "none");
    for (listed, registered, asked, header, body) in [
        // An absent list means `client_secret_basic` (RFC 8414 section 2).
        (None, json!({"client_secret": "s"}), basic, true, false),
        (None, json!({"token_endpoint_auth_method": none}), basic, false, false),
        (None, json!({"client_secret": "s", "token_endpoint_auth_method": post}), basic, false, true),
        (Some(vec![post]), json!({"client_secret": "s"}), post, false, true),
        (Some(vec![basic, none]), json!({}), none, false, false),
        (Some(vec![none]), json!({"client_secret": "s", "token_endpoint_auth_method": basic}), none, true, false),
    ] {
        let metadata = listed.map_or(json!({}), |listed| json!({"token_endpoint_auth_methods_supported": listed}));
        let shown = registered.to_string();
        let behaviour = Arc::new(Behaviour { registered, metadata, ..Behaviour::default() });
        let mock = server(&behaviour).await;
        let clock = Hand::new();
        let keyway = builder(&clock).build().unwrap();
        let started = keyway.authorize(request(&mock, "one")).await.unwrap();
        finish(&keyway, &started).await.unwrap();
        clock.advance(3600);
        keyway.fetch(&ConnectionKey::new("acme", "c")).await.unwrap();
        let sent: Value = serde_json::from_str(&mock.seen_at("/one/register")[0].body).unwrap();
        assert_eq!(sent["token_endpoint_auth_method"], asked, "{shown}");
        let tokens = mock.seen_at("/one/token");
        assert_eq!(tokens.len(), 2);
        for seen in tokens {
            let proof = (!seen.header("authorization").is_empty(), seen.form().contains_key("client_secret"));
            assert_eq!(proof, (header, body), "{shown}: {seen:?}");
        }
    }
    let registered = json!({"client_secret": "s", "token_endpoint_auth_method": "private_key_jwt"});
    let behaviour = Arc::new(Behaviour { registered, ..Behaviour::default() });
    let mock = server(&behaviour).await;
    let error = builder(&Hand::new()).build().unwrap().authorize(request(&mock, "one")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert!(error.message().contains("private_key_jwt"), "{error}");
}
