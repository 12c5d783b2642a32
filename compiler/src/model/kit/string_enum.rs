//! Values that are one of a few words.
//!
//! The words themselves are listed beside the keys that take them, with the macro `string_enum!`.

use super::lowering::Lowering;
use super::text::Spanned;
use super::value_type::ValueType;
use super::wording::list;
use crate::syntax::Node;

#[cfg(feature = "schema")]
use super::wording::paragraph;
#[cfg(feature = "schema")]
use schemars::{Schema, SchemaGenerator, json_schema};

/// One of a few words.
pub(crate) trait StringEnum: Copy + 'static {
    /// All of them as they are written, and what they mean.
    const TEXTS: &'static [(&'static str, &'static str)];
    /// The same as they are read.
    const VALUES: &'static [Self];
}

impl<T: StringEnum> ValueType for Spanned<T> {
    fn type_name() -> String {
        described(T::TEXTS)
    }

    fn plural() -> String {
        "words".to_owned()
    }

    fn lower(node: &Node, lowering: &mut Lowering<'_>) -> Option<Self> {
        let Some(text) = node.as_str() else {
            lowering.wrong_type::<Self>(node);
            return None;
        };
        let value = *T::VALUES.get(position(node, text, T::TEXTS, lowering)?)?;
        Some(Spanned { value, span: node.span })
    }

    fn values() -> Vec<(&'static str, &'static str)> {
        T::TEXTS.to_vec()
    }

    #[cfg(feature = "schema")]
    fn schema(_: &mut SchemaGenerator) -> Schema {
        one_of(&Self::values())
    }
}

/// The description of a value that is one of these.
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
    let meanings: Vec<String> = values.iter().map(|(_, doc)| paragraph(doc)).collect();
    json_schema!({ "enum": words, "enumDescriptions": meanings })
}
