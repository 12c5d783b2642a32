//! Calls: operations by name, and the proxy.

use super::errors::{ANY, BODY, INTEGRATION, KEY, PROVIDER_LEFT, STORE, TOKEN, UPSTREAM, VALUES};
use super::operation::{ApiAnswer, ApiBody, ApiOperation, ErrorCase, JSON, RefusedAs, anything};
use super::parameter::{ApiParameter, any_text, flag, text};
use crate::input::MAX_BODY;
use http::Method;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

const INTEGRATION_HEADER: ApiParameter =
    ApiParameter::header("Provider-Config-Key", "The integration's key.", text, "github");

const CONNECTION_HEADER: ApiParameter =
    ApiParameter::header("Connection-Id", "The connection's id.", text, "user-42").required();

fn retries() -> Value {
    json!({"type": "integer", "minimum": 0, "maximum": crate::proxy::MAX_RETRIES, "default": 0})
}

fn statuses() -> Value {
    json!({"type": "string", "pattern": "^[0-9]{1,4}(,[0-9]{1,4})*$"})
}

const RETRIES: ApiParameter = ApiParameter::header("Retries", "Extra attempts.", retries, "2");
const RETRY_ON: ApiParameter =
    ApiParameter::header("Retry-On", "Further statuses that are worth another attempt.", statuses, "409,423");
const OVERRIDE: ApiParameter = ApiParameter::header(
    "Base-Url-Override",
    "Another base: one of the provider's hosts or of the integration's `allowed_hosts`.",
    any_text,
    "",
);
const DECOMPRESS: ApiParameter = ApiParameter::header("Decompress", "Decompress the answer.", flag, "");
const FORWARD: ApiParameter = ApiParameter::header(
    "Forward-Headers-On-Redirect",
    "Your headers follow a redirect to another host. Credentials never do.",
    flag,
    "",
);

/// Of both routes, before anything is sent. An unknown connection is a wrong header here.
const HEADERS: &[ErrorCase] = &[(400, "invalid_headers"), (400, "unknown_connection")];

const PASSED_ON: ApiAnswer = ApiAnswer {
    description: "The upstream's answer, passed on: its status, headers and body.",
    media: &[("*/*", anything)],
    headers: &[("keyway-retry-wait", "Seconds to wait before the next call, where the upstream asks for it.")],
    ..ApiAnswer::PLAIN
};

/// Parameters by the vendor's names.
fn parameters(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "object", "description": "The operation's parameters, by the vendor's names."})
}

pub(crate) const CALL_OPERATION: ApiOperation = ApiOperation {
    id: "callOperation",
    method: Method::POST,
    path: "/call/{integration}/{operation}",
    group: "Operations by name",
    summary: "Call an operation of the provider's entry by its name",
    description: "Wrong parameters are refused before anything is sent, all at once. A header `Keyway-Proxy-<Name>` is \
                  passed on as `<Name>`.",
    parameters: &[
        ApiParameter::path("integration", "The integration's key.", "github"),
        ApiParameter::path("operation", "The operation's name.", "issues.list"),
        CONNECTION_HEADER,
        INTEGRATION_HEADER,
        RETRIES,
        RETRY_ON,
        OVERRIDE,
        DECOMPRESS,
        FORWARD,
    ],
    body: Some(ApiBody {
        required: false,
        max: Some(MAX_BODY),
        media: &[(JSON, parameters)],
        examples: &[r#"{"owner": "octocat", "repo": "hello", "labels": ["bug"], "per_page": 50}"#],
    }),
    answers: &[PASSED_ON],
    refusals: RefusedAs::Proxied,
    errors: &[
        ANY,
        KEY,
        STORE,
        BODY,
        HEADERS,
        INTEGRATION,
        PROVIDER_LEFT,
        VALUES,
        UPSTREAM,
        TOKEN,
        &[(404, "unknown_operation"), (422, "invalid_parameters")],
    ],
    ..ApiOperation::PLAIN
};

const PROXY: ApiOperation = ApiOperation {
    path: "/proxy/{target}",
    group: "The proxy",
    summary: "Send a request to the provider's API with a connection's credentials",
    description: "`target` is the rest of the request's target as it was sent, slashes and query included; it is never \
                  decoded. Every method but `CONNECT` and `TRACE` is sent, also those that stand in no list. A header \
                  `Keyway-Proxy-<Name>` is passed on as `<Name>`.",
    parameters: &[
        ApiParameter::path("target", "The path at the provider, with its query.", "user"),
        INTEGRATION_HEADER.required(),
        CONNECTION_HEADER,
        RETRIES,
        RETRY_ON,
        OVERRIDE,
        DECOMPRESS,
        FORWARD,
    ],
    answers: &[PASSED_ON],
    refusals: RefusedAs::Proxied,
    errors: &[ANY, KEY, STORE, BODY, HEADERS, INTEGRATION, PROVIDER_LEFT, VALUES, UPSTREAM, TOKEN],
    ..ApiOperation::PLAIN
};

/// The request's body, as the upstream has it. It is streamed, so it has no bound.
const UPSTREAM_BODY: Option<ApiBody> =
    Some(ApiBody { required: false, max: None, media: &[("*/*", anything)], examples: &[] });

pub(crate) const PROXY_GET: ApiOperation = ApiOperation { id: "proxyGet", ..PROXY };
pub(crate) const PROXY_HEAD: ApiOperation = ApiOperation { id: "proxyHead", method: Method::HEAD, ..PROXY };
pub(crate) const PROXY_OPTIONS: ApiOperation =
    ApiOperation { id: "proxyOptions", method: Method::OPTIONS, body: UPSTREAM_BODY, ..PROXY };
pub(crate) const PROXY_POST: ApiOperation =
    ApiOperation { id: "proxyPost", method: Method::POST, body: UPSTREAM_BODY, ..PROXY };
pub(crate) const PROXY_PUT: ApiOperation =
    ApiOperation { id: "proxyPut", method: Method::PUT, body: UPSTREAM_BODY, ..PROXY };
pub(crate) const PROXY_PATCH: ApiOperation =
    ApiOperation { id: "proxyPatch", method: Method::PATCH, body: UPSTREAM_BODY, ..PROXY };
pub(crate) const PROXY_DELETE: ApiOperation =
    ApiOperation { id: "proxyDelete", method: Method::DELETE, body: UPSTREAM_BODY, ..PROXY };
