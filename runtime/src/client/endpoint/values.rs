//! Values of arguments as texts, by what serde makes of them: an enum is the name of its variant, whatever its Rust
//! name.
//!
//! A value that is more than its place can hold is an error that names the argument.

use crate::error::{Error, ErrorKind, Result, Stage};
use bytes::Bytes;
use serde::Serialize;
use serde_json::Value;

/// A value as JSON.
pub(super) fn json<T: Serialize + ?Sized>(name: &str, value: &T) -> Result<Value> {
    serde_json::to_value(value).map_err(|error| refused(name, "has no JSON form").source(error))
}

/// One text; `None` for `None`.
pub(super) fn one<T: Serialize + ?Sized>(name: &str, value: &T) -> Result<Option<String>> {
    match json(name, value)? {
        Value::Null => Ok(None),
        value => scalar(value).map(Some).ok_or_else(|| refused(name, "must be a text, a number or a bool")),
    }
}

/// The segments of a text with slashes, or of a list of them.
pub(super) fn segments<T: Serialize + ?Sized>(name: &str, value: &T) -> Result<Vec<String>> {
    let wrong = || refused(name, "must be a text, or a list of the path's segments");
    match json(name, value)? {
        Value::Array(items) => items.into_iter().map(scalar).collect::<Option<_>>().ok_or_else(wrong),
        value => Ok(scalar(value).ok_or_else(wrong)?.split('/').map(str::to_owned).collect()),
    }
}

/// Query parameters: a list repeats the name, a struct brings names of its own.
pub(super) fn pairs<T: Serialize + ?Sized>(name: &str, value: &T) -> Result<Vec<(String, String)>> {
    match json(name, value)? {
        Value::Object(fields) => of_fields(name, fields),
        value => of_value(name, None, name, value),
    }
}

/// The pairs of a struct, a map or a list of pairs.
pub(super) fn fields<T: Serialize + ?Sized>(name: &str, value: &T) -> Result<Vec<(String, String)>> {
    let shape = || refused(name, "must be a struct, a map or a list of pairs, to be sent as a form");
    match json(name, value)? {
        Value::Object(fields) => of_fields(name, fields),
        Value::Array(pairs) => {
            let pairs = pairs.into_iter().map(|pair| match pair {
                Value::Array(pair) => <[Value; 2]>::try_from(pair).ok(),
                _ => None,
            });
            let texts = pairs.map(|pair| {
                let [name, value] = pair?;
                Some((scalar(name)?, scalar(value)?))
            });
            texts.collect::<Option<_>>().ok_or_else(shape)
        }
        Value::Null => Ok(Vec::new()),
        _ => Err(shape()),
    }
}

fn of_fields(argument: &str, fields: serde_json::Map<String, Value>) -> Result<Vec<(String, String)>> {
    let mut pairs = Vec::with_capacity(fields.len());
    for (name, value) in fields {
        pairs.extend(of_value(argument, Some(&name), &name, value)?);
    }
    Ok(pairs)
}

/// The pairs of a value, which is an argument or a field of one.
pub(super) fn of_value(argument: &str, field: Option<&str>, name: &str, value: Value) -> Result<Vec<(String, String)>> {
    let texts: Option<Vec<String>> = match value {
        Value::Null => Some(Vec::new()),
        Value::Array(items) => items.into_iter().map(scalar).collect(),
        value => scalar(value).map(|text| vec![text]),
    };
    let texts = texts.ok_or_else(|| match field {
        None => refused(argument, "holds a value inside a value, which a name and a text cannot say"),
        Some(field) => refused(&format!("{argument}.{field}"), "must be a text, a number, a bool or a list of them"),
    })?;
    Ok(texts.into_iter().map(|text| (name.to_owned(), text)).collect())
}

pub(super) fn scalar(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is) => Some(is.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// What a `#[body(bytes)]` argument may be.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent as bytes",
    label = "not bytes",
    note = "a `#[body(bytes)]` argument is a `Bytes`, a `Vec<u8>`, a `&[u8]`, a `String` or a `&str`"
)]
pub trait IntoBytes {
    /// The bytes.
    fn into_bytes(self) -> Bytes;
}

