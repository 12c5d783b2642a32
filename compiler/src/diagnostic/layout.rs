//! Edits of map entries, which need the text around them: lines to remove, a line to add.
//!
//! Rules know spans of keys and values, not the text beside them. They say what shall happen ([`EntryEdit`]); once the
//! text is at hand, this module makes edits of it, in the block style and between braces alike. Where the text leaves a
//! doubt about what belongs to the entry, there is no edit.

use super::{Edit, Fix, breaks};
use crate::source::{Sources, Span};
use std::ops::Range;

/// The edit of a map entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryEdit {
    /// The entry goes.
    Remove {
        /// Its key.
        key: Span,
        /// Its value.
        value: Span,
    },
    /// A line is added after the entry; between braces only where it is the last one of its map.
    AddBehind {
        /// Its key.
        key: Span,
        /// Its value.
        value: Span,
        /// The key and value that are added: `secret: true`.
        line: String,
    },
    /// The line breaks at the end of a text go: `|` becomes `|-`.
    DropLastBreaks {
        /// The text.
        value: Span,
    },
}

/// The edits of a change; `None` where the text does not say for certain what belongs to the entry.
pub(super) fn fix(change: &EntryEdit, sources: &Sources) -> Option<Fix> {
    let (key, value) = match change {
        EntryEdit::Remove { key, value } | EntryEdit::AddBehind { key, value, .. } => (key, value),
        EntryEdit::DropLastBreaks { value } => return breaks::dropped(*value, &sources.get(value.file)?.text),
    };
    if key.file != value.file {
        return None;
    }
    let text = sources.get(key.file)?.text.as_str();
    let entry = Entry::find(text, key.range(), value.range())?;
    let (title, range, replacement) = match change {
        EntryEdit::Remove { .. } => ("remove it".to_owned(), entry.removal()?, String::new()),
        EntryEdit::AddBehind { line, .. } => {
            let (at, added) = entry.added(line)?;
            (format!("add `{line}`"), at..at, added)
        }
        EntryEdit::DropLastBreaks { .. } => return None,
    };
    let span = Span::new(key.file, range.start, range.end);
    Some(Fix { title, edits: vec![Edit { span, replacement }] })
}

/// A map entry in its text.
struct Entry<'t> {
    text: &'t str,
    /// From the key to the end of the value.
    range: Range<usize>,
    /// The text before it on its first line.
    before: &'t str,
    /// The text after it on its last line, the line break not included.
    behind: &'t str,
}

