//! The tree.
//!
//! A collection's span runs from its first child to the end of its last one. The builder bounds the depth, so that
//! functions over trees may recurse.

use crate::source::Span;

/// A value with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// Where it stands: quotes included for quoted scalars.
    pub span: Span,
    /// Its value.
    pub value: Value,
}

/// The value of a node.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`, `~` or nothing.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// Text.
    Text(Text),
    /// A list.
    Sequence(Vec<Node>),
    /// A map.
    Mapping(Mapping),
}

/// Text, and how its characters map to the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The text after unescaping.
    pub text: String,
    /// Where the text begins in the file if every byte of it stands there verbatim; `None` after escapes or folding.
    pub verbatim: Option<u32>,
}

/// A map in file order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mapping {
    /// The entries; keys are unique.
    pub entries: Vec<Entry>,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The key.
    pub key: Key,
    /// The value.
    pub value: Node,
}

/// A key with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Its text.
    pub name: String,
    /// Where it stands.
    pub span: Span,
}

impl Node {
    /// The text of a text node.
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(&text.text),
            _ => None,
        }
    }

    /// The map of a map node.
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match &self.value {
            Value::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The items of a list node.
    pub fn as_sequence(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// Where a range of bytes of this node's text stands in the file; the whole node where that cannot be said.
    pub fn text_span(&self, range: std::ops::Range<usize>) -> Span {
        self.exact_span(range).unwrap_or(self.span)
    }

    /// Where a range of bytes of this node's text stands, if every byte of it stands in the file verbatim.
    pub fn exact_span(&self, range: std::ops::Range<usize>) -> Option<Span> {
        match &self.value {
            Value::Text(Text { text, verbatim: Some(start) }) if range.end <= text.len() => {
                let start = *start as usize;
                Some(Span::new(self.span.file, start + range.start, start + range.end))
            }
            _ => None,
        }
    }

    /// The number of nodes and keys in the tree of this node.
    pub fn size(&self) -> usize {
        1 + match &self.value {
            Value::Sequence(items) => items.iter().map(Node::size).sum::<usize>(),
            Value::Mapping(mapping) => mapping.iter().map(|entry| 1 + entry.value.size()).sum(),
            _ => 0,
        }
    }

    /// The depth of nested collections, this node included; 0 for a scalar.
    pub fn depth(&self) -> usize {
        match &self.value {
            Value::Sequence(items) => 1 + items.iter().map(Node::depth).max().unwrap_or(0),
            Value::Mapping(mapping) => 1 + mapping.iter().map(|entry| entry.value.depth()).max().unwrap_or(0),
            _ => 0,
        }
    }

    /// The name of this kind of value: `a string`, `a map`.
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Integer(_) | Value::Float(_) => "a number",
            Value::Text(_) => "a string",
            Value::Sequence(_) => "a list",
            Value::Mapping(_) => "a map",
        }
    }
}

impl Mapping {
    /// The entry of a key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key.name == key)
    }

    /// The entries in file order.
    pub fn iter(&self) -> std::slice::Iter<'_, Entry> {
        self.entries.iter()
    }
}

impl<'a> IntoIterator for &'a Mapping {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}
