//! Files, byte spans, lines and columns.
//!
//! Invariant: this module imports no stage and never reads the disk (`tests/tests/architecture.rs`). The caller reads
//! the text and makes the [`SourceFile`].

mod line_index;

pub use line_index::{LineColumn, LineIndex};

use std::collections::BTreeMap;

/// A file of a compilation, by its position in [`Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(pub u32);

/// A half-open range of bytes in a file. Ordered by file, then start, then end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The file.
    pub file: FileId,
    /// The first byte.
    pub start: u32,
    /// The byte after the last one.
    pub end: u32,
}

impl Span {
    /// A span of `file`; an `end` before `start` gives an empty span.
    pub fn new(file: FileId, start: usize, end: usize) -> Span {
        let start = u32::try_from(start).unwrap_or(u32::MAX);
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        Span { file, start, end: end.max(start) }
    }

    /// The bytes, as indices.
    pub fn range(self) -> std::ops::Range<usize> {
        self.start as usize..self.end as usize
    }

    /// True if `other` lies inside this span.
    pub fn contains(self, other: Span) -> bool {
        self.file == other.file && self.start <= other.start && other.end <= self.end
    }

    /// The smallest span that holds both; `self` when the files differ.
    #[must_use]
    pub fn to(self, other: Span) -> Span {
        if self.file != other.file {
            return self;
        }
        Span { file: self.file, start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

/// One input text.
#[derive(Debug)]
pub struct SourceFile {
    /// Its name in messages.
    pub name: String,
    /// The text.
    pub text: String,
    /// True if a byte-order mark stood before it.
    pub byte_order_mark: bool,
    lines: LineIndex,
}

impl SourceFile {
    /// Where the byte at `offset` stands.
    pub fn line_column(&self, offset: usize) -> LineColumn {
        self.lines.line_column(&self.text, offset)
    }

    /// The line index.
    pub fn lines(&self) -> &LineIndex {
        &self.lines
    }
}

/// All input texts of a compilation.
#[derive(Debug, Default)]
pub struct Sources {
    files: Vec<SourceFile>,
}

impl Sources {
    /// Adds a text and gives it an identity. A leading byte-order mark is dropped.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> FileId {
        let mut text: String = text.into();
        let byte_order_mark = text.starts_with('\u{feff}');
        if byte_order_mark {
            text.remove(0);
        }
        let lines = LineIndex::new(&text);
        self.files.push(SourceFile { name: name.into(), text, byte_order_mark, lines });
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// The same files, some of them with other texts.
    #[must_use]
    pub fn with_texts(&self, mut texts: BTreeMap<FileId, String>) -> Sources {
        let files = self.iter().map(|(id, file)| {
            let text = texts.remove(&id).unwrap_or_else(|| file.text.clone());
            let lines = LineIndex::new(&text);
            SourceFile { name: file.name.clone(), text, byte_order_mark: file.byte_order_mark, lines }
        });
        Sources { files: files.collect() }
    }

    /// The file of an identity, if it is one of these.
    pub fn get(&self, id: FileId) -> Option<&SourceFile> {
        self.files.get(id.0 as usize)
    }

    /// The text under a span; empty if the span is not of these files or cuts a character.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file).and_then(|file| file.text.get(span.range())).unwrap_or("")
    }

    /// All files with their identities, in the order they were added.
    pub fn iter(&self) -> impl Iterator<Item = (FileId, &SourceFile)> {
        self.files.iter().enumerate().map(|(index, file)| (FileId(u32::try_from(index).unwrap_or(u32::MAX)), file))
    }
}
