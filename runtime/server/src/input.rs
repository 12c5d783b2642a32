//! The input of the API routes: JSON objects of known members, and queries of known parameters.
//!
//! Read by hand and not by derive, because a derived reader quotes the value it cannot read, and the value may be a
//! secret. Messages here name members and types, never values.

use crate::error::ApiError;
use axum::body::Body;
use axum::http::StatusCode;
use bytes::Bytes;
use keyway::Secret;
use keyway::clock::Timestamp;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::time::Duration;

/// The largest body of an API route, in bytes.
pub(crate) const MAX_BODY: usize = 1024 * 1024;

/// The time limit for sending a body that is read as a whole.
const BODY_READ_TIMEOUT: Duration = Duration::from_secs(60);

/// Reads a whole body of at most `limit` bytes, for a bounded time.
pub(crate) async fn whole(body: Body, limit: usize) -> Result<Bytes, ApiError> {
    match tokio::time::timeout(BODY_READ_TIMEOUT, axum::body::to_bytes(body, limit)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) if is_too_large(&error) => {
            let message = format!("the body is larger than {limit} bytes");
            Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large", message))
        }
        Ok(Err(_)) => Err(ApiError::invalid("the body broke off or is framed wrongly: send it whole")),
        Err(_) => {
            let message = format!("the body did not arrive within {} s", BODY_READ_TIMEOUT.as_secs());
            Err(ApiError::new(StatusCode::REQUEST_TIMEOUT, "request_timeout", message))
        }
    }
}

fn is_too_large(error: &axum::Error) -> bool {
    std::error::Error::source(error)
        .and_then(|source| source.downcast_ref::<http_body_util::LengthLimitError>())
        .is_some()
}

/// The members of an object; each is taken once, and `finish` refuses the rest.
#[derive(Clone)]
pub(crate) struct Fields {
    name: String,
    map: Map<String, Value>,
}

/// A member of a PATCH: nothing, `null`, or a new value.
pub(crate) enum Patch<T> {
    Keep,
    Clear,
    Set(T),
}

impl<T> Patch<T> {
    pub(crate) fn map<U>(self, f: impl FnOnce(T) -> U) -> Patch<U> {
        match self {
            Patch::Keep => Patch::Keep,
            Patch::Clear => Patch::Clear,
            Patch::Set(value) => Patch::Set(f(value)),
        }
    }

    /// The value, where nothing and `null` mean the same.
    pub(crate) fn value(self) -> Option<T> {
        match self {
            Patch::Set(value) => Some(value),
            Patch::Keep | Patch::Clear => None,
        }
    }
}

impl<T: Default> Patch<T> {
    pub(crate) fn apply(self, to: &mut T) {
        match self {
            Patch::Keep => {}
            Patch::Clear => *to = T::default(),
            Patch::Set(value) => *to = value,
        }
    }
}

impl Fields {
    /// Reads a body.
    pub(crate) fn parse(body: &[u8]) -> Result<Fields, ApiError> {
        match serde_json::from_slice(body) {
            Ok(Value::Object(map)) => Ok(Fields { name: String::new(), map }),
            Ok(_) => Err(ApiError::invalid("the body must be a JSON object")),
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                Err(ApiError::invalid(format!("the body is not JSON: line {line}, column {column}")))
            }
        }
    }

    /// Every member, whatever there is.
    pub(crate) fn into_map(self) -> Map<String, Value> {
        self.map
    }

    pub(crate) fn text(&mut self, name: &str) -> Result<Patch<String>, ApiError> {
        self.take(name, "a string", |value| match value {
            Value::String(text) => Some(text),
            _ => None,
        })
    }

    pub(crate) fn required_text(&mut self, name: &str) -> Result<String, ApiError> {
        match self.text(name)?.value() {
            Some(text) if !text.is_empty() => Ok(text),
            _ => Err(ApiError::new(
                StatusCode::BAD_REQUEST,
                "missing_value",
                format!("`{}` is missing: send a non-empty string", self.path(name)),
            )),
        }
    }

    pub(crate) fn secret(&mut self, name: &str) -> Result<Patch<Secret>, ApiError> {
        Ok(self.text(name)?.map(Secret::new))
    }

    pub(crate) fn seconds(&mut self, name: &str) -> Result<Option<i64>, ApiError> {
        Ok(self.take(name, "a whole number of seconds", |value| value.as_i64())?.value())
    }

    pub(crate) fn boolean(&mut self, name: &str) -> Result<Option<bool>, ApiError> {
        Ok(self.flag(name)?.value())
    }

    pub(crate) fn flag(&mut self, name: &str) -> Result<Patch<bool>, ApiError> {
        self.take(name, "`true` or `false`", |value| value.as_bool())
    }

    pub(crate) fn texts(&mut self, name: &str) -> Result<Patch<Vec<String>>, ApiError> {
        self.take(name, "a list of strings", |value| match value {
            Value::Array(items) => items.into_iter().map(text).collect(),
            _ => None,
        })
    }

    pub(crate) fn text_map(&mut self, name: &str) -> Result<Patch<BTreeMap<String, String>>, ApiError> {
        self.take(name, "an object of strings", |value| match value {
            Value::Object(map) => map.into_iter().map(|(name, value)| Some((name, text(value)?))).collect(),
            _ => None,
        })
    }

    pub(crate) fn map(&mut self, name: &str) -> Result<Patch<Map<String, Value>>, ApiError> {
        self.take(name, "an object", |value| match value {
            Value::Object(map) => Some(map),
            _ => None,
        })
    }

    /// An inner object, read like this one; absent is empty.
    pub(crate) fn fields(&mut self, name: &str) -> Result<Fields, ApiError> {
        let path = self.path(name);
        Ok(Fields { name: path, map: self.map(name)?.value().unwrap_or_default() })
    }

    /// All members that are left, as secrets.
    pub(crate) fn rest_as_secrets(self) -> Result<BTreeMap<String, Secret>, ApiError> {
        let mut secrets = BTreeMap::new();
        for (name, value) in self.map {
            let Some(value) = text(value) else { return Err(wrong(&join(&self.name, &name), "a string")) };
            secrets.insert(name, Secret::new(value));
        }
        Ok(secrets)
    }

    /// Refuses members that were not taken.
    pub(crate) fn finish(self) -> Result<(), ApiError> {
        match self.map.keys().next() {
            None => Ok(()),
            Some(name) => Err(ApiError::invalid(format!("unknown member `{}`", self.path(name)))),
        }
    }

    fn take<T>(
        &mut self,
        name: &str,
        expected: &str,
        read: impl FnOnce(Value) -> Option<T>,
    ) -> Result<Patch<T>, ApiError> {
        #[cfg(test)]
        recording::note(self.path(name));
        match self.map.remove(name) {
            None => Ok(Patch::Keep),
            Some(Value::Null) => Ok(Patch::Clear),
            Some(value) => read(value).map(Patch::Set).ok_or_else(|| wrong(&self.path(name), expected)),
        }
    }

    fn path(&self, name: &str) -> String {
        join(&self.name, name)
    }
}

