//! Marked secrets through every flow of the five modes, with everything that can be seen collected: log lines at the
//! lowest level, errors with their causes, `Debug` outputs, the pages and error bodies of the server. No mark appears.
//!
//! Failures are injected: statuses, resets, malformed answers, refusals that repeat what was sent, redirects to another
//! host. Absent here: what a caller asked to see (`GET /connections/{id}`).
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use http::{Method, StatusCode};
use keyway::credentials::{Credentials, Token};
use keyway::fields::Trust;
use keyway::integration::IntegrationRecord;
use keyway::{Authorize, Call, CallBody, Catalogue, ConnectionKey, EgressPolicy, Keyway};
use keyway_spec::auth::{Authorization, ClientAuth, ClientCredentials, OAuth2, TokenEndpoint};
use keyway_spec::{
    Auth, Entry, Field, HostSet, Hosts, Node, Position, ProviderSpec, Proxy, Reference, Root, Template, Value,
};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tracing_subscriber::fmt::MakeWriter;

/// In every secret of this test, and in nothing else.
const MARK: &str = "canary7Qx";

/// How the mock fails.
const FAILURES: [&str; 8] = ["none", "500", "401", "repeat", "malformed", "reset", "off-host", "off-host-echo"];

#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Vec<u8>>>);

impl Seen {
    fn note(&self, what: &impl std::fmt::Debug) {
        let mut text = String::new();
        writeln!(text, "{what:?} {what:#?}").unwrap();
        self.0.lock().unwrap().extend_from_slice(text.as_bytes());
    }

    /// An outcome: of an error the message, the causes and both forms of `Debug`.
    fn outcome<T: std::fmt::Debug>(&self, outcome: &keyway::Result<T>) {
        self.note(outcome);
        let Err(error) = outcome else { return };
        let mut at: Option<&dyn std::error::Error> = Some(error);
        while let Some(cause) = at {
            self.note(&format_args!("{cause}"));
            at = cause.source();
        }
    }
}

impl io::Write for Seen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Seen {
    type Writer = Seen;

    fn make_writer(&'a self) -> Seen {
        self.clone()
    }
}

/// What the mock does next, and the origin of a host that is not the provider's.
#[derive(Clone)]
struct Script {
    failure: Arc<Mutex<&'static str>>,
    /// Everything that reached the foreign host.
    stolen: Seen,
    foreign: String,
}

async fn answer(State(script): State<Script>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
    let body = String::from_utf8_lossy(&body).into_owned();
    let failure = *script.failure.lock().unwrap();
    let query = head.uri.query().unwrap_or_default();
    match failure {
        "500" => (StatusCode::INTERNAL_SERVER_ERROR, "broken").into_response(),
        "401" => (StatusCode::UNAUTHORIZED, r#"{"error":"invalid_client"}"#).into_response(),
        "repeat" => {
            let said = format!("{body} {query} {:?}", head.headers);
            let answer = serde_json::json!({"error": said, "error_description": body, "message": query});
            (StatusCode::BAD_REQUEST, answer.to_string()).into_response()
        }
        "malformed" => format!("{{\"access_token\": \"{MARK}-new\", \"expires_in\": ").into_response(),
        // A body that breaks off: more is announced than comes.
        "reset" => ([("content-length", "100")], format!("{{\"access_token\":\"{MARK}-cut")).into_response(),
        "off-host" => (StatusCode::FOUND, [("location", format!("{}/x", script.foreign))]).into_response(),
        "off-host-echo" => {
            (StatusCode::TEMPORARY_REDIRECT, [("location", format!("{}/x?{query}", script.foreign))]).into_response()
        }
        _ => format!(
            r#"{{"access_token":"{MARK}-access","refresh_token":"{MARK}-refresh","id_token":"{MARK}-id","expires_in":3600}}"#
        )
        .into_response(),
    }
}

async fn steal(State(stolen): State<Seen>, request: Request) -> &'static str {
    let (head, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap_or_default();
    stolen.note(&(head, body));
    "thanks"
}

async fn listen(router: axum::Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async { axum::serve(listener, router).await.unwrap() });
    address
}

fn leak<T>(value: T) -> &'static T {
    Box::leak(Box::new(value))
}

fn text(text: String) -> Template<'static> {
    let text: &'static str = leak(text).as_str();
    Template::Nodes(leak([Node::Text(text)]).as_slice())
}

