//! Text that knows its place, numbers and booleans that do, and free maps.
//!
//! Nothing here is a template yet: `template` parses a [`Str`] and asks [`Str::span_of`] where its parts stand.

use super::grammar::{AnyName, Grammar};
use super::lowering::Lowering;
use super::value_type::{Below, ValueType};
use crate::diagnostic::{Fix, Rule};
use crate::source::Span;
use crate::syntax::{Key, Node, Text, Value};
use std::marker::PhantomData;
use std::ops::{Deref, Range};

#[cfg(feature = "schema")]
use schemars::{Schema, SchemaGenerator, json_schema};

/// A text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Str {
    /// The text after unescaping.
    pub text: String,
    /// Where it stands, quotes included.
    pub span: Span,
    /// Where its first byte stands if every byte stands in the file verbatim.
    pub verbatim: Option<u32>,
}

impl Str {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Where a range of bytes of the text stands in the file; the whole text where that cannot be said.
    pub fn span_of(&self, range: Range<usize>) -> Span {
        match self.verbatim {
            Some(start) if range.end <= self.text.len() => {
                let start = start as usize;
                Span::new(self.span.file, start + range.start, start + range.end)
            }
            _ => self.span,
        }
    }

    fn read(node: &Node) -> Option<Str> {
        match &node.value {
            Value::Text(Text { text, verbatim }) => {
                Some(Str { text: text.clone(), span: node.span, verbatim: *verbatim })
            }
            _ => None,
        }
    }
}

impl ValueType for Str {
    const TEXT: bool = true;

    fn type_name() -> String {
        "a string".to_owned()
    }

    fn plural() -> String {
        "strings".to_owned()
    }

    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
        let text = Str::read(node);
        if text.is_none() {
            lowering.wrong_type::<Self>(node);
        }
        text
    }

    #[cfg(feature = "schema")]
    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string" })
    }
}

/// A text that follows a grammar. Reads like the [`Str`] it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Validated<G> {
    text: Str,
    grammar: PhantomData<G>,
}

impl<G> Deref for Validated<G> {
    type Target = Str;

    fn deref(&self) -> &Str {
        &self.text
    }
}

impl<G: Grammar> ValueType for Validated<G> {
    const TEXT: bool = true;
    const MISSING: Option<&'static Rule> = G::MISSING;

    fn type_name() -> String {
        G::TYPE_NAME.to_owned()
    }

    fn plural() -> String {
        G::PLURAL.to_owned()
    }

    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
        let Some(text) = Str::read(node) else {
            lowering.wrong_type::<Self>(node);
            return None;
        };
        lowering.grammar::<G>(&text.text, text.span);
        Some(Validated { text, grammar: PhantomData })
    }

    #[cfg(feature = "schema")]
    fn schema(_: &mut SchemaGenerator) -> Schema {
        if G::PATTERN.is_empty() {
            return json_schema!({ "type": "string" });
        }
        json_schema!({ "type": "string", "pattern": G::PATTERN })
    }
}

/// A value with its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

impl ValueType for Spanned<bool> {
    fn type_name() -> String {
        "`true` or `false`".to_owned()
    }

    fn plural() -> String {
        "booleans".to_owned()
    }

    fn mend(node: &Node) -> Option<Fix> {
        let meant = match node.as_str()?.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => "true",
            "false" | "no" | "off" => "false",
            _ => return None,
        };
        Some(Fix::write(node.span, meant))
    }

    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
        let Value::Bool(value) = node.value else {
            lowering.wrong_type::<Self>(node);
            return None;
        };
        Some(Spanned { value, span: node.span })
    }

    #[cfg(feature = "schema")]
    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "boolean" })
    }
}

/// A map whose keys the format fixes, with its place: for what is wrong with the map as a whole. Reads like its keys.
#[derive(Clone, Debug, PartialEq)]
pub struct KeysAt<T> {
    /// The keys.
    pub keys: T,
    /// Where the map stands.
    pub span: Span,
}

impl<T> Deref for KeysAt<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.keys
    }
}

impl<T: ValueType> ValueType for KeysAt<T> {
    fn type_name() -> String {
        T::type_name()
    }

