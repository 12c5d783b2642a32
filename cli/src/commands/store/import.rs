//! `keyway store import`: the records of an exported file into a store.
//!
//! The file is read to its end before the first record is written: one that is damaged, or sealed with another
//! passphrase, changes nothing.

use super::archive::Reader;
use super::export::named;
use super::passphrase::{ENVIRONMENT, Lock};
use super::records::{self, OnConflict, WriteOutcome};
use super::{StoreLocation, opened, print, wait};
use crate::exit::{Exit, Failure};
use crate::terminal::Terminal;
use std::fs::File;
use std::io::{BufReader, Seek};
use std::path::PathBuf;

/// The number of records named that were not written.
const MAX_NAMED: usize = 20;

fn examples() -> String {
    format!(
        "\
Examples:
  keyway store import keyway.export --store new.db
  keyway store import keyway.export --merge

{ENVIRONMENT}

A store that is not there is made, with a key beside it. Into one that has records, say `--merge` or `--replace`. The exit code is
1 if records were left as the store had them."
    )
}

/// What to read, and where to.
#[derive(Debug, clap::Args)]
#[command(after_help = examples())]
pub(crate) struct ImportArgs {
    /// The file that `export` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Add what the store does not have; of a record that it has with another content, keep the store's
    #[arg(long, conflicts_with = "replace")]
    merge: bool,
    /// Add what the store does not have, and overwrite what it has; records that are not in the file stay
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    path: StoreLocation,
}

/// Imports.
pub(super) fn run(args: &ImportArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let file = File::open(&args.file)
        .map_err(|error| Failure::usage(format!("cannot read `{}`: {error}", args.file.display())))?;
    let lock = Lock::of_existing()?;
    check(&file, &lock).map_err(|failure| named(&args.file, &failure))?;
    let on_conflict = if args.replace { OnConflict::Replace } else { OnConflict::Keep };
    let mut reader = reader(&file, &lock).map_err(|failure| named(&args.file, &failure))?;
    let mut count = terminal.count("records imported");
    let (mut written, mut same, mut kept) = (0_u64, 0_u64, Vec::new());
    let mut kept_count = 0;
    let outcome = wait(async {
        let store = opened::or_made(&args.path.store).await?;
        if !(args.merge || args.replace || opened::is_empty(store.as_ref()).await?) {
            let store = &args.path.store;
            return Err(Failure::usage(format!(
                "the store `{store}` has records: say `--merge` to keep them, or `--replace` to overwrite those that are in the \
                 file too"
            )));
        }
        while let Some(record) = reader.next().map_err(|failure| named(&args.file, &failure))? {
            match records::write(store.as_ref(), record, on_conflict).await? {
                WriteOutcome::Written => written += 1,
                WriteOutcome::Same => same += 1,
                WriteOutcome::Kept(name) => {
                    kept_count += 1;
                    kept.extend(Some(name).filter(|_| kept_count <= MAX_NAMED));
                }
            }
            count.set(written + same);
        }
        Ok(())
    });
    drop(count);
    outcome.map_err(|failure| match written {
        0 => failure,
        _ => Failure {
            message: format!(
                "{}\n{written} records were written before; run it again with `--merge` to go on",
                failure.message
            ),
            exit: failure.exit,
        },
    })?;
    for name in &kept {
        print(&format!("{name} is another one in the store, and was kept"))?;
    }
    print(&format!("{written} records written, {same} were there already, {kept_count} kept as the store has them"))?;
    Ok(if kept_count == 0 { Exit::Clean } else { Exit::Findings })
}

fn check(file: &File, lock: &Lock) -> Result<(), Failure> {
    let mut reader = reader(file, lock)?;
    while reader.next()?.is_some() {}
    Ok(())
}

fn reader<'a>(mut file: &'a File, lock: &Lock) -> Result<Reader<BufReader<&'a File>>, Failure> {
    file.rewind().map_err(|error| Failure::usage(format!("it cannot be read: {error}")))?;
    Reader::new(BufReader::new(file), lock)
}
