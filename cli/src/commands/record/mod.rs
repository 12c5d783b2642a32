//! `keyway record`: answers that a real account gets, as redacted samples.
//!
//! | file | what |
//! |---|---|
//! | `given` | credentials, from the environment, files and a person |
//! | `takes` | an answer of each kind |
//! | `shown` | the differences, the question, the files |
//!
//! The crate `keyway-trial` decides what is sent, what of it is redacted, and what a replay reads of it.

mod given;
mod shown;
mod takes;

use crate::catalogue::{self, CatalogueArgs};
use crate::commands::allowed::HostArgs;
use crate::commands::pairs::{Pair, pair};
use crate::commands::plural;
use crate::exit::{Exit, Failure};
use crate::terminal::{Terminal, say};
use crate::waiter::Waiter;
use given::CredentialArgs;
use http::Method;
use keyway_spec::ProviderSpec;
use keyway_trial::redact::Redactor;
use keyway_trial::replay::replay;
use keyway_trial::sample::{SampleKind, parse};
use shown::SampleFile;
use std::collections::BTreeSet;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  keyway record acme --credential-env apiKey=ACME_KEY --request 'GET /v1/users?limit=2'
  keyway record acme --credential-file apiKey=key.txt --kind probe,refused --dry-run
  pass show acme | keyway record acme --credential-file apiKey=- --yes
  keyway record forge --client-id $ID --credential-env client_secret=FORGE_SECRET --kind token
  keyway record forge --credential-env access_token=FORGE_TOKEN --request 'GET /user/repos?per_page=2' --pages 2
  keyway record acme --credential-env apiKey=ACME_KEY --kind limited --request 'GET /v1/me' --max-calls 200

Requests go to the vendor, with the account's credentials, as a program that uses the entry would send them. Credentials
are never options, which other users of the machine and the shell's history see: `--credential-env NAME=VARIABLE`,
`--credential-file NAME=FILE` (`-` is standard input), and on a terminal a question for each that is missing.

Without `--kind`, what costs nothing is recorded: token (unless an `access_token` is given), probe, refused, and page
where there is a `--request`. `refused` is asked for with a credential of which half is altered. `refresh` redeems the
refresh token: where the vendor rotates it, the one that was given is used up. `limited` calls until the vendor refuses.

A sample keeps what is read (lifetimes, limits, numbers of pages, words such as `bearer`) and of each list the first item
and the last. Everything else is replaced: the same value by the same stand-in in all files. What is on no list is
replaced too; `--keep WORD` lets a text stay. Comments that you added to a file stay in it.

Exit codes: 0 recorded, 1 an answer could not be had or is not read as it is, 2 wrong usage";

