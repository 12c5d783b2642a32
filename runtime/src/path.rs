//! A value in JSON by its dotted path: the one reader of such paths, for tokens, templates, waits and pages.
//!
//! `data.items` names members, `links.0.cursor` and `data[-1].id` items of a list; a negative index counts from the
//! end. A name that holds dots itself (`@odata.nextLink`) is found as a whole where the members it would spell are not
//! there.

use serde_json::{Map, Value};

/// What stands at a path.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Found<'v> {
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

/// The value at a path; `None` where there is none.
pub(crate) fn at<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    below(value, path).or_else(|| value.get(path))
}

/// The value at a path of an object's members.
pub(crate) fn of_members<'m>(members: &'m Map<String, Value>, path: &str) -> Option<&'m Value> {
    let (step, rest) = first(path);
    let nested = members.get(step).and_then(|inner| rest.map_or(Some(inner), |rest| at(inner, rest)));
    nested.or_else(|| members.get(path))
}

/// The value at a path, to be changed or taken.
pub(crate) fn at_mut<'v>(value: &'v mut Value, path: &str) -> Option<&'v mut Value> {
    if below(value, path).is_none() {
        return value.get_mut(path);
    }
    let (step, rest) = first(path);
    let inner = match value {
        Value::Array(items) => {
            let index = index(step, items.len())?;
            items.get_mut(index)?
        }
        value => value.get_mut(step)?,
    };
    match rest {
        Some(rest) => at_mut(inner, rest),
        None => Some(inner),
    }
}

/// The value at a path, or why there is none.
pub(crate) fn find<'v>(value: &'v Value, path: &str) -> Found<'v> {
    if let Some(found) = at(value, path) {
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
        by = if by.is_empty() { step.to_owned() } else { format!("{by}.{step}") };
        (value, rest) = (inner, next);
    }
}

/// The steps of a path, one by one; a value that is not on the way is tried as a name with dots.
fn below<'v>(value: &'v Value, path: &str) -> Option<&'v Value> {
    let (step, rest) = first(path);
    let inner = child(value, step)?;
    match rest {
        Some(rest) => at(inner, rest),
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
    match step.strip_prefix('-') {
        Some(back) => length.checked_sub(back.parse().ok().filter(|back| *back > 0)?),
        None => step.parse().ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn members_items_and_names_with_dots_are_found() {
        let mut value = json!({
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
            assert_eq!(at(&value, path), expected.as_ref(), "{path}");
            assert_eq!(at_mut(&mut value, path).cloned(), expected, "{path}");
        }
        assert_eq!(at(&json!([{"id": 7}]), "[-1].id"), Some(&json!(7)));
        assert_eq!(at(&json!({"a": {"b": 1}, "a.b": 2}), "a.b"), Some(&json!(1)));
        assert_eq!(at(&json!({"": 1}), ""), Some(&json!(1)));
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
}
