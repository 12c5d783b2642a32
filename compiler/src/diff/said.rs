//! Values and their changes in words, naming what changed.

use crate::syntax::{Mapping, Node, Value};

/// The longest text of a value in a message, in characters.
const MAX_VALUE_LENGTH: usize = 60;
/// The most members of a list or map in a message.
const MAX_MEMBERS: usize = 4;

/// `name` and how its value became another one. Both are given, and differ.
pub(super) fn became(name: &str, old: &Node, new: &Node) -> String {
    if let (Some(before), Some(after)) = (scalars(old), scalars(new)) {
        return format!("`{name}` {}", list(&before, &after));
    }
    let (mut was, mut is) = (shown(old), shown(new));
    if was == is || old.kind() != new.kind() {
        (was, is) = (typed(old), typed(new));
    }
    if was == is {
        // Members of both that differ further below.
        return format!("`{name}` is another: {is}");
    }
    format!("`{name}` was {was} and is {is}")
}

/// The changes of a list: what it lost and gained, or what moved.
pub(super) fn list<T: AsRef<str>>(old: &[T], new: &[T]) -> String {
    let lost = only_in(old, new);
    let gained = only_in(new, old);
    match (lost.as_slice(), gained.as_slice()) {
        ([], []) => moved(old, new),
        (lost, []) => format!("lost {}", names(lost)),
        ([], gained) => format!("gained {}", names(gained)),
        (lost, gained) => format!("lost {} and gained {}", names(lost), names(gained)),
    }
}

/// Which member of a list in another order stands where it did not: `live` now stands first.
fn moved<T: AsRef<str>>(old: &[T], new: &[T]) -> String {
    let differs = |(_, (before, after)): &(usize, (&T, &T))| before.as_ref() != after.as_ref();
    match old.iter().zip(new).enumerate().find(differs) {
        Some((0, (_, after))) => format!("has another order: `{}` now stands first", short(after.as_ref())),
        Some((_, (before, after))) => {
            let (before, after) = (short(before.as_ref()), short(after.as_ref()));
            format!("has another order: `{after}` now stands before `{before}`")
        }
        None => "has another length".to_owned(),
    }
}

/// Members of one list that the other has fewer times.
fn only_in<'t, T: AsRef<str>>(one: &'t [T], other: &[T]) -> Vec<&'t str> {
    let mut left: Vec<&str> = other.iter().map(AsRef::as_ref).collect();
    let mut found = Vec::new();
    for member in one.iter().map(AsRef::as_ref) {
        match left.iter().position(|other| *other == member) {
            Some(at) => _ = left.swap_remove(at),
            None => found.push(member),
        }
    }
    found
}

/// A value: a scalar as it is, of anything else what is in it.
pub(super) fn shown(node: &Node) -> String {
    match &node.value {
        Value::Sequence(items) if items.is_empty() => "an empty list".to_owned(),
        Value::Sequence(_) => match scalars(node) {
            Some(items) => format!("the list {}", names(&items.iter().map(String::as_str).collect::<Vec<_>>())),
            None => "a list".to_owned(),
        },
        Value::Mapping(map) if map.entries.is_empty() => "an empty map".to_owned(),
        Value::Mapping(map) => format!("a map of {}", names(&keys(map))),
        _ => format!("`{}`", short(&scalar(node).unwrap_or_default())),
    }
}

/// The same with the type of a scalar.
pub(super) fn typed(node: &Node) -> String {
    match &node.value {
        Value::Text(_) => format!("the text {}", shown(node)),
        Value::Integer(_) | Value::Float(_) => format!("the number {}", shown(node)),
        Value::Bool(_) => format!("the boolean {}", shown(node)),
        Value::Null | Value::Sequence(_) | Value::Mapping(_) => shown(node),
    }
}

fn keys(map: &Mapping) -> Vec<&str> {
    map.iter().map(|entry| entry.key.name.as_str()).collect()
}

/// `a`, `b` and 3 more.
pub(super) fn names(words: &[&str]) -> String {
    let said: Vec<String> = words.iter().take(MAX_MEMBERS).map(|word| format!("`{}`", short(word))).collect();
    let more = words.len().saturating_sub(MAX_MEMBERS);
    if more == 0 { said.join(", ") } else { format!("{} and {more} more", said.join(", ")) }
}

/// The members of a list of scalars; `None` for anything else.
pub(super) fn scalars(node: &Node) -> Option<Vec<String>> {
    node.as_sequence()?.iter().map(scalar).collect()
}

/// The text of a scalar.
pub(super) fn scalar(node: &Node) -> Option<String> {
    match &node.value {
        Value::Null => Some("null".to_owned()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Integer(value) => Some(value.to_string()),
        Value::Float(value) => Some(value.to_string()),
        Value::Text(text) => Some(text.text.clone()),
        Value::Sequence(_) | Value::Mapping(_) => None,
    }
}

/// The beginning of a text, on one line.
pub(super) fn short(text: &str) -> String {
    let line: String = text.chars().take(MAX_VALUE_LENGTH).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(MAX_VALUE_LENGTH).is_some() { format!("{line}...") } else { line }
}