fn of(root: Root, path: &'static str) -> Template<'static> {
    let reference = Reference { root, path, position: Position::Text };
    Template::Nodes(leak([Node::Reference(reference)]).as_slice())
}

/// One provider per mode. That of API keys has its secret in query, header and body at once.
fn providers(mock: SocketAddr) -> Vec<ProviderSpec<'static>> {
    let host: &'static str = leak(mock.to_string()).as_str();
    let set = HostSet::Fixed(leak([host]));
    let token = TokenEndpoint { url: text(format!("http://{mock}/token")), ..TokenEndpoint::EMPTY };
    let authorization = Authorization { url: Some(text(format!("http://{mock}/authorize"))), ..Authorization::EMPTY };
    let plain = Proxy { base_url: text(format!("http://{mock}/api")), ..Proxy::EMPTY };
    let everywhere = Proxy {
        headers: leak([("x-key", of(Root::Credentials, "apiKey")), ("x-app", of(Root::ConnectionConfig, "appKey"))]),
        query: leak([("k", of(Root::Credentials, "apiKey"))]),
        body: leak([Entry { name: "key", value: Value::Text(of(Root::Credentials, "apiKey")) }]),
        ..plain
    };
    let base = ProviderSpec {
        hosts: Hosts { authorize: set, token: set, api: set, ..Hosts::EMPTY },
        proxy: Some(plain),
        ..ProviderSpec::EMPTY
    };
    let cc = ClientCredentials {
        token: TokenEndpoint { client_auth: ClientAuth::Basic, ..token },
        scope_separator: " ",
        expires_in_milliseconds: false,
        client_certificate: false,
    };
    let secret = |name| Field { name, secret: true, ..Field::EMPTY };
    vec![
        ProviderSpec { key: "none", ..base },
        ProviderSpec {
            key: "key",
            auth: Auth::ApiKey,
            credentials: leak([secret("apiKey")]),
            connection_config: leak([secret("appKey")]),
            proxy: Some(everywhere),
            ..base
        },
        ProviderSpec { key: "basic", auth: Auth::Basic, ..base },
        ProviderSpec { key: "cc", auth: Auth::OAuth2ClientCredentials(cc), ..base },
        ProviderSpec { key: "oauth", auth: Auth::OAuth2(OAuth2 { authorization, token, outbound: None }), ..base },
    ]
}

fn secret(what: &str) -> String {
    format!("{MARK}-{what}")
}

fn credentials(mode: &str) -> Credentials {
    match mode {
        "key" => Credentials::api_key(secret("key")),
        "basic" => Credentials::basic("ann", secret("password")),
        "cc" => {
            let inputs = [("client_id", "ann".to_owned()), ("client_secret", secret("customers"))];
            let inputs = inputs.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
            Credentials::submitted(inputs)
        }
        "oauth" => {
            let refresh = Some(secret("imported-refresh").into());
            let raw = Some(secret("raw").into());
            let token = Token { access: secret("imported").into(), refresh, expires_at: None, raw };
            Credentials { token: Some(token), ..Credentials::default() }
        }
        _ => Credentials::default(),
    }
}

fn config(mode: &str) -> BTreeMap<String, String> {
    let key = (mode == "key").then(|| ("appKey".to_owned(), secret("app")));
    key.into_iter().collect()
}

fn calls() -> [Call; 3] {
    let own = vec![("x-own".to_owned(), secret("callers"))];
    let get = Call { endpoint: "/things".to_owned(), headers: own, ..Call::default() };
    let body = CallBody::Json(serde_json::json!({"mine": secret("body")}));
    let endpoint = format!("/things?mine={}", secret("query"));
    let post = Call { method: Method::POST, body, endpoint, ..get.clone() };
    let override_url = Some("https://elsewhere.example".to_owned());
    [get.clone(), post, Call { base_url_override: override_url, ..get }]
}

