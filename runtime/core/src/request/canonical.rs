//! The input of signing headers: the call in canonical form.
//!
//! Parameters are canonicalised and signatures computed in [`crate::sign`].

use super::{Call, CallBody, invalid};
use crate::error::Result;
use crate::json;
use crate::sign::parameters::{canonical, pairs};
use crate::template::{Signing, refers};
use http::Method;
use keyway_spec::{Proxy, Reference, Root};
use serde_json::Value;
use url::Url;

/// The parts of a call, after its URL and body are final.
pub(super) fn signing(proxy: &Proxy, call: &Call, url: &Url, body: &CallBody) -> Result<Signing> {
    if matches!(body, CallBody::Stream) {
        return Err(invalid("the provider signs the body, so it cannot be streamed: send at most the buffered size"));
    }
    let has_body = matches!(call.method, Method::POST | Method::PUT | Method::PATCH);
    let url_params = canonical(pairs(url.query().unwrap_or_default().as_bytes()));
    let bytes = body.encoded().filter(|_| has_body).unwrap_or_default();
    let text = String::from_utf8(bytes.to_vec()).ok();
    let as_text = |reference: &Reference| reference.root == Root::BodyCanonicalParams;
    if text.is_none() && proxy.headers.iter().any(|(_, template)| refers(template, &as_text)) {
        return Err(invalid("the provider signs the body as text, and it is not UTF-8: send it encoded"));
    }
    let host = url.host_str().unwrap_or_default();
    let content_type = call.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    Ok(Signing {
        method: call.method.as_str().to_ascii_uppercase(),
        host: url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
        path: url.path().to_owned(),
        endpoint: call.endpoint.clone(),
        params: if has_body { body_params(body) } else { url_params.clone() },
        url_canonical_params: url_params,
        body_canonical_params: text.unwrap_or_default(),
        body: bytes,
        content_type: content_type.map_or_else(|| form_type(body).to_owned(), |(_, value)| value.clone()),
    })
}

/// The media type of a form, which the request adds. That of JSON has never been part of what is signed.
fn form_type(body: &CallBody) -> &'static str {
    body.media_type().filter(|_| matches!(body, CallBody::Form(_))).unwrap_or_default()
}

fn body_params(body: &CallBody) -> String {
    match body {
        CallBody::Json(Value::Object(map)) => canonical(map.iter().map(|(name, value)| (name, plain(value)))),
        CallBody::Json(Value::String(text)) => form_params(text.as_bytes()),
        CallBody::JsonText(bytes) => canonical(json::members(bytes).into_iter().flatten().map(as_written)),
        CallBody::Form(pairs) => canonical(pairs.iter().map(|(name, value)| (name, value))),
        CallBody::Bytes(bytes) => form_params(bytes),
        CallBody::Json(_) | CallBody::Empty | CallBody::Stream => String::new(),
    }
}

fn form_params(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"?").unwrap_or(bytes);
    canonical(pairs(bytes))
}

/// A member's name and value, both as text: a string decoded, anything else as it is written.
fn as_written((name, value): (&str, &str)) -> (String, String) {
    let text = |written: &str| json::decoded(written).unwrap_or_else(|| written.to_owned());
    (text(name), text(value))
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
