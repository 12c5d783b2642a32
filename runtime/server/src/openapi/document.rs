//! The document: OpenAPI 3.1, whose schemas are JSON Schema 2020-12 as `schemars` writes it.

use super::all::ALL;
use super::described::Schemas;
use super::errors::NO_ROUTE;
use super::operation::RefusedAs;
use serde_json::{Map, Value, json};

const DESCRIPTION: &str = "Connections, credentials and authenticated requests to other people's APIs. Bodies are JSON \
    objects of at most 1 MiB, of any content type. A member or a query parameter that is not documented is refused. Every \
    refusal has the header `keyway-error` with its code.";

/// The whole document.
pub(crate) fn document() -> Value {
    let mut schemas = Schemas::new();
    let mut paths: Map<String, Value> = Map::new();
    let mut groups: Vec<&str> = Vec::new();
    for operation in ALL {
        if !groups.contains(&operation.group) {
            groups.push(operation.group);
        }
        let shown = schemas.operation(operation);
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        if let Value::Object(path) = path {
            path.insert(operation.method.as_str().to_ascii_lowercase(), shown);
        }
    }
    let no_route = schemas.by_status(NO_ROUTE, RefusedAs::Json);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Keyway",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "The HTTP interface of `keyway serve`.",
            "description": DESCRIPTION,
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
        },
        // Relative to where the document is: below the public URL, whatever its path.
        "servers": [{"url": "."}],
        "tags": groups.iter().map(|name| json!({"name": name})).collect::<Vec<_>>(),
        "paths": paths,
        "components": {
            "schemas": schemas.definitions(),
            "responses": no_route.into_iter().map(|(status, shown)| (format!("NoRoute{status}"), shown)).collect::<Map<_, _>>(),
            "securitySchemes": {
                "apiKey": {"type": "http", "scheme": "bearer", "description": "The API key of the server."},
                "password": {"type": "http", "scheme": "basic", "description": "The API key as a password, under any name."},
            },
        },
    })
}
