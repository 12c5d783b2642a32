//! Values with more than one text: how a list and an object are written as names and values.
//!
//! Vendors agree on nothing here, so the style is the endpoint's. What is `null` is left out in each of them.

use super::{Misfit, scalar};
use crate::call::Call;
use keyway_spec::operation::ListStyle;
use serde_json::{Map, Value};

/// Names and values, or one name with a value whose separators are not to be encoded.
#[derive(Debug, PartialEq, Eq)]
pub enum StyledParameter {
    /// A name and a value.
    Pair(String, String),
    /// A name, its values, and the encoded text between two of them.
    Joined(String, Vec<String>, &'static str),
}

/// A value in a style. Without a name an object brings those of its members, and `argument` is that of anything else.
pub fn styled(
    argument: &str,
    name: Option<&str>,
    style: ListStyle,
    value: Value,
) -> Result<Vec<StyledParameter>, Misfit> {
    let mut out = Vec::new();
    match (value, name) {
        (Value::Object(members), None) if style != ListStyle::DeepObject => {
            for (member, value) in members {
                one(&member, Some(&member), style, value, &mut out)?;
            }
        }
        (value, name) => one(name.unwrap_or(argument), None, style, value, &mut out)?,
    }
    Ok(out)
}

/// Adds parameters to the query of a call.
pub fn add_to_query(call: &mut Call, parameters: Vec<StyledParameter>) {
    for parameter in parameters {
        match parameter {
            StyledParameter::Pair(name, value) => call.query.push((name, value)),
            // A separator is no part of a value, so it stands in the endpoint's own query, where nothing is encoded
            // again.
            StyledParameter::Joined(name, texts, separator) => {
                let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
                let texts: Vec<String> = texts.iter().map(|text| encoded(text)).collect();
                call.endpoint.push(if call.endpoint.contains('?') { '&' } else { '?' });
                call.endpoint.extend([&encoded(&name), "=", &texts.join(separator)]);
            }
        }
    }
}

/// The pairs of a value without values inside its values: a list repeats the name. `member` says that the value is one
/// of an object.
pub fn pairs(name: &str, member: Option<&str>, value: Value) -> Result<Vec<(String, String)>, Misfit> {
    let texts: Option<Vec<String>> = match value {
        Value::Null => Some(Vec::new()),
        Value::Array(items) => items.into_iter().map(scalar).collect(),
        value => scalar(value).map(|text| vec![text]),
    };
    let texts = texts.ok_or_else(|| match member {
        None => "holds a value inside a value, which a name and a text cannot say".into(),
        Some(member) => {
            Misfit { member: Some(member.to_owned()), reason: "must be a text, a number, a bool or a list of them" }
        }
    })?;
    Ok(texts.into_iter().map(|text| (name.to_owned(), text)).collect())
}

/// The same for each member of an object.
pub fn pairs_of_fields(members: Map<String, Value>) -> Result<Vec<(String, String)>, Misfit> {
    let mut out = Vec::with_capacity(members.len());
    for (name, value) in members {
        out.extend(pairs(&name, Some(&name), value)?);
    }
    Ok(out)
}

/// The pairs of an object with values inside its values, in a style with brackets.
pub fn pairs_of_members(members: Map<String, Value>, style: ListStyle) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (member, value) in members {
        nest(member, style, value, &mut out);
    }
    out
}

fn one(
    name: &str,
    member: Option<&str>,
    style: ListStyle,
    value: Value,
    out: &mut Vec<StyledParameter>,
) -> Result<(), Misfit> {
    let pair = |(name, value)| StyledParameter::Pair(name, value);
    match (separator(style), value) {
        (Some(separator), Value::Array(items)) => {
            let texts: Option<Vec<String>> = items.into_iter().map(scalar).collect();
            let reason = "must be a list of texts, numbers or bools";
            let texts = texts.ok_or_else(|| Misfit { member: member.map(str::to_owned), reason })?;
            if !texts.is_empty() {
                out.push(StyledParameter::Joined(name.to_owned(), texts, separator));
            }
        }
        (None, value) if style != ListStyle::Repeat => {
            let mut nested = Vec::new();
            nest(name.to_owned(), style, value, &mut nested);
            out.extend(nested.into_iter().map(pair));
        }
        (_, value) => out.extend(pairs(name, member, value)?.into_iter().map(pair)),
    }
    Ok(())
}

/// The encoded text between two values of a list, in the styles that join them.
fn separator(style: ListStyle) -> Option<&'static str> {
    match style {
        ListStyle::Comma => Some(","),
        ListStyle::Space => Some("%20"),
        ListStyle::Pipe => Some("%7C"),
        ListStyle::Repeat | ListStyle::Brackets | ListStyle::Indices | ListStyle::DeepObject => None,
    }
}

/// As deep as the value. Callers bound one that is not the program's own.
fn nest(name: String, style: ListStyle, value: Value, out: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            for (member, value) in members {
                nest(format!("{name}[{member}]"), style, value, out);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.into_iter().enumerate() {
                let is_flat = !matches!(item, Value::Object(_) | Value::Array(_));
                let name = match style {
                    // `a[][b]=1&a[][c]=2` would not say which of them belong together.
                    ListStyle::Brackets if is_flat => format!("{name}[]"),
                    ListStyle::DeepObject if is_flat => name.clone(),
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

    fn shown(written: Result<Vec<StyledParameter>, Misfit>) -> String {
        let written = match written {
            Ok(written) => written,
            Err(misfit) => return format!("`{}` {}", misfit.place("arg"), misfit.reason),
        };
        let texts = written.into_iter().map(|written| match written {
            StyledParameter::Pair(name, value) => format!("{name}={value}"),
            StyledParameter::Joined(name, values, separator) => format!("{name}={}", values.join(separator)),
        });
        texts.collect::<Vec<_>>().join("&")
    }

    #[test]
    fn a_list_and_a_struct_are_written_in_the_style_of_the_endpoint() {
        use ListStyle::{Brackets, Comma, DeepObject, Indices, Pipe, Repeat, Space};
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
            assert_eq!(shown(styled("arg", name, style, value.clone())), expected, "{style:?} {value}");
        }
    }

    #[test]
    fn a_nested_form_has_names_in_brackets() {
        let charge = json!({"amount": 5, "line_items": [{"price": "p", "n": null}], "expand": ["a"], "m": {"k": true}});
        let expected = "amount=5&line_items[0][price]=p&expand[]=a&m[k]=true";
        for (style, expected) in
            [(ListStyle::Brackets, expected.to_owned()), (ListStyle::Indices, expected.replace("[]", "[0]"))]
        {
            let pairs = pairs_of_members(charge.as_object().unwrap().clone(), style);
            let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
            assert_eq!(pairs.join("&"), expected);
        }
    }

    #[test]
    fn separators_are_not_encoded_and_values_are() {
        let mut call = Call::get("/x?a=1");
        for (name, style, value) in [
            ("labels", ListStyle::Comma, json!(["a,b", "c d"])),
            ("state", ListStyle::Repeat, json!("open")),
            ("ids", ListStyle::Pipe, json!([1, 2])),
        ] {
            add_to_query(&mut call, styled("", Some(name), style, value).unwrap());
        }
        assert_eq!(call.endpoint, "/x?a=1&labels=a%2Cb,c+d&ids=1%7C2");
        assert_eq!(call.query, [("state".to_owned(), "open".to_owned())]);
    }
}