/// Every flow of one mode while the mock fails in one way.
async fn flows(keyway: &Keyway, mode: &'static str, failure: &'static str, script: &Script, seen: &Seen) {
    let set = |failure| *script.failure.lock().unwrap() = failure;
    let key = ConnectionKey::new(mode, format!("user-{failure}"));
    let metadata = || serde_json::Map::from_iter([("note".to_owned(), secret("metadata").into())]);
    let import = || keyway.import(key.clone(), config(mode), metadata(), credentials(mode), Trust::User);
    set(failure);
    seen.outcome(&import().await);
    set("none");
    let made = import().await;
    seen.outcome(&made);
    assert!(made.is_ok(), "{mode}: {made:?}");
    if mode == "oauth" {
        for failure in [failure, "none"] {
            set(failure);
            let redirect_uri = "https://app.test/callback".to_owned();
            let request = Authorize {
                key: key.clone(),
                config: config(mode),
                redirect_uri,
                scopes: None,
                credentials: std::collections::BTreeMap::new(),
            };
            seen.note(&request);
            let started = keyway.authorize(request).await.unwrap();
            seen.note(&started);
            let query = format!("state={}&code={}", started.state.expose(), secret("code"));
            seen.outcome(&keyway.finish(&query, &secret("foreign-binding")).await);
            let started = keyway.authorize(Authorize {
                key: key.clone(),
                config: config(mode),
                redirect_uri: "https://app.test/callback".to_owned(),
                scopes: None,
                credentials: std::collections::BTreeMap::new(),
            });
            let started = started.await.unwrap();
            let query = format!("state={}&code={}", started.state.expose(), secret("code"));
            seen.outcome(&keyway.finish(&query, started.binding.expose()).await);
        }
    }
    set(failure);
    for call in calls() {
        seen.note(&call);
        seen.outcome(&keyway.plan(&key, &call).await);
        // The body of an answer is the caller's to see; its headers may hold what the upstream repeats.
        let answer = keyway.send(&key, call, None).await;
        seen.outcome(&answer.map(|response| response.status()));
    }
    seen.outcome(&keyway.refresh(&key).await);
    seen.outcome(&keyway.fetch(&key).await);
    seen.outcome(&keyway.list_connections(None, 100).await);
    seen.outcome(&keyway.get_integration(mode).await);
    seen.note(keyway);
}

/// One test, so that nothing else is logged into its collection.
#[tokio::test]
async fn no_marked_secret_is_seen_in_any_flow_of_any_mode() {
    let (seen, stolen) = (Seen::default(), Seen::default());
    let subscriber = tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(seen.clone());
    tracing::subscriber::set_global_default(subscriber.finish()).unwrap();
    let foreign = listen(axum::Router::new().fallback(any(steal)).with_state(stolen.clone())).await;
    let script = Script {
        failure: Arc::new(Mutex::new("none")),
        stolen: stolen.clone(),
        // Another name for this machine: neither the provider's host nor its port.
        foreign: format!("http://localhost:{}", foreign.port()),
    };
    let mock = listen(axum::Router::new().fallback(any(answer)).with_state(script.clone())).await;
    let specs = providers(mock);
    let mut builder = Keyway::builder()
        .catalogue(specs.iter().map(|spec| leak(*spec)).collect::<Catalogue>())
        .egress(EgressPolicy { allow_private: true, allow_http: true });
    for spec in &specs {
        builder = builder.integration_record(IntegrationRecord {
            key: spec.key.to_owned(),
            provider: spec.key.to_owned(),
            client_id: Some("client".to_owned()),
            client_secret: Some(secret("client-secret").into()),
            custom: BTreeMap::from([("webhook".to_owned(), secret("custom").into())]),
            ..IntegrationRecord::default()
        });
    }
    let keyway = builder.build().unwrap();
    for spec in &specs {
        for failure in FAILURES {
            flows(&keyway, spec.key, failure, &script, &seen).await;
        }
    }
    let seen = String::from_utf8(seen.0.lock().unwrap().clone()).unwrap();
    assert!(seen.contains("hyper") && seen.contains("TRACE"), "nothing was logged: the collection is broken");
    let shown: Vec<&str> = seen.lines().filter(|line| holds_mark(line)).take(20).collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
    let stolen = String::from_utf8(script.stolen.0.lock().unwrap().clone()).unwrap();
    assert!(stolen.contains("GET"), "no redirect was followed: the foreign host is not reached");
    let shown: Vec<&str> = stolen.lines().filter(|line| holds_mark(line)).collect();
    assert!(shown.is_empty(), "{}", shown.join("\n"));
}

/// The mark as it is, and inside Base64 at any of its three alignments.
fn holds_mark(line: &str) -> bool {
    use base64::Engine;
    let inside = (0..3).any(|lead| {
        let encoded =
            base64::engine::general_purpose::STANDARD_NO_PAD.encode([&vec![b'-'; lead], MARK.as_bytes()].concat());
        line.contains(&encoded[4..encoded.len() - 2])
    });
    inside || line.contains(MARK)
}
