//! A request that is made of what its account keeps ready is the one that is planned.
//!
//! For every entry of the corpus, and of this project's catalogue, over a table of calls; then over random endpoints.

#![allow(clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use http::header::{HeaderName, HeaderValue};
use http::{Method, Request};
use keyway::clock::{Moment, Timestamp};
use keyway::connection::ConfigMap;
use keyway::credentials::{Credentials, Token};
use keyway::inputs::Inputs;
use keyway::integration::IntegrationRecord;
use keyway::request::{Call, CallBody, Plan, Prepared, base_url, depends_on_moment, plan};
use keyway_spec::ProviderSpec;
use std::collections::BTreeMap;

const PROGRAM: &str = "acme/1";

/// An account, with something in every field.
struct Filled {
    spec: &'static ProviderSpec,
    integration: IntegrationRecord,
    config: ConfigMap,
    credentials: Credentials,
    moment: Moment,
}

impl Filled {
    fn new(spec: &'static ProviderSpec) -> Filled {
        let value = |field: &keyway_spec::Field| {
            let own = field.example.or(field.default_value).or(field.choices.first().copied());
            own.unwrap_or("acme").to_owned()
        };
        let config = spec.connection_config.iter().map(|field| (field.name.to_owned(), value(field))).collect();
        let submitted = spec.credentials.iter().map(|field| (field.name.to_owned(), "s3cret".into()));
        let usual = ["apiKey", "username", "password"].map(|name| (name.to_owned(), "s3cret".into()));
        let inputs: BTreeMap<_, _> = submitted.chain(usual).collect();
        let credentials = Credentials::submitted(inputs).token(Token::new("t0ken"));
        let moment = Moment { now: Timestamp::UNIX_EPOCH, uuid: "11111111-2222-4333-8444-555555555555".into() };
        Filled { spec, integration: IntegrationRecord::default(), config, credentials, moment }
    }

    fn inputs<'a>(&'a self, metadata: &'a serde_json::Map<String, serde_json::Value>) -> Inputs<'a> {
        Inputs {
            spec: self.spec,
            integration: &self.integration,
            config: &self.config,
            connection_id: "c",
            metadata,
            credentials: &self.credentials,
            moment: &self.moment,
        }
    }
}

/// What is sent: request line, and headers in order with whether each may be shown.
type Sent = (String, Vec<(String, Vec<u8>, bool)>);

fn of_plan(plan: &Plan) -> Sent {
    // As the sender writes them: in a map, so that headers of one name stand together.
    let mut headers = http::HeaderMap::new();
    for header in &plan.headers {
        let mut value = HeaderValue::from_str(header.value.expose()).unwrap();
        value.set_sensitive(header.injected);
        headers.append(HeaderName::try_from(&*header.name).unwrap(), value);
    }
    let uri: http::Uri = plan.target().parse().unwrap();
    (format!("{} {uri}", plan.method), listed(&headers))
}

fn of_request(request: &Request<()>) -> Sent {
    (format!("{} {}", request.method(), request.uri()), listed(request.headers()))
}

fn listed(headers: &http::HeaderMap) -> Vec<(String, Vec<u8>, bool)> {
    let listed = headers.iter();
    listed.map(|(name, value)| (name.to_string(), value.as_bytes().to_vec(), value.is_sensitive())).collect()
}

fn passed(lines: &[(&'static str, &[u8])]) -> Vec<(HeaderName, HeaderValue)> {
    lines.iter().map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap())).collect()
}

