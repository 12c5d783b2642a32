//! Reading around a syntax error: every top-level entry on its own.
//!
//! A line that begins at column 1 with anything but white space, `#` or a closing bracket begins a chunk. The chunk
//! with the error is lost and reported; the others are read.

use super::node::{Mapping, Node};
use super::parse::{End, entries, tree};
use super::rules::duplicate;
use super::{Document, Lost};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::source::{FileId, Span};
use std::collections::BTreeMap;

/// Reads each chunk of a text that has a syntax error as a whole.
pub(super) fn entry_by_entry(file: FileId, text: &str, error: Diagnostic) -> (Document, Diagnostics) {
    let mut document = Document::default();
    let mut diagnostics = Diagnostics::default();
    let mut seen = BTreeMap::new();
    for (start, chunk) in chunks(text) {
        let tree = tree(file, chunk, start);
        diagnostics.extend(tree.diagnostics);
        document.has_anchors |= tree.has_anchors;
        match tree.end {
            End::Complete => merge(&mut document.entries, tree.root, &mut seen, &mut diagnostics),
            End::Refused => document.lost.push(lost_chunk(file, start, chunk)),
            End::NotYaml(error) => {
                document.lost.push(lost_chunk(file, start, chunk));
                diagnostics.push(error.at(&key(chunk).map(str::to_owned).into_iter().collect::<Vec<_>>()));
            }
        }
    }
    // Chunks that are fine one by one although the whole is not: say at least what the whole says.
    if diagnostics.count(Severity::Error) == 0 {
        diagnostics.push(error);
    }
    (document, diagnostics)
}

/// The chunks after the one that begins at `last`, or all: what a refusal in the middle of a text loses.
pub(super) fn lost(file: FileId, text: &str, last: Option<usize>) -> Vec<Lost> {
    let behind = chunks(text).into_iter().filter(|(start, _)| last.is_none_or(|last| *start > last));
    behind.map(|(start, chunk)| lost_chunk(file, start, chunk)).collect()
}

/// A chunk that could not be read.
pub(super) fn lost_chunk(file: FileId, start: usize, chunk: &str) -> Lost {
    Lost { span: Span::new(file, start, start + chunk.len()), key: key(chunk).map(str::to_owned) }
}

/// Adds the entries of one chunk to those of earlier ones.
fn merge(into: &mut Mapping, root: Option<Node>, seen: &mut BTreeMap<String, Span>, diagnostics: &mut Diagnostics) {
    for entry in entries(root, diagnostics).entries {
        if let Some(first) = seen.get(&entry.key.name) {
            diagnostics.push(duplicate(*first, &entry.key, std::slice::from_ref(&entry.key.name)));
        } else {
            seen.insert(entry.key.name.clone(), entry.key.span);
            into.entries.push(entry);
        }
    }
}

/// The entry's key, as far as the first line of a chunk shows one.
fn key(chunk: &str) -> Option<&str> {
    let (key, _) = chunk.lines().next()?.split_once(':')?;
    Some(key.trim().trim_matches(['"', '\''])).filter(|key| !key.is_empty() && !key.starts_with('#'))
}

/// The chunks with the byte each begins at, in order, covering the text.
pub(super) fn chunks(text: &str) -> Vec<(usize, &str)> {
    let mut chunks = Vec::new();
    let (mut start, mut offset) = (0, 0);
    for line in text.split_inclusive('\n') {
        let begins = !line.starts_with(|c: char| c.is_whitespace() || matches!(c, '#' | '}' | ']'));
        if begins && offset > start {
            chunks.extend(text.get(start..offset).map(|chunk| (start, chunk)));
            start = offset;
        }
        offset += line.len();
    }
    chunks.extend(text.get(start..).filter(|chunk| !chunk.is_empty()).map(|chunk| (start, chunk)));
    chunks
}
