//! Reading a large file in two halves, side by side.
//!
//! Where keys stand at the left margin, an entry ends where the next key begins, so the two halves of a file read as
//! the whole does if each is complete by itself. Whatever could reach from one into the other (anchors, document
//! markers, a key that is in both, anything that was found) is left to the reading of the whole.

use super::node::{Mapping, Node, Value};
use super::outline::begins_plainly;
use super::read::tree as tree_of;
use super::tree::{End, Tree};
use crate::diagnostic::Diagnostics;
use crate::parallel;
use crate::source::FileId;
use std::collections::HashSet;

/// A smaller file is read before a second thread has begun.
const MIN_LENGTH: usize = 128 * 1024;

/// The tree of a text, read in halves; `None` where it has to be read as a whole.
pub(super) fn tree(file: FileId, text: &str) -> Option<Tree> {
    if text.len() < MIN_LENGTH || ["---", "..."].iter().any(|marker| has_line(text, marker)) {
        return None;
    }
    let around = (text.len() / 2..text.len()).find(|at| text.is_char_boundary(*at))?;
    let mut lines = text.get(around..)?.match_indices('\n').map(|(at, _)| around + at + 1);
    let middle = lines.find(|at| text.get(*at..).is_some_and(begins_plainly))?;
    let halves = [(0, text.get(..middle)?), (middle, text.get(middle..)?)];
    let mut read = parallel::map_heavy(&halves, |(base, half)| tree_of(file, half, *base)).into_iter();
    let (first, second) = (root(read.next()?)?, root(read.next()?)?);
    let (mut entries, more) = (mapping(first.value)?, mapping(second.value)?);
    let is_at_margin = |at: usize| at == 0 || text.get(..at).is_some_and(|before| before.ends_with('\n'));
    if !entries.iter().next().is_some_and(|entry| is_at_margin(entry.key.span.range().start)) {
        return None;
    }
    let names: HashSet<&str> = entries.iter().map(|entry| entry.key.name.as_str()).collect();
    if more.iter().any(|entry| names.contains(entry.key.name.as_str())) {
        return None;
    }
    entries.entries.extend(more.entries);
    let root = Node { value: Value::Mapping(entries), span: first.span.to(second.span) };
    Some(Tree { root: Some(root), diagnostics: Diagnostics::default(), end: End::Complete, has_anchors: false })
}

/// True if a line of a text begins with a marker.
fn has_line(text: &str, marker: &str) -> bool {
    text.starts_with(marker)
        || text.match_indices(marker).any(|(at, _)| text.as_bytes().get(at.wrapping_sub(1)) == Some(&b'\n'))
}

/// The root of a half that is complete by itself, and of which nothing is to be said.
fn root(half: Tree) -> Option<Node> {
    match half {
        Tree { root, diagnostics, end: End::Complete, has_anchors: false } if diagnostics.is_empty() => root,
        _ => None,
    }
}

fn mapping(value: Value) -> Option<Mapping> {
    match value {
        Value::Mapping(mapping) => Some(mapping),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Sources;

    fn both(text: &str) -> (Option<Tree>, Tree) {
        let file = Sources::default().add("t.yaml", text);
        (tree(file, text), tree_of(file, text, 0))
    }

    /// Entries enough for two halves, with something in the middle.
    fn large(middle: &str) -> String {
        let entry = |index: usize| {
            format!("e{index}:\n  docs: 'https://a.example/{index}' # a comment\n  text: |\n    one\n\n    two\n\n")
        };
        let side = |from: usize| (from..from + 1500).map(entry).collect::<String>();
        side(0) + middle + &side(2000)
    }

    #[test]
    fn two_halves_are_the_whole() {
        let (halves, whole) = both(&large("m: {a: 1}\n"));
        assert_eq!(halves.unwrap().root, whole.root);
        let windows = large("m: {a: 1}\n").replace('\n', "\r\n");
        let (halves, whole) = both(&windows);
        assert!(halves.is_none_or(|halves| halves.root == whole.root));
    }

    #[test]
    fn what_reaches_over_the_middle_is_read_as_a_whole() {
        for text in [
            large("m: &a {a: 1}\nn: *a\n"),
            large("---\n"),
            large("m: \"\n") + "n: \"\n",
            large("") + "e1: again\n",
            large("").replace("\ne", "\n e").replacen("e0", " e0", 1),
            "{".to_owned() + &large(""),
            "small: 1\n".to_owned(),
        ] {
            assert!(both(&text).0.is_none(), "{}", text.get(..20).unwrap());
        }
    }
}
