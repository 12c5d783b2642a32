//! The body: the caller's, with the provider's values merged in where the entry has some.
//!
//! Merging is shallow and the provider wins; the rest of what the caller wrote keeps its digits, duplicates and
//! escapes. JSON objects, forms and multipart forms can be merged into; for anything else a provider that needs values
//! in the body gets an error, because without them the request would go out without its credential. A JSON object under
//! the media type of a form is sent as one.

use super::{Call, CallBody, Inputs, form, invalid, missing, optional_text};
use crate::error::Result;
use crate::json;
use crate::template::{Scope, Text, evaluate};
use http::Method;
use keyway_spec::{Entry, Proxy, Value as SpecValue};
use serde_json::{Map, Number, Value};

/// The body of a request.
pub(super) fn build(inputs: &Inputs<'_>, scope: &Scope<'_>, proxy: &Proxy, call: &Call) -> Result<CallBody> {
    match call.method {
        Method::CONNECT | Method::TRACE => {
            return Err(invalid(format!("the method {} cannot be used", call.method)));
        }
        Method::POST | Method::PUT | Method::PATCH | Method::DELETE => {}
        _ if is_empty(&call.body) => return Ok(CallBody::Empty),
        // A body means nothing there, and servers refuse it (RFC 9110 sections 9.3.1 and 9.3.2).
        Method::GET | Method::HEAD => {
            let message = format!("a {} request has no body: leave it out, or use another method", call.method);
            return Err(invalid(message));
        }
        // OPTIONS, and every method of an extension: PROPFIND and REPORT (RFC 4918, RFC 3253), SEARCH (RFC 5323),
        // QUERY.
        _ => {}
    }
    let injected = map(inputs, scope, proxy.body, 0)?;
    let content_type = content_type(inputs, scope, proxy, call)?;
    let own = shaped(&call.body, MediaType::of(&content_type))?;
    if injected.is_empty() { Ok(own) } else { merge(own, &content_type, injected) }
}

fn is_empty(body: &CallBody) -> bool {
    match body {
        CallBody::Empty => true,
        CallBody::Bytes(bytes) | CallBody::JsonText(bytes) => bytes.is_empty(),
        CallBody::Json(_) | CallBody::Form(_) | CallBody::Stream => false,
    }
}

/// The media type of a body, as far as it matters here.
#[derive(Clone, Copy, PartialEq, Eq)]
enum MediaType {
    Unsaid,
    Json,
    Form,
    Multipart,
    Other,
}

impl MediaType {
    fn of(content_type: &str) -> MediaType {
        match content_type.split(';').next().unwrap_or("").trim().to_ascii_lowercase().as_str() {
            "" => MediaType::Unsaid,
            "application/x-www-form-urlencoded" => MediaType::Form,
            "multipart/form-data" => MediaType::Multipart,
            // Structured syntax suffixes (RFC 6839): `application/scim+json` and its like.
            name if name == "application/json" || name.ends_with("+json") => MediaType::Json,
            _ => MediaType::Other,
        }
    }
}

/// The `content-type` that will be sent: the caller's, else the provider's; empty if neither sets one.
fn content_type(inputs: &Inputs<'_>, scope: &Scope<'_>, proxy: &Proxy, call: &Call) -> Result<String> {
    if let Some((_, value)) = call.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
        return Ok(value.clone());
    }
    let own = proxy.headers.iter().find(|(name, _)| *name == "content-type");
    Ok(own.map(|(_, template)| optional_text(inputs, scope, template)).transpose()?.flatten().unwrap_or_default())
}

/// The caller's body in the shape that its media type asks for.
fn shaped(body: &CallBody, media: MediaType) -> Result<CallBody> {
    match (body, media) {
        (CallBody::Json(Value::Object(map)), MediaType::Form) => Ok(CallBody::Form(form::pairs(map))),
        (CallBody::JsonText(bytes), MediaType::Form) => match std::str::from_utf8(bytes).ok().map(json::exact) {
            Some(Ok(Value::Object(map))) => Ok(CallBody::Form(form::pairs(&map))),
            _ => Err(no_form()),
        },
        (CallBody::Json(_), MediaType::Form) => Err(no_form()),
        (CallBody::Json(_) | CallBody::JsonText(_) | CallBody::Form(_), MediaType::Multipart) => {
            Err(invalid("a multipart body is sent as it is: pass its bytes, and name its `boundary` in `content-type`"))
        }
        (CallBody::Form(_), MediaType::Json | MediaType::Other) => {
            Err(invalid("the body is a form, but its `content-type` says something else: leave the header out"))
        }
        (body, _) => Ok(body.clone()),
    }
}

fn no_form() -> crate::Error {
    invalid("only a JSON object can be sent as a form: pass an object, or the form itself")
}

fn merge(own: CallBody, content_type: &str, injected: Map<String, Value>) -> Result<CallBody> {
    let media = MediaType::of(content_type);
    match own {
        own if is_empty(&own) && media == MediaType::Form => Ok(CallBody::Form(form::pairs(&injected))),
        own if is_empty(&own) && media != MediaType::Multipart => Ok(CallBody::Json(Value::Object(injected))),
        CallBody::Json(Value::Object(mut own)) => {
            own.extend(injected);
            Ok(CallBody::Json(Value::Object(own)))
        }
        CallBody::Form(mut pairs) => {
            pairs.extend(form::pairs(&injected));
            Ok(CallBody::Form(pairs))
        }
        CallBody::Bytes(bytes) if media == MediaType::Form => {
            Ok(CallBody::Bytes(form::appended(&bytes, &form::pairs(&injected))))
        }
        CallBody::Bytes(bytes) if media == MediaType::Multipart => {
            form::multipart(&bytes, content_type, &form::pairs(&injected)).map(CallBody::Bytes)
        }
        CallBody::Bytes(bytes) if matches!(media, MediaType::Unsaid | MediaType::Json) => {
            json::merged(&bytes, &injected).map(CallBody::JsonText).ok_or_else(unmergeable)
        }
        CallBody::JsonText(bytes) => json::merged(&bytes, &injected).map(CallBody::JsonText).ok_or_else(unmergeable),
        CallBody::Stream => Err(invalid(
            "the provider adds values to the body, so it cannot be streamed: send at most the buffered size",
        )),
        _ => Err(unmergeable()),
    }
}

fn unmergeable() -> crate::Error {
    invalid("the provider adds values to the body, so it must be a JSON object or a form")
}

/// The deepest nesting of an entry's values.
const MAX_DEPTH: u8 = 32;

/// Evaluated entries. Leaves that need an optional value the customer left out are dropped, and maps left empty.
pub(super) fn map(inputs: &Inputs<'_>, scope: &Scope<'_>, entries: &[Entry], depth: u8) -> Result<Map<String, Value>> {
    let mut map = Map::new();
    for entry in entries {
        if let Some(value) = value(inputs, scope, &entry.value, depth)? {
            map.insert(entry.name.to_owned(), value);
        }
    }
    Ok(map)
}

fn value(inputs: &Inputs<'_>, scope: &Scope<'_>, spec: &SpecValue, depth: u8) -> Result<Option<Value>> {
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
            Text::Unresolved(name) if inputs.may_be_missing(name) => None,
            Text::Unresolved(name) => return Err(missing(name)),
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
