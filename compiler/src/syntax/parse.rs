//! Text to a document.
//!
//! Only a syntax error sends a text to `recover`; whatever else is refused is what the user sees.

use super::builder::Builder;
use super::events::{SyntaxError, events};
use super::explain::explain;
use super::node::{Mapping, Node, Value};
use super::rules::{UNSUPPORTED_YAML, YAML_SYNTAX};
use super::{Document, halves, mistyped, recover};
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Fix};
use crate::source::{FileId, Span};
use std::ops::Range;

/// Reads one file. A syntax error loses the entry it stands in, not its neighbours; anything else that is refused
/// ends the reading, and keeps the entries before it.
pub fn parse(file: FileId, text: &str) -> (Document, Diagnostics) {
    let tree = halves::tree(file, text).unwrap_or_else(|| tree(file, text, 0));
    match tree.end {
        End::NotYaml(error) => recover::entry_by_entry(file, text, *error),
        End::Complete | End::Refused => document(file, text, tree),
    }
}

/// What one text gave.
pub(super) struct Tree {
    /// The root; after a refusal, what was complete before it.
    pub(super) root: Option<Node>,
    /// Everything found, a refusal included.
    pub(super) diagnostics: Diagnostics,
    /// How it ended.
    pub(super) end: End,
    /// Whether it has anchors, or refers to some.
    pub(super) has_anchors: bool,
}

/// How the reading of a text ended.
pub(super) enum End {
    /// At its end.
    Complete,
    /// At something that YAML allows and this format does not.
    Refused,
    /// At this syntax error.
    NotYaml(Box<Diagnostic>),
}

/// One chunk of text as a tree. `base` is the byte of the file at which the chunk begins.
pub(super) fn tree(file: FileId, text: &str, base: usize) -> Tree {
    let mut builder = Builder::new(file, text, base);
    for event in events(text) {
        match event {
            Ok((event, range)) => {
                if let Err(refusal) = builder.event(event, range) {
                    return builder.refused(*refusal);
                }
            }
            Err(error) => {
                let error = Box::new(syntax_error(file, text, base, &error));
                return Tree { end: End::NotYaml(error), ..builder.complete() };
            }
        }
    }
    builder.complete()
}

/// The root as entries by key. After a refusal the rest of the file counts as lost.
fn document(file: FileId, text: &str, tree: Tree) -> (Document, Diagnostics) {
    let mut diagnostics = tree.diagnostics;
    let other = tree.root.as_ref().filter(|root| !matches!(root.value, Value::Null | Value::Mapping(_))).cloned();
    let entries = entries(tree.root, &mut diagnostics);
    let lost = match tree.end {
        End::Complete => Vec::new(),
        End::Refused | End::NotYaml(_) => {
            let last = entries.iter().last().map(|entry| entry.key.span.range().start);
            recover::lost(file, text, last)
        }
    };
    (Document { entries, lost, has_anchors: tree.has_anchors, other }, diagnostics)
}

/// The entries of a root.
pub(super) fn entries(root: Option<Node>, diagnostics: &mut Diagnostics) -> Mapping {
    match root {
        None | Some(Node { value: Value::Null, .. }) => Mapping::default(),
        Some(Node { value: Value::Mapping(entries), .. }) => entries,
        Some(node) => {
            let message = format!("the file must be a map from provider keys to providers, not {}", node.kind());
            let help = "begin a line with the provider's key and a colon, and indent what belongs to it below";
            diagnostics.push(Diagnostic::new(&UNSUPPORTED_YAML, message, node.span).help(help));
            Mapping::default()
        }
    }
}

fn syntax_error(file: FileId, text: &str, base: usize, error: &SyntaxError) -> Diagnostic {
    if let Some(found) = mistyped::explain(text, error.offset) {
        let span = |range: &Range<usize>| Span::new(file, base + range.start, base + range.end);
        let edits = found.edits.iter().map(|(range, to)| Edit { span: span(range), replacement: to.clone() }).collect();
        let fix = Fix { title: found.help.clone(), edits };
        let offered = Some(fix).filter(|fix| !fix.edits.is_empty());
        return Diagnostic::new(&YAML_SYNTAX, found.message, span(&found.range)).help(found.help).offer(offered);
    }
    let (message, help) = explain(text, error.offset, &error.message);
    let diagnostic = Diagnostic::new(&YAML_SYNTAX, message, one_character(file, text, base, error.offset));
    match help {
        Some(help) => diagnostic.help(help),
        None => diagnostic,
    }
}

fn one_character(file: FileId, text: &str, base: usize, offset: usize) -> Span {
    let mut start = offset.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let next = text.get(start..).and_then(|rest| rest.chars().next());
    let width = next.filter(|c| *c != '\n').map_or(0, char::len_utf8);
    Span::new(file, base + start, base + start + width)
}
