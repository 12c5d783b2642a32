//! `keyway new`: the draft of an entry, in its place in a catalogue.
//!
//! | file | what |
//! |---|---|
//! | `sources` | facts of documents and other catalogues |
//! | `said` | facts of options |
//! | `asked` | facts of a person at a terminal |
//! | `checked` | which texts both may say |
//! | `fetch` | a document behind a URL |
//! | `pr` | the commit that adds it |
//!
//! The crate `keyway-scaffold` decides what is written.

mod asked;
mod checked;
mod fetch;
mod pr;
mod said;
mod sources;

use crate::commands::generated::output_failure;
use crate::commands::plural;
use crate::exit::{Exit, Failure, written};
use crate::input;
use crate::terminal::{Terminal, say};
use keyway_compiler::model::grammar::{Grammar as _, ProviderKey};
use keyway_compiler::output;
use keyway_scaffold::place::{self, PlaceRefused};
use keyway_scaffold::{copied, draft, text};
use said::GivenFacts;
use sources::Sources;
use std::io::{self, Write};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  keyway new acme --auth api-key --header x-api-key --base-url https://api.acme.com --docs https://acme.com/docs
  keyway new acme                                 asks what is needed, on a terminal
  keyway new acme --from-openapi openapi.json     servers, sign-in, pages, limits, a probe
  keyway new acme --from-openid https://login.acme.com/.well-known/openid-configuration
  keyway new acme-eu --from-entry acme
  keyway new acme --from-witness catalogue.jsonl --dry-run
  keyway new acme --from-authjs acme.json         a provider of Auth.js
  keyway new acme --pr                            the commit that adds the entry, as commands to run

A provider of Auth.js is code. Behind `npm install @auth/core`, node prints what it makes; options that it needs are
passed with placeholders, as in `p({issuer: 'https://{domain}'})`:

  node --input-type=module -e \"import p from '@auth/core/providers/acme'; console.log(JSON.stringify(p({})))\" > acme.json

The entry is put into the file in the order of keys; every other byte stays. Each fact of a document has its place there
beside it. What nobody said is a guess under a line `# TODO: ` with the question to answer, which `keyway check` warns
about until it is removed.

Exit codes: 0 written, 2 wrong usage, a key that exists, or a document that cannot be read";

/// The entry to be.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The entry's key: lower-case letters, digits and hyphens
    key: String,
    #[command(flatten)]
    said: GivenFacts,
    #[command(flatten)]
    sources: Sources,
    /// The entry to begin with: its text under the new key
    #[arg(long, value_name = "KEY", conflicts_with_all = ["from_openid", "from_openapi", "from_witness", "from_grant", "from_authjs"])]
    from_entry: Option<String>,
    /// The file of providers; it is made where there is none
    #[arg(long, value_name = "FILE", default_value = "providers.yaml")]
    catalogue: PathBuf,
    /// Print the entry, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Ask nothing, and guess what nobody said
    #[arg(long)]
    no_input: bool,
    /// Print the commit: files, a message, and the commands to run. None of them is run. Of
    /// an entry that is there already nothing else is done
    #[arg(long, conflicts_with = "dry_run")]
    pr: bool,
}

/// Writes it.
pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    check_key(&args.key)?;
    let catalogue = catalogue(args)?;
    if input::keys(&catalogue).contains(&args.key) {
        return if args.pr { pr::print(&args.key, &args.catalogue, &catalogue) } else { Err(exists(args)) };
    }
    if args.pr && !begins(args)? {
        return Err(absent(args, &catalogue));
    }
    let (entry, notes) = match &args.from_entry {
        Some(from) => (of_entry(args, from, &catalogue)?, Vec::new()),
        None => of_facts(args, terminal)?,
    };
    let whole = place::placed(&catalogue, &args.key, &entry).map_err(|refused| match refused {
        PlaceRefused::Exists => exists(args),
        PlaceRefused::Unreadable => {
            let name = args.catalogue.display();
            Failure::usage(format!("`{name}` cannot be read as YAML; run `keyway check {name}`"))
        }
    })?;
    for note in notes {
        say(&format!("note: {note}"));
    }
    if args.dry_run {
        written(io::stdout().lock().write_all(entry.as_bytes()))?;
    } else {
        output::replace(&args.catalogue, &whole).map_err(|error| output_failure(&args.catalogue, &error))?;
    }
    next(args, &entry);
    if args.pr { pr::print(&args.key, &args.catalogue, &whole) } else { Ok(Exit::Clean) }
}

/// True if the options say what a new entry begins with.
fn begins(args: &Args) -> Result<bool, Failure> {
    Ok(args.from_entry.is_some() || args.sources.names_one() || args.said.facts()?.mode.is_some())
}

fn absent(args: &Args, catalogue: &str) -> Failure {
    let (key, known) = (&args.key, input::keys(catalogue));
    let near = keyway_compiler::diagnostic::nearest(key, known.iter().map(String::as_str));
    let meant = near.map_or_else(String::new, |near| format!("did you mean `{near}`? "));
    Failure::usage(format!("there is no entry `{key}`; {meant}`keyway new {key}` begins one"))
}

/// Says what is left to do.
fn next(args: &Args, entry: &str) {
    let questions = entry.lines().filter(|line| line.trim_start().starts_with("# TODO: ")).count();
    let (key, file) = (&args.key, args.catalogue.display());
    let open = match questions {
        0 => "no question is open".to_owned(),
        count => format!("{} open", plural(count, "question is", "questions are")),
    };
    if args.dry_run {
        say(&format!("nothing is written; {open}"));
    } else {
        say(&format!("wrote `{key}` to `{file}`; {open}\nnext: keyway check {file} --provider {key}"));
    }
}

fn of_facts(args: &Args, terminal: &Terminal) -> Result<(String, Vec<String>), Failure> {
    let facts = args.said.facts()?.or(sources::read(&args.sources, &args.key, terminal)?);
    let facts = if args.no_input { facts } else { asked::complete(facts)? };
    let entry = text::entry(&args.key, &draft::lines(&args.key, &facts));
    Ok((entry, facts.notes))
}

fn of_entry(args: &Args, from: &str, catalogue: &str) -> Result<String, Failure> {
    let name = args.said.name.as_deref();
    copied::entry(catalogue, from, &args.key, name).ok_or_else(|| {
        let known = input::keys(catalogue);
        let near = keyway_compiler::diagnostic::nearest(from, known.iter().map(String::as_str));
        let next = near.map_or_else(
            || "name its file with `--catalogue FILE`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        Failure::usage(format!("the file has no provider `{from}`; {next}"))
    })
}

/// The text of the catalogue; empty where there is no file yet.
fn catalogue(args: &Args) -> Result<String, Failure> {
    if args.catalogue.exists() {
        input::read(&args.catalogue, "--catalogue FILE").map(|read| read.text)
    } else {
        Ok(String::new())
    }
}

fn exists(args: &Args) -> Failure {
    let file = args.catalogue.display();
    Failure::usage(format!("`{file}` has an entry `{}` already; choose another key, or edit that one", args.key))
}

/// The key of the new entry follows the format's own grammar.
fn check_key(key: &str) -> Result<(), Failure> {
    if ProviderKey::accepts(key) {
        return Ok(());
    }
    let next = ProviderKey::mend(key).map(|meant| format!("; `{meant}` is one")).unwrap_or_default();
    Err(Failure::usage(format!("`{key}` is no key: lower-case letters, digits and hyphens{next}")))
}
