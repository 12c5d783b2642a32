//! The request that a caller asks for.
//!
//! Data only; [`crate::request`] makes a [`crate::plan::Plan`] of it.

use bytes::Bytes;
use std::fmt;

/// A request as the caller asks for it. Nothing in it is ever a template. Its `Debug` shows names and no values: a
/// caller's query, header or body may hold a secret.
#[derive(Clone, Default)]
pub struct Call {
    /// The method.
    pub method: http::Method,
    /// Path and query relative to the base URL, `/` for the base URL itself. An absolute URL below the base URL is that
    /// path; one on another host is a path like any other text, and said in the log: `base_url_override` is what leads
    /// elsewhere. Empty only beside it.
    pub endpoint: String,
    /// The endpoint with names in place of values, such as `/users/{id}`, where the program knows it: for traces and
    /// errors, and never sent. Without it traces say nothing of the path, which may hold anything.
    pub endpoint_template: Option<String>,
    /// Extra query parameters, set over those of the endpoint.
    pub query: Vec<(String, String)>,
    /// Extra headers.
    pub headers: Vec<(String, String)>,
    /// Headers that are sent where neither the provider nor `headers` has one of the name: what a proxy passes on of
    /// the request that it serves.
    pub passed: Vec<(String, String)>,
    /// The body.
    pub body: CallBody,
    /// Another base URL; must be inside the provider's host set or the integration's allowed hosts.
    pub base_url_override: Option<String>,
    /// The number of retries of a failed call. With a number above zero the caller accepts that the call may reach
    /// the upstream twice, whatever its method.
    pub retries: u32,
    /// The number of retries where `retries` is zero, as far as its method or an idempotency key says that
    /// it may reach the upstream twice; `None` means the number of `Builder::retries`.
    pub safe_retries: Option<u32>,
    /// Further statuses to retry.
    pub retry_on: Vec<u16>,
    /// True if the response is decompressed.
    pub decompress: bool,
    /// Whether the caller's own headers follow a redirect to another host; `None` leaves it to the provider.
    pub forward_headers_on_redirect: Option<bool>,
}

impl Call {
    /// The call as errors name it: its method, and the template of its endpoint, else the path without query.
    pub fn name(&self) -> String {
        let endpoint = self.endpoint_template.as_deref().unwrap_or(&self.endpoint);
        let path = endpoint.split(['?', '#']).next().unwrap_or_default();
        format!("{} {path}", self.method)
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = |pairs: &[(String, String)]| pairs.iter().map(|(name, _)| name.clone()).collect::<Vec<_>>();
        f.debug_struct("Call")
            .field("method", &self.method)
            .field("query", &names(&self.query))
            .field("headers", &names(&self.headers))
            .field("body", &self.body)
            .field("retries", &self.retries)
            .field("safe_retries", &self.safe_retries)
            .finish_non_exhaustive()
    }
}

/// The body of a call. Its `Debug` says how much there is, not what.
#[derive(Clone, Default)]
pub enum CallBody {
    /// None.
    #[default]
    Empty,
    /// A JSON value, into which the provider's `proxy.body` is merged.
    Json(serde_json::Value),
    /// A JSON object as text, sent as it is written; the provider's `proxy.body` is merged into it and nothing else
    /// changes.
    JsonText(Bytes),
    /// Names and values, sent as `application/x-www-form-urlencoded`, into which the provider's `proxy.body` is merged.
    Form(Vec<(String, String)>),
    /// Bytes, sent as they are.
    Bytes(Bytes),
    /// A stream whose bytes are sent as they come: `Plan` says only that there is one.
    Stream,
}

impl fmt::Debug for CallBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CallBody::Empty => f.write_str("Empty"),
            CallBody::Json(_) => f.write_str("Json(..)"),
            CallBody::JsonText(bytes) => write!(f, "JsonText({} bytes)", bytes.len()),
            CallBody::Form(pairs) => write!(f, "Form({} pairs)", pairs.len()),
            CallBody::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
            CallBody::Stream => f.write_str("Stream"),
        }
    }
}
