//! `keyway store info`: what a store says of itself without its key.

use super::verify::counts;
use super::{StorePath, failed, print};
use crate::exit::{Exit, Failure};
use crate::sealing;
use keyway::store::{Sqlite, SqliteInfo};
use std::cmp::Ordering;

const EXAMPLES: &str = "\
Examples:
  keyway store info
  keyway store info --store /backup/keyway-2026-01-31.db";

/// Which store to describe.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct InfoArgs {
    #[command(flatten)]
    path: StorePath,
}

/// Describes.
pub(super) fn run(args: &InfoArgs) -> Result<Exit, Failure> {
    let store = &args.path.store;
    sealing::there(store)?;
    let info = Sqlite::info(store).map_err(failed)?;
    print(&format!("store    {}", store.display()))?;
    print(&format!("schema   {}", schema(&info)))?;
    print(&format!("key      {}", info.key_id.as_deref().unwrap_or("none")))?;
    let counts = counts(info.integrations, info.connections, info.registrations);
    print(&format!("records  {counts}, {} tickets", info.tickets))?;
    print(&format!("size     {} bytes, and {} in the log beside it", info.size, info.log_size))?;
    Ok(Exit::Clean)
}

fn schema(info: &SqliteInfo) -> String {
    let SqliteInfo { schema, newest_schema, .. } = info;
    match schema.cmp(newest_schema) {
        Ordering::Less => format!("{schema}; `keyway serve` brings it to {newest_schema} when it opens the store"),
        Ordering::Equal => schema.to_string(),
        Ordering::Greater => format!("{schema}, of a newer version of Keyway: this one knows {newest_schema}"),
    }
}
