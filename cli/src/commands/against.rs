//! The folder of other catalogues that `--against` names.
//!
//! Each file `*.jsonl` is a catalogue, called like the file. The compiler reads the lines; one that it cannot read is
//! told and left out.

use crate::exit::Failure;
use crate::input;
use crate::terminal::say;
use keyway_compiler::witness::{SecondSources, UnreadableLine};
use std::fs;
use std::path::{Path, PathBuf};

/// The most files that are read.
const MAX_FILES: usize = 256;
/// The most unreadable lines that are told.
const MAX_TOLD: usize = 5;

/// Reads the catalogues of a folder, by name.
pub(crate) fn read(folder: &Path) -> Result<SecondSources, Failure> {
    let name = folder.display();
    let failed = |error| {
        Failure::usage(format!(
            "cannot read the folder `{name}`: {error}; `--against DIR` names one with files `*.jsonl`"
        ))
    };
    let entries = fs::read_dir(folder).map_err(failed)?;
    let mut files: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| is_lines(path)).collect();
    files.sort_unstable();
    if files.is_empty() || files.len() > MAX_FILES {
        let count = files.len();
        return Err(Failure::usage(format!("`{name}` has {count} files `*.jsonl`; 1 to {MAX_FILES} are compared")));
    }
    let mut others = SecondSources::default();
    let mut unreadable = Vec::new();
    for file in files {
        let input = input::read(&file, "--against DIR")?;
        let source = file.file_stem().unwrap_or_default().to_string_lossy();
        unreadable.extend(others.add(&source, &input.name, &input.text));
    }
    tell(&unreadable);
    if others.is_empty() {
        return Err(Failure::usage(format!(
            "no line of `{name}` is about an entry; each is a JSON object with `corpus_keys`"
        )));
    }
    Ok(others)
}

fn is_lines(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "jsonl")
}

fn tell(unreadable: &[UnreadableLine]) {
    for line in unreadable.iter().take(MAX_TOLD) {
        say(&format!("{line}; it is left out"));
    }
    if let Some(more) = unreadable.len().checked_sub(MAX_TOLD).filter(|more| *more > 0) {
        say(&format!("{more} more lines are left out"));
    }
}
