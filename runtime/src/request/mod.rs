//! Building requests: URL, headers, query, body. Pure: nothing here sends.

use crate::clock::Moment;
use crate::connection::ConfigMap;
use crate::credentials::Credentials;
use crate::integration::IntegrationRecord;
use crate::secret::Secret;
use bytes::Bytes;
use keyway_spec::ProviderSpec;

/// What a caller asks for. Nothing in it is ever a template.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// The method.
    pub method: http::Method,
    /// Path and query relative to the base URL, or an absolute URL on the same base.
    pub endpoint: String,
    /// Extra query parameters, set over those of the endpoint.
    pub query: Vec<(String, String)>,
    /// Extra headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: CallBody,
    /// Another base URL; must be inside the provider's host set or the integration's allowed hosts.
    pub base_url_override: Option<String>,
    /// How many times a failed call is tried again.
    pub retries: u32,
    /// Further statuses that are worth another try.
    pub retry_on: Vec<u16>,
    /// Whether the response is decompressed.
    pub decompress: bool,
    /// Whether the caller's own headers follow a redirect to another host; `None` leaves it to the provider.
    pub forward_headers_on_redirect: Option<bool>,
}

/// The body of a call.
#[derive(Clone, Debug, Default)]
pub enum CallBody {
    /// None.
    #[default]
    Empty,
    /// A JSON value, into which the provider's `proxy.body` is merged.
    Json(serde_json::Value),
    /// Bytes, sent as they are.
    Bytes(Bytes),
    /// A stream whose bytes are sent as they come: `Plan` says only that there is one.
    Stream,
}

/// Everything a request is built from.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// The provider.
    pub spec: &'a ProviderSpec<'a>,
    /// The operator's settings.
    pub integration: &'a IntegrationRecord,
    /// The customer's account.
    pub config: &'a ConfigMap,
    /// The connection's id.
    pub connection_id: &'a str,
    /// The connection's own data.
    pub metadata: &'a serde_json::Map<String, serde_json::Value>,
    /// What it proves itself with.
    pub credentials: &'a Credentials,
    /// The request's instant and UUID.
    pub moment: &'a Moment,
}

/// A request ready to be sent, credentials included.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The method.
    pub method: http::Method,
    /// The final URL. May hold a credential: shown only through masking.
    pub url: PlannedUrl,
    /// Headers in order, names in lower case. Values may hold a credential.
    pub headers: Vec<PlannedHeader>,
    /// The body.
    pub body: CallBody,
}

/// A URL that does not show itself.
#[derive(Clone)]
pub struct PlannedUrl(pub url::Url);

impl std::fmt::Debug for PlannedUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}/..", self.0.scheme(), self.0.host_str().unwrap_or(""))
    }
}

/// A header of a request.
#[derive(Clone, Debug)]
pub struct PlannedHeader {
    /// The name, lower case.
    pub name: String,
    /// The value.
    pub value: Secret,
    /// Whether the entry or the auth mode put it there: it never leaves the provider's hosts.
    pub injected: bool,
}
