//! `retry.jsonl`: a failed answer, to whether it is tried again and after how long.

use crate::deviations::Difference;
use crate::recorded;
use crate::tally::{Most, Tally};
use http::{HeaderMap, HeaderName, HeaderValue};
use keyway::clock::Timestamp;
use keyway::response::retry::{Decision, FIRST_WAIT, MAX_WAIT, Outcome, decide};
use keyway_spec::Retry;
use keyway_spec::proxy::{RetryInBody, StatusRange, WaitUnit};
use keyway_tests::leaked;
use serde_json::{Value, json};
use std::time::Duration;

#[test]
fn retry_decisions_agree_with_the_recorded_ones() {
    let Some(lines) = recorded::lines("retry") else { return };
    let mut tally = Tally::of("retry");
    for line in &lines {
        let (ours, recorded) = (ours(line), recorded(&line["output"]));
        if ours == recorded {
            tally.agrees();
        } else {
            tally.differs(&Difference { line, recorded, ours });
        }
    }
    tally.finish(Most::Percent(12));
}

/// `wait_ms` is empty where the wait is the first of the exponential ones.
fn recorded(output: &Value) -> Value {
    let wait = if output["retry"] == true { output["wait_ms"].clone() } else { Value::Null };
    json!({"retry": output["retry"], "wait_ms": wait, "gave_up": false})
}

fn ours(line: &Value) -> Value {
    match decided(line) {
        Decision::Stop => json!({"retry": false, "wait_ms": null, "gave_up": false}),
        Decision::GiveUp(_) => json!({"retry": false, "wait_ms": null, "gave_up": true}),
        Decision::After(FIRST_WAIT) if line["output"]["wait_ms"].is_null() => {
            json!({"retry": true, "wait_ms": null, "gave_up": false})
        }
        Decision::After(wait) => json!({"retry": true, "wait_ms": milliseconds(wait), "gave_up": false}),
    }
}

fn milliseconds(wait: Duration) -> u64 {
    u64::try_from(wait.as_millis()).unwrap()
}

fn decided(line: &Value) -> Decision {
    let input = &line["input"];
    let rule = &input["retry"];
    let (at, after) = (texts(&rule["at"]), texts(&rule["after"]));
    let codes: Vec<StatusRange> = texts(&rule["error_code"]).into_iter().map(range).collect();
    let spec = Retry {
        at: leaked::list(&at),
        after: leaked::list(&after),
        remaining: rule["remaining"].as_str().map(leaked::text),
        error_code: leaked::list(&codes),
        in_body: rule["in_body"]["path"].as_str().map(|path| RetryInBody {
            path: leaked::text(path),
            pattern: leaked::text(rule["in_body"]["value"].as_str().unwrap()),
            unit: if rule["in_body"]["strategy"] == "at" { WaitUnit::Until } else { WaitUnit::Seconds },
        }),
        ..Retry::EMPTY
    };
    let headers: HeaderMap = input["headers"].as_object().into_iter().flatten().map(header).collect();
    let body = input["body"].to_string();
    let outcome = match input["status"].as_u64() {
        Some(status) => {
            Outcome::Response { status: u16::try_from(status).unwrap(), headers: &headers, body: Some(body.as_bytes()) }
        }
        None => Outcome::Network { sent: true },
    };
    let codes = input["retryOn"].as_array().into_iter().flatten();
    let retry_on: Vec<u16> = codes.map(|code| u16::try_from(code.as_u64().unwrap()).unwrap()).collect();
    let now: Timestamp = line["clock"].as_str().unwrap().parse().unwrap();
    decide(&spec, outcome, 0, &retry_on, now, true, MAX_WAIT)
}

fn texts(value: &Value) -> Vec<&'static str> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).map(leaked::text).collect(),
        other => other.as_str().map(leaked::text).into_iter().collect(),
    }
}

/// `429`, `5xx`, `500-502`.
fn range(text: &str) -> StatusRange {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    StatusRange { first: first.replace('x', "0").parse().unwrap(), last: last.replace('x', "9").parse().unwrap() }
}

fn header((name, value): (&String, &Value)) -> (HeaderName, HeaderValue) {
    (name.parse().unwrap(), HeaderValue::from_str(value.as_str().unwrap()).unwrap())
}
