//! The files of a document.

use serde_json::Value;
use std::collections::BTreeMap;

/// A file of a document.
#[derive(Debug)]
pub struct DocumentFile {
    /// Its path relative to the folder of the first one, with `/`.
    pub name: String,
    /// The text, as it was read.
    pub text: String,
    /// The tree.
    pub root: Value,
}

/// A document: its files, the first one first.
#[derive(Debug, Default)]
pub struct Documents {
    /// The files.
    pub files: Vec<DocumentFile>,
    /// The files by name.
    pub(super) by_name: BTreeMap<String, usize>,
    /// Files that are referred to and could not be read, with the reason.
    pub missing: BTreeMap<String, String>,
}

impl Documents {
    pub(super) fn add(&mut self, file: DocumentFile) {
        self.by_name.insert(file.name.clone(), self.files.len());
        self.files.push(file);
    }
}
