//! Reading around a syntax error: every top-level entry on its own.
//!
//! A line that begins at column 1 with anything but white space, `#` or a closing bracket begins a chunk. The chunk
//! with the error is lost and reported; the others are read. This module understands no YAML beyond that.

use super::Document;
use super::node::{Mapping, Node, Value};
use super::parse::{document, merge, tree};
use crate::diagnostic::{Diagnostics, Severity};
use crate::source::{FileId, Span};

/// Reads each chunk of a text that does not parse as a whole.
pub(super) fn entry_by_entry(file: FileId, text: &str) -> (Document, Diagnostics) {
    let mut entries = Mapping::default();
    let mut lost = Vec::new();
    let mut diagnostics = Diagnostics::default();
    for (start, end) in chunks(text) {
        match tree(file, &text[start..end], start) {
            Ok((Some(Node { value: Value::Mapping(more), .. }), found)) => {
                diagnostics.extend(found);
                merge(&mut entries, more, &mut diagnostics);
            }
            Ok((root, found)) => diagnostics.extend(document(root, Vec::new(), found).1),
            Err(error) => {
                lost.push(Span::new(file, start, end));
                diagnostics.push(*error);
            }
        }
    }
    // Chunks that are fine one by one although the whole is not: say at least what the whole says.
    if diagnostics.count(Severity::Error) == 0
        && let Err(error) = tree(file, text, 0)
    {
        diagnostics.push(*error);
    }
    (Document { entries, lost }, diagnostics)
}

/// Byte ranges of chunks, in order, covering the text.
fn chunks(text: &str) -> Vec<(usize, usize)> {
    let mut starts = vec![0];
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let first = line.chars().next().unwrap_or('\n');
        if offset > 0 && !first.is_whitespace() && !matches!(first, '#' | '}' | ']') {
            starts.push(offset);
        }
        offset += line.len();
    }
    let ends = starts.iter().skip(1).copied().chain([text.len()]).collect::<Vec<_>>();
    starts.into_iter().zip(ends).filter(|(start, end)| start < end).collect()
}
