//! `keyway store migrate`: every record of a store into another, empty one, which may be of another kind.

use super::records::{self, OnConflict};
use super::verify::counts;
use super::{opened, print, wait};
use crate::exit::{Exit, Failure};
use crate::location::Location;
use crate::terminal::Terminal;
use clap::builder::{OsStringValueParser, TypedValueParser as _};

const EXAMPLES: &str = "\
Examples:
  keyway store migrate keyway.db new.db
  KEYWAY_ENCRYPTION_KEY=$(cat keyway.db.key) keyway store migrate keyway.db postgres://keyway@db.example.com/keyway

The key of each store is in `<store>.key`; one that is not there is made. A database's is in KEYWAY_ENCRYPTION_KEY, which is then the
key of both. Stop the server first: a token that it renews meanwhile
is not copied. The old store stays as it is. A migration that was stopped leaves a new store that is not whole: remove it, and
begin again.";

/// From where to where.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct MigrateArgs {
    /// The store to read
    #[arg(value_name = "FROM", value_parser = OsStringValueParser::new().map(Location::from))]
    from: Location,
    /// The store to fill; one that is not there is made
    #[arg(value_name = "TO", value_parser = OsStringValueParser::new().map(Location::from))]
    to: Location,
}

/// Migrates.
pub(super) fn run(args: &MigrateArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    if args.from.is_same(&args.to) {
        return Err(Failure::usage("the two stores are one"));
    }
    let mut count = terminal.count("records copied");
    let copied = wait(async {
        let from = opened::existing(&args.from).await?;
        let to = opened::or_made(&args.to).await?;
        if !opened::is_empty(to.as_ref()).await? {
            return Err(Failure::usage(format!("the store `{}` has records: name an empty one", args.to)));
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
    print(&format!("{} to {}: {counts}", args.from, args.to))?;
    Ok(Exit::Clean)
}
