//! Compiling a file of providers from a build script.
//!
//! ```no_run
//! // build.rs
//! fn main() -> Result<(), keyway_compiler::build::Failed> {
//!     keyway_compiler::build::providers("providers.yaml").only(["acme", "zendesk"]).compile()
//! }
//! ```
//!
//! `keyway::include_providers!()` includes the result. Warnings become warnings of Cargo; an error fails the build
//! with the rendered report. This is the one place of the crate that reads the environment and speaks to Cargo.

mod selection;

use crate::diagnostic::render::text::{self, Style};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::emit;
use crate::output;
use crate::pipeline::{Input, compile_chosen};
use crate::source::Sources;
use selection::Selection;
use std::fmt::{self, Debug, Formatter};
use std::path::{Path, PathBuf};

/// Starts with the file at `path`, relative to the package's folder.
pub fn providers(path: impl Into<PathBuf>) -> Build {
    Build {
        path: path.into(),
        overlays: Vec::new(),
        selection: Selection::default(),
        out_dir: None,
        name: "providers".to_owned(),
    }
}

/// What to compile, and where to.
#[derive(Clone, Debug)]
#[must_use = "nothing happens before `compile`"]
pub struct Build {
    path: PathBuf,
    overlays: Vec<PathBuf>,
    selection: Selection,
    out_dir: Option<PathBuf>,
    name: String,
}

impl Build {
    /// Compiles these providers only. The others are parsed, not checked, except those that these build on.
    pub fn only<T: Into<String>>(mut self, keys: impl IntoIterator<Item = T>) -> Build {
        self.selection.keys = keys.into_iter().map(Into::into).collect();
        self
    }

    /// Compiles the providers of these categories only, and also those that [`only`](Build::only) names.
    pub fn categories<T: Into<String>>(mut self, categories: impl IntoIterator<Item = T>) -> Build {
        self.selection.categories = categories.into_iter().map(Into::into).collect();
        self
    }

    /// Includes these operations of `keyway.endpoints`: `issues.list` is that of every chosen provider that has one,
    /// `issues.*` all that begin so, and `*` all. Without it there are none, so that a program that only signs in
    /// pays for nothing else.
    pub fn endpoints<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Build {
        self.selection.endpoints = names.into_iter().map(Into::into).collect();
        self
    }

    /// Lays another file over the providers: maps are merged key by key, anything else replaces. May be called several
    /// times; a later file lies over an earlier one.
    pub fn overlay(mut self, path: impl Into<PathBuf>) -> Build {
        self.overlays.push(path.into());
        self
    }

    /// Writes below this folder instead of Cargo's `OUT_DIR`.
    pub fn out_dir(mut self, folder: impl Into<PathBuf>) -> Build {
        self.out_dir = Some(folder.into());
        self
    }

    /// Names the catalogue, for a package that has several: `include_providers!(mod internal, "internal")`.
    pub fn named(mut self, name: impl Into<String>) -> Build {
        self.name = name.into();
        self
    }

    /// Compiles. Writes `keyway/<name>.rs` if it changed, and tells Cargo when to run the script again.
    pub fn compile(self) -> Result<(), Failed> {
        self.run(&mut |instruction| tell(&instruction))
    }

    /// The same, with what there is to say to Cargo given away.
    fn run(self, tell: &mut dyn FnMut(String)) -> Result<(), Failed> {
        if !is_plain(&self.name) {
            let rule = "a catalogue's name is a file name: lower-case letters, digits, `-` and `_`";
            return Err(Failed(format!("`{}` cannot name a catalogue; {rule}", self.name)));
        }
        let out_dir = match &self.out_dir {
            Some(folder) => folder.clone(),
            None => std::env::var_os("OUT_DIR").map(PathBuf::from).ok_or_else(|| {
                Failed("`OUT_DIR` is not set; call this from a build script or name an `out_dir`".to_owned())
            })?,
        };
        let text = read(&self.path, tell)?;
        let overlays = self.overlays.iter().map(|path| Ok((path.as_path(), read(path, tell)?)));
        let overlays = overlays.collect::<Result<Vec<_>, Failed>>()?;
        let compiled = generate_selection(&self.path, text, overlays, &self.selection)?;
        compiled.warnings.iter().for_each(|warning| tell(format!("warning={warning}")));
        write(&out_dir, &self.name, compiled.text).map_err(|error| Failed(error.to_string()))
    }
}

