//! `keyway store verify`: does every value open?

use super::{StorePath, failed, print};
use crate::commands::plural;
use crate::exit::{Exit, Failure};
use crate::sealing;
use crate::terminal::Terminal;
use keyway::store::{Sqlite, Verified};

const EXAMPLES: &str = "\
Examples:
  keyway store verify
  keyway store verify --store /backup/keyway-2026-01-31.db

The exit code is 0 if every value opens, 1 if one does not, 2 if the store cannot be read at all. A backup is verified like any
store: with its key in KEYWAY_ENCRYPTION_KEY, or in a file beside it.";

/// Which store to look at.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    path: StorePath,
}

/// Verifies.
pub(super) fn run(args: &VerifyArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let store = &args.path.store;
    let sealing::FoundKey { key, .. } = sealing::find(store)?;
    let mut count = terminal.count("records verified");
    let verified = Sqlite::verify(store, key, &mut |opened| count.set(opened)).map_err(failed)?;
    drop(count);
    for finding in &verified.findings {
        print(finding)?;
    }
    if verified.more > 0 {
        print(&format!("and {} more", verified.more))?;
    }
    print(&summary(&verified))?;
    Ok(if verified.findings.is_empty() { Exit::Clean } else { Exit::Findings })
}

fn summary(verified: &Verified) -> String {
    let counts = counts(verified.integrations, verified.connections, verified.registrations);
    match verified.findings.len() as u64 + verified.more {
        0 => format!("{counts}, {}: every value opens", records(verified.tickets, "ticket")),
        findings => format!("{counts}, {}: {}", records(verified.tickets, "ticket"), records(findings, "finding")),
    }
}

/// The counts of the records that last.
pub(super) fn counts(integrations: u64, connections: u64, registrations: u64) -> String {
    let [integrations, connections, clients] =
        [(integrations, "integration"), (connections, "connection"), (registrations, "registered client")]
            .map(|(count, noun)| records(count, noun));
    format!("{integrations}, {connections}, {clients}")
}

fn records(count: u64, noun: &str) -> String {
    plural(usize::try_from(count).unwrap_or(usize::MAX), noun, &format!("{noun}s"))
}
