//! `keyway inspect`: one provider as a stage of the compiler leaves it.
//!
//! | stage | file | what is shown |
//! |---|---|---|
//! | `resolved` | `resolved` | the entry with everything it inherits, as YAML; who wrote what is a comment |
//! | `template` | `templates` | every template: its parts, what each name means, where in a URL it stands |
//! | `spec` | - | the Rust that `keyway build` writes for it |
//! | `flow` | - | the requests in order, as a picture |
//! | `facts` | `facts` | each fact with its source, and what other catalogues say about it |
//!
//! Findings are shown by `keyway check`.

mod facts;
mod resolved;
mod templates;

use super::against;
use super::format::Format;
use crate::exit::{Exit, Failure, written};
use crate::input;
use crate::terminal::{Terminal, say};
use clap::ValueEnum;
use clap::builder::ArgPredicate;
use keyway_compiler::diagnostic::{Severity, render};
use keyway_compiler::emit::crate_files;
use keyway_compiler::lower::trace;
use keyway_compiler::pipeline::{self, Checked};
use keyway_compiler::source::Sources;
use keyway_portrait::flow::flow;
use keyway_portrait::{Frame, picture};
use std::io::{self, Write};
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  keyway inspect google-calendar                   the entry with what it inherits, and from whom
  keyway inspect zendesk --stage template          what each ${...} means, and where in a URL it stands
  keyway inspect acme --stage spec --catalogue acme.yaml
  keyway inspect github --stage flow > github.svg  the requests in order, as a picture
  keyway inspect acme --stage facts                each fact, and where it was read
  keyway inspect acme --against witnesses          the same, and which other catalogues state it

Exit codes: 0 shown, 1 an error keeps it from being shown, 2 wrong usage";

/// What to show.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The provider's key
    provider: String,
    /// Behind which stage
    #[arg(long, value_enum, default_value_t = Stage::Resolved, default_value_if("against", ArgPredicate::IsPresent, "facts"))]
    stage: Stage,
    /// For `facts`: compare with other catalogues, the files `*.jsonl` of this folder
    #[arg(long, value_name = "DIR")]
    against: Option<PathBuf>,
    /// For `facts`: how to write them
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The file of providers; `-` is standard input
    #[arg(long, value_name = "FILE", default_value = "providers.yaml")]
    catalogue: PathBuf,
    /// A file laid over it, entry by entry; may be given several times
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
}

/// A stage of the compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Stage {
    /// Overlays and aliases are followed
    Resolved,
    /// Templates are parsed
    Template,
    /// The entry is data for the runtime
    Spec,
    /// The entry is a sequence of requests, drawn as SVG
    Flow,
    /// The entry is a list of facts with their sources
    Facts,
}

/// Shows it.
pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    if args.stage != Stage::Facts && (args.against.is_some() || args.format != Format::Text) {
        return Err(Failure::usage("`--against` and `--format` go with `--stage facts`"));
    }
    let (sources, input) = input::with_overlays(&args.catalogue, &args.overlay, "--catalogue FILE")?;
    let key = &args.provider;
    let (checked, specs) = pipeline::compile(&sources, input, std::slice::from_ref(key));
    if !checked.keys.contains(key) {
        let near = keyway_compiler::diagnostic::nearest(key, checked.keys.iter().map(String::as_str));
        let next = near.map_or_else(
            || "name its file with `--catalogue FILE`".to_owned(),
            |near| format!("did you mean `{near}`?"),
        );
        return Err(Failure::usage(format!("the file has no provider `{key}`; {next}")));
    }
    let entry = checked.entries.iter().find(|entry| entry.key.name == *key);
    let shown = match args.stage {
        Stage::Facts => {
            let others = args.against.as_deref().map(against::read).transpose()?;
            let Some(entry) = entry else { return Ok(unreadable(&checked, &sources, terminal)) };
            return facts::report(entry, &checked.entries, others, args.format).map(|()| Exit::Clean);
        }
        Stage::Resolved => entry.map(|entry| resolved::yaml(entry, &checked.entries, &sources)),
        Stage::Template => {
            let provider = checked.providers.iter().find(|provider| provider.key.name == *key);
            provider.map(|provider| templates::text(&trace::templates(provider)))
        }
        Stage::Flow => specs.iter().find(|spec| spec.key == key).map(|spec| picture(&flow(spec), Frame::File)),
        Stage::Spec => {
            let spec: Vec<_> = specs.iter().filter(|spec| spec.key == key).copied().collect();
            (!spec.is_empty()).then(|| crate_files(&spec).into_iter().skip(1).map(|file| file.text).collect())
        }
    };
    let Some(text) = shown else { return Ok(unreadable(&checked, &sources, terminal)) };
    written(io::stdout().lock().write_all(text.as_bytes()))?;
    Ok(Exit::Clean)
}

fn unreadable(checked: &Checked, sources: &Sources, terminal: &Terminal) -> Exit {
    for error in checked.diagnostics.iter().filter(|found| found.severity == Severity::Error) {
        say(&format!("{}\n", render::text::render(error, sources, terminal.errors)));
    }
    say("nothing is shown: an error keeps the entry from this stage");
    Exit::Findings
}
