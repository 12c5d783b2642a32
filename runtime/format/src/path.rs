//! Dotted paths: the one way to name a value in JSON, for tokens, templates, waits and pages.
//!
//! `data.items` names members, `links.0.cursor` and `data[-1].id` items of a list; a negative index counts from the
//! end. A name that holds dots itself (`@odata.nextLink`) is found as a whole where the members it would spell are not
//! there (section 3.3 of the format's reference). What is read ([`get`]), taken ([`take`]) and replaced ([`set`]) at a
//! path is one and the same value.

use serde_json::{Map, Value};

/// The value at a path.
#[derive(Clone, Debug, PartialEq)]
pub enum Found<'v> {
    /// This value, which may be `null`; `null` too where `null` or the end of a list stands on the way to it.
    Value(&'v Value),
    /// No such member.
    Absent,
    /// Nothing, because the value before it is neither an object nor a list.
    Blocked {
        /// The part of the path that leads to that value.
        by: String,
        /// That value.
        value: &'v Value,
    },
}

static NULL: Value = Value::Null;

/// The most members that [`set`] adds inside one another. A JSON parser reads no deeper ones back.
const MAX_ADDED: usize = 100;

/// The value at a path; `None` where there is none.
pub fn get<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    below(value, path).or_else(|| value.get(path))
}

/// The value at a path of an object's members.
pub fn get_member<'m>(members: &'m Map<String, Value>, path: &str) -> Option<&'m Value> {
    let (step, rest) = first(path);
    let nested = members.get(step).and_then(|inner| rest.map_or(Some(inner), |rest| get(inner, rest)));
    nested.or_else(|| members.get(path))
}

/// The value at a path, or why there is none.
pub fn find<'v>(value: &'v Value, path: &str) -> Found<'v> {
    if let Some(found) = get(value, path) {
        return Found::Value(found);
    }
    let (mut value, mut rest, mut by) = (value, path, String::new());
    loop {
        if !matches!(value, Value::Object(_) | Value::Array(_) | Value::Null) {
            return Found::Blocked { by, value };
        }
        let (step, next) = first(rest);
        let short = matches!(value, Value::Array(items) if index(step, items.len()).is_some() || step.starts_with('-'));
        let (inner, next) = match (child(value, step), next) {
            (Some(inner), Some(next)) => (inner, next),
            (None, _) if value.is_null() || short => return Found::Value(&NULL),
            _ => return Found::Absent,
        };
        by = joined(&by, step);
        (value, rest) = (inner, next);
    }
}

/// The value at a path, which is `null` afterwards; `None` where there is none.
pub fn take(value: &mut Value, path: &str) -> Option<Value> {
    get_mut(value, path).map(Value::take)
}

/// Puts a value where [`get_member`] finds one, else beside what is there, in objects that are made for it: `a.b`
/// becomes `{"a": {"b": value}}`. Only dots make objects; lists do not grow.
///
/// The error is the part of the path at which something else stands than an object or an item of a list.
pub fn set(members: &mut Map<String, Value>, path: &str, value: Value) -> Result<(), String> {
    match member_mut(members, path) {
        Some(there) => *there = value,
        None => add(members, "", path, value)?,
    }
    Ok(())
}

/// Adds what a path names; `by` is the part of the path that leads to these members.
fn add(mut members: &mut Map<String, Value>, by: &str, path: &str, value: Value) -> Result<(), String> {
    let (step, rest) = first(path);
    if let (Some(inner), Some(rest)) = (members.get_mut(step), rest) {
        return add_below(inner, &joined(by, step), rest, value);
    }
    let mut names: Vec<&str> = path.split('.').collect();
    let last = names.pop().unwrap_or(path);
    let mut by = by.to_owned();
    if names.len() > MAX_ADDED {
        return Err(joined(&by, step));
    }
    for name in names {
        by = joined(&by, name);
        let inner = members.entry(name).or_insert_with(|| Value::Object(Map::new()));
        members = inner.as_object_mut().ok_or_else(|| by.clone())?;
    }
    members.insert(last.to_owned(), value);
    Ok(())
}

