//! `keyway check --fix`: the fixed files, written, printed or shown as a difference.
//!
//! A file is replaced as a whole, by a rename, and only if its text changes; permissions and a byte-order mark stay,
//! and a link stays one. Standard input is answered on standard output. Which edits are made the compiler decides.

use crate::commands::plural;
use crate::exit::{Failure, written};
use crate::input;
use keyway_compiler::fix::Fixed;
use keyway_compiler::source::{SourceFile, Sources};
use similar::TextDiff;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write};
use std::path::Path;

/// A file whose text changes.
pub(super) struct FixedFile<'s> {
    file: &'s SourceFile,
    before: String,
    after: String,
}

/// The files that differ, in their order.
pub(super) fn changes<'s>(before: &'s Sources, after: &Sources) -> Vec<FixedFile<'s>> {
    let pairs = before.iter().filter_map(|(id, file)| Some((file, after.get(id)?)));
    pairs
        .filter(|(old, new)| old.text != new.text)
        .map(|(file, new)| FixedFile { file, before: marked(file, &file.text), after: marked(file, &new.text) })
        .collect()
}

/// A text as it stands in the file.
fn marked(file: &SourceFile, text: &str) -> String {
    if file.byte_order_mark { format!("\u{feff}{text}") } else { text.to_owned() }
}

/// Shows on standard output what would change, as `patch` reads it.
pub(super) fn show(changes: &[FixedFile<'_>]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    written(changes.iter().try_for_each(|change| {
        let diff = TextDiff::from_lines(&change.before, &change.after);
        let name = &change.file.name;
        write!(out, "{}", diff.unified_diff().header(&format!("a/{name}"), &format!("b/{name}")))
    }))
}

/// Writes the files that change.
pub(super) fn write(changes: &[FixedFile<'_>]) -> Result<(), Failure> {
    for change in changes.iter().filter(|change| change.file.name != input::STDIN) {
        let name = &change.file.name;
        replace(Path::new(name), change)
            .map_err(|error| Failure::usage(format!("cannot write `{name}`, which stays as it was: {error}")))?;
    }
    Ok(())
}

/// Prints the fixed text of standard input, also if nothing changes.
pub(super) fn answer(before: &Sources, after: &Sources) -> Result<(), Failure> {
    let texts = before.iter().filter(|(_, file)| file.name == input::STDIN);
    let mended = texts.filter_map(|(id, file)| Some(marked(file, &after.get(id)?.text)));
    let mut out = io::stdout().lock();
    written(mended.into_iter().try_for_each(|text| out.write_all(text.as_bytes())).and_then(|()| out.flush()))
}

/// Puts the new text in the place of the old one; a reader sees one or the other.
fn replace(path: &Path, change: &FixedFile<'_>) -> io::Result<()> {
    let path = fs::canonicalize(path)?;
    if fs::read(&path)? != change.before.as_bytes() {
        return Err(io::Error::other("it was changed meanwhile"));
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder)?;
    beside.write_all(change.after.as_bytes())?;
    beside.as_file().set_permissions(fs::metadata(&path)?.permissions())?;
    beside.as_file().sync_all()?;
    beside.persist(&path)?;
    Ok(())
}

/// `fixed 3: 2 header-case, 1 unknown-key`, and what was left out.
pub(super) fn summary(fixed: &Fixed, dry_run: bool) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for rule in &fixed.made {
        *counts.entry(rule.name).or_default() += 1;
    }
    let rules: Vec<String> = counts.iter().map(|(rule, count)| format!("{count} {rule}")).collect();
    let done = if dry_run { "would fix" } else { "fixed" };
    let mut text = match fixed.made.len() {
        0 => "nothing to fix".to_owned(),
        count => format!("{done} {count}: {}", rules.join(", ")),
    };
    if fixed.withheld > 0 {
        let fixes = plural(fixed.withheld, "fix", "fixes");
        let them = if fixed.withheld == 1 { "it" } else { "them" };
        let _ = write!(text, "\n{fixes} not made: something else would come to light; make {them} by hand");
    }
    text
}
