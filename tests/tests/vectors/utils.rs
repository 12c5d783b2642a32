//! `utils.jsonl`: dates, keys in PEM, canonical parameters, and values captured from responses, each through the code
//! that uses it.
//!
//! Its evaluators of templates are compared by field in `interpolate.jsonl`.

use crate::deviations::Difference;
use crate::recorded::{self, Account};
use crate::tally::{Most, Tally};
use crate::token::answer;
use keyway::Secret;
use keyway::auth;
use keyway::auth::exchange::{Callback, FlowState, Grant, Returned, Step};
use keyway::request::{Call, CallBody, plan};
use keyway::sign::Key;
use keyway_spec::auth::{Authorization, OAuth2, TokenEndpoint};
use keyway_spec::{Auth, Node, Position, ProviderSpec, Proxy, Reference, Root, Template};
use keyway_tests::leaked;
use serde_json::{Value, json};

#[test]
fn small_tools_agree_with_the_recorded_ones() {
    let Some(lines) = recorded::lines("utils") else { return };
    let (mut tally, mut of_others) = (Tally::of("utils"), 0);
    for line in &lines {
        let function = line["fn"].as_str().unwrap();
        let ours = match function.split('(').next().unwrap() {
            "parseTokenExpirationDate" => expiry(&line["input"]),
            "buildCanonicalParams" => canonical(&line["input"]),
            "getConnectionMetadata" => captured(function, &line["input"]),
            "formatPem" => key(&line["input"], line),
            _ => {
                of_others += 1;
                continue;
            }
        };
        let recorded = line.get("output").cloned().unwrap_or_default();
        let refused = ours.as_str().is_some_and(|text| text.starts_with("error: "));
        if ours == recorded || (refused && line.get("output").is_none()) {
            tally.agrees();
        } else {
            tally.differs(&Difference { line, recorded, ours });
        }
    }
    println!("utils: {of_others} more are of evaluators, which `interpolate` compares by field");
    // Thirty-five lines that were chosen for being odd: these five are defects that the reference says not to copy.
    tally.finish(Most::AsListed);
}

/// The recorded spelling of a key, where the given one is read as the same key.
fn key(input: &Value, line: &Value) -> Value {
    let read = |text: &Value| {
        let key = Key::private(&Secret::from(text.as_str().unwrap_or_default()));
        key.and_then(|key| key.public_key_info())
    };
    let normal = &line["output"];
    match read(&input[0]) {
        Err(error) => format!("error: {error}").into(),
        Ok(info) if read(normal).is_ok_and(|normal| normal == info) => normal.clone(),
        Ok(_) => "another key".into(),
    }
}

/// The answer of a token endpoint, read.
fn granted(body: &Value, metadata: &'static [&'static str]) -> Value {
    let url = Template::Text("https://acme.test/token");
    let token = TokenEndpoint { url, response_metadata: metadata, ..TokenEndpoint::EMPTY };
    let mode = OAuth2 { authorization: Authorization::EMPTY, token, outbound: None };
    let spec = ProviderSpec { key: "acme", auth: Auth::OAuth2(mode), ..ProviderSpec::EMPTY };
    let account = Account::of(&spec, &json!({"integration": {"oauth_client_id": "i", "oauth_client_secret": "s"}}));
    let (callback, kept, verifier) = (Callback::parse("code=c"), FlowState::new(), "v".into());
    let returned = Returned { callback: &callback, redirect_uri: "https://app.test", verifier: &verifier, kept: &kept };
    let answer = answer(&json!({"status": 200, "headers": {}, "body": body.to_string()}));
    match auth::step(&account.inputs(&spec), Grant::Returned(returned), &[answer]) {
        Ok(Step::Done(granted)) => {
            let at = granted.token.and_then(|token| token.expires_at);
            json!({
                "expires_at": at.map(|at| at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()),
                "metadata": granted.metadata,
            })
        }
        other => panic!("{other:?}"),
    }
}

fn expiry(expires_at: &Value) -> Value {
    granted(&json!({"access_token": "t", "expires_at": expires_at}), &[])["expires_at"].clone()
}

/// The names stand in the recorded call; the one that names a provider is that entry's list.
fn captured(function: &str, body: &Value) -> Value {
    let listed = function.split_once("=[").map_or("installation.apiEndPoint", |(_, rest)| rest.trim_end_matches("])"));
    let names: Vec<&'static str> = listed.split(',').map(leaked::text).collect();
    let mut body = body.as_object().cloned().unwrap_or_default();
    body.insert("access_token".to_owned(), "t".into());
    granted(&Value::Object(body), leaked::list(&names))["metadata"].clone()
}

const PARAMS: Node = Node::Reference(Reference { root: Root::Params, path: "", position: Position::Text });

/// The parameters that a signing header covers.
fn canonical(input: &Value) -> Value {
    let query = input[2].as_str().unwrap_or_default();
    let base_url = Template::Text("https://host.test");
    let proxy = Proxy { base_url, headers: &[("x-recorded", Template::Nodes(&[PARAMS]))], ..Proxy::EMPTY };
    let spec = ProviderSpec { key: "acme", proxy: Some(proxy), ..ProviderSpec::EMPTY };
    let account = Account::of(&spec, &json!({}));
    let call = Call::new(
        input[0].as_str().unwrap().parse().unwrap(),
        if query.is_empty() { "/x".to_owned() } else { format!("/x?{query}") },
    )
    .body(match &input[1] {
        Value::Null => CallBody::Empty,
        Value::String(text) => CallBody::Bytes(text.clone().into()),
        value => CallBody::Json(value.clone()),
    });
    match plan(&account.inputs(&spec), &call) {
        Ok(plan) => {
            let header = plan.headers.iter().find(|header| header.name == "x-recorded");
            header.map_or("", |header| header.value.expose()).into()
        }
        Err(error) => format!("error: {error}").into(),
    }
}
