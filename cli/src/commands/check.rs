//! `keyway check`: every finding on standard output, a summary on standard error.

use super::format::Format;
use super::{hosts, plural};
use crate::exit::{Exit, Failure, written};
use crate::input;
use crate::terminal::{Terminal, say};
use keyway_compiler::diagnostic::render::{json, text};
use keyway_compiler::diagnostic::{Diagnostics, Severity};
use keyway_compiler::pipeline::{self, Checked};
use keyway_compiler::source::Sources;
use std::io::{self, BufWriter, Write};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const EXAMPLES: &str = "\
Examples:
  keyway check                            check ./providers.yaml
  keyway check my.yaml --provider acme    only `acme` and what it builds on
  keyway check - < my.yaml                read standard input
  keyway check --format json | jq .rule   one JSON object per line
  keyway check --deny-warnings            for continuous integration
  keyway check --hosts                    where each URL can lead, and who decides that

Exit codes: 0 clean, 1 findings that fail, 2 wrong usage, 3 a mistake in keyway";

/// What to check, and how to say it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The file; `-` is standard input
    #[arg(default_value = "providers.yaml")]
    file: PathBuf,
    /// A file laid over it, entry by entry; may be given several times
    #[arg(long, value_name = "FILE")]
    overlay: Vec<PathBuf>,
    /// How to write the findings
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Fail on warnings too
    #[arg(long)]
    deny_warnings: bool,
    /// Instead of findings, list where every URL can lead: fixed, confined or open hosts
    #[arg(long)]
    hosts: bool,
    /// Report on this provider only, and on those it builds on
    #[arg(long, value_name = "KEY")]
    provider: Option<String>,
}

/// Checks the file.
pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let started = Instant::now();
    let (sources, input) = input::with_overlays(&args.file, &args.overlay, "check")?;
    let name = input::name(&args.file);
    let progress = terminal.progress(format!("checking {name}"));
    let mut checked = pipeline::check(&sources, input);
    if let Some(provider) = &args.provider {
        checked = checked.only(provider).map_err(|unknown| {
            let next = unknown.nearest.map_or_else(
                || "run `keyway check` without `--provider` to check all".to_owned(),
                |nearest| format!("did you mean `{nearest}`?"),
            );
            Failure::usage(format!("the file has no provider `{provider}`; {next}"))
        })?;
    }
    drop(progress);
    if checked.keys.is_empty() && checked.diagnostics.is_empty() {
        return Err(Failure::usage(format!("`{name}` describes no provider; is it the right file?")));
    }
    if args.hosts {
        return hosts::run(&checked, args.format).map(|()| Exit::Clean);
    }
    written(print(&checked.diagnostics, &sources, args.format, terminal))?;
    say(&summary(&checked, started.elapsed()));
    Ok(exit(&checked.diagnostics, args.deny_warnings))
}

fn print(found: &Diagnostics, sources: &Sources, format: Format, terminal: &Terminal) -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for diagnostic in found {
        match format {
            Format::Text => writeln!(out, "{}\n", text::render(diagnostic, sources, terminal.style))?,
            Format::Json => writeln!(out, "{}", json::render(diagnostic, sources))?,
        }
    }
    out.flush()
}

fn exit(found: &Diagnostics, deny_warnings: bool) -> Exit {
    if found.iter().any(|item| item.rule.is_internal()) {
        return Exit::Internal;
    }
    if found.has_errors() || deny_warnings && found.count(Severity::Warning) > 0 { Exit::Findings } else { Exit::Clean }
}

/// `981 entries, 3 errors, 12 warnings in 94 ms`; notes only where there are some.
fn summary(checked: &Checked, took: Duration) -> String {
    let found = &checked.diagnostics;
    let entries = plural(checked.keys.len(), "entry", "entries");
    let errors = plural(found.count(Severity::Error), "error", "errors");
    let warnings = plural(found.count(Severity::Warning), "warning", "warnings");
    let notes = match found.count(Severity::Note) {
        0 => String::new(),
        notes => format!(", {}", plural(notes, "note", "notes")),
    };
    format!("{entries}, {errors}, {warnings}{notes} in {} ms", took.as_millis())
}

#[cfg(test)]
mod tests {
    use super::*;
    use keyway_compiler::diagnostic::{Diagnostic, Rule};
    use keyway_compiler::source::{FileId, Span};

    static ERROR: Rule = Rule::error("KW9997", "an-error");
    static WARNING: Rule = Rule::warning("KW9998", "a-warning");
    static NOTE: Rule = Rule::note("KW9999", "a-note");
    static INTERNAL: Rule = Rule::error("KW9996", "internal-mistake");

    fn found(rules: &[&'static Rule]) -> Diagnostics {
        rules.iter().map(|rule| Diagnostic::new(rule, "m", Span::new(FileId(0), 0, 0))).collect()
    }

    #[test]
    fn the_worst_finding_decides_and_warnings_only_when_denied() {
        for (rules, deny_warnings, expected) in [
            (&[][..], true, Exit::Clean),
            (&[&NOTE], true, Exit::Clean),
            (&[&WARNING], false, Exit::Clean),
            (&[&WARNING], true, Exit::Findings),
            (&[&NOTE, &ERROR], false, Exit::Findings),
            (&[&ERROR, &INTERNAL], false, Exit::Internal),
        ] {
            assert_eq!(exit(&found(rules), deny_warnings), expected, "{rules:?} {deny_warnings}");
        }
    }

    #[test]
    fn the_summary_counts_what_there_is() {
        for (keys, rules, expected) in [
            (0, &[][..], "0 entries, 0 errors, 0 warnings in 94 ms"),
            (1, &[&ERROR, &WARNING], "1 entry, 1 error, 1 warning in 94 ms"),
            (2, &[&WARNING, &WARNING, &NOTE], "2 entries, 0 errors, 2 warnings, 1 note in 94 ms"),
        ] {
            let checked = Checked {
                entries: Vec::new(),
                providers: Vec::new(),
                keys: vec![String::new(); keys],
                diagnostics: found(rules),
            };
            assert_eq!(summary(&checked, Duration::from_millis(94)), expected);
        }
    }
}
