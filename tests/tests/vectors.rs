//! Requests recorded from the format's first implementation, against what Keyway builds.
//!
//! Runs `proxy`, `proxy_edge` and `authorize` of `../shared/golden` (or of the folder in `KEYWAY_VECTORS`) for the modes that run, and prints a line
//! per file. A difference must fall into a class of [`listed`], recognised from the entry's content and the request,
//! never from a provider's name. Absent here: token exchanges and modes that do not run yet; they are counted.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "in a test, also in its helpers, it is the assertion")]

use keyway::clock::{Clock, Moment, Timestamp};
use keyway::connection::ConfigMap;
use keyway::credentials::{Credentials, Token};
use keyway::integration::IntegrationRecord;
use keyway::request::{self, Call, CallBody, Inputs, Plan};
use keyway::secret::Secret;
use keyway_spec::{Auth, ProviderSpec};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug)]
struct Frozen;

impl Clock for Frozen {
    fn now(&self) -> Timestamp {
        "2026-01-02T03:04:05.000Z".parse().unwrap()
    }

    fn random(&self, bytes: &mut [u8]) -> keyway::Result<()> {
        bytes.fill(0xab);
        Ok(())
    }
}

fn moment() -> Moment {
    Moment { now: Frozen.now(), uuid: "11111111-2222-4333-8444-555555555555".to_owned() }
}

/// What became of a file's lines.
#[derive(Default)]
struct Tally {
    agree: usize,
    listed: BTreeMap<&'static str, usize>,
    not_yet: usize,
    differ: Vec<String>,
}

impl Tally {
    /// Prints the line of a file; fails on an unlisted difference, and where more than `most` percent are listed.
    fn finish(self, file: &str, most: usize) {
        let listed: usize = self.listed.values().sum();
        let (agree, differ, not_yet) = (self.agree, self.differ.len(), self.not_yet);
        println!(
            "{file}: {agree} agree, {listed} differ as listed, {differ} differ, {not_yet} of modes that do not run yet"
        );
        for (class, count) in &self.listed {
            println!("    {count} x {class}");
        }
        let folder = keyway_tests::source::workspace_root().join("target/vectors");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join(format!("{file}.txt")), self.differ.join("\n\n")).unwrap();
        let total = agree + listed + differ;
        assert!(
            self.differ.is_empty(),
            "{file}: {differ} of {total} differ; see target/vectors/{file}.txt, first: {}",
            self.differ[0]
        );
        assert!(agree > 0, "{file}: nothing was compared");
        assert!(listed * 100 <= total * most, "{file}: more than {most} % is on the list ({listed} of {total})");
    }
}

