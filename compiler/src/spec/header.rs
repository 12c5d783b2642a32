//! Whether what a template of a header writes by itself can be sent.
//!
//! The runtime refuses a value with a control character (RFC 9110 section 5.5), for every call. Values that are filled in
//! are judged there; what the entry writes is judged here. Absent here: header names, which the model judges.

use crate::diagnostic::Diagnostic;
use crate::model::{Grammar, INVALID_HEADER_VALUE, LiteralHeaderValue, Str, ends_in_break};
use crate::template::{DatePart, Function, Kind, Node, Template};
use std::ops::Range;

/// A finding about text of a template that no header can carry. A text without anything to evaluate is the model's.
pub(super) fn unsendable(template: &Template, text: &Str) -> Option<Diagnostic> {
    if template.as_literal().is_some() {
        return None;
    }
    let at = written(template)?;
    let shown: String = text.text.chars().take(60).flat_map(char::escape_default).collect();
    let found = Diagnostic::new(&INVALID_HEADER_VALUE, format!("`{shown}` is not a header value"), text.span_of(at));
    let kept = text.text.trim_end_matches(['\n', '\r']);
    let ends = kept.len() < text.text.len() && last(template).is_some_and(LiteralHeaderValue::ends_in_break);
    let elsewhere = template.nodes.split_last().is_some_and(|(_, nodes)| nodes.iter().any(|node| of(node).is_some()));
    if ends && !elsewhere {
        return Some(ends_in_break(found, text.span));
    }
    Some(found.label("not valid here").help(LiteralHeaderValue::HELP))
}

/// The text that ends a template.
fn last(template: &Template) -> Option<&str> {
    match &template.nodes.last()?.kind {
        Kind::Text(text) => Some(text),
        _ => None,
    }
}

/// Where a template writes such a character.
fn written(template: &Template) -> Option<Range<usize>> {
    template.nodes.iter().find_map(of)
}

fn of(node: &Node) -> Option<Range<usize>> {
    let bad = |text: &str| !LiteralHeaderValue::accepts(text);
    match &node.kind {
        Kind::Text(text) => bad(text).then(|| node.range.clone()),
        Kind::Choice(alternatives) => alternatives.iter().find_map(written),
        // What is encoded, hashed or signed may be anything; what is cut off stays as it is.
        Kind::Call(Function::Truncate, arguments) => arguments.first().and_then(written),
        Kind::Now(now) => {
            let text = now.format.iter().any(|part| matches!(part, DatePart::Text(text) if bad(text)));
            text.then(|| node.range.clone())
        }
        Kind::Call(..) | Kind::Name(_) | Kind::Random => None,
    }
}
