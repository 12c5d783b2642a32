//! Tables for people: columns as wide as what stands in them, and no wider than a screen bears.

use crate::harmless::{harmless, json_line};
use serde_json::Value;
use std::fmt::Write as _;
use unicode_width::UnicodeWidthStr as _;

/// A longer text moves what stands behind it, and is not cut: people copy it.
const MAX_COLUMN: usize = 48;

/// A table that comes in pages: columns only grow, so that what was printed stays aligned with what follows.
#[derive(Debug)]
pub(super) struct Table<const N: usize> {
    heads: Option<[&'static str; N]>,
    widths: [usize; N],
}

impl<const N: usize> Table<N> {
    /// A table with these heads.
    pub(super) fn new(heads: [&'static str; N]) -> Table<N> {
        Table { heads: Some(heads), widths: [0; N] }
    }

    /// The next rows, below the heads where they are the first.
    pub(super) fn page(&mut self, rows: &[[String; N]]) -> String {
        let mut page = String::new();
        if rows.is_empty() {
            return page;
        }
        let heads = self.heads.take().map(|heads| heads.map(str::to_owned));
        for row in heads.iter().chain(rows) {
            for (width, cell) in self.widths.iter_mut().zip(row) {
                *width = (*width).max(cell.width().min(MAX_COLUMN));
            }
        }
        for row in heads.iter().chain(rows) {
            let mut line = String::new();
            for (width, cell) in self.widths.iter().zip(row) {
                let _ = write!(line, "{cell}{:blanks$}  ", "", blanks = width.saturating_sub(cell.width()));
            }
            let _ = writeln!(page, "{}", line.trim_end());
        }
        page
    }
}

/// One thing: a line for each name with its value. Empty values are left out.
pub(super) fn details(pairs: &[(&str, String)]) -> String {
    let shown = pairs.iter().filter(|(_, value)| !value.is_empty());
    let width = shown.clone().map(|(name, _)| name.len()).max().unwrap_or_default();
    let mut lines = String::new();
    for (name, value) in shown {
        let _ = writeln!(lines, "{name:width$}  {value}");
    }
    lines
}

/// A value of an answer for people. One that is not there, or `null`, is an empty text.
pub(super) fn text(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => harmless(text),
        Some(Value::Array(values)) => values.iter().map(|value| text(Some(value))).collect::<Vec<_>>().join(", "),
        Some(Value::Object(members)) if members.is_empty() => String::new(),
        Some(value) => json_line(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_grow_with_the_pages_and_wide_letters_count_twice() {
        let row = |a: &str, b: &str| [a.to_owned(), b.to_owned()];
        let mut table = Table::new(["ID", "STATE"]);
        assert_eq!(table.page(&[]), "");
        assert_eq!(table.page(&[row("a", "ok"), row("漢字", "")]), "ID    STATE\na     ok\n漢字\n");
        assert_eq!(table.page(&[row("abcdef", "ok")]), "abcdef  ok\n");
        assert_eq!(table.page(&[row("a", "ok")]), "a       ok\n");
        let long = "x".repeat(60);
        assert_eq!(table.page(&[row(&long, "ok"), row("a", "ok")]), format!("{long}  ok\na{}ok\n", " ".repeat(49)));
    }
}
