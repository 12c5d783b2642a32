//! `keyway store backup`: a copy of the store as it is at one moment.
//!
//! Values stay sealed, so that no key is needed; the key has to be kept elsewhere.

use super::output::Output;
use super::{StorePath, failed, print};
use crate::exit::{Exit, Failure};
use crate::sealing;
use crate::terminal::Terminal;
use keyway::store::Sqlite;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  keyway store backup /backup/keyway-$(date +%F).db
  keyway store backup copy.db --store /var/lib/keyway/keyway.db

A server may run meanwhile. The copy is sealed with the key of the store: keep that key too, at another place. To restore, stop
the server, put the copy in the place of the store, and remove `<store>-wal` and `<store>-shm`.";

/// Where to.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct BackupArgs {
    /// The file to write; an existing one is never overwritten
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    path: StorePath,
}

/// Copies.
pub(super) fn run(args: &BackupArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let store = &args.path.store;
    sealing::there(store)?;
    let output = Output::new(&args.file)?;
    let progress = terminal.progress(format!("copying `{}`", store.display()));
    Sqlite::copy(store, output.path()).map_err(|error| {
        let Failure { message, exit } = failed(error);
        Failure { message: format!("no copy was made: {message}"), exit }
    })?;
    drop(progress);
    output.keep()?;
    print(&format!("{} is a copy of {}", args.file.display(), store.display()))?;
    Ok(Exit::Clean)
}
