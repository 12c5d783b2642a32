//! `keyway simulate`: entries walked against a stand-in for their vendors.

use super::plural;
use crate::catalogue::{self, CatalogueArgs};
use crate::exit::{Exit, Failure, written};
use crate::terminal::{Terminal, say};
use clap::ValueEnum;
use keyway_portrait::flow::flow;
use keyway_portrait::{Frame, picture};
use keyway_spec::ProviderSpec;
use keyway_trial::walk::{StepVerdict, Walked, walk};
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  keyway simulate acme                        one entry of ./providers.yaml, step by step
  keyway simulate acme --catalogue acme.yaml
  keyway simulate --all                       every entry: those that fail, and how many walk
  keyway simulate --all --format json         one object for each
  keyway simulate acme --format svg           the requests in order, as a picture

The stand-in is made of the entry and of the protocols (RFC 6749, 7636, 7617, 5849, ...), and refuses what the strictest
vendor refuses. A walk shows that an entry is consistent: that what it says can be used and agrees with itself. Whether
the vendor says the same is what `keyway check --against` (second sources) and `keyway replay` (printed answers) show.
Nothing is sent, and time is virtual. The picture is of what the entry says, also where a step fails.

Exit codes: 0 walked, 1 a step failed, 2 wrong usage";

/// Which entries.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The providers to walk
    #[arg(required_unless_present = "all")]
    providers: Vec<String>,
    /// Walk all of the file
    #[arg(long, conflicts_with = "providers")]
    all: bool,
    /// The file of providers
    #[arg(long, value_name = "FILE", default_value = "providers.yaml")]
    catalogue: PathBuf,
    /// A file laid over it, entry by entry; may be given several times
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    /// The format of the result
    #[arg(long, value_enum, default_value_t = WalkFormat::Text)]
    format: WalkFormat,
}

/// The form in which walks are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum WalkFormat {
    /// For people
    Text,
    /// One object per line
    Json,
    /// A picture of the requests, of one provider
    Svg,
}

/// Walks them.
pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    if args.format == WalkFormat::Svg && args.providers.len() != 1 {
        return Err(Failure::usage("a picture is of one provider: name it, `keyway simulate acme --format svg`"));
    }
    let providers = CatalogueArgs::new(Some(args.catalogue.clone()), args.overlay.clone());
    let catalogue = catalogue::load(&providers, terminal)?;
    let chosen: Vec<&'static ProviderSpec> = if args.all {
        catalogue.iter().collect()
    } else {
        args.providers.iter().map(|key| catalogue::provider(&catalogue, key)).collect::<Result<_, Failure>>()?
    };
    if let (WalkFormat::Svg, [spec]) = (args.format, chosen.as_slice()) {
        written(io::stdout().lock().write_all(picture(&flow(spec), Frame::File).as_bytes()))?;
    }
    let mut count = terminal.count("entries");
    let mut walks = Vec::with_capacity(chosen.len());
    for spec in chosen {
        walks.push(walked(spec)?);
        count.set(walks.len() as u64);
    }
    drop(count);
    written(print(&walks, args))?;
    if args.all {
        summary(&walks);
    }
    let failed = walks.iter().any(|walk| walk.count(StepVerdict::Failed) > 0);
    let nothing = !args.all && walks.iter().any(|walk| walk.unsupported.is_some());
    Ok(if failed || nothing { Exit::Findings } else { Exit::Clean })
}

/// Each entry has timers of its own.
fn walked(spec: &'static ProviderSpec) -> Result<Walked, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = runtime.map_err(|error| Failure::usage(format!("cannot start: {error}")))?;
    Ok(runtime.block_on(walk(spec)))
}

fn print(walks: &[Walked], args: &Args) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for walk in walks {
        match args.format {
            WalkFormat::Svg => {}
            WalkFormat::Json => writeln!(out, "{}", serde_json::to_string(walk).unwrap_or_default())?,
            WalkFormat::Text if args.all && walk.count(StepVerdict::Failed) == 0 && walk.unsupported.is_none() => {}
            WalkFormat::Text => text(&mut out, walk, args.all)?,
        }
    }
    out.flush()
}

/// A numbered table; of many entries only the steps that failed.
fn text(out: &mut impl Write, walk: &Walked, is_brief: bool) -> io::Result<()> {
    writeln!(out, "{} ({})", walk.provider, walk.layer)?;
    if let Some(reason) = &walk.unsupported {
        return writeln!(out, "  not walked: {reason}");
    }
    let width = walk.steps.iter().map(|step| step.name.len()).max().unwrap_or(0);
    for (at, step) in walk.steps.iter().enumerate() {
        if is_brief && step.verdict != StepVerdict::Failed {
            continue;
        }
        let verdict = step.verdict.name();
        writeln!(out, "  {:>2}  {:width$}  {verdict:13}  {}", at + 1, step.name, step.words)?;
    }
    Ok(())
}

fn summary(walks: &[Walked]) {
    let failed = walks.iter().filter(|walk| walk.count(StepVerdict::Failed) > 0).count();
    let unsupported = walks.iter().filter(|walk| walk.unsupported.is_some()).count();
    let walked = walks.len() - failed - unsupported;
    say(&format!(
        "consistent: {walked} of {} walk, {failed} fail, {unsupported} cannot be simulated",
        plural(walks.len(), "entry", "entries"),
    ));
}
