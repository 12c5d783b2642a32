//! `keyway build`: a file of providers to the sources of a crate.
//!
//! Findings and the summary go to standard error; standard output holds the diff of `--check` only.

use super::generated::{is_up_to_date, output_failure};
use super::plural;
use crate::exit::{Exit, Failure};
use crate::input;
use crate::terminal::{Terminal, say};
use keyway_compiler::diagnostic::render::text;
use keyway_compiler::diagnostic::{Diagnostics, Severity};
use keyway_compiler::emit::crate_files;
use keyway_compiler::output::{Plan, plan};
use keyway_compiler::pipeline::compile;
use keyway_compiler::source::Sources;
use std::path::PathBuf;
use std::time::Instant;

const EXAMPLES: &str = "\
Examples:
  keyway build --out generated/src             ./providers.yaml as `generated/src/*.rs`
  keyway build my.yaml --out src/api --check   fail if that would change a file, and show how

Files that keyway did not generate are never touched. Nothing is written when an entry has an error, unless
`--keep-going` is given: then that entry alone is left out, and the exit code is 1 all the same.";

/// What to build, and where to.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The file; `-` is standard input
    #[arg(default_value = "providers.yaml")]
    file: PathBuf,
    /// A file laid over it, entry by entry; may be given several times
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    /// The folder of the generated files
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Write nothing; fail if a file would change, and print the difference
    #[arg(long)]
    check: bool,
    /// Build the entries that have no error
    #[arg(long)]
    keep_going: bool,
}

/// Builds the file.
pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let started = Instant::now();
    let (sources, input) = input::with_overlays(&args.file, &args.overlay, "keyway build FILE")?;
    let progress = terminal.progress(format!("building {}", input::name(&args.file)));
    let (checked, specs) = compile(&sources, input, &[]);
    let errors = checked.diagnostics.count(Severity::Error);
    let planned = if errors > 0 && !args.keep_going { None } else { Some(plan(&args.out, &crate_files(&specs))) };
    drop(progress);

    say_errors(&checked.diagnostics, &sources, terminal);
    let Some(planned) = planned else {
        let errors = plural(errors, "error", "errors");
        say(&format!("nothing is built: {errors}; `--keep-going` builds the other entries"));
        return Ok(Exit::Findings);
    };
    let planned = planned.map_err(|error| output_failure(&args.out, &error))?;
    if args.check {
        let command = format!("keyway build {} --out {}", args.file.display(), args.out.display());
        let current = is_up_to_date(&args.out, std::slice::from_ref(&planned), &command)?;
        return Ok(if current && errors == 0 { Exit::Clean } else { Exit::Findings });
    }
    planned.apply().map_err(|error| output_failure(&args.out, &error))?;
    say(&format!("{} in {} ms", summary(&planned, specs.len()), started.elapsed().as_millis()));
    Ok(if errors > 0 { Exit::Findings } else { Exit::Clean })
}

/// Warnings are the business of `keyway check`.
fn say_errors(found: &Diagnostics, sources: &Sources, terminal: &Terminal) {
    for error in found.iter().filter(|found| found.severity == Severity::Error) {
        say(&format!("{}\n", text::render(error, sources, terminal.errors)));
    }
}

/// `25 providers: 3 files written, 1 removed, 23 unchanged`
fn summary(planned: &Plan, providers: usize) -> String {
    let (write, remove, unchanged) = (planned.write.len(), planned.remove.len(), planned.unchanged);
    let providers = plural(providers, "provider", "providers");
    format!("{providers}: {} written, {remove} removed, {unchanged} unchanged", plural(write, "file", "files"))
}
