//! Values that are one of a few words.
//!
//! The words themselves are listed beside the keys that take them, with the macro `words!`.

use super::lowering::Lowering;
use super::shape::Shape;
use super::text::Spanned;
use crate::syntax::Node;

#[cfg(feature = "schema")]
use schemars::{Schema, SchemaGenerator, json_schema};

/// One of a few words.
pub(crate) trait Word: Copy + 'static {
    /// All of them: as written, as read, and what they mean.
    const ALL: &'static [(&'static str, Self, &'static str)];
}

impl<T: Word> Shape for Spanned<T> {
    fn words() -> String {
        match T::ALL {
            [(only, _, _)] => format!("`{only}`"),
            all => format!("one of {}", list(all.iter().map(|(word, _, _)| *word))),
        }
    }

    fn plural() -> String {
        "words".to_owned()
    }

    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
        let Some(text) = node.as_str() else {
            lowering.wrong_type::<Self>(node);
            return None;
        };
        let known = T::ALL.iter().find(|(word, _, _)| *word == text);
        if known.is_none() {
            lowering.unknown_word(node, text, T::ALL.iter().map(|(word, _, _)| *word));
        }
        known.map(|(_, value, _)| Spanned { value: *value, span: node.span })
    }

    fn values() -> Vec<(&'static str, &'static str)> {
        T::ALL.iter().map(|(word, _, doc)| (*word, *doc)).collect()
    }

    #[cfg(feature = "schema")]
    fn schema(_: &mut SchemaGenerator) -> Schema {
        one_of(&Self::values())
    }
}

/// The schema of a word. Editors show `enumDescriptions` beside the words; validators skip it.
#[cfg(feature = "schema")]
pub(super) fn one_of(values: &[(&str, &str)]) -> Schema {
    let words: Vec<&str> = values.iter().map(|(word, _)| *word).collect();
    let meanings: Vec<String> = values.iter().map(|(_, doc)| super::keys::paragraph(doc)).collect();
    json_schema!({ "enum": words, "enumDescriptions": meanings })
}

/// `` `a`, `b`, `c` ``.
pub(super) fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
