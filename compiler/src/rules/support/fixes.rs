//! Edits that rules offer, in the places they know.
//!
//! An edit of part of a text needs the text to stand in the file as it is: where it is escaped or folded there is none.
//! The rule decides whether exactly one correction is right.

use super::place::Located;
use crate::diagnostic::{Diagnostic, Edit, Fix};
use std::ops::Range;

/// Replaces bytes of a text.
pub(in crate::rules) fn replace(place: &Located<'_>, range: Range<usize>, to: &str, title: &str) -> Option<Fix> {
    all(title, [edit(place, range, to)])
}

/// Replaces a text as a whole; its quotes stay.
pub(in crate::rules) fn write(place: &Located<'_>, to: &str) -> Option<Fix> {
    let text = place.node.as_str()?;
    replace(place, 0..text.len(), to, &format!("write `{to}`"))
}

/// One edit of a fix of several.
pub(in crate::rules) fn edit(place: &Located<'_>, range: Range<usize>, to: &str) -> Option<Edit> {
    Some(Edit { span: place.node.exact_span(range)?, replacement: to.to_owned() })
}

/// A fix of some edits, if all of them can be made.
pub(in crate::rules) fn all(title: &str, edits: impl IntoIterator<Item = Option<Edit>>) -> Option<Fix> {
    let edits: Vec<Edit> = edits.into_iter().collect::<Option<_>>()?;
    (!edits.is_empty()).then(|| Fix { title: title.to_owned(), edits })
}

/// Offers to remove a key with its value.
pub(in crate::rules) fn removing(found: Diagnostic, place: &Located<'_>) -> Diagnostic {
    match place.key {
        Some(key) => found.removing(key, place.node.span),
        None => found,
    }
}

/// Offers to add a line at the end of a map.
pub(in crate::rules) fn adding(found: Diagnostic, map: &Located<'_>, line: &str) -> Diagnostic {
    match map.node.as_mapping().and_then(|keys| keys.iter().last()) {
        Some(last) => found.adding(line, last.key.span, last.value.span),
        None => found,
    }
}
