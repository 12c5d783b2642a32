//! What signing headers cover: the call in canonical form.
//!
//! Parameters are sorted by byte order of their encoded names and values and percent-encoded (RFC 3986, upper-case
//! hexadecimal). Absent here: the signatures.

use super::{Call, CallBody, invalid};
use crate::error::Result;
use crate::template::Signing;
use http::Method;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use url::Url;

/// The parts of a call, after its URL and body are final.
pub(super) fn signing(call: &Call, url: &Url, body: &CallBody) -> Result<Signing> {
    if matches!(body, CallBody::Stream) {
        return Err(invalid("the provider signs the body, so it cannot be streamed: send at most the buffered size"));
    }
    let has_body = matches!(call.method, Method::POST | Method::PUT | Method::PATCH);
    let url_params = join(url.query_pairs().map(|(name, value)| pair(&name, &value)).collect());
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

/// Everything but unreserved characters (RFC 3986 section 2.3).
const RFC3986: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

fn pair(name: &str, value: &str) -> String {
    format!("{}={}", utf8_percent_encode(name, RFC3986), utf8_percent_encode(value, RFC3986))
}

fn join(mut pairs: Vec<String>) -> String {
    pairs.sort_by(|a, b| a.split_once('=').cmp(&b.split_once('=')));
    pairs.join("&")
}

fn body_params(body: &CallBody) -> String {
    match body {
        CallBody::Json(Value::Object(map)) => join(map.iter().map(|(name, value)| pair(name, &plain(value))).collect()),
        CallBody::Json(Value::String(text)) => form_params(text.as_bytes()),
        CallBody::Form(pairs) => join(pairs.iter().map(|(name, value)| pair(name, value)).collect()),
        CallBody::Bytes(bytes) => form_params(bytes),
        CallBody::Json(_) | CallBody::Empty | CallBody::Stream => String::new(),
    }
}

fn form_params(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"?").unwrap_or(bytes);
    join(form_urlencoded::parse(bytes).map(|(name, value)| pair(&name, &value)).collect())
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