fn add_below(at: &mut Value, by: &str, path: &str, value: Value) -> Result<(), String> {
    match at {
        Value::Object(members) => add(members, by, path, value),
        Value::Array(items) => {
            let (step, rest) = first(path);
            let by = joined(by, step);
            let item = index(step, items.len()).and_then(|index| items.get_mut(index));
            item.zip(rest).map_or(Err(by.clone()), |(item, rest)| add_below(item, &by, rest, value))
        }
        _ => Err(by.to_owned()),
    }
}

fn member_mut<'m>(members: &'m mut Map<String, Value>, path: &str) -> Option<&'m mut Value> {
    let (step, rest) = first(path);
    let is_nested = members.get(step).is_some_and(|inner| rest.is_none_or(|rest| get(inner, rest).is_some()));
    if !is_nested {
        return members.get_mut(path);
    }
    rest_of(members.get_mut(step)?, rest)
}

fn get_mut<'v>(value: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    match value {
        Value::Object(members) => member_mut(members, path),
        Value::Array(items) => {
            let (step, rest) = first(path);
            let index = index(step, items.len())?;
            rest_of(items.get_mut(index)?, rest)
        }
        _ => None,
    }
}

fn rest_of<'v>(value: &'v mut Value, rest: Option<&str>) -> Option<&'v mut Value> {
    match rest {
        Some(rest) => get_mut(value, rest),
        None => Some(value),
    }
}

/// The steps of a path, one by one; a value that is not on the way is tried as a name with dots.
fn below<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let (step, rest) = first(path);
    let inner = child(value, step)?;
    match rest {
        Some(rest) => get(inner, rest),
        None => Some(inner),
    }
}

fn child<'v>(value: &'v Value, step: &str) -> Option<&'v Value> {
    match value {
        Value::Array(items) => items.get(index(step, items.len())?),
        value => value.get(step),
    }
}

/// The first step of a path, and the rest: `a.b`, `a[0].b` and `[0].b` all have one.
fn first(path: &str) -> (&str, Option<&str>) {
    if let Some((step, rest)) = path.strip_prefix('[').and_then(|inside| inside.split_once(']')) {
        return (step, (!rest.is_empty()).then(|| rest.strip_prefix('.').unwrap_or(rest)));
    }
    match path.find(['.', '[']) {
        // A name cannot be empty, so that a path of dots is a name.
        None | Some(0) => (path, None),
        Some(end) => {
            let (step, rest) = path.split_at(end);
            (step, Some(rest.strip_prefix('.').unwrap_or(rest)))
        }
    }
}

/// The place of an index in a list of this length.
fn index(step: &str, length: usize) -> Option<usize> {
    let digits = step.strip_prefix('-').unwrap_or(step);
    let number: usize = digits.parse().ok().filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    if digits.len() == step.len() { Some(number) } else { length.checked_sub(number).filter(|_| number > 0) }
}

