//! The differences of a request from the expected one, in lines that hold no secret.
//!
//! Both sides are turned into the same lines, one for each thing that is compared, and what differs is marked. Secrets
//! of the connection, its integration and its token requests are masked on both sides before anything is shown, and
//! headers that exist to carry one are masked whole.

use super::exchange::{Exchange, Expected};
use crate::mask::{Masker, behind_scheme};
use crate::send::SecretsInRequest;
use http::request::Parts;
use serde_json::Value;
use url::Url;

/// A request as it was sent.
pub(super) struct Seen {
    method: String,
    url: String,
    headers: Vec<(String, String)>,
    body: String,
    masker: Masker,
}

impl Seen {
    pub(super) fn new(head: &Parts, body: &[u8]) -> Seen {
        let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = head.headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value)));
        let secrets = head.extensions.get::<SecretsInRequest>();
        Seen {
            method: head.method.to_string(),
            url: head.uri.to_string(),
            headers: headers.collect(),
            body: String::from_utf8_lossy(body).into_owned(),
            masker: Masker::new(secrets.iter().flat_map(|secrets| &secrets.0)),
        }
    }

    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}

/// A request that nothing expects.
pub(super) fn unexpected(seen: &Seen) -> String {
    let line = format!("  + {} {}", seen.method, seen.url);
    seen.masker.text(&line)
}

/// The lines of both, what differs marked by `-` (expected) and `+` (sent); `None` if they are equal.
pub(super) fn difference(expected: &Exchange, seen: &Seen) -> Option<String> {
    let wanted = of_expected(expected);
    let found = of_seen(expected, seen);
    if wanted == found {
        return None;
    }
    let mut lines = Vec::new();
    for (name, want) in &wanted {
        let found = found.iter().find(|(other, _)| other == name).map(|(_, value)| value);
        if found == Some(want) {
            lines.push(format!("    {}", shown(name, want)));
            continue;
        }
        lines.push(format!("  - {}", shown(name, want)));
        lines.extend(found.map(|value| format!("  + {}", shown(name, value))));
    }
    let more = found.iter().filter(|(name, _)| wanted.iter().all(|(other, _)| other != name));
    lines.extend(more.map(|(name, value)| format!("  + {}", shown(name, value))));
    Some(seen.masker.text(&lines.join("\n")))
}

/// A thing that is compared, by its name, and its value.
type Line = (String, String);

fn of_expected(expected: &Exchange) -> Vec<Line> {
    let mut lines = request_lines(expected.method.as_str(), &expected.url);
    lines.extend(expected.headers.iter().map(|(name, value)| (format!("header {name}"), value.clone())));
    match &expected.body {
        Expected::Empty | Expected::Any => {}
        Expected::Json(value) => lines.extend(of_json(value)),
        Expected::Form(pairs) => lines.extend(numbered("form", pairs.clone())),
        Expected::Text(text) => lines.push(("body".to_owned(), text.clone())),
    }
    lines
}

fn of_seen(expected: &Exchange, seen: &Seen) -> Vec<Line> {
    let mut lines = request_lines(&seen.method, &seen.url);
    for (name, _) in &expected.headers {
        lines.extend(seen.header(name).map(|value| (format!("header {name}"), value.to_owned())));
    }
    let text = || ("body".to_owned(), seen.body.clone());
    match &expected.body {
        Expected::Any => {}
        Expected::Json(_) => match serde_json::from_str(&seen.body) {
            Ok(value) => lines.extend(of_json(&value)),
            Err(_) => lines.push(text()),
        },
        Expected::Form(_) => {
            let pairs = url::form_urlencoded::parse(seen.body.as_bytes()).into_owned().collect();
            lines.extend(numbered("form", pairs));
        }
        Expected::Empty if seen.body.is_empty() => {}
        Expected::Empty | Expected::Text(_) => lines.push(text()),
    }
    lines
}

/// Method and URL without its query, then each parameter.
fn request_lines(method: &str, url: &str) -> Vec<Line> {
    let Ok(mut parsed) = Url::parse(url) else {
        return vec![("request".to_owned(), format!("{method} {url}"))];
    };
    let pairs = parsed.query_pairs().into_owned().collect();
    parsed.set_query(None);
    let mut lines = vec![("request".to_owned(), format!("{method} {parsed}"))];
    lines.extend(numbered("query", pairs));
    lines
}

/// Pairs sorted by name; of several with one name each has its number, because their order counts.
fn numbered(kind: &str, mut pairs: Vec<(String, String)>) -> Vec<Line> {
    pairs.sort_by(|(a, _), (b, _)| a.cmp(b));
    let mut lines: Vec<Line> = Vec::with_capacity(pairs.len());
    let (mut last, mut count) = (None, 0);
    for (name, value) in pairs {
        count = if last.as_ref() == Some(&name) { count + 1 } else { 1 };
        let number = if count > 1 { format!(" ({count})") } else { String::new() };
        lines.push((format!("{kind} {name}{number}"), value));
        last = Some(name);
    }
    lines
}

/// Each top-level key of an object, or the value as a whole.
fn of_json(value: &Value) -> Vec<Line> {
    match value {
        Value::Object(fields) => {
            let mut lines: Vec<Line> =
                fields.iter().map(|(name, value)| (format!("json {name}"), sorted(value))).collect();
            lines.sort();
            // An empty object is a body all the same.
            lines.push(("json".to_owned(), "{..}".to_owned()));
            lines
        }
        other => vec![("json".to_owned(), sorted(other))],
    }
}

/// A value as text, whatever the order of its keys.
fn sorted(value: &Value) -> String {
    let mut value = value.clone();
    value.sort_all_objects();
    value.to_string()
}

fn shown(name: &str, value: &str) -> String {
    match name {
        "request" => value.to_owned(),
        "header authorization" | "header cookie" | "header proxy-authorization" => {
            format!("{name}: {}", behind_scheme(value))
        }
        _ => format!("{name}: {value}"),
    }
}
