//! The body: the caller's, with the provider's values merged in where the entry has some.
//!
//! Merging is shallow and the provider wins. JSON objects and forms can be merged into; for anything else a provider
//! that needs values in the body gets an error, because without them the request would go out without its credential.
//! Absent here: encoding. A JSON value is written when it is sent.

use super::{Call, CallBody, Inputs, invalid, is_optional, missing};
use crate::error::Result;
use crate::template::{Scope, Text, evaluate};
use bytes::Bytes;
use http::Method;
use keyway_spec::{Entry, Proxy, Value as SpecValue};
use serde_json::{Map, Number, Value};

/// The body of a request.
pub(super) fn build(inputs: &Inputs<'_>, scope: &Scope<'_>, proxy: &Proxy<'_>, call: &Call) -> Result<CallBody> {
    match call.method {
        Method::CONNECT | Method::TRACE => {
            return Err(invalid(format!("the method {} cannot be used", call.method)));
        }
        Method::POST | Method::PUT | Method::PATCH | Method::DELETE => {}
        _ if is_empty(&call.body) => return Ok(CallBody::Empty),
        _ => {
            let message = format!("a {} request has no body: leave it out, or use another method", call.method);
            return Err(invalid(message));
        }
    }
    let injected = map(inputs, scope, proxy.body, 0)?;
    if injected.is_empty() { Ok(call.body.clone()) } else { merge(call, injected) }
}

fn is_empty(body: &CallBody) -> bool {
    match body {
        CallBody::Empty => true,
        CallBody::Bytes(bytes) => bytes.is_empty(),
        CallBody::Json(_) | CallBody::Stream => false,
    }
}

fn merge(call: &Call, injected: Map<String, Value>) -> Result<CallBody> {
    let content_type = call.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let content_type = content_type.map_or("", |(_, value)| value.split(';').next().unwrap_or("").trim());
    let is_json = content_type.is_empty() || content_type.eq_ignore_ascii_case("application/json");
    match &call.body {
        body if is_empty(body) => Ok(CallBody::Json(Value::Object(injected))),
        CallBody::Json(Value::Object(own)) => Ok(json(own.clone(), injected)),
        CallBody::Bytes(bytes) if content_type.eq_ignore_ascii_case("application/x-www-form-urlencoded") => {
            Ok(CallBody::Bytes(form(bytes, &injected)))
        }
        CallBody::Bytes(bytes) if is_json => match serde_json::from_slice(bytes) {
            Ok(Value::Object(own)) => Ok(json(own, injected)),
            _ => Err(unmergeable()),
        },
        CallBody::Stream => Err(invalid(
            "the provider adds values to the body, so it cannot be streamed: send at most the buffered size",
        )),
        _ => Err(unmergeable()),
    }
}

fn unmergeable() -> crate::Error {
    invalid("the provider adds values to the body, so it must be a JSON object or a form")
}

fn json(mut own: Map<String, Value>, injected: Map<String, Value>) -> CallBody {
    own.extend(injected);
    CallBody::Json(Value::Object(own))
}

/// Appends `a[b][c]=value` pairs.
fn form(own: &[u8], injected: &Map<String, Value>) -> Bytes {
    let mut text = String::from_utf8_lossy(own).into_owned();
    let mut pairs = Vec::new();
    for (name, value) in injected {
        flatten(name, value, &mut pairs);
    }
    let added = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    if !text.is_empty() && !added.is_empty() {
        text.push('&');
    }
    text.push_str(&added);
    Bytes::from(text)
}

/// As deep as the value, which is as deep as the entry wrote it (at most [`MAX_DEPTH`]).
fn flatten(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| flatten(&format!("{name}[{key}]"), value, pairs)),
        Value::Array(items) => {
            let numbered = items.iter().enumerate();
            numbered.for_each(|(index, value)| flatten(&format!("{name}[{index}]"), value, pairs));
        }
        Value::String(text) => pairs.push((name.to_owned(), text.clone())),
        other => pairs.push((name.to_owned(), other.to_string())),
    }
}

/// How deep an entry's values may nest.
const MAX_DEPTH: u8 = 32;

/// Evaluated entries. Leaves that need an optional value the customer left out are dropped, and maps left empty.
pub(super) fn map(
    inputs: &Inputs<'_>,
    scope: &Scope<'_>,
    entries: &[Entry<'_>],
    depth: u8,
) -> Result<Map<String, Value>> {
    let mut map = Map::new();
    for entry in entries {
        if let Some(value) = value(inputs, scope, &entry.value, depth)? {
            map.insert(entry.name.to_owned(), value);
        }
    }
    Ok(map)
}

fn value(inputs: &Inputs<'_>, scope: &Scope<'_>, spec: &SpecValue<'_>, depth: u8) -> Result<Option<Value>> {
    if depth > MAX_DEPTH {
        return Err(invalid("the provider's body is nested too deeply"));
    }
    Ok(match spec {
        SpecValue::Null => Some(Value::Null),
        SpecValue::Bool(flag) => Some(Value::Bool(*flag)),
        SpecValue::Integer(number) => Some(Value::Number((*number).into())),
        SpecValue::Float(number) => Number::from_f64(*number).map(Value::Number),
        SpecValue::Text(template) => match evaluate(template, scope)? {
            Text::Resolved(text) => Some(Value::String(text)),
            Text::Unresolved(name) if is_optional(inputs, &name) => None,
            Text::Unresolved(name) => return Err(missing(&name)),
        },
        SpecValue::List(items) => {
            let mut list = Vec::with_capacity(items.len());
            for item in *items {
                list.extend(value(inputs, scope, item, depth + 1)?);
            }
            Some(Value::Array(list))
        }
        SpecValue::Map(entries) => {
            Some(map(inputs, scope, entries, depth + 1)?).filter(|map| !map.is_empty()).map(Value::Object)
        }
    })
}
