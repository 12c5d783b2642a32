//! The JSON Schema of a map whose keys the format fixes, from its listing (feature `schema`).
//!
//! The listings' macro names it, so it stands beside them. What a whole catalogue must have is not here.

use super::value_type::{KeyInfo, Keys};
use super::wording::paragraph;
use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

/// The schema of a map whose keys the format fixes.
pub(crate) fn fixed_map<T: Keys>(doc: &str, generator: &mut SchemaGenerator) -> Schema {
    let mut infos: Vec<&'static KeyInfo> = Vec::new();
    T::visit(&mut |info| infos.push(info));
    let required: Vec<&str> = infos.iter().filter(|info| info.required).map(|info| info.name).collect();
    let properties: Map<String, Value> = infos
        .iter()
        .map(|info| (info.name.to_owned(), described((info.schema)(generator).to_value(), info.doc)))
        .collect();
    let mut schema = json_schema!({
        "description": paragraph(doc),
        "type": "object",
        "properties": properties,
        "additionalProperties": false,
    });
    if !required.is_empty() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema
}

/// A schema with its documentation. A schema that is not an object has no room for it.
pub(crate) fn described(schema: Value, doc: &str) -> Value {
    match schema {
        Value::Object(members) => {
            let mut described = Map::new();
            described.insert("description".to_owned(), json!(paragraph(doc)));
            described.extend(members);
            Value::Object(described)
        }
        Value::Bool(true) => json!({ "description": paragraph(doc) }),
        other => other,
    }
}
