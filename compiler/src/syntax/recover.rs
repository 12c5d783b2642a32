//! Reading around a syntax error: every top-level entry on its own.
//!
//! The chunk (`chunks`) with the error is lost and reported; the others are read.

use super::Document;
use super::chunks::{chunks, key, lost_chunk};
use super::node::{Mapping, Node};
use super::read::{entries, tree};
use super::rules::duplicate;
use super::tree::End;
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::source::{FileId, Span};
use std::collections::BTreeMap;

/// Reads each chunk of a text that has a syntax error as a whole.
pub(super) fn entry_by_entry(file: FileId, text: &str, error: Diagnostic) -> (Document, Diagnostics) {
    let mut document = Document::default();
    let mut diagnostics = Diagnostics::default();
    let mut seen = BTreeMap::new();
    for (start, chunk) in chunks(text) {
        let tree = tree(file, chunk, start);
        diagnostics.extend(tree.diagnostics);
        document.has_anchors |= tree.has_anchors;
        match tree.end {
            End::Complete => merge(&mut document.entries, tree.root, &mut seen, &mut diagnostics),
            End::Refused => document.lost.push(lost_chunk(file, start, chunk)),
            End::NotYaml(error) => {
                document.lost.push(lost_chunk(file, start, chunk));
                diagnostics.push(error.at(&key(chunk).map(str::to_owned).into_iter().collect::<Vec<_>>()));
            }
        }
    }
    // Chunks that are fine one by one although the whole is not: say at least what the whole says.
    if diagnostics.count(Severity::Error) == 0 {
        diagnostics.push(error);
    }
    (document, diagnostics)
}

/// Adds the entries of one chunk to those of earlier ones.
fn merge(into: &mut Mapping, root: Option<Node>, seen: &mut BTreeMap<String, Span>, diagnostics: &mut Diagnostics) {
    for entry in entries(root, diagnostics).entries {
        if let Some(first) = seen.get(&entry.key.name) {
            diagnostics.push(duplicate(*first, &entry.key, std::slice::from_ref(&entry.key.name)));
        } else {
            seen.insert(entry.key.name.clone(), entry.key.span);
            into.entries.push(entry);
        }
    }
}