fn joined(by: &str, step: &str) -> String {
    if by.is_empty() { step.to_owned() } else { format!("{by}.{step}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_items_and_names_with_dots_are_found() {
        let value = json!({
            "a": {"b": [{"c": 1}, {"c": 2}], "x.y": 3},
            "@odata.nextLink": "next",
            "p.q": {"r": 4},
            "list": [[5, 6]],
            "none": null,
        });
        for (path, expected) in [
            ("a.b.0.c", Some(json!(1))),
            ("a.b[0].c", Some(json!(1))),
            ("a.b[-1].c", Some(json!(2))),
            ("a.b.-2.c", Some(json!(1))),
            ("a.x.y", Some(json!(3))),
            ("@odata.nextLink", Some(json!("next"))),
            ("list[0][1]", Some(json!(6))),
            ("list.0.1", Some(json!(6))),
            ("none", Some(json!(null))),
            ("a.b.2.c", None),
            ("a.b[-3].c", None),
            ("a.b.-0.c", None),
            ("a.b.+1.c", None),
            ("a.b[-+1].c", None),
            ("a.b.x", None),
            ("a.b.c", None),
            ("none.x", None),
            ("", None),
            (".", None),
            ("..a", None),
            ("a[", None),
            ("a.", None),
            ("a.b[0].", None),
            ("[]", None),
        ] {
            assert_eq!(get(&value, path), expected.as_ref(), "{path}");
            assert_eq!(get_member(value.as_object().unwrap(), path), expected.as_ref(), "{path}");
            assert_eq!(take(&mut value.clone(), path), expected, "{path}");
        }
        assert_eq!(get(&json!([{"id": 7}]), "[-1].id"), Some(&json!(7)));
        assert_eq!(get(&json!({"a": {"b": 1}, "a.b": 2}), "a.b"), Some(&json!(1)));
        assert_eq!(get(&json!({"": 1}), ""), Some(&json!(1)));
    }

    #[test]
    fn what_stands_in_the_way_is_named() {
        let value = json!({"meta": "text", "deep": {"n": 7}, "none": null, "list": []});
        let blocked = |by: &str, value| Found::Blocked { by: by.to_owned(), value };
        for (path, expected) in [
            ("meta.next", blocked("meta", &value["meta"])),
            ("deep.n.x.y", blocked("deep.n", &value["deep"]["n"])),
            ("deep.x.y", Found::Absent),
            ("none.next", Found::Value(&NULL)),
            ("list.0.next", Found::Value(&NULL)),
            ("list[-1].next", Found::Value(&NULL)),
            ("list.next", Found::Absent),
            ("deep.n", Found::Value(&value["deep"]["n"])),
        ] {
            assert_eq!(find(&value, path), expected, "{path}");
        }
        assert_eq!(find(&json!(3), "a"), blocked("", &json!(3)));
    }

    #[test]
    fn a_value_is_set_where_it_is_read() {
        for (before, path, expected) in [
            (json!({}), "a", Ok(json!({"a": 9}))),
            (json!({}), "a.b.c", Ok(json!({"a": {"b": {"c": 9}}}))),
            (json!({"a": {"x": 1}}), "a.b", Ok(json!({"a": {"x": 1, "b": 9}}))),
            (json!({"a": {"x": {}}}), "a.x.b.c", Ok(json!({"a": {"x": {"b": {"c": 9}}}}))),
            (json!({"a": {"b": 1}}), "a.b", Ok(json!({"a": {"b": 9}}))),
            (json!({"a": [{"b": 1}, {"b": 2}]}), "a[-1].b", Ok(json!({"a": [{"b": 1}, {"b": 9}]}))),
            (json!({"a": [{"b": 1}]}), "a.0.c", Ok(json!({"a": [{"b": 1, "c": 9}]}))),
            (json!({"a": [1, 2]}), "a[1]", Ok(json!({"a": [1, 9]}))),
            (json!({"a.b": 1}), "a.b", Ok(json!({"a.b": 9}))),
            (json!({"a": {"b.c": 1}}), "a.b.c", Ok(json!({"a": {"b.c": 9}}))),
            (json!({"a": {"b": 1}, "a.b": 2}), "a.b", Ok(json!({"a": {"b": 9}, "a.b": 2}))),
            (json!({"page": {"size": 1}}), "page[size]", Ok(json!({"page": {"size": 9}}))),
            (json!({}), "page[size]", Ok(json!({"page[size]": 9}))),
            (json!({"a": 1}), "a.b", Err("a")),
            (json!({"a": null}), "a.b", Err("a")),
            (json!({"a": {"b": "x"}}), "a.b.c", Err("a.b")),
            (json!({"a": []}), "a[0]", Err("a.0")),
            (json!({"a": [1]}), "a.x.b", Err("a.x")),
        ] {
            let mut value = before.clone();
            let done = set(value.as_object_mut().unwrap(), path, json!(9));
            assert_eq!(done.map(|()| value.clone()), expected.map_err(str::to_owned), "{before} {path}");
            if value != before {
                assert_eq!(get(&value, path), Some(&json!(9)), "{before} {path}");
            }
        }
        assert!(set(&mut Map::new(), &"a.".repeat(100_000), json!(1)).is_err(), "bounded");
    }
}
