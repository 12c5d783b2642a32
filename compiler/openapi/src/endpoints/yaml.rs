//! Drafts as the YAML of an overlay.

use super::kind::DraftKind;
use super::paging::PagesDraft;
use super::{EndpointDraft, ParameterDraft};
use keyway_spec::operation::ValueKind;
use serde_json::Value;
use std::fmt::Write as _;

/// An overlay with these endpoints for an entry.
pub(super) fn overlay(key: &str, drafts: &[EndpointDraft]) -> String {
    let mut out = format!("{}:\n  keyway:\n    endpoints:\n", scalar(key));
    for draft in drafts {
        endpoint(draft, &mut out);
    }
    out
}

fn endpoint(draft: &EndpointDraft, out: &mut String) {
    let _ = writeln!(out, "      {}:", scalar(&draft.name));
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(out, "        {key}: {value}");
    };
    line(draft.verb, &scalar(&draft.path));
    for (key, text) in [("title", &draft.title), ("docs", &draft.docs)] {
        if let Some(text) = text {
            line(key, &scalar(text));
        }
    }
    if !draft.headers.is_empty() {
        line("headers", &flow(draft.headers.iter().map(|(name, value)| (name.as_str(), scalar(value)))));
    }
    // A text without more to say is what a placeholder is anyway.
    let says_more = |one: &&ParameterDraft| one.kind != DraftKind::of(ValueKind::String) || one.description.is_some();
    let in_path: Vec<&ParameterDraft> = draft.path_parameters.iter().filter(says_more).collect();
    for (key, parameters) in
        [("path", in_path), ("query", draft.query.iter().collect()), ("body", draft.body.iter().collect())]
    {
        if !parameters.is_empty() {
            let _ = writeln!(out, "        {key}:");
        }
        for one in parameters {
            let _ = writeln!(out, "          {}: {}", scalar(&one.name), parameter(one));
        }
    }
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(out, "        {key}: {value}");
    };
    if draft.is_form {
        line("body_format", "form");
    }
    if let Some(header) = &draft.idempotency_key {
        line("idempotency_key", &scalar(header));
    }
    match &draft.paginate {
        None => return,
        Some(PagesDraft::OfEntry) => line("paginate", "true"),
        Some(PagesDraft::Keys(keys)) => {
            let value = |key: &str, value: &str| if key == "offset_start_value" { value.into() } else { scalar(value) };
            line("paginate", &flow(keys.iter().map(|(key, text)| (*key, value(key, text)))));
        }
    }
    if let Some(items) = &draft.items {
        line("items", &scalar(items));
    }
}

/// The word of its type, or a map with what else there is to say.
fn parameter(one: &ParameterDraft) -> String {
    let mut pairs = vec![("type", one.kind.is.name().to_owned())];
    pairs.extend(one.is_required.then(|| ("required", "true".to_owned())));
    if !one.kind.values.is_empty() {
        let values: Vec<String> = one.kind.values.iter().map(|value| scalar(value)).collect();
        pairs.push(("values", format!("[{}]", values.join(", "))));
    }
    pairs.extend(one.style.map(|style| ("style", style.to_owned())));
    pairs.extend(one.description.as_deref().map(|text| ("description", scalar(text))));
    match pairs.as_slice() {
        [(_, kind)] => kind.clone(),
        _ => flow(pairs.into_iter()),
    }
}

fn flow<'k>(pairs: impl Iterator<Item = (&'k str, String)>) -> String {
    let pairs: Vec<String> = pairs.map(|(key, value)| format!("{}: {value}", scalar(key))).collect();
    format!("{{{}}}", pairs.join(", "))
}

/// A text: plain where no YAML could read it as anything else, otherwise in double quotes as JSON has them, which are
/// YAML too (YAML 1.2 section 1.3).
fn scalar(text: &str) -> String {
    let inner = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | ' ');
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '_'));
    let is_word = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n" | "null"
    );
    let is_plain = begins && text.chars().all(inner) && !text.ends_with(' ') && !is_word;
    let is_address = text.starts_with("https://") && text.chars().all(|c| inner(c) || c == ':') && !text.ends_with(':');
    if is_plain || is_address { text.to_owned() } else { Value::from(text).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_could_be_anything_else_is_quoted() {
        for (text, expected) in [
            ("issues", "issues"),
            ("/repos/a-b.json", "/repos/a-b.json"),
            ("/repos/{owner}", "\"/repos/{owner}\""),
            ("https://docs.example.com/a", "https://docs.example.com/a"),
            ("https://docs.example.com/a#b", "\"https://docs.example.com/a#b\""),
            ("Lists issues.", "Lists issues."),
            ("true", "\"true\""),
            ("No", "\"No\""),
            ("1", "\"1\""),
            ("-", "\"-\""),
            ("", "\"\""),
            ("a: b", "\"a: b\""),
            ("a\"b\\", "\"a\\\"b\\\\\""),
            ("ids[]", "\"ids[]\""),
        ] {
            assert_eq!(scalar(text), expected, "{text}");
        }
    }
}