/// The account, and the answers to record.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The provider's key
    provider: String,
    /// The answers to record: token, refresh, probe, refused, page, limited
    #[arg(long = "kind", value_name = "KIND", value_delimiter = ',', value_parser = kind)]
    kinds: Vec<SampleKind>,
    /// The call of a page or a limit, below the base URL; may be given several times
    #[arg(long = "request", value_name = "METHOD PATH", value_parser = request)]
    requests: Vec<(Method, String)>,
    /// The pages of each list
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=9))]
    pages: u8,
    /// The most calls until the vendor refuses one
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=900))]
    max_calls: u16,
    #[command(flatten)]
    credentials: CredentialArgs,
    /// A value of the connection's configuration
    #[arg(long = "config", value_name = "KEY=VALUE", value_parser = pair)]
    config: Vec<Pair>,
    /// A scope to ask for; may be given several times. Without it, the provider's default scopes
    #[arg(long = "scope", value_name = "SCOPE")]
    scopes: Vec<String>,
    /// Where the authorization server sends the browser back to, as it is registered
    #[arg(long, value_name = "URL", default_value = "http://127.0.0.1:3900/oauth/callback")]
    redirect_uri: String,
    /// A text that may stay in samples; may be given several times
    #[arg(long, value_name = "WORD")]
    keep: Vec<String>,
    /// The folder of samples, one folder in it for each provider
    #[arg(long, value_name = "DIR", default_value = "fixtures")]
    samples: PathBuf,
    /// The file of providers
    #[arg(long, value_name = "FILE", default_value = "providers.yaml")]
    catalogue: PathBuf,
    /// A file laid over it, entry by entry; may be given several times
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    #[command(flatten)]
    allowed: HostArgs,
    /// Write without asking
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Show the differences, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Records, shows and writes.
pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let providers = CatalogueArgs::new(Some(args.catalogue.clone()), args.overlay.clone());
    let catalogue = catalogue::load(&providers, std::slice::from_ref(&args.provider), terminal)?;
    let spec = catalogue::provider(&catalogue, &args.provider)?;
    let recorded = takes::recorded(args, spec, terminal)?;
    let mut redactor = Redactor::new(recorded.account.redaction(args.keep.iter().cloned().collect::<BTreeSet<_>>()));
    let (mut files, mut failed) = (Vec::new(), recorded.failed);
    let day = keyway::Clock::now(&keyway::clock::System).to_string();
    let day = day.split('T').next().unwrap_or_default().to_owned();
    for take in &recorded.takes {
        match SampleFile::of(&args.samples.join(spec.key), take, &mut redactor, &day)? {
            Ok(file) => files.push(file),
            Err(reason) => {
                say(&format!("{}: {reason}", take.name));
                failed += 1;
            }
        }
    }
    let problems = replayed(spec, &files)?;
    shown::show(&files)?;
    let changed = files.iter().filter(|file| file.is_changed()).count();
    if changed == 0 {
        say(if files.is_empty() { "nothing was recorded" } else { "every sample is as it was" });
    } else if args.dry_run {
        say(&format!("nothing is written; {} would change", plural(changed, "file", "files")));
    } else if shown::agrees(args.yes, changed, &args.samples.join(spec.key))? {
        shown::write(&files)?;
        say(&format!("wrote {}\nnext: keyway replay {}", plural(changed, "file", "files"), spec.key));
    } else {
        say("nothing is written");
    }
    Ok(if failed + problems > 0 { Exit::Findings } else { Exit::Clean })
}

/// Says what a replay reads of the samples; the number of problems that it has with them.
fn replayed(spec: &'static ProviderSpec, files: &[SampleFile]) -> Result<usize, Failure> {
    let waiter = Waiter::of_virtual_time()?;
    let samples = files.iter().map(|file| parse(&file.name, &file.after)).collect::<Result<Vec<_>, _>>();
    let samples = samples.map_err(|error| Failure::usage(format!("a sample cannot be read back: {error}")))?;
    let mut problems = 0;
    for outcome in waiter.wait(replay(spec, &samples)) {
        say(&format!("{}: {}", outcome.sample, outcome.read.join(", ")));
        for problem in &outcome.problems {
            say(&format!("{}: {problem}", outcome.sample));
        }
        problems += outcome.problems.len();
    }
    Ok(problems)
}

fn kind(text: &str) -> Result<SampleKind, String> {
    SampleKind::ALL.into_iter().find(|kind| kind.name() == text).ok_or_else(|| {
        let names = SampleKind::ALL.map(SampleKind::name);
        let near = keyway_compiler::diagnostic::nearest(text, names);
        near.map_or_else(|| format!("it is one of {}", names.join(", ")), |near| format!("did you mean `{near}`?"))
    })
}

fn request(text: &str) -> Result<(Method, String), String> {
    let wrong = || "write it as `GET /v1/users?limit=2`".to_owned();
    let (method, path) = text.split_once(' ').ok_or_else(wrong)?;
    let method = method.to_uppercase().parse().map_err(|_| wrong())?;
    let path = path.trim();
    if path.starts_with('/') && !path.contains(char::is_whitespace) {
        Ok((method, path.to_owned()))
    } else {
        Err(wrong())
    }
}
