//! Members as an XML document: elements in order, a name with `$` in front as an attribute of its parent.
//!
//! The library escapes; values cannot become markup. There is no XML declaration, because no endpoint needs one.

use crate::error::{Error, ErrorKind, Result};
use quick_xml::Writer;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};
use serde_json::{Map, Value};

/// The document. There is one outermost element.
pub(in super::super) fn write(members: &Map<String, Value>) -> Result<String> {
    if members.len() > 1 {
        return Err(unfit("an XML body has one outermost element: put the parameters under one name"));
    }
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    for (name, value) in members {
        element(&mut writer, name, value)?;
    }
    String::from_utf8(writer.into_inner()).map_err(|_| failed())
}

/// An element; a list is several of one name. Its depth is the compiler's business.
fn element(writer: &mut Writer<Vec<u8>>, name: &str, value: &Value) -> Result<()> {
    if let Value::Array(items) = value {
        return items.iter().try_for_each(|item| element(writer, name, item));
    }
    let mut start = BytesStart::new(checked_name(name)?);
    let none = Map::new();
    let members = value.as_object().unwrap_or(&none);
    for (name, value) in members {
        if let Some(name) = name.strip_prefix('$') {
            start.push_attribute((checked_name(name)?, checked(name, &text(value))?.as_str()));
        }
    }
    let children = || members.iter().filter(|(name, _)| !name.starts_with('$'));
    let text = if value.is_object() { String::new() } else { checked(name, &text(value))? };
    if text.is_empty() && children().next().is_none() {
        return put(writer, Event::Empty(start));
    }
    put(writer, Event::Start(start))?;
    if !text.is_empty() {
        put(writer, Event::Text(BytesText::new(&text)))?;
    }
    for (name, value) in children() {
        element(writer, name, value)?;
    }
    put(writer, Event::End(BytesEnd::new(name)))
}

fn put(writer: &mut Writer<Vec<u8>>, event: Event<'_>) -> Result<()> {
    writer.write_event(event).map_err(|_| failed())
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null | Value::Object(_) | Value::Array(_) => String::new(),
        other => other.to_string(),
    }
}

/// A name that XML allows, in ASCII (XML 1.0 section 2.3).
fn checked_name(name: &str) -> Result<&str> {
    let mut bytes = name.bytes();
    let starts = bytes.next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    if starts && bytes.all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':')) {
        return Ok(name);
    }
    Err(unfit(&format!("`{}` is not a name that XML allows", name.escape_debug())))
}

/// A text that XML can carry: no reference stands for a control character (XML 1.0 section 2.2).
fn checked(name: &str, text: &str) -> Result<String> {
    let foreign =
        |c: char| (c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r')) || matches!(c, '\u{fffe}' | '\u{ffff}');
    if text.contains(foreign) {
        return Err(unfit(&format!("the value of `{name}` holds a character that XML cannot carry")));
    }
    Ok(text.to_owned())
}

fn unfit(message: &str) -> Error {
    Error::new(ErrorKind::InvalidValue, message)
}

fn failed() -> Error {
    Error::new(ErrorKind::Internal, "a login request could not be written as XML")
}
