//! Where in an entry the cursor is.
//!
//! Text that is being typed is often no YAML, so this is read from the lines of one entry, by indentation, brackets and
//! quotes, and not from a tree. Work is linear in the text of the entry. What it cannot tell (inside of a block of text,
//! in a comment) is no place. Absent here: which keys exist.

use std::ops::Range;

/// A place in an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The key of the entry; `None` at the root of the file.
    pub(crate) entry: Option<String>,
    /// The keys from the entry down, `[]` for an item of a list.
    pub(crate) path: Vec<String>,
    /// What stands or begins here.
    pub(crate) slot: Slot,
    /// The bytes of the word at the cursor, quotes left out.
    pub(crate) token: Range<usize>,
    /// Keys that the map here has already, as far as they stand before the cursor.
    pub(crate) before: Vec<String>,
}

/// What a place is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// A key of the map at the path.
    Key,
    /// The value at the path.
    Value,
    /// The value at the path, or the first key of a map there.
    Either,
}

/// The place at a byte of a text.
pub(crate) fn at(text: &str, offset: usize) -> Option<Place> {
    let start = entry_start(text, offset);
    Scanner { text, cursor: offset, at: start, open: Vec::new() }.find()
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

struct Scanner<'t> {
    text: &'t str,
    cursor: usize,
    at: usize,
    open: Vec<Open>,
}

/// How the reading of a value went.
enum Step {
    /// The value is behind us.
    On,
    /// The cursor is here.
    Found(Place),
    /// The cursor is where nothing can be said.
    Nowhere,
}

impl<'t> Scanner<'t> {
    fn find(mut self) -> Option<Place> {
        loop {
            let end = self.line_end();
            match self.line(end) {
                Step::Found(place) => return Some(place),
                Step::Nowhere => return None,
                Step::On => {}
            }
            self.at = self.line_end() + 1;
            if self.at > self.text.len() || self.at > self.cursor && end >= self.cursor {
                return None;
            }
        }
    }

