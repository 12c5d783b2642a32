//! Generated files and the disk: write what changed, remove what is stale, or say what would change.
//!
//! Only files that carry the marker of [`emit`](crate::emit) are ever overwritten or removed, and no link is: keyway
//! makes none. What the end of a line is made of is not a difference, because a checkout may have changed it. The
//! caller decides what to print; nothing is printed here.

mod diff;
mod found;
mod replace;

use crate::emit::File;
use crate::parallel;
use found::Found;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Error, ErrorKind};
use std::path::{Path, PathBuf};

pub use replace::replace;

/// How a folder differs from what it should hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Files to write: those that are missing, and those with another text.
    pub write: Vec<FileChange>,
    /// Generated files that nothing generates any more.
    pub remove: Vec<PathBuf>,
    /// How many files are as they should be.
    pub unchanged: usize,
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileChange {
    /// Where.
    pub path: PathBuf,
    /// What is there now; `None` where there is no file.
    pub before: Option<String>,
    /// What should be there.
    pub after: String,
}

impl Plan {
    /// Whether the folder is as it should be.
    pub fn is_empty(&self) -> bool {
        self.write.is_empty() && self.remove.is_empty()
    }

    /// What would change, for people: the first differing lines of each file.
    pub fn diff(&self) -> String {
        let mut text = String::new();
        for change in &self.write {
            diff::append(&mut text, &change.path, change.before.as_deref().unwrap_or(""), &change.after);
        }
        for path in &self.remove {
            diff::append_removed(&mut text, path);
        }
        text
    }

    /// Makes the folder as it should be. A file is replaced as a whole: a reader never sees half of it. The file that
    /// names the others comes first in a plan and is written last, where all others could be. Several may do this to
    /// one folder at once.
    pub fn apply(&self) -> io::Result<()> {
        if let Some((first, others)) = self.write.split_first() {
            let written = parallel::map(others, |change| replace(&change.path, &change.after));
            written.into_iter().collect::<io::Result<()>>()?;
            replace(&first.path, &first.after)?;
        }
        self.remove.iter().try_for_each(|path| match fs::remove_file(path) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(replace::at(path, &error)),
            _ => Ok(()),
        })
    }
}

/// Compares a folder with the files it should hold. Other generated files in it are stale; files that were not
/// generated are left alone, and one in the place of a generated file is an error. A generated file that was cut
/// short is written anew.
pub fn plan(folder: &Path, files: &[File]) -> io::Result<Plan> {
    let mut plan = Plan::default();
    for file in files {
        let path = folder.join(&file.name);
        let before = match found::at(&path).map_err(|error| replace::at(&path, &error))? {
            Found::Nothing => None,
            Found::Generated(before) | Found::Link(Some(before)) if is_same(&before, &file.text) => {
                plan.unchanged += 1;
                continue;
            }
            Found::Generated(before) | Found::Beginning(before) => Some(before),
            Found::Link(_) => return Err(in_the_way(&path, "is a link, and keyway makes none")),
            Found::Other => return Err(in_the_way(&path, "was not generated")),
        };
        plan.write.push(FileChange { path, before, after: file.text.clone() });
    }
    plan.remove = stale(folder, files)?;
    Ok(plan)
}

/// The generated files of a folder, by name, with `\n` at the end of each line.
pub fn generated(folder: &Path) -> io::Result<Vec<File>> {
    let mut generated = Vec::new();
    for path in candidates(folder)? {
        if let Found::Generated(text) = found::at(&path).unwrap_or(Found::Other) {
            generated.push(File { name: name(&path).to_owned(), text: text.replace("\r\n", "\n") });
        }
    }
    Ok(generated)
}

/// Whether two texts differ in nothing but what ends their lines.
fn is_same(before: &str, after: &str) -> bool {
    before == after || before.replace("\r\n", "\n") == after
}

fn in_the_way(path: &Path, why: &str) -> Error {
    let message = format!("`{}` {why}; move it away or choose another folder", path.display());
    Error::new(ErrorKind::AlreadyExists, message)
}

/// What cannot be read is not known to be generated, and stays.
fn stale(folder: &Path, files: &[File]) -> io::Result<Vec<PathBuf>> {
    let ours: BTreeSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let is_stale = |path: &PathBuf| {
        !ours.contains(name(path)) && matches!(found::at(path).unwrap_or(Found::Other), Found::Generated(_))
    };
    Ok(candidates(folder)?.into_iter().filter(is_stale).collect())
}

/// What may be generated in a folder, in order.
fn candidates(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    let mut candidates = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "rs" || extension == "md") {
            candidates.push(path);
        }
    }
    candidates.sort();
    Ok(candidates)
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests;
