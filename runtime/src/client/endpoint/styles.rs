//! Values with more than one text: how a list and a struct are written as names and values.
//!
//! Vendors agree on nothing here, so the style is the endpoint's. What is `null` is left out in each of them.

use super::values::{self, refused, scalar};
use crate::error::Result;
use serde::Serialize;
use serde_json::Value;

/// A style of a query parameter or of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum QueryStyle {
    /// `a=1&a=2`
    Repeat,
    /// `a=1,2`
    Comma,
    /// `a=1%202`
    Space,
    /// `a=1%7C2`
    Pipe,
    /// `a[]=1&a[]=2`, `a[b]=1`, `a[0][b]=1`
    Brackets,
    /// `a[0]=1&a[1]=2`, `a[b]=1`
    Indices,
    /// `a[b]=1&a[c]=2`, a list inside repeats its name (OpenAPI)
    DeepObject,
}

/// Names and values, or one name with a value whose separators are not to be encoded.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Parameter {
    Pair(String, String),
    /// The values, and the encoded text between two of them.
    Joined(String, Vec<String>, &'static str),
}

/// A value in a style. Without a name of its own a struct brings those of its fields.
pub(super) fn written<T: Serialize + ?Sized>(
    argument: &str,
    name: Option<&str>,
    style: QueryStyle,
    value: &T,
) -> Result<Vec<Parameter>> {
    let mut out = Vec::new();
    let value = values::json(argument, value)?;
    match (value, name) {
        (Value::Object(fields), None) if style != QueryStyle::DeepObject => {
            for (field, value) in fields {
                one(argument, Some(&field), &field, style, value, &mut out)?;
            }
        }
        (value, name) => one(argument, None, name.unwrap_or(argument), style, value, &mut out)?,
    }
    Ok(out)
}

/// The pairs of a struct or a map in a style with brackets.
pub(super) fn nested_form<T: Serialize + ?Sized>(
    argument: &str,
    style: QueryStyle,
    value: &T,
) -> Result<Vec<(String, String)>> {
    let fields = match values::json(argument, value)? {
        Value::Object(fields) => fields,
        Value::Null => return Ok(Vec::new()),
        _ => return Err(refused(argument, "must be a struct or a map, to be sent as a form")),
    };
    let mut out = Vec::new();
    for (field, value) in fields {
        nest(field, style, value, &mut out);
    }
    Ok(out)
}

fn one(
    argument: &str,
    field: Option<&str>,
    name: &str,
    style: QueryStyle,
    value: Value,
    out: &mut Vec<Parameter>,
) -> Result<()> {
    let flat = |value, out: &mut Vec<Parameter>| {
        let pairs = values::of_value(argument, field, name, value)?;
        out.extend(pairs.into_iter().map(|(name, value)| Parameter::Pair(name, value)));
        Ok(())
    };
    let separator = match style {
        QueryStyle::Comma => ",",
        QueryStyle::Space => "%20",
        QueryStyle::Pipe => "%7C",
        QueryStyle::Repeat => return flat(value, out),
        QueryStyle::Brackets | QueryStyle::Indices | QueryStyle::DeepObject => {
            let mut pairs = Vec::new();
            nest(name.to_owned(), style, value, &mut pairs);
            out.extend(pairs.into_iter().map(|(name, value)| Parameter::Pair(name, value)));
            return Ok(());
        }
    };
    match value {
        Value::Array(items) => {
            let texts: Option<Vec<String>> = items.into_iter().map(scalar).collect();
            let place = || field.map_or_else(|| argument.to_owned(), |field| format!("{argument}.{field}"));
            let texts = texts.ok_or_else(|| refused(&place(), "must be a list of texts, numbers or bools"))?;
            if !texts.is_empty() {
                out.push(Parameter::Joined(name.to_owned(), texts, separator));
            }
            Ok(())
        }
        value => flat(value, out),
    }
}