macro_rules! owned {
    ($($type:ty)*) => {
        $(impl IntoBytes for $type {
            fn into_bytes(self) -> Bytes {
                self.into()
            }
        })*
    };
}

macro_rules! borrowed {
    ($($type:ty)*) => {
        $(impl IntoBytes for &$type {
            fn into_bytes(self) -> Bytes {
                Bytes::copy_from_slice(self.as_ref())
            }
        })*
    };
}

owned! { Bytes Vec<u8> String }
borrowed! { [u8] str Vec<u8> String }

impl IntoBytes for &Bytes {
    fn into_bytes(self) -> Bytes {
        self.clone()
    }
}

/// A value that the caller has to change. The message never holds it.
pub(super) fn refused(name: &str, reason: &str) -> Error {
    Error::new(ErrorKind::InvalidValue, format!("`{name}` {reason}")).stage(Stage::Request).sent(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[derive(Serialize)]
    #[serde(rename_all = "kebab-case")]
    enum State {
        OnHold,
    }

    #[derive(Serialize)]
    struct Filter<'a> {
        state: Option<State>,
        labels: &'a [&'a str],
        page: u64,
        since: Option<&'a str>,
    }

    const FILTER: Filter<'static> = Filter { state: Some(State::OnHold), labels: &["a", "b"], page: 2, since: None };

    fn shown(pairs: Result<Vec<(String, String)>>) -> String {
        match pairs {
            Ok(pairs) => pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&"),
            Err(error) => error.message().to_owned(),
        }
    }

    #[test]
    fn a_query_parameter_follows_the_shape_of_its_value() {
        for (found, expected) in [
            (pairs("q", "x y"), "q=x y"),
            (pairs("q", &7_u64), "q=7"),
            (pairs("q", &true), "q=true"),
            (pairs("q", &State::OnHold), "q=on-hold"),
            (pairs("q", &Some("x")), "q=x"),
            (pairs("q", &None::<u8>), ""),
            (pairs("q", &["a", "b"]), "q=a&q=b"),
            (pairs("q", &Vec::<u8>::new()), ""),
            (pairs("q", &Some(vec![1, 2])), "q=1&q=2"),
            (pairs("q", &FILTER), "state=on-hold&labels=a&labels=b&page=2"),
            (pairs("q", &BTreeMap::from([("a", 1)])), "a=1"),
            (pairs("q", &[["a"]]), "`q` holds a value inside a value, which a name and a text cannot say"),
            (
                pairs("q", &BTreeMap::from([("a", BTreeMap::from([("b", 1)]))])),
                "`q.a` must be a text, a number, a bool or a list of them",
            ),
        ] {
            assert_eq!(shown(found), expected);
        }
    }

    #[test]
    fn a_form_is_a_struct_a_map_or_pairs() {
        let shape = "`form` must be a struct, a map or a list of pairs, to be sent as a form";
        for (found, expected) in [
            (fields("form", &FILTER), "state=on-hold&labels=a&labels=b&page=2"),
            (fields("form", &[("a", "1"), ("a", "2")]), "a=1&a=2"),
            (fields("form", &[("a", 1)]), "a=1"),
            (fields("form", &None::<u8>), ""),
            (fields("form", "x"), shape),
            (fields("form", &[1, 2]), shape),
        ] {
            assert_eq!(shown(found), expected);
        }
    }

    #[test]
    fn a_header_or_a_segment_is_one_text() {
        let text = |value: Result<Option<String>>| value.map_err(|error| error.message().to_owned());
        assert_eq!(text(one("h", &State::OnHold)), Ok(Some("on-hold".to_owned())));
        assert_eq!(text(one("h", &None::<&str>)), Ok(None));
        assert_eq!(text(one("h", &[1])), Err("`h` must be a text, a number or a bool".to_owned()));
    }

    #[test]
    fn bytes_come_in_every_usual_type() {
        let borrowed = Bytes::from_static(b"ab");
        let all = [
            (&borrowed).into_bytes(),
            borrowed.clone().into_bytes(),
            b"ab".to_vec().into_bytes(),
            (&b"ab".to_vec()).into_bytes(),
            b"ab"[..].into_bytes(),
            "ab".into_bytes(),
            IntoBytes::into_bytes(String::from("ab")),
        ];
        assert!(all.iter().all(|bytes| bytes == "ab"));
    }
}
