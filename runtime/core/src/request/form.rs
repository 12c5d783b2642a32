//! Forms: pairs out of values, pairs as text, and parts added to a multipart body.
//!
//! Nested values are named `a[b][c]`, items of a list `a[0]`.

use super::invalid;
use crate::error::Result;
use bytes::{Bytes, BytesMut};
use serde_json::{Map, Value};

/// Pairs of a map's values, in order.
pub(super) fn pairs(map: &Map<String, Value>) -> Vec<(String, String)> {
    let mut pairs = Vec::with_capacity(map.len());
    map.iter().for_each(|(name, value)| flatten(name, value, &mut pairs));
    pairs
}

/// The pairs as `application/x-www-form-urlencoded` (WHATWG URL, section 5.2).
pub(super) fn encoded(pairs: &[(String, String)]) -> Bytes {
    Bytes::from(form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish())
}

/// A form that is text already, with further pairs after it.
pub(super) fn appended(own: &Bytes, added: &[(String, String)]) -> Bytes {
    let separator: &[u8] = if own.is_empty() || added.is_empty() { b"" } else { b"&" };
    [own, separator, &encoded(added)].concat().into()
}

/// A multipart body (RFC 7578) with further parts before its end. `content_type` names the boundary.
pub(super) fn multipart(own: &Bytes, content_type: &str, added: &[(String, String)]) -> Result<Bytes> {
    let boundary = boundary(content_type).ok_or_else(|| {
        invalid("the provider adds values to the body: name the `boundary` of the multipart body in its `content-type`")
    })?;
    let delimiter = format!("--{boundary}");
    let end = format!("{delimiter}--");
    let at = last(own, end.as_bytes()).filter(|at| starts_a_line(own, *at));
    let halves = at.and_then(|at| Some((own.get(..at)?, own.get(at..)?)));
    let (before, after) = halves
        .ok_or_else(|| invalid("the multipart body does not end with the boundary that its `content-type` names"))?;
    let mut body = BytesMut::from(before);
    for (name, value) in added {
        if value.contains(&delimiter) || name.contains(&delimiter) {
            return Err(invalid("the boundary of the multipart body occurs in a value: use a random one"));
        }
        let name = name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
        let part = format!("{delimiter}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    body.extend_from_slice(after);
    Ok(body.freeze())
}

/// As deep as the value. Those of entries are bounded by the compiler, callers' by the JSON parser.
fn flatten(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| flatten(&format!("{name}[{key}]"), value, pairs)),
        Value::Array(items) => {
            let numbered = items.iter().enumerate();
            numbered.for_each(|(index, value)| flatten(&format!("{name}[{index}]"), value, pairs));
        }
        Value::String(text) => pairs.push((name.to_owned(), text.clone())),
        Value::Null => pairs.push((name.to_owned(), String::new())),
        other => pairs.push((name.to_owned(), other.to_string())),
    }
}

/// The `boundary` parameter, quoted or not: 1 to 70 characters (RFC 2046 section 5.1.1).
fn boundary(content_type: &str) -> Option<&str> {
    let parameters = content_type.split(';').skip(1);
    let value = parameters.filter_map(|parameter| parameter.split_once('=')).find_map(|(name, value)| {
        let is_boundary = name.trim().eq_ignore_ascii_case("boundary");
        is_boundary.then(|| value.trim())
    })?;
    let value = value.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(value);
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"'()+_,-./:=? ".contains(&byte);
    ((1..=70).contains(&value.len()) && value.bytes().all(plain) && !value.ends_with(' ')).then_some(value)
}

fn last(text: &[u8], part: &[u8]) -> Option<usize> {
    text.windows(part.len()).rposition(|window| window == part)
}

fn starts_a_line(text: &[u8], at: usize) -> bool {
    text.get(..at).is_some_and(|before| before.is_empty() || before.ends_with(b"\r\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nested_values_have_names_in_brackets() {
        let value = json!({"a": "x y", "b": {"c": [1, true], "d": null}, "e": {}});
        let text = encoded(&pairs(value.as_object().unwrap()));
        assert_eq!(text, "a=x+y&b%5Bc%5D%5B0%5D=1&b%5Bc%5D%5B1%5D=true&b%5Bd%5D=");
        for (own, expected) in [("", "k=1%262"), ("a=%zz", "a=%zz&k=1%262")] {
            assert_eq!(appended(&Bytes::from(own), &[("k".into(), "1&2".into())]), expected);
        }
        assert_eq!(appended(&Bytes::from("a=1"), &[]), "a=1");
    }

    #[test]
    fn parts_are_added_before_the_end() {
        let own = "--b1\r\ncontent-disposition: form-data; name=\"own\"\r\n\r\n--b1--x\r\n--b1--\r\n";
        let added = multipart(&Bytes::from(own), "multipart/form-data; boundary=b1", &[("k\"\r\n".into(), "v".into())]);
        let expected = "--b1\r\ncontent-disposition: form-data; name=\"own\"\r\n\r\n--b1--x\r\n\
            --b1\r\ncontent-disposition: form-data; name=\"k%22%0D%0A\"\r\n\r\nv\r\n--b1--\r\n";
        assert_eq!(added.unwrap(), expected);
        assert_eq!(
            multipart(&Bytes::from("--b1--"), "multipart/form-data; charset=x; Boundary=\"b1\"", &[]).unwrap(),
            "--b1--"
        );
    }

    #[test]
    fn what_is_no_multipart_body_is_refused() {
        let long = format!("multipart/form-data; boundary={}", "x".repeat(71));
        for (body, content_type, value) in [
            ("--b1--", "multipart/form-data", "v"),
            ("--b1--", "multipart/form-data; boundary=", "v"),
            ("--b1--", "multipart/form-data; boundary=\"b1 \"", "v"),
            ("--b1--", "multipart/form-data; boundary=b{1}", "v"),
            ("--b1--", &long, "v"),
            ("--b2--", "multipart/form-data; boundary=b1", "v"),
            ("x--b1--", "multipart/form-data; boundary=b1", "v"),
            ("", "multipart/form-data; boundary=b1", "v"),
            ("--b1--", "multipart/form-data; boundary=b1", "a\r\n--b1\r\nb"),
        ] {
            let added = multipart(&Bytes::from(body), content_type, &[("k".to_owned(), value.to_owned())]);
            assert!(added.is_err(), "{content_type} {value:?}");
        }
    }
}
