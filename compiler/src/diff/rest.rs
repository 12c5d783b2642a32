//! Everything else, value by value.
//!
//! What another file of this module has told is not told again: neither the value at its path, nor one above or below.

use super::requests::same;
use super::side::Pair;
use super::{Change, Kind};
use crate::syntax::{Mapping, Node, Value};

/// The longest text of a value in a message, in characters.
const LONGEST: usize = 60;

/// Values that differ and that no change of `told` is about.
pub(super) fn compare(pair: &Pair<'_>, told: &[Change]) -> Vec<Change> {
    let mut differing = Vec::new();
    maps(&pair.old.entry.body, &pair.new.entry.body, &mut Vec::new(), &mut differing);
    let is_told = |path: &[String]| {
        told.iter().filter_map(|change| change.path.get(1..)).any(|other| {
            let common = other.len().min(path.len());
            other.get(..common) == path.get(..common)
        })
    };
    let rest = differing.into_iter().filter(|(path, _)| !is_told(path));
    rest.map(|(path, message)| {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        pair.change(Kind::Changed, &path, message)
    })
    .collect()
}

type Differing = Vec<(Vec<String>, String)>;

/// Members of two maps. The depth is bounded by the parser.
fn maps(old: &Mapping, new: &Mapping, path: &mut Vec<String>, found: &mut Differing) {
    let keys = old.iter().chain(new.iter().filter(|entry| old.get(&entry.key.name).is_none()));
    for key in keys.map(|entry| &entry.key.name) {
        path.push(key.clone());
        match (old.get(key), new.get(key)) {
            (Some(before), Some(after)) => match (&before.value.value, &after.value.value) {
                (Value::Mapping(before), Value::Mapping(after)) => maps(before, after, path, found),
                _ if same(&before.value, &after.value) => {}
                _ => {
                    let message = format!("`{key}` was {} and is {}", shown(&before.value), shown(&after.value));
                    found.push((path.clone(), message));
                }
            },
            (Some(_), None) => found.push((path.clone(), format!("`{key}` is gone"))),
            (None, Some(after)) => found.push((path.clone(), format!("`{key}` is new: {}", shown(&after.value)))),
            (None, None) => {}
        }
        path.pop();
    }
}

fn shown(node: &Node) -> String {
    let text = match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::Float(value) => value.to_string(),
        Value::Text(text) => text.text.clone(),
        Value::Sequence(_) | Value::Mapping(_) => return node.kind().to_owned(),
    };
    let short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() { format!("`{short}...`") } else { format!("`{short}`") }
}
