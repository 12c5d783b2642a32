//! The members of a body, as rows: those of objects inside it stand behind a dot, those of lists behind `[]`.

use super::prose::Prose;
use serde_json::{Map, Value};

/// The depth to which members are listed; the document has them all.
const MAX_DEPTH: usize = 3;

/// A member.
pub(super) struct DocsMember {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) note: &'static str,
    pub(super) about: Prose,
}

/// The side that a body is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BodySide {
    Request,
    Answer,
}

impl BodySide {
    /// The word about a member: in a request those are told that have to be there, in an answer those that need not.
    fn note(self, is_required: bool) -> &'static str {
        match (self, is_required) {
            (BodySide::Request, true) => "required",
            (BodySide::Answer, false) => "may be absent",
            _ => "",
        }
    }
}

/// The members of a schema of a document.
pub(super) fn members(document: &Value, schema: &Value, side: BodySide) -> Vec<DocsMember> {
    let mut found = Vec::new();
    collect(document, schema, side, ("", 0), &mut found);
    found
}

fn collect(
    document: &Value,
    schema: &Value,
    side: BodySide,
    (path, depth): (&str, usize),
    found: &mut Vec<DocsMember>,
) {
    let Some(properties) = resolved(document, schema).get("properties").and_then(Value::as_object) else { return };
    let required = resolved(document, schema).get("required").and_then(Value::as_array);
    for (name, property) in properties {
        let shown = resolved(document, property);
        let name_of = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        found.push(DocsMember {
            kind: kind(document, shown),
            note: side.note(required.is_some_and(|names| names.iter().any(|one| one == name))),
            about: Prose::new(&about(property, shown)),
            name: name_of.clone(),
        });
        if depth < MAX_DEPTH {
            let (inner, path) = match shown.get("items") {
                Some(items) => (items, format!("{name_of}[]")),
                None => (shown, name_of),
            };
            collect(document, inner, side, (&path, depth + 1), found);
        }
    }
}

/// The schema that a reference leads to; of a schema or `null`, the schema.
fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let one = schema.get("anyOf").and_then(Value::as_array).and_then(|all| all.first()).unwrap_or(schema);
    let target = one.get("$ref").and_then(Value::as_str).and_then(|target| document.pointer(target.strip_prefix('#')?));
    target.unwrap_or(one)
}

/// The type in words.
pub(super) fn kind(document: &Value, schema: &Value) -> String {
    let words: Vec<&str> = match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => return "any".to_owned(),
    };
    let each = |word: &&str| match (*word, schema.get("items"), schema.get("additionalProperties")) {
        ("array", Some(items), _) => format!("list of {}", kind(document, resolved(document, items))),
        ("object", _, Some(Value::Object(_))) if schema.get("properties").is_none() => "object by name".to_owned(),
        (word, ..) => word.to_owned(),
    };
    words.iter().map(each).collect::<Vec<_>>().join(" or ")
}

/// The description, with the bounds.
fn about(property: &Value, schema: &Value) -> String {
    let described = [property, schema].iter().find_map(|one| one.get("description")?.as_str()).unwrap_or_default();
    let bounds = schema.as_object().map_or_else(String::new, bounds);
    [described, &bounds]
        .iter()
        .filter(|text| !text.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('\n', " ")
}

/// The bounds of a schema, in words.
pub(super) fn bounds(schema: &Map<String, Value>) -> String {
    let mut said = Vec::new();
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        let shown: Vec<String> = values.iter().map(|value| format!("`{}`", value.as_str().unwrap_or("null"))).collect();
        said.push(format!("One of {}.", shown.join(", ")));
    }
    for (name, words) in [
        ("minimum", "At least"),
        ("maximum", "At most"),
        ("maxLength", "Characters at most:"),
        ("maxItems", "Items at most:"),
        ("default", "By default"),
    ] {
        if let Some(bound) = schema.get(name).filter(|bound| bound.is_i64()) {
            said.push(format!("{words} {bound}."));
        }
    }
    said.join(" ")
}
