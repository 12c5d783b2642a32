//! An entry as a text with places, and the ways to change the text there.
//!
//! A change that needs lines (dropping a key, adding one) applies only where the key has its lines for itself, as it
//! has almost everywhere in the corpus.

use keyway_compiler::source::FileId;
use keyway_compiler::syntax::{Mapping, Node, Value, parse};
use std::ops::Range;

/// One entry, and after it the entries it builds on.
pub(crate) struct Case {
    /// Its key.
    pub(crate) key: String,
    /// The text of all of them; the entry comes first.
    pub(crate) text: String,
    /// Its own keys.
    body: Node,
}

/// A key of the entry and its value.
pub(crate) struct Spot<'c> {
    /// The way to it, from the entry down.
    pub(crate) path: Vec<String>,
    /// Where its key stands.
    pub(crate) key: Range<usize>,
    /// Where the key of the map stands that holds it.
    pub(crate) above: usize,
    /// Its value.
    pub(crate) value: &'c Node,
}

/// A changed text, and where and about what a finding is expected.
pub(crate) struct Mutant {
    /// The text.
    pub(crate) text: String,
    /// The byte of the text at which the finding begins.
    pub(crate) at: usize,
    /// The way to what was changed, from the entry down.
    pub(crate) path: Vec<String>,
    /// The way to where it was, if it was moved.
    pub(crate) from: Option<Vec<String>>,
}

impl Case {
    /// Reads a text that begins with an entry.
    pub(crate) fn new(text: String) -> Option<Case> {
        let (document, _) = parse(FileId(0), &text);
        let entry = document.entries.entries.into_iter().next()?;
        Some(Case { key: entry.key.name, body: entry.value, text })
    }

    /// The first key at a dotted path, in file order; `*` is any name, `[]` any item.
    pub(crate) fn at(&self, path: &str) -> Option<Spot<'_>> {
        self.all(path).into_iter().next()
    }

    /// Every key at a dotted path.
    pub(crate) fn all(&self, path: &str) -> Vec<Spot<'_>> {
        let mut spots = vec![Spot { path: Vec::new(), key: 0..self.key.len(), above: 0, value: &self.body }];
        for step in path.split('.') {
            spots = spots.into_iter().flat_map(|spot| below(&spot, step)).collect();
        }
        spots
    }

    /// Whether the entry says this.
    pub(crate) fn says(&self, path: &str, text: &str) -> bool {
        self.at(path).is_some_and(|spot| spot.value.as_str() == Some(text))
    }

    /// Whether the entry has all its keys itself.
    pub(crate) fn is_whole(&self) -> bool {
        self.at("alias").is_none()
    }

    /// The text with a range replaced.
    pub(crate) fn replaced(&self, range: Range<usize>, by: &str) -> String {
        format!("{}{by}{}", &self.text[..range.start], &self.text[range.end..])
    }

    /// Replaces a range; the finding begins `offset` bytes after its start.
    #[allow(clippy::unnecessary_wraps, reason = "a step among others that may not apply")]
    pub(crate) fn put(&self, spot: &Spot<'_>, range: Range<usize>, by: &str, offset: usize) -> Option<Mutant> {
        Some(Mutant { at: range.start + offset, text: self.replaced(range, by), path: spot.path.clone(), from: None })
    }

    /// Renames a key.
    pub(crate) fn rename(&self, spot: &Spot<'_>, to: &str) -> Option<Mutant> {
        let path = spot.path.iter().rev().skip(1).rev().cloned().chain([to.to_owned()]).collect();
        Some(Mutant { path, ..self.put(spot, spot.key.clone(), to, 0)? })
    }

    /// Writes another value instead of a text, a number or a flag.
    pub(crate) fn set(&self, spot: &Spot<'_>, to: &str) -> Option<Mutant> {
        let scalar = !matches!(spot.value.value, Value::Mapping(_) | Value::Sequence(_));
        if scalar { self.put(spot, spot.value.span.range(), to, 0) } else { None }
    }

    /// Drops a key with its value; the finding is at the key of its map.
    pub(crate) fn without(&self, spot: &Spot<'_>) -> Option<Mutant> {
        let lines = self.lines(spot)?;
        // A map that is left empty is another mistake.
        let rest = self.text.get(lines.end..).unwrap_or_default();
        let depth = |line: &str| line.len() - line.trim_start().len();
        let here = spot.key.start - lines.start;
        let before = self.text[..lines.start].lines().last().unwrap_or_default();
        if depth(before) < here && rest.lines().next().is_none_or(|next| depth(next) < here) {
            return None;
        }
        Some(Mutant { text: self.replaced(lines, ""), at: spot.above, path: spot.path.clone(), from: None })
    }

    /// The lines of a key and its value, where they hold nothing else.
    fn lines(&self, spot: &Spot<'_>) -> Option<Range<usize>> {
        let start = self.text[..spot.key.start].rfind('\n').map_or(0, |at| at + 1);
        let value = spot.value.span.range();
        let end = value.end.max(spot.key.end);
        let end = self.text[end..].find('\n').map_or(self.text.len(), |at| end + at + 1);
        self.text[start..spot.key.start].trim().is_empty().then_some(start..end)
    }

    /// Adds a line before the first key of a map (the entry for an empty path).
    pub(crate) fn insert(&self, path: &str, line: &str) -> Option<Mutant> {
        let first = if path.is_empty() { self.at("*")? } else { self.at(&format!("{path}.*"))? };
        let lines = self.lines(&first)?;
        let indent = &self.text[lines.start..first.key.start];
        let name = line.split(':').next().unwrap_or_default().trim_matches(['\'', '"']);
        let above = first.path.iter().rev().skip(1).rev().cloned();
        Some(Mutant {
            text: self.replaced(lines.start..lines.start, &format!("{indent}{line}\n")),
            at: first.key.start,
            path: above.chain([name.to_owned()]).collect(),
            from: None,
        })
    }

    /// Moves a key with its value into another map (the entry for an empty path).
    pub(crate) fn moved(&self, spot: &Spot<'_>, into: &str) -> Option<Mutant> {
        let scalar = !matches!(spot.value.value, Value::Mapping(_) | Value::Sequence(_));
        let line = self.text[self.lines(spot)?].trim().to_owned();
        let added = self.insert(into, &line).filter(|_| scalar)?;
        let dropped = self.without(spot)?;
        let (removed, length) = (self.lines(spot)?, self.text.len() - dropped.text.len());
        // Both edits in one text; the later one first.
        let shift = added.text.len() - self.text.len();
        let line_start = added.text[..added.at].rfind('\n').map_or(0, |at| at + 1);
        let (text, at) = if line_start <= removed.start {
            let range = removed.start + shift..removed.end + shift;
            (format!("{}{}", &added.text[..range.start], &added.text[range.end..]), added.at)
        } else {
            (format!("{}{}", &added.text[..removed.start], &added.text[removed.end..]), added.at - length)
        };
        Some(Mutant { text, at, path: added.path, from: Some(spot.path.clone()) })
    }
}

