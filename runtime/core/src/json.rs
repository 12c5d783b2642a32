//! JSON as it was written: members of an object in their own spelling, and values whose digits stay.
//!
//! A parser turns numbers into machine numbers, drops members that are there twice and respells escapes. Values that
//! belong to the caller or the upstream are therefore kept as text (RFC 8259 leaves precision and duplicates to the
//! reader).

use bytes::Bytes;
use keyway_format::instant::{self, Use};
use keyway_spec::Value as Named;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use std::fmt;

/// The members of an object, each name and value as it was written; `None` where the text is not a JSON object.
pub(crate) fn members(text: &[u8]) -> Option<Vec<(&str, &str)>> {
    let Members(members) = serde_json::from_slice(text).ok()?;
    Some(members)
}

/// The object with further members: one that is there already gets the new value in its place, all else stays as it was
/// written. `None` where the text is not a JSON object.
pub(crate) fn merged(text: &[u8], added: &Map<String, Value>) -> Option<Bytes> {
    let mut written: Vec<(String, String)> = Vec::new();
    let mut placed: Vec<&str> = Vec::new();
    for (name, value) in members(text)? {
        let Some((key, ours)) = decoded(name).and_then(|decoded| added.get_key_value(&decoded)) else {
            written.push((name.to_owned(), value.to_owned()));
            continue;
        };
        if !placed.contains(&key.as_str()) {
            placed.push(key);
            written.push((name.to_owned(), ours.to_string()));
        }
    }
    let new = added.iter().filter(|(name, _)| !placed.contains(&name.as_str()));
    written.extend(new.map(|(name, value)| (Value::from(name.as_str()).to_string(), value.to_string())));
    let members = written.iter().map(|(name, value)| format!("{name}:{value}")).collect::<Vec<_>>();
    Some(Bytes::from(format!("{{{}}}", members.join(","))))
}

/// The text of a string as it was written, quotation marks included; `None` where it is none that Unicode has.
pub(crate) fn decoded(string: &str) -> Option<String> {
    serde_json::from_str(string).ok()
}

/// A document as a value. A number that a machine number would print differently (`12345678901234567890123`, `1.10`)
/// becomes the text of its digits: it is an id or a version, and not for counting.
pub fn exact(text: &str) -> serde_json::Result<Value> {
    let value: &RawValue = serde_json::from_str(text)?;
    value_of(value, 0)
}

/// True if a member has the value that the entry names; its texts are literal.
pub(crate) fn equals(said: &Value, named: &Named) -> bool {
    match named {
        Named::Null => said.is_null(),
        Named::Bool(flag) => said.as_bool() == Some(*flag),
        Named::Integer(number) => said.as_i64() == Some(*number),
        Named::Float(number) => said.as_f64() == Some(*number),
        Named::Text(template) => template.as_literal().is_some_and(|named| said.as_str() == Some(named)),
        Named::List(items) => {
            let said = said.as_array();
            said.is_some_and(|said| said.len() == items.len() && said.iter().zip(*items).all(|(a, b)| equals(a, b)))
        }
        Named::Map(entries) => {
            entries.iter().all(|entry| said.get(entry.name).is_some_and(|said| equals(said, &entry.value)))
        }
    }
}

/// A number, also one that is written as a text. Never infinite.
pub(crate) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::Number(number) => number.as_f64(),
        value => instant::number(value.as_str()?, Use::Expiry),
    }
}

/// As deep as the parser goes by itself.
const MAX_DEPTH: u8 = 127;

