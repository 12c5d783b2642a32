//! `keyway build`: a file of providers to the sources of a crate.
//!
//! Findings and the summary go to standard error; standard output holds the diff of `--check` only. Where nothing
//! changed since the last build, nothing is compiled (`stamp`). The compiler writes the files and words the mistakes.

mod stamp;

use super::generated::{is_up_to_date, output_failure};
use super::plural;
use crate::exit::{Exit, Failure};
use crate::input;
use crate::terminal::{Terminal, say};
use keyway_compiler::diagnostic::render::text::{self, Style};
use keyway_compiler::diagnostic::{Diagnostics, Severity};
use keyway_compiler::emit::{File, crate_files, module_files};
use keyway_compiler::output::{Plan, plan};
use keyway_compiler::pipeline;
use keyway_compiler::source::Sources;
use keyway_spec::ProviderSpec;
use stamp::Stamp;
use std::path::PathBuf;
use std::time::Instant;

const EXAMPLES: &str = "\
Examples:
  keyway build --out src/api                   ./providers.yaml as `src/api/*.rs`
  keyway build my.yaml --out src/api --check   fail if that would change a file, and show how

Files that keyway did not generate are never touched, nor are links. Nothing is written when an entry has an error, unless
`--keep-going` is given: then that entry alone is left out, and the exit code is 1 all the same.
Lines may end with CR LF, as in a checkout of git on Windows: that is no difference, and nothing is written for it.
The file `.keyway-stamp` in the folder says what it was built from, so that building the same again takes no time;
it need not be kept, and `--check` does not look at it.";

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
    /// A module for each provider and nothing else: the `lib.rs` that lists them is your own
    #[arg(long)]
    modules: bool,
}

/// Builds the file.
pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let started = Instant::now();
    let (sources, input) = input::with_overlays(&args.file, &args.overlay, "keyway build FILE")?;
    // A check compiles anew instead of trusting the stamp.
    let options = [args.keep_going, args.modules];
    let question = if args.check { None } else { stamp::question(&sources, options, terminal.errors) };
    if let Some(last) = question.and_then(|question| Stamp::read(&args.out, question)) {
        say_errors(&last.errors);
        say(&summary(&last, &Plan { unchanged: last.files, ..Plan::default() }, started));
        return Ok(exit(&last));
    }
    let progress = terminal.progress(format!("building {}", input::name(&args.file)));
    let (checked, specs) = pipeline::lower(&sources, input);
    let errors = checked.diagnostics.count(Severity::Error);
    let files = if errors > 0 && !args.keep_going { None } else { Some(files(args, &specs)) };
    let planned = files.map(|files| (plan(&args.out, &files), files));
    drop(progress);

    let shown = shown(&checked.diagnostics, &sources, terminal.errors);
    say_errors(&shown);
    let Some((planned, files)) = planned else {
        let errors = plural(errors, "error", "errors");
        say(&format!("nothing is built: {errors}; `--keep-going` builds the other entries"));
        return Ok(Exit::Findings);
    };
    let planned = planned.map_err(|error| output_failure(&args.out, &error))?;
    if args.check {
        let modules = if args.modules { " --modules" } else { "" };
        let command = format!("keyway build {} --out {}{modules}", args.file.display(), args.out.display());
        let current = is_up_to_date(&args.out, std::slice::from_ref(&planned), &command)?;
        return Ok(if current && errors == 0 { Exit::Clean } else { Exit::Findings });
    }
    planned.apply().map_err(|error| output_failure(&args.out, &error))?;
    let built = Stamp { providers: specs.len(), files: files.len(), errors: shown };
    if let Some(question) = question {
        let _ = built.write(&args.out, question, &files); // Without it the next build takes its time, no more.
    }
    say(&summary(&built, &planned, started));
    Ok(exit(&built))
}

fn files(args: &Args, specs: &[ProviderSpec]) -> Vec<File> {
    if args.modules { module_files(specs) } else { crate_files(specs) }
}

/// All errors. Warnings are the business of `keyway check`.
fn shown(found: &Diagnostics, sources: &Sources, style: Style) -> String {
    let errors = found.iter().filter(|found| found.severity == Severity::Error);
    errors.map(|error| text::render(error, sources, style)).collect::<Vec<_>>().join("\n\n")
}

fn say_errors(shown: &str) {
    if !shown.is_empty() {
        say(&format!("{shown}\n"));
    }
}

fn exit(built: &Stamp) -> Exit {
    if built.errors.is_empty() { Exit::Clean } else { Exit::Findings }
}

/// `25 providers: 3 files written, 1 removed, 23 unchanged in 12 ms`
fn summary(built: &Stamp, planned: &Plan, started: Instant) -> String {
    let (write, remove, unchanged) = (planned.write.len(), planned.remove.len(), planned.unchanged);
    let (providers, write) = (plural(built.providers, "provider", "providers"), plural(write, "file", "files"));
    let took = started.elapsed().as_millis();
    format!("{providers}: {write} written, {remove} removed, {unchanged} unchanged in {took} ms")
}
