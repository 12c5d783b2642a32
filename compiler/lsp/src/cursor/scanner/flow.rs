//! Brackets and quotes, however many lines they take.
//!
//! Indentation means nothing inside them.

use super::{CursorContext, Kind, Open, ScanStep, Scanner, Slot};
use std::ops::Range;

impl Scanner<'_> {
    /// A map or list in brackets, however many lines it takes.
    pub(super) fn flow(&mut self) -> ScanStep {
        let outer = self.open.len();
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            if self.at >= self.cursor {
                let slot = self.flow_slot();
                return ScanStep::Found(self.place(slot, self.cursor..self.cursor));
            }
            match byte {
                b'{' | b'[' => {
                    self.push(if byte == b'{' { Kind::FlowMap } else { Kind::FlowList });
                    self.at += 1;
                }
                b'}' | b']' => {
                    self.open.pop();
                    self.at += 1;
                    if self.open.len() <= outer {
                        return self.behind(self.line_end());
                    }
                }
                b',' => {
                    if let Some(open) = self.open.last_mut() {
                        open.before.extend(open.key.take());
                    }
                    self.at += 1;
                }
                b'#' if self.at > 0 && bytes[self.at - 1].is_ascii_whitespace() => {
                    self.at = self.line_end();
                    if self.cursor <= self.at {
                        return ScanStep::Nowhere;
                    }
                }
                _ if byte.is_ascii_whitespace() => self.at += 1,
                _ => {
                    if let Some(place) = self.flow_word(byte) {
                        return ScanStep::Found(place);
                    }
                }
            }
        }
        let slot = self.flow_slot();
        ScanStep::Found(self.place(slot, self.cursor..self.cursor))
    }

    /// A scalar in brackets; a place when the cursor is in it.
    fn flow_word(&mut self, first: u8) -> Option<CursorContext> {
        let token = if matches!(first, b'"' | b'\'') {
            self.quoted(first)
        } else {
            let bytes = self.text.as_bytes();
            let start = self.at;
            while let Some(&byte) = bytes.get(self.at) {
                let colon = byte == b':' && bytes.get(self.at + 1).is_none_or(|next| b" \t\r\n,}]".contains(next));
                if colon
                    || b",[]{}\n".contains(&byte)
                        && !self.slice(start, self.at).ends_with('$')
                        && !self.in_placeholder(start)
                {
                    break;
                }
                self.at += 1;
            }
            let word = self.slice(start, self.at).trim_end().len();
            start..start + word
        };
        let is_key = self.text.as_bytes().get(self.at) == Some(&b':');
        let in_map = self.open.last().is_some_and(|open| open.kind == Kind::FlowMap && open.key.is_none());
        if token.start <= self.cursor && self.cursor <= token.end {
            let slot = self.flow_slot();
            return Some(self.place(slot, token));
        }
        if is_key && in_map {
            let name = self.slice(token.start, token.end).to_owned();
            if let Some(open) = self.open.last_mut() {
                open.key = Some(name);
            }
        }
        if is_key {
            self.at += 1;
        }
        None
    }

    /// True if a plain scalar that begins at `start` has an open `${`.
    fn in_placeholder(&self, start: usize) -> bool {
        let word = self.slice(start, self.at);
        word.rfind("${").is_some_and(|open| !word.get(open..).unwrap_or("").contains('}'))
    }

    fn flow_slot(&self) -> Slot {
        match self.open.last() {
            Some(Open { kind: Kind::FlowMap, key: None, .. }) => Slot::Key,
            _ => Slot::Value,
        }
    }

    /// Passes a quoted scalar and gives what stands between the quotes.
    pub(super) fn quoted(&mut self, quote: u8) -> Range<usize> {
        let bytes = self.text.as_bytes();
        self.at += 1;
        let start = self.at;
        while let Some(&byte) = bytes.get(self.at) {
            if byte == b'\\' && quote == b'"' {
                self.at += 1;
            } else if byte == quote {
                if quote == b'"' || bytes.get(self.at + 1) != Some(&quote) {
                    break;
                }
                self.at += 1;
            } else if byte == b'\n' && self.at >= self.cursor {
                break; // Open while it is typed: the line ends it.
            }
            self.at += 1;
        }
        self.at = self.at.min(bytes.len());
        let token = start..self.at;
        self.at += usize::from(bytes.get(self.at) == Some(&quote));
        token
    }
}
