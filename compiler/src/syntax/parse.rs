//! Events to nodes.
//!
//! One pass with an explicit stack. Refused with a place: duplicate keys, keys that are not scalars, several
//! documents, tags, merge keys, depth over 64, anchors that expand to more than the file could say itself.
//! This module never opens a file and never looks at what keys mean.

use super::events::{Event, events};
use super::node::{Entry, Key, Mapping, Node, Text, Value};
use super::{Document, recover, scalar};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::source::{FileId, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

static YAML_SYNTAX: Rule = Rule::error("KW0001", "yaml-syntax");
static DUPLICATE_KEY: Rule = Rule::error("KW0002", "duplicate-key");
static UNSUPPORTED_YAML: Rule = Rule::error("KW0003", "unsupported-yaml");
static NESTING_TOO_DEEP: Rule = Rule::error("KW0004", "nesting-too-deep");
static ALIAS_EXPANSION: Rule = Rule::error("KW0005", "anchor-expansion");

/// The rules this stage reports.
pub static RULES: [&Rule; 5] = [&YAML_SYNTAX, &DUPLICATE_KEY, &UNSUPPORTED_YAML, &NESTING_TOO_DEEP, &ALIAS_EXPANSION];

/// How deep collections may nest. The format needs 6.
const MAX_DEPTH: usize = 64;
/// How many nodes all uses of anchors together may add.
const MAX_EXPANDED: usize = 100_000;

/// Reads one file. A syntax error loses the entry it stands in, not its neighbours.
pub fn parse(file: FileId, text: &str) -> (Document, Diagnostics) {
    match tree(file, text, 0) {
        Ok((root, diagnostics)) => document(root, Vec::new(), diagnostics),
        Err(_) => recover::entry_by_entry(file, text),
    }
}

/// One chunk of text as a tree. `base` is the byte of the file at which the chunk begins.
pub(super) fn tree(file: FileId, text: &str, base: usize) -> Result<(Option<Node>, Diagnostics), Box<Diagnostic>> {
    let mut builder = Builder { file, text, base, ..Builder::empty(file) };
    for event in events(text) {
        match event {
            Ok((event, range)) => builder.event(event, range)?,
            Err(error) => {
                let (message, help) = explain(text, error.offset, error.message);
                let at = one_character(file, text, base, error.offset);
                let diagnostic = Diagnostic::new(&YAML_SYNTAX, message, at);
                return Err(Box::new(match help {
                    Some(help) => diagnostic.help(help),
                    None => diagnostic,
                }));
            }
        }
    }
    Ok((builder.root, builder.diagnostics))
}

/// The root as entries by key.
pub(super) fn document(root: Option<Node>, lost: Vec<Span>, mut diagnostics: Diagnostics) -> (Document, Diagnostics) {
    let entries = match root {
        None => Mapping::default(),
        Some(Node { value: Value::Mapping(entries), .. }) => entries,
        Some(Node { value: Value::Null, .. }) => Mapping::default(),
        Some(node) => {
            let message = format!("the file must be a map from provider keys to providers, not {}", node.kind());
            diagnostics.push(Diagnostic::new(&UNSUPPORTED_YAML, message, node.span));
            Mapping::default()
        }
    };
    (Document { entries, lost }, diagnostics)
}

/// Adds the entries of one chunk to those of earlier ones.
pub(super) fn merge(into: &mut Mapping, more: Mapping, diagnostics: &mut Diagnostics) {
    for entry in more.entries {
        match into.get(&entry.key.name) {
            Some(first) => diagnostics.push(duplicate(&first.key, &entry.key, Vec::new())),
            None => into.entries.push(entry),
        }
    }
}

fn duplicate(first: &Key, second: &Key, mut path: Vec<String>) -> Diagnostic {
    path.push(second.name.clone());
    Diagnostic::new(&DUPLICATE_KEY, format!("the key `{}` is given twice in one map", second.name), second.span)
        .label("again here")
        .secondary(first.span, "first here")
        .help("keep one of them; nothing says which of the two values was meant")
        .at(&path)
}

/// What the parser's words hide most often: a tab in the indentation.
fn explain(text: &str, offset: usize, message: String) -> (String, Option<String>) {
    let start = text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
    let line = text.get(start..).unwrap_or("").lines().next().unwrap_or("");
    let indentation = &line[..line.len() - line.trim_start().len()];
    if indentation.contains('\t') {
        return ("a tab in the indentation".to_owned(), Some("YAML is indented with spaces only".to_owned()));
    }
    (message, None)
}

fn one_character(file: FileId, text: &str, base: usize, offset: usize) -> Span {
    let mut start = offset.min(text.len());
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    let width = text[start..].chars().next().filter(|c| *c != '\n').map_or(0, char::len_utf8);
    Span::new(file, base + start, base + start + width)
}

/// A collection that is not closed yet.
enum Open {
    Sequence { start: usize, anchor: usize, items: Vec<Node> },
    Mapping { start: usize, anchor: usize, entries: Vec<Entry>, seen: BTreeSet<String>, key: Option<Key> },
}

struct Builder<'a> {
    file: FileId,
    text: &'a str,
    base: usize,
    stack: Vec<Open>,
    root: Option<Node>,
    anchors: BTreeMap<usize, (Node, usize)>,
    expanded: usize,
    documents: usize,
    diagnostics: Diagnostics,
}