fn value_of(raw: &RawValue, depth: u8) -> serde_json::Result<Value> {
    let text = raw.get();
    if depth >= MAX_DEPTH {
        return serde_json::from_str(text);
    }
    match text.as_bytes().first() {
        Some(b'{') => {
            let Members(members) = serde_json::from_str(text)?;
            let mut map = Map::with_capacity(members.len());
            for (name, value) in members {
                map.insert(serde_json::from_str(name)?, value_of(serde_json::from_str(value)?, depth + 1)?);
            }
            Ok(Value::Object(map))
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text)?;
            items.into_iter().map(|item| value_of(item, depth + 1)).collect::<serde_json::Result<_>>().map(Value::Array)
        }
        Some(b'-' | b'0'..=b'9') => Ok(match serde_json::from_str(text) {
            Ok(Value::Number(number)) if number.to_string() == text => Value::Number(number),
            _ => Value::from(text),
        }),
        _ => serde_json::from_str(text),
    }
}

/// The result of [`members`].
struct Members<'t>(Vec<(&'t str, &'t str)>);

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;

        impl<'de> Visitor<'de> for Object {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members<'de>, A::Error> {
                let mut members = Vec::new();
                while let Some((name, value)) = map.next_entry::<&RawValue, &RawValue>()? {
                    members.push((name.get(), value.get()));
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(Object)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_member_is_added_and_nothing_else_changes() {
        let added = json!({"key": "k\"", "n": 1});
        for (text, expected) in [
            ("{}", r#"{"key":"k\"","n":1}"#),
            (
                r#" { "id": 98765432109876543210 , "p": 2.50 } "#,
                r#"{"id":98765432109876543210,"p":2.50,"key":"k\"","n":1}"#,
            ),
            (r#"{"e":1E+2,"z":-0,"big":9e999}"#, r#"{"e":1E+2,"z":-0,"big":9e999,"key":"k\"","n":1}"#),
            (r#"{"x":1,"x":{"x": 2}}"#, r#"{"x":1,"x":{"x": 2},"key":"k\"","n":1}"#),
            (r#"{"\u0061\/":"\ud83d \u0000"}"#, r#"{"\u0061\/":"\ud83d \u0000","key":"k\"","n":1}"#),
            (r#"{"n":7,"a":0,"\u006e":8,"key":[]}"#, r#"{"n":1,"a":0,"key":"k\""}"#),
            (r#"{"\ud83d":1}"#, r#"{"\ud83d":1,"key":"k\"","n":1}"#),
        ] {
            let merged = merged(text.as_bytes(), added.as_object().unwrap()).unwrap();
            assert_eq!(merged, expected, "{text}");
        }
        for text in ["", "[1]", "null", "\"x\"", r#"{"a":1}x"#, r#"{"a":01}"#, r#"{"a":}"#, "{\"a\":\"\u{1}\"}"] {
            assert_eq!(merged(text.as_bytes(), added.as_object().unwrap()), None, "{text:?}");
        }
        assert_eq!(merged(b"{\"a\":\"\xff\"}", added.as_object().unwrap()), None);
    }

    #[test]
    fn digits_that_no_machine_number_has_stay() {
        for (text, expected) in [
            ("12345678901234567890123", json!("12345678901234567890123")),
            ("18446744073709551615", json!(18_446_744_073_709_551_615_u64)),
            ("18446744073709551616", json!("18446744073709551616")),
            ("-9223372036854775809", json!("-9223372036854775809")),
            ("7", json!(7)),
            ("1.5", json!(1.5)),
            ("1.10", json!("1.10")),
            ("9e999", json!("9e999")),
            ("-0", json!("-0")),
            (
                r#"{"a":[{"id":99999999999999999999}],"a2":null}"#,
                json!({"a": [{"id": "99999999999999999999"}], "a2": null}),
            ),
            (r#""1.10""#, json!("1.10")),
            (" true ", json!(true)),
        ] {
            assert_eq!(exact(text).unwrap(), expected, "{text}");
        }
        for text in ["", "{", "01", "\"\\ud83d\"", "1 2"] {
            assert!(exact(text).is_err(), "{text}");
        }
        let deep = format!("{}{}", "[".repeat(300), "]".repeat(300));
        assert!(exact(&deep).is_err());
    }
}
