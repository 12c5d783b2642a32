//! Bodies as the format's first implementation put them on the wire (`golden/proxy_wire.jsonl`).
//!
//! Of that file only forms, multipart and compression count: everything else in it is in `proxy.jsonl` too. The inputs
//! of a line stand in `proxy.jsonl` under the same provider and case. Headers that the recording client added on its
//! own are ignored (DESIGN section 10).
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway::clock::Moment;
use keyway::connection::ConfigMap;
use keyway::credentials::{Credentials, Token};
use keyway::inputs::Inputs;
use keyway::integration::IntegrationRecord;
use keyway::request::{self, Call};
use keyway::secret::Secret;
use keyway_spec::ProviderSpec;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// What a recorded line shows beyond JSON.
fn shown(wire: &Value) -> Option<&'static str> {
    let content_type = wire["headers"]["content-type"].as_str().unwrap_or_default();
    let has_body = wire["body"].as_str().is_some_and(|body| !body.is_empty());
    match content_type.split(';').next().unwrap_or_default() {
        _ if wire["headers"]["content-encoding"].is_string() => Some("compression"),
        "application/x-www-form-urlencoded" if has_body => Some("form"),
        "multipart/form-data" if has_body => Some("multipart"),
        _ => None,
    }
}

#[test]
fn recorded_forms_are_sent_byte_for_byte() {
    let (Some(wires), Some(inputs)) = (lines("proxy_wire"), lines("proxy")) else { return };
    let Some(specs) = keyway_tests::corpus::specs() else { return };
    let id = |line: &Value| (line["provider"].to_string(), line["case"].to_string());
    let inputs: BTreeMap<_, _> = inputs.iter().map(|line| (id(line), &line["input"])).collect();
    let mut counted: BTreeMap<&str, usize> = [("compression", 0), ("form", 0), ("multipart", 0)].into();
    for line in &wires {
        let Some(kind) = shown(&line["wire"]) else { continue };
        *counted.entry(kind).or_default() += 1;
        let spec = &specs[line["provider"].as_str().unwrap()];
        let sent = sent(spec, inputs[&id(line)]);
        let wire = &line["wire"];
        let expected = [&wire["headers"]["content-type"], &wire["body"]].map(|value| value.as_str().unwrap());
        assert_eq!(sent.each_ref().map(String::as_str), expected, "{} {}", line["provider"], line["case"]);
    }
    println!("proxy_wire: {counted:?} of {} lines", wires.len());
    assert!(counted["form"] > 0, "nothing was compared");
}

/// The content type and the body that would be sent.
fn sent(spec: &ProviderSpec, input: &Value) -> [String; 2] {
    let given = &input["credentials"];
    let text = |name: &str| given[name].as_str().map(Secret::from);
    let named = ["username", "password", "apiKey"].into_iter();
    let credentials = Credentials::submitted(named.filter_map(|name| Some((name.to_owned(), text(name)?))).collect())
        .token(text("access_token").or_else(|| text("token")).map(Token::new));
    let config = input["connection_config"].as_object().unwrap().iter();
    let config: ConfigMap = config.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.into()))).collect();
    let (integration, metadata) = (IntegrationRecord::default(), Map::new());
    let moment = Moment { now: "2026-01-02T03:04:05Z".parse().unwrap(), uuid: String::new() };
    let inputs = Inputs {
        spec,
        integration: &integration,
        config: &config,
        connection_id: "connection-1",
        metadata: &metadata,
        credentials: &credentials,
        moment: &moment,
    };
    let request = &input["request"];
    let call = Call::new(request["method"].as_str().unwrap().parse().unwrap(), request["endpoint"].as_str().unwrap())
        .json(request["data"].clone());
    let plan = request::plan(&inputs, &call).unwrap();
    let content_type = plan.headers.iter().find(|header| header.name == "content-type").unwrap();
    let body = plan.body.encoded().unwrap();
    [content_type.value.expose().to_owned(), String::from_utf8(body.to_vec()).unwrap()]
}

fn lines(file: &str) -> Option<Vec<Value>> {
    let path = match std::env::var_os("KEYWAY_VECTORS") {
        Some(folder) => Some(std::path::PathBuf::from(folder).join(format!("{file}.jsonl"))),
        None => keyway_tests::shared(&format!("golden/{file}.jsonl")),
    };
    let text = std::fs::read_to_string(path?).unwrap();
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}
