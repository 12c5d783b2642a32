//! Whether what was said about an entry still holds, and where.
//!
//! It does when the entry reads as before: the same keys and values, each part of it (the entry's own text, each
//! inherited key) moved as a whole. The findings move along. A finding that points elsewhere does not move, and its
//! entry is analysed anew.

use super::known::Verdict;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::resolve::Resolved;
use crate::source::Span;
use crate::syntax::{Entry, Mapping, Node, Text, Value};

/// A verdict of `old`, moved to where `new` stands; `None` if it may be another.
pub(super) fn still_holds(old: &Resolved, new: &Resolved, verdict: Verdict) -> Option<Verdict> {
    let parts = parts(old, new)?;
    if parts.iter().all(|part| part.by == 0) {
        return Some(verdict);
    }
    let moved = |found: Diagnostics| -> Option<Diagnostics> {
        found.into_iter().map(|finding| moved(finding, &parts)).collect::<Option<Vec<_>>>().map(Diagnostics::from_iter)
    };
    Some(Verdict { shape: moved(verdict.shape)?, rules: moved(verdict.rules)?, ..verdict })
}

/// A stretch of text and by how many bytes it has moved.
struct Part {
    was: Span,
    by: i64,
}

/// The parts of an entry that reads as before.
fn parts(old: &Resolved, new: &Resolved) -> Option<Vec<Part>> {
    let by = distance(old.span, new.span)?;
    let alias = match (&old.alias, &new.alias) {
        (None, None) => true,
        (Some(old), Some(new)) => {
            old.target == new.target
                && old.misspelt.as_ref().map(|key| &key.name) == new.misspelt.as_ref().map(|key| &key.name)
                && distance(old.span, new.span) == Some(by)
        }
        _ => false,
    };
    let is_same = alias
        && old.key.name == new.key.name
        && distance(old.key.span, new.key.span) == Some(by)
        && old.laid_over.is_empty()
        && new.laid_over.is_empty()
        && old.body.entries.len() == new.body.entries.len();
    if !is_same {
        return None;
    }
    let mut parts = vec![Part { was: old.span, by }];
    for (before, now) in old.body.iter().zip(&new.body) {
        let part = distance(before.key.span, now.key.span)?;
        let inherited = old.inherits(before.key.span);
        if inherited != new.inherits(now.key.span) || !inherited && part != by || !same_entry(before, now, part) {
            return None;
        }
        if inherited {
            parts.push(Part { was: before.key.span.to(before.value.span), by: part });
        }
    }
    Some(parts)
}

/// By how much a span has moved; `None` if it is another one.
fn distance(old: Span, new: Span) -> Option<i64> {
    let same = old.file == new.file && old.end - old.start == new.end - new.start;
    same.then(|| i64::from(new.start) - i64::from(old.start))
}

fn same_entry(old: &Entry, new: &Entry, by: i64) -> bool {
    old.key.name == new.key.name && distance(old.key.span, new.key.span) == Some(by) && same(&old.value, &new.value, by)
}

/// True if two trees are one, moved. The parser bounds their depth.
fn same(old: &Node, new: &Node, by: i64) -> bool {
    let value = match (&old.value, &new.value) {
        (Value::Text(old), Value::Text(new)) => same_text(old, new, by),
        (Value::Float(old), Value::Float(new)) => old.to_bits() == new.to_bits(),
        (Value::Sequence(old), Value::Sequence(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| same(old, new, by))
        }
        (Value::Mapping(old), Value::Mapping(new)) => same_map(old, new, by),
        (old, new) => old == new,
    };
    value && distance(old.span, new.span) == Some(by)
}

fn same_map(old: &Mapping, new: &Mapping, by: i64) -> bool {
    old.entries.len() == new.entries.len() && old.iter().zip(new).all(|(old, new)| same_entry(old, new, by))
}

fn same_text(old: &Text, new: &Text, by: i64) -> bool {
    let start = |text: &Text| text.verbatim.map(i64::from);
    old.text == new.text && start(old).map(|start| start + by) == start(new)
}

/// A finding with all its places moved.
fn moved(mut finding: Diagnostic, parts: &[Part]) -> Option<Diagnostic> {
    for span in finding.spans() {
        let part = parts.iter().find(|part| part.was.contains(*span))?;
        span.start = u32::try_from(i64::from(span.start) + part.by).ok()?;
        span.end = u32::try_from(i64::from(span.end) + part.by).ok()?;
    }
    Some(finding)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::resolve;
    use crate::source::FileId;
    use crate::syntax::parse;

    fn last(text: &str) -> Resolved {
        resolve(parse(FileId(0), text).0).0.pop().unwrap()
    }

    #[test]
    fn an_entry_reads_as_before_only_if_all_of_it_does() {
        let before = "a: {x: 1, y: [p, 'q']}\nb: {alias: a, z: {s: t}}";
        for (after, moves) in [
            (before.to_owned(), Some(vec![0, 0, 0])),
            (format!("# c\n{before}"), Some(vec![4, 4, 4])),
            (before.replace('\n', "\n\n"), Some(vec![1, 0, 0])),
            (before.replace("\nb", "\nc: {}\nb"), Some(vec![6, 0, 0])),
            (before.replace("x: 1", "x: 2"), None),
            (before.replace("x: 1", "x:  1"), None),
            (before.replace("'q'", "\"q\""), Some(vec![0, 0, 0])),
            (before.replace("'q'", "'r'"), None),
            (before.replace("s: t", "s: u"), None),
            (before.replace("s: t", "u: t"), None),
            (before.replace("z:", "y:"), None),
            (before.replace(", z: {s: t}", ""), None),
            (before.replace("alias: a, ", ""), None),
        ] {
            let found = parts(&last(before), &last(&after));
            let found = found.map(|parts| parts.iter().map(|part| part.by).collect::<Vec<_>>());
            assert_eq!(found, moves, "{after}");
        }
    }
}
