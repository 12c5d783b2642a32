//! One text, or a part of one, to a tree: what the parser's events build, and what is said where they end early.

use super::builder::Builder;
use super::dialect::Dialect;
use super::events::{SyntaxError, events};
use super::explain::explain;
use super::mistyped;
use super::node::{Mapping, Node, Value};
use super::rules::{UNSUPPORTED_YAML, YAML_SYNTAX};
use super::tree::{End, Tree};
use crate::diagnostic::{Diagnostic, Diagnostics, Edit, Fix};
use crate::source::{FileId, Span};
use std::ops::Range;

/// One chunk of text as a tree. `base` is the byte of the file at which the chunk begins.
pub(super) fn tree(file: FileId, text: &str, base: usize) -> Tree {
    built(Builder::new(file, text, base), file, text, base)
}

/// A whole text of another dialect as a tree.
pub(super) fn tree_of(dialect: &'static Dialect, file: FileId, text: &str) -> Tree {
    built(Builder::new(file, text, 0).of(dialect), file, text, 0)
}

fn built(mut builder: Builder<'_>, file: FileId, text: &str, base: usize) -> Tree {
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
