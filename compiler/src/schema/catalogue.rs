//! The parts of the schema: a catalogue, an entry, what an entry must have.
//!
//! The schema is the model seen from outside: `schemars` walks the same listings that lowering walks. Every key of
//! every mode is legal at the top of an entry, because a key of another mode is only a warning; what a mode requires
//! stands in one `if`/`then` per mode. An entry with `alias` is checked key by key but need not be complete. This
//! module lists no key of the format but `alias` and `auth_mode`.

use crate::model::auth::{Requirement, When};
use crate::model::grammar::{Grammar, ProviderKey};
use crate::model::{KeyInfo, Mode, ModeKeys as _, described, root_keys};
use crate::resolve::ALIAS_DOC;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};
use std::borrow::Cow;

/// A whole file.
pub(super) struct Catalogue;

impl JsonSchema for Catalogue {
    fn schema_name() -> Cow<'static, str> {
        "Catalogue".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let entry = generator.subschema_for::<Entry>();
        json_schema!({
            "description": "Provider keys and what they stand for.",
            "type": "object",
            "propertyNames": { "pattern": ProviderKey::PATTERN },
            "additionalProperties": entry,
        })
    }
}

/// Any entry: the keys that may stand in it.
struct Entry;

impl JsonSchema for Entry {
    fn schema_name() -> Cow<'static, str> {
        "Entry".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let mut properties = Map::new();
        properties.insert(
            "alias".to_owned(),
            json!({
                "description": ALIAS_DOC,
                "type": "string",
                "pattern": ProviderKey::PATTERN,
            }),
        );
        for key in root_keys() {
            let infos: Vec<&KeyInfo> = key.variants.iter().map(|(info, _)| *info).collect();
            properties.insert(key.name.to_owned(), any_of(&infos, generator));
        }
        let complete = generator.subschema_for::<CompleteEntry>();
        json_schema!({
            "description": "One API: where it is and how to sign in.",
            "type": "object",
            "properties": properties,
            "additionalProperties": false,
            "if": { "required": ["alias"] },
            "else": complete,
        })
    }
}

/// An entry that does not inherit: what must stand in it.
struct CompleteEntry;

impl JsonSchema for CompleteEntry {
    fn schema_name() -> Cow<'static, str> {
        "CompleteEntry".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let modes: Vec<Value> = Mode::ALL.iter().filter_map(|mode| of_mode(*mode, generator)).collect();
        let common = root_keys().iter().flat_map(|key| &key.variants).filter(|(_, modes)| modes.is_empty());
        let required: Vec<&str> = common.filter(|(info, _)| info.required).map(|(info, _)| info.name).collect();
        json_schema!({
            "description": "What an entry without `alias` must have.",
            "required": required,
            "allOf": modes,
        })
    }
}

/// The keys that a mode requires, and its own types.
fn of_mode(mode: Mode, generator: &mut SchemaGenerator) -> Option<Value> {
    let mut required: Vec<&str> = Vec::new();
    mode.visit(&mut |info| required.extend(info.required.then_some(info.name)));
    let mut conditions: Vec<Value> = Vec::new();
    for Requirement { key, when } in mode.requires() {
        let is = |other: &str, text: &str| json!({ "properties": { other: { "const": text } }, "required": [other] });
        let then = json!({ "required": [key] });
        match when {
            When::Always => required.push(key),
            When::Is(other, text) => conditions.push(json!({ "if": is(other, text), "then": then })),
            When::IsNot(other, text) => conditions.push(json!({ "if": is(other, text), "else": then })),
        }
    }
    let mut properties = Map::new();
    for key in root_keys().iter().filter(|key| key.varies()) {
        if let Some(info) = key.in_mode(mode) {
            properties.insert(key.name.to_owned(), (info.schema)(generator).to_value());
        }
    }
    let mut then = Map::new();
    for (name, empty, value) in [
        ("required", required.is_empty(), json!(required)),
        ("properties", properties.is_empty(), Value::Object(properties)),
        ("allOf", conditions.is_empty(), Value::Array(conditions)),
    ] {
        if !empty {
            then.insert(name.to_owned(), value);
        }
    }
    (!then.is_empty()).then(|| {
        let chosen = json!({ "properties": { "auth_mode": { "const": mode.name() } }, "required": ["auth_mode"] });
        json!({ "if": chosen, "then": then })
    })
}

/// The schema of a key, whichever of its meanings applies.
fn any_of(infos: &[&KeyInfo], generator: &mut SchemaGenerator) -> Value {
    let mut schemas: Vec<Value> = Vec::new();
    for info in infos {
        let schema = (info.schema)(generator).to_value();
        if !schemas.contains(&schema) {
            schemas.push(schema);
        }
    }
    let schema = match schemas.as_slice() {
        [only] => only.clone(),
        _ => json!({ "anyOf": schemas }),
    };
    match infos {
        [info, ..] => described(schema, info.doc),
        [] => schema,
    }
}
