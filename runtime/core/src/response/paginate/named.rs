//! Reads from a page where the next one is.
//!
//! A text or a number leads on; `null`, `false` and a blank text say that there is no further page. Anything else that
//! stands where the rule points is an error.

use super::broken;
use crate::error::Result;
use http::HeaderMap;
use keyway_format::path::{self, Found};
use keyway_spec::proxy::MoreForm;
use serde_json::Value;

/// The value where the rule points.
pub(super) enum Named {
    /// A URL, absolute or relative to the page.
    Link(String),
    /// A text or a number.
    Cursor(Value),
    /// The end, in so many words.
    Nothing,
    /// No such member.
    Absent,
}

/// Texts that are no value but the print of none.
const NO_VALUE: [&str; 3] = ["null", "undefined", "None"];

/// The cursor at a path.
pub(super) fn cursor(body: &Value, path: &str) -> Result<Named> {
    match at(body, path)? {
        Some(Value::String(text)) => Ok(match written(text, path)? {
            Some(text) => Named::Cursor(text.into()),
            None => Named::Nothing,
        }),
        Some(number @ Value::Number(_)) => Ok(Named::Cursor(number.clone())),
        other => rest(other, path, "a text or a number"),
    }
}

/// The URL at a path.
pub(super) fn link(body: &Value, path: &str) -> Result<Named> {
    match at(body, path)? {
        Some(Value::String(text)) => Ok(match written(text, path)? {
            Some(text) => Named::Link(text.to_owned()),
            None => Named::Nothing,
        }),
        other => rest(other, path, "a URL"),
    }
}

/// The cursor in a header; the first of several. Without the header the list is at its end.
pub(super) fn header(headers: &HeaderMap, name: &str) -> Result<Named> {
    let Some(value) = headers.get(name) else { return Ok(Named::Nothing) };
    let text = value.to_str().map_err(|_| broken(format!("the header `{name}` of the page is no text")))?;
    Ok(match written(text, name)? {
        Some(text) => Named::Cursor(text.into()),
        None => Named::Nothing,
    })
}

/// The value at a path that says whether the list goes on; `None` where there is none.
pub(super) fn more(body: &Value, path: &str, form: MoreForm) -> Result<Option<bool>> {
    match at(body, path)? {
        None => Ok(None),
        Some(value) if form == MoreForm::Present => Ok(Some(says_something(value))),
        Some(Value::Null) => Ok(Some(false)),
        Some(Value::Bool(more)) => Ok(Some(*more)),
        Some(other) => Err(broken(format!(
            "`{path}` of the page is {} and not a boolean, so nothing says whether the list goes on",
            kind(other)
        ))),
    }
}

/// True if a value is one that says yes: there, and neither `null`, `false`, 0 nor empty.
fn says_something(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(said) => *said,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !["", "0", "false", "null"].iter().any(|none| none.eq_ignore_ascii_case(text.trim())),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
    }
}

/// The number of pages at a path; `None` where the page does not say it.
pub(super) fn page_count(body: &Value, path: &str) -> Result<Option<i64>> {
    let wrong = |found: &str| {
        let message = format!("`{path}` of the page is {found} and not the number of pages: correct the path");
        Err(broken(message))
    };
    match at(body, path)? {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Number(number)) => {
            number.as_i64().map_or_else(|| wrong("no whole number"), |count| Ok(Some(count)))
        }
        Some(Value::String(text)) => match text.trim().parse() {
            Ok(count) => Ok(Some(count)),
            Err(_) => wrong("a text"),
        },
        Some(other) => wrong(kind(other)),
    }
}

/// The number at a path by which an offset grows: a whole one above zero, else the same page would come again.
pub(super) fn step(body: &Value, path: &str) -> Result<i64> {
    let found = at(body, path)?;
    found.and_then(Value::as_i64).filter(|step| *step > 0).ok_or_else(|| {
        let found = found.map_or("not there", kind);
        broken(format!(
            "`{path}` of the page is {found}, and not the number by which the offset grows: correct the path"
        ))
    })
}

/// The type of a value, as messages name it.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// The value at a path; an error where the path runs into a text or a number.
pub(super) fn at<'v>(body: &'v Value, path: &str) -> Result<Option<&'v Value>> {
    match path::find(body, path) {
        Found::Value(value) => Ok(Some(value)),
        Found::Absent => Ok(None),
        Found::Blocked { by, value } => Err(broken(format!(
            "`{path}` leads nowhere in the page, where {} is {}: correct the rule's path",
            if by.is_empty() { "the whole".to_owned() } else { format!("`{by}`") },
            kind(value)
        ))),
    }
}

/// A text that leads on; `None` if it is blank.
fn written<'t>(text: &'t str, path: &str) -> Result<Option<&'t str>> {
    let text = text.trim();
    match NO_VALUE.iter().find(|word| **word == text) {
        Some(word) => Err(broken(format!("`{path}` of the page is the text `{word}`, which leads nowhere"))),
        None => Ok(Some(text).filter(|text| !text.is_empty())),
    }
}

fn rest(value: Option<&Value>, path: &str, expected: &str) -> Result<Named> {
    match value {
        None => Ok(Named::Absent),
        Some(Value::Null | Value::Bool(false)) => Ok(Named::Nothing),
        Some(Value::Bool(true)) => Err(broken(format!(
            "`{path}` of the page says that the list goes on and not where: point the rule at {expected}"
        ))),
        Some(other) => {
            let found = kind(other);
            Err(broken(format!("`{path}` of the page is {found} and not {expected}: correct the rule's path")))
        }
    }
}
