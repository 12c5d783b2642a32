//! The files of a document.

use super::moves::{Moves, WrittenAt};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

/// Steps from value to value of one import, at most. The largest known document, all of it listed, takes 270,000.
const MAX_STEPS: u64 = 20_000_000;

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
    /// Values that overlays brought into the first file, or moved in it.
    pub(super) moves: Moves,
    /// Steps that were taken so far.
    steps: AtomicU64,
}

impl Documents {
    /// The place in a text where a value of a file is written.
    pub fn origin(&self, file: &str, pointer: &str) -> WrittenAt {
        let is_first = self.files.first().is_some_and(|first| first.name == file);
        let moved = if is_first { self.moves.origin(pointer) } else { None };
        let (named, pointer) = moved.unwrap_or_else(|| (String::new(), pointer.to_owned()));
        (if named.is_empty() { file.to_owned() } else { named }, pointer)
    }

    /// The tree of the first file, and what was moved in it.
    pub(crate) fn first_mut(&mut self) -> Option<(&mut Value, &mut Moves)> {
        Some((&mut self.files.first_mut()?.root, &mut self.moves))
    }

    /// Counts steps; false once there were too many. References make a small text as large as its author likes, so
    /// what is read of it is counted, not what it has.
    pub(crate) fn spend(&self, steps: usize) -> bool {
        let steps = u64::try_from(steps).unwrap_or(u64::MAX).min(MAX_STEPS);
        self.steps.fetch_add(steps, Ordering::Relaxed) < MAX_STEPS
    }

    /// Counts anew.
    pub(crate) fn begin(&self) {
        self.steps.store(0, Ordering::Relaxed);
    }

    /// The steps since the beginning; an error where they were too many.
    pub(crate) fn finish(&self) -> Result<(), String> {
        if self.steps.load(Ordering::Relaxed) < MAX_STEPS {
            return Ok(());
        }
        let name = self.files.first().map_or("the document", |file| file.name.as_str());
        Err(format!("`{name}` refers to its own parts too often to be read whole: name fewer operations with `--only`"))
    }

    pub(super) fn add(&mut self, file: DocumentFile) {
        self.by_name.insert(file.name.clone(), self.files.len());
        self.files.push(file);
    }
}
