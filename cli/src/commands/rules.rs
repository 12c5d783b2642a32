//! `keyway rules`: every rule of this build, one line each.
//!
//! No file is read and no rule is run.

use super::format::{self, Format};
use crate::exit::{Exit, Failure, written};
use keyway_compiler::reference::{RuleDoc, all_rules};
use serde_json::{Value, json};

const EXAMPLES: &str = "\
Examples:
  keyway rules                   a table: code, severity, name, what it checks for
  keyway rules --format json     one object per line
  keyway explain unbounded-host  the page of one rule";

/// How to list them.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// How to write the table
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// Prints the table.
pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let width = all_rules().iter().map(|doc| doc.rule.name.len()).max().unwrap_or_default();
    written(format::print(all_rules(), args.format, |doc| line(doc, width), |doc| object(doc)))?;
    Ok(Exit::Clean)
}

fn line(doc: &RuleDoc, width: usize) -> String {
    let (rule, severity) = (doc.rule, doc.rule.severity.as_str());
    format!("{}  {severity:7}  {:width$}  {}", rule.code, rule.name, doc.summary())
}

fn object(doc: &RuleDoc) -> Value {
    json!({
        "code": doc.rule.code,
        "name": doc.rule.name,
        "severity": doc.rule.severity.as_str(),
        "summary": doc.summary(),
    })
}
