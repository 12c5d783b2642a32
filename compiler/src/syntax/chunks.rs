//! Cutting a text at its left margin.
//!
//! A line that begins at column 1 with anything but white space, `#` or a closing bracket begins a chunk: mostly one
//! entry.

use super::Lost;
use crate::source::{FileId, Span};

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

/// The chunks behind the one that begins at `last`, or all: what a refusal in the middle of a text loses.
pub(super) fn lost(file: FileId, text: &str, last: Option<usize>) -> Vec<Lost> {
    let behind = chunks(text).into_iter().filter(|(start, _)| last.is_none_or(|last| *start > last));
    behind.map(|(start, chunk)| lost_chunk(file, start, chunk)).collect()
}

/// A chunk that could not be read.
pub(super) fn lost_chunk(file: FileId, start: usize, chunk: &str) -> Lost {
    Lost { span: Span::new(file, start, start + chunk.len()), key: key(chunk).map(str::to_owned) }
}

/// The entry's key, as far as the first line of a chunk shows one.
pub(super) fn key(chunk: &str) -> Option<&str> {
    let (key, _) = chunk.lines().next()?.split_once(':')?;
    Some(key.trim().trim_matches(['"', '\''])).filter(|key| !key.is_empty() && !key.starts_with('#'))
}
