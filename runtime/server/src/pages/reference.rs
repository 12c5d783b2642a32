//! The API reference of an integration: the operations that its provider's entry lists, each with a line to call it by.

use super::web_link::web_link;
use super::{FormTarget, document};
use crate::link::server_url;
use askama::Template;
use axum::http::StatusCode;
use axum::response::Response;
use keyway::operation::{example, parameters};
use keyway_spec::operation::OperationParameter;
use keyway_spec::{Operation, ProviderSpec};
use serde_json::{Map, Value};
use url::Url;

/// The page of an integration of a provider.
pub(crate) fn reference(public_url: &Url, integration: &str, spec: &ProviderSpec) -> Response {
    let endpoint = |(number, operation)| ShownEndpoint::new(public_url, integration, number, operation);
    let endpoints = (1..).zip(spec.operations).map(endpoint).collect();
    document(StatusCode::OK, &Reference { provider: spec.display_name, integration, endpoints }, FormTarget::None)
}

#[derive(Template)]
#[template(path = "reference.html")]
struct Reference<'a> {
    provider: &'a str,
    integration: &'a str,
    endpoints: Vec<ShownEndpoint>,
}

impl Reference<'_> {
    fn title(&self) -> String {
        format!("API reference of {}", self.provider)
    }
}

/// One operation, as `endpoint.html` shows it.
struct ShownEndpoint {
    /// The id of its command: a number, because names may hold any characters.
    id: String,
    name: &'static str,
    verb: String,
    path: &'static str,
    title: Option<&'static str>,
    docs: Option<String>,
    parameters: Vec<OperationParameter>,
    has_pages: bool,
    curl: String,
}

impl ShownEndpoint {
    fn new(public_url: &Url, integration: &str, number: usize, operation: &'static Operation) -> ShownEndpoint {
        ShownEndpoint {
            id: format!("call-{number}"),
            name: operation.name,
            verb: operation.verb.name().to_uppercase(),
            path: operation.path,
            title: operation.title,
            docs: operation.docs.and_then(|page| web_link(page, "")),
            parameters: parameters(operation),
            has_pages: operation.paginate.is_some(),
            curl: curl(public_url, (integration, "..."), operation, example(operation)),
        }
    }
}

/// A command that calls the operation as a connection with these values.
pub(crate) fn curl(
    public_url: &Url,
    (integration, connection): (&str, &str),
    operation: &Operation,
    values: Map<String, Value>,
) -> String {
    let url = server_url(public_url, &["call", integration, operation.name]);
    let lines = [
        format!("curl {}", quoted(url.as_str())),
        format!("-H \"Authorization: Bearer $KEYWAY_API_KEY\" -H {}", quoted(&format!("Connection-Id: {connection}"))),
        format!("-d {}", quoted(&Value::Object(values).to_string())),
    ];
    lines.join(" \\\n  ")
}

/// A text as one word of a shell.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