fn calls() -> Vec<Call> {
    let texts = |pairs: &[(&str, &str)]| {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>()
    };
    let endpoints = [
        "",
        "/",
        "/v1/x",
        "/v1/x?a=1&b='c'&d=%20e",
        "/x?",
        "/?",
        "/?a=b",
        "x/y",
        "//x",
        "/a//b",
        "/a/../b",
        "/a/%2e%2e/b",
        "/.hidden",
        "/a./b",
        "/a%2Fb",
        "/%zz",
        "/a b",
        "/a?b c",
        "/a#b",
        "/a?b#c",
        "/ä",
        "/a?ä",
        "/a\\b",
        "/a|b",
        "/a?b|c",
        "/a[0]",
        "/a?b[]=1",
        "/a\"b",
        "/a?<b>",
        "https://api.github.com/user",
        "@evil.example",
        ":80/x",
        "/a^b`{}",
        "/*",
        "/a;b=c,d",
        "/a:b@c",
        "/a\tb",
        "/a?b?c",
    ];
    let mut calls: Vec<Call> = endpoints.map(Call::get).into();
    let call = || Call::get("/v1/x");
    calls.extend([
        call().passed(passed(&[("accept", b"a/b"), ("accept", b"c/d"), ("range", b"bytes=0-9")])),
        call().passed(passed(&[("authorization", b"mine"), ("user-agent", b"keyway/0.1.0"), ("x", b"\xff")])),
        call().passed(passed(&[("x", "ä\t".as_bytes())])),
        call().passed(passed(&[("host", b"evil.example")])),
        call().passed(passed(&[("content-length", b"3")])),
        call()
            .headers(texts(&[("X-One", "1"), ("x-one", "2"), ("Accept", "e/f")]))
            .passed(passed(&[("accept", b"a/b")])),
        call().headers(texts(&[("Authorization", "mine")])),
        call().headers(texts(&[("authorization", "")])),
        call().headers(texts(&[("user-agent", "mine"), ("x", "a\r\nb")])),
        call().headers(texts(&[("x", "a\nb")])),
        call().headers(texts(&[("a b", "c")])),
        call().headers(texts(&[("", "c")])),
        call().headers(texts(&[("x", "ä")])),
        call().headers(texts(&[("notion-version", "1"), ("api-key", "2"), ("x-api-key", "3")])),
        call().headers(texts(&[("transfer-encoding", "chunked")])),
        call().query("a", "b"),
        call().decompress(true),
        call().base_url_override("https://api.github.com"),
        call().method(Method::HEAD),
        call().method(Method::OPTIONS),
        call().method(Method::CONNECT),
        call().method(Method::TRACE),
        call().method(Method::from_bytes(b"PROPFIND").unwrap()),
        call().body(CallBody::Bytes("x".into())),
        call().body(CallBody::Bytes("".into())),
    ]);
    for method in [Method::POST, Method::PUT, Method::PATCH, Method::DELETE, Method::OPTIONS] {
        let call = || Call::new(method.clone(), "/v1/x");
        let typed = |media: &str| call().headers(texts(&[("content-type", media)]));
        calls.extend([
            call(),
            call().json(serde_json::json!({"a": 1})),
            call().body(CallBody::Form(texts(&[("a", "b")]))),
            call().body(CallBody::JsonText("{}".into())),
            call().body(CallBody::Bytes("x".into())),
            call().body(CallBody::Stream),
            typed("application/json").body(CallBody::Bytes("{}".into())),
            typed("application/x-www-form-urlencoded").body(CallBody::Bytes("a=b".into())),
            typed("multipart/form-data; boundary=b").body(CallBody::Bytes("x".into())),
            typed("text/csv").body(CallBody::Stream),
        ]);
    }
    calls
}

/// How many of the calls were ready; each is the request that is planned.
fn ready(spec: &'static ProviderSpec, calls: &[Call]) -> usize {
    let (account, metadata) = (Filled::new(spec), serde_json::Map::new());
    let inputs = account.inputs(&metadata);
    let base = if depends_on_moment(spec) { None } else { base_url(&inputs) };
    let Some(prepared) = base.and_then(|base| Prepared::of(&inputs, &base, PROGRAM)) else { return 0 };
    let mut ready = 0;
    for call in calls {
        let Some(request) = prepared.request(call) else { continue };
        ready += 1;
        let planned = plan(&inputs, call).map(|plan| of_plan(&plan.named(PROGRAM)));
        let said = || format!("{}: {call:?} {:?} {:?} {:?}", spec.key, call.endpoint, call.headers, call.passed);
        assert_eq!(planned.map_err(|error| error.to_string()), Ok(of_request(&request)), "{}", said());
    }
    ready
}

#[test]
fn a_ready_request_is_the_planned_one_for_every_entry() {
    let calls = calls();
    let own: Vec<usize> = keyway_providers::PROVIDERS.iter().map(|spec| ready(spec, &calls)).collect();
    assert!(own.iter().any(|ready| *ready > 20), "no entry is ever ready: {own:?}");
    let Some(specs) = keyway_tests::corpus::specs() else { return };
    let all: Vec<usize> = specs.values().map(|spec| ready(spec, &calls)).collect();
    // Most APIs take a key or a token in a header.
    let often = all.iter().filter(|ready| **ready > 20).count();
    assert!(often > 600, "{often} of {} entries have requests that are ready", all.len());
}

#[test]
fn a_ready_request_is_the_planned_one_for_random_endpoints() {
    const PARTS: [&str; 30] = [
        "/", "/", "a", "Z", "9", ".", "..", "%2e", "%2E", "%", "?", "&", "=", "#", "\\", " ", "'", "\"", "<", ":", "@",
        "//", "ü", "|", "[", "^", "~", ";", "\u{7f}", "\t",
    ];
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut next = |bound: usize| {
        // xorshift64*: the same endpoints in every run.
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        usize::try_from(state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 40).unwrap() % bound
    };
    let calls: Vec<Call> = (0..20_000)
        .map(|_| {
            Call::get((0..next(9)).map(|_| PARTS[next(PARTS.len())]).fold("/".to_owned(), |text, part| text + part))
        })
        .collect();
    let mut total = 0;
    for spec in keyway_providers::PROVIDERS.iter().take(6) {
        total += ready(spec, &calls);
    }
    assert!(total > 1000, "{total}");
}
