//! `keyway store export`: every record in one file that any kind of store can import.

use super::output::Output;
use super::passphrase::{ENVIRONMENT, Lock};
use super::verify::counts;
use super::{StoreLocation, archive, opened, print, records, wait};
use crate::exit::{Exit, Failure};
use crate::sealing;
use crate::terminal::Terminal;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

/// What stands behind the options.
fn examples() -> String {
    format!(
        "\
Examples:
  keyway store export keyway.export
  KEYWAY_EXPORT_PASSPHRASE=... keyway store export keyway.export --store /var/lib/keyway/keyway.db

{ENVIRONMENT}

A server may run meanwhile; a token that it renews after its record was read is in the file as it was before. Stop it first
where the file is to take the place of the store. Tickets (flows that are under way, for minutes) are left out."
    )
}

/// Where to.
#[derive(Debug, clap::Args)]
#[command(after_help = examples())]
pub(crate) struct ExportArgs {
    /// The file to write; an existing one is never overwritten
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    path: StoreLocation,
}

/// Exports.
pub(super) fn run(args: &ExportArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    if let Some(path) = args.path.store.file() {
        sealing::there(path)?;
    }
    let mut output = Output::new(&args.file)?;
    let lock = Lock::new()?;
    let mut count = terminal.count("records exported");
    let mut writer =
        archive::Writer::new(BufWriter::new(output.file()), &lock).map_err(|failure| named(&args.file, &failure))?;
    let read = wait(async {
        let store = opened::existing(&args.path.store).await?;
        let mut number = 0;
        records::read(store.as_ref(), async |record| {
            number += 1;
            count.set(number);
            writer.write(&record).map_err(|failure| named(&args.file, &failure))
        })
        .await
    })?;
    writer.finish().map_err(|failure| named(&args.file, &failure))?;
    output.keep()?;
    drop(count);
    let counts = counts(read.integrations, read.connections, read.registrations);
    print(&format!("{}: {counts}", args.file.display()))?;
    Ok(Exit::Clean)
}

/// A failure of a file, with its name.
pub(super) fn named(file: &Path, failure: &Failure) -> Failure {
    Failure { message: format!("`{}`: {}", file.display(), failure.message), exit: failure.exit }
}
