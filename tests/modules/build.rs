//! Collects the example in the docs of each generated module as a function, for this package to compile.
//!
//! The functions are not checked in, so a new provider changes no file of the tests.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let variable = |name| env::var(name).map_err(|error| io::Error::other(format!("{name}: {error}")));
    let folder = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("../../generated/src");
    println!("cargo::rerun-if-changed={}", folder.display());
    fs::write(Path::new(&variable("OUT_DIR")?).join("examples.rs"), examples(&folder)?)
}

/// A function for the example of every module, and their names.
fn examples(folder: &Path) -> io::Result<String> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<io::Result<_>>()?;
    files.sort();
    let (mut text, mut names) = ("use keyway::{Keyway, Result};\nuse keyway_providers::*;\n".to_owned(), Vec::new());
    for file in files {
        let module = fs::read_to_string(&file)?;
        let example: String = example(&module).flat_map(|line| ["   ", line, "\n"]).collect();
        if let Some(name) = file.file_stem().and_then(|name| name.to_str()).filter(|_| !example.is_empty()) {
            let signature = format!("async fn {name}(keyway: &Keyway, callback: &str) -> Result<()>");
            let _ = write!(text, "\n{signature} {{\n{example}    Ok(())\n}}\n");
            names.push(name.to_owned());
        }
    }
    let _ = write!(text, "\npub(super) const NAMES: &[&str] = &{names:?};\n");
    Ok(text)
}

/// The lines of the first block that is marked `ignore` in a module's docs.
fn example(module: &str) -> impl Iterator<Item = &str> {
    let docs = module.lines().filter_map(|line| line.strip_prefix("//!"));
    docs.skip_while(|line| *line != " ```ignore").skip(1).take_while(|line| *line != " ```")
}
