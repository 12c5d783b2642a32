//! Text to a document.
//!
//! Only a syntax error sends a text to `recover`; whatever else is refused is what the user sees.

use super::dialect::FOREIGN;
use super::node::{Node, Value};
use super::read::{entries, tree, tree_of};
use super::tree::{End, Tree};
use super::{Document, chunks, halves, recover};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::source::FileId;

/// Reads one file. A syntax error loses the entry it stands in, not its neighbours; anything else that is refused
/// ends the reading, and keeps the entries before it.
pub fn parse(file: FileId, text: &str) -> (Document, Diagnostics) {
    let tree = halves::tree(file, text).unwrap_or_else(|| tree(file, text, 0));
    match tree.end {
        End::NotYaml(error) => recover::entry_by_entry(file, text, *error),
        End::Complete | End::Refused => document(file, text, tree),
    }
}

/// Reads a text of a third party: any root, tags passed over, `<<` a key like others, of a key that is given
/// twice the first value. `None` for an empty text; the error is the finding that ended the reading.
pub fn parse_foreign(file: FileId, text: &str) -> Result<Option<Node>, Box<Diagnostic>> {
    let tree = tree_of(&FOREIGN, file, text);
    match tree.end {
        End::Complete => Ok(tree.root),
        End::NotYaml(error) => Err(error),
        End::Refused => tree.diagnostics.into_iter().next_back().map_or(Ok(tree.root), |last| Err(Box::new(last))),
    }
}

/// The root as entries by key. After a refusal the rest of the file counts as lost.
fn document(file: FileId, text: &str, tree: Tree) -> (Document, Diagnostics) {
    let mut diagnostics = tree.diagnostics;
    let other = tree.root.as_ref().filter(|root| !matches!(root.value, Value::Null | Value::Mapping(_))).cloned();
    let entries = entries(tree.root, &mut diagnostics);
    let lost = match tree.end {
        End::Complete => Vec::new(),
        End::Refused | End::NotYaml(_) => {
            let last = entries.iter().last().map(|entry| entry.key.span.range().start);
            chunks::lost(file, text, last)
        }
    };
    (Document { entries, lost, has_anchors: tree.has_anchors, other }, diagnostics)
}
