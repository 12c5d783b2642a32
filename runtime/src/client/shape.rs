//! JSON of an answer as the caller's type, and what is said where it has another shape.
//!
//! What the parser says may quote the answer, so only the path, the type that was expected and the type that was found
//! are told: `[3].user.login: expected a string, found null`.

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;

/// The longest path that is told, in bytes: names of members are the upstream's.
const MAX_PATH: usize = 200;

/// JSON text as a type, or what is wrong with it.
pub(super) fn read<T: DeserializeOwned>(json: &[u8]) -> Result<T, String> {
    // Where everything fits nothing else is done: to note the path takes time.
    let error = match serde_json::from_slice(json) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    if error.classify() != Category::Data {
        return Err(format!("the answer is not JSON: line {}, column {}", error.line(), error.column()));
    }
    let mut text = serde_json::Deserializer::from_slice(json);
    let again: Result<T, _> = serde_path_to_error::deserialize(&mut text);
    again.map_err(|error| told("", &error.path().to_string(), &error.inner().to_string()))
}

/// The items of a page as a type, or what is wrong with the first that does not fit.
pub(super) fn items<T: DeserializeOwned>(items: &[Value]) -> Result<Vec<T>, String> {
    let items = items.iter().enumerate().map(|(index, item)| {
        T::deserialize(item).or_else(|_| {
            let again: Result<T, _> = serde_path_to_error::deserialize(item);
            let place = format!("[{index}]");
            again.map_err(|error| told(&place, &error.path().to_string(), &error.inner().to_string()))
        })
    });
    items.collect()
}

/// What is said of a path and of a parser's message. `.` is the path of the whole.
fn told(before: &str, path: &str, message: &str) -> String {
    let mut place = match path {
        "." if before.is_empty() => "the answer".to_owned(),
        "." => before.to_owned(),
        path if before.is_empty() || path.starts_with('[') => format!("{before}{path}"),
        path => format!("{before}.{path}"),
    };
    place.retain(|character| !character.is_control());
    if place.len() > MAX_PATH {
        let end = (0..=MAX_PATH).rev().find(|end| place.is_char_boundary(*end)).unwrap_or_default();
        place.truncate(end);
        place.push_str("...");
    }
    // Behind the message stands where in the text it is.
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    format!("{place}: {}", difference(message))
}

/// The words of serde, without the value that they quote. Behind the last `, expected ` stands the type's own text.
fn difference(message: &str) -> String {
    if let Some(name) = message.strip_prefix("missing field ") {
        return format!("the member {name} is missing");
    }
    if message.starts_with("data did not match any variant of untagged enum ") {
        return "fits none of the shapes that are expected".to_owned();
    }
    let Some((said, expected)) = message.rsplit_once(", expected ") else {
        return "does not fit the type that is expected".to_owned();
    };
    let found = match said.split_once(": ") {
        Some(("invalid type", found)) => kind(found),
        Some(("invalid value", found)) => format!("{} that does not fit", kind(found)),
        None if said.starts_with("invalid length ") => "another length".to_owned(),
        None if said.starts_with("unknown variant ") => "another text".to_owned(),
        None if said.starts_with("unknown field ") => "another member".to_owned(),
        _ => return "does not fit the type that is expected".to_owned(),
    };
    format!("expected {expected}, found {found}")
}

/// The type of what serde calls `string "..."`, `integer `7``, `null`, ...
fn kind(found: &str) -> String {
    const KINDS: [(&str, &str); 9] = [
        ("null", "null"),
        ("unit value", "null"),
        ("boolean", "a boolean"),
        ("integer", "a number"),
        ("floating point", "a number"),
        ("string", "a string"),
        ("character", "a string"),
        ("sequence", "an array"),
        ("map", "an object"),
    ];
    let kind = KINDS.iter().find(|(word, _)| found.starts_with(word)).map(|(_, kind)| *kind);
    kind.unwrap_or("another value").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde_json::json;
    use std::collections::BTreeMap;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)] // what is read is not looked at
    struct Issue {
        user: User,
        #[serde(default)]
        state: Option<State>,
        #[serde(default)]
        labels: BTreeMap<String, u8>,
    }

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct User {
        login: String,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum State {
        Open,
        Closed,
    }

    #[test]
    fn path_and_types_are_told_and_never_a_value() {
        for (issue, expected) in [
            (json!({"user": {"login": null}}), "[1].user.login: expected a string, found null"),
            (json!({"user": {"login": 777}}), "[1].user.login: expected a string, found a number"),
            (json!({"user": {"login": ["hunter2"]}}), "[1].user.login: expected a string, found an array"),
            (json!({"user": "hunter2, expected hunter2"}), "[1].user: expected struct User, found a string"),
            (json!({"user": {}}), "[1].user: the member `login` is missing"),
            (json!("hunter2"), "[1]: expected struct Issue, found a string"),
            (
                json!({"user": {"login": "a"}, "state": "hunter2"}),
                "[1].state: expected `open` or `closed`, found another text",
            ),
            (
                json!({"user": {"login": "a"}, "labels": {"x": 777}}),
                "[1].labels.x: expected u8, found a number that does not fit",
            ),
        ] {
            let list = json!([{"user": {"login": "a"}}, issue]);
            let said = read::<Vec<Issue>>(list.to_string().as_bytes()).unwrap_err();
            assert_eq!(said, expected);
            assert_eq!(items::<Issue>(list.as_array().unwrap()).unwrap_err(), expected);
        }
        assert_eq!(
            read::<Issue>(b"[]").unwrap_err(),
            "the answer: expected struct Issue with 3 elements, found another length"
        );
        assert_eq!(read::<Issue>(b"hunter2").unwrap_err(), "the answer is not JSON: line 1, column 1");
        assert_eq!(read::<u8>(b"7").unwrap(), 7);
    }

    #[test]
    fn what_cannot_be_told_safely_is_not() {
        assert_eq!(difference("hunter2"), "does not fit the type that is expected");
        assert_eq!(difference("hunter2, expected hunter2"), "does not fit the type that is expected");
        assert_eq!(
            difference("data did not match any variant of untagged enum X"),
            "fits none of the shapes that are expected"
        );
        let long = told("", &"\u{e9}\n".repeat(500), "x");
        assert!(long.len() < MAX_PATH + 60 && !long.contains('\n'), "{long}");
    }
}
