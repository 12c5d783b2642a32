//! The request that a caller asks for.
//!
//! Data only; [`crate::request`] makes a [`crate::plan::Plan`] of it.

use bytes::Bytes;
use http::header::{HeaderName, HeaderValue};
use std::fmt;
use std::time::Duration;

/// A request as the caller asks for it. Nothing in it is ever a template. Its `Debug` shows names and no values: a
/// caller's query, header or body may hold a secret.
///
/// ```
/// # use keyway_core::request::Call;
/// # use serde_json::json;
/// let list = Call::get("/tickets").query("state", "open").retries(2);
/// assert_eq!((list.method.as_str(), list.endpoint.as_str()), ("GET", "/tickets"));
///
/// let create = Call::new(http::Method::POST, "/tickets").header("idempotency-key", "7").json(json!({"title": "x"}));
/// assert_eq!(format!("{:?}", create.body), "Json(..)");
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Call {
    /// The method.
    pub method: http::Method,
    /// Path and query relative to the base URL, `/` for the base URL itself. An absolute URL below the base URL is that
    /// path; one on another host is a path like any other text, and said in the log, unless
    /// [`Call::refuse_other_hosts`] makes it an error: `base_url_override` is what leads elsewhere. Empty only beside
    /// it.
    pub endpoint: String,
    /// True if an absolute endpoint on another host than the base URL's is an error instead of a path: what calls of a
    /// [`keyway::Client`](https://docs.rs/keyway) have.
    pub refuse_other_hosts: bool,
    /// The endpoint with names in place of values, such as `/users/{id}`, where the program knows it: for traces and
    /// errors, and never sent. Without it traces say nothing of the path, which may hold anything.
    pub endpoint_template: Option<String>,
    /// Extra query parameters, set over those of the endpoint.
    pub query: Vec<(String, String)>,
    /// Extra headers.
    pub headers: Vec<(String, String)>,
    /// Headers that are sent where neither the provider nor `headers` has one of the name: what a proxy passes on of
    /// the request that it serves.
    pub passed: Vec<(HeaderName, HeaderValue)>,
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
    /// True if the call may reach the upstream twice, whatever its method: it carries a key by which the upstream knows
    /// it again. `idempotency-key` and `x-idempotency-key` say so themselves.
    pub repeatable: bool,
    /// The longest time until the response's headers are there, retries included; `None` means the time of
    /// `Builder::call_timeout`.
    pub timeout: Option<Duration>,
    /// Further statuses to retry.
    pub retry_on: Vec<u16>,
    /// True if the response is decompressed.
    pub decompress: bool,
    /// True if the caller's own headers follow a redirect to another host; `None` leaves it to the provider.
    pub forward_headers_on_redirect: Option<bool>,
}

impl Call {
    /// A call of a path below the provider's base URL: see [`Call::endpoint`].
    pub fn new(method: http::Method, endpoint: impl Into<String>) -> Call {
        Call { method, endpoint: endpoint.into(), ..Call::default() }
    }

    /// A GET.
    pub fn get(endpoint: impl Into<String>) -> Call {
        Call::new(http::Method::GET, endpoint)
    }

    /// Sets the method.
    #[must_use]
    pub fn method(mut self, method: http::Method) -> Call {
        self.method = method;
        self
    }

    /// Sets the path and query.
    #[must_use]
    pub fn endpoint(mut self, endpoint: impl Into<String>) -> Call {
        self.endpoint = endpoint.into();
        self
    }

    /// Sets whether an absolute endpoint on another host is an error.
    #[must_use]
    pub fn refuse_other_hosts(mut self, refuse: bool) -> Call {
        self.refuse_other_hosts = refuse;
        self
    }

    /// Sets the endpoint with names in place of values, for traces and errors.
    #[must_use]
    pub fn endpoint_template(mut self, template: impl Into<String>) -> Call {
        self.endpoint_template = Some(template.into());
        self
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Call {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Adds query parameters.
    #[must_use]
    pub fn query_pairs(mut self, pairs: impl IntoIterator<Item = (String, String)>) -> Call {
        self.query.extend(pairs);
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Call {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Adds headers.
    #[must_use]
    pub fn headers(mut self, headers: impl IntoIterator<Item = (String, String)>) -> Call {
        self.headers.extend(headers);
        self
    }

    /// Adds headers that are sent where nothing else has one of the name.
    #[must_use]
    pub fn passed(mut self, headers: impl IntoIterator<Item = (HeaderName, HeaderValue)>) -> Call {
        self.passed.extend(headers);
        self
    }

    /// Sets the body.
    #[must_use]
    pub fn body(mut self, body: CallBody) -> Call {
        self.body = body;
        self
    }

    /// Sets a JSON value as the body.
    #[must_use]
    pub fn json(self, value: serde_json::Value) -> Call {
        self.body(CallBody::Json(value))
    }

    /// Sets another base URL.
    #[must_use]
    pub fn base_url_override(mut self, base_url: impl Into<String>) -> Call {
        self.base_url_override = Some(base_url.into());
        self
    }

    /// Sets how many times a failed call is retried, whatever its method.
    #[must_use]
    pub fn retries(mut self, retries: u32) -> Call {
        self.retries = retries;
        self
    }

    /// Sets how many times a failed call that may reach the upstream twice is retried.
    #[must_use]
    pub fn safe_retries(mut self, retries: u32) -> Call {
        self.safe_retries = Some(retries);
        self
    }

    /// Declares that the call may reach the upstream twice, whatever its method.
    #[must_use]
    pub fn repeatable(mut self) -> Call {
        self.repeatable = true;
        self
    }

    /// Sets the longest time until the response's headers are there, retries included.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Call {
        self.timeout = Some(timeout);
        self
    }

    /// Adds statuses to retry.
    #[must_use]
    pub fn retry_on(mut self, statuses: impl IntoIterator<Item = u16>) -> Call {
        self.retry_on.extend(statuses);
        self
    }

    /// Sets whether the response is decompressed.
    #[must_use]
    pub fn decompress(mut self, decompress: bool) -> Call {
        self.decompress = decompress;
        self
    }

    /// Sets whether the caller's own headers follow a redirect to another host; `None` leaves it to the provider.
    #[must_use]
    pub fn forward_headers_on_redirect(mut self, forward: impl Into<Option<bool>>) -> Call {
        self.forward_headers_on_redirect = forward.into();
        self
    }

    /// The call as errors name it: its method, and the template of its endpoint, else the path without query.
    #[doc(hidden)]
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
#[non_exhaustive]
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
