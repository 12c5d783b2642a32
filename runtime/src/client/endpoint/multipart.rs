//! `multipart/form-data` (RFC 7578): fields and files in one body.
//!
//! A struct is written by what serde makes of it, its files being [`Part`]s. A part cannot go through serde's data
//! model, so it leaves its place there and waits in a list of the thread that serializes.

use super::values::{self, refused};
use crate::error::Result;
use crate::values::scalar;
use bytes::{Bytes, BytesMut};
use serde::ser::{Error as _, SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::Value;
use std::cell::RefCell;
use std::fmt;

/// A file, or a field with a media type of its own, of a `#[body(multipart)]`. Its `Debug` says how much there is.
///
/// ```
/// use keyway::Part;
///
/// #[derive(serde::Serialize)]
/// struct Upload {
///     title: &'static str,
///     file: Part,
/// }
///
/// let file = Part::bytes("a,b").file_name("cells.csv").media_type("text/csv");
/// let upload = Upload { title: "Cells", file }; // an argument `#[body(multipart)] upload: &Upload`
/// assert_eq!(format!("{:?}", upload.file), "Part(3 bytes)");
/// ```
#[derive(Clone, Default)]
pub struct Part {
    content: Bytes,
    file_name: Option<String>,
    media_type: Option<String>,
}

/// A multipart body that is put together by name: what a struct cannot say, as a name that occurs twice.
///
/// ```
/// use keyway::{Multipart, Part};
///
/// let form = Multipart::new().text("title", "Cells").part("file", Part::bytes("a,b").file_name("cells.csv"));
/// assert_eq!(format!("{form:?}"), "Multipart(2 parts)");
/// ```
#[derive(Clone, Default)]
pub struct Multipart {
    parts: Vec<(String, Part)>,
}

impl Part {
    /// Bytes, sent as they are.
    pub fn bytes(content: impl Into<Bytes>) -> Part {
        Part { content: content.into(), file_name: None, media_type: None }
    }

    /// A value as JSON, as `application/json`.
    pub fn json<T: Serialize + ?Sized>(value: &T) -> Result<Part> {
        let content = values::json("part", value)?.to_string();
        Ok(Part::bytes(content).media_type("application/json"))
    }

    /// Names the file. Without a media type it is `application/octet-stream`.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Part {
        self.file_name = Some(name.into());
        self
    }

    /// Says the media type.
    #[must_use]
    pub fn media_type(mut self, media_type: impl Into<String>) -> Part {
        self.media_type = Some(media_type.into());
        self
    }
}

impl Multipart {
    /// A body without parts.
    pub fn new() -> Multipart {
        Multipart::default()
    }

    /// Adds a field.
    #[must_use]
    pub fn text(self, name: impl Into<String>, value: impl Into<String>) -> Multipart {
        self.part(name, Part::bytes(value.into()))
    }

    /// Adds a part.
    #[must_use]
    pub fn part(mut self, name: impl Into<String>, part: Part) -> Multipart {
        self.parts.push((name.into(), part));
        self
    }
}

thread_local! {
    /// The parts that were met while a value of this thread is serialized; `None` while none is.
    static MET: RefCell<Option<Vec<Part>>> = const { RefCell::new(None) };
}

/// The member by which the place of a part is known.
const PLACE: &str = "\u{0}keyway part";

impl Serialize for Part {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let place = MET.with_borrow_mut(|met| {
            let met = met.as_mut()?;
            met.push(self.clone());
            Some(met.len() - 1)
        });
        let place = place.ok_or_else(|| S::Error::custom("a part is sent in a `#[body(multipart)]` only"))?;
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(PLACE, &place)?;
        map.end()
    }
}

impl Serialize for Multipart {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.parts.len()))?;
        for part in &self.parts {
            list.serialize_element(part)?;
        }
        list.end()
    }
}

/// A value as the parts of a body, by name.
pub(super) fn parts<T: Serialize + ?Sized>(name: &str, value: &T) -> Result<Vec<(String, Part)>> {
    MET.set(Some(Vec::new()));
    let value = values::json(name, value);
    let met = MET.take().unwrap_or_default();
    let shape = || refused(name, "must be a struct, a map or a `Multipart`, to be sent as parts");
    let fields: Vec<(String, Value)> = match value? {
        Value::Object(fields) => fields.into_iter().collect(),
        Value::Array(pairs) => {
            let pairs = pairs.into_iter().map(|pair| match pair {
                Value::Array(pair) => <[Value; 2]>::try_from(pair).ok(),
                _ => None,
            });
            let named = pairs.map(|pair| pair.and_then(|[name, value]| Some((scalar(name)?, value))));
            named.collect::<Option<_>>().ok_or_else(shape)?
        }
        Value::Null => Vec::new(),
        _ => return Err(shape()),
    };
    let mut parts = Vec::new();
    for (field, value) in fields {
        let values = match value {
            Value::Null => Vec::new(),
            Value::Array(items) => items,
            value => vec![value],
        };
        for value in values {
            let part = of_value(value, &met).ok_or_else(|| {
                let place = format!("{name}.{field}");
                refused(&place, "must be a text, a number, a bool, a `Part` or a list of them: `Part::json` holds more")
            })?;
            parts.push((field.clone(), part));
        }
    }
    Ok(parts)
}

