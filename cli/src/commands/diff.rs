//! `keyway diff`: what changed between two files of providers, each change with both lines.
//!
//! The compiler decides whether a change is breaking.

use super::format::Format;
use super::plural;
use crate::exit::{Exit, Failure, written};
use crate::input;
use crate::terminal::{Terminal, say};
use keyway_compiler::diagnostic::{Diagnostic, Severity};
use keyway_compiler::diff::{Change, diff};
use keyway_compiler::pipeline::{self, Checked, Input};
use keyway_compiler::source::{FileId, Sources, Span};
use keyway_spec::ProviderSpec;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  keyway diff old.yaml providers.yaml
  git show main:providers.yaml | keyway diff - providers.yaml
  keyway diff old.yaml new.yaml --format json | jq 'select(.breaking)'
  keyway diff old.yaml new.yaml --overlay ours.yaml    laid over both
  keyway diff old.yaml new.yaml --old-overlay ours-then.yaml --new-overlay ours.yaml

Breaking is what stops a program that compiled from compiling, or makes it do something else: an entry, a field, a scope,
a category or a generated name is gone or means something else; a value must be given, is refused, or is another where
none is given; a host, a scheme, a path, a header, a query parameter or a parameter of signing in is gone or another.
What is only added is compatible, and so are rules of trying again, of verification, and texts that people read.

Exit codes: 0 nothing breaks, 1 something does, or an entry cannot be built, 2 wrong usage, or a file without providers";

/// What to compare.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The file as it was; `-` is standard input
    old: PathBuf,
    /// The file as it is; `-` is standard input
    new: PathBuf,
    /// A file laid over both, entry by entry, as `keyway check` takes it; may be given several times
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    /// A file laid over the old one only, after those of both
    #[arg(long, value_name = "FILE")]
    old_overlay: Vec<PathBuf>,
    /// A file laid over the new one only, after those of both
    #[arg(long, value_name = "FILE")]
    new_overlay: Vec<PathBuf>,
    /// How to write the changes
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Compares the files.
pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let overlays = args.overlay.iter().chain(&args.old_overlay).chain(&args.new_overlay);
    input::reads_stdin_once([&args.old, &args.new].into_iter().chain(overlays))?;
    let mut sources = Sources::default();
    let (old, new) = inputs(args, &mut sources)?;
    let progress = terminal.progress("comparing".to_owned());
    let (old, new) = (pipeline::compile(&sources, old, &[]), pipeline::compile(&sources, new, &[]));
    let sides = [(input::name(&args.old), &old), (input::name(&args.new), &new)];
    for (name, (checked, _)) in &sides {
        has_providers(name, checked)?;
    }
    let changes = diff(&old.0, &new.0);
    drop(progress);
    written(super::format::print(
        &changes,
        args.format,
        |change| text(change, &sources),
        |change| object(change, &sources),
    ))?;
    let breaking = changes.iter().filter(|change| change.kind.is_breaking()).count();
    say(&format!("{breaking} breaking, {} compatible", changes.len() - breaking));
    let built = |specs: &[ProviderSpec]| specs.iter().map(|spec| spec.key).collect::<BTreeSet<&str>>();
    let unbuilt: Vec<&str> = built(&old.1).difference(&built(&new.1)).copied().collect();
    let is_there = |key: &&str| new.0.providers.iter().any(|provider| provider.key.name == *key);
    let mut unread = sides.map(|(name, (checked, _))| tell_unread(&name, checked, &sources)).contains(&true);
    unread |= tell("could not be built any more", &input::name(&args.new), unbuilt.into_iter().filter(is_there));
    Ok(if breaking > 0 || unread { Exit::Findings } else { Exit::Clean })
}

/// Both files with what is laid over them. A file that is laid over both is read once.
fn inputs(args: &Args, sources: &mut Sources) -> Result<(Input, Input), Failure> {
    let mut add = |path: &PathBuf| input::read(path, USAGE).map(|input| sources.add(input.name, input.text));
    let (old, new) = (add(&args.old)?, add(&args.new)?);
    let mut all = |paths: &[PathBuf]| paths.iter().map(&mut add).collect::<Result<Vec<FileId>, Failure>>();
    let both = all(&args.overlay)?;
    let laid = |own: Vec<FileId>| both.iter().copied().chain(own).collect();
    let (over_old, over_new) = (all(&args.old_overlay)?, all(&args.new_overlay)?);
    Ok((Input { catalogue: old, overlays: laid(over_old) }, Input { catalogue: new, overlays: laid(over_new) }))
}

