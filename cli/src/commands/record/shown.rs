//! The files of a recording: shown as a difference, asked about, and written.

use crate::commands::generated::output_failure;
use crate::commands::plural;
use crate::exit::{Failure, written};
use crate::terminal::say;
use keyway_compiler::output;
use keyway_trial::record::{self, Take};
use keyway_trial::redact::Redactor;
use keyway_trial::sample::MAX_SAMPLE;
use similar::TextDiff;
use std::fs;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

/// A sample's file as it is and as it will be.
pub(super) struct SampleFile {
    pub(super) name: String,
    path: PathBuf,
    before: Option<String>,
    pub(super) after: String,
}

impl SampleFile {
    /// The file of an answer; the inner error is the reason why it cannot be one.
    pub(super) fn of(
        folder: &Path,
        take: &Take,
        redactor: &mut Redactor,
        day: &str,
    ) -> Result<Result<SampleFile, String>, Failure> {
        let path = folder.join(&take.name);
        let before = match fs::read_to_string(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(Failure::usage(format!("cannot read `{}`: {error}", path.display()))),
        };
        let after = match record::file(take, redactor, before.as_deref().unwrap_or_default(), day) {
            Ok(after) if after.len() > MAX_SAMPLE => {
                return Ok(Err("the sample is too large: ask for fewer items".to_owned()));
            }
            Ok(after) => after,
            Err(error) => return Ok(Err(error.to_string())),
        };
        Ok(Ok(SampleFile { name: take.name.clone(), path, before, after }))
    }

    /// True if more than the day of the recording differs.
    pub(super) fn is_changed(&self) -> bool {
        let without_day =
            |text: &str| text.lines().filter(|line| !line.starts_with("# read:")).map(str::to_owned).collect();
        let before: Option<Vec<String>> = self.before.as_deref().map(without_day);
        before != Some(without_day(&self.after))
    }
}

/// Prints the differences, as `patch` reads them.
pub(super) fn show(files: &[SampleFile]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    written(files.iter().filter(|file| file.is_changed()).try_for_each(|file| {
        let diff = TextDiff::from_lines(file.before.as_deref().unwrap_or_default(), &file.after);
        let path = file.path.display();
        let from = if file.before.is_some() { format!("a/{path}") } else { "/dev/null".to_owned() };
        write!(out, "{}", diff.unified_diff().header(&from, &format!("b/{path}")))
    }))
}

/// Asks whether the files may be written, where there is a person to ask.
pub(super) fn agrees(yes: bool, changed: usize, folder: &Path) -> Result<bool, Failure> {
    if yes {
        return Ok(true);
    }
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        let message =
            "nothing is written, because there is no terminal to ask at: look at the difference, and say `--yes`";
        return Err(Failure::usage(message));
    }
    let _ = write!(
        io::stderr(),
        "Look for anything that tells about the account. Write {} to `{}`? [y/N] ",
        plural(changed, "file", "files"),
        folder.display()
    );
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    read.map_err(|error| Failure::usage(format!("cannot ask: {error}")))?;
    if !line.ends_with('\n') {
        say("");
    }
    Ok(matches!(line.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Writes the files that change.
pub(super) fn write(files: &[SampleFile]) -> Result<(), Failure> {
    for file in files.iter().filter(|file| file.is_changed()) {
        output::replace(&file.path, &file.after).map_err(|error| output_failure(&file.path, &error))?;
    }
    Ok(())
}