/// As deep as the value, which is the program's own.
fn nest(name: String, style: QueryStyle, value: Value, out: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                nest(format!("{name}[{field}]"), style, value, out);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.into_iter().enumerate() {
                let is_flat = !matches!(item, Value::Object(_) | Value::Array(_));
                let name = match style {
                    // `a[][b]=1&a[][c]=2` would not say which of them belong together.
                    QueryStyle::Brackets if is_flat => format!("{name}[]"),
                    QueryStyle::DeepObject if is_flat => name.clone(),
                    _ => format!("{name}[{index}]"),
                };
                nest(name, style, item, out);
            }
        }
        value => out.extend(scalar(value).map(|text| (name, text))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn shown(written: Result<Vec<Parameter>>) -> String {
        let written = match written {
            Ok(written) => written,
            Err(error) => return error.message().to_owned(),
        };
        let texts = written.into_iter().map(|written| match written {
            Parameter::Pair(name, value) => format!("{name}={value}"),
            Parameter::Joined(name, values, separator) => format!("{name}={}", values.join(separator)),
        });
        texts.collect::<Vec<_>>().join("&")
    }

    #[test]
    fn a_list_and_a_struct_are_written_in_the_style_of_the_endpoint() {
        use QueryStyle::{Brackets, Comma, DeepObject, Indices, Pipe, Repeat, Space};
        let list = json!([1, "b"]);
        let filter = json!({"status": "open", "ids": [1, 2], "none": null});
        let deep = json!({"items": [{"price": "p", "tags": ["x", "y"]}, {"price": "q"}]});
        for (name, style, value, expected) in [
            (Some("a"), Repeat, &list, "a=1&a=b"),
            (Some("a"), Comma, &list, "a=1,b"),
            (Some("a"), Space, &list, "a=1%20b"),
            (Some("a"), Pipe, &list, "a=1%7Cb"),
            (Some("a"), Brackets, &list, "a[]=1&a[]=b"),
            (Some("a"), Indices, &list, "a[0]=1&a[1]=b"),
            (None, Comma, &list, "arg=1,b"),
            (None, Brackets, &list, "arg[]=1&arg[]=b"),
            (None, Comma, &json!([]), ""),
            (None, Comma, &json!(7), "arg=7"),
            (None, Comma, &json!(null), ""),
            (None, Brackets, &json!(null), ""),
            (None, Comma, &filter, "status=open&ids=1,2"),
            (None, Brackets, &filter, "status=open&ids[]=1&ids[]=2"),
            (None, DeepObject, &filter, "arg[status]=open&arg[ids]=1&arg[ids]=2"),
            (Some("f"), DeepObject, &filter, "f[status]=open&f[ids]=1&f[ids]=2"),
            (Some("f"), Brackets, &filter, "f[status]=open&f[ids][]=1&f[ids][]=2"),
            (Some("f"), Indices, &filter, "f[status]=open&f[ids][0]=1&f[ids][1]=2"),
            (None, Brackets, &deep, "items[0][price]=p&items[0][tags][]=x&items[0][tags][]=y&items[1][price]=q"),
            (Some("f"), Comma, &filter, "`arg` holds a value inside a value, which a name and a text cannot say"),
            (None, Comma, &deep, "`arg.items` must be a list of texts, numbers or bools"),
        ] {
            assert_eq!(shown(written("arg", name, style, value)), expected, "{style:?} {value}");
        }
    }

    #[test]
    fn a_nested_form_has_names_in_brackets() {
        let pairs = |style, value: Value| {
            nested_form("form", style, &value)
                .map(|pairs| pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&"))
                .map_err(|error| error.message().to_owned())
        };
        let charge = json!({"amount": 5, "line_items": [{"price": "p", "n": null}], "expand": ["a"], "m": {"k": true}});
        let expected = "amount=5&line_items[0][price]=p&expand[]=a&m[k]=true";
        assert_eq!(pairs(QueryStyle::Brackets, charge.clone()).unwrap(), expected);
        assert_eq!(pairs(QueryStyle::Indices, charge).unwrap(), expected.replace("[]", "[0]"));
        assert_eq!(pairs(QueryStyle::Brackets, json!(null)).unwrap(), "");
        assert_eq!(
            pairs(QueryStyle::Brackets, json!([1])).unwrap_err(),
            "`form` must be a struct or a map, to be sent as a form"
        );
    }
}
