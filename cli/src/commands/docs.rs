//! `keyway docs`: the generated pages of a book, and its table of contents.
//!
//! The pages go into the folders `format`, `rules` and `providers` of the output; `SUMMARY.md` is changed between its
//! marks only.

use super::generated::{is_up_to_date, output_failure};
use super::plural;
use super::replay::folder;
use crate::exit::{Exit, Failure};
use crate::input;
use crate::terminal::{Terminal, say};
use keyway_compiler::book::{Part, SampleFile, Samples, into_summary, parts};
use keyway_compiler::diagnostic::Severity;
use keyway_compiler::emit::File;
use keyway_compiler::output::{FileChange, Plan, plan};
use keyway_compiler::pipeline::compile;
use std::path::{Path, PathBuf};
use std::{fs, io};

const EXAMPLES: &str = "\
Examples:
  keyway docs --out docs/src               the pages of ./providers.yaml
  keyway docs --out docs/src --check       fail if that would change a page, and show how
  keyway docs --out docs/src --part format --part rules
                                           the reference alone, without a page for each provider
  keyway docs my.yaml --out book/src       a book about providers of your own

The page of a provider shows the flow as a picture, the form that customers see, and which samples of it are kept. The
table of all providers is filtered by `docs/assets/providers.js` of this project; without it, it is a table.

Pages that keyway did not generate are never touched. Entries with errors have no page; `keyway check` reports them.";

/// What to write, and where to.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The file; `-` is standard input
    #[arg(default_value = "providers.yaml")]
    file: PathBuf,
    /// A file laid over it, entry by entry; may be given several times
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    /// The folder of the book's sources
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// A part to write; may be given several times. All of them by default
    #[arg(long, value_name = "PART")]
    part: Vec<PartName>,
    /// The folder of samples, one folder in it for each provider; `fixtures` where there is one
    #[arg(long, value_name = "DIR")]
    samples: Option<PathBuf>,
    /// Write nothing; fail if a page would change, and print the difference
    #[arg(long)]
    check: bool,
}

/// A part of the book.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum PartName {
    /// The keys of the format, and the auth modes
    Format,
    /// The rules of the compiler
    Rules,
    /// A page for each provider
    Providers,
}

impl PartName {
    fn folder(self) -> &'static str {
        match self {
            PartName::Format => "format",
            PartName::Rules => "rules",
            PartName::Providers => "providers",
        }
    }
}

/// Writes the pages.
pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let (sources, input) = input::with_overlays(&args.file, &args.overlay, "keyway docs FILE")?;
    let progress = terminal.progress(format!("describing {}", input::name(&args.file)));
    let (checked, specs) = compile(&sources, input, &[]);
    let mut parts = parts(&specs, &checked.entries, &samples(args.samples.as_deref())?);
    parts.retain(|part| args.part.is_empty() || args.part.iter().any(|name| name.folder() == part.folder));
    drop(progress);
    let plans = plans(&args.out, &parts).map_err(|error| output_failure(&args.out, &error))?;
    let errors = checked.diagnostics.count(Severity::Error);
    if errors > 0 {
        let name = input::name(&args.file);
        say(&format!(
            "{}: entries with one have no page; see `keyway check {name}`",
            plural(errors, "error", "errors")
        ));
    }
    if args.check {
        let chosen: String = args.part.iter().flat_map(|name| [" --part ", name.folder()]).collect();
        let command = format!("keyway docs {} --out {}{chosen}", args.file.display(), args.out.display());
        let current = is_up_to_date(&args.out, &plans, &command)?;
        return Ok(if current && errors == 0 { Exit::Clean } else { Exit::Findings });
    }
    plans.iter().try_for_each(Plan::apply).map_err(|error| output_failure(&args.out, &error))?;
    let count = |of: fn(&Plan) -> usize| plans.iter().map(of).sum::<usize>();
    let written = plural(count(|plan| plan.write.len()), "page", "pages");
    let (removed, unchanged) = (count(|plan| plan.remove.len()), count(|plan| plan.unchanged));
    say(&format!("{written} written, {removed} removed, {unchanged} unchanged"));
    Ok(if errors > 0 { Exit::Findings } else { Exit::Clean })
}

/// The samples that can be read; `keyway replay` reports the others.
fn samples(folder: Option<&Path>) -> Result<Samples, Failure> {
    let usual = Path::new("fixtures");
    let Some(folder) = folder.or_else(|| usual.is_dir().then_some(usual)) else { return Ok(Samples::new()) };
    let of_provider = |key: String| {
        let read = folder::read(&folder.join(&key))?;
        let files = read.samples.into_iter().map(|sample| SampleFile {
            name: sample.name,
            kind: sample.kind.name(),
            source: sample.source,
        });
        Ok((key, files.collect()))
    };
    folder::providers(folder)?.into_iter().map(of_provider).collect()
}

/// A plan for each part's folder, and one for the table of contents.
fn plans(out: &Path, parts: &[Part]) -> io::Result<Vec<Plan>> {
    let mut plans = Vec::with_capacity(parts.len() + 1);
    for part in parts {
        let files: Vec<File> =
            part.pages.iter().map(|page| File { name: page.file.clone(), text: page.text.clone() }).collect();
        plans.push(plan(&out.join(part.folder), &files)?);
    }
    plans.extend(contents(&out.join("SUMMARY.md"), parts)?);
    Ok(plans)
}

/// The changes of the table of contents; none where it has no marks. It is the writer's own file: where that is a
/// link, the file is changed that the link leads to.
fn contents(path: &Path, parts: &[Part]) -> io::Result<Option<Plan>> {
    let path = &fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let before = match fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        text => Some(text?),
    };
    let after = into_summary(before.as_deref(), parts);
    Ok(after.map(|after| match before {
        Some(before) if before == after => Plan { unchanged: 1, ..Plan::default() },
        before => Plan { write: vec![FileChange { path: path.to_owned(), before, after }], ..Plan::default() },
    }))
}
