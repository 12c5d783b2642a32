//! The lines of `examples.yaml` that show a key.
//!
//! That file is a catalogue of invented APIs; a test holds that it compiles and uses every key that is read.

use super::keys::{all_keys, last};
use crate::model::KeyDoc;
use crate::source::{FileId, LineIndex};
use crate::syntax::{Document, Mapping, Node, parse};
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// The catalogue that examples are cut from.
pub const EXAMPLES: &str = include_str!("examples.yaml");

/// The most lines of an example; a longer one ends with `# ...`.
const MAX_LINES: usize = 16;

struct Catalogue {
    document: Document,
    lines: LineIndex,
}

static CATALOGUE: LazyLock<Catalogue> =
    LazyLock::new(|| Catalogue { document: parse(FileId(0), EXAMPLES).0, lines: LineIndex::new(EXAMPLES) });

/// An entry cut down to one key and the keys above it. A key that stands in several places, as those of a token request
/// do, may be shown in another of them. Nothing for a key that nothing reads.
pub fn example(doc: &KeyDoc) -> Option<String> {
    let twin = |other: &&KeyDoc| last(other) == last(doc) && other.doc == doc.doc && other.type_name == doc.type_name;
    shown(doc).or_else(|| all_keys().iter().filter(twin).find_map(shown)).filter(|_| !doc.dead)
}

fn shown(doc: &KeyDoc) -> Option<String> {
    let steps: Vec<Step<'_>> = steps(&doc.path);
    let entries = CATALOGUE.document.entries.iter().filter(|entry| reads(doc, &entry.value));
    entries.into_iter().find_map(|entry| {
        let mut lines = BTreeSet::from([line(entry.key.span.range().start)]);
        walk(&entry.value, &steps, &mut lines).then(|| cut(&lines))
    })
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Name(&'a str),
    Any,
    Item,
}

fn steps(path: &str) -> Vec<Step<'_>> {
    let parts = path.split('.').flat_map(|part| {
        let name = part.trim_end_matches("[]");
        let first = if name == "*" { Step::Any } else { Step::Name(name) };
        std::iter::once(first).chain((0..part.matches("[]").count()).map(|_| Step::Item))
    });
    parts.collect()
}

/// True if the entry's mode is one that reads the key.
fn reads(doc: &KeyDoc, entry: &Node) -> bool {
    let mode = entry.as_mapping().and_then(|body| body.get("auth_mode")?.value.as_str());
    doc.modes.is_empty() || mode.is_some_and(|mode| doc.modes.contains(&mode))
}

/// Adds the lines that lead to the value at `steps`, and its own. `false`, and no line, where there is none. The depth
/// is that of a path of the format.
fn walk(node: &Node, steps: &[Step<'_>], lines: &mut BTreeSet<usize>) -> bool {
    let Some((step, rest)) = steps.split_first() else {
        let range = node.span.range();
        lines.extend(line(range.start)..=line(range.end.saturating_sub(1)));
        return true;
    };
    let mut below: Vec<(usize, &Node)> = match step {
        Step::Name(name) => node
            .as_mapping()
            .and_then(|map| map.get(name))
            .map(|entry| (entry.key.span.range().start, &entry.value))
            .into_iter()
            .collect(),
        Step::Any => members(node.as_mapping()),
        Step::Item => {
            let items = node.as_sequence().unwrap_or_default();
            items.iter().map(|item| (item.span.range().start, item)).collect()
        }
    };
    let found = below.drain(..).find(|(_, value)| walk(value, rest, lines));
    lines.extend(found.map(|(start, _)| line(start)));
    found.is_some()
}

fn members(map: Option<&Mapping>) -> Vec<(usize, &Node)> {
    map.into_iter().flatten().map(|entry| (entry.key.span.range().start, &entry.value)).collect()
}

/// The line of a byte, from 0.
fn line(offset: usize) -> usize {
    CATALOGUE.lines.line(offset)
}

fn cut(lines: &BTreeSet<usize>) -> String {
    let all: Vec<&str> = EXAMPLES.lines().collect();
    let mut shown: Vec<&str> = lines.iter().filter_map(|line| all.get(*line).copied()).collect();
    if shown.len() > MAX_LINES {
        shown.truncate(MAX_LINES);
        shown.push("    # ...");
    }
    shown.iter().fold(String::new(), |text, line| text + line + "\n")
}
