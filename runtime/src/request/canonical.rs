//! What signing headers cover: the call in canonical form.
//!
//! Absent here: the spelling of canonical parameters and the signatures, both in [`crate::sign`].

use super::{Call, CallBody, invalid};
use crate::error::Result;
use crate::sign::parameters::canonical;
use crate::template::Signing;
use http::Method;
use serde_json::Value;
use url::Url;

/// The parts of a call, after its URL and body are final.
pub(super) fn signing(call: &Call, url: &Url, body: &CallBody) -> Result<Signing> {
    if matches!(body, CallBody::Stream) {
        return Err(invalid("the provider signs the body, so it cannot be streamed: send at most the buffered size"));
    }
    let has_body = matches!(call.method, Method::POST | Method::PUT | Method::PATCH);
    let url_params = canonical(url.query_pairs());
    let host = url.host_str().unwrap_or_default();
    let content_type = call.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    Ok(Signing {
        method: call.method.as_str().to_ascii_uppercase(),
        host: url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}")),
        path: url.path().to_owned(),
        endpoint: call.endpoint.clone(),
        params: if has_body { body_params(body) } else { url_params.clone() },
        url_canonical_params: url_params,
        body_canonical_params: if has_body { body_text(body) } else { String::new() },
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
        CallBody::Form(pairs) => canonical(pairs.iter().map(|(name, value)| (name, value))),
        CallBody::Bytes(bytes) => form_params(bytes),
        CallBody::Json(_) | CallBody::Empty | CallBody::Stream => String::new(),
    }
}

fn form_params(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"?").unwrap_or(bytes);
    canonical(form_urlencoded::parse(bytes))
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn body_text(body: &CallBody) -> String {
    String::from_utf8_lossy(&body.encoded().unwrap_or_default()).into_owned()
}
