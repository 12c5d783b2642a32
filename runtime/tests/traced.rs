//! Traces of calls and renewals: everything that subscribers get at the finest level, without a secret in it.
#![allow(clippy::unwrap_used)] // a test: what breaks should stop it

mod support;

use keyway::credentials::Credentials;
use keyway::fields::Trust;
use keyway::{Call, CallBody, ConnectionKey};
use keyway_spec::ProviderSpec;
use std::collections::BTreeMap;
use std::io::Write;
use std::sync::{Arc, Mutex};
use support::{Hand, Mock, client_credentials, keyway, reply};
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::FmtSpan;

/// Lines as they would be printed.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Lines {
    type Writer = Lines;

    fn make_writer(&'w self) -> Lines {
        self.clone()
    }
}

impl Lines {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// Every value of the test that must not be seen.
const SECRETS: [&str; 8] = [
    "token-canary",
    "client-canary",
    "client-secret-canary",
    "path-canary",
    "query-canary",
    "header-canary",
    "body-canary",
    "answer-canary",
];

#[tokio::test]
async fn calls_renewals_tries_and_waits_are_traced_without_a_value() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(lines.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let mock = Mock::start(|seen| match seen.path() {
        "/token" => reply(200, r#"{"access_token": "token-canary", "expires_in": 3600}"#),
        _ if seen.body.is_empty() => reply(503, "answer-canary").header("retry-after", "0"),
        _ => reply(404, "answer-canary"),
    })
    .await;
    let spec: &'static ProviderSpec = client_credentials(mock.address);
    let clock = Hand::new();
    let keyway = keyway(spec, &clock);
    let inputs = [("client_id", "client-canary"), ("client_secret", "client-secret-canary")];
    let inputs = inputs.map(|(name, value)| (name.to_owned(), value.into()));
    let credentials = Credentials::submitted(inputs.into());
    let key = ConnectionKey::new("acme", "id-of-a-connection");
    let (config, metadata) = (BTreeMap::new(), serde_json::Map::new());
    keyway.import(key.clone(), config, metadata, credentials, Trust::User).await.unwrap();
    clock.advance(7200);
    let call = Call::get("/users/path-canary?q=query-canary")
        .endpoint_template("/users/{id}?q={q}")
        .headers(vec![("x-own".to_owned(), "header-canary".to_owned())])
        .retries(1);
    assert_eq!(keyway.send(&key, call.clone(), None).await.unwrap().status(), 503);
    let body = CallBody::Bytes("body-canary".into());
    let mut plain = call.method(http::Method::POST).body(body);
    plain.endpoint_template = None;
    assert_eq!(keyway.send(&key, plain, None).await.unwrap().status(), 404);

    let text = lines.text();
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} is traced:\n{text}");
    }
    assert!(!text.contains("id-of-a-connection"), "{text}");
    // Of spans in one another the last is the one that a line is about.
    let is_about = |line: &str, span: &str| {
        let (call, renewal) = (line.rfind("keyway.call{"), line.rfind("keyway.renewal{"));
        line.contains(": close ") && (if call > renewal { "call" } else { "renewal" }) == span
    };
    let closed = |span| text.lines().filter(|line| is_about(line, span)).count();
    // The import's exchange is no renewal.
    assert_eq!((closed("call"), closed("renewal")), (2, 1), "{text}");
    let ended = text.lines().filter(|line| line.contains(": close ")).collect::<Vec<_>>().join("\n");
    for field in [
        "otel.name=\"GET /users/{id}\"",
        "otel.kind=\"client\"",
        "keyway.provider=\"acme-cc\"",
        "keyway.integration=\"acme\"",
        "http.request.method=\"GET\"",
        "url.template=\"/users/{id}\"",
        "http.response.status_code=503",
        "keyway.attempts=2",
        "http.request.resend_count=1",
        "error.type=\"503\"",
        "http.request.method=\"POST\"",
        "http.response.status_code=404",
    ] {
        assert!(ended.contains(field), "no {field} in\n{ended}");
    }
    assert_eq!(text.matches(": tried http").count(), 3, "{text}");
    assert_eq!(text.matches("waiting before the next try keyway.wait_seconds=0").count(), 1, "{text}");
}
