//! One value against the kind of its parameter, and texts read by it.

use super::problem::{ParameterFault, list};
use keyway_format::suggest::nearest;
use keyway_spec::operation::{OperationParameter, ValueKind};
use serde_json::Value;

/// A problem of a value, before its parameter is named.
pub(super) type Fault = (ParameterFault, String);

/// The value of a text; an item of a list for the kinds of lists.
pub(super) fn of_text(kind: ValueKind, text: String) -> Result<Value, Fault> {
    let read = match kind {
        ValueKind::String | ValueKind::Strings => Some(Value::from(text)),
        ValueKind::Integer | ValueKind::Integers => integer(&text),
        ValueKind::Number => serde_json::from_str(&text).ok().filter(Value::is_number),
        ValueKind::Boolean => text.parse::<bool>().ok().map(Value::from),
        ValueKind::Any => None,
    };
    read.ok_or_else(|| wrong(kind, true))
}

/// Refuses a value of another kind, and one that is none of those that there are.
pub(super) fn check(parameter: &OperationParameter, value: &Value) -> Result<(), Fault> {
    let fits = match parameter.kind {
        ValueKind::String => value.is_string(),
        ValueKind::Integer => is_integer(value),
        ValueKind::Number => value.is_number(),
        ValueKind::Boolean => value.is_boolean(),
        ValueKind::Strings => items(value).is_some_and(|items| items.iter().all(Value::is_string)),
        ValueKind::Integers => items(value).is_some_and(|items| items.iter().all(is_integer)),
        ValueKind::Any => true,
    };
    if !fits {
        return Err(wrong(parameter.kind, false));
    }
    if parameter.values.is_empty() || parameter.kind == ValueKind::Any {
        return Ok(());
    }
    let whole = std::slice::from_ref(value);
    items(value).unwrap_or(whole).iter().try_for_each(|item| among(parameter.values, item))
}

fn among(values: &'static [&'static str], value: &Value) -> Result<(), Fault> {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    if values.contains(&text.as_str()) {
        return Ok(());
    }
    let all = list(values.iter().copied());
    let message = match nearest(&text, values.iter().copied()) {
        Some(near) => format!("must be one of {all}; did you mean `{near}`?"),
        None => format!("must be one of {all}"),
    };
    Err((ParameterFault::Value, message))
}

/// The kind in words, after "must be".
pub(super) fn words(kind: ValueKind) -> &'static str {
    match kind {
        ValueKind::String => "a text",
        ValueKind::Integer => "a whole number",
        ValueKind::Number => "a number",
        ValueKind::Boolean => "`true` or `false`",
        ValueKind::Strings => "a list of texts",
        ValueKind::Integers => "a list of whole numbers",
        ValueKind::Any => "JSON",
    }
}

fn wrong(kind: ValueKind, is_text: bool) -> Fault {
    let kind = match kind {
        ValueKind::Integers if is_text => ValueKind::Integer,
        kind => kind,
    };
    let message = match kind {
        ValueKind::Any => "may be any JSON, which a text does not say: give it as JSON".to_owned(),
        kind => format!("must be {}", words(kind)),
    };
    (ParameterFault::Kind, message)
}

fn items(value: &Value) -> Option<&[Value]> {
    value.as_array().map(Vec::as_slice)
}

fn is_integer(value: &Value) -> bool {
    value.is_i64() || value.is_u64()
}

/// Digits, perhaps behind a minus.
fn integer(text: &str) -> Option<Value> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    text.parse::<i64>().map(Value::from).or_else(|_| text.parse::<u64>().map(Value::from)).ok()
}
