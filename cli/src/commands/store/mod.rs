//! `keyway store`: the care of a store, one file for each command.
//!
//! None of them makes a store where there is none, but `import` and `migrate`, which say so. Keys are found as `serve`
//! finds them ([`crate::sealing`]).

mod archive;
mod backup;
mod export;
mod import;
mod info;
mod migrate;
mod opened;
mod output;
mod passphrase;
mod records;
mod rotate_key;
mod verify;

use crate::exit::{Exit, Failure};
use crate::location::{Location, failed};
use crate::terminal::Terminal;
use crate::waiter::Waiter;
use clap::builder::{OsStringValueParser, TypedValueParser as _};
use std::future::Future;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  keyway store verify --store /var/lib/keyway/keyway.db
  keyway store backup /backup/keyway-$(date +%F).db
  keyway store rotate-key

Environment:
  KEYWAY_ENCRYPTION_KEY  Base64 of 32 bytes that seals the store; without it, `<store>.key` is read
  PGPASSWORD             the password of the database, unless its URL has one";

/// What to do with a store.
#[derive(Debug, clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum StoreCommand {
    /// Open every value, and say which record does not open; nothing is written
    Verify(verify::VerifyArgs),
    /// Seal everything with a new key; no server may run
    RotateKey(rotate_key::RotateKeyArgs),
    /// Copy the store as it is at one moment, also while a server runs
    Backup(backup::BackupArgs),
    /// Write every record into a file that any kind of store can import
    Export(export::ExportArgs),
    /// Read the records of an exported file into a store
    Import(import::ImportArgs),
    /// Copy every record of a store into another, empty one
    Migrate(migrate::MigrateArgs),
    /// Show the schema, the counts, the key's id and the size; no key is needed
    Info(info::InfoArgs),
}

/// Which store.
#[derive(Debug, clap::Args)]
struct StorePath {
    /// The file of the store
    #[arg(long, value_name = "PATH", default_value = "keyway.db")]
    store: PathBuf,
}

/// Which store, of any kind.
#[derive(Debug, clap::Args)]
struct StoreLocation {
    /// The file of the store, or the URL of a database
    #[arg(long, value_name = "PATH|URL", default_value = "keyway.db",
          value_parser = OsStringValueParser::new().map(Location::from))]
    store: Location,
}

/// Runs one of the commands.
pub(crate) fn run(command: &StoreCommand, terminal: &Terminal) -> Result<Exit, Failure> {
    match command {
        StoreCommand::Verify(args) => verify::run(args, terminal),
        StoreCommand::RotateKey(args) => rotate_key::run(args, terminal),
        StoreCommand::Backup(args) => backup::run(args, terminal),
        StoreCommand::Export(args) => export::run(args, terminal),
        StoreCommand::Import(args) => import::run(args, terminal),
        StoreCommand::Migrate(args) => migrate::run(args, terminal),
        StoreCommand::Info(args) => info::run(args),
    }
}

/// Waits for what is asked of a store.
fn wait<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    Waiter::new()?.wait(work)
}

/// Says something on standard output.
fn print(line: &str) -> Result<(), Failure> {
    crate::exit::written(std::io::Write::write_all(&mut std::io::stdout(), format!("{line}\n").as_bytes()))
}