fn is_plain(name: &str) -> bool {
    let fits = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || "-_".contains(letter);
    !name.is_empty() && name.chars().all(fits)
}

/// Reads an input, and tells Cargo to run the script again when it changes. Only one that exists is named: Cargo would
/// run the script every time for one that does not.
fn read(path: &Path, tell: &mut dyn FnMut(String)) -> Result<String, Failed> {
    let text =
        std::fs::read_to_string(path).map_err(|error| Failed(format!("cannot read `{}`: {error}", path.display())))?;
    tell(format!("rerun-if-changed={}", path.display()));
    Ok(text)
}

/// Why a build failed. `Debug` prints the report, because `main` prints errors with `Debug`.
pub struct Failed(String);

impl Debug for Failed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "\n\n{}\n", self.0)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Failed {}

/// The output for a file of providers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Generated {
    /// Items for a module that knows the runtime's hidden module as `__keyway`.
    pub text: String,
    /// Warnings, one line each.
    pub warnings: Vec<String>,
}

/// Compiles `text` without touching the disk; `path` is what messages call it. `endpoints` are the operations that are
/// wanted, as [`Build::endpoints`] takes them.
pub fn generate(path: &Path, text: String, only: &[String], endpoints: &[String]) -> Result<Generated, Failed> {
    let selection = Selection { endpoints: endpoints.to_vec(), ..Selection::of(only) };
    generate_selection(path, text, Vec::new(), &selection)
}

/// The same with texts laid over it, the later ones over the earlier ones.
pub fn generate_over(
    path: &Path,
    text: String,
    overlays: Vec<(&Path, String)>,
    only: &[String],
) -> Result<Generated, Failed> {
    generate_selection(path, text, overlays, &Selection::of(only))
}

fn generate_selection(
    path: &Path,
    text: String,
    overlays: Vec<(&Path, String)>,
    selection: &Selection,
) -> Result<Generated, Failed> {
    let mut sources = Sources::default();
    let mut add = |path: &Path, text: String| sources.add(path.display().to_string(), text);
    let catalogue = add(path, text);
    let overlays = overlays.into_iter().map(|(path, text)| add(path, text)).collect();
    let (checked, mut specs) =
        compile_chosen(&sources, Input { catalogue, overlays }, &|entries| selection.choose(entries));
    selection.check(path, &checked)?;
    if checked.diagnostics.has_errors() {
        return Err(report(&checked.diagnostics, &sources));
    }
    if let Some(chosen) = selection.choose(&checked.entries) {
        specs.retain(|spec| chosen.iter().any(|key| key == spec.key));
    }
    selection.narrow(path, &mut specs)?;
    Ok(Generated { text: emit::single_file(&specs).text, warnings: warnings(&checked.diagnostics, &sources) })
}

fn report(found: &Diagnostics, sources: &Sources) -> Failed {
    let errors: Vec<String> = found.iter().map(|finding| text::render(finding, sources, Style::Plain)).collect();
    let count = found.count(Severity::Error);
    Failed(format!("{}\n\n{count} error{}", errors.join("\n\n"), if count == 1 { "" } else { "s" }))
}

/// Warnings on one line each, as Cargo wants them.
fn warnings(found: &Diagnostics, sources: &Sources) -> Vec<String> {
    let line = |finding: &Diagnostic| {
        let file = sources.get(finding.primary.span.file);
        let place = file.map(|file| (file.name.as_str(), file.line_column(finding.primary.span.start as usize)));
        let place = place.map(|(name, at)| format!("{name}:{}:{}: ", at.line, at.column)).unwrap_or_default();
        format!("{place}{} ({} {})", finding.message, finding.rule.code, finding.rule.name).replace(['\n', '\r'], " ")
    };
    found.iter().filter(|finding| finding.severity == Severity::Warning).map(line).collect()
}

fn write(out_dir: &Path, name: &str, text: String) -> std::io::Result<()> {
    // A folder of its own would make other catalogues of the package stale: only this one file is looked at.
    let path = out_dir.join("keyway");
    let file = emit::File { name: format!("{name}.rs"), text };
    let mut plan = output::plan(&path, std::slice::from_ref(&file))?;
    plan.remove.clear();
    plan.apply()
}

#[allow(clippy::print_stdout, reason = "standard output is how a build script speaks to Cargo")]
fn tell(instruction: &str) {
    println!("cargo::{instruction}");
}

#[cfg(test)]
mod tests;
