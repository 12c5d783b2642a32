//! Retry decisions against those recorded from the original implementation (`golden/retry.jsonl`).
#![cfg(feature = "client")]
#![allow(clippy::unwrap_used)] // a test: a broken vector should stop it

use http::{HeaderMap, HeaderName, HeaderValue};
use keyway::clock::Timestamp;
use keyway::response::retry::{Decision, FIRST_WAIT, LONGEST_WAIT, Outcome, decide};
use keyway_spec::Retry;
use keyway_spec::proxy::{RetryInBody, RetryStrategy, StatusRange};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// Where ours differs on purpose: how a recorded line is recognised, and why, with the section of PROVIDER-FORMAT.
const CLASSES: [(&str, &str); 5] = [
    ("success", "only an error is tried again, whatever the headers of a 2xx answer say (5.7, step 1)"),
    ("date", "a date under `after` is honoured, as RFC 9110 section 10.2.3 allows (5.7)"),
    ("negative", "a negative wait is accepted, and is none (5.7)"),
    ("bound", "a wait of more than ten minutes is not made (5.7, do instead: cap)"),
    ("slashes", "slashes around a pattern are not part of it (5.7, do instead: strip)"),
];

#[test]
fn decisions_agree_with_the_recorded_ones_outside_the_listed_classes() {
    let Some(lines) = vectors("golden/retry.jsonl") else {
        println!("skipped: no corpus");
        return;
    };
    let (mut agree, mut differ, mut unlisted) = (0, BTreeMap::<&str, usize>::new(), Vec::new());
    for line in lines.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        let (ours, recorded) = (ours(&line), recorded(&line["output"]));
        if ours == recorded {
            agree += 1;
        } else if let Some(class) = class(&line, ours) {
            *differ.entry(class).or_default() += 1;
        } else {
            unlisted.push(format!("{} {}: {ours:?}, recorded {recorded:?}", line["provider"], line["case"]));
        }
    }
    println!("retry: {agree} agree, {} differ {differ:?}", differ.values().sum::<usize>() + unlisted.len());
    assert!(unlisted.is_empty(), "{} unlisted:\n{}", unlisted.len(), unlisted.join("\n"));
    let listed: usize = differ.values().sum();
    assert!(listed * 100 <= (agree + listed) * 12, "more than 12 % are on the list: {listed}");
    assert!(agree > 4000, "only {agree} lines were compared");
    for (class, reason) in CLASSES {
        assert!(differ.contains_key(class), "no line differs because {reason}: drop the class");
    }
}

fn class(line: &Value, ours: Decision) -> Option<&'static str> {
    let (case, retry) = (line["case"].as_str().unwrap(), &line["input"]["retry"]);
    let recorded_wait = line["output"]["wait_ms"].as_f64();
    let class = match ours {
        Decision::Stop if line["input"]["status"] == 200 => "success",
        Decision::GiveUp(_) if recorded_wait > Some(600_000.0) => "bound",
        Decision::After(Duration::ZERO) if recorded_wait < Some(0.0) => "negative",
        Decision::After(_) if retry["after"].is_array() && (case.contains("date") || case.contains("iso")) => "date",
        Decision::After(_) if retry["in_body"]["value"].as_str().is_some_and(|p| p.starts_with('/')) => "slashes",
        _ => return None,
    };
    CLASSES.iter().find(|(name, _)| *name == class).map(|(name, _)| *name)
}

fn recorded(output: &Value) -> Decision {
    match (output["retry"].as_bool().unwrap(), output["wait_ms"].as_i64()) {
        (false, _) => Decision::Stop,
        (true, None) => Decision::After(FIRST_WAIT),
        (true, Some(wait)) => {
            u64::try_from(wait).map_or(Decision::Stop, |wait| Decision::After(Duration::from_millis(wait)))
        }
    }
}

fn ours(line: &Value) -> Decision {
    let input = &line["input"];
    let rule = &input["retry"];
    let (at, after) = (texts(&rule["at"]), texts(&rule["after"]));
    let codes: Vec<StatusRange> = texts(&rule["error_code"]).into_iter().map(range).collect();
    let spec = Retry {
        at: &at,
        after: &after,
        remaining: rule["remaining"].as_str(),
        error_code: &codes,
        in_body: rule["in_body"]["path"].as_str().map(|path| RetryInBody {
            path,
            pattern: rule["in_body"]["value"].as_str().unwrap(),
            strategy: if rule["in_body"]["strategy"] == "at" { RetryStrategy::At } else { RetryStrategy::After },
        }),
    };
    let headers: HeaderMap = input["headers"].as_object().into_iter().flatten().map(header).collect();
    let body = input["body"].to_string();
    let outcome = match input["status"].as_u64() {
        Some(status) => {
            Outcome::Response { status: u16::try_from(status).unwrap(), headers: &headers, body: Some(body.as_bytes()) }
        }
        None => Outcome::Network { sent: true },
    };
    let retry_on: Vec<u16> = input["retryOn"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|code| u16::try_from(code.as_u64().unwrap()).unwrap())
        .collect();
    let now: Timestamp = line["clock"].as_str().unwrap().parse().unwrap();
    decide(&spec, outcome, 0, &retry_on, now, true, LONGEST_WAIT)
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        other => other.as_str().into_iter().collect(),
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

/// A file of the shared corpus, if there is one.
fn vectors(path: &str) -> Option<String> {
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared");
    let root = std::env::var_os("KEYWAY_SHARED").map_or_else(beside, PathBuf::from);
    std::fs::read_to_string(root.join(path)).ok()
}
