//! One entry, line by line: which collections are open at the cursor.
//!
//! Block style by indentation, flow style by brackets, quotes in both. Nothing is refused: what is not YAML is read
//! as what it looks like.

mod flow;

use super::{CursorContext, Slot};
use std::ops::Range;

/// Reads the lines of an entry up to the cursor.
pub(super) struct Scanner<'t> {
    text: &'t str,
    cursor: usize,
    at: usize,
    open: Vec<Open>,
}

/// A collection that is open.
#[derive(Debug)]
struct Open {
    kind: Kind,
    /// The last key of a map.
    key: Option<String>,
    before: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A block map whose keys begin at this column.
    Map(usize),
    /// A block list whose dashes stand at this column.
    List(usize),
    FlowMap,
    FlowList,
}

impl Kind {
    fn column(self) -> Option<usize> {
        match self {
            Kind::Map(column) | Kind::List(column) => Some(column),
            Kind::FlowMap | Kind::FlowList => None,
        }
    }
}

/// The outcome of reading a value.
enum ScanStep {
    /// The value is behind us.
    On,
    /// The cursor is here.
    Found(CursorContext),
    /// The cursor is where nothing can be said.
    Nowhere,
}

impl<'t> Scanner<'t> {
    /// Begins at the byte `start`, where an entry does.
    pub(super) fn new(text: &'t str, cursor: usize, start: usize) -> Scanner<'t> {
        Scanner { text, cursor, at: start, open: Vec::new() }
    }

    /// The place at the cursor.
    pub(super) fn find(mut self) -> Option<CursorContext> {
        loop {
            let end = self.line_end();
            match self.line(end) {
                ScanStep::Found(place) => return Some(place),
                ScanStep::Nowhere => return None,
                ScanStep::On => {}
            }
            self.at = self.line_end() + 1;
            if self.at > self.text.len() || self.at > self.cursor && end >= self.cursor {
                return None;
            }
        }
    }

    /// One line of block context, or more where a value goes on.
    fn line(&mut self, end: usize) -> ScanStep {
        let line = self.slice(self.at, end);
        let blanks = line.len() - line.trim_start_matches(' ').len();
        let here = self.at <= self.cursor && self.cursor <= end;
        if line.trim().is_empty() {
            let column = self.cursor.saturating_sub(self.at).min(blanks);
            return if here { self.word(column, self.cursor..self.cursor) } else { ScanStep::On };
        }
        let mut column = blanks;
        let first = self.at + column;
        if self.slice(first, end).starts_with('#') {
            return if here { ScanStep::Nowhere } else { ScanStep::On };
        }
        if here && self.cursor < first {
            return ScanStep::Nowhere;
        }
        self.at = first;
        while matches!(self.slice(self.at, end).as_bytes(), [b'-'] | [b'-', b' ' | b'\r', ..]) {
            self.close(column, true);
            if self.open.last().map(|open| open.kind) != Some(Kind::List(column)) {
                self.push(Kind::List(column));
            }
            if self.cursor == self.at {
                return ScanStep::Nowhere;
            }
            let rest = self.slice(self.at + 1, end);
            let blanks = rest.len() - rest.trim_start_matches(' ').len();
            self.at += 1 + blanks;
            column += 1 + blanks;
            if self.cursor <= self.at && here && self.cursor < self.at {
                return self.word(column, self.cursor..self.cursor);
            }
        }
        self.content(column, end)
    }

    /// A key with its value, or a value, in block context.
    fn content(&mut self, column: usize, end: usize) -> ScanStep {
        let content = self.slice(self.at, end);
        let Some((name, width)) = key(content) else {
            let bare = content.trim_end();
            let (start, here) = (self.at, self.cursor <= end);
            if here && !content.starts_with(['{', '[', '"', '\'']) {
                let word = start..start + bare.len();
                return if word.contains(&self.cursor) || word.end == self.cursor {
                    self.word(column, word)
                } else {
                    ScanStep::Nowhere
                };
            }
            self.close(column, false);
            return self.value(end, column);
        };
        self.close(column, false);
        if self.open.last().map(|open| open.kind) != Some(Kind::Map(column)) {
            self.push(Kind::Map(column));
        }
        let quoted = usize::from(content.starts_with(['"', '\'']));
        let token = self.at + quoted..self.at + width - quoted;
        if token.start <= self.cursor && self.cursor <= token.end {
            return ScanStep::Found(self.place(Slot::Key, token));
        }
        if let Some(open) = self.open.last_mut() {
            open.before.extend(open.key.replace(name.to_owned()));
        }
        self.at += width + 1;
        if self.cursor == self.at {
            return ScanStep::Nowhere; // A value needs a blank before it.
        }
        self.value(end, column)
    }

    /// A word that may be a key to be, or a value.
    fn word(&mut self, column: usize, word: Range<usize>) -> ScanStep {
        self.close(column, false);
        let slot = match self.open.last().map(|open| open.kind) {
            None => Slot::Key,
            Some(Kind::Map(open)) if open == column => Slot::Key,
            Some(_) => Slot::Either,
        };
        ScanStep::Found(self.place(slot, word))
    }

    /// Reads the value after a key or a dash.
    fn value(&mut self, end: usize, column: usize) -> ScanStep {
        let rest = self.slice(self.at, end);
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let from = self.at;
        self.at += blanks;
        let value = self.slice(self.at, end);
        match value.bytes().next() {
            Some(b'|' | b'>') => {
                if self.cursor <= end {
                    return ScanStep::Nowhere;
                }
                self.block_text(end, column)
            }
            Some(b'{' | b'[') if self.cursor > self.at => self.flow(),
            Some(quote @ (b'"' | b'\'')) => {
                let token = self.quoted(quote);
                if self.cursor >= token.start && self.cursor <= token.end {
                    return ScanStep::Found(self.place(Slot::Value, token));
                }
                self.behind(end)
            }
            _ => {
                let plain = value.find(" #").map_or(value, |at| value.get(..at).unwrap_or(value)).trim_end();
                let plain = if plain.starts_with('#') { "" } else { plain };
                let token = self.at..self.at + plain.len();
                if from < self.cursor && token.start >= self.cursor {
                    return ScanStep::Found(self.place(Slot::Value, self.cursor..token.end.max(self.cursor)));
                }
                if token.start <= self.cursor && self.cursor <= token.end {
                    return ScanStep::Found(self.place(Slot::Value, token));
                }
                self.behind(end)
            }
        }
    }

    fn behind(&mut self, end: usize) -> ScanStep {
        if self.cursor <= end { ScanStep::Nowhere } else { ScanStep::On }
    }

    /// Skips the lines of a literal or folded text.
    fn block_text(&mut self, end: usize, column: usize) -> ScanStep {
        self.at = end;
        loop {
            let start = self.at + 1;
            if start > self.text.len() {
                return ScanStep::On;
            }
            let stop = self.text.get(start..).and_then(|rest| rest.find('\n')).map_or(self.text.len(), |at| start + at);
            let line = self.slice(start, stop);
            let blanks = line.len() - line.trim_start_matches(' ').len();
            if !line.trim().is_empty() && blanks <= column {
                return ScanStep::On;
            }
            if start <= self.cursor && self.cursor <= stop {
                // A blank line may still be the next key's.
                return if line.trim().is_empty() && blanks <= column { ScanStep::On } else { ScanStep::Nowhere };
            }
            self.at = stop;
        }
    }

    /// Closes what a line at this column ends.
    fn close(&mut self, column: usize, dash: bool) {
        while let Some(open) = self.open.last() {
            let ends = match open.kind.column() {
                Some(at) => at > column || !dash && open.kind == Kind::List(column),
                None => true,
            };
            if !ends {
                return;
            }
            self.open.pop();
        }
    }

    fn push(&mut self, kind: Kind) {
        self.open.push(Open { kind, key: None, before: Vec::new() });
    }

    fn place(&self, slot: Slot, token: Range<usize>) -> CursorContext {
        let mut path: Vec<String> = Vec::new();
        for (index, open) in self.open.iter().enumerate() {
            let innermost = index + 1 == self.open.len();
            match open.kind {
                Kind::List(_) | Kind::FlowList => path.push("[]".to_owned()),
                // The map that a new key goes into: its last key is a neighbour, not a parent.
                Kind::Map(_) | Kind::FlowMap if innermost && slot == Slot::Key => {}
                Kind::Map(_) | Kind::FlowMap => path.extend(open.key.clone()),
            }
        }
        let before = match self.open.last() {
            Some(open) if slot == Slot::Key => open.before.iter().chain(&open.key).cloned().collect(),
            _ => Vec::new(),
        };
        let entry = (!path.is_empty()).then(|| path.remove(0));
        CursorContext { entry, path, slot, token, before }
    }

    fn line_end(&self) -> usize {
        let at = self.at.min(self.text.len());
        self.text.get(at..).and_then(|rest| rest.find('\n')).map_or(self.text.len(), |found| at + found)
    }

    fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or("")
    }
}

/// The key that a text begins with, and its width in bytes, quotes included.
fn key(content: &str) -> Option<(&str, usize)> {
    let ends = |rest: &str| {
        rest.starts_with(':') && rest.get(1..).is_none_or(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r']))
    };
    if let Some(quote) = content.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let inner = content.get(1..)?;
        let close = inner.find(quote)?;
        return ends(inner.get(close + 1..)?).then(|| (inner.get(..close).unwrap_or(""), close + 2));
    }
    if content.starts_with(['{', '[', '#', '|', '>']) {
        return None;
    }
    let colon = content.match_indices(':').map(|(at, _)| at).find(|at| ends(content.get(*at..).unwrap_or("")))?;
    let name = content.get(..colon)?;
    (!name.contains(" #")).then(|| (name.trim_end(), colon))
}
