//! One line of a catalogue of other people: a JSON object of facts about one service.
//!
//! The members are listed in `docs/src/guide/second-sources.md`. A member of another type, or that is not known, says
//! nothing; a line that is no object is an error that names its place. Everything is bounded: texts, lists, lines.

use super::url::MAX_TEXT;
use crate::model::Mode;
use serde_json::{Map, Value};

/// The longest line that is read, in bytes.
const MAX_LINE: usize = 64 * 1024;
/// The most lines of a file.
const MAX_LINES: usize = 100_000;
/// The most items of a list of a line.
const MAX_ITEMS: usize = 256;

/// The facts that a catalogue states about a service, as far as they are compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Witness {
    /// The catalogue.
    pub(super) source: String,
    /// The service's name there.
    pub(super) name: String,
    /// The entries it is about, each with what they have in common.
    pub(super) keys: Vec<(String, Common)>,
    /// True if the catalogue says of itself that it is old.
    pub(super) stale: Option<bool>,
    /// The auth mode, where it is one of ours.
    pub(super) auth: Option<Mode>,
    pub(super) authorization_url: Option<String>,
    pub(super) token_url: Option<String>,
    pub(super) refresh_url: Option<String>,
    pub(super) base_url: Option<String>,
    pub(super) probe: Option<String>,
    pub(super) hosts: Vec<String>,
    pub(super) scope_separator: Option<String>,
    pub(super) client_auth: Option<String>,
    pub(super) body_format: Option<String>,
    pub(super) pkce: Option<bool>,
    pub(super) authorization_params: Vec<(String, String)>,
    pub(super) token_params: Vec<(String, String)>,
    pub(super) api_key: Option<Placement>,
    pub(super) paging: Option<Paging>,
    pub(super) retry_headers: Vec<String>,
}

/// The common ground of a service of another catalogue and an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Common {
    /// A host, or the line does not say.
    Host,
    /// The domain.
    Domain,
    /// The name.
    Name,
}

/// The place of a key in a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Placement {
    /// `header` or `query`.
    pub(super) place: String,
    /// The name of the header or parameter.
    pub(super) name: String,
    /// The text before the key; `None` where that is not said.
    pub(super) prefix: Option<String>,
}

/// The way lists continue.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Paging {
    pub(super) kind: String,
    pub(super) token_name: Option<String>,
    pub(super) size_name: Option<String>,
    /// Every parameter that some list of the service takes.
    pub(super) request_names: Vec<String>,
    pub(super) cursor_path: Option<String>,
    pub(super) response_path: Option<String>,
}

/// A line that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnreadableLine {
    /// The file, as it was named.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// The reason.
    pub reason: String,
}

impl std::fmt::Display for UnreadableLine {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "`{}` line {}: {}", self.file, self.line, self.reason)
    }
}

/// Reads a file of lines. `source` is the catalogue's name, `file` what messages call the file.
pub(super) fn read(source: &str, file: &str, text: &str) -> (Vec<Witness>, Vec<UnreadableLine>) {
    let (mut found, mut unreadable) = (Vec::new(), Vec::new());
    let mut refuse = |line: usize, reason: String| {
        unreadable.push(UnreadableLine { file: file.to_owned(), line: line + 1, reason });
    };
    for (at, line) in text.lines().enumerate() {
        if at == MAX_LINES {
            refuse(at, format!("the file has more than {MAX_LINES} lines; the rest is not read"));
            break;
        }
        if line.trim().is_empty() {
            continue;
        }
        if line.len() > MAX_LINE {
            refuse(at, format!("the line is longer than {MAX_LINE} bytes"));
            continue;
        }
        match serde_json::from_str::<Value>(line) {
            Ok(Value::Object(object)) => match keys(&object) {
                Some(keys) => found.extend((!keys.is_empty()).then(|| witness(source, keys, &object))),
                None => refuse(at, "it names no entries; `corpus_keys` is a list of their keys".to_owned()),
            },
            Ok(_) => refuse(at, "it is no JSON object; each line describes one service".to_owned()),
            Err(error) => refuse(at, format!("it is no JSON: {}", reason(&error))),
        }
    }
    (found, unreadable)
}

/// The mistake in a text of JSON, with the column; the line is always its first.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let said = text.split(" at line ").next().unwrap_or_default();
    format!("{said} at column {}", error.column())
}

/// The entries that a line is about, those included that only a plan has.
fn keys(object: &Map<String, Value>) -> Option<Vec<(String, Common)>> {
    let mut names = texts(object.get("corpus_keys")?)?;
    names.extend(object.get("plan_keys").and_then(texts).unwrap_or_default());
    let of_line = text(object, "match");
    let each = object.get("key_match").and_then(Value::as_object);
    let common = |key: &String| match each.and_then(|each| text(each, key)).or_else(|| of_line.clone()).as_deref() {
        Some("name") => Common::Name,
        Some("registrable-domain") => Common::Domain,
        _ => Common::Host,
    };
    Some(names.into_iter().map(|key| (key.clone(), common(&key))).collect())
}

