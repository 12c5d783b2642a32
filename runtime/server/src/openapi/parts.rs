//! The parts of the document that need no other: parameters, headers, contents.

use super::operation::{JSON, SchemaOf};
use super::parameter::{ApiParameter, ParameterPlace, word};
use schemars::SchemaGenerator;
use serde_json::{Map, Value, json};

/// Descriptions are wrapped where the source is; a document has no columns.
pub(super) fn on_one_line(schema: &mut Value) {
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

pub(super) fn parameter(parameter: &ApiParameter) -> Value {
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

pub(super) fn headers(headers: &[(&str, &str)]) -> Value {
    let shown = |description: &str| json!({"description": description, "schema": {"type": "string"}});
    headers.iter().map(|(name, description)| ((*name).to_owned(), shown(description))).collect::<Map<_, _>>().into()
}

pub(super) fn content(generator: &mut SchemaGenerator, media: &[(&str, SchemaOf)], examples: &[&str]) -> Value {
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
