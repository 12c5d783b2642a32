//! Building requests: URL, headers, query, body.
//!
//! [`plan`] turns a connection and a call into the request that will be sent. Templates come from the provider only;
//! whatever a caller passes is taken literally, and stays below the base URL.
//!
//! Pure: nothing here sends, waits, or asks for the time.

mod body;
mod canonical;
mod chosen;
mod encode;
mod form;
mod headers;
mod query;
pub(crate) mod sign;
mod url;
pub(crate) mod verification;

pub use self::headers::is_reserved;
use self::query::Query;
use self::url::Joined;
pub(crate) use self::url::sent_query;
use crate::auth::{self, install_plugin};
use crate::clock::Timestamp;
use crate::connection::PENDING;
use crate::egress::{Egress, EgressPolicy};
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::identity::ClientIdentity;
use crate::inputs::Inputs;
use crate::planned::{PlannedHeader, PlannedUrl};
use crate::secret::Secret;
use crate::template::{Scope, Text, evaluate, refers, value_refers};
use ::url::Url;
use bytes::Bytes;
use keyway_spec::{Auth, Proxy, Reference, Root, Template};
use std::borrow::Cow;
use std::fmt;

/// The `user-agent` (RFC 9110 section 10.1.5) of a program that gives none of its own: `keyway/<version>`.
pub const USER_AGENT: &str = concat!("keyway/", env!("CARGO_PKG_VERSION"));

/// The request for a call. Auth modes whose requests are not built yet are [`ErrorKind::Unsupported`].
///
/// A plan does not say whether its URL may be requested: the sender asks [`egress`].
pub fn plan(inputs: &Inputs<'_>, call: &Call) -> Result<Plan> {
    build(inputs, call).map_err(|error| error.provider(inputs.spec.key).stage(Stage::Request).sent(false))
}

/// Where the request of a call may go: the provider's API hosts and the integration's allowed hosts. The call cannot
/// widen the set; its base-URL override is held against it like any other URL. Where customers name a part of the host,
/// only this connection's own host is left, so neither an override nor a redirect leads to another customer's. Where
/// the entry sends the operator's client secret or its own account along, hosts that a customer names are left out.
pub fn egress(inputs: &Inputs<'_>, policy: EgressPolicy, call: &Call) -> Egress {
    let operators = matches!(inputs.spec.auth, Auth::InstallPlugin(_))
        || inputs.spec.proxy.as_ref().is_some_and(|proxy| carries_operator_secret(inputs, proxy))
        || sign::with_operator_secret(inputs);
    let mut egress = if operators {
        Egress::for_api_with_operator_secret(inputs.spec, inputs.integration, policy)
    } else {
        Egress::for_api(inputs.spec, inputs.integration, policy)
    };
    if egress.is_open() {
        egress = egress.with_own(inputs.integration, &own(inputs, call));
    }
    egress.patterns.extend(chosen::host(inputs));
    egress
}

/// The base URLs that the entry makes of this connection: of its API, and of the probe that proves its credential.
fn own(inputs: &Inputs<'_>, call: &Call) -> Vec<Url> {
    let scope = inputs.scope();
    let probe = inputs.spec.proxy.as_ref().and_then(|proxy| proxy.verification);
    let probe = probe.and_then(|probe| probe.base_url_override).and_then(|base| match evaluate(&base, &scope) {
        Ok(Text::Resolved(text)) => Some(text),
        _ => None,
    });
    // A signature names its host and is worth nothing elsewhere, and an account has a host for each service.
    let signed = matches!(inputs.spec.auth, Auth::AwsSigV4);
    let service = call.base_url_override.clone().filter(|_| signed);
    let base = url::own(inputs, &scope).ok().map(Cow::into_owned);
    [base, probe, service].into_iter().flatten().filter_map(|text| Url::parse(&text).ok()).collect()
}