const USAGE: &str = "keyway diff OLD NEW";

/// Refuses a side without any entry: compared with nothing, everything is new and nothing breaks.
fn has_providers(name: &str, checked: &Checked) -> Result<(), Failure> {
    if !checked.keys.is_empty() {
        return Ok(());
    }
    let next = if name == input::STDIN { "did the command before it fail?" } else { "is it the right file?" };
    Err(Failure::usage(format!("`{name}` describes no provider, so there is nothing to compare with; {next}")))
}

/// Says which entries could not be compared, and the problems in them; returns true if there are any.
fn tell_unread(name: &str, checked: &Checked, sources: &Sources) -> bool {
    let is_read = |key: &&String| checked.providers.iter().any(|provider| provider.key.name == **key);
    let unread = checked.keys.iter().filter(|key| !is_read(key)).map(String::as_str);
    let unread = tell("could not be read whole", name, unread);
    let of_no_entry = |found: &&Diagnostic| {
        let is_entry = |key: &str| checked.keys.iter().any(|one| one == key);
        found.severity == Severity::Error && !found.provider().is_some_and(is_entry)
    };
    let mut beside = false;
    for found in checked.diagnostics.iter().filter(of_no_entry) {
        let file = sources.get(found.primary.span.file).map_or(name, |file| file.name.as_str());
        say(&format!("`{file}`: {}; see `keyway check`", found.message));
        beside = true;
    }
    unread || beside
}

/// Says what could not be done with entries of a file; whether there are any.
fn tell<'k>(what: &str, name: &str, keys: impl Iterator<Item = &'k str>) -> bool {
    let keys: Vec<&str> = keys.collect();
    if let Some(first) = keys.first() {
        let entries = plural(keys.len(), "entry", "entries");
        say(&format!("{entries} of `{name}` {what}, `{first}` first; see `keyway check {name}`"));
    }
    !keys.is_empty()
}

/// ```text
/// breaking[pattern-narrowed]: the pattern of `team` no longer matches `0` (acme.connection_config.team.pattern)
///   - old.yaml:8: pattern: '^[a-z0-9]+$'
///   + new.yaml:8: pattern: '^[a-z]+$'
///   affects `acme`, `heir`
/// ```
fn text(change: &Change, sources: &Sources) -> String {
    let effect = if change.kind.is_breaking() { "breaking" } else { "compatible" };
    let mut out = format!("{effect}[{}]: {} ({})\n", change.kind.name(), change.message, change.path.join("."));
    for (sign, span) in [('-', change.old), ('+', change.new)] {
        if let Some((name, line, text)) = span.and_then(|span| place(span, sources)) {
            let _ = writeln!(out, "  {sign} {name}:{line}: {text}");
        }
    }
    let affected: Vec<String> = change.affected.iter().map(|key| format!("`{key}`")).collect();
    out + &format!("  affects {}\n", affected.join(", "))
}

fn object(change: &Change, sources: &Sources) -> Value {
    let side = |span: Option<Span>| {
        let (file, line, text) = place(span?, sources)?;
        Some(json!({ "file": file, "line": line, "text": text }))
    };
    json!({
        "kind": change.kind.name(),
        "breaking": change.kind.is_breaking(),
        "message": change.message,
        "provider": change.path.first(),
        "path": change.path.join("."),
        "old": side(change.old),
        "new": side(change.new),
        "affected": change.affected,
    })
}

/// The file, the line and its text.
fn place(span: Span, sources: &Sources) -> Option<(&str, usize, &str)> {
    let file = sources.get(span.file)?;
    let line = file.line_column(span.range().start).line;
    Some((&file.name, line, file.text.lines().nth(line - 1).unwrap_or_default().trim()))
}
