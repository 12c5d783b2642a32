//! `token.jsonl`: exchanges and renewals, to their requests in order and the credentials that result.

use crate::authorize::without_agent;
use crate::compare;
use crate::deviations::Difference;
use crate::logins::agree_but_for_a_random_signature;
use crate::recorded::{self, Account};
use crate::tally::{Most, Tally};
use keyway::Secret;
use keyway::auth::exchange::{Answer, Callback, FlowState, Grant, Granted, Returned, Step};
use keyway::auth::{self, token_request::TokenRequest};
use keyway_spec::{Auth, ProviderSpec};
use serde_json::{Value, json};

#[test]
fn exchanges_are_the_recorded_ones() {
    let (Some(lines), Some(specs)) = (recorded::lines("token"), keyway_tests::corpus::quirky_specs()) else { return };
    let mut tally = Tally::of("token");
    for line in &lines {
        let ours = match specs.get(line["provider"].as_str().unwrap()) {
            Some(spec) => exchanged(spec, line),
            None => json!("error: the entry does not compile"),
        };
        let recorded = recorded_exchange(line);
        let refused = ours.as_str().is_some_and(|text| text.starts_with("error: "));
        let both_refuse = refused && line.get("result").is_some_and(|result| result.get("credentials").is_none());
        let random = agree_but_for_a_random_signature(line, &recorded, &told(ours.clone(), line));
        if recorded == told(ours.clone(), line) || random || both_refuse {
            tally.agrees();
        } else {
            tally.differs(&Difference { line, recorded, ours });
        }
    }
    // Three percent would be 20. The reference marks 27 of these as defects: the grant of a refresh alone is 13.
    // Another 44 send a client's secret in two places, which RFC 6749 section 2.3 forbids.
    tally.finish(Most::AsListed);
}

pub(crate) fn recorded_exchange(line: &Value) -> Value {
    let requests = line["requests"].as_array().into_iter().flatten().map(compare::recorded).map(without_agent);
    let result = &line["result"]["credentials"];
    let text = |names: &[&str]| names.iter().find_map(|name| result[*name].as_str()).map(Value::from);
    json!({
        "requests": requests.collect::<Vec<_>>(),
        "access": text(&["access_token", "oauth_token", "session_token", "session_id", "token"]),
        "refresh": text(&["refresh_token"]),
        // "For ever" is written there as a date about a century ahead.
        "expires_at": text(&["expires_at"]).filter(|at| at.as_str() < Some("2100")),
    })
}

/// Of the exchanges of codes only the requests were recorded.
pub(crate) fn told(mut ours: Value, line: &Value) -> Value {
    if line.get("result").is_none() && ours.is_object() {
        for outcome in ["access", "refresh", "expires_at"] {
            ours[outcome] = Value::Null;
        }
    }
    ours
}

/// Runs an exchange against the recorded responses. A request more than was recorded is an error.
pub(crate) fn exchanged(spec: &ProviderSpec, line: &Value) -> Value {
    match walked(spec, line) {
        Walk::Ended(ended) => ended,
        Walk::Unrecorded(requests) => {
            let url = requests.last().map_or(&Value::Null, |request| &request["url"]);
            format!("error: a request that was not recorded, to {url}").into()
        }
    }
}

/// The end of an exchange with the recorded responses.
pub(crate) enum Walk {
    /// To an outcome, or to a refusal.
    Ended(Value),
    /// To a request that they do not answer, the last of these.
    Unrecorded(Vec<Value>),
}

