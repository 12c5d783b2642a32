//! The document: OpenAPI 3.1, whose schemas are JSON Schema 2020-12 as `schemars` writes it.

use super::all::ALL;
use super::errors::NO_ROUTE;
use super::operation::{Access, HTML, JSON};
use super::operation::{ApiAnswer, ApiBody, ApiOperation, RefusedAs, SchemaOf};
use super::parameter::{ApiParameter, ParameterPlace, word};
use crate::answers::ErrorAnswer;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

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

/// The schemas that were named so far: of what is read, and of what is written.
struct Schemas {
    read: SchemaGenerator,
    written: SchemaGenerator,
}

impl Schemas {
    fn new() -> Schemas {
        let settings = || {
            SchemaSettings::draft2020_12().with(|settings| {
                settings.definitions_path = "/components/schemas".into();
                settings.meta_schema = None;
            })
        };
        Schemas {
            read: settings().for_deserialize().into_generator(),
            written: settings().for_serialize().into_generator(),
        }
    }

    fn operation(&mut self, operation: &ApiOperation) -> Value {
        let mut shown = json!({
            "operationId": operation.id,
            "tags": [operation.group],
            "summary": operation.summary,
        });
        let mut put = |name: &str, value: Value| {
            if let Value::Object(members) = &mut shown {
                members.insert(name.to_owned(), value);
            }
        };
        if !operation.description.is_empty() {
            put("description", operation.description.into());
        }
        put(
            "security",
            match operation.access {
                Access::Key => json!([{"apiKey": []}]),
                Access::Person => json!([{"apiKey": []}, {"password": []}]),
                Access::Open => json!([]),
            },
        );
        put("parameters", operation.parameters.iter().map(parameter).collect());
        if let Some(body) = &operation.body {
            put("requestBody", self.body(body));
        }
        let cases: Vec<_> = operation.errors.iter().copied().flatten().copied().collect();
        let mut responses = Map::new();
        for answer in operation.answers {
            let status = match operation.refusals {
                RefusedAs::Proxied => "default".to_owned(),
                _ => answer.status.to_string(),
            };
            responses.insert(status, self.answer(answer));
        }
        for (status, refusal) in self.by_status(&cases, operation.refusals) {
            responses.insert(status.to_string(), refusal);
        }
        put("responses", Value::Object(responses));
        shown
    }

    fn body(&mut self, body: &ApiBody) -> Value {
        let mut shown = json!({
            "required": body.required,
            "content": content(&mut self.read, body.media, body.examples),
        });
        if let (Value::Object(members), Some(max)) = (&mut shown, body.max) {
            members.insert("description".to_owned(), format!("At most {max} bytes.").into());
        }
        shown
    }

    fn answer(&mut self, answer: &ApiAnswer) -> Value {
        let mut shown = json!({"description": answer.description});
        if let Value::Object(members) = &mut shown {
            if !answer.headers.is_empty() {
                members.insert("headers".to_owned(), headers(answer.headers));
            }
            if !answer.media.is_empty() {
                members.insert("content".to_owned(), content(&mut self.written, answer.media, &[answer.example]));
            }
        }
        shown
    }

    /// The refusals of an operation by status. Their codes are an enumeration: no other is answered.
    fn by_status(&mut self, cases: &[(u16, &str)], refusals: RefusedAs) -> BTreeMap<u16, Value> {
        let mut codes: BTreeMap<u16, Vec<&str>> = BTreeMap::new();
        for (status, code) in cases {
            let codes = codes.entry(*status).or_default();
            if !codes.contains(code) {
                codes.push(code);
            }
        }
        let any = self.written.subschema_for::<ErrorAnswer<'_>>();
        let shown = |codes: &[&str]| {
            let error = json!({"allOf": [any, {"properties": {"error": {"properties": {"code": {"enum": codes}}}}}]});
            let (json, page) = (json!({"schema": error}), json!({"schema": {"type": "string"}}));
            let content = match refusals {
                RefusedAs::Json => json!({JSON: json}),
                RefusedAs::Page => json!({HTML: page}),
                RefusedAs::Either => json!({JSON: json, HTML: page}),
                // The upstream may answer with the same status, and anything else.
                RefusedAs::Proxied => json!({"*/*": {}}),
            };
            let names: Vec<String> = codes.iter().map(|code| format!("`{code}`")).collect();
            json!({
                "description": names.join(", "),
                "headers": {"keyway-error": {
                    "description": "The code.",
                    // A form with its problems is no refusal, and an upstream's answer none of this server's.
                    "required": matches!(refusals, RefusedAs::Json | RefusedAs::Page),
                    "schema": {"type": "string", "enum": codes},
                }},
                "content": content,
            })
        };
        codes.into_iter().map(|(status, codes)| (status, shown(&codes))).collect()
    }

    fn definitions(mut self) -> Map<String, Value> {
        let mut all = self.read.take_definitions(true);
        all.extend(self.written.take_definitions(true));
        all.sort_keys();
        all.values_mut().for_each(on_one_line);
        all
    }
}

/// Descriptions are wrapped where the source is; a document has no columns.
fn on_one_line(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            for (name, value) in members {
                match value {
                    Value::String(text) if name == "description" => *text = text.replace('\n', " "),
                    other => on_one_line(other),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(on_one_line),
        _ => {}
    }
}

fn parameter(parameter: &ApiParameter) -> Value {
    let mut shown = json!({
        "name": parameter.name,
        "in": word(parameter.place),
        "required": parameter.required,
        "description": parameter.description,
        "schema": (parameter.schema)(),
    });
    if let Value::Object(members) = &mut shown {
        if parameter.place == ParameterPlace::QueryMembers {
            members.insert("style".to_owned(), "deepObject".into());
            members.insert("explode".to_owned(), true.into());
        }
        if !parameter.example.is_empty() {
            let example = serde_json::from_str(parameter.example).ok().filter(Value::is_number);
            members.insert("example".to_owned(), example.unwrap_or_else(|| parameter.example.into()));
        }
    }
    shown
}

fn headers(headers: &[(&str, &str)]) -> Value {
    let shown = |description: &str| json!({"description": description, "schema": {"type": "string"}});
    headers.iter().map(|(name, description)| ((*name).to_owned(), shown(description))).collect::<Map<_, _>>().into()
}

fn content(generator: &mut SchemaGenerator, media: &[(&str, SchemaOf)], examples: &[&str]) -> Value {
    let mut shown = Map::new();
    for (name, schema) in media {
        let mut value = json!({"schema": schema(generator)});
        let examples: Vec<Value> = examples.iter().filter_map(|text| serde_json::from_str(text).ok()).collect();
        if let (Value::Object(members), JSON) = (&mut value, *name) {
            match examples.as_slice() {
                [] => {}
                [one] => drop(members.insert("example".to_owned(), one.clone())),
                several => {
                    let named =
                        (1..).zip(several).map(|(number, one)| (format!("example{number}"), json!({"value": one})));
                    members.insert("examples".to_owned(), named.collect::<Map<_, _>>().into());
                }
            }
        }
        shown.insert((*name).to_owned(), value);
    }
    Value::Object(shown)
}
