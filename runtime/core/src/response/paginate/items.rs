//! The list of a page.

use super::{broken, named};
use crate::error::Result;
use keyway_format::path;
use serde_json::Value;

/// The items at a path, or of the whole body. What is `null` is empty, and so is what is absent, unless the page has
/// another list: then the path is wrong.
pub(super) fn taken(body: &mut Value, path: Option<&str>) -> Result<Vec<Value>> {
    let Some(path) = path else { return whole(body.take()) };
    if !body.is_null() && named::at(body, path)?.is_none() {
        return match other_list(body) {
            Some(other) => Err(broken(format!(
                "the page has no `{path}`, and a list in {other}: correct the rule's `response_path`"
            ))),
            None => Ok(Vec::new()),
        };
    }
    match path::take(body, path) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(items)) => Ok(items),
        Some(_) => Err(broken(format!("`{path}` of the page is not a list: correct the rule's `response_path`"))),
    }
}

fn whole(body: Value) -> Result<Vec<Value>> {
    match body {
        Value::Null => Ok(Vec::new()),
        Value::Array(items) => Ok(items),
        _ => Err(broken("the page is not a list: say where its list is with `response_path`")),
    }
}

/// Where a page holds a list with items: in itself, in a member, or in a member of a member.
fn other_list(body: &Value) -> Option<String> {
    let is_list = |value: &Value| value.as_array().is_some_and(|items| !items.is_empty());
    if is_list(body) {
        return Some("its whole".to_owned());
    }
    let members = body.as_object()?;
    members.iter().find_map(|(name, value)| {
        if is_list(value) {
            return Some(format!("`{name}`"));
        }
        let (inner, _) = value.as_object()?.iter().find(|(_, value)| is_list(value))?;
        Some(format!("`{name}.{inner}`"))
    })
}
