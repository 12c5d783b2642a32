//! The text of an open document under incremental edits.
//!
//! Lines end as the protocol says: at `\n`, `\r\n` or `\r`. Where each begins is kept up to date, so that an edit costs
//! what moving bytes costs. Positions outside of the text are its nearest ones. A client that counts UTF-16 may cut a
//! character in two: what is left is U+FFFD, one unit as well, so that later columns mean what they mean there.

use super::encoding::Encoding;
use super::protocol::Change;
use lsp_types::{Position, Range};
use std::cell::Cell;

/// A text and where its lines begin.
#[derive(Clone, Debug)]
pub(crate) struct Text {
    bytes: String,
    starts: Vec<usize>,
    /// The last place that was counted: the next one is usually near, and lines may be long.
    last: Cell<Option<Counted>>,
}

/// A byte of a line, and its column.
#[derive(Clone, Copy, Debug)]
struct Counted {
    line: usize,
    offset: usize,
    column: u32,
    encoding: Encoding,
}

impl Text {
    /// The text of a document as it was opened.
    pub(crate) fn new(text: String) -> Text {
        let mut starts = vec![0];
        line_starts(&text, 0, text.len(), &mut starts);
        Text { bytes: text, starts, last: Cell::new(None) }
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.bytes
    }

    /// Applies one change.
    pub(crate) fn change(&mut self, change: Change, encoding: Encoding) {
        let Some(range) = change.range else {
            *self = Text::new(change.text);
            return;
        };
        let (start, end) = (self.place(range.start, encoding), self.place(range.end, encoding));
        let (start, end) = (start.min(end), start.max(end));
        if encoding != Encoding::Utf16 || !(start.1 || end.1) {
            return self.replace(start.0..end.0, &change.text);
        }
        let half = |is_inside: bool| if is_inside { "\u{fffd}" } else { "" };
        let rest = self.bytes.get(end.0..).and_then(|rest| rest.chars().next()).filter(|_| end.1);
        let until = end.0 + rest.map_or(0, char::len_utf8);
        self.replace(start.0..until, &format!("{}{}{}", half(start.1), change.text, half(end.1)));
    }

    /// Replaces some bytes, from one character to another.
    pub(crate) fn replace(&mut self, range: std::ops::Range<usize>, with: &str) {
        self.last.set(None);
        // Lines from the one with the first byte (and the one before it: a `\r` may meet a `\n`) are counted anew, up
        // to the first one that begins after the edit, which moves.
        let first = self.line_of(range.start).saturating_sub(1);
        let behind = self.starts.partition_point(|start| *start <= range.end + 1);
        let from = self.starts.get(first).copied().unwrap_or(0);
        let tail: Vec<usize> = self.starts.drain(first + 1..).skip(behind.saturating_sub(first + 1)).collect();
        let moved = |start: usize| start - (range.end - range.start) + with.len();
        let until = tail.first().map_or(self.bytes.len() - range.len() + with.len(), |start| moved(*start));
        self.bytes.replace_range(range.clone(), with);
        line_starts(&self.bytes, from, until, &mut self.starts);
        // The line that ends the stretch begins where the first that moved does.
        self.starts.pop_if(|last| !tail.is_empty() && *last == until);
        self.starts.extend(tail.into_iter().map(moved));
    }

    /// The byte at a position.
    pub(crate) fn offset(&self, position: Position, encoding: Encoding) -> usize {
        self.place(position, encoding).0
    }

    /// The same, and whether the position is within the character that begins there.
    fn place(&self, position: Position, encoding: Encoding) -> (usize, bool) {
        let line = position.line as usize;
        let Some(start) = self.starts.get(line) else { return (self.bytes.len(), false) };
        let (at, is_inside) = encoding.place(self.line(line), position.character);
        (start + at, is_inside)
    }

    /// The line ending of the line of a byte, else the line before it, else `\n`.
    pub(crate) fn line_end(&self, offset: usize) -> &'static str {
        let (before, behind) = self.bytes.split_at_checked(offset).unwrap_or((&self.bytes, ""));
        let at = behind.find(['\r', '\n']).map(|at| offset + at);
        let at =
            at.or_else(|| before.rfind(['\r', '\n']).map(|at| if before[..at].ends_with('\r') { at - 1 } else { at }));
        match at.and_then(|at| self.bytes.get(at..)) {
            Some(rest) if rest.starts_with("\r\n") => "\r\n",
            Some(rest) if rest.starts_with('\r') => "\r",
            _ => "\n",
        }
    }

    /// The position of a byte.
    pub(crate) fn position(&self, offset: usize, encoding: Encoding) -> Position {
        let mut offset = offset.min(self.bytes.len());
        while !self.bytes.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.line_of(offset);
        // Between the two bytes of `\r\n` is the end of the line.
        let offset = offset.min(self.starts[line] + self.line(line).len());
        let column = self.column(line, offset, encoding);
        self.last.set(Some(Counted { line, offset, column, encoding }));
        Position { line: u32::try_from(line).unwrap_or(u32::MAX), character: column }
    }

    /// The column of a byte, counted from the last one that was asked for in its line, else from the line's start.
    fn column(&self, line: usize, offset: usize, encoding: Encoding) -> u32 {
        let last = self.last.get().filter(|last| last.line == line && last.encoding == encoding);
        let (from, known) = last.map_or((self.starts[line], 0), |last| (last.offset, last.column));
        let between = |start, end| encoding.column(self.bytes.get(start..end).unwrap_or(""));
        if from <= offset { known + between(from, offset) } else { known - between(offset, from) }
    }

    /// The positions of some bytes.
    pub(crate) fn range(&self, range: &std::ops::Range<usize>, encoding: Encoding) -> Range {
        Range { start: self.position(range.start, encoding), end: self.position(range.end, encoding) }
    }

    /// The text of a line, without its end.
    fn line(&self, line: usize) -> &str {
        let start = self.starts.get(line).copied().unwrap_or(self.bytes.len());
        let end = self.starts.get(line + 1).copied().unwrap_or(self.bytes.len());
        self.bytes.get(start..end).unwrap_or("").trim_end_matches(['\r', '\n'])
    }

    fn line_of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }
}

