//! The modules of a crate as a graph of files: which file uses what another file declares.
//!
//! An edge from a file to another means that the first names an item which the second declares: in a `use`, in a path
//! in its code, or by a word that a glob brings in. These are no edges:
//!
//! - `mod child;`, which only says where the child's text is;
//! - what a module takes from a module that it is inside of: `super::LIMIT` in `a/one.rs`, declared in `a/mod.rs`. A
//!   folder is one thing, and its `mod.rs` holds the words that its files share. So a folder is in no circle with
//!   itself. It is in one with another folder if its `mod.rs` uses a file that leads there, and something there uses
//!   its `mod.rs`;
//! - `pub use child::Item;`, which only gives an item a shorter address, unless the file's own code uses the name. A
//!   path that leads through such an address is an edge to the file that declares the item;
//! - the name of a module alone: only what is taken from it counts;
//! - everything under `#[cfg(test)]`.
//!
//! The text is read as tokens, so macros count like any other code. Not seen: a method that is called on a value whose
//! type the file never names.

mod circles;
mod read;
mod resolve;

use std::collections::{BTreeMap, BTreeSet};

pub use circles::{Circle, circles};

/// Which file uses which other files of its crate, and one name that it takes from each.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Graph {
    /// The files that the root reaches through `mod`, tests apart; for each, what it uses.
    pub uses: BTreeMap<String, BTreeMap<String, String>>,
    /// The files that only tests reach.
    pub tests: BTreeSet<String>,
    /// `mod` declarations without a file, as the path of the file that should be there.
    pub missing: BTreeSet<String>,
}

/// The graph of a crate. `files` are the texts of its files by path, separated by `/`; `root` is the path of the root.
pub fn graph(root: &str, files: &BTreeMap<String, String>) -> Graph {
    let read = read::all(root, files);
    let uses = resolve::uses(&read.modules);
    Graph { uses, tests: read.tests, missing: read.missing }
}

#[cfg(test)]
mod tests;
