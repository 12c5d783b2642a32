//! `keyway diff`: what changed between two files of providers, each change with both lines.
//!
//! Whether a change breaks anybody is the compiler's to say, not this file's.

use super::format::Format;
use super::plural;
use crate::exit::{Exit, Failure, written};
use crate::input;
use crate::terminal::{Terminal, say};
use keyway_compiler::diff::{Change, diff};
use keyway_compiler::pipeline::{self, Checked, Input};
use keyway_compiler::source::{Sources, Span};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  keyway diff old.yaml providers.yaml
  git show main:providers.yaml | keyway diff - providers.yaml
  keyway diff old.yaml new.yaml --format json | jq 'select(.breaking)'

Breaking: an entry, field or scope is gone; a field must be given; the auth mode, a host, the base path, a header's name,
the place of the credential or the pagination is another; a pattern takes less. Everything else is compatible.

Exit codes: 0 nothing breaks, 1 something does, or an entry cannot be read, 2 wrong usage";

/// What to compare.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The file as it was; `-` is standard input
    old: PathBuf,
    /// The file as it is
    new: PathBuf,
    /// How to write the changes
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Compares the files.
pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let mut sources = Sources::default();
    let mut add = |path| input::read(path, "keyway diff OLD NEW").map(|input| sources.add(input.name, input.text));
    let (old, new) = (add(&args.old)?, add(&args.new)?);
    let progress = terminal.progress("comparing".to_owned());
    let (old, new) = (pipeline::check(&sources, Input::from(old)), pipeline::check(&sources, Input::from(new)));
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
    let unread = [(&args.old, &old), (&args.new, &new)].map(|(path, checked)| tell_unread(&input::name(path), checked));
    Ok(if breaking > 0 || unread.contains(&true) { Exit::Findings } else { Exit::Clean })
}

/// Says which entries could not be compared; whether there are any.
fn tell_unread(name: &str, checked: &Checked) -> bool {
    let is_read = |key: &String| checked.providers.iter().any(|provider| provider.key.name == *key);
    let unread: Vec<String> = checked.keys.iter().filter(|key| !is_read(key)).map(|key| format!("`{key}`")).collect();
    if let Some(first) = unread.first() {
        let entries = plural(unread.len(), "entry", "entries");
        say(&format!("{entries} of `{name}` could not be read whole, {first} first; see `keyway check {name}`"));
    }
    !unread.is_empty()
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
