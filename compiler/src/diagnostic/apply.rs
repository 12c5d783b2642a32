//! Making the edits of fixes.
//!
//! Edits replace bytes of the text as it is, so comments, quoting, layout and line endings survive. A fix is made as a
//! whole or not at all. Whether a fix does harm is checked in [`crate::fix`].

use super::{Edit, Fix};
use crate::source::{FileId, Sources};
use std::collections::BTreeMap;

/// The outcome of applying fixes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The new texts of the files that change, without a byte-order mark.
    pub texts: BTreeMap<FileId, String>,
    /// For each fix, in order, whether it was made.
    pub made: Vec<bool>,
}

/// Makes fixes. One that touches an edit of a fix before it, or that lies outside of its file, is left out.
pub fn apply<'f>(sources: &Sources, fixes: impl IntoIterator<Item = &'f Fix>) -> Applied {
    let mut taken = Taken::default();
    let made: Vec<bool> = fixes.into_iter().map(|fix| taken.take(fix, sources)).collect();
    let mut texts = BTreeMap::new();
    for (file, edits) in &taken.edits {
        let text = sources.get(*file).map_or("", |file| file.text.as_str());
        texts.insert(*file, edited(text, edits));
    }
    Applied { texts, made }
}

/// The edits that will be made: by file, by the byte they begin at.
#[derive(Default)]
struct Taken<'f> {
    edits: BTreeMap<FileId, BTreeMap<usize, &'f Edit>>,
}

impl<'f> Taken<'f> {
    fn take(&mut self, fix: &'f Fix, sources: &Sources) -> bool {
        for (index, edit) in fix.edits.iter().enumerate() {
            let text = sources.get(edit.span.file).map_or("", |file| file.text.as_str());
            if text.get(edit.span.range()).is_none() || !self.is_free(edit) {
                for edit in fix.edits.iter().take(index) {
                    self.edits.entry(edit.span.file).or_default().remove(&edit.span.range().start);
                }
                return false;
            }
            self.edits.entry(edit.span.file).or_default().insert(edit.span.range().start, edit);
        }
        !fix.edits.is_empty()
    }

    /// True if no edit begins where this one does, and none overlaps with it.
    fn is_free(&self, edit: &Edit) -> bool {
        let Some(edits) = self.edits.get(&edit.span.file) else { return true };
        let range = edit.span.range();
        let before = edits.range(..=range.start).next_back();
        let behind = edits.range(range.start..).next();
        before.is_none_or(|(start, other)| *start < range.start && other.span.range().end <= range.start)
            && behind.is_none_or(|(start, _)| *start >= range.end && *start > range.start)
    }
}

fn edited(text: &str, edits: &BTreeMap<usize, &Edit>) -> String {
    let mut new = String::with_capacity(text.len());
    let mut at = 0;
    for (start, edit) in edits {
        new.push_str(text.get(at..*start).unwrap_or_default());
        new.push_str(&edit.replacement);
        at = edit.span.range().end;
    }
    new.push_str(text.get(at..).unwrap_or_default());
    new
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Span;

    #[test]
    fn a_fix_is_made_as_a_whole_or_not_at_all() {
        type Edits<'a> = &'a [(usize, usize, &'a str)];
        let cases: &[(&[Edits<'_>], &str, &[bool])] = &[
            (&[&[(0, 1, "A")], &[(2, 3, "C")]], "AbC\u{fc}", &[true, true]),
            (&[&[(0, 1, ""), (2, 2, "x")]], "bxc\u{fc}", &[true]),
            (&[&[(0, 2, "x")], &[(1, 3, "y")]], "xc\u{fc}", &[true, false]),
            (&[&[(1, 3, "y")], &[(0, 1, "A"), (2, 3, "z")]], "ay\u{fc}", &[true, false]),
            (&[&[(1, 1, "x")], &[(1, 1, "y")]], "axbc\u{fc}", &[true, false]),
            (&[&[(0, 1, "x")], &[(1, 1, "y")]], "xybc\u{fc}", &[true, true]),
            (&[&[(4, 5, "cuts a character")], &[(9, 9, "outside")], &[]], "abc\u{fc}", &[false, false, false]),
        ];
        let mut sources = Sources::default();
        let file = sources.add("t", "abc\u{fc}");
        for (fixes, expected, made) in cases {
            let edit = |(start, end, text): &(usize, usize, &str)| Edit {
                span: Span::new(file, *start, *end),
                replacement: (*text).to_owned(),
            };
            let fixes: Vec<Fix> = fixes
                .iter()
                .map(|edits| Fix { title: String::new(), edits: edits.iter().map(edit).collect() })
                .collect();
            let applied = apply(&sources, &fixes);
            assert_eq!(applied.texts.get(&file).map_or("abc\u{fc}", String::as_str), *expected, "{fixes:?}");
            assert_eq!(applied.made, *made, "{fixes:?}");
        }
    }
}
