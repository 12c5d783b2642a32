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
    /// All of them as they are written, and what they mean.
    const WORDS: &'static [(&'static str, &'static str)];
    /// The same as they are read.
    const VALUES: &'static [Self];
}

impl<T: Word> Shape for Spanned<T> {
    fn words() -> String {
        described(T::WORDS)
    }

    fn plural() -> String {
        "words".to_owned()
    }

    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
        let Some(text) = node.as_str() else {
            lowering.wrong_type::<Self>(node);
            return None;
        };
        let value = *T::VALUES.get(position(node, text, T::WORDS, lowering)?)?;
        Some(Spanned { value, span: node.span })
    }

    fn values() -> Vec<(&'static str, &'static str)> {
        T::WORDS.to_vec()
    }

    #[cfg(feature = "schema")]
    fn schema(_: &mut SchemaGenerator) -> Schema {
        one_of(&Self::values())
    }
}

/// What a value is called that is one of these.
fn described(words: &[(&str, &str)]) -> String {
    match words {
        [(only, _)] => format!("`{only}`"),
        all => format!("one of {}", list(&all.iter().map(|(word, _)| *word).collect::<Vec<_>>())),
    }
}

/// Which of the words a text is; reported if none.
fn position(
    node: &Node,
    text: &str,
    words: &[(&'static str, &'static str)],
    lowering: &mut Lowering<'_>,
) -> Option<usize> {
    let position = words.iter().position(|(word, _)| *word == text);
    if position.is_none() {
        lowering.unknown_word(node, text, &words.iter().map(|(word, _)| *word).collect::<Vec<_>>());
    }
    position
}

/// The schema of a word. Editors show `enumDescriptions` beside the words; validators skip it.
#[cfg(feature = "schema")]
pub(in crate::model) fn one_of(values: &[(&str, &str)]) -> Schema {
    let words: Vec<&str> = values.iter().map(|(word, _)| *word).collect();
    let meanings: Vec<String> = values.iter().map(|(_, doc)| crate::model::keys::paragraph(doc)).collect();
    json_schema!({ "enum": words, "enumDescriptions": meanings })
}

/// `` `a`, `b`, `c` ``.
pub(in crate::model) fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}
