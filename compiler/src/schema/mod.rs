//! The JSON Schema (draft-07) of a catalogue, and the check that it says what the model says.
//!
//! [`json_schema`] is for editors and other tools; [`cross_check`] runs it over entries and compares verdicts. The
//! parts of the schema stand in `catalogue`.

mod catalogue;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::resolve::Resolved;
use crate::syntax::{Mapping, Node, Value as NodeValue};
use catalogue::Catalogue;
use jsonschema::Validator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};
use std::sync::LazyLock;

static INTERNAL_SCHEMA_MISMATCH: Rule = Rule::error("KW0199", "internal-schema-mismatch");

/// The rules this check reports.
pub static RULES: [&Rule; 1] = [&INTERNAL_SCHEMA_MISMATCH];

/// The JSON Schema of a catalogue: a map from provider keys to entries. The same text in every run.
pub fn json_schema() -> Value {
    SchemaSettings::draft07().into_generator().into_root_schema_for::<Catalogue>().to_value()
}

/// The schema, ready to judge; made once in a process.
static VALIDATOR: LazyLock<Result<Validator, String>> =
    LazyLock::new(|| jsonschema::validator_for(&json_schema()).map_err(|error| error.to_string()));

/// Makes the schema ready to judge. It takes longer than judging a large catalogue, and needs none: a program that is
/// about to read one may do it on another thread meanwhile.
pub fn prepare() {
    LazyLock::force(&VALIDATOR);
}

/// Validates entries against the schema. Each comes with the model's verdict (whether it refused the entry); one that
/// differs from the schema's is an internal error.
pub fn cross_check(verdicts: &[(&Resolved, bool)]) -> Diagnostics {
    let validator = match &*VALIDATOR {
        Ok(validator) => validator,
        Err(error) => {
            let broken =
                |(entry, _): &(&Resolved, bool)| mismatch(entry, &format!("the schema itself is broken: {error}"));
            return verdicts.first().map(broken).into_iter().collect();
        }
    };
    let disagreement = |&(entry, refused): &(&Resolved, bool)| {
        let instance = Value::Object(Map::from_iter([(entry.key.name.clone(), mapping_to_json(&entry.body))]));
        match (refused, validator.is_valid(&instance)) {
            (false, false) => {
                let place = validator.iter_errors(&instance).next().map(|error| error.instance_path().to_string());
                let place = place.unwrap_or_default();
                Some(mismatch(entry, &format!("the schema refuses `{place}`, the model does not")))
            }
            (true, true) => Some(mismatch(entry, "the model refuses it, the schema does not")),
            _ => None,
        }
    };
    verdicts.iter().filter_map(disagreement).collect()
}

/// A node as JSON. Order and types survive.
pub fn to_json(node: &Node) -> Value {
    match &node.value {
        NodeValue::Null => Value::Null,
        NodeValue::Bool(value) => Value::from(*value),
        NodeValue::Integer(value) => Value::from(*value),
        NodeValue::Float(value) => Value::from(*value),
        NodeValue::Text(text) => Value::from(text.text.as_str()),
        NodeValue::Sequence(items) => items.iter().map(to_json).collect(),
        NodeValue::Mapping(mapping) => mapping_to_json(mapping),
    }
}

fn mapping_to_json(mapping: &Mapping) -> Value {
    let members = mapping.iter().map(|entry| (entry.key.name.clone(), to_json(&entry.value)));
    Value::Object(members.collect())
}

fn mismatch(entry: &Resolved, what: &str) -> Diagnostic {
    let message = format!("model and schema disagree about `{}`: {what}", entry.key.name);
    Diagnostic::new(&INTERNAL_SCHEMA_MISMATCH, message, entry.key.span)
        .label("this entry")
        .help("this is a bug of keyway: please report it, with the entry")
        .at(std::slice::from_ref(&entry.key.name))
}
