//! Enums from texts.

use serde::de::{Deserializer, Error, Visitor};
use std::fmt;

/// An enum from a text: the variant of the text, or `other` of it.
pub fn read_text<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    texts: &'static [&'static str],
    known: fn(usize) -> Option<T>,
    other: Option<fn(String) -> T>,
) -> Result<T, D::Error> {
    deserializer.deserialize_str(TextVisitor { texts, known, other })
}

struct TextVisitor<T> {
    texts: &'static [&'static str],
    known: fn(usize) -> Option<T>,
    other: Option<fn(String) -> T>,
}

impl<T> Visitor<'_> for TextVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        if let Some(value) = self.texts.iter().position(|one| *one == text).and_then(self.known) {
            return Ok(value);
        }
        match self.other {
            Some(other) => Ok(other(text.to_owned())),
            None => Err(E::unknown_variant(text, self.texts)),
        }
    }
}
