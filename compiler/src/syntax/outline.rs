//! Which texts read the same entry by entry as whole, and what an edit of one changes.
//!
//! In a map whose keys begin their lines, with no anchor, document marker or key of its own kind in it, nothing of an
//! entry reaches into the next: what is open at the end of one is an error there. So after an edit only the entries
//! that it touches are read. Where one of them is not YAML, the text as a whole must be none either, or the whole
//! would be read otherwise: that is tried.

use super::chunks::{chunks, lost_chunk};
use super::node::{Entry, Value};
use super::read::tree;
use super::rules::YAML_SYNTAX;
use super::tree::{End, Tree};
use super::{Document, Lost};
use crate::diagnostic::Diagnostics;
use crate::source::FileId;
use std::ops::Range;

/// Where the entries of a text begin that reads the same entry by entry; comments before the first are a part of their
/// own.
#[derive(Clone, Debug)]
pub struct Outline {
    starts: Vec<usize>,
}

/// The changes of an edit.
#[derive(Debug)]
pub struct Reread {
    /// The outline of the text after it.
    pub outline: Outline,
    /// The bytes before it that were read again.
    pub old: Range<usize>,
    /// By how many bytes what stands after them has moved.
    pub moved: i64,
    /// The entries that stand there now.
    pub entries: Vec<Entry>,
    /// The entries that could not be read.
    pub lost: Vec<Lost>,
    /// Why.
    pub found: Diagnostics,
}

impl Outline {
    /// The outline of a text that was read; `None` where it may read otherwise entry by entry.
    pub fn of(text: &str, document: &Document, found: &Diagnostics) -> Option<Outline> {
        let is_syntax = found.iter().all(|found| found.rule.code == YAML_SYNTAX.code);
        if document.has_anchors || !is_syntax || found.len() != document.lost.len() {
            return None;
        }
        let mut starts = Vec::with_capacity(document.entries.entries.len() + document.lost.len() + 1);
        let (mut read, mut lost) = (document.entries.iter().peekable(), document.lost.iter().peekable());
        for (start, chunk) in chunks(text) {
            let is_read = read.next_if(|entry| entry.key.span.range().start == start).is_some();
            let mut is_lost = || lost.next_if(|lost| lost.span.range().start == start && lost.key.is_some()).is_some();
            let is_entry = begins_plainly(chunk) && (is_read || is_lost());
            if !(is_entry || start == 0 && is_blank(chunk)) {
                return None;
            }
            starts.push(start);
        }
        (read.next().is_none() && lost.next().is_none()).then_some(Outline { starts })
    }

    /// Reads what changed between two texts of which the first has this outline. `is_broken` is the place of the first
    /// entry that could not be read. `None` where the second is better read as a whole.
    pub fn reread(&self, file: FileId, old: &str, new: &str, first_lost: Option<usize>) -> Option<Reread> {
        let before = common_prefix(old.as_bytes(), new.as_bytes());
        let limit = old.len().min(new.len()) - before;
        let behind = common_suffix(old.as_bytes(), new.as_bytes(), limit);
        // From the entry before the edit to the first one whose line begins after it.
        let first = self.starts.partition_point(|start| *start < before).saturating_sub(1);
        let next = self.starts.partition_point(|start| *start <= old.len() - behind);
        let start = self.starts.get(first).copied().unwrap_or(0);
        let old_end = self.starts.get(next).copied().unwrap_or(old.len());
        let new_end = new.len() - (old.len() - old_end);
        let moved = i64::try_from(new.len()).ok()? - i64::try_from(old.len()).ok()?;

        let mut reread = Reread {
            outline: Outline { starts: self.starts.get(..first)?.to_vec() },
            old: start..old_end,
            moved,
            entries: Vec::new(),
            lost: Vec::new(),
            found: Diagnostics::default(),
        };
        for (offset, chunk) in chunks(new.get(start..new_end)?) {
            reread.outline.starts.push(start + offset);
            reread.chunk(file, start + offset, chunk)?;
        }
        let rest = self.starts.get(next..)?.iter().map(|start| start.checked_add_signed(isize::try_from(moved).ok()?));
        reread.outline.starts.extend(rest.collect::<Option<Vec<usize>>>()?);

        let moved_lost = first_lost.filter(|lost| !reread.old.contains(lost));
        let shift = isize::try_from(moved).ok()?;
        let moved_lost = moved_lost.map(|lost| if lost < start { lost } else { lost.saturating_add_signed(shift) });
        let first_lost = reread.lost.iter().map(|lost| lost.span.range().start).chain(moved_lost).min();
        let is_told = first_lost.is_none_or(|lost| new.get(lost..).is_some_and(|rest| is_no_yaml(file, rest, lost)));
        is_told.then_some(reread)
    }
}

impl Reread {
    fn chunk(&mut self, file: FileId, start: usize, chunk: &str) -> Option<()> {
        if start == 0 && is_blank(chunk) {
            return Some(());
        }
        let Tree { root, diagnostics, end, has_anchors } = tree(file, chunk, start);
        if !begins_plainly(chunk) || !diagnostics.is_empty() || has_anchors {
            return None;
        }
        match (end, root.map(|root| root.value)) {
            (End::NotYaml(error), _) => {
                let lost = lost_chunk(file, start, chunk);
                self.found.push(error.at(&[lost.key.clone()?]));
                self.lost.push(lost);
            }
            (End::Complete, Some(Value::Mapping(root))) => {
                let [entry] = <[Entry; 1]>::try_from(root.entries).ok()?;
                if entry.key.span.range().start != start {
                    return None;
                }
                self.entries.push(entry);
            }
            _ => return None,
        }
        Some(())
    }
}

/// True if a text is not YAML, and nothing else is wrong with it before that.
fn is_no_yaml(file: FileId, text: &str, base: usize) -> bool {
    matches!(tree(file, text, base), Tree { end: End::NotYaml(_), has_anchors: false, .. })
}

/// True if a text begins with a plain word: no quote, bracket, mark of an entry of a list, of a document or a
/// directive.
pub(super) fn begins_plainly(chunk: &str) -> bool {
    chunk.starts_with(|first: char| first.is_ascii_alphanumeric() || first == '_')
}

/// True if there are only comments.
fn is_blank(chunk: &str) -> bool {
    chunk.lines().all(|line| line.trim_start_matches(' ').is_empty() || line.starts_with('#'))
}

/// The number of bytes that two texts have in common from their start.
fn common_prefix(one: &[u8], other: &[u8]) -> usize {
    let blocks = one.chunks_exact(BLOCK).zip(other.chunks_exact(BLOCK)).take_while(|(one, other)| one == other);
    let same = blocks.count() * BLOCK;
    let rest = one.get(same..).unwrap_or_default().iter().zip(other.get(same..).unwrap_or_default());
    same + rest.take_while(|(one, other)| one == other).count()
}

/// The number of bytes, at most `limit`, that two texts have in common from their end.
fn common_suffix(one: &[u8], other: &[u8], limit: usize) -> usize {
    let blocks = one.rchunks_exact(BLOCK).zip(other.rchunks_exact(BLOCK)).take_while(|(one, other)| one == other);
    let same = (blocks.count() * BLOCK).min(limit);
    let ends = |text: &[u8]| text.len() - same;
    let rest = one.iter().take(ends(one)).rev().zip(other.iter().take(ends(other)).rev());
    same + rest.take(limit - same).take_while(|(one, other)| one == other).count()
}

/// The number of bytes that are compared at once.
const BLOCK: usize = 4096;
