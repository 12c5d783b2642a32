//! `keyway simulate`: entries walked against a stand-in for their vendors, or the stand-in kept up.
//!
//! [`faults`] (`--fail`), [`answers`] (`--answer`), [`serve`] (`--serve`).

mod answers;
mod faults;
mod serve;

use super::plural;
use crate::catalogue::{self, CatalogueArgs};
use crate::exit::{Exit, Failure, written};
use crate::terminal::{Terminal, say};
use crate::waiter::Waiter;
use answers::PrintedAnswer;
use clap::ValueEnum;
use keyway_portrait::flow::flow;
use keyway_portrait::{Frame, picture};
use keyway_spec::ProviderSpec;
use keyway_trial::faults::FaultOrder;
use keyway_trial::sample::Sample;
use keyway_trial::walk::{StepVerdict, Walked, walk_with};
use serve::Stand;
use std::io::{self, BufWriter, Write};
use std::net::SocketAddr;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  keyway simulate acme                        one entry of ./providers.yaml, step by step
  keyway simulate acme --catalogue acme.yaml
  keyway simulate --all                       every entry: those that fail, and how many walk
  keyway simulate --all --format json         one object for each
  keyway simulate acme --format svg           the requests in order, as a picture
  keyway simulate acme --fail token=503 --fail refresh=lost --fail read=slow:2s
  keyway simulate acme --answer token=token.json --answer page=page.http
  keyway simulate acme --serve                the stand-in on a loopback address, with a page
  keyway simulate acme --serve --listen 127.0.0.1:4000 --overlay-out acme.overlay.yaml --fail call=limited:3

The stand-in is made of the entry and of the protocols (RFC 6749, 7636, 7617, 5849, ...), and refuses what the strictest
vendor refuses. A walk shows that an entry is consistent: that what it says can be used and agrees with itself. Whether
the vendor says the same is what `keyway check --against` (second sources) and `keyway replay` (printed answers) show.
Nothing is sent, and time is virtual. The picture is of what the entry says, also where a step fails.

--fail REQUEST=FAULT. REQUEST: token, refresh, probe, call (or read), page, look-up, revoke. FAULT: a status such as
503, lost (it is processed, and its answer lost), cut (half of the answer arrives), slow:2s, limited:3 (a quota is spent
for 3 seconds). Each is a row of the table: what the runtime makes of it. With --serve the next such request gets it.

--answer REQUEST=FILE. REQUEST: token, refresh, probe, refused, page, limited. FILE is what the vendor's page prints: a
JSON body, or HTTP with status and headers, or a sample of `keyway replay`. It goes through the real runtime, and its
row is of the layer `recorded`.

--serve keeps the stand-in up until it is stopped, prints how a program is pointed at it, and has a page at `/`: the
account's made-up values, buttons (approve, deny, expire, limit, rotate, revoke), and each request beside what was
expected.

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
    /// A fault of one request, like `token=503`; may be given several times
    #[arg(long, value_name = "REQUEST=FAULT")]
    fail: Vec<FaultOrder>,
    /// An answer as the vendor prints it, like `token=FILE`; may be given several times
    #[arg(long, value_name = "REQUEST=FILE", conflicts_with_all = ["all", "serve"])]
    answer: Vec<PrintedAnswer>,
    /// Keep the stand-in of one provider up, with a page
    #[arg(long, conflicts_with_all = ["all", "format"])]
    serve: bool,
    /// The loopback address that it listens on; with port 0 the system chooses one
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:0", requires = "serve")]
    listen: SocketAddr,
    /// Write the overlay that moves the entry's URLs to it
    #[arg(long, value_name = "FILE", requires = "serve")]
    overlay_out: Option<PathBuf>,
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
    if args.serve {
        let [key] = args.providers.as_slice() else {
            return Err(Failure::usage("`--serve` keeps one stand-in up: name one provider"));
        };
        let stand = Stand {
            key,
            catalogue: &args.catalogue,
            overlays: &args.overlay,
            listen: args.listen,
            overlay_out: args.overlay_out.as_deref(),
            faults: &args.fail,
        };
        return serve::run(&stand, terminal);
    }
    if args.providers.len() > 1 && !args.answer.is_empty() {
        return Err(Failure::usage("`--answer` is what one vendor prints: name one provider"));
    }
    let printed = answers::samples(&args.answer)?;
    let providers = CatalogueArgs::new(Some(args.catalogue.clone()), args.overlay.clone());
    let catalogue = catalogue::load(&providers, &args.providers, terminal)?;
    let chosen: Vec<&'static ProviderSpec> = if args.all {
        catalogue.iter().collect()
    } else {
        args.providers.iter().map(|key| catalogue::provider(&catalogue, key)).collect::<Result<_, Failure>>()?
    };
    if let (WalkFormat::Svg, [spec]) = (args.format, chosen.as_slice()) {
        written(io::stdout().lock().write_all(picture(&flow(spec), Frame::File).as_bytes()))?;
        return Ok(Exit::Clean);
    }
    // Of many entries a fault is tried where there is such a request.
    if let [spec] = chosen.as_slice() {
        faults::possible(spec, &args.fail)?;
    }
    let mut count = terminal.count("entries");
    let mut walks = Vec::with_capacity(chosen.len());
    for spec in chosen {
        walks.push(walked(spec, &args.fail, &printed)?);
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
fn walked(spec: &'static ProviderSpec, fail: &[FaultOrder], printed: &[Sample]) -> Result<Walked, Failure> {
    Ok(Waiter::of_virtual_time()?.wait(walk_with(spec, fail, printed)))
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
    let mut layers = vec![walk.layer];
    layers.extend(walk.steps.iter().map(|step| step.layer));
    layers.dedup();
    writeln!(out, "{} ({})", walk.provider, layers.join(", "))?;
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