pub(crate) fn walked(spec: &ProviderSpec, line: &Value) -> Walk {
    let input = &line["input"];
    let account = Account::of(spec, input).with_nonce_of(line);
    let inputs = account.inputs(spec);
    let (callback, kept) = (callback(spec, input), kept(input));
    // A code that a webhook brought belongs to no authorization request, so none carried a challenge or a redirect URI.
    let of_browser = |name: &str| input[name].as_str().filter(|_| !is_outbound(spec)).unwrap_or_default();
    let (verifier, redirect_uri) = (of_browser("code_verifier").into(), of_browser("redirect_uri"));
    let grant = match line["flow"].as_str().unwrap() {
        "authorization_code" | "oauth1_access_token" => {
            Grant::Returned(Returned { callback: &callback, redirect_uri, verifier: &verifier, kept: &kept })
        }
        "two_step" => Grant::Login,
        _ => Grant::Renewal,
    };
    let (mut answers, mut requests) = (Vec::new(), Vec::new());
    loop {
        match auth::step(&inputs, grant, &answers) {
            Ok(Step::Done(granted)) => {
                return Walk::Ended(outcome(&requests, &granted, inputs.credentials.token.as_ref()));
            }
            // Where only requests were recorded, all answers are alike, and no vendor's own: what is made of them says
            // nothing.
            Err(_) if line.get("result").is_none() && requests.len() == recorded_requests(line) => {
                return Walk::Ended(outcome(&requests, &Granted::default(), None));
            }
            Err(error) => return Walk::Ended(format!("error: {error}").into()),
            Ok(Step::Send(request)) => {
                let response = line["responses"].get(answers.len());
                // An unanswered request is one that the exchange goes on without.
                let none = json!({"status": 503});
                let response = response.or(request.optional.then_some(&none));
                requests.push(without_agent(printed(&request)));
                let Some(response) = response else { return Walk::Unrecorded(requests) };
                answers.push(answer(response));
            }
        }
    }
}

fn is_outbound(spec: &ProviderSpec) -> bool {
    matches!(&spec.auth, Auth::OAuth2(mode) if mode.outbound.is_some())
}

fn recorded_requests(line: &Value) -> usize {
    line["requests"].as_array().map_or(0, Vec::len)
}

fn outcome(requests: &[Value], granted: &Granted, before: Option<&keyway::credentials::Token>) -> Value {
    let token = granted.token.as_ref();
    // A refresh token that was not replaced stays.
    let refresh = token.and_then(|token| token.refresh.as_ref()).or(before.and_then(|token| token.refresh.as_ref()));
    let expires_at = token.and_then(|token| token.expires_at);
    json!({
        "requests": requests,
        "access": token.map(|token| token.access.expose()),
        "refresh": refresh.map(Secret::expose),
        "expires_at": expires_at.map(|at| at.strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()),
    })
}

/// What the browser brought back.
fn callback(spec: &ProviderSpec, input: &Value) -> Callback {
    let code = match &spec.auth {
        Auth::OAuth2(mode) => mode.authorization.code_param,
        Auth::McpOAuth2(mode) => mode.authorization.code_param,
        _ => "code",
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    for (name, given) in [
        (code, "code"),
        ("state", "state"),
        ("oauth_token", "oauth_token"),
        ("oauth_verifier", "oauth_verifier"),
        ("installation_id", "installation_id"),
    ] {
        if let Some(value) = input[given].as_str() {
            query.append_pair(name, value);
        }
    }
    Callback::parse(&query.finish())
}

/// What the flow remembered.
fn kept(input: &Value) -> FlowState {
    let names = ["oauth_token", "oauth_token_secret"];
    names.iter().filter_map(|name| Some(((*name).to_owned(), Secret::from(input[*name].as_str()?)))).collect()
}

pub(crate) fn printed(request: &TokenRequest) -> Value {
    let headers = request.headers.iter().map(|header| (&*header.name, header.value.expose()));
    compare::request(request.method.as_str(), request.url.0.as_str(), headers, &request.body.expose().into())
}

/// A recorded response.
pub(crate) fn answer(response: &Value) -> Answer {
    let headers = response["headers"].as_object().into_iter().flatten();
    let headers = headers.flat_map(|(name, value)| match value {
        Value::Array(values) => values.iter().map(|value| (name, value)).collect(),
        value => vec![(name, value)],
    });
    let mut map = http::HeaderMap::new();
    for (name, value) in headers {
        map.append(name.parse::<http::HeaderName>().unwrap(), value.as_str().unwrap().parse().unwrap());
    }
    Answer {
        status: response["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap(),
        headers: map,
        body: response["body"].as_str().unwrap_or_default().into(),
        received: recorded::now(),
        secrets: Vec::new(),
        kept: false,
    }
}
