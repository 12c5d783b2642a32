//! Registered clients as rows; what the server answered is sealed, because it holds the client's secret.
//!
//! Each function runs inside its caller's transaction.

use super::rows::{Result, internal_id};
use crate::clock::Timestamp;
use crate::seal::{SealContext, SealingKeys};
use crate::store::sealed::place::{open_text, registration_place as place, registration_row};
use crate::store::sealed::text::optional_timestamp;
use crate::store::{self, Registration, RegistrationKey};
use rusqlite::{OptionalExtension, Row, Transaction, named_params, params};

/// [`registration_row`] in SQL.
const PLACE: &str = "issuer || ' ' || request || ' ' || client_id";

pub(super) fn read(tx: &Transaction<'_>, keys: &SealingKeys, key: &RegistrationKey) -> Result<Option<Registration>> {
    let Some(integration) = internal_id(tx, &key.integration)? else { return Ok(None) };
    let row: Option<(String, Vec<u8>, Option<i64>)> = tx
        .prepare_cached(
            "SELECT client_id, answer, expires_at FROM registrations
             WHERE integration = ?1 AND issuer = ?2 AND request = ?3",
        )?
        .query_row([&integration, &key.issuer, &key.request], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((client_id, answer, expires_at)) = row else { return Ok(None) };
    let connection = registration_row(key, &client_id);
    let answer = open_text(keys, place(&integration, &connection), &[], &answer)?;
    Ok(Some(Registration { key: key.clone(), client_id, answer, expires_at: optional_timestamp(expires_at)? }))
}

/// A page of an integration's clients, in the order of their keys.
pub(super) fn list(
    tx: &Transaction<'_>,
    keys: &SealingKeys,
    integration: &str,
    after: Option<&RegistrationKey>,
    limit: usize,
) -> Result<Vec<Registration>> {
    let Some(id) = internal_id(tx, integration)? else { return Ok(Vec::new()) };
    let after = after.map_or(("", ""), |key| (key.issuer.as_str(), key.request.as_str()));
    let mut statement = tx.prepare_cached(
        "SELECT * FROM registrations WHERE integration = ?1 AND (issuer, request) > (?2, ?3)
         ORDER BY issuer, request LIMIT ?4",
    )?;
    let mut rows = statement.query(params![id, after.0, after.1, i64::try_from(limit).unwrap_or(i64::MAX)])?;
    let mut page = Vec::new();
    while let Some(row) = rows.next()? {
        page.push(from_row(row, keys, &id, integration)?);
    }
    Ok(page)
}

/// A client as its row says it, of the integration with this internal id and this key.
pub(super) fn from_row(row: &Row<'_>, keys: &SealingKeys, id: &str, integration: &str) -> Result<Registration> {
    let key = RegistrationKey {
        integration: integration.to_owned(),
        issuer: row.get("issuer")?,
        request: row.get("request")?,
    };
    let client_id: String = row.get("client_id")?;
    let answer: Vec<u8> = row.get("answer")?;
    let answer = open_text(keys, place(id, &registration_row(&key, &client_id)), &[], &answer)?;
    Ok(Registration { key, client_id, answer, expires_at: optional_timestamp(row.get("expires_at")?)? })
}

pub(super) fn put(tx: &Transaction<'_>, keys: &SealingKeys, registration: &Registration) -> Result<()> {
    let Registration { key, client_id, answer, expires_at } = registration;
    let integration = internal_id(tx, &key.integration)?.ok_or_else(|| store::unknown_integration(&key.integration))?;
    let connection = registration_row(key, client_id);
    tx.prepare_cached(
        "INSERT OR REPLACE INTO registrations (integration, issuer, request, client_id, answer, expires_at)
         VALUES (:integration, :issuer, :request, :client_id, :answer, :expires_at)",
    )?
    .execute(named_params! {
        ":integration": integration,
        ":issuer": key.issuer,
        ":request": key.request,
        ":client_id": client_id,
        ":answer": keys.seal(place(&integration, &connection), answer.expose().as_bytes())?,
        ":expires_at": expires_at.map(Timestamp::as_microsecond),
    })?;
    Ok(())
}

pub(super) fn delete(tx: &Transaction<'_>, integration: &str, client_id: &str) -> Result<bool> {
    let Some(integration) = internal_id(tx, integration)? else { return Ok(false) };
    let mut statement = tx.prepare_cached("DELETE FROM registrations WHERE integration = ?1 AND client_id = ?2")?;
    Ok(statement.execute(params![integration, client_id])? > 0)
}

/// Seals every value with the first key. None was ever kept without what its row says, so none has to be bound anew.
pub(super) fn seal_again(tx: &Transaction<'_>, keys: &SealingKeys) -> Result<()> {
    let mut select = tx.prepare(&format!("SELECT rowid, integration, {PLACE}, answer FROM registrations"))?;
    let mut update = tx.prepare("UPDATE registrations SET answer = ?2 WHERE rowid = ?1")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (integration, connection): (String, String) = (row.get(1)?, row.get(2)?);
        let place = SealContext { integration: &integration, connection: &connection, column: "answer" };
        let value = keys.open(place, &row.get::<_, Vec<u8>>(3)?)?;
        update.execute(params![row.get::<_, i64>(0)?, keys.seal(place, &value)?])?;
    }
    Ok(())
}
