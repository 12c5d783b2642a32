//! Byte offsets to lines and columns.
//!
//! An offset goes in, a line and a column come out.

/// A place as people count: both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
}

/// Where each line of a text begins.
#[derive(Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// The index of `text`; `\n` ends a line.
    pub fn new(text: &str) -> LineIndex {
        let after_newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        let starts = std::iter::once(0).chain(after_newlines.map(|(at, _)| u32::try_from(at + 1).unwrap_or(u32::MAX)));
        LineIndex { starts: starts.collect() }
    }

    /// The number of lines; at least one.
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Never: a text has at least one line.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The index of the line, from 0, that holds the byte at `offset`.
    pub fn line(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start as usize <= offset).saturating_sub(1)
    }

    /// The first byte of a line counted from 0; the last line's for one that does not exist.
    pub fn start(&self, line: usize) -> usize {
        self.starts.get(line).or(self.starts.last()).map_or(0, |start| *start as usize)
    }

    /// The place of the byte at `offset`; offsets past the end are the end.
    pub fn line_column(&self, text: &str, offset: usize) -> LineColumn {
        let mut offset = offset.min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line(offset);
        let column = text.get(self.start(line)..offset).map_or(0, |before| before.chars().count());
        LineColumn { line: line + 1, column: column + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_characters_not_bytes() {
        let text = "a\nGebrüder x\n";
        let index = LineIndex::new(text);
        let at = text.find('x').unwrap();
        assert_eq!(index.line_column(text, at), LineColumn { line: 2, column: 10 });
        assert_eq!(index.line_column(text, text.len()), LineColumn { line: 3, column: 1 });
        assert_eq!(index.line_column(text, usize::MAX), LineColumn { line: 3, column: 1 });
        assert_eq!(index.line_column(text, 0), LineColumn { line: 1, column: 1 });
    }
}