fn carries_operator_secret(inputs: &Inputs<'_>, proxy: &Proxy) -> bool {
    let operators = |reference: &Reference| inputs.is_operators(reference);
    let named = proxy.headers.iter().chain(proxy.query).map(|(_, template)| template);
    named.chain([&proxy.base_url]).any(|template| refers(template, &operators))
        || proxy.body.iter().any(|entry| value_refers(&entry.value, &operators))
}

fn build(inputs: &Inputs<'_>, call: &Call) -> Result<Plan> {
    let scope = inputs.scope();
    let proxy = inputs.spec.proxy.as_ref().unwrap_or(&Proxy::EMPTY);
    let mode_header = mode_header(inputs, proxy)?;
    let body = body::build(inputs, &scope, proxy, call)?;
    let Joined { mut url, query } = url::build(inputs, &scope, call)?;
    let Query { text: query, secrets: query_secrets } = query::build(inputs, &scope, proxy, call, query)?;
    url.set_query(query.as_deref());
    let signing = headers::need_signing(proxy).then(|| canonical::signing(proxy, call, &url, &body)).transpose()?;
    let scope = Scope { signing: signing.as_ref(), ..scope };
    let headers = headers::build(inputs, &scope, proxy, mode_header, call, &body)?;
    let identity = auth::identity(inputs)?;
    let (url, query) = (PlannedUrl(url), query.map(Secret::new));
    let mut plan = Plan { method: call.method.clone(), url, query, headers, body, query_secrets, identity };
    sign::sign(inputs, call, &mut plan)?;
    Ok(plan)
}

/// The `authorization` value of the auth mode, if it has one of its own.
fn mode_header(inputs: &Inputs<'_>, proxy: &Proxy) -> Result<Option<Secret>> {
    let replaced = proxy.headers.iter().any(|(name, _)| *name == "authorization");
    let credentials = inputs.credentials;
    match inputs.spec.auth {
        // A session's headers are not `authorization`, and a signature comes last.
        Auth::None | Auth::ApiKey | Auth::Bill(_) | Auth::OAuth1(_) | Auth::Tba | Auth::AwsSigV4 => Ok(None),
        Auth::Basic | Auth::InstallPlugin(_) if replaced => Ok(None),
        Auth::Basic => match (credentials.input("username"), credentials.input("password")) {
            (Some(username), Some(password)) => Ok(Some(headers::basic(username, password))),
            (None, _) => Err(missing("username")),
            (_, None) => Err(missing("password")),
        },
        Auth::InstallPlugin(_) => {
            let (username, password) = install_plugin::account(inputs.integration, credentials)?;
            Ok(Some(headers::basic(username, password)))
        }
        Auth::TwoStep(_) if places_its_token(proxy) => Ok(None),
        Auth::OAuth2(_)
        | Auth::OAuth2ClientCredentials(_)
        | Auth::McpOAuth2(_)
        | Auth::McpOAuth2Generic
        | Auth::App(_)
        | Auth::Custom(_)
        | Auth::TwoStep(_)
        | Auth::Jwt(_)
        | Auth::Signature(_) => match &credentials.token {
            Some(token) => Ok(Some(Secret::new(["Bearer ", token.access.expose()].concat()))),
            None if replaced => Ok(None),
            None if inputs.config.contains_key(PENDING) => Err(pending(inputs)),
            None => Err(missing("accessToken")),
        },
    }
}

/// Whether the entry puts the token, or the cookies of its session, into a header of its own.
fn places_its_token(proxy: &Proxy) -> bool {
    let token = |reference: &Reference| reference.root == Root::AccessToken;
    let cookies = |reference: &Reference| reference.root == Root::Credentials && reference.path == "_cookies";
    proxy
        .headers
        .iter()
        .any(|(name, template)| refers(template, &token) || (*name == "cookie" && refers(template, &cookies)))
}

/// The text of a template of the entry; `None` where it may be left out because the customer left out what it needs.
fn optional_text(inputs: &Inputs<'_>, scope: &Scope<'_>, template: &Template) -> Result<Option<String>> {
    match evaluate(template, scope)? {
        Text::Resolved(text) => Ok(Some(text)),
        Text::Unresolved(name) if inputs.may_be_missing(name) => Ok(None),
        Text::Unresolved(name) => Err(missing(name)),
    }
}