impl<'a> Builder<'a> {
    fn empty(file: FileId) -> Builder<'a> {
        Builder {
            file,
            text: "",
            base: 0,
            stack: Vec::new(),
            root: None,
            anchors: BTreeMap::new(),
            expanded: 0,
            documents: 0,
            diagnostics: Diagnostics::default(),
        }
    }

    fn event(&mut self, event: Event<'_>, range: Range<usize>) -> Result<(), Box<Diagnostic>> {
        match event {
            Event::DocumentStart => self.document_start(&range),
            Event::Scalar { text, plain, anchor, tag } => {
                self.refuse_tag(tag, &range);
                self.scalar(&text, plain, anchor, range)
            }
            Event::SequenceStart { anchor, tag } => {
                self.refuse_tag(tag, &range);
                self.open(Open::Sequence { start: range.start, anchor, items: Vec::new() }, &range)
            }
            Event::MappingStart { anchor, tag } => {
                self.refuse_tag(tag, &range);
                let (entries, seen) = (Vec::new(), BTreeSet::new());
                self.open(Open::Mapping { start: range.start, anchor, entries, seen, key: None }, &range)
            }
            Event::End => self.close(range.start),
            Event::Alias(id) => self.alias(id, &range),
            Event::Other => Ok(()),
        }
    }

    fn document_start(&mut self, range: &Range<usize>) -> Result<(), Box<Diagnostic>> {
        self.documents += 1;
        if self.documents > 1 {
            let message = "a second YAML document in one file";
            return Err(self.fatal(&UNSUPPORTED_YAML, message, range, "put all providers into one document"));
        }
        Ok(())
    }

    fn scalar(&mut self, text: &str, plain: bool, anchor: usize, range: Range<usize>) -> Result<(), Box<Diagnostic>> {
        let range = self.trimmed(range);
        let span = self.span(&range);
        if self.wants_key() {
            return self.key(text, span);
        }
        let value = if plain { scalar::typed(text) } else { None }
            .unwrap_or_else(|| Value::Text(Text { text: text.to_owned(), verbatim: self.verbatim(text, &range) }));
        self.place(Node { span, value }, anchor, 1)
    }

    /// A literal block scalar's range includes the next line's indentation.
    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let slice = self.text.get(range.clone()).unwrap_or("");
        range.start..range.start + slice.trim_end().len()
    }

    fn verbatim(&self, text: &str, range: &Range<usize>) -> Option<u32> {
        let slice = self.text.get(range.clone())?;
        let start = if slice == text {
            range.start
        } else if slice.len() == text.len() + 2 && slice.get(1..slice.len() - 1) == Some(text) {
            range.start + 1
        } else {
            return None;
        };
        u32::try_from(self.base + start).ok()
    }

    fn wants_key(&self) -> bool {
        matches!(self.stack.last(), Some(Open::Mapping { key: None, .. }))
    }

    fn key(&mut self, name: &str, span: Span) -> Result<(), Box<Diagnostic>> {
        if name == "<<" {
            let range = span.range().start - self.base..span.range().end - self.base;
            let help = "use the entry's `alias` key to build on another provider";
            return Err(self.fatal(&UNSUPPORTED_YAML, "YAML merge keys are not part of the format", &range, help));
        }
        if let Some(Open::Mapping { key, .. }) = self.stack.last_mut() {
            *key = Some(Key { name: name.to_owned(), span });
        }
        Ok(())
    }

    fn open(&mut self, open: Open, range: &Range<usize>) -> Result<(), Box<Diagnostic>> {
        if self.wants_key() {
            return Err(self.fatal(&UNSUPPORTED_YAML, "a key must be text", range, "write the key as a plain word"));
        }
        if self.stack.len() >= MAX_DEPTH {
            let message = format!("more than {MAX_DEPTH} levels of nesting");
            return Err(self.fatal(&NESTING_TOO_DEEP, message, range, "the format needs 6"));
        }
        self.stack.push(open);
        Ok(())
    }

    fn close(&mut self, at: usize) -> Result<(), Box<Diagnostic>> {
        let (node, anchor, size) = match self.stack.pop() {
            Some(Open::Sequence { start, anchor, items }) => {
                let span = self.collection_span(start, at, items.first().map(|n| n.span), items.last().map(|n| n.span));
                let size = 1 + items.len();
                (Node { span, value: Value::Sequence(items) }, anchor, size)
            }
            Some(Open::Mapping { start, anchor, entries, .. }) => {
                let first = entries.first().map(|entry| entry.key.span);
                let last = entries.last().map(|entry| entry.key.span.to(entry.value.span));
                let span = self.collection_span(start, at, first, last);
                let size = 1 + 2 * entries.len();
                (Node { span, value: Value::Mapping(Mapping { entries }) }, anchor, size)
            }
            None => return Ok(()),
        };
        self.place(node, anchor, size)
    }

    /// From the first child to the last; an empty flow collection is its own brackets.
    fn collection_span(&self, start: usize, end: usize, first: Option<Span>, last: Option<Span>) -> Span {
        match (first, last) {
            (Some(first), Some(last)) => first.to(last),
            _ => self.span(&(start..(end + 1).min(self.text.len()).max(start))),
        }
    }

    fn alias(&mut self, id: usize, range: &Range<usize>) -> Result<(), Box<Diagnostic>> {
        let Some((node, size)) = self.anchors.get(&id).cloned() else {
            let help = "define the anchor before it is used; it cannot contain itself";
            return Err(self.fatal(&UNSUPPORTED_YAML, "an anchor that is not defined here", range, help));
        };
        self.expanded = self.expanded.saturating_add(size);
        if self.expanded > MAX_EXPANDED {
            let message = format!("anchors expand to more than {MAX_EXPANDED} nodes");
            return Err(self.fatal(&ALIAS_EXPANSION, message, range, "write the values out"));
        }
        self.place(node, 0, size)
    }

    /// Puts a finished node where it belongs.
    fn place(&mut self, node: Node, anchor: usize, mut size: usize) -> Result<(), Box<Diagnostic>> {
        if anchor != 0 {
            if let Value::Mapping(_) | Value::Sequence(_) = node.value {
                size = count(&node);
            }
            self.anchors.insert(anchor, (node.clone(), size));
        }
        let path = self.path();
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Open::Sequence { items, .. }) => items.push(node),
            Some(Open::Mapping { entries, seen, key, .. }) => {
                let Some(key) = key.take() else {
                    let range = node.span.range().start - self.base..node.span.range().end - self.base;
                    let help = "write the key as a plain word";
                    return Err(self.fatal(&UNSUPPORTED_YAML, "a key must be text", &range, help));
                };
                if seen.insert(key.name.clone()) {
                    entries.push(Entry { key, value: node });
                } else if let Some(first) = entries.iter().find(|entry| entry.key.name == key.name) {
                    self.diagnostics.push(duplicate(&first.key, &key, path));
                }
            }
        }
        Ok(())
    }

    /// The keys of the maps that are open around the innermost one.
    fn path(&self) -> Vec<String> {
        let outer = self.stack.len().saturating_sub(1);
        self.stack[..outer]
            .iter()
            .filter_map(|open| match open {
                Open::Mapping { key: Some(key), .. } => Some(key.name.clone()),
                Open::Sequence { items, .. } => Some(items.len().to_string()),
                Open::Mapping { key: None, .. } => None,
            })
            .collect()
    }

    fn refuse_tag(&mut self, tag: Option<String>, range: &Range<usize>) {
        if let Some(tag) = tag {
            let message = format!("the tag `{tag}` is not part of the format");
            let diagnostic = Diagnostic::new(&UNSUPPORTED_YAML, message, self.span(range)).help("remove the tag");
            self.diagnostics.push(diagnostic);
        }
    }

    fn fatal(
        &self,
        rule: &'static Rule,
        message: impl Into<String>,
        range: &Range<usize>,
        help: &str,
    ) -> Box<Diagnostic> {
        Box::new(Diagnostic::new(rule, message, self.span(range)).help(help).at(&self.path()))
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, self.base + range.start, self.base + range.end)
    }
}

/// Nodes in a tree; depth is bounded by the builder.
fn count(node: &Node) -> usize {
    1 + match &node.value {
        Value::Sequence(items) => items.iter().map(count).sum::<usize>(),
        Value::Mapping(mapping) => mapping.iter().map(|entry| 1 + count(&entry.value)).sum(),
        _ => 0,
    }
}