    fn plural() -> String {
        T::plural()
    }

    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
        Some(KeysAt { keys: T::lower(node, lowering)?, span: node.span })
    }

    fn below(visit: &mut dyn FnMut(Below)) {
        T::below(visit);
    }

    #[cfg(feature = "schema")]
    fn schema(generator: &mut SchemaGenerator) -> Schema {
        T::schema(generator)
    }
}

/// The largest integer that every reader of JSON keeps exact.
const MAX_EXACT: i64 = (1 << 53) - 1;

/// Integers by their range: what a key means decides which one it has.
macro_rules! integer {
    ($($ty:ty, $words:literal, $low:expr, $high:expr;)+) => { $(
        impl ValueType for Spanned<$ty> {
            fn type_name() -> String {
                $words.to_owned()
            }

            fn plural() -> String {
                "numbers".to_owned()
            }

            fn mend(node: &Node) -> Option<Fix> {
                let number: i64 = node.as_str()?.parse().ok()?;
                ($low..=$high).contains(&number).then(|| Fix::write(node.span, number.to_string()))
            }

            fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
                let number = whole(node).filter(|number| ($low..=$high).contains(number));
                let Some(value) = number.and_then(|number| <$ty>::try_from(number).ok()) else {
                    lowering.wrong_type::<Self>(node);
                    return None;
                };
                Some(Spanned { value, span: node.span })
            }

            #[cfg(feature = "schema")]
            fn schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!({ "type": "integer", "minimum": $low, "maximum": $high })
            }
        }
    )+ };
}

integer! {
    i64, "a whole number", -MAX_EXACT, MAX_EXACT;
    u64, "a whole number, 0 or more", 0, MAX_EXACT;
    u32, "a whole number from 0 to 4294967295", 0, i64::from(u32::MAX);
}

/// The integer of a number node; `1.0` is one, as it is in JSON Schema.
#[allow(clippy::cast_possible_truncation, reason = "the range and the fraction are checked first")]
fn whole(node: &Node) -> Option<i64> {
    match node.value {
        Value::Integer(number) => Some(number),
        Value::Float(number) if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 => Some(number as i64),
        _ => None,
    }
}

/// A map whose names the file chooses, in file order.
#[derive(Clone, Debug, PartialEq)]
pub struct Map<T, N = AnyName> {
    /// The names with their values.
    pub entries: Vec<(Key, T)>,
    /// The names whose values could not be read, which was reported.
    pub unread: Vec<Key>,
    /// Where the map stands.
    pub span: Span,
    names: PhantomData<N>,
}

impl<T, N> Map<T, N> {
    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.entries.iter().find(|(key, _)| key.name == name).map(|(_, value)| value)
    }

    /// The names with their values, in file order.
    pub fn iter(&self) -> std::slice::Iter<'_, (Key, T)> {
        self.entries.iter()
    }
}

impl<'a, T, N> IntoIterator for &'a Map<T, N> {
    type Item = &'a (Key, T);
    type IntoIter = std::slice::Iter<'a, (Key, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

impl<T: ValueType, N: Grammar> ValueType for Map<T, N> {
    fn type_name() -> String {
        format!("a map of {}", T::plural())
    }

    fn plural() -> String {
        "maps".to_owned()
    }

    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
        let Some(mapping) = node.as_mapping() else {
            lowering.wrong_type::<Self>(node);
            return None;
        };
        let mut entries = Vec::with_capacity(mapping.entries.len());
        let mut unread = Vec::new();
        for entry in mapping {
            let value = lowering.under(&entry.key, |lowering| {
                lowering.grammar::<N>(&entry.key.name, entry.key.span);
                T::lower(&entry.value, lowering)
            });
            match value {
                Some(value) => entries.push((entry.key.clone(), value)),
                None => unread.push(entry.key.clone()),
            }
        }
        Some(Map { entries, unread, span: node.span, names: PhantomData })
    }

    fn below(visit: &mut dyn FnMut(Below)) {
        visit(Below::Any(T::below));
    }

    #[cfg(feature = "schema")]
    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let values = T::schema(generator);
        let mut schema = json_schema!({ "type": "object", "additionalProperties": values });
        if !N::PATTERN.is_empty() {
            schema.insert("propertyNames".to_owned(), serde_json::json!({ "pattern": N::PATTERN }));
        }
        schema
    }
}