fn missing(name: impl fmt::Display) -> Error {
    Error::new(ErrorKind::MissingValue, format!("`{name}` has no value on this connection: set it, or connect again"))
}

/// A connection without credentials whose customer has still to act, or did not in time.
fn pending(inputs: &Inputs<'_>) -> Error {
    let until = inputs.config.get(PENDING).and_then(|until| until.parse::<Timestamp>().ok());
    let message = if until.is_some_and(|until| inputs.moment.now < until) {
        "this connection is pending: it waits for the customer to install the app on the provider's side"
    } else {
        "this connection was not completed on the provider's side in time: start again"
    };
    Error::new(ErrorKind::ReconnectNeeded, message)
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidRequest, message)
}

/// What a caller asks for. Nothing in it is ever a template. Its `Debug` shows names and no values: a caller's query,
/// header or body may hold a secret.
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
    /// Extra headers, in order.
    pub headers: Vec<(String, String)>,
    /// Headers that are sent where neither the provider nor `headers` has one of the name: what a proxy passes on of
    /// the request that it serves.
    pub passed: Vec<(String, String)>,
    /// The body.
    pub body: CallBody,
    /// Another base URL; must be inside the provider's host set or the integration's allowed hosts.
    pub base_url_override: Option<String>,
    /// How many times a failed call is retried. With a number above zero the caller accepts that the call may reach
    /// the upstream twice, whatever its method.
    pub retries: u32,
    /// How many times it is retried if `retries` is zero and its method or an idempotency key says that it may reach
    /// the upstream twice; `None` means the number of [`crate::Builder::retries`].
    pub safe_retries: Option<u32>,
    /// Further statuses to retry.
    pub retry_on: Vec<u16>,
    /// Whether the response is decompressed.
    pub decompress: bool,
    /// Whether the caller's own headers follow a redirect to another host; `None` leaves it to the provider.
    pub forward_headers_on_redirect: Option<bool>,
}

impl Call {
    /// The call as errors name it: its method, and the template of its endpoint, else the path without query.
    pub(crate) fn name(&self) -> String {
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

/// A request ready to be sent, credentials included.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The method.
    pub method: http::Method,
    /// The final URL. May hold a credential: shown only through masking. [`Plan::target`] is what is sent.
    pub url: PlannedUrl,
    /// The query as it is sent. A URL parser respells a part of it: `'` becomes `%27`.
    pub query: Option<Secret>,
    /// Headers in order, names in lower case. Values may hold a credential.
    pub headers: Vec<PlannedHeader>,
    /// The body.
    pub body: CallBody,
    /// Values of the entry's own query parameters: they are in the URL, and must not be in a foreign one.
    pub query_secrets: Vec<Secret>,
    /// The client certificate of the connection (RFC 8705): never shown to a foreign host.
    pub identity: Option<ClientIdentity>,
}

impl Plan {
    /// Names the program that sends the request, unless the entry or the caller said another name.
    #[must_use]
    pub fn named(mut self, program: &str) -> Plan {
        let own = |header: &&mut PlannedHeader| header.name == "user-agent" && !header.injected;
        if let Some(header) = self.headers.iter_mut().find(own).filter(|header| header.value.expose() == USER_AGENT) {
            header.value = Secret::from(program);
        }
        self
    }

    /// The URL as it is sent, the query in the caller's own spelling. May hold a credential.
    pub fn target(&self) -> Cow<'_, str> {
        let Plan { url: PlannedUrl(url), query, .. } = self;
        match query.as_ref().map(Secret::expose) {
            Some(query) if url.query() != Some(query) => {
                let before = &url[..::url::Position::AfterPath];
                Cow::Owned([before, "?", query].concat())
            }
            _ => Cow::Borrowed(url.as_str()),
        }
    }
}
