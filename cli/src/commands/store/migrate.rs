//! `keyway store migrate`: every record of a store into another, empty one, which may be of another kind.

use super::records::{self, OnConflict};
use super::verify::counts;
use super::{opened, print, wait};
use crate::exit::{Exit, Failure};
use crate::terminal::Terminal;
use std::path::PathBuf;

const EXAMPLES: &str = "\
Examples:
  keyway store migrate keyway.db new.db

The key of each store is in `<store>.key`; one that is not there is made. Stop the server first: a token that it renews meanwhile
is not copied. The old store stays as it is. A migration that was stopped leaves a new store that is not whole: remove it, and
begin again.";

/// From where to where.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct MigrateArgs {
    /// The store to read
    #[arg(value_name = "FROM")]
    from: PathBuf,
    /// The store to fill; one that is not there is made
    #[arg(value_name = "TO")]
    to: PathBuf,
}

/// Migrates.
pub(super) fn run(args: &MigrateArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let from = opened::existing(&args.from)?;
    if args.to.canonicalize().is_ok_and(|to| args.from.canonicalize().is_ok_and(|from| from == to)) {
        return Err(Failure::usage("the two stores are one"));
    }
    let to = opened::or_made(&args.to)?;
    let mut count = terminal.count("records copied");
    let copied = wait(async {
        if !opened::is_empty(to.as_ref()).await? {
            return Err(Failure::usage(format!("the store `{}` has records: name an empty one", args.to.display())));
        }
        let mut number = 0;
        records::read(from.as_ref(), async |record| {
            number += 1;
            count.set(number);
            records::write(to.as_ref(), record, OnConflict::Replace).await.map(drop)
        })
        .await
    })?;
    drop(count);
    let counts = counts(copied.integrations, copied.connections, copied.registrations);
    print(&format!("{} to {}: {counts}", args.from.display(), args.to.display()))?;
    Ok(Exit::Clean)
}