    /// One line of block context, or more where a value goes on.
    fn line(&mut self, end: usize) -> Step {
        let line = self.slice(self.at, end);
        let blanks = line.len() - line.trim_start_matches(' ').len();
        let here = self.at <= self.cursor && self.cursor <= end;
        if line.trim().is_empty() {
            let column = self.cursor.saturating_sub(self.at).min(blanks);
            return if here { self.word(column, self.cursor..self.cursor) } else { Step::On };
        }
        let mut column = blanks;
        let first = self.at + column;
        if self.slice(first, end).starts_with('#') {
            return if here { Step::Nowhere } else { Step::On };
        }
        if here && self.cursor < first {
            return Step::Nowhere;
        }
        self.at = first;
        while matches!(self.slice(self.at, end).as_bytes(), [b'-'] | [b'-', b' ' | b'\r', ..]) {
            self.close(column, true);
            if self.open.last().map(|open| open.kind) != Some(Kind::List(column)) {
                self.push(Kind::List(column));
            }
            if self.cursor == self.at {
                return Step::Nowhere;
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
    fn content(&mut self, column: usize, end: usize) -> Step {
        let content = self.slice(self.at, end);
        let Some((name, width)) = key(content) else {
            let bare = content.trim_end();
            let (start, here) = (self.at, self.cursor <= end);
            if here && !content.starts_with(['{', '[', '"', '\'']) {
                let word = start..start + bare.len();
                return if word.contains(&self.cursor) || word.end == self.cursor {
                    self.word(column, word)
                } else {
                    Step::Nowhere
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
            return Step::Found(self.place(Slot::Key, token));
        }
        if let Some(open) = self.open.last_mut() {
            open.before.extend(open.key.replace(name.to_owned()));
        }
        self.at += width + 1;
        if self.cursor == self.at {
            return Step::Nowhere; // A value needs a blank before it.
        }
        self.value(end, column)
    }

    /// A word that may be a key to be, or a value.
    fn word(&mut self, column: usize, word: Range<usize>) -> Step {
        self.close(column, false);
        let slot = match self.open.last().map(|open| open.kind) {
            None => Slot::Key,
            Some(Kind::Map(open)) if open == column => Slot::Key,
            Some(_) => Slot::Either,
        };
        Step::Found(self.place(slot, word))
    }

    /// What stands behind a key or a dash.
    fn value(&mut self, end: usize, column: usize) -> Step {
        let rest = self.slice(self.at, end);
        let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let from = self.at;
        self.at += blanks;
        let value = self.slice(self.at, end);
        match value.bytes().next() {
            Some(b'|' | b'>') => {
                if self.cursor <= end {
                    return Step::Nowhere;
                }
                self.block_text(end, column)
            }
            Some(b'{' | b'[') if self.cursor > self.at => self.flow(),
            Some(quote @ (b'"' | b'\'')) => {
                let token = self.quoted(quote);
                if self.cursor >= token.start && self.cursor <= token.end {
                    return Step::Found(self.place(Slot::Value, token));
                }
                self.behind(end)
            }
            _ => {
                let plain = value.find(" #").map_or(value, |at| value.get(..at).unwrap_or(value)).trim_end();
                let plain = if plain.starts_with('#') { "" } else { plain };
                let token = self.at..self.at + plain.len();
                if from < self.cursor && token.start >= self.cursor {
                    return Step::Found(self.place(Slot::Value, self.cursor..token.end.max(self.cursor)));
                }
                if token.start <= self.cursor && self.cursor <= token.end {
                    return Step::Found(self.place(Slot::Value, token));
                }
                self.behind(end)
            }
        }
    }

    fn behind(&mut self, end: usize) -> Step {
        if self.cursor <= end { Step::Nowhere } else { Step::On }
    }

    /// Skips the lines of a literal or folded text.
    fn block_text(&mut self, end: usize, column: usize) -> Step {
        self.at = end;
        loop {
            let start = self.at + 1;
            if start > self.text.len() {
                return Step::On;
            }
            let stop = self.text.get(start..).and_then(|rest| rest.find('\n')).map_or(self.text.len(), |at| start + at);
            let line = self.slice(start, stop);
            let blanks = line.len() - line.trim_start_matches(' ').len();
            if !line.trim().is_empty() && blanks <= column {
                return Step::On;
            }
            if start <= self.cursor && self.cursor <= stop {
                // A blank line may still be the next key's.
                return if line.trim().is_empty() && blanks <= column { Step::On } else { Step::Nowhere };
            }
            self.at = stop;
        }
    }

    /// A map or list in brackets, however many lines it takes.
    fn flow(&mut self) -> Step {
        let outer = self.open.len();
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.at) {
            if self.at >= self.cursor {
                let slot = self.flow_slot();
                return Step::Found(self.place(slot, self.cursor..self.cursor));
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
                        return Step::Nowhere;
                    }
                }
                _ if byte.is_ascii_whitespace() => self.at += 1,
                _ => {
                    if let Some(place) = self.flow_word(byte) {
                        return Step::Found(place);
                    }
                }
            }
        }
        let slot = self.flow_slot();
        Step::Found(self.place(slot, self.cursor..self.cursor))
    }

    /// A scalar in brackets; a place when the cursor is in it.
    fn flow_word(&mut self, first: u8) -> Option<Place> {
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

    /// Whether a plain scalar that begins at `start` has an open `${`.
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
    fn quoted(&mut self, quote: u8) -> Range<usize> {
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

    fn place(&self, slot: Slot, token: Range<usize>) -> Place {
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
        Place { entry, path, slot, token, before }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The place at `|`, as `entry/path slot "token" before`.
    fn place(text: &str) -> String {
        let cursor = text.find('|').unwrap();
        let text = text.replacen('|', "", 1);
        let Some(place) = at(&text, cursor) else { return "nowhere".to_owned() };
        let token = &text[place.token.clone()];
        let path = place.entry.into_iter().chain(place.path).collect::<Vec<_>>().join("/");
        let before = place.before.join(" ");
        format!("{path} {:?} {token:?} {before}", place.slot).trim_end().to_owned()
    }

    #[test]
    fn a_place_is_found_in_whole_and_in_broken_text() {
        for (text, expected) in [
            ("ac|me:\n  docs: x", " Key \"acme\""),
            ("|", " Key \"\""),
            ("acme:\n  |", "acme Either \"\""),
            ("acme:\n  do|", "acme Either \"do\""),
            ("acme:\n  docs: x\n  pr|", "acme Key \"pr\" docs"),
            ("acme:\n  docs: x\n  pr|oxy:\n    base_url: y", "acme Key \"proxy\" docs"),
            ("acme:\n  docs: x\n  |\nother:\n", "acme Key \"\" docs"),
            ("acme:\n  auth_mode: API|", "acme/auth_mode Value \"API\""),
            ("acme:\n  auth_mode: |", "acme/auth_mode Value \"\""),
            ("acme:\n  auth_mode:|", "nowhere"),
            ("acme:\n  auth_mode: 'AP|I'", "acme/auth_mode Value \"API\""),
            ("acme:\n  auth_mode: \"AP|", "acme/auth_mode Value \"AP\""),
            ("acme:\n  proxy:\n    base_url: https://${con|", "acme/proxy/base_url Value \"https://${con\""),
            ("acme:\n  proxy:\n    |", "acme/proxy Either \"\""),
            ("acme:\n  proxy:\n    base_url: x\n  |", "acme Key \"\" proxy"),
            ("acme:\n  proxy:\n    base_url: x\n    |", "acme/proxy Key \"\" base_url"),
            ("acme:\n  categories:\n    - o|", "acme/categories/[] Either \"o\""),
            ("acme:\n  categories:\n  - o|", "acme/categories/[] Either \"o\""),
            ("acme:\n  categories:\n  - other\n  do|", "acme Key \"do\" categories"),
            ("acme:\n  categories: [other, cr|]", "acme/categories/[] Value \"cr\""),
            ("acme:\n  categories: [|", "acme/categories/[] Value \"\""),
            ("acme:\n  steps:\n    - token_url: x\n      to|", "acme/steps/[] Key \"to\" token_url"),
            ("acme:\n  steps:\n    - token_url: x|", "acme/steps/[]/token_url Value \"x\""),
            ("acme:\n  steps:\n    - a: 1\n    - to|", "acme/steps/[] Either \"to\""),
            ("acme:\n  credentials:\n    apiKey: {type: string, ti|", "acme/credentials/apiKey Key \"ti\" type"),
            ("acme:\n  credentials:\n    apiKey: {type: st|, title: x}", "acme/credentials/apiKey/type Value \"st\""),
            ("acme:\n  credentials: {apiKey: {type: string, title: T}, us|}", "acme/credentials Key \"us\" apiKey"),
            ("acme: {auth_mode: |}", "acme/auth_mode Value \"\""),
            ("acme: {proxy: {base_url: 'https://${c|'", "acme/proxy/base_url Value \"https://${c\""),
            ("acme: {proxy: {headers: {x: a${b|}, y: z}}}", "acme/proxy/headers/x Value \"a${b}\""),
            ("acme:\n  headers: {\n    a: b,\n    c|\n  }", "acme/headers Key \"c\" a"),
            ("acme:\n  # comm|ent\n  docs: x", "nowhere"),
            ("acme:\n  docs: x # com|ment", "nowhere"),
            ("acme:\n  docs: |\n", "acme/docs Value \"\""),
            ("acme:\n  why: >\n    te|xt: x\n  docs: x", "nowhere"),
            ("acme:\n  why: >\n    text: x\n  do|cs: x", "acme Key \"docs\" why"),
            ("acme:\n  docs: x\n\n\nother:\n  do|", "other Either \"do\""),
            ("acme:\r\n  docs: x\r\n  do|\r\n", "acme Key \"do\" docs"),
            ("acme:\n  alias: gi|thub\n", "acme/alias Value \"github\""),
            ("acme:\n  'do|cs': x", "acme Key \"docs\""),
            ("acme:\n    docs: x\n  |", "acme Either \"\""),
        ] {
            assert_eq!(place(text), expected, "{text}");
        }
    }

    #[test]
    fn every_cursor_in_every_text_ends() {
        let text = "a: {b: [\n'c\n- d: \"e\n  - - f: |\n   g\n# h\n}] i: >\n\n  - ${j, k}: l, \u{e4}: \t\r\nm:\n";
        for end in text.char_indices().map(|(at, _)| at) {
            for cursor in text.char_indices().map(|(at, _)| at).filter(|at| *at <= end) {
                let place = at(&text[..end], cursor);
                assert!(place.is_none_or(|place| text.get(place.token).is_some()), "{end} {cursor}");
            }
        }
    }
}
