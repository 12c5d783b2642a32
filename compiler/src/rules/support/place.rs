//! A value of an entry and where it stands, and walks through what is below one.

use crate::source::Span;
use crate::syntax::{Mapping, Node, Text, Value};
use std::borrow::Cow;

/// The names that lead to a value, from the entry down: borrowed from the file, but for the positions of items.
pub(in crate::rules) type Path<'e> = Vec<Cow<'e, str>>;

/// A value and where it stands.
#[derive(Clone, Debug)]
pub struct Located<'e> {
    /// From the entry down; the entry's own key is not part of it.
    pub path: Path<'e>,
    /// The key of the value; `None` for an item of a list.
    pub key: Option<Span>,
    /// The value.
    pub node: &'e Node,
}

impl Located<'_> {
    /// The last part of the path.
    pub fn name(&self) -> &str {
        self.path.last().map_or("", Cow::as_ref)
    }
}

/// The members of a map at `path`.
pub(in crate::rules) fn members<'e>(path: &[Cow<'e, str>], map: Option<&'e Mapping>) -> Vec<Located<'e>> {
    let entries = map.into_iter().flatten();
    let placed = entries.map(|entry| Located {
        path: below(path, Cow::Borrowed(&entry.key.name)),
        key: Some(entry.key.span),
        node: &entry.value,
    });
    placed.collect()
}

/// A path that is one step longer.
pub(in crate::rules) fn below<'e>(path: &[Cow<'e, str>], name: Cow<'e, str>) -> Path<'e> {
    let mut longer = Vec::with_capacity(path.len() + 1);
    longer.extend_from_slice(path);
    longer.push(name);
    longer
}

/// The path of an item of a list.
pub(in crate::rules) fn item<'e>(path: &[Cow<'e, str>], index: usize) -> Path<'e> {
    below(path, Cow::Owned(index.to_string()))
}

/// Every scalar at or below a value, at most as deep as the parser lets a file be.
pub(in crate::rules) fn leaves<'e>(place: Located<'e>, found: &mut Vec<Located<'e>>) {
    match &place.node.value {
        Value::Mapping(map) => members(&place.path, Some(map)).into_iter().for_each(|member| leaves(member, found)),
        Value::Sequence(items) => {
            for (index, node) in items.iter().enumerate() {
                leaves(Located { path: item(&place.path, index), key: None, node }, found);
            }
        }
        _ => found.push(place),
    }
}

/// Calls `visit` with every text at or below a value and the names that lead to it: nothing is kept of those that are
/// of no interest. At most as deep as the parser lets a file be.
pub(in crate::rules) fn each_text<'e>(
    node: &'e Node,
    path: &mut Vec<Cow<'e, str>>,
    visit: &mut impl FnMut(&[Cow<'e, str>], &'e Node, &'e Text),
) {
    match &node.value {
        Value::Mapping(map) => {
            for entry in map {
                path.push(Cow::Borrowed(&entry.key.name));
                each_text(&entry.value, path, visit);
                path.pop();
            }
        }
        Value::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(Cow::Owned(index.to_string()));
                each_text(item, path, visit);
                path.pop();
            }
        }
        Value::Text(text) => visit(path, node, text),
        _ => {}
    }
}
