//! One operation in the words of OpenAPI, with the schemas that it names.

use super::operation::{Access, ApiAnswer, ApiBody, ApiOperation, HTML, JSON, RefusedAs};
use super::parts::{content, headers, on_one_line, parameter};
use crate::answers::ErrorAnswer;
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The schemas that were named so far: of what is read, and of what is written.
pub(super) struct Schemas {
    read: SchemaGenerator,
    written: SchemaGenerator,
}

impl Schemas {
    pub(super) fn new() -> Schemas {
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

    pub(super) fn operation(&mut self, operation: &ApiOperation) -> Value {
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
    pub(super) fn by_status(&mut self, cases: &[(u16, &str)], refusals: RefusedAs) -> BTreeMap<u16, Value> {
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

    pub(super) fn definitions(mut self) -> Map<String, Value> {
        let mut all = self.read.take_definitions(true);
        all.extend(self.written.take_definitions(true));
        all.sort_keys();
        all.values_mut().for_each(on_one_line);
        all
    }
}
