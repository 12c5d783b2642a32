//! A text to a tree: JSON by serde_json, anything else by the compiler's own YAML reader.
//!
//! JSON is YAML too, but documents of ten megabytes are JSON, and the YAML reader takes seconds for them.

use keyway_compiler::diagnostic::Severity;
use keyway_compiler::source::{SourceFile, Sources};
use keyway_compiler::syntax::{self, Node};
use serde_json::{Map, Number, Value};

/// The tree of a text. The error is a sentence with the line.
pub(super) fn tree(name: &str, text: &str) -> Result<Value, String> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with(['{', '[']) {
        return serde_json::from_str(text).map_err(|error| format!("`{name}` is not JSON: {error}"));
    }
    let mut sources = Sources::default();
    let file = sources.add(name, text);
    let (document, found) = syntax::parse(file, text);
    let error = found.iter().find(|found| found.severity == Severity::Error);
    // A file that is one scalar or list is complete; that it is no map is not its mistake.
    if let Some(other) = document.other {
        return Ok(value(&other));
    }
    if let Some(error) = error {
        let line = sources.get(file).map_or(0, |file| line_of(file, error.primary.span.start));
        return Err(format!("`{name}`, line {line}: {}", error.message));
    }
    Ok(Value::Object(map(&document.entries)))
}

fn line_of(file: &SourceFile, offset: u32) -> usize {
    file.line_column(offset as usize).line
}

fn map(mapping: &syntax::Mapping) -> Map<String, Value> {
    mapping.iter().map(|entry| (entry.key.name.clone(), value(&entry.value))).collect()
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
