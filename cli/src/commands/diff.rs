//! `keyway diff`: what changed between two files of providers, each change with both lines.
//!
//! Whether a change breaks anybody is the compiler's to say, not this file's.

use super::format::Format;
use super::plural;
use crate::exit::{Exit, Failure, written};
use crate::input;
use crate::terminal::{Terminal, say};
use keyway_compiler::diagnostic::{Diagnostic, Severity};
use keyway_compiler::diff::{Change, Compiled, diff};
use keyway_compiler::pipeline::{self, Input};
use keyway_compiler::source::{FileId, Sources, Span};
use serde_json::{Value, json};
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
nobody gives one; a host, a scheme, a path, a header, a query parameter or a parameter of signing in is gone or another.
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
    /// A file laid over the old one only, behind those of both
    #[arg(long, value_name = "FILE")]
    old_overlay: Vec<PathBuf>,
    /// A file laid over the new one only, behind those of both
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
    for (name, compiled) in &sides {
        has_providers(name, compiled)?;
    }
    let changes = diff(&old, &new);
    drop(progress);
    written(super::format::print(
        &changes,
        args.format,
        |change| text(change, &sources),
        |change| object(change, &sources),
    ))?;
    let breaking = changes.iter().filter(|change| change.kind.is_breaking()).count();
    say(&format!("{breaking} breaking, {} compatible", changes.len() - breaking));
    let unbuilt = sides.map(|(name, compiled)| tell_unbuilt(&name, compiled, &sources));
    Ok(if breaking > 0 || unbuilt.contains(&true) { Exit::Findings } else { Exit::Clean })
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
fn has_providers(name: &str, (checked, _): &Compiled) -> Result<(), Failure> {
    if !checked.keys.is_empty() {
        return Ok(());
    }
    let next = if name == input::STDIN { "did the command before it fail?" } else { "is it the right file?" };
    Err(Failure::usage(format!("`{name}` describes no provider, so there is nothing to compare with; {next}")))
}

/// Says which entries cannot be built, and what is wrong beside them; whether there is any of it.
fn tell_unbuilt(name: &str, (checked, specs): &Compiled, sources: &Sources) -> bool {
    let is_built = |key: &String| specs.iter().any(|spec| spec.key == key);
    let unbuilt: Vec<String> = checked.keys.iter().filter(|key| !is_built(key)).map(|key| format!("`{key}`")).collect();
    if let Some(first) = unbuilt.first() {
        let entries = plural(unbuilt.len(), "entry", "entries");
        say(&format!("{entries} of `{name}` could not be read whole, {first} first; see `keyway check {name}`"));
    }
    let of_no_entry = |found: &&Diagnostic| {
        found.severity == Severity::Error && found.provider().is_none_or(|key| checked.keys.iter().all(|one| one != key))
    };
    let beside: Vec<&Diagnostic> = checked.diagnostics.iter().filter(of_no_entry).collect();
    for found in &beside {
        let file = sources.get(found.primary.span.file).map_or(name, |file| file.name.as_str());
        say(&format!("`{file}`: {}", found.message));
    }
    !unbuilt.is_empty() || !beside.is_empty()
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
