//! The recorded requests of the modes that sign: OAuth 1.0, token-based authentication, AWS Signature Version 4.
//!
//! The recording's nonces come from a frozen `Math.random`; given the same nonce, everything must agree, signatures
//! included. Parameters of an `OAuth` header are compared as a set (RFC 5849 section 3.5.1).
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a test: what breaks should stop it, and what is skipped is said"
)]

use keyway::Secret;
use keyway::auth::exchange::{Answer, Ask, Callback, FlowState, Grant, Returned, Step};
use keyway::auth::{self, token_request::TokenRequest};
use keyway::clock::{Moment, Timestamp};
use keyway::connection::ConfigMap;
use keyway::credentials::{Credentials, Token};
use keyway::inputs::Inputs;
use keyway::integration::IntegrationRecord;
use keyway::request::{Call, CallBody, plan};
use keyway_spec::ProviderSpec;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

fn lines(file: &str) -> Vec<Value> {
    let Some(path) = keyway_tests::shared(&format!("golden/{file}.jsonl")) else {
        return Vec::new();
    };
    let text = std::fs::read_to_string(path).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    lines.filter(|line: &Value| matches!(line["auth_mode"].as_str(), Some("OAUTH1" | "TBA" | "AWS_SIGV4"))).collect()
}

fn map<V: for<'a> From<&'a str>>(value: &Value) -> BTreeMap<String, V> {
    let members = value.as_object().into_iter().flatten();
    members.filter_map(|(name, value)| Some((name.clone(), V::from(value.as_str()?)))).collect()
}

struct Account {
    config: ConfigMap,
    credentials: Credentials,
    integration: IntegrationRecord,
    moment: Moment,
}

impl Account {
    fn of(line: &Value) -> Account {
        let input = &line["input"];
        let mut config: ConfigMap = map(&input["connection_config"]);
        let given: BTreeMap<String, Secret> = map(&input["credentials"]);
        // Recorded with the client copied into the configuration; it belongs to the integration (4.17).
        let own = config.remove("oauth_client_id").zip(config.remove("oauth_client_secret"));
        let text = |value: &Value| value.as_str().map(str::to_owned);
        let id = text(&input["integration"]["oauth_client_id"]).or(text(&input["client_id"]));
        let secret = text(&input["integration"]["oauth_client_secret"])
            .unwrap_or_else(|| format!("client-secret-{}+/=", line["provider"].as_str().unwrap()));
        let (client_id, client_secret) = own.map_or((id, secret), |(id, secret)| (Some(id), secret));
        let access = given.get("oauth_token").or(given.get("session_token")).cloned();
        let token = access.map(Token::new);
        let mut integration =
            IntegrationRecord::default().client_secret(client_secret).custom(map(&input["integration"]["custom"]));
        integration.client_id = client_id;
        let aws = line["auth_mode"] == "AWS_SIGV4";
        let nonce = if aws { "abababababababab" } else { "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF" };
        let moment = Moment { now: "2026-01-02T03:04:05Z".parse().unwrap(), uuid: nonce.to_owned() };
        let credentials = Credentials::submitted(given.clone()).token(token).obtained(given);
        Account { config, credentials, integration, moment }
    }

    fn inputs<'a>(&'a self, spec: &'a ProviderSpec, metadata: &'a Map<String, Value>) -> Inputs<'a> {
        Inputs {
            spec,
            integration: &self.integration,
            config: &self.config,
            connection_id: "c",
            metadata,
            credentials: &self.credentials,
            moment: &self.moment,
        }
    }
}

/// The parts of an `Authorization` value, in no order.
fn parts(value: &str) -> BTreeSet<String> {
    let (scheme, rest) = value.split_once(' ').unwrap_or((value, ""));
    rest.split(',').map(|part| format!("{scheme} {}", part.trim())).collect()
}

#[track_caller]
fn same_token_request(request: &TokenRequest, recorded: &Value) {
    assert_eq!(request.method.as_str(), recorded["method"]);
    assert_eq!(request.url.0.as_str(), recorded["url"]);
    assert_eq!(request.body.expose(), recorded["body"].as_str().unwrap());
    let header = |name: &str| request.header(name).map(Secret::expose).unwrap_or_default();
    for name in ["content-type", "x-amz-date", "x-amz-content-sha256"] {
        assert_eq!(header(name), recorded["headers"][name].as_str().unwrap_or_default(), "{name}");
    }
    assert_eq!(parts(header("authorization")), parts(recorded["headers"]["authorization"].as_str().unwrap()));
}

fn next<T: std::fmt::Debug>(step: keyway::Result<Step<T>>) -> TokenRequest {
    match step.unwrap() {
        Step::Send(request) => *request,
        Step::Done(outcome) => panic!("done: {outcome:?}"),
    }
}

fn done<T>(step: keyway::Result<Step<T>>) -> T {
    match step.unwrap() {
        Step::Send(request) => panic!("another request: {request:?}"),
        Step::Done(outcome) => outcome,
    }
}

fn answer(body: &str) -> Answer {
    let received: Timestamp = "2026-01-02T03:04:05Z".parse().unwrap();
    Answer {
        status: 200,
        headers: http::HeaderMap::new(),
        body: body.into(),
        received,
        secrets: Vec::new(),
        kept: false,
    }
}

