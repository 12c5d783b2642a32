//! Events to nodes.
//!
//! One pass with an explicit stack. Refused with a place: duplicate keys, keys that are not scalars, several
//! documents, and by its [`Dialect`] tags, merge keys, depth, and anchors that expand to more than the file could say
//! itself.

use super::dialect::{CATALOGUE, Dialect};
use super::events::Event;
use super::node::{Entry, Key, Mapping, Node, Text, Value};
use super::rules::{ANCHOR_EXPANSION, NESTING_TOO_DEEP, UNSUPPORTED_YAML, duplicate};
use super::scalar;
use super::tree::{End, Tree};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::source::{FileId, Span};
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

/// Fewer keys of a map are compared one by one.
const MIN_INDEXED: usize = 16;

/// Builds the tree of one text. What open collections hold so far stands in two lists, so that each collection is made
/// once, as long as it is.
pub(super) struct Builder<'a> {
    file: FileId,
    text: &'a str,
    dialect: &'static Dialect,
    /// The byte of the file at which the text begins.
    base: usize,
    stack: Vec<Open>,
    /// What the open lists hold, the outermost one first.
    items: Vec<Node>,
    /// What the open maps hold, likewise.
    entries: Vec<Entry>,
    root: Option<Node>,
    anchors: BTreeMap<usize, Anchored>,
    expanded: usize,
    documents: usize,
    has_anchors: bool,
    diagnostics: Diagnostics,
}

/// A collection whose end is not seen yet. `first` is the place of its first item or entry among those of all.
enum Open {
    Sequence { start: usize, anchor: usize, first: usize },
    Mapping { start: usize, anchor: usize, first: usize, index: Index, key: Option<Key> },
}

/// Where the entries of a map stand by their keys, from [`MIN_INDEXED`] entries on.
type Index = HashMap<String, usize>;

/// The entry of a key in a map.
fn known<'e>(entries: &'e [Entry], index: &Index, name: &str) -> Option<&'e Entry> {
    if index.is_empty() {
        return entries.iter().find(|entry| entry.key.name == name);
    }
    index.get(name).and_then(|at| entries.get(*at))
}

/// The node of an anchor, and the part of the budgets that each use takes.
struct Anchored {
    node: Node,
    size: usize,
    depth: usize,
}

/// What a list holds from a place on, in a list of its own that is as long as it needs to be.
fn taken<T>(list: &mut Vec<T>, first: usize) -> Vec<T> {
    list.drain(first.min(list.len())..).collect()
}

/// Why the reading ends here.
type Refusal = Box<Diagnostic>;