fn lines(file: &str) -> Option<Vec<Value>> {
    let path = match std::env::var_os("KEYWAY_VECTORS") {
        Some(folder) => Some(std::path::PathBuf::from(folder).join(format!("{file}.jsonl"))),
        None => keyway_tests::shared(&format!("golden/{file}.jsonl")),
    };
    let Some(path) = path else {
        println!("skipped: no corpus ({file})");
        return None;
    };
    let text = std::fs::read_to_string(path).unwrap();
    Some(text.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn runs(spec: &ProviderSpec) -> bool {
    match spec.auth {
        Auth::None | Auth::ApiKey | Auth::Basic | Auth::OAuth2(_) => true,
        Auth::OAuth2ClientCredentials(client) => !client.client_certificate,
        _ => false,
    }
}

#[test]
fn proxied_requests_agree_with_the_recorded_ones() {
    proxied("proxy", 3);
    // Twenty-six odd requests, each four times: most of them are there because an answer had to be decided.
    proxied("proxy_edge", 33);
}

fn proxied(file: &str, most: usize) {
    let (Some(lines), Some(specs)) = (lines(file), keyway_tests::corpus::specs()) else { return };
    let mut tally = Tally::default();
    for line in &lines {
        let key = line["provider"].as_str().unwrap();
        let Some(spec) = specs.get(key).filter(|spec| runs(spec)) else {
            tally.not_yet += 1;
            continue;
        };
        let expected = line.get("output").filter(|output| !output.is_null());
        let got = build(spec, &line["input"]);
        match (expected, &got) {
            (Some(expected), Ok(got)) if same(expected, got, line) => tally.agree += 1,
            (None, Err(_)) => tally.agree += 1,
            _ => match listed(line, &got) {
                Some(class) => *tally.listed.entry(class).or_default() += 1,
                None => tally.differ.push(side_by_side(line, &got)),
            },
        }
    }
    tally.finish(file, most);
}

fn side_by_side(line: &Value, got: &Result<Value, String>) -> String {
    let got = match got {
        Ok(value) => value.to_string(),
        Err(error) => format!("error: {error}"),
    };
    let recorded = line.get("output").or(line.get("error"));
    format!(
        "{} {}\n  input    {}\n  recorded {}\n  keyway   {got}",
        line["provider"],
        line["case"],
        line["input"],
        recorded.unwrap_or(&Value::Null)
    )
}

fn build(spec: &ProviderSpec, input: &Value) -> Result<Value, String> {
    let (config, credentials, integration) = (config(input), credentials(spec, input), integration(spec, input));
    let (moment, metadata) = (moment(), Map::new());
    let inputs = Inputs {
        spec,
        integration: &integration,
        config: &config,
        connection_id: "connection-1",
        metadata: &metadata,
        credentials: &credentials,
        moment: &moment,
    };
    let call = call(&input["request"])?;
    request::plan(&inputs, &call).map(|plan| printed(&plan)).map_err(|error| error.to_string())
}

fn printed(plan: &Plan) -> Value {
    let headers: Map<String, Value> =
        plan.headers.iter().map(|header| (header.name.clone(), header.value.expose().into())).collect();
    let body = match &plan.body {
        CallBody::Json(value) => value.clone(),
        CallBody::Form(pairs) => {
            pairs.iter().map(|(name, value)| (name.clone(), Value::from(value.as_str()))).collect()
        }
        CallBody::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned().into(),
        CallBody::Empty | CallBody::Stream => Value::Null,
    };
    serde_json::json!({
        "method": plan.method.as_str(), "url": plan.url.0.as_str(), "headers": headers, "body": body,
    })
}

/// Headers that the recording client added, and ones that follow from a JSON body.
const NOT_COMPARED: [&str; 8] = [
    "host",
    "connection",
    "accept",
    "accept-language",
    "accept-encoding",
    "sec-fetch-mode",
    "content-length",
    "transfer-encoding",
];

fn same(expected: &Value, got: &Value, line: &Value) -> bool {
    let headers = |value: &Value| -> BTreeMap<String, String> {
        let map = value["headers"].as_object().cloned().unwrap_or_default();
        let kept = map.into_iter().filter(|(name, _)| !NOT_COMPARED.contains(&name.as_str()));
        kept.map(|(name, value)| (name.to_lowercase(), value.as_str().unwrap_or_default().to_owned())).collect()
    };
    let (mut wanted, mut have) = (headers(expected), headers(got));
    // The recording stops before the client adds the type of a JSON body.
    if line["input"]["request"].get("data").is_some_and(Value::is_object) && !wanted.contains_key("content-type") {
        have.remove("content-type");
    }
    wanted.retain(|_, value| !value.is_empty());
    let body = |value: &Value| value.get("body").cloned().unwrap_or(Value::Null);
    expected["method"] == got["method"] && same_url(expected, got) && wanted == have && body(expected) == body(got)
}

/// URLs as a URL parser prints them, without the fragment: it is never sent (RFC 9112 section 3.2).
fn same_url(expected: &Value, got: &Value) -> bool {
    let parsed = |value: &Value| {
        let mut url = url::Url::parse(value["url"].as_str().unwrap_or_default()).ok()?;
        url.set_fragment(None);
        Some(String::from(url))
    };
    parsed(expected).is_some() && parsed(expected) == parsed(got)
}

/// Why a difference is meant. Classes follow sections of PROVIDER-FORMAT.
fn listed(line: &Value, got: &Result<Value, String>) -> Option<&'static str> {
    let request = &line["input"]["request"];
    let endpoint = request["endpoint"].as_str().unwrap_or_default();
    let output = line.get("output").unwrap_or(&Value::Null);
    let literal = |value: &Value| value.to_string().contains("${") || value.to_string().contains("$%7B");
    let recorded_url = output["url"].as_str().unwrap_or_default();
    if got.is_err()
        && request["method"].as_str().is_none_or(|method| method.eq_ignore_ascii_case("get"))
        && request.get("data").is_some()
    {
        return Some("a GET with a body is refused (DESIGN 14)");
    }
    if got.is_err() && request["headers"].to_string().contains("\\r\\n") {
        return Some("a header value with a line break is refused (DESIGN 9)");
    }
    if got.is_err() && endpoint.starts_with("https://") {
        return Some("an absolute endpoint on another host is refused, not appended (5.2)");
    }
    if got.is_err() && (endpoint.contains("..") || endpoint.to_lowercase().contains("%2e%2e")) {
        return Some("an endpoint may not leave the base path (5.2)");
    }
    let base = request["baseUrlOverride"].as_str().unwrap_or_default();
    if base.contains("${") || endpoint.contains("${") || endpoint.contains("||") {
        return Some("what a caller passes is never a template (3.7)");
    }
    if endpoint.is_empty() && got.is_ok() && line.get("error").is_some() {
        return Some("an empty endpoint is the base URL itself (5.2)");
    }
    if got.is_err() && literal(&output["url"]) {
        return Some("an unresolved base URL is an error, not literal text (3.7)");
    }
    if got.is_err() && literal(&output["headers"]) {
        return Some("an unresolved header is an error, not literal text (3.7)");
    }
    if got.is_err() && recorded_url.contains("https://http") {
        return Some("a whole URL is refused where the template has the scheme already (3.3)");
    }
    let path_of = |url: &str| url.split_once("://").map_or(String::new(), |(_, rest)| rest.replace("//", "/"));
    if let Ok(got) = got
        && path_of(got["url"].as_str().unwrap_or_default()) == path_of(recorded_url)
    {
        return Some("a slash at the end of a value and one at the start of an endpoint are one (5.2)");
    }
    let dotted = |name: &String| name.contains('.');
    let has_dotted = line["input"]["connection_config"].as_object().is_some_and(|config| config.keys().any(dotted));
    if line.get("error").is_some() && got.is_ok() && has_dotted {
        return Some("a value whose name has a dot is found under its flat name (3.3)");
    }
    None
}

fn config(input: &Value) -> ConfigMap {
    flat(&input["connection_config"])
}

/// Nested maps become dotted names; lists have no use in a configuration.
fn flat(value: &Value) -> BTreeMap<String, String> {
    let mut map = BTreeMap::new();
    let mut open = vec![(String::new(), value)];
    while let Some((prefix, value)) = open.pop() {
        match value {
            Value::Object(object) => open.extend(object.iter().map(|(name, inner)| {
                let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
                (path, inner)
            })),
            Value::String(text) => drop(map.insert(prefix, text.clone())),
            Value::Bool(_) | Value::Number(_) => drop(map.insert(prefix, value.to_string())),
            Value::Null | Value::Array(_) => {}
        }
    }
    map
}

fn credentials(spec: &ProviderSpec, input: &Value) -> Credentials {
    let given = &input["credentials"];
    let text = |name: &str| given[name].as_str().map(Secret::from);
    let tokens: BTreeSet<&str> = ["type", "access_token", "refresh_token", "token", "expires_at", "raw"].into();
    let inputs = given.as_object().into_iter().flatten();
    let inputs = inputs.filter(|(name, _)| !tokens.contains(name.as_str()));
    let inputs = inputs.filter_map(|(name, value)| Some((name.clone(), Secret::from(value.as_str()?)))).collect();
    let access = if matches!(spec.auth, Auth::OAuth2(_)) { text("access_token") } else { text("token") };
    let token = access.map(|access| Token {
        access,
        refresh: text("refresh_token"),
        expires_at: given["expires_at"].as_str().and_then(|text| text.parse().ok()),
        raw: given.get("raw").map(|raw| Secret::from(raw.to_string())),
    });
    Credentials { inputs, token }
}

fn integration(spec: &ProviderSpec, input: &Value) -> IntegrationRecord {
    let given = &input["integration"];
    let custom = given["custom"].as_object().into_iter().flatten();
    IntegrationRecord {
        key: spec.key.to_owned(),
        provider: spec.key.to_owned(),
        client_id: given["oauth_client_id"].as_str().map(str::to_owned),
        client_secret: given["oauth_client_secret"].as_str().map(Secret::from),
        allowed_hosts: vec!["override.example".to_owned(), "*.o.example".to_owned()],
        custom: custom.filter_map(|(name, value)| Some((name.clone(), Secret::from(value.as_str()?)))).collect(),
        ..IntegrationRecord::default()
    }
}

/// A parameter's value as text; a list is its items with commas between them (5.2).
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(text).collect::<Vec<_>>().join(","),
        other => other.to_string(),
    }
}

