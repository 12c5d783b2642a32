//! An operation as data for machines: what a caller may send, and what is known of the answer.

use super::known::parameters;
use keyway_spec::Operation;
use keyway_spec::operation::{OperationMember, OperationParameter, ValueKind};
use serde_json::{Map, Value, json};

/// `{"name", "verb", "path", "title", "docs", "body", "parameters", "pages", "returns"}`, in the words of the format.
pub fn described(operation: &Operation) -> Value {
    let parameters: Vec<Value> = parameters(operation).iter().map(parameter).collect();
    let returns =
        operation.returns.iter().map(|OperationMember { path, kind }| json!({"path": path, "type": kind.name()}));
    json!({
        "name": operation.name,
        "verb": operation.verb.name(),
        "path": operation.path,
        "title": operation.title,
        "docs": operation.docs,
        "body": operation.body.name(),
        "parameters": parameters,
        "pages": operation.paginate.is_some(),
        "returns": returns.collect::<Vec<_>>(),
    })
}

fn parameter(parameter: &OperationParameter) -> Value {
    json!({
        "name": parameter.name,
        "place": parameter.place.name(),
        "type": parameter.kind.name(),
        "style": parameter.style.name(),
        "values": parameter.values,
        "required": parameter.required,
        "description": parameter.description,
    })
}

/// Values to begin with: what a call needs, with `...` in the place of a text. Without any that has to be given, none.
pub fn example(operation: &Operation) -> Map<String, Value> {
    let needed = parameters(operation).into_iter().filter(|parameter| parameter.required);
    needed.map(|parameter| (parameter.name.to_owned(), of_kind(&parameter))).collect()
}

fn of_kind(parameter: &OperationParameter) -> Value {
    let first = parameter.values.first().copied();
    let text = first.unwrap_or("...");
    let number = first.and_then(|first| first.parse::<i64>().ok()).unwrap_or(1);
    match parameter.kind {
        ValueKind::String => text.into(),
        ValueKind::Integer | ValueKind::Number => number.into(),
        ValueKind::Boolean => true.into(),
        ValueKind::Strings => vec![text].into(),
        ValueKind::Integers => vec![number].into(),
        ValueKind::Any => Value::Object(Map::new()),
    }
}
