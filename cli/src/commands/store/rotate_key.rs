//! `keyway store rotate-key`: everything sealed with a new key.
//!
//! The order is what makes it safe to kill: the old key is kept under a name of its own, the new one is on the disk
//! under `<store>.key.next`, then one transaction seals everything, then the new key takes the old one's name. Between
//! the last two the store itself says which key is its own ([`crate::sealing`]).

use super::{StorePath, failed, print};
use crate::exit::{Exit, Failure};
use crate::sealing::{self, FoundKey, Source};
use crate::terminal::Terminal;
use crate::whole;
use keyway::seal::{SealingKey, SealingKeys};
use keyway::store::Sqlite;
use std::path::Path;

const NEW_VARIABLE: &str = "KEYWAY_NEW_ENCRYPTION_KEY";

const EXAMPLES: &str = "\
Examples:
  keyway store rotate-key
  KEYWAY_NEW_ENCRYPTION_KEY=$(openssl rand -base64 32) keyway store rotate-key

Environment:
  KEYWAY_ENCRYPTION_KEY      the key of now; without it, `<store>.key` is read
  KEYWAY_NEW_ENCRYPTION_KEY  Base64 of 32 bytes, the new key; without it, one is made and written to `<store>.key`. Where the
                             key of now comes from the environment, the new one has to

Stop the server first. The old key stays beside the store, in `<store>.key.<id>`: backups from before are sealed with it. Delete
it when they are gone.";

/// Which store to seal again.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct RotateKeyArgs {
    #[command(flatten)]
    path: StorePath,
}

/// Rotates.
pub(super) fn run(args: &RotateKeyArgs, terminal: &Terminal) -> Result<Exit, Failure> {
    let store = &args.path.store;
    let FoundKey { key: old, source } = sealing::find(store)?;
    let given = given()?;
    let _progress = terminal.progress(format!("sealing `{}` again", store.display()));
    match source {
        Source::Environment => {
            let new = given.ok_or_else(|| {
                let variable = sealing::VARIABLE;
                Failure::usage(format!("the key comes from {variable}: give the new one in {NEW_VARIABLE}"))
            })?;
            rotate(store, &new, old)?;
            let variable = sealing::VARIABLE;
            print(&format!("sealed with the key {}; set {variable} to what {NEW_VARIABLE} is", new.id()))?;
        }
        Source::File(path) => {
            let kept = sealing::beside(store, &format!("key.{}", old.id()));
            if sealing::read_key(&kept)?.is_none() {
                whole::File::written(kept.clone(), &old.to_base64())?.keep()?;
            }
            let new = next_key(store, given)?;
            rotate(store, &new, old)?;
            sealing::take_place(store)?;
            print(&format!(
                "sealed with the key {}, in {}; keep a copy of it. The old key is in {}: delete it when there is no backup \
                 from before",
                new.id(),
                path.display(),
                kept.display()
            ))?;
        }
    }
    Ok(Exit::Clean)
}

fn rotate(store: &Path, new: &SealingKey, old: SealingKey) -> Result<(), Failure> {
    Sqlite::rotate(store, SealingKeys::new(new.clone(), [old])).map_err(failed)
}

fn given() -> Result<Option<SealingKey>, Failure> {
    let Some(text) = sealing::variable(NEW_VARIABLE)? else { return Ok(None) };
    let key = SealingKey::from_base64(text.expose());
    key.map(Some).map_err(|error| Failure::usage(format!("{NEW_VARIABLE}: {error}")))
}

/// The new key, on the disk: the one that was given, or the one of a rotation that did not come to its end, or a new
/// one.
fn next_key(store: &Path, given: Option<SealingKey>) -> Result<SealingKey, Failure> {
    let path = sealing::next_key_file(store);
    match (sealing::read_key(&path)?, given) {
        (Some(there), None) => Ok(there),
        (Some(there), Some(given)) if there.id() == given.id() => Ok(there),
        (Some(_), Some(_)) => {
            // No value is sealed with it: the store would say so, and it would have its place by now.
            std::fs::remove_file(&path).map_err(|error| super::output::cannot_write(&path, &error))?;
            next_key(store, self::given()?)
        }
        (None, given) => {
            let key = given.map_or_else(SealingKey::generate, Ok).map_err(failed)?;
            whole::File::written(path, &key.to_base64())?.keep()?;
            Ok(key)
        }
    }
}
