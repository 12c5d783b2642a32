//! A request as it was received: one URL, headers, and parameters by name.

use crate::crypto::percent;
use bytes::Bytes;
use http::{HeaderMap, Method, Request};
use serde_json::Value;
use url::Url;

/// The largest body that is read.
const MAX_BODY: usize = 1 << 20;

/// A request that could be read.
pub(crate) struct ReceivedRequest {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl ReceivedRequest {
    /// Reads a request. Its URL is absolute, or it has a `Host`.
    pub(crate) fn read(request: Request<Bytes>) -> Result<ReceivedRequest, String> {
        let (head, body) = request.into_parts();
        let host = head.headers.get(http::header::HOST).and_then(|host| host.to_str().ok());
        let text = match (head.uri.authority(), host) {
            (Some(authority), Some(host)) if !host.eq_ignore_ascii_case(authority.as_str()) => {
                return Err(format!("the `Host` header is `{host}`, the URL's host `{authority}`"));
            }
            (Some(_), _) => head.uri.to_string(),
            (None, Some(host)) => format!("https://{host}{}", head.uri),
            (None, None) => return Err("there is no host".to_owned()),
        };
        let url = Url::parse(&text).map_err(|error| format!("the URL cannot be read: {error}"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("the URL has user information".to_owned());
        }
        if body.len() > MAX_BODY {
            return Err("the body is too large".to_owned());
        }
        Ok(ReceivedRequest { method: head.method, url, headers: head.headers, body })
    }

    /// A header that is there once; of a repeated one, nothing.
    pub(crate) fn header(&self, name: &str) -> Option<String> {
        let mut values = self.headers.get_all(name).iter();
        let first = values.next()?;
        if values.next().is_some() {
            return None;
        }
        std::str::from_utf8(first.as_bytes()).ok().map(str::to_owned)
    }

    /// The number of times that a header is there.
    pub(crate) fn times(&self, name: &str) -> usize {
        self.headers.get_all(name).iter().count()
    }

    /// The parameters of the URL.
    pub(crate) fn query(&self) -> Vec<(String, String)> {
        self.url.query_pairs().into_owned().collect()
    }

    /// The media type of the body, without its parameters.
    pub(crate) fn media_type(&self) -> String {
        let value = self.header("content-type").unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// The body as a form.
    pub(crate) fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The host, with its port if it is not the scheme's own.
    pub(crate) fn host(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The endpoint below a base path, with its query.
    pub(crate) fn endpoint(&self, base_path: &str) -> String {
        let path = self.url.path();
        let below = path.strip_prefix(base_path.trim_end_matches('/')).unwrap_or(path);
        self.url.query().map_or_else(|| below.to_owned(), |query| format!("{below}?{query}"))
    }

    /// The parameters of the URL, sorted and encoded by RFC 3986.
    pub(crate) fn canonical_query(&self) -> String {
        canonical(self.query())
    }

    /// Canonical parameters of the call: those of the body where there is one, else those of the URL.
    pub(crate) fn canonical_parameters(&self) -> String {
        if !matches!(self.method, Method::POST | Method::PUT | Method::PATCH) {
            return self.canonical_query();
        }
        match self.json() {
            Some(Value::Object(members)) => canonical(
                members
                    .into_iter()
                    .map(|(name, value)| match value {
                        Value::String(text) => (name, text),
                        other => (name, other.to_string()),
                    })
                    .collect(),
            ),
            _ => canonical(self.form()),
        }
    }

    /// The body as text.
    pub(crate) fn body_text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

fn canonical(mut pairs: Vec<(String, String)>) -> String {
    pairs.sort();
    let encoded: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", percent(name), percent(value))).collect();
    encoded.join("&")
}

/// The name that stands in a list twice.
pub(crate) fn duplicate(pairs: &[(String, String)]) -> Option<&str> {
    let repeated =
        pairs.iter().enumerate().find(|(at, (name, _))| pairs.iter().take(*at).any(|(other, _)| other == name));
    repeated.map(|(_, (name, _))| name.as_str())
}