fn call(request: &Value) -> Result<Call, String> {
    let pairs = |value: &Value| -> Vec<(String, String)> {
        let entries = value.as_object().into_iter().flatten();
        entries.map(|(name, value)| (name.clone(), text(value))).collect()
    };
    let mut endpoint = request["endpoint"].as_str().unwrap_or_default().to_owned();
    // Parameters as text are the recording SDK's; a caller of this library writes them into the endpoint.
    if let Some(text) = request["params"].as_str() {
        if endpoint.contains('?') {
            return Err("parameters in the endpoint and as text".to_owned());
        }
        endpoint = format!("{endpoint}?{}", text.trim_start_matches('?'));
    }
    let method = request["method"].as_str().unwrap_or("GET").to_uppercase();
    Ok(Call {
        method: method.parse().map_err(|_| "not a method".to_owned())?,
        endpoint,
        query: pairs(&request["params"]),
        headers: pairs(&request["headers"]),
        body: match request.get("data") {
            None | Some(Value::Null) => CallBody::Empty,
            Some(Value::String(text)) => CallBody::Bytes(text.clone().into()),
            Some(value) => CallBody::Json(value.clone()),
        },
        base_url_override: request["baseUrlOverride"].as_str().map(str::to_owned),
        ..Call::default()
    })
}
