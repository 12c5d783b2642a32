//! Dotted paths into JSON: reading a value, and making an answer that has one there.
//!
//! `a.b`, `a[0].b`, `a.0.b` and `a[-1].b` (the last item of a list) are understood.

use serde_json::{Map, Value};

/// The largest index of a list that an answer is made with.
const MAX_INDEX: usize = 16;

/// The value at a path. A name that contains dots is found, too.
pub(crate) fn get<'a>(value: &'a Value, path: &str) -> Option<&'a Value> {
    if path.is_empty() {
        return Some(value);
    }
    if let Some(found) = value.get(path) {
        return Some(found);
    }
    parts(path).into_iter().try_fold(value, |value, part| match value {
        Value::Object(members) => members.get(part),
        Value::Array(items) => index(part, items.len()).and_then(|at| items.get(at)),
        _ => None,
    })
}

/// Puts a value at a path, making the objects and lists on the way. What stands in the way is replaced.
pub(crate) fn set(target: &mut Value, path: &str, value: Value) {
    let mut place = target;
    for part in parts(path) {
        let is_index = part.parse::<i64>().is_ok();
        let fits = if is_index { place.is_array() } else { place.is_object() };
        if !fits {
            *place = if is_index { Value::Array(Vec::new()) } else { Value::Object(Map::new()) };
        }
        place = match place {
            Value::Object(members) => members.entry(part).or_insert(Value::Null),
            Value::Array(items) => {
                let at = index(part, items.len()).unwrap_or(0).min(MAX_INDEX);
                while items.len() <= at {
                    items.push(Value::Null);
                }
                let Some(item) = items.get_mut(at) else { return };
                item
            }
            _ => return,
        };
    }
    *place = value;
}

/// The leaves of a value, by dotted names. An empty list or object is a leaf; the whole is none.
pub(crate) fn leaves(value: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    collect(String::new(), value, &mut found);
    found
}

fn collect(name: String, value: &Value, found: &mut Vec<(String, Value)>) {
    let below = |member: &str| if name.is_empty() { member.to_owned() } else { format!("{name}.{member}") };
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().for_each(|(member, value)| collect(below(member), value, found));
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().for_each(|(at, value)| collect(below(&at.to_string()), value, found));
        }
        Value::Object(_) | Value::Array(_) if name.is_empty() => {}
        leaf => found.push((name, leaf.clone())),
    }
}

/// The parts between dots and brackets.
pub(crate) fn parts(path: &str) -> Vec<&str> {
    path.split(['.', '[', ']']).filter(|part| !part.is_empty()).collect()
}

/// The place of an index in a list; a negative one counts from the end.
fn index(part: &str, length: usize) -> Option<usize> {
    let number: i64 = part.parse().ok()?;
    if number >= 0 {
        usize::try_from(number).ok()
    } else {
        length.checked_sub(usize::try_from(number.checked_neg()?).ok()?)
    }
}