#[test]
fn proxied_calls_carry_the_recorded_signatures() {
    let Some(specs) = keyway_tests::corpus::specs() else { return };
    let (mut agreed, mut listed) = (0, Vec::new());
    for line in lines("proxy") {
        let spec = &specs[line["provider"].as_str().unwrap()];
        let (account, metadata) = (Account::of(&line), Map::new());
        let request = &line["input"]["request"];
        let call =
            Call::new(request["method"].as_str().unwrap().parse().unwrap(), request["endpoint"].as_str().unwrap())
                .query_pairs(map::<String>(&request["params"]))
                .headers(map::<String>(&request["headers"]))
                .body(request.get("data").map_or(CallBody::Empty, |data| CallBody::Json(data.clone())));
        let output = &line["output"];
        let name = format!("{} {}", line["provider"].as_str().unwrap(), line["case"].as_str().unwrap());
        let Ok(plan) = plan(&account.inputs(spec, &metadata), &call) else {
            listed.push(name);
            continue;
        };
        let ours = plan.headers.iter().find(|header| header.name == "authorization").unwrap().value.expose();
        let recorded = parts(output["headers"]["authorization"].as_str().unwrap());
        if parts(ours) == recorded && plan.url.0.as_str() == output["url"] {
            agreed += 1;
        } else {
            listed.push(name);
        }
    }
    if agreed > 0 {
        // A type that is sent is signed; a header that intermediaries may change is not, and a space is `%20` (4.13);
        // without a region there is no host (3.7).
        let aws = ["post", "get_extra", "optional_absent", "optional_empty"].map(|case| format!("aws-sigv4 {case}"));
        // A plus sign in a query is a space (RFC 5849 section 3.4.1.3.1); the recording signed it as a plus sign.
        let spaces = ["garmin", "netsuite-tba", "trello", "twitter"].map(|key| format!("{key} get_extra"));
        assert_eq!((agreed, listed), (10, [aws, spaces].concat()));
    }
}

#[test]
fn flows_of_oauth_1_send_the_recorded_requests() {
    let Some(specs) = keyway_tests::corpus::specs() else { return };
    for line in lines("authorize") {
        let spec = &specs[line["provider"].as_str().unwrap()];
        let (account, metadata, input) = (Account::of(&line), Map::new(), &line["input"]);
        let inputs = account.inputs(spec, &metadata);
        let scopes: Vec<String> =
            input["scopes"].as_array().unwrap().iter().map(|scope| scope.as_str().unwrap().to_owned()).collect();
        let redirect_uri = input["redirect_uri"].as_str().unwrap();
        let ask = Ask { redirect_uri, scopes: &scopes, state: input["state"].as_str().unwrap(), verifier: "v" };
        same_token_request(&next(auth::page(&inputs, ask, &[])), &line["requests"][0]);
        let issued = answer("oauth_token=req-token&oauth_token_secret=req-secret&oauth_callback_confirmed=true");
        let page = done(auth::page(&inputs, ask, &[issued]));
        assert_eq!(page.url, line["output"]["url"].as_str().unwrap());
        assert_eq!(page.kept["oauth_token_secret"].expose(), "req-secret");
    }
}

#[test]
fn exchanges_send_the_recorded_requests() {
    let Some(specs) = keyway_tests::corpus::specs() else { return };
    for line in lines("token") {
        let spec = &specs[line["provider"].as_str().unwrap()];
        let (account, metadata, input) = (Account::of(&line), Map::new(), &line["input"]);
        let inputs = account.inputs(spec, &metadata);
        let (result, answers) =
            (&line["result"]["credentials"], [answer(line["responses"][0]["body"].as_str().unwrap())]);
        if line["auth_mode"] == "AWS_SIGV4" {
            // The session's name is this project's, in the body and so in its hash and signature.
            let request = next(auth::step(&inputs, Grant::Renewal, &[]));
            let recorded = line["requests"][0]["body"].as_str().unwrap().replace("nango-", "keyway-");
            assert_eq!(
                (request.url.0.as_str(), request.body.expose()),
                ("https://sts.us-east-1.amazonaws.com/", &*recorded)
            );
            let granted = done(auth::step(&inputs, Grant::Renewal, &answers));
            let token = granted.token.unwrap();
            assert_eq!(token.access.expose(), result["session_token"]);
            assert_eq!(token.expires_at.unwrap(), result["expires_at"].as_str().unwrap().parse().unwrap());
            assert_eq!(granted.obtained["secret_access_key"].expose(), result["secret_access_key"]);
            continue;
        }
        let callback = Callback::parse("oauth_token=req-token&oauth_verifier=verif-1&state=s");
        let kept: FlowState = ["oauth_token", "oauth_token_secret"]
            .map(|name| (name.to_owned(), Secret::from(input[name].as_str().unwrap())))
            .into();
        let verifier = Secret::default();
        let returned = Returned { callback: &callback, redirect_uri: "", verifier: &verifier, kept: &kept };
        same_token_request(&next(auth::step(&inputs, Grant::Returned(returned), &[])), &line["requests"][0]);
        let granted = done(auth::step(&inputs, Grant::Returned(returned), &answers));
        assert_eq!(granted.token.unwrap().access.expose(), result["oauth_token"]);
        assert_eq!(granted.obtained["oauth_token_secret"].expose(), result["oauth_token_secret"]);
        // Another flow's token is refused before anything is sent.
        let foreign = Callback::parse("oauth_token=other&oauth_verifier=verif-1");
        let returned = Returned { callback: &foreign, ..returned };
        let error = auth::step(&inputs, Grant::Returned(returned), &[]).unwrap_err();
        assert_eq!(error.kind(), keyway::ErrorKind::InvalidState);
    }
}
