//! `keyway check`: every finding on standard output, a summary on standard error.
//!
//! | file | what |
//! |---|---|
//! | `select` | which findings were asked for, and which are shown |
//! | `output` | how they are written |
//! | `fix` | fixed files |
//! | `facts` | how many facts have a second source |
//! | `summary` | what there was, in numbers |
//!
//! The compiler decides what a finding is and how it is rendered.

mod facts;
mod fix;
mod output;
mod select;
mod summary;

use super::{against, hosts};
use crate::exit::{Exit, Failure, written};
use crate::input;
use crate::terminal::{Terminal, say};
use keyway_compiler::diagnostic::{Diagnostic, Diagnostics, Rule, Severity};
use keyway_compiler::fix::Fixed;
use keyway_compiler::pipeline::{self, Checked, Input};
use keyway_compiler::schema;
use keyway_compiler::source::Sources;
use output::Format;
use std::collections::BTreeSet;
use std::io;
use std::mem;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

const EXAMPLES: &str = "\
Examples:
  keyway check                            check ./providers.yaml
  keyway check my.yaml --provider acme    only `acme` and what it builds on
  keyway check --rule unknown-key         only what this rule finds
  keyway check - < my.yaml                read standard input
  keyway check --format json | jq .rule   one JSON object per line
  keyway check --deny-warnings            for continuous integration
  keyway check --fix --dry-run            what would be fixed
  keyway check --hosts                    where each URL can lead, and who decides that
  keyway check --against witnesses        compared with what other catalogues say

A file of another kind (an OpenAPI document, a Compose file, one entry without its key, entries under a key) is one
finding, which says what it is and what to do with it. A fix of `--fix` is left out where it would bring an error to
light or leave an entry with more findings than it had.

Exit codes: 0 clean, 1 findings that fail, 2 wrong usage (also a file without an entry), 3 a mistake in keyway";

/// The file that is checked where none is named.
const CATALOGUE: &str = "providers.yaml";

/// What to check, and how to say it.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The file; `-` is standard input
    #[arg(default_value = CATALOGUE)]
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
    #[arg(long, conflicts_with_all = ["fix", "rule", "max"])]
    hosts: bool,
    /// Compare each fact with other catalogues: the files `*.jsonl` of this folder
    #[arg(long, value_name = "DIR", conflicts_with_all = ["fix", "hosts"])]
    against: Option<PathBuf>,
    /// Report on this provider only, and on those it builds on
    #[arg(long, value_name = "KEY")]
    provider: Option<String>,
    /// Report what this rule finds only, by name or code; may be given several times
    #[arg(long, value_name = "RULE")]
    rule: Vec<String>,
    /// Show this many findings at most, the worst ones; all count
    #[arg(long, value_name = "N")]
    max: Option<usize>,
    /// Mend the file and its overlays, as far as exactly one mending is right; standard input is mended to standard
    /// output
    #[arg(long)]
    fix: bool,
    /// Show what `--fix` would change, and change nothing
    #[arg(long, requires = "fix")]
    dry_run: bool,
}

/// Checks the file.
pub(crate) fn run(args: &Args, terminal: &Terminal) -> Result<Exit, Failure> {
    let started = Instant::now();
    let rules = select::rules(&args.rule)?;
    // On a thread of its own while the file is read. Where there is no thread, the check does it itself.
    let _ = thread::Builder::new().spawn(schema::prepare);
    let (mut sources, input) =
        input::with_overlays(&args.file, &args.overlay, "keyway check FILE").map_err(|failure| {
            match select::entry_for_file(&args.file, Path::new(CATALOGUE)) {
                Some(entry) => Failure { message: format!("{}; {entry}", failure.message), ..failure },
                None => failure,
            }
        })?;
    let name = input::name(&args.file);
    let progress = terminal.progress(format!("checking {name}"));
    // Only the list of hosts is made from typed entries.
    let check: fn(&Sources, Input) -> Checked = if args.hosts { pipeline::check } else { pipeline::find };
    let others = args.against.as_deref().map(against::read).transpose()?;
    let mut found = check(&sources, input.clone());
    let compared = others.map(|others| found.compare(&others));
    let mut checked = select::asked_for(found, args.provider.as_deref(), &rules)?;
    if checked.keys.is_empty() && !checked.diagnostics.has_errors() && rules.is_empty() {
        return Err(Failure::usage(format!("`{name}` describes no provider; is it the right file?")));
    }
    if args.hosts {
        drop(progress);
        return hosts::run(&checked, args.format.of_table()?).map(|()| Exit::Clean);
    }
    if args.fix {
        let fixed = mend(&sources, &input, &checked, &rules);
        drop(progress);
        let changes = fix::changes(&sources, &fixed.sources);
        if args.dry_run {
            fix::show(&changes)?;
            say(&fix::summary(&fixed, true));
            return Ok(exit(&checked.diagnostics, args.deny_warnings));
        }
        fix::write(&changes)?;
        fix::answer(&sources, &fixed.sources)?;
        say(&fix::summary(&fixed, false));
        checked = select::asked_for(fixed.checked, args.provider.as_deref(), &rules)?;
        sources = fixed.sources;
    } else {
        drop(progress);
    }
    report(&checked, &sources, args, terminal)?;
    if let Some(compared) = compared {
        facts::report(compared, &checked.keys, args.format)?;
    }
    say(&summary::of(&checked, started.elapsed()));
    let exit = exit(&checked.diagnostics, args.deny_warnings);
    // The process ends here; giving back the memory of a large catalogue piece by piece would only take time.
    mem::forget((checked, sources));
    Ok(exit)
}

/// Applies the fixes that were asked for.
fn mend(sources: &Sources, input: &Input, asked: &Checked, rules: &[&'static Rule]) -> Fixed {
    let keys: BTreeSet<&str> = asked.keys.iter().map(String::as_str).collect();
    let wanted =
        |found: &Diagnostic| found.provider().is_none_or(|key| keys.contains(key)) && select::is_of(found, rules);
    keyway_compiler::fix::fix(sources, input, wanted)
}

/// Writes the findings: to standard output, unless the fixed text is printed there.
fn report(checked: &Checked, sources: &Sources, args: &Args, terminal: &Terminal) -> Result<(), Failure> {
    let shown = select::worst(&checked.diagnostics, args.max);
    written(if args.fix && args.file.as_os_str() == "-" {
        output::write(&mut io::stderr().lock(), &shown, sources, args.format, terminal.errors)
    } else {
        output::write(&mut io::stdout().lock(), &shown, sources, args.format, terminal.style)
    })?;
    let left = checked.diagnostics.len() - shown.len();
    if let Some(max) = args.max.filter(|_| left > 0) {
        say(&format!("{left} more not shown (`--max {max}`)"));
    }
    Ok(())
}

fn exit(found: &Diagnostics, deny_warnings: bool) -> Exit {
    if found.iter().any(|item| item.rule.is_internal()) {
        return Exit::Internal;
    }
    if found.has_errors() || deny_warnings && found.count(Severity::Warning) > 0 { Exit::Findings } else { Exit::Clean }
}

#[cfg(test)]
mod tests {
    use super::*;
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
}
