//! A text to a tree: JSON by serde_json, anything else by the compiler's own YAML reader.
//!
//! JSON is YAML too, but documents of ten megabytes are JSON, and the YAML reader takes seconds for them.

use keyway_compiler::source::{SourceFile, Sources};
use keyway_compiler::syntax::{self, Node};
use serde_json::{Map, Number, Value};

/// The key that merges other maps.
const MERGE: &str = "<<";

/// The tree of a text. The error is a sentence with the line.
pub(super) fn tree(name: &str, text: &str) -> Result<Value, String> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with(['{', '[']) {
        return serde_json::from_str(text).map_err(|error| format!("`{name}` is not JSON: {error}"));
    }
    let mut sources = Sources::default();
    let file = sources.add(name, text);
    match syntax::parse_foreign(file, text) {
        Ok(root) => Ok(root.as_ref().map_or(Value::Null, value)),
        Err(error) => {
            let line = sources.get(file).map_or(0, |file| line_of(file, error.primary.span.start));
            Err(format!("`{name}`, line {line}: {}", error.message))
        }
    }
}

fn line_of(file: &SourceFile, offset: u32) -> usize {
    file.line_column(offset as usize).line
}

/// The members of a map, and those that `<<` merges into it (YAML 1.1, "Merge Key"): its own come first.
fn map(mapping: &syntax::Mapping) -> Map<String, Value> {
    let mut map = Map::new();
    let own = mapping.iter().filter(|entry| entry.key.name != MERGE);
    map.extend(own.map(|entry| (entry.key.name.clone(), value(&entry.value))));
    for merged in mapping.get(MERGE).iter().flat_map(|entry| match &entry.value.value {
        syntax::Value::Sequence(items) => items.as_slice(),
        _ => std::slice::from_ref(&entry.value),
    }) {
        if let syntax::Value::Mapping(merged) = &merged.value {
            for (key, value) in self::map(merged) {
                map.entry(key).or_insert(value);
            }
        }
    }
    map
}

/// The depth is bounded by the reader.
fn value(node: &Node) -> Value {
    match &node.value {
        syntax::Value::Null => Value::Null,
        syntax::Value::Bool(flag) => Value::Bool(*flag),
        syntax::Value::Integer(number) => Value::Number((*number).into()),
        syntax::Value::Float(number) => Number::from_f64(*number).map_or(Value::Null, Value::Number),
        syntax::Value::Text(text) => Value::String(text.text.clone()),
        syntax::Value::Sequence(items) => Value::Array(items.iter().map(value).collect()),
        syntax::Value::Mapping(mapping) => Value::Object(map(mapping)),
    }
}