/// An instant as every answer has it: RFC 3339 in UTC, to the millisecond.
pub(crate) fn instant(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// The parameters of a query, decoded; each name at most once, and only the known ones.
pub(crate) fn query<const N: usize>(raw: Option<&str>, names: [&str; N]) -> Result<[Option<String>; N], ApiError> {
    let mut values = [const { None }; N];
    for (name, value) in form_urlencoded::parse(raw.unwrap_or_default().as_bytes()) {
        let slot = names.iter().position(|known| *known == name).and_then(|index| values.get_mut(index));
        match slot {
            None => {
                let name: String = name.chars().take(64).flat_map(char::escape_debug).collect();
                return Err(ApiError::invalid(format!("unknown query parameter `{name}`")));
            }
            Some(Some(_)) => return Err(ApiError::invalid(format!("query parameter `{name}` is given twice"))),
            Some(slot) => *slot = Some(value.into_owned()),
        }
    }
    Ok(values)
}

/// The members that were asked for, so that a test can hold the description of a body against its reader.
#[cfg(test)]
pub(crate) mod recording {
    use std::cell::RefCell;
    use std::collections::BTreeSet;

    thread_local! {
        static ASKED: RefCell<BTreeSet<String>> = const { RefCell::new(BTreeSet::new()) };
    }

    pub(super) fn note(path: String) {
        ASKED.with_borrow_mut(|asked| asked.insert(path));
    }

    /// The members that this thread asked for since it was last asked.
    pub(crate) fn take() -> BTreeSet<String> {
        ASKED.take()
    }
}

fn text(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn join(path: &str, name: &str) -> String {
    if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") }
}

fn wrong(path: &str, expected: &str) -> ApiError {
    ApiError::invalid(format!("`{path}` must be {expected}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(json: Value) -> Fields {
        match json {
            Value::Object(map) => Fields { name: String::new(), map },
            _ => panic!("not an object"),
        }
    }

    #[test]
    fn a_wrong_type_is_named_and_never_quoted() {
        let mut body = fields(serde_json::json!({"custom": "hunter2", "scopes": ["a", 7]}));
        let error = body.text_map("custom").err().unwrap();
        assert_eq!(error.message, "`custom` must be an object of strings");
        assert_eq!(body.texts("scopes").err().unwrap().message, "`scopes` must be a list of strings");
    }

    #[test]
    fn unknown_members_are_refused_with_their_path() {
        let mut body = fields(serde_json::json!({"a": {"b": 1}}));
        let inner = body.fields("a").unwrap();
        assert_eq!(inner.finish().err().unwrap().message, "unknown member `a.b`");
        assert!(body.finish().is_ok());
    }

    #[test]
    fn null_clears_and_absence_keeps() {
        let mut body = fields(serde_json::json!({"x": null}));
        let (mut x, mut y) = ("old".to_owned(), "old".to_owned());
        body.text("x").unwrap().apply(&mut x);
        body.text("y").unwrap().apply(&mut y);
        assert_eq!((x.as_str(), y.as_str()), ("", "old"));
    }

    #[test]
    fn a_query_holds_known_names_once() {
        assert_eq!(query(Some("a=1%202"), ["a", "b"]).unwrap(), [Some("1 2".to_owned()), None]);
        for raw in ["c=1", "a=1&a=2"] {
            assert!(query(Some(raw), ["a", "b"]).is_err(), "{raw}");
        }
    }
}
