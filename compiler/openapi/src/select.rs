//! The operations that were asked for.

use crate::api::Operation;
use keyway_compiler::diagnostic::nearest;

/// A choice of operations; an operation is chosen by any of these.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Ids, or method and path (`GET /user`).
    pub only: Vec<String>,
    /// Tags.
    pub tags: Vec<String>,
    /// Beginnings of paths; a `*` at the end says so.
    pub paths: Vec<String>,
}

impl Selection {
    /// True if nothing was asked for.
    pub fn is_empty(&self) -> bool {
        self.only.is_empty() && self.tags.is_empty() && self.paths.is_empty()
    }
}

/// The numbers of the chosen operations, in the order of the document. The error is a sentence about the first thing
/// that chooses none.
pub fn select(operations: &[Operation<'_>], selection: &Selection) -> Result<Vec<usize>, String> {
    let mut chosen = vec![false; operations.len()];
    let mut choose = |is: &dyn Fn(&Operation<'_>) -> bool| {
        let mut any = false;
        for (place, _) in operations.iter().enumerate().filter(|(_, operation)| is(operation)) {
            (chosen[place], any) = (true, true);
        }
        any
    };
    for id in &selection.only {
        if !choose(&|operation| operation.id == *id || is_at(operation, id)) {
            return Err(unknown("operation", id, operations.iter().map(|operation| operation.id.as_str())));
        }
    }
    for tag in &selection.tags {
        if !choose(&|operation| operation.tags.iter().any(|own| own.eq_ignore_ascii_case(tag))) {
            return Err(unknown("tag", tag, operations.iter().flat_map(|operation| operation.tags.iter().copied())));
        }
    }
    for path in &selection.paths {
        let matches = |operation: &Operation<'_>| match path.strip_suffix('*') {
            Some(start) => operation.path.starts_with(start),
            None => operation.path == path,
        };
        if !choose(&matches) {
            return Err(unknown("path", path, operations.iter().map(|operation| operation.path)));
        }
    }
    Ok((0..operations.len()).filter(|place| chosen[*place]).collect())
}

/// True for `GET /user`, and `get /user`.
fn is_at(operation: &Operation<'_>, text: &str) -> bool {
    text.split_once(' ').is_some_and(|(verb, path)| verb.eq_ignore_ascii_case(operation.verb) && path == operation.path)
}

fn unknown<'n>(what: &str, word: &str, names: impl Iterator<Item = &'n str>) -> String {
    let next = nearest(word, names)
        .map_or_else(|| "`--list` shows those that there are".to_owned(), |near| format!("did you mean `{near}`?"));
    format!("the document has no {what} `{word}`; {next}")
}