fn of_value(value: Value, met: &[Part]) -> Option<Part> {
    if let Value::Object(members) = &value {
        return met.get(usize::try_from(members.get(PLACE)?.as_u64()?).ok()?).cloned();
    }
    scalar(value).map(Part::bytes)
}

/// The body, and its media type. The boundary is random, so that it is in no content.
pub(super) fn encoded(parts: &[(String, Part)], boundary: &str) -> Result<(Bytes, String)> {
    let mut body = BytesMut::new();
    for (name, Part { content, file_name, media_type }) in parts {
        let mut head = format!("--{boundary}\r\ncontent-disposition: form-data; name=\"{}\"", escaped(name));
        if let Some(file_name) = file_name {
            head.extend(["; filename=\"", &escaped(file_name), "\""]);
        }
        let of_file = file_name.as_ref().map(|_| "application/octet-stream");
        if let Some(media_type) = media_type.as_deref().or(of_file) {
            if media_type.chars().any(char::is_control) {
                return Err(refused(name, "has a media type with a line break or another control character"));
            }
            head.extend(["\r\ncontent-type: ", media_type]);
        }
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(b"\r\n\r\n");
        body.extend_from_slice(content);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
    Ok((body.freeze(), format!("multipart/form-data; boundary={boundary}")))
}

/// A name as browsers write it (WHATWG HTML, section "Multipart form data").
fn escaped(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Part({} bytes)", self.content.len())
    }
}

impl fmt::Debug for Multipart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Multipart({} parts)", self.parts.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize)]
    struct Form {
        title: &'static str,
        tags: Vec<u8>,
        none: Option<u8>,
        file: Part,
        more: Vec<Part>,
    }

    fn shown<T: Serialize>(value: &T) -> String {
        let (body, kind) = match parts("form", value).and_then(|parts| encoded(&parts, "b")) {
            Ok(encoded) => encoded,
            Err(error) => return error.message().to_owned(),
        };
        assert_eq!(kind, "multipart/form-data; boundary=b");
        String::from_utf8(body.to_vec()).unwrap().replace("\r\n", "|").replace("content-disposition: form-data; ", "")
    }

    #[test]
    fn fields_and_files_are_parts_in_order() {
        let form = Form {
            title: "a b",
            tags: vec![1, 2],
            none: None,
            file: Part::bytes("1,2").file_name("a\"\r\n.csv").media_type("text/csv"),
            more: vec![Part::bytes("x").file_name("x"), Part::json(&[1]).unwrap()],
        };
        let expected = "--b|name=\"title\"||a b|--b|name=\"tags\"||1|--b|name=\"tags\"||2|\
            --b|name=\"file\"; filename=\"a%22%0D%0A.csv\"|content-type: text/csv||1,2|\
            --b|name=\"more\"; filename=\"x\"|content-type: application/octet-stream||x|\
            --b|name=\"more\"|content-type: application/json||[1]|--b--|";
        assert_eq!(shown(&form), expected);
        let named = Multipart::new().text("a", "1").part("a", Part::bytes("2").file_name("f").media_type("x/y"));
        let expected = "--b|name=\"a\"||1|--b|name=\"a\"; filename=\"f\"|content-type: x/y||2|--b--|";
        assert_eq!(shown(&named), expected);
    }

    #[test]
    fn what_cannot_be_a_part_is_refused() {
        let nested = std::collections::BTreeMap::from([("a", std::collections::BTreeMap::from([("b", 1)]))]);
        for (found, expected) in [
            (shown(&7), "`form` must be a struct, a map or a `Multipart`, to be sent as parts"),
            (
                shown(&nested),
                "`form.a` must be a text, a number, a bool, a `Part` or a list of them: `Part::json` holds more",
            ),
            (
                shown(&Multipart::new().part("a", Part::bytes("").media_type("x\r\ny: z"))),
                "`a` has a media type with a line break or another control character",
            ),
        ] {
            assert_eq!(found, expected);
        }
        let error = serde_json::to_string(&Part::bytes("secret")).unwrap_err();
        assert_eq!(error.to_string(), "a part is sent in a `#[body(multipart)]` only");
    }
}
