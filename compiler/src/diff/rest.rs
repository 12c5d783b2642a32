//! Everything else, value by value.
//!
//! A change that another file of this module reported is not reported again: neither the value at its path, nor one
//! above or below. Values below a path of which only the whole was compared get the kind of the whole.

use super::behaviour::Whole;
use super::said::{became, scalars, shown};
use super::side::Pair;
use super::{Change, ChangeKind};
use crate::syntax::{Mapping, Node, Value};

/// Values that differ and that no change of `told` is about.
pub(super) fn compare(pair: &Pair<'_>, told: &[Change], wholes: &[Whole]) -> Vec<Change> {
    let mut differing = Vec::new();
    maps(&pair.old.entry.body, &pair.new.entry.body, &mut Vec::new(), &mut differing);
    let is_told = |path: &[String]| {
        told.iter().filter_map(|change| change.path.get(1..)).any(|other| {
            let common = other.len().min(path.len());
            other.get(..common) == path.get(..common)
        })
    };
    let rest = differing.into_iter().filter(|(path, _)| !is_told(path));
    let mut changes: Vec<Change> = rest
        .map(|(path, message)| {
            let is_of = |whole: &&Whole| path.starts_with(&whole.path) || whole.path.starts_with(&path);
            let kind = wholes.iter().filter(is_of).map(|whole| whole.kind).min().unwrap_or(ChangeKind::Changed);
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            pair.change(kind, &path, message)
        })
        .collect();
    // A whole may follow from keys that stand elsewhere.
    for whole in wholes.iter().filter(|whole| whole.kind.is_breaking()) {
        if !told.iter().chain(&changes).any(|change| change.kind.is_breaking()) {
            let path: Vec<&str> = whole.path.iter().map(String::as_str).collect();
            changes.push(pair.change(whole.kind, &path, format!("what `{}` means is another", path.join("."))));
        }
    }
    changes
}

type Differing = Vec<(Vec<String>, String)>;

/// Members of two maps. The depth is bounded by the parser.
fn maps(old: &Mapping, new: &Mapping, path: &mut Vec<String>, found: &mut Differing) {
    // The letter case of a header's name says nothing (RFC 9110 section 5.1).
    let of_headers = path.last().is_some_and(|name| name.ends_with("headers"));
    let member = |map: &Mapping, key: &str| -> Option<usize> {
        let is = |other: &str| other == key || of_headers && other.eq_ignore_ascii_case(key);
        map.iter().position(|entry| is(&entry.key.name))
    };
    let only_new = new.iter().filter(|entry| member(old, &entry.key.name).is_none());
    for key in old.iter().chain(only_new).map(|entry| &entry.key.name) {
        path.push(key.clone());
        let before = member(old, key).and_then(|at| old.entries.get(at));
        let after = member(new, key).and_then(|at| new.entries.get(at));
        match (before, after) {
            (Some(before), Some(after)) => values(key, &before.value, &after.value, path, found),
            (Some(_), None) => found.push((path.clone(), format!("`{key}` is gone"))),
            (None, Some(after)) => found.push((path.clone(), format!("`{key}` is new: {}", shown(&after.value)))),
            (None, None) => {}
        }
        path.pop();
    }
}

fn values(key: &str, old: &Node, new: &Node, path: &mut Vec<String>, found: &mut Differing) {
    match (&old.value, &new.value) {
        (Value::Mapping(before), Value::Mapping(after)) if !before.entries.is_empty() && !after.entries.is_empty() => {
            maps(before, after, path, found);
        }
        _ if same(old, new) => {}
        (Value::Sequence(before), Value::Sequence(after))
            if before.len() == after.len() && scalars(old).or_else(|| scalars(new)).is_none() =>
        {
            for (index, (before, after)) in before.iter().zip(after).enumerate() {
                path.push(index.to_string());
                values(&format!("{key}.{index}"), before, after, path, found);
                path.pop();
            }
        }
        (Value::Sequence(before), Value::Sequence(after)) if scalars(old).or_else(|| scalars(new)).is_none() => {
            let message = format!("`{key}` had {} members and has {}", before.len(), after.len());
            found.push((path.clone(), message));
        }
        _ => found.push((path.clone(), became(key, old, new))),
    }
}

/// True if two values are equal, wherever they stand. The depth is bounded by the parser.
fn same(old: &Node, new: &Node) -> bool {
    match (&old.value, &new.value) {
        (Value::Mapping(old), Value::Mapping(new)) => {
            old.entries.len() == new.entries.len()
                && old
                    .iter()
                    .all(|entry| new.get(&entry.key.name).is_some_and(|other| same(&entry.value, &other.value)))
        }
        (Value::Sequence(old), Value::Sequence(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new))
        }
        (Value::Text(old), Value::Text(new)) => old.text == new.text,
        (old, new) => old == new,
    }
}

/// True if two maps are equal, the order of their keys included: names of fields depend on it.
pub(super) fn identical(old: &Mapping, new: &Mapping) -> bool {
    let same_value = |old: &Node, new: &Node| match (&old.value, &new.value) {
        (Value::Mapping(old), Value::Mapping(new)) => identical(old, new),
        _ => same(old, new),
    };
    old.entries.len() == new.entries.len()
        && old
            .iter()
            .zip(new.iter())
            .all(|(old, new)| old.key.name == new.key.name && same_value(&old.value, &new.value))
}
