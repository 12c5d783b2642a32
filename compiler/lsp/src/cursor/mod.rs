//! Where in an entry the cursor is.
//!
//! Text that is being typed is often no YAML, so this is read from the lines of one entry, by indentation, brackets and
//! quotes, and not from a tree. Work is linear in the text of the entry. What it cannot tell (inside of a block of
//! text, in a comment) is not a place. [`scanner`] reads the lines. Which keys exist is in `vocabulary`.

mod scanner;
#[cfg(test)]
mod tests;

use scanner::Scanner;
use std::ops::Range;

/// The keys above the cursor, and the word at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CursorContext {
    /// The key of the entry; `None` at the root of the file.
    pub(crate) entry: Option<String>,
    /// The keys from the entry down, `[]` for an item of a list.
    pub(crate) path: Vec<String>,
    /// The syntactic position at the cursor.
    pub(crate) slot: Slot,
    /// The bytes of the word at the cursor, quotes left out.
    pub(crate) token: Range<usize>,
    /// Keys that the map here has already, as far as they stand before the cursor.
    pub(crate) before: Vec<String>,
}

/// The syntactic position of the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// A key of the map at the path.
    Key,
    /// The value at the path.
    Value,
    /// The value at the path, or the first key of a map there.
    Either,
}

/// The context at a byte of a text; `None` where it cannot be told.
pub(crate) fn at(text: &str, offset: usize) -> Option<CursorContext> {
    let start = entry_start(text, offset);
    Scanner::new(text, offset, start).find()
}

/// Where the last line at or above the cursor begins that opens an entry: the first column holds no blank, comment or
/// closing bracket.
fn entry_start(text: &str, offset: usize) -> usize {
    let mut end = text.get(offset..).and_then(|rest| rest.find('\n')).map_or(text.len(), |at| offset + at);
    loop {
        let start = text.get(..end).and_then(|before| before.rfind('\n')).map_or(0, |at| at + 1);
        let opens = |c: char| !c.is_whitespace() && !matches!(c, '#' | '}' | ']');
        if start == 0 || text.get(start..).is_some_and(|line| line.starts_with(opens)) {
            return start;
        }
        end = start - 1;
    }
}
