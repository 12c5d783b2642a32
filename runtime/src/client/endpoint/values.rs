//! Values of arguments as texts, by what serde makes of them: an enum is the name of its variant, whatever its Rust
//! name.
//!
//! A value that is more than its place can hold is an error that names the argument.

use crate::error::{Error, ErrorKind, Result, Stage};
use crate::values::{self, Misfit, scalar};
use bytes::Bytes;
use keyway_spec::operation::ListStyle;
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

/// Query parameters: a list repeats the name, a struct brings names of its own.
pub(super) fn pairs<T: Serialize + ?Sized>(name: &str, value: &T) -> Result<Vec<(String, String)>> {
    let pairs = match json(name, value)? {
        Value::Object(fields) => values::pairs_of_fields(fields),
        value => values::pairs(name, None, value),
    };
    pairs.map_err(|misfit| misfits(name, &misfit))
}

/// The pairs of a struct, a map or a list of pairs.
pub(super) fn fields<T: Serialize + ?Sized>(name: &str, value: &T) -> Result<Vec<(String, String)>> {
    let shape = || refused(name, "must be a struct, a map or a list of pairs, to be sent as a form");
    match json(name, value)? {
        Value::Object(fields) => values::pairs_of_fields(fields).map_err(|misfit| misfits(name, &misfit)),
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

/// The pairs of a struct or a map in a style with brackets.
pub(super) fn nested_fields<T: Serialize + ?Sized>(
    name: &str,
    style: ListStyle,
    value: &T,
) -> Result<Vec<(String, String)>> {
    match json(name, value)? {
        Value::Object(fields) => Ok(values::pairs_of_members(fields, style)),
        Value::Null => Ok(Vec::new()),
        _ => Err(refused(name, "must be a struct or a map, to be sent as a form")),
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

/// A value that does not fit its place.
pub(super) fn misfits(name: &str, misfit: &Misfit) -> Error {
    refused(&misfit.place(name), misfit.reason)
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
    fn a_nested_form_is_a_struct_or_a_map() {
        for (found, expected) in [
            (nested_fields("form", ListStyle::Brackets, &FILTER), "state=on-hold&labels[]=a&labels[]=b&page=2"),
            (nested_fields("form", ListStyle::Brackets, &None::<u8>), ""),
            (
                nested_fields("form", ListStyle::Brackets, &[1]),
                "`form` must be a struct or a map, to be sent as a form",
            ),
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
