//! The wording of shape findings, and their edits.
//!
//! Texts in, texts and edits out: nothing here reads an entry.

use super::vocabulary::Meant;
use crate::diagnostic::{Diagnostic, Fix, Near};
use crate::source::Span;
use crate::syntax::{Key, Mapping, Node, Value};

/// The name in messages of the map at a path below an entry.
pub(in crate::model) fn place(path: &[String]) -> String {
    if path.is_empty() { "an entry".to_owned() } else { format!("`{}`", path.join(".")) }
}

/// `` `a`, `b`, `c` ``.
pub(in crate::model) fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// Doc comments as one paragraph.
pub(crate) fn paragraph(doc: &str) -> String {
    doc.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A sentence as a part of another one: without its full stop, and with a small first letter. A word in capitals, such
/// as `OAuth` or `URL`, keeps them.
pub(in crate::model) fn in_a_sentence(sentence: &str) -> Option<String> {
    let mut letters = sentence.trim_end_matches('.').chars();
    let first = letters.next()?;
    let is_word = letters.clone().next().is_some_and(|second| second.is_ascii_lowercase() || second == ' ');
    let first = if is_word { first.to_ascii_lowercase() } else { first };
    Some(format!("{first}{}", letters.as_str()))
}

/// Says that a line break ends a value of one line, and offers to drop it.
pub(crate) fn ends_in_break(finding: Diagnostic, value: Span) -> Diagnostic {
    finding.label("a line break ends it").help("write it on one line, or `|-` for the `|` of a block").ending(value)
}

/// Asks whether a key was meant; an edit where that is clear and the map lacks it.
pub(super) fn suggest_key(finding: Diagnostic, near: Near<'_>, key: &Key, mapping: &Mapping) -> Diagnostic {
    let clear = near.clear && mapping.get(near.name).is_none_or(|entry| entry.key.span == key.span);
    suggested(finding, Near { clear, ..near }, key.span, &key.name)
}

/// Asks whether a name was meant; an edit where that is clear.
pub(in crate::model) fn suggested(finding: Diagnostic, near: Near<'_>, span: Span, was: &str) -> Diagnostic {
    let finding = finding.help(format!("did you mean `{}`?", near.name));
    if near.clear { finding.fix(rename(span, was, near.name)) } else { finding }
}

/// Says which word was meant, and what goes with it.
pub(in crate::model) fn advised(finding: Diagnostic, meant: &Meant<'_>, span: Span, was: &str) -> Diagnostic {
    let finding = suggested(finding, Near { name: meant.name, clear: meant.clear }, span, was);
    if meant.note.is_empty() { finding } else { finding.help(format!("did you mean `{}`? {}", meant.name, meant.note)) }
}

/// The dash or dot that was mistaken for the marker of a list item.
pub(super) fn bullet(node: &Node) -> Option<char> {
    let first = node.as_str()?.chars().next()?;
    matches!(first, '\u{2010}'..='\u{2015}' | '\u{2022}' | '\u{2212}' | '\u{b7}').then_some(first)
}

/// The kind of a node, with its value where that is short.
pub(super) fn found(node: &Node) -> String {
    match &node.value {
        Value::Bool(value) => format!("the boolean `{value}`"),
        Value::Integer(value) => format!("the number `{value}`"),
        Value::Float(value) => format!("the number `{value}`"),
        _ => node.kind().to_owned(),
    }
}

/// Writes `to` instead of `was`, which stands at `span`; quotes around it stay, and come where `to` needs them.
pub(super) fn rename(span: Span, was: &str, to: &str) -> Fix {
    let length = span.range().len();
    if length == was.len() + 2 {
        // In quotes and without escapes.
        return Fix::write(Span { start: span.start + 1, end: span.end - 1, ..span }, to);
    }
    let plain = to.starts_with(|first: char| first.is_ascii_alphanumeric());
    Fix::write(span, if plain { to.to_owned() } else { format!("'{to}'") })
}
