//! A template as one text: its own words, and one mark for each value.

use crate::template::ast::{Kind, Node};
use std::ops::Range;

/// The character that stands for a value, which is never empty. No URL holds this character, so none is taken for a
/// value.
pub const HOLE: char = '\0';

/// One alternative of a template, drawn.
pub(super) struct Drawn {
    pub(super) text: String,
    /// Where each node stands, here and in the text of the template.
    places: Vec<(Range<usize>, Range<usize>)>,
}

impl Drawn {
    /// `None` where the template's own words hold the mark.
    pub(super) fn of(nodes: &[Node]) -> Option<Drawn> {
        let mut drawn = Drawn { text: String::new(), places: Vec::with_capacity(nodes.len()) };
        for node in nodes {
            let start = drawn.text.len();
            match &node.kind {
                Kind::Text(text) if text.contains(HOLE) => return None,
                Kind::Text(text) => drawn.text.push_str(text),
                _ => drawn.text.push(HOLE),
            }
            drawn.places.push((start..drawn.text.len(), node.range.clone()));
        }
        Some(drawn)
    }

    /// The bytes of the template that were drawn as these.
    pub(super) fn source(&self, range: &Range<usize>) -> Range<usize> {
        let start = self.places.iter().find(|(here, _)| here.contains(&range.start)).or(self.places.last());
        let last = range.end.saturating_sub(1).max(range.start);
        let end = self.places.iter().find(|(here, _)| here.contains(&last)).or(self.places.last());
        let (Some((start_here, from)), Some((end_here, to))) = (start, end) else { return 0..0 };
        let verbatim = |here: &Range<usize>, there: &Range<usize>| here.len() == there.len();
        let begin = if verbatim(start_here, from) {
            (from.start + range.start.saturating_sub(start_here.start)).min(from.end)
        } else {
            from.start
        };
        let end = if verbatim(end_here, to) {
            (to.start + range.end.saturating_sub(end_here.start)).min(to.end)
        } else {
            to.end
        };
        begin..end.max(begin)
    }
}
