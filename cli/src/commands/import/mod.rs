//! `keyway import`: other formats' documents to what Keyway reads.

mod openapi;
mod table;
mod writing;

use crate::exit::{Exit, Failure};
use crate::terminal::Terminal;
use clap::Subcommand;

/// The format of a document.
#[derive(Debug, Subcommand)]
pub(crate) enum ImportCommand {
    /// Named operations of an OpenAPI document to a trait of typed endpoints, written once into your sources
    Openapi(openapi::Args),
}

/// Imports it.
pub(crate) fn run(command: &ImportCommand, terminal: &Terminal) -> Result<Exit, Failure> {
    match command {
        ImportCommand::Openapi(args) => openapi::run(args, terminal),
    }
}
