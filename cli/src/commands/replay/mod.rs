//! `keyway replay`: what the runtime makes of the answers that vendors print.

pub(super) mod folder;
mod output;
mod wanted;

use crate::catalogue::{self, CatalogueArgs};
use crate::commands::format::Format;
use crate::commands::plural;
use crate::exit::{Exit, Failure, written};
use crate::terminal::{Terminal, say};
use crate::waiter::Waiter;
use folder::Folder;
use keyway::Catalogue;
use keyway_spec::ProviderSpec;
use keyway_trial::replay::{ReplayOutcome, replay};
use std::path::{Path, PathBuf};

const EXAMPLES: &str = "\
Examples:
  keyway replay                      every sample in `fixtures`
  keyway replay acme --catalogue acme.yaml
  keyway replay --wanted             which entries have no sample of which answer

A sample is an answer as the vendor's page prints it, in `fixtures/PROVIDER/KIND.http`:

  # source: https://docs.acme.example/oauth
  # lifetime: 3600
  HTTP/1.1 200 OK
  content-type: application/json

  {\"access_token\": \"abc\", \"expires_in\": 3600}

KIND is token, refresh, probe, refused, page or limited, with more behind a `-` where there are several. What the page
says of the answer is a comment: `# lifetime:`, `# wait:` (seconds, or none), `# refresh_token:`, `# more:` (yes or no),
`# items:`, and `# request: GET /v1/users?limit=2` of a page. Write no credential that works.

Exit codes: 0 everything is read as it is meant, 1 something is not, 2 wrong usage";

/// Which samples.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The providers; without one, all that have samples
    providers: Vec<String>,
    /// The folder of samples, one folder in it for each provider
    #[arg(long, value_name = "DIR", default_value = "fixtures")]
    samples: PathBuf,
    /// The file of providers
    #[arg(long, value_name = "FILE", default_value = "providers.yaml")]
    catalogue: PathBuf,
    /// A file laid over it, entry by entry; may be given several times
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    /// List the samples that entries have no file of, in place of replaying
    #[arg(long)]
    wanted: bool,
    /// The format of the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The outcome for the samples of one provider.
struct Replayed {
    spec: &'static ProviderSpec,
    outcomes: Vec<ReplayOutcome>,
    /// Files that could not be read, each with the reason.
    unreadable: Vec<(String, String)>,
}

/// Replays them.
pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let providers = CatalogueArgs::new(Some(args.catalogue.clone()), args.overlay.clone());
    if args.wanted {
        let catalogue = catalogue::load(&providers, &args.providers, terminal)?;
        let chosen = if args.providers.is_empty() { catalogue.iter().collect() } else { named(args, &catalogue)? };
        let rows = wanted::rows(&chosen, &args.samples)?;
        return wanted::print(&rows, args.format).map(|()| Exit::Clean);
    }
    let there = folder::providers(&args.samples)?;
    // A folder of no entry is a sample that nobody replays.
    let keys = if args.providers.is_empty() { there.iter().cloned().collect() } else { args.providers.clone() };
    let catalogue = catalogue::load(&providers, &keys, terminal)?;
    let chosen = keys.iter().map(|key| catalogue::provider(&catalogue, key)).collect::<Result<Vec<_>, Failure>>()?;
    if let Some(spec) = chosen.iter().find(|spec| !there.contains(spec.key)) {
        return Err(Failure::usage(wanted::none(spec, &args.samples)));
    }
    let progress = terminal.progress("replaying".to_owned());
    let replayed = replay_all(&chosen, &args.samples)?;
    drop(progress);
    written(output::print(&replayed, args.format))?;
    let problems: usize = replayed.iter().map(Replayed::problems).sum();
    let samples: usize = replayed.iter().map(|one| one.outcomes.len() + one.unreadable.len()).sum();
    say(&format!(
        "recorded: {} of {}, {}",
        plural(samples, "sample", "samples"),
        plural(replayed.len(), "provider", "providers"),
        plural(problems, "problem", "problems"),
    ));
    Ok(if problems > 0 { Exit::Findings } else { Exit::Clean })
}

impl Replayed {
    fn problems(&self) -> usize {
        self.outcomes.iter().map(|outcome| outcome.problems.len()).sum::<usize>() + self.unreadable.len()
    }
}

/// The entries that were named.
fn named(args: &Args, catalogue: &Catalogue) -> Result<Vec<&'static ProviderSpec>, Failure> {
    args.providers.iter().map(|key| catalogue::provider(catalogue, key)).collect()
}

/// The samples of each entry, as the runtime reads them.
fn replay_all(chosen: &[&'static ProviderSpec], samples: &Path) -> Result<Vec<Replayed>, Failure> {
    let waiter = Waiter::of_virtual_time()?;
    let mut replayed = Vec::new();
    for spec in chosen {
        let Folder { samples, unreadable } = folder::read(&samples.join(spec.key))?;
        let outcomes = waiter.wait(replay(spec, &samples));
        replayed.push(Replayed { spec, outcomes, unreadable });
    }
    Ok(replayed)
}
