//! When two requests are the same: DESIGN section 10.
//!
//! Method; URL as a URL parser prints it; headers by lower-case name, without those that the recording client added and
//! the name that this program gives itself; body as JSON, as the pairs of a form, else as text.

use keyway::request::USER_AGENT;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Headers that the recording client added: they are not part of the contract.
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

/// A request as both sides write it down.
pub(crate) fn request<'h>(
    method: &str,
    url: &str,
    headers: impl IntoIterator<Item = (&'h str, &'h str)>,
    body: &Value,
) -> Value {
    let headers: BTreeMap<String, Value> = headers
        .into_iter()
        .map(|(name, value)| (name.to_lowercase(), Value::from(in_order(value))))
        .filter(|(name, value)| !NOT_COMPARED.contains(&name.as_str()) && value != "" && value != USER_AGENT)
        .collect();
    json!({
        "method": method, "url": normal_url(url), "headers": headers.into_iter().collect::<Map<_, _>>(),
        "body": normal_body(body),
    })
}

/// The parameters of an `OAuth` header are a set (RFC 5849 section 3.5.1).
fn in_order(value: &str) -> String {
    let Some(parameters) = value.strip_prefix("OAuth ") else { return value.to_owned() };
    let mut parameters: Vec<&str> = parameters.split(',').map(str::trim).collect();
    parameters.sort_unstable();
    format!("OAuth {}", parameters.join(", "))
}

/// The recorded request, in the same form.
pub(crate) fn recorded(given: &Value) -> Value {
    let headers = given["headers"].as_object().into_iter().flatten();
    let headers = headers.filter_map(|(name, value)| Some((name.as_str(), value.as_str()?)));
    request(
        given["method"].as_str().unwrap_or_default(),
        given["url"].as_str().unwrap_or_default(),
        headers,
        given.get("body").unwrap_or(&Value::Null),
    )
}

/// A URL as a parser prints it, without the fragment: it is never sent (RFC 9112 section 3.2).
fn normal_url(url: &str) -> String {
    match url::Url::parse(url) {
        Ok(mut url) => {
            url.set_fragment(None);
            url.into()
        }
        Err(_) => url.to_owned(),
    }
}

fn normal_body(body: &Value) -> Value {
    let Value::String(text) = body else { return body.clone() };
    if text.is_empty() {
        return Value::Null;
    }
    if let Ok(json @ (Value::Object(_) | Value::Array(_))) = serde_json::from_str(text) {
        return json;
    }
    if text.contains('=') && !text.contains(['\n', '<', ' ']) {
        return form_urlencoded::parse(text.as_bytes()).map(|(name, value)| json!([name, value])).collect();
    }
    body.clone()
}