impl<'t> Entry<'t> {
    fn find(text: &'t str, key: Range<usize>, value: Range<usize>) -> Option<Entry<'t>> {
        let between = text.get(key.end..value.start.max(key.end))?;
        let end = match between.find(['{', '[']) {
            // The span of a collection leaves out its brackets.
            Some(open) => flow_end(text, key.end + open)?,
            None => value.end.max(key.end),
        };
        if between.contains(['&', '|', '>', '#', '\'', '"']) {
            return None;
        }
        let range = key.start..end;
        let line = text.get(..range.start)?.rfind('\n').map_or(0, |at| at + 1);
        let rest = text.get(range.end..)?;
        let behind = rest.split('\n').next().unwrap_or_default().trim_end_matches('\r');
        Some(Entry { text, before: text.get(line..range.start)?, behind, range })
    }

    /// True if the entry has its lines for itself.
    fn is_block(&self) -> bool {
        let comment = self.behind.trim_start();
        let ends = comment.is_empty() || (comment.starts_with('#') && comment.len() < self.behind.len());
        self.before.trim().is_empty() && ends
    }

    /// The byte after the last line's break.
    fn next_line(&self) -> usize {
        let end = self.range.end + self.behind.len();
        let rest = self.text.get(end..).unwrap_or_default();
        end + rest.find('\n').map_or(rest.len(), |at| at + 1)
    }

    fn removal(&self) -> Option<Range<usize>> {
        if self.is_block() {
            let start = self.range.start - self.before.len();
            return (!self.is_only_child(start)).then(|| start..self.next_line());
        }
        let opened = self.before.trim_end();
        if !opened.ends_with(['{', ',']) {
            return None;
        }
        let behind = self.behind.trim_start();
        let skipped = self.behind.len() - behind.len();
        if let Some(rest) = behind.strip_prefix(',') {
            let spaces = rest.len() - rest.trim_start().len();
            return Some(self.range.start..self.range.end + skipped + 1 + spaces);
        }
        if !behind.starts_with('}') {
            return None;
        }
        let gap = self.before.len() - opened.trim_end_matches(',').len();
        let start = if opened.ends_with(',') { self.range.start - gap } else { self.range.start };
        Some(start..self.range.end)
    }

    /// True if the map would have nothing left: no line of its depth stands above or below.
    fn is_only_child(&self, start: usize) -> bool {
        let says = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
        let depth = |line: &str| line.len() - line.trim_start().len();
        let here = self.before.len();
        let above = self.text.get(..start).unwrap_or_default().lines().rev().find(says);
        let below = self.text.get(self.next_line()..).unwrap_or_default().lines().find(says);
        above.is_none_or(|line| depth(line) < here) && below.is_none_or(|line| depth(line) < here)
    }

    fn added(&self, line: &str) -> Option<(usize, String)> {
        if self.is_block() {
            let at = self.range.end + self.behind.len();
            let newline = if self.text.get(at..).is_some_and(|rest| rest.starts_with('\r')) { "\r\n" } else { "\n" };
            return Some((at, format!("{newline}{}{line}", self.before)));
        }
        let in_braces = self.before.trim_end().ends_with(['{', ',']);
        let last = self.behind.trim_start().starts_with('}');
        (in_braces && last).then(|| (self.range.end, format!(", {line}")))
    }
}

/// The byte after the bracket that closes the one at `open`. Text in quotes does not count; a comment ends the
/// search.
fn flow_end(text: &str, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    let mut before = ' ';
    let mut quote: Option<char> = None;
    let mut letters = text.get(open..)?.char_indices();
    while let Some((at, letter)) = letters.next() {
        if let Some(mark) = quote {
            if letter == '\\' && mark == '"' {
                letters.next();
            } else if letter == mark {
                quote = None; // A doubled quote opens the text again.
            }
            continue;
        }
        match letter {
            '{' | '[' => depth += 1,
            '}' | ']' => depth = depth.checked_sub(1)?,
            '"' | '\'' if matches!(before, '{' | '[' | ',' | ':' | '"' | '\'') => quote = Some(letter),
            '#' => return None,
            _ => {}
        }
        if depth == 0 {
            return Some(open + at + 1);
        }
        if !letter.is_whitespace() {
            before = letter;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::apply::apply;

    /// The text after a change of the entry whose key is `key` and whose value ends with `end`.
    fn changed(text: &str, key: &str, value: &str, add: Option<&str>) -> Option<String> {
        let mut sources = Sources::default();
        let file = sources.add("t", text);
        let at = text.find(&format!("{key}:")).unwrap();
        let value_at = at + text[at..].find(value).unwrap();
        let key = Span::new(file, at, at + key.len());
        let value = Span::new(file, value_at, value_at + value.len());
        let change = match add {
            None => EntryEdit::Remove { key, value },
            Some(line) => EntryEdit::AddBehind { key, value, line: line.to_owned() },
        };
        let fix = fix(&change, &sources)?;
        Some(apply(&sources, [&fix]).texts[&file].clone())
    }

    #[test]
    fn an_entry_goes_with_its_lines_or_its_comma() {
        for (text, value, expected) in [
            ("a: 1\nk: 2 # why\nb: 3\n", "2", Some("a: 1\nb: 3\n")),
            ("a:\n  b: 1\n  k: 2\r\n", "2", Some("a:\n  b: 1\n")),
            ("a: 1\nk:\n  x: 1\n  y: 2\nb: 3", "x: 1\n  y: 2", Some("a: 1\nb: 3")),
            ("a:\n  k: 2\n  # why\n  b: 3\n", "2", Some("a:\n  # why\n  b: 3\n")),
            ("{a: 1, k: 2, b: 3}", "2", Some("{a: 1, b: 3}")),
            ("{k: 2 , b: 3}", "2", Some("{b: 3}")),
            ("{a: 1, k: '2'}", "'2'", Some("{a: 1}")),
            ("{k: 2}", "2", Some("{}")),
            // A map would be left without a value.
            ("a:\n  k: 2\nb: 3\n", "2", None),
            ("a: 1\nk: [x, y]\n", "x, y", Some("a: 1\n")),
            ("{a: 1, k: {x: [1]}}", "x: [1", Some("{a: 1}")),
            ("{k: {x: 'it''s }'}, a: 1}", "x: 'it''s }'", Some("{a: 1}")),
            ("a: 1\nk: [x, # why\n  y]\n", "x, # why\n  y", None),
            ("- k: 2\n  b: 1\n", "2", None),
            ("a: {x: 1,\n  k: 2 }\n", "2", None),
        ] {
            assert_eq!(changed(text, "k", value, None).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn a_line_is_added_in_the_style_of_its_map() {
        for (text, value, expected) in [
            ("a:\n    k: 2 # why\nb: 3\n", "2", Some("a:\n    k: 2 # why\n    new: 1\nb: 3\n")),
            ("a:\r\n  k: 2\r\n", "2", Some("a:\r\n  k: 2\r\n  new: 1\r\n")),
            ("a:\n  k: 2", "2", Some("a:\n  k: 2\n  new: 1")),
            ("a: {b: 1, k: 2}\n", "2", Some("a: {b: 1, k: 2, new: 1}\n")),
            ("a: {k: 2, b: 1}\n", "2", None),
            ("a: {k: [x]}\n", "x", Some("a: {k: [x], new: 1}\n")),
        ] {
            assert_eq!(changed(text, "k", value, Some("new: 1")).as_deref(), expected, "{text:?}");
        }
    }
}
