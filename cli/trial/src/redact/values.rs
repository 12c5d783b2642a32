//! JSON values, and texts in all their forms.

use super::names::NameClass;
use super::redaction::Redaction;
use super::shapes::is_url;
use super::{jwt, url, waits};
use serde_json::{Map, Number, Value};

/// A body of JSON.
pub(super) fn json(redaction: &mut Redaction, value: Value) -> String {
    configure(redaction, "", &value);
    redacted(redaction, "", value).to_string()
}

/// Notes what becomes configuration, before anything that may hold it as a part is looked at.
fn configure(redaction: &mut Redaction, name: &str, value: &Value) {
    match value {
        Value::String(text) => drop(redaction.field(name, text)),
        // The same that will be left of it.
        Value::Array(items) => {
            let last = items.last().filter(|_| items.len() > 1);
            items.first().into_iter().chain(last).for_each(|item| configure(redaction, name, item));
        }
        Value::Object(members) => members.iter().for_each(|(name, value)| configure(redaction, name, value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A value by the name of the member that it is in; an item of a list has that of the list.
pub(super) fn redacted(redaction: &mut Redaction, name: &str, value: Value) -> Value {
    match value {
        Value::Null | Value::Bool(_) => value,
        Value::Number(number) => {
            let text = redaction.number(name, &number.to_string());
            text.parse::<Number>().map_or(Value::String(text), Value::Number)
        }
        Value::String(text) => Value::String(self::text(redaction, name, &text)),
        Value::Array(items) => {
            Value::Array(ends(items).into_iter().map(|item| redacted(redaction, name, item)).collect())
        }
        // The parser bounds how deep this goes.
        Value::Object(members) => {
            let mut made = Map::new();
            for (name, value) in members {
                let key = redaction.member(&name);
                let value = redacted(redaction, &name, value);
                made.insert(key, value);
            }
            Value::Object(made)
        }
    }
}

/// The first item and the last one: a list may go on behind its last item.
fn ends(items: Vec<Value>) -> Vec<Value> {
    let last = items.len().saturating_sub(1);
    items.into_iter().enumerate().filter(|(at, _)| *at == 0 || *at == last).map(|(_, item)| item).collect()
}

/// A text: a URL, a path, a token that holds values, or a leaf.
pub(super) fn text(redaction: &mut Redaction, name: &str, text: &str) -> String {
    // A number that is needed stays, also where the same digits were replaced in another place.
    if redaction.is_needed(name, text) {
        return redaction.leaf(name, text);
    }
    if redaction.table.has(text) {
        return redaction.replaced(NameClass::Other, text);
    }
    if let Some(made) = redaction.field(name, text) {
        return made;
    }
    if let Some(made) = redaction.wait.as_ref().and_then(|rule| waits::sentence(rule, redaction.times, name, text)) {
        return redaction.stay(&made);
    }
    if is_url(text) {
        return url::whole(redaction, text);
    }
    let is_path = text.starts_with('/') && text.len() > 1 && !text.contains(char::is_whitespace);
    if is_path || (text.starts_with('?') && text.contains('=')) {
        return url::below(redaction, text);
    }
    if let Some(claims) = jwt::claims(text) {
        let claims = redacted(redaction, "", claims);
        let made = jwt::of_claims(&claims);
        redaction.table.set(text, &made);
        return made;
    }
    redaction.leaf(name, text)
}
