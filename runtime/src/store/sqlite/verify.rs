//! A look at the whole store: the file's structure, every reference, every sealed value.
//!
//! Nothing is written. A store of an older schema is brought up to date in a transaction that is taken back.

use super::rows::{self, Result as RowResult};
use super::{Fault, Sqlite, open, registrations};
use crate::connection::ConnectionKey;
use crate::error::Result;
use crate::seal::SealingKeys;
use rusqlite::{ErrorCode, Row, Transaction};
use std::path::Path;

/// The number of findings that are kept; the others are counted.
const MAX_FINDINGS: usize = 100;

/// What a look at every record of a store found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Verified {
    /// The number of integrations.
    pub integrations: u64,
    /// The number of connections.
    pub connections: u64,
    /// The number of registered clients.
    pub registrations: u64,
    /// The number of tickets, expired ones included.
    pub tickets: u64,
    /// The first hundred findings, each a sentence that names the record: never a secret.
    pub findings: Vec<String>,
    /// The number of findings beyond those.
    pub more: u64,
}

impl Sqlite {
    /// Checks the structure of the store at `path` and opens every value in it; `opened` is told how many records were
    /// looked at so far.
    ///
    /// Blocks, for seconds in a large store. Other processes go on reading and writing. A file that is no store, one
    /// that is sealed with another key and one of a newer version are errors, as in [`Sqlite::open`]; all else is a
    /// finding.
    pub fn verify(
        path: impl AsRef<Path>,
        keys: impl Into<SealingKeys>,
        opened: &mut dyn FnMut(u64),
    ) -> Result<Verified> {
        let (path, keys) = (path.as_ref(), keys.into());
        verify(path, &keys, opened).map_err(|fault| fault.at(path))
    }
}

fn verify(path: &Path, keys: &SealingKeys, opened: &mut dyn FnMut(u64)) -> RowResult<Verified> {
    let mut database = open::existing(path)?;
    open::check(&database, path, keys)?;
    let tx = open::as_if_migrated(&mut database, keys)?;
    let mut verified = Verified::default();
    let outcome = structure(&tx, &mut verified).and_then(|()| records(&tx, keys, &mut verified, opened));
    match outcome {
        Err(Fault::Database(error)) if is_damage(&error) => {
            verified.finding(format!("the file is damaged, and what lies behind this place was not read: {error}"));
        }
        other => other?,
    }
    tx.rollback()?;
    Ok(verified)
}

impl Verified {
    fn finding(&mut self, text: String) {
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(text);
        } else {
            self.more += 1;
        }
    }

    fn records(&self) -> u64 {
        self.integrations + self.connections + self.registrations + self.tickets
    }
}

fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase))
}

fn structure(tx: &Transaction<'_>, verified: &mut Verified) -> RowResult<()> {
    let mut check = tx.prepare(&format!("PRAGMA integrity_check({MAX_FINDINGS})"))?;
    let mut rows = check.query([])?;
    while let Some(row) = rows.next()? {
        let text: String = row.get(0)?;
        if text != "ok" {
            verified.finding(format!("the file is damaged: {text}"));
        }
    }
    Ok(())
}

fn records(
    tx: &Transaction<'_>,
    keys: &SealingKeys,
    verified: &mut Verified,
    opened: &mut dyn FnMut(u64),
) -> RowResult<()> {
    /// Looks at a row: the name of its record, and what came of opening it.
    type Look = fn(&Row<'_>, &SealingKeys) -> RowResult<(String, RowResult<()>)>;
    type Counter = fn(&mut Verified) -> &mut u64;
    let tables: [(&str, Look, Counter); 4] = [
        ("SELECT * FROM integrations", integration, |verified| &mut verified.integrations),
        (&of_an_integration("connections"), connection, |verified| &mut verified.connections),
        (&of_an_integration("registrations"), registration, |verified| &mut verified.registrations),
        ("SELECT * FROM tickets", ticket, |verified| &mut verified.tickets),
    ];
    for (statement, look, counter) in tables {
        let mut statement = tx.prepare(statement)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (name, outcome) = look(row, keys)?;
            *counter(verified) += 1;
            match outcome {
                Ok(()) => {}
                Err(Fault::Ours(error)) => verified.finding(format!("{name}: {}", error.message())),
                Err(Fault::Database(error)) if is_damage(&error) => return Err(error.into()),
                // A value of another type than its column has: the row was edited.
                Err(Fault::Database(error)) => verified.finding(format!("{name}: {error}")),
            }
            opened(verified.records());
        }
    }
    Ok(())
}

fn of_an_integration(table: &str) -> String {
    format!(
        "SELECT {table}.*, integrations.key AS integration_key
         FROM {table} LEFT JOIN integrations ON integrations.id = {table}.integration"
    )
}

fn integration(row: &Row<'_>, keys: &SealingKeys) -> RowResult<(String, RowResult<()>)> {
    let name = format!("integration `{}`", shown(&row.get::<_, String>("key")?));
    Ok((name, rows::read_integration(row, keys, crate::store::sealed::bound::Binding::Row).map(drop)))
}

fn connection(row: &Row<'_>, keys: &SealingKeys) -> RowResult<(String, RowResult<()>)> {
    let (integration, id): (String, String) = (row.get("integration")?, row.get("id")?);
    let Some(key) = row.get::<_, Option<String>>("integration_key")? else {
        return Ok(orphan(&format!("connection `{}`", shown(&id)), &integration));
    };
    let name = format!("connection `{}` of `{}`", shown(&id), shown(&key));
    Ok((name, rows::read_connection(row, keys, &integration, &ConnectionKey::new(key, id)).map(drop)))
}

fn registration(row: &Row<'_>, keys: &SealingKeys) -> RowResult<(String, RowResult<()>)> {
    let (integration, client): (String, String) = (row.get("integration")?, row.get("client_id")?);
    let Some(key) = row.get::<_, Option<String>>("integration_key")? else {
        return Ok(orphan(&format!("registered client `{}`", shown(&client)), &integration));
    };
    let name = format!("registered client `{}` of `{}`", shown(&client), shown(&key));
    Ok((name, registrations::from_row(row, keys, &integration, &key).map(drop)))
}

fn ticket(row: &Row<'_>, keys: &SealingKeys) -> RowResult<(String, RowResult<()>)> {
    Ok((format!("ticket `{}`", shown(&row.get::<_, String>("id")?)), rows::read_ticket(row, keys).map(drop)))
}

fn orphan(record: &str, integration: &str) -> (String, RowResult<()>) {
    let message = format!("there is no integration with the id `{}`", shown(integration));
    (record.to_owned(), Err(crate::error::Error::new(crate::error::ErrorKind::SealBroken, message).into()))
}

/// A name as one line of a terminal.
fn shown(name: &str) -> String {
    name.escape_debug().to_string()
}