/// Adds where lines begin that end between two bytes of a text.
fn line_starts(text: &str, from: usize, until: usize, starts: &mut Vec<usize>) {
    let bytes = text.as_bytes();
    for at in from..until {
        let ends = match bytes[at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        if ends {
            starts.push(at + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line_end_ends_a_line() {
        let text = Text::new("a\nbb\r\nc\rd".to_owned());
        assert_eq!(text.starts, [0, 2, 6, 8]);
        for (offset, line, column) in [(0, 0, 0), (3, 1, 1), (4, 1, 2), (5, 1, 2), (6, 2, 0), (8, 3, 0), (99, 3, 1)] {
            assert_eq!(text.position(offset, Encoding::Utf16), Position::new(line, column), "{offset}");
        }
        for (line, column, offset) in [(0, 9, 1), (1, 9, 4), (2, 1, 7), (3, 0, 8), (4, 0, 9), (u32::MAX, u32::MAX, 9)] {
            assert_eq!(text.offset(Position::new(line, column), Encoding::Utf16), offset, "{line}:{column}");
        }
    }

    /// Every edit of every pair of places with every text leaves what counting from scratch gives.
    #[test]
    fn lines_after_an_edit_are_those_of_the_new_text() {
        let original = "ä\r\nb\rc\n\n\rd\r";
        let places: Vec<usize> = original.char_indices().map(|(at, _)| at).chain([original.len()]).collect();
        for &start in &places {
            for &end in places.iter().filter(|end| **end >= start) {
                for with in ["", "x", "\n", "\r", "\r\n", "x\ny\rz", "\n\r"] {
                    let mut text = Text::new(original.to_owned());
                    text.replace(start..end, with);
                    let expected = format!("{}{with}{}", &original[..start], &original[end..]);
                    assert_eq!(text.bytes, expected);
                    assert_eq!(text.starts, Text::new(expected).starts, "{start}..{end} {with:?}");
                }
            }
        }
    }

    #[test]
    fn a_column_does_not_depend_on_what_was_asked_before() {
        let text = Text::new("aä𝒳b\r\nä".to_owned());
        let offsets = [0, 1, 3, 7, 8, 9, 10, 12];
        for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
            for first in offsets {
                for second in offsets {
                    text.position(first, encoding);
                    let fresh = Text::new(text.as_str().to_owned());
                    assert_eq!(text.position(second, encoding), fresh.position(second, encoding), "{first} {second}");
                }
            }
        }
    }

    #[test]
    fn half_a_character_is_a_replacement_character() {
        // `x𝒳y` has the columns 0, 1, (2 within), 3, 4.
        for (start, end, with, expected) in [
            (2, 3, "", "x\u{fffd}y"),
            (1, 2, "", "x\u{fffd}y"),
            (2, 2, "a", "x\u{fffd}a\u{fffd}y"),
            (0, 2, "b", "b\u{fffd}y"),
            (2, 4, "", "x\u{fffd}"),
            (1, 3, "", "xy"),
        ] {
            let mut text = Text::new("x𝒳y".to_owned());
            let range = Range::new(Position::new(0, start), Position::new(0, end));
            text.change(Change { range: Some(range), text: with.into() }, Encoding::Utf16);
            assert_eq!(text.as_str(), expected, "{start}..{end}");
            let units = 4 - (end - start) as usize + with.len();
            assert_eq!(text.as_str().encode_utf16().count(), units, "in step with the client");
        }
    }

    #[test]
    fn new_lines_end_as_those_around_them() {
        for (text, offset, expected) in [
            ("", 0, "\n"),
            ("a", 1, "\n"),
            ("a\r\nb\nc", 0, "\r\n"),
            ("a\r\nb\nc", 3, "\n"),
            ("a\r\nb", 4, "\r\n"),
            ("a\rb", 3, "\r"),
            ("a\nb", 0, "\n"),
        ] {
            assert_eq!(Text::new(text.to_owned()).line_end(offset), expected, "{text:?} {offset}");
        }
    }

    #[test]
    fn a_change_without_a_range_is_the_whole_text_and_a_backward_range_is_turned_round() {
        let mut text = Text::new("abc".to_owned());
        let change = |range, text: &str| Change { range, text: text.into() };
        text.change(change(Some(Range::new(Position::new(0, 2), Position::new(0, 1))), "X"), Encoding::Utf16);
        assert_eq!(text.as_str(), "aXc");
        text.change(change(Some(Range::new(Position::new(9, 9), Position::new(9, 9))), "!"), Encoding::Utf16);
        assert_eq!(text.as_str(), "aXc!");
        text.change(change(None, "new\n"), Encoding::Utf16);
        assert_eq!((text.as_str(), text.starts.len()), ("new\n", 2));
    }
}
