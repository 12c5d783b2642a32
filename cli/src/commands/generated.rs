//! Generated files on disk, for the commands that write some: whether a folder is up to date.
//!
//! The compiler decides the content of the files.

use super::plural;
use crate::exit::{Failure, written};
use crate::terminal::say;
use keyway_compiler::output::Plan;
use std::io::{self, Write};
use std::path::Path;

/// Prints how the folder differs and says which command mends it; whether it does not differ.
pub(super) fn is_up_to_date(out: &Path, plans: &[Plan], command: &str) -> Result<bool, Failure> {
    let out = out.display();
    let stale: usize = plans.iter().map(|plan| plan.write.len() + plan.remove.len()).sum();
    if stale == 0 {
        say(&format!("`{out}` is up to date"));
        return Ok(true);
    }
    let diff: String = plans.iter().map(Plan::diff).collect();
    written(io::stdout().lock().write_all(diff.as_bytes()))?;
    say(&format!("`{out}` is not up to date: {}; run `{command}`", plural(stale, "file", "files")));
    Ok(false)
}

/// A folder that cannot be written to.
pub(super) fn output_failure(out: &Path, error: &io::Error) -> Failure {
    Failure::usage(format!("cannot write to `{}`: {error}", out.display()))
}