impl<'a> Builder<'a> {
    pub(super) fn new(file: FileId, text: &'a str, base: usize) -> Builder<'a> {
        Builder {
            file,
            text,
            dialect: &CATALOGUE,
            base,
            stack: Vec::new(),
            items: Vec::new(),
            entries: Vec::new(),
            root: None,
            anchors: BTreeMap::new(),
            expanded: 0,
            documents: 0,
            has_anchors: false,
            diagnostics: Diagnostics::default(),
        }
    }

    /// The same for another dialect.
    pub(super) fn of(self, dialect: &'static Dialect) -> Builder<'a> {
        Builder { dialect, ..self }
    }

    /// Takes one event, whose text is at `range`.
    pub(super) fn event(&mut self, event: Event<'_>, range: Range<usize>) -> Result<(), Refusal> {
        match event {
            Event::DocumentStart => self.document_start(&range),
            Event::Scalar { text, plain, anchor, tag } => {
                self.refuse_tag(tag, &range);
                self.scalar(&text, plain, anchor, range)
            }
            Event::SequenceStart { anchor, tag } => {
                self.refuse_tag(tag, &range);
                self.open(Open::Sequence { start: range.start, anchor, first: self.items.len() }, &range)
            }
            Event::MappingStart { anchor, tag } => {
                self.refuse_tag(tag, &range);
                let (first, index) = (self.entries.len(), Index::new());
                self.open(Open::Mapping { start: range.start, anchor, first, index, key: None }, &range)
            }
            Event::End => self.close(range.start),
            Event::Alias(id) => self.alias(id, &range),
            Event::Other => Ok(()),
        }
    }

    /// The tree after the last event.
    pub(super) fn complete(self) -> Tree {
        Tree { root: self.root, diagnostics: self.diagnostics, end: End::Complete, has_anchors: self.has_anchors }
    }

    /// The complete part before a refusal: the root's entries up to there.
    pub(super) fn refused(mut self, refusal: Diagnostic) -> Tree {
        self.diagnostics.push(refusal);
        let below = self.stack.iter().skip(1).find_map(|open| match open {
            Open::Mapping { first, .. } => Some(*first),
            Open::Sequence { .. } => None,
        });
        let root = match self.stack.first() {
            Some(Open::Mapping { .. }) => {
                let span = Span::new(self.file, self.base, self.base);
                self.entries.truncate(below.unwrap_or(usize::MAX));
                Some(Node { span, value: Value::Mapping(Mapping { entries: self.entries }) })
            }
            Some(Open::Sequence { .. }) => None,
            None => self.root,
        };
        Tree { root, diagnostics: self.diagnostics, end: End::Refused, has_anchors: self.has_anchors }
    }

    fn document_start(&mut self, range: &Range<usize>) -> Result<(), Refusal> {
        self.documents += 1;
        if self.documents > 1 {
            let message = "a second YAML document in one file";
            return Err(self.refusal(
                &UNSUPPORTED_YAML,
                message,
                range,
                "remove this line: all providers stand in one document",
            ));
        }
        Ok(())
    }

    fn scalar(&mut self, text: &str, plain: bool, anchor: usize, range: Range<usize>) -> Result<(), Refusal> {
        let range = self.trimmed(range);
        let span = self.span(&range);
        if self.wants_key() {
            return self.key(text, span, &range);
        }
        let value = if plain { scalar::typed(text) } else { None }
            .unwrap_or_else(|| Value::Text(Text { text: text.to_owned(), verbatim: self.verbatim(text, &range) }));
        self.place(Node { span, value }, anchor)
    }

    /// A literal block scalar's range includes the next line's indentation.
    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let slice = self.text.get(range.clone()).unwrap_or("");
        range.start..range.start + slice.trim_end_matches([' ', '\t', '\r', '\n']).len()
    }

    /// Where in the file the text stands byte by byte, if it does: as it is, or between quotes.
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

    fn key(&mut self, name: &str, span: Span, range: &Range<usize>) -> Result<(), Refusal> {
        if name == "<<" && !self.dialect.has_merge_keys {
            let help = "use the entry's `alias` key to build on another provider";
            return Err(self.refusal(&UNSUPPORTED_YAML, "YAML merge keys are not part of the format", range, help));
        }
        if let Some(Open::Mapping { key, .. }) = self.stack.last_mut() {
            *key = Some(Key { name: name.to_owned(), span });
        }
        Ok(())
    }

    fn open(&mut self, open: Open, range: &Range<usize>) -> Result<(), Refusal> {
        if self.wants_key() {
            return Err(self.key_is_no_text(range));
        }
        if self.stack.len() >= self.dialect.max_depth {
            return Err(self.too_deep(range));
        }
        self.stack.push(open);
        Ok(())
    }

    fn close(&mut self, at: usize) -> Result<(), Refusal> {
        let (node, anchor) = match self.stack.pop() {
            Some(Open::Sequence { start, anchor, first }) => {
                let items = taken(&mut self.items, first);
                let span = self.collection_span(start, at, items.first().map(|n| n.span), items.last().map(|n| n.span));
                (Node { span, value: Value::Sequence(items) }, anchor)
            }
            Some(Open::Mapping { start, anchor, first, .. }) => {
                let entries = taken(&mut self.entries, first);
                let first = entries.first().map(|entry| entry.key.span);
                let last = entries.last().map(|entry| entry.key.span.to(entry.value.span));
                let span = self.collection_span(start, at, first, last);
                (Node { span, value: Value::Mapping(Mapping { entries }) }, anchor)
            }
            None => return Ok(()),
        };
        self.place(node, anchor)
    }

    /// From the first child to the last; an empty flow collection is its own brackets.
    fn collection_span(&self, start: usize, end: usize, first: Option<Span>, last: Option<Span>) -> Span {
        match (first, last) {
            (Some(first), Some(last)) => first.to(last),
            _ => self.span(&(start..(end + 1).min(self.text.len()).max(start))),
        }
    }

    fn alias(&mut self, id: usize, range: &Range<usize>) -> Result<(), Refusal> {
        self.has_anchors = true;
        if self.wants_key() {
            return Err(self.key_is_no_text(range));
        }
        let Some(Anchored { node, size, depth }) = self.anchors.get(&id) else {
            let help = "define the anchor before it is used; it cannot contain itself";
            return Err(self.refusal(&UNSUPPORTED_YAML, "an anchor that is not defined here", range, help));
        };
        let expanded = self.expanded.saturating_add(*size);
        let most = self.dialect.max_expanded;
        if expanded > most {
            let message = format!("anchors expand to more than {most} nodes");
            return Err(self.refusal(&ANCHOR_EXPANSION, message, range, "write the values out"));
        }
        if self.stack.len() + depth > self.dialect.max_depth {
            return Err(self.too_deep(range));
        }
        let node = node.clone();
        self.expanded = expanded;
        self.place(node, 0)
    }

    /// Puts a finished node where it belongs.
    fn place(&mut self, node: Node, anchor: usize) -> Result<(), Refusal> {
        if anchor != 0 {
            self.has_anchors = true;
            self.anchors.insert(anchor, Anchored { size: node.size(), depth: node.depth(), node: node.clone() });
        }
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Open::Sequence { .. }) => self.items.push(node),
            Some(Open::Mapping { first, index, key, .. }) => {
                let Some(named) = key.take() else {
                    let range = node.span.range();
                    return Err(self.key_is_no_text(&(range.start - self.base..range.end - self.base)));
                };
                let ours = self.entries.get(*first..).unwrap_or_default();
                if let Some(before) = known(ours, index, &named.name) {
                    let before = before.key.span;
                    *key = Some(named.clone()); // It is the end of the path.
                    let found = duplicate(before, &named, &self.path());
                    self.diagnostics.push(found);
                    self.forget_key();
                    return Ok(());
                }
                if ours.len() + 1 == MIN_INDEXED {
                    index.extend(ours.iter().enumerate().map(|(at, entry)| (entry.key.name.clone(), at)));
                }
                if ours.len() + 1 >= MIN_INDEXED {
                    index.insert(named.name.clone(), ours.len());
                }
                self.entries.push(Entry { key: named, value: node });
            }
        }
        Ok(())
    }

    fn forget_key(&mut self) {
        if let Some(Open::Mapping { key, .. }) = self.stack.last_mut() {
            *key = None;
        }
    }

    /// The keys and positions that lead to what is being read.
    fn path(&self) -> Vec<String> {
        let mut path = Vec::new();
        let mut items = self.items.len();
        for open in self.stack.iter().rev() {
            match open {
                Open::Mapping { key, .. } => path.extend(key.as_ref().map(|key| key.name.clone())),
                Open::Sequence { first, .. } => {
                    path.push((items - first).to_string());
                    items = *first;
                }
            }
        }
        path.reverse();
        path
    }

    fn refuse_tag(&mut self, tag: Option<String>, range: &Range<usize>) {
        if let Some(tag) = tag.filter(|_| !self.dialect.has_tags) {
            let message = format!("the tag `{tag}` is not part of the format");
            let refusal = self.refusal(&UNSUPPORTED_YAML, message, range, "remove the tag");
            self.diagnostics.push(*refusal);
        }
    }

    fn key_is_no_text(&self, range: &Range<usize>) -> Refusal {
        self.refusal(&UNSUPPORTED_YAML, "a key must be text", range, "write the key as a plain word")
    }

    fn too_deep(&self, range: &Range<usize>) -> Refusal {
        let message = format!("more than {} levels of nesting", self.dialect.max_depth);
        self.refusal(&NESTING_TOO_DEEP, message, range, "the format needs 6")
    }

    fn refusal(&self, rule: &'static Rule, message: impl Into<String>, range: &Range<usize>, help: &str) -> Refusal {
        Box::new(Diagnostic::new(rule, message, self.span(range)).help(help).at(&self.path()))
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span::new(self.file, self.base + range.start, self.base + range.end)
    }
}
