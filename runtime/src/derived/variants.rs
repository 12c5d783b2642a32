//! Enums whose variants hold one value each: told apart by a member, or the first that fits.
//!
//! What is read stands as a [`Value`] meanwhile, so that several types can be tried on it. Of a member that stands
//! there twice it has the last.

use serde::de::value::MapDeserializer;
use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde::{Deserialize, forward_to_deserialize_any};
use serde_json::{Map, Value};

/// Makes a variant of everything that no text tells.
type OtherVariant<T> = fn(&Value) -> Result<T, serde_json::Error>;

/// A variant from the value that it holds.
pub fn held<'de, D, V, T>(value: D, make: fn(V) -> T) -> Result<T, serde_json::Error>
where
    D: Deserializer<'de, Error = serde_json::Error>,
    V: Deserialize<'de>,
{
    V::deserialize(value).map(make)
}

/// The first of `count` variants that fits.
pub fn read_untagged<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    name: &'static str,
    count: usize,
    chosen: fn(usize, &Value) -> Result<T, serde_json::Error>,
) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    (0..count).find_map(|index| chosen(index, &value).ok()).ok_or_else(|| fits_none(name))
}

/// The variant whose text the member `tag` has, or `other` where it has none of them or the variant does not fit.
pub fn read_tagged<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    name: &'static str,
    tag: &'static str,
    texts: &'static [&'static str],
    chosen: fn(usize, WithoutTag<'_>) -> Result<T, serde_json::Error>,
    other: Option<OtherVariant<T>>,
) -> Result<T, D::Error> {
    let value = Value::deserialize(deserializer)?;
    let told = told(&value, name, tag, texts);
    match (told.and_then(|(index, members)| chosen(index, members).map_err(D::Error::custom)), other) {
        (Err(_), Some(other)) => other(&value).map_err(|_| fits_none(name)),
        (read, _) => read,
    }
}

/// The place of the text that the tag of a value has, and the members beside it.
fn told<'v, E: Error>(
    value: &'v Value,
    name: &str,
    tag: &'static str,
    texts: &'static [&'static str],
) -> Result<(usize, WithoutTag<'v>), E> {
    let Some(members) = value.as_object() else {
        return Err(E::invalid_type(unexpected(value), &format!("internally tagged enum {name}").as_str()));
    };
    match members.get(tag) {
        Some(Value::String(text)) => match texts.iter().position(|one| one == text) {
            Some(index) => Ok((index, WithoutTag { members, tag })),
            None => Err(E::unknown_variant(text, texts)),
        },
        Some(other) => Err(E::invalid_type(unexpected(other), &"variant identifier")),
        None => Err(E::missing_field(tag)),
    }
}

/// An object without the member that told its variant.
pub struct WithoutTag<'de> {
    members: &'de Map<String, Value>,
    tag: &'static str,
}

impl<'de> Deserializer<'de> for WithoutTag<'de> {
    type Error = serde_json::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, serde_json::Error> {
        let beside = self.members.iter().filter(|(name, _)| *name != self.tag);
        visitor.visit_map(MapDeserializer::new(beside.map(|(name, value)| (name.as_str(), value))))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, serde_json::Error> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, serde_json::Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, serde_json::Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct enum identifier
    }
}

fn fits_none<E: Error>(name: &str) -> E {
    E::custom(format_args!("data did not match any variant of untagged enum {name}"))
}

fn unexpected(value: &Value) -> Unexpected<'_> {
    match value {
        Value::Null => Unexpected::Unit,
        Value::Bool(value) => Unexpected::Bool(*value),
        Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(value), ..) => Unexpected::Unsigned(value),
            (None, Some(value), _) => Unexpected::Signed(value),
            (None, None, Some(value)) => Unexpected::Float(value),
            (None, None, None) => Unexpected::Other("number"),
        },
        Value::String(text) => Unexpected::Str(text),
        Value::Array(_) => Unexpected::Seq,
        Value::Object(_) => Unexpected::Map,
    }
}