fn witness(source: &str, keys: Vec<(String, Common)>, object: &Map<String, Value>) -> Witness {
    let of = |key: &str| text(object, key);
    let below = |key: &str| object.get(key).and_then(Value::as_object);
    let retry = below("retry");
    Witness {
        source: source.to_owned(),
        name: of("name").unwrap_or_default(),
        keys,
        stale: object.get("stale").and_then(Value::as_bool),
        auth: of("auth").and_then(|name| Mode::parse(&name)),
        authorization_url: of("authorization_url"),
        token_url: of("token_url"),
        refresh_url: of("refresh_url"),
        base_url: of("base_url"),
        probe: below("probe").and_then(|probe| text(probe, "url")),
        hosts: list(Some(object), "allowed_hosts"),
        scope_separator: of("scope_separator"),
        client_auth: of("client_auth"),
        body_format: of("token_request_format"),
        pkce: object.get("pkce").and_then(Value::as_bool),
        authorization_params: params(below("authorization_params")),
        token_params: params(below("token_params")),
        api_key: below("api_key").and_then(placement),
        paging: below("paging").map(paging),
        retry_headers: [list(retry, "after"), list(retry, "at")].concat(),
    }
}

fn placement(object: &Map<String, Value>) -> Option<Placement> {
    let name = text(object, "name").filter(|name| !name.is_empty())?;
    Some(Placement { place: text(object, "in")?, name, prefix: text(object, "prefix") })
}

fn paging(object: &Map<String, Value>) -> Paging {
    let others = object.get("others").and_then(Value::as_array).into_iter().flatten().take(MAX_ITEMS);
    let of_others = others.flat_map(|other| list(other.as_object(), "request_names"));
    Paging {
        kind: text(object, "kind").unwrap_or_default(),
        token_name: text(object, "token_name"),
        size_name: text(object, "size_name"),
        request_names: list(Some(object), "request_names").into_iter().chain(of_others).collect(),
        cursor_path: text(object, "cursor_path"),
        response_path: text(object, "response_path"),
    }
}

/// Parameters with a literal value.
fn params(object: Option<&Map<String, Value>>) -> Vec<(String, String)> {
    let members = object.into_iter().flatten().take(MAX_ITEMS);
    let literal = |value: &str| is_plain(value) && !value.contains(['{', '[']);
    let texts = members.filter_map(|(name, value)| Some((name.clone(), value.as_str().filter(|it| literal(it))?)));
    texts.map(|(name, value)| (name, value.to_owned())).collect()
}

/// A text that is compared: of a size, and without characters that would act on a terminal.
fn text(object: &Map<String, Value>, key: &str) -> Option<String> {
    object.get(key).and_then(Value::as_str).filter(|text| is_plain(text)).map(str::to_owned)
}

fn is_plain(text: &str) -> bool {
    text.len() <= MAX_TEXT && !text.contains(char::is_control)
}

fn list(object: Option<&Map<String, Value>>, key: &str) -> Vec<String> {
    object.and_then(|object| texts(object.get(key)?)).unwrap_or_default()
}

fn texts(value: &Value) -> Option<Vec<String>> {
    let items = value.as_array()?.iter().filter_map(Value::as_str).filter(|text| is_plain(text));
    Some(items.take(MAX_ITEMS).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::{Common, read};

    #[test]
    fn a_line_that_cannot_be_read_is_named_with_its_reason() {
        for (text, expected) in [
            ("", &[][..]),
            ("\n  \n{\"corpus_keys\": []}\n", &[]),
            (
                "{\"corpus_keys\": [\"a\"]}\nnull",
                &["`w.jsonl` line 2: it is no JSON object; each line describes one service"],
            ),
            ("{}", &["`w.jsonl` line 1: it names no entries; `corpus_keys` is a list of their keys"]),
            ("{\"corpus_keys\": 1}", &["`w.jsonl` line 1: it names no entries; `corpus_keys` is a list of their keys"]),
            (
                "{\"corpus_keys\": [\"a\"]",
                &["`w.jsonl` line 1: it is no JSON: EOF while parsing an object at column 21"],
            ),
        ] {
            let unreadable = read("w", "w.jsonl", text).1;
            assert_eq!(unreadable.iter().map(ToString::to_string).collect::<Vec<_>>(), expected, "{text}");
        }
        let long = format!("{{\"corpus_keys\": [\"a\"], \"name\": \"{}\"}}", "x".repeat(70_000));
        assert_eq!(read("w", "w.jsonl", &long).1.len(), 1);
        let deep = format!("{}{}", "[".repeat(9_000), "]".repeat(9_000));
        assert_eq!(read("w", "w.jsonl", &deep).1.len(), 1);
    }

    #[test]
    fn members_of_another_type_say_nothing() {
        let line =
            r#"{"corpus_keys": ["a", 1, "b"], "plan_keys": ["c"], "match": "exact-host", "key_match": {"b": "name"},
            "token_url": 1, "api_key": {"in": "header"}, "paging": {"kind": [], "others": 7}, "retry": [],
            "base_url": "https://a.example/\u001b[2J", "token_params": {"a": "b", "c": {"d": "e"}, "f": "{g}"}}"#
                .replace('\n', " ");
        let (found, unreadable) = read("w", "w.jsonl", &line);
        assert_eq!(unreadable, []);
        let found = &found[0];
        let keys = [("a", Common::Host), ("b", Common::Name), ("c", Common::Host)];
        assert_eq!(found.keys, keys.map(|(key, common)| (key.to_owned(), common)));
        assert_eq!((&found.token_url, &found.base_url, &found.api_key), (&None, &None, &None));
        assert_eq!(found.token_params, [("a".to_owned(), "b".to_owned())]);
    }
}
