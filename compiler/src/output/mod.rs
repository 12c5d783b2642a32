//! Generated files and the disk: write what changed, remove what is stale, or say what would change.
//!
//! Only files that carry the marker of [`emit`](crate::emit) are ever overwritten or removed. Whoever calls decides
//! what to print; nothing is printed here.

mod diff;

use crate::emit::{File, MARKER};
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Error, ErrorKind};
use std::path::{Path, PathBuf};

/// How a folder differs from what it should hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Files to write: those that are missing, and those with another text.
    pub write: Vec<Change>,
    /// Generated files that nothing generates any more.
    pub remove: Vec<PathBuf>,
    /// How many files are as they should be.
    pub unchanged: usize,
}

/// A file to write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
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

    /// Makes the folder as it should be. A file is replaced as a whole: a reader never sees half of it.
    pub fn apply(&self) -> io::Result<()> {
        for change in &self.write {
            if let Some(folder) = change.path.parent() {
                fs::create_dir_all(folder)?;
            }
            let beside = change.path.with_extension("new");
            fs::write(&beside, &change.after)?;
            fs::rename(&beside, &change.path)?;
        }
        self.remove.iter().try_for_each(fs::remove_file)
    }
}

/// Compares a folder with the files it should hold. Other generated files in it are stale; files that nobody generated are
/// left alone, and in the way of a generated one they are an error.
pub fn plan(folder: &Path, files: &[File]) -> io::Result<Plan> {
    let mut plan = Plan::default();
    for file in files {
        let path = folder.join(&file.name);
        match read(&path)? {
            Some(before) if before == file.text => plan.unchanged += 1,
            Some(before) if !is_generated(&before) => {
                let message = format!("`{}` was not generated; move it away or choose another folder", path.display());
                return Err(Error::new(ErrorKind::AlreadyExists, message));
            }
            before => plan.write.push(Change { path, before, after: file.text.clone() }),
        }
    }
    plan.remove = stale(folder, files)?;
    Ok(plan)
}

/// The generated files of a folder, by name.
pub fn generated(folder: &Path) -> io::Result<Vec<File>> {
    let mut generated = Vec::new();
    for path in candidates(folder)? {
        if let Some(text) = read(&path)?.filter(|text| is_generated(text)) {
            generated.push(File { name: name(&path).to_owned(), text });
        }
    }
    Ok(generated)
}

fn stale(folder: &Path, files: &[File]) -> io::Result<Vec<PathBuf>> {
    let ours: BTreeSet<&str> = files.iter().map(|file| file.name.as_str()).collect();
    let mut stale = Vec::new();
    for path in candidates(folder)? {
        if !ours.contains(name(&path)) && read(&path)?.is_some_and(|text| is_generated(&text)) {
            stale.push(path);
        }
    }
    Ok(stale)
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
        if path.extension().is_some_and(|extension| extension == "rs" || extension == "md") && path.is_file() {
            candidates.push(path);
        }
    }
    candidates.sort();
    Ok(candidates)
}

fn name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

/// How files begin that may be overwritten and removed.
const MARKERS: &[&str] = &[
    MARKER,
    #[cfg(feature = "tools")]
    crate::book::MARKER,
];

fn is_generated(text: &str) -> bool {
    MARKERS.iter().any(|marker| text.starts_with(marker))
}

fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, body: &str) -> File {
        File { name: name.to_owned(), text: format!("{MARKER}\n{body}\n") }
    }

    #[test]
    fn writes_what_changed_and_removes_what_is_stale() {
        let folder = tempfile::tempdir().unwrap();
        let first = [file("a.rs", "1"), file("b.rs", "1")];
        let written = plan(folder.path(), &first).unwrap();
        assert_eq!((written.write.len(), written.unchanged), (2, 0));
        written.apply().unwrap();
        assert!(plan(folder.path(), &first).unwrap().is_empty());

        let second = plan(folder.path(), &[file("a.rs", "2")]).unwrap();
        assert_eq!(second.remove, [folder.path().join("b.rs")]);
        let diff = second.diff();
        assert!(diff.contains("\n-1\n+2\n") && diff.contains("b.rs"), "{diff}");
        second.apply().unwrap();
        assert_eq!(fs::read_to_string(folder.path().join("a.rs")).unwrap(), format!("{MARKER}\n2\n"));
        assert!(!folder.path().join("b.rs").exists());
    }

    #[test]
    fn files_of_people_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("mine.rs"), "fn mine() {}").unwrap();
        assert_eq!(plan(folder.path(), &[]).unwrap(), Plan::default());
        let refused = plan(folder.path(), &[file("mine.rs", "1")]).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::AlreadyExists);
    }
}
