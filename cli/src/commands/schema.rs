//! `keyway schema`: the JSON Schema of a file of providers on standard output.

use crate::exit::{Exit, Failure, written};
use keyway_compiler::schema::json_schema;
use std::io::{self, Write};

const EXAMPLES: &str = "\
Examples:
  keyway schema > providers.schema.json

An editor that speaks YAML uses it when the file of providers begins with
  # yaml-language-server: $schema=providers.schema.json";

/// Nothing to choose.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {}

/// Prints the schema.
pub(crate) fn run(_: &Args) -> Result<Exit, Failure> {
    written(writeln!(io::stdout().lock(), "{:#}", json_schema()))?;
    Ok(Exit::Clean)
}