/// The keys one step below.
fn below<'c>(spot: &Spot<'c>, step: &str) -> Vec<Spot<'c>> {
    let path = |name: &str| spot.path.iter().cloned().chain([name.to_owned()]).collect::<Vec<String>>();
    match &spot.value.value {
        Value::Mapping(mapping) => members(mapping, step)
            .map(|entry| Spot {
                path: path(&entry.key.name),
                key: entry.key.span.range(),
                above: spot.key.start,
                value: &entry.value,
            })
            .collect(),
        Value::Sequence(items) if step == "[]" => items
            .iter()
            .enumerate()
            .map(|(index, item)| Spot {
                path: path(&index.to_string()),
                key: item.span.range(),
                above: spot.key.start,
                value: item,
            })
            .collect(),
        _ => Vec::new(),
    }
}

fn members<'c>(mapping: &'c Mapping, step: &str) -> impl Iterator<Item = &'c keyway_compiler::syntax::Entry> {
    mapping.iter().filter(move |entry| step == "*" || entry.key.name == step)
}

impl Spot<'_> {
    /// The bytes of a part of its text, if every byte stands in the file.
    pub(crate) fn part(&self, range: Range<usize>) -> Option<Range<usize>> {
        Some(self.value.exact_span(range)?.range())
    }

    /// The bytes of the first `part` of its text.
    pub(crate) fn find(&self, part: &str) -> Option<Range<usize>> {
        let at = self.value.as_str()?.find(part)?;
        self.part(at..at + part.len())
    }

    /// The bytes of the first placeholder that begins so, `${` and `}` included.
    pub(crate) fn placeholder(&self, begins: &str) -> Option<Range<usize>> {
        let text = self.value.as_str()?;
        let at = text.find(begins)?;
        let end = at + text[at..].find('}')? + 1;
        self.part(at..end)
    }

    /// Its text.
    pub(crate) fn text(&self) -> &str {
        self.value.as_str().unwrap_or_default()
    }
}
