//! Records as rows: every statement, and what is sealed in it.
//!
//! Each function runs inside its caller's transaction.

use super::Fault;
use super::metadata;
use crate::clock::Timestamp;
use crate::connection::{Connection, ConnectionKey, RefreshState};
use crate::integration::IntegrationRecord;
use crate::seal::{SealContext, SealingKeys};
use crate::secret::Secret;
use crate::store::sealed::bound::{self, Binding};
use crate::store::sealed::place::{metadata_place, new_id, open_text, ticket_place};
use crate::store::sealed::text::{self, optional_timestamp, text_list};
use crate::store::{self, ConnectionListing, Ticket};
use keyway_spec::quirks::UnknownOutcome;
use rusqlite::{OptionalExtension, Row, Transaction, named_params, params};
use serde_json::{Map, Value};

pub(super) type Result<T> = std::result::Result<T, Fault>;

pub(super) fn insert_integration(tx: &Transaction<'_>, keys: &SealingKeys, record: &IntegrationRecord) -> Result<()> {
    if internal_id(tx, &record.key)?.is_some() {
        return Err(store::integration_exists(&record.key).into());
    }
    if record.id.is_empty() {
        return write_integration(tx, keys, &new_id()?, record);
    }
    let taken = tx.prepare_cached("SELECT 1 FROM integrations WHERE id = ?1")?.exists([&record.id])?;
    if taken { Err(store::id_exists().into()) } else { write_integration(tx, keys, &record.id, record) }
}

pub(super) fn update_integration(
    tx: &Transaction<'_>,
    keys: &SealingKeys,
    key: &str,
    record: &IntegrationRecord,
    expected: Option<&IntegrationRecord>,
) -> Result<()> {
    let id = internal_id(tx, key)?.ok_or_else(|| store::unknown_integration(key))?;
    if let Some(expected) = expected
        && integration(tx, keys, key)?.as_ref() != Some(expected)
    {
        return Err(store::integration_conflict(key).into());
    }
    if record.key != key && internal_id(tx, &record.key)?.is_some() {
        return Err(store::integration_exists(&record.key).into());
    }
    write_integration(tx, keys, &id, record)
}

pub(super) fn integration(tx: &Transaction<'_>, keys: &SealingKeys, key: &str) -> Result<Option<IntegrationRecord>> {
    let mut statement = tx.prepare_cached("SELECT * FROM integrations WHERE key = ?1")?;
    let mut rows = statement.query([key])?;
    rows.next()?.map(|row| read_integration(row, keys, Binding::Row)).transpose()
}

pub(super) fn integrations(tx: &Transaction<'_>, keys: &SealingKeys) -> Result<Vec<IntegrationRecord>> {
    let mut statement = tx.prepare_cached("SELECT * FROM integrations ORDER BY key")?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read_integration(row, keys, Binding::Row)?);
    }
    Ok(all)
}

pub(super) fn delete_integration(tx: &Transaction<'_>, key: &str) -> Result<bool> {
    Ok(tx.execute("DELETE FROM integrations WHERE key = ?1", [key])? > 0)
}

pub(super) fn connection(tx: &Transaction<'_>, keys: &SealingKeys, key: &ConnectionKey) -> Result<Option<Connection>> {
    let Some(integration) = internal_id(tx, &key.integration)? else { return Ok(None) };
    let mut statement = tx.prepare_cached("SELECT * FROM connections WHERE integration = ?1 AND id = ?2")?;
    let mut rows = statement.query([&integration, &key.id])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    read_connection(row, keys, &integration, key).map(Some)
}

pub(super) fn put_connection(
    tx: &Transaction<'_>,
    keys: &SealingKeys,
    connection: &Connection,
    expected: Option<u64>,
) -> Result<u64> {
    let key = &connection.key;
    let integration = internal_id(tx, &key.integration)?.ok_or_else(|| store::unknown_integration(&key.integration))?;
    let found = metadata::stored(tx, &integration, &key.id)?;
    if found.as_ref().map(|stored| stored.epoch.cast_unsigned()) != expected {
        return Err(store::conflict(key).into());
    }
    let metadata = match found {
        Some(stored) => stored.open(keys, metadata_place(&integration, &key.id))?,
        None => text::to_json(&connection.metadata)?,
    };
    let epoch: i64 =
        tx.prepare_cached("UPDATE epoch SET last = last + 1 RETURNING last")?.query_row([], |row| row.get(0))?;
    let beside = bound::connection(&connection.provider, epoch)?;
    let seal = |column, value: &[u8]| {
        keys.seal_beside(SealContext { integration: &integration, connection: &key.id, column }, &beside, value)
    };
    tx.prepare_cached(
        "INSERT INTO connections (integration, id, provider, config, metadata, credentials,
         last_success, last_failure, attempts, exhausted, created_at, updated_at, expires_at, epoch, intent,
         failures, unanswered, retry_at)
         VALUES (:integration, :id, :provider, :config, :metadata, :credentials,
         :last_success, :last_failure, :attempts, :exhausted, :created_at, :updated_at, :expires_at, :epoch, :intent,
         :failures, :unanswered, :retry_at)
         ON CONFLICT (integration, id) DO UPDATE SET provider = :provider, config = :config, metadata = :metadata,
         credentials = :credentials, last_success = :last_success, last_failure = :last_failure, attempts = :attempts,
         exhausted = :exhausted, created_at = :created_at, updated_at = :updated_at, expires_at = :expires_at,
         epoch = :epoch, intent = :intent, failures = :failures, unanswered = :unanswered, retry_at = :retry_at",
    )?
    .execute(named_params! {
        ":integration": integration,
        ":id": key.id,
        ":provider": connection.provider,
        ":config": seal("config", &text::to_json(&connection.config)?)?,
        ":metadata": seal("metadata", &metadata)?,
        ":credentials": seal("credentials", &text::credentials_to_json(&connection.credentials)?)?,
        ":last_success": connection.refresh.last_success.map(Timestamp::as_microsecond),
        ":last_failure": connection.refresh.last_failure.map(Timestamp::as_microsecond),
        ":attempts": connection.refresh.attempts,
        ":exhausted": connection.refresh.exhausted,
        ":created_at": connection.created_at.as_microsecond(),
        ":updated_at": connection.updated_at.as_microsecond(),
        ":expires_at": ConnectionListing::of(connection).expires_at.map(Timestamp::as_microsecond),
        ":epoch": epoch,
        ":intent": connection.refresh.intent.map(Timestamp::as_microsecond),
        ":failures": connection.refresh.failures,
        ":unanswered": connection.refresh.unanswered,
        ":retry_at": connection.refresh.retry_at.map(Timestamp::as_microsecond),
    })?;
    Ok(epoch.cast_unsigned())
}

pub(super) fn set_metadata(
    tx: &Transaction<'_>,
    keys: &SealingKeys,
    key: &ConnectionKey,
    metadata: &Map<String, Value>,
) -> Result<bool> {
    let Some(integration) = internal_id(tx, &key.integration)? else { return Ok(false) };
    metadata::set(tx, keys, (&integration, &key.id), metadata)
}

pub(super) fn delete_connection(tx: &Transaction<'_>, key: &ConnectionKey) -> Result<bool> {
    let Some(integration) = internal_id(tx, &key.integration)? else { return Ok(false) };
    Ok(tx.execute("DELETE FROM connections WHERE integration = ?1 AND id = ?2", [&integration, &key.id])? > 0)
}

pub(super) fn put_ticket(tx: &Transaction<'_>, keys: &SealingKeys, ticket: &Ticket) -> Result<()> {
    let beside = bound::ticket(ticket.expires_at.as_microsecond())?;
    let payload = keys.seal_beside(ticket_place(&ticket.id), &beside, ticket.payload.expose().as_bytes())?;
    let row = params![ticket.id, payload, ticket.expires_at.as_microsecond()];
    tx.prepare_cached("INSERT OR REPLACE INTO tickets VALUES (?1, ?2, ?3)")?.execute(row)?;
    Ok(())
}

pub(super) fn ticket(tx: &Transaction<'_>, keys: &SealingKeys, id: &str, now: Timestamp) -> Result<Option<Ticket>> {
    let row: Option<(Vec<u8>, i64)> = tx
        .prepare_cached("SELECT payload, expires_at FROM tickets WHERE id = ?1 AND expires_at > ?2")?
        .query_row(params![id, now.as_microsecond()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((payload, expires_at)) = row else { return Ok(None) };
    let payload = open_text(keys, ticket_place(id), &bound::ticket(expires_at)?, &payload)?;
    Ok(Some(Ticket { id: id.to_owned(), payload, expires_at: text::timestamp(expires_at)? }))
}

pub(super) fn take_ticket(
    tx: &Transaction<'_>,
    keys: &SealingKeys,
    id: &str,
    now: Timestamp,
) -> Result<Option<Ticket>> {
    tx.prepare_cached("DELETE FROM tickets WHERE expires_at <= ?1")?.execute([now.as_microsecond()])?;
    let row: Option<(Vec<u8>, i64)> = tx
        .prepare_cached("DELETE FROM tickets WHERE id = ?1 RETURNING payload, expires_at")?
        .query_row([id], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((payload, expires_at)) = row else { return Ok(None) };
    let payload = open_text(keys, ticket_place(id), &bound::ticket(expires_at)?, &payload)?;
    Ok(Some(Ticket { id: id.to_owned(), payload, expires_at: text::timestamp(expires_at)? }))
}

/// A ticket as its row says it, expired or not.
pub(super) fn read_ticket(row: &Row<'_>, keys: &SealingKeys) -> Result<Ticket> {
    let (id, payload, expires_at): (String, Vec<u8>, i64) =
        (row.get("id")?, row.get("payload")?, row.get("expires_at")?);
    let payload = open_text(keys, ticket_place(&id), &bound::ticket(expires_at)?, &payload)?;
    Ok(Ticket { id, payload, expires_at: text::timestamp(expires_at)? })
}

/// Opens every value, which is bound to `from`, and seals it with the first key, bound to its row.
pub(super) fn seal_again(tx: &Transaction<'_>, keys: &SealingKeys, from: Binding) -> Result<()> {
    let mut statement = tx.prepare("SELECT * FROM integrations")?;
    let mut rows = statement.query([])?;
    let mut integrations = Vec::new();
    while let Some(row) = rows.next()? {
        integrations.push((row.get::<_, String>("id")?, read_integration(row, keys, from)?));
    }
    for (id, record) in integrations {
        write_integration(tx, keys, &id, &record)?;
    }
    for column in ["config", "metadata", "credentials"] {
        column_again(tx, keys, from, column)?;
    }
    tickets_again(tx, keys, from)
}

fn column_again(tx: &Transaction<'_>, keys: &SealingKeys, from: Binding, column: &str) -> Result<()> {
    let mut select =
        tx.prepare(&format!("SELECT rowid, integration, id, provider, epoch, {column} FROM connections"))?;
    let mut update = tx.prepare(&format!("UPDATE connections SET {column} = ?2 WHERE rowid = ?1"))?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (integration, connection, provider): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let place = SealContext { integration: &integration, connection: &connection, column };
        let to = bound::connection(&provider, row.get(4)?)?;
        let value = keys.open_beside(place, from.of(&to), &row.get::<_, Vec<u8>>(5)?)?;
        update.execute(params![row.get::<_, i64>(0)?, keys.seal_beside(place, &to, &value)?])?;
    }
    Ok(())
}

fn tickets_again(tx: &Transaction<'_>, keys: &SealingKeys, from: Binding) -> Result<()> {
    let mut select = tx.prepare("SELECT rowid, id, expires_at, payload FROM tickets")?;
    let mut update = tx.prepare("UPDATE tickets SET payload = ?2 WHERE rowid = ?1")?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let id: String = row.get(1)?;
        let to = bound::ticket(row.get(2)?)?;
        let value = keys.open_beside(ticket_place(&id), from.of(&to), &row.get::<_, Vec<u8>>(3)?)?;
        update.execute(params![row.get::<_, i64>(0)?, keys.seal_beside(ticket_place(&id), &to, &value)?])?;
    }
    Ok(())
}

pub(super) fn internal_id(tx: &Transaction<'_>, key: &str) -> Result<Option<String>> {
    let mut statement = tx.prepare_cached("SELECT id FROM integrations WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

fn write_integration(tx: &Transaction<'_>, keys: &SealingKeys, id: &str, record: &IntegrationRecord) -> Result<()> {
    let beside = bound::integration(record)?;
    let seal = |column, value: &[u8]| {
        keys.seal_beside(SealContext { integration: id, connection: "", column }, &beside, value)
    };
    let secret = record.client_secret.as_ref();
    let secret = secret.map(|secret| seal("client_secret", secret.expose().as_bytes())).transpose()?;
    tx.prepare_cached(
        "INSERT INTO integrations (id, key, provider, client_id, client_secret, scopes, allowed_hosts, custom, app_link,
         shared_redirect_uri, unknown_outcome, base_url)
         VALUES (:id, :key, :provider, :client_id, :client_secret, :scopes, :allowed_hosts, :custom, :app_link,
         :shared_redirect_uri, :unknown_outcome, :base_url)
         ON CONFLICT (id) DO UPDATE SET key = :key, provider = :provider, client_id = :client_id,
         client_secret = :client_secret, scopes = :scopes, allowed_hosts = :allowed_hosts, custom = :custom,
         app_link = :app_link, shared_redirect_uri = :shared_redirect_uri, unknown_outcome = :unknown_outcome,
         base_url = :base_url",
    )?
    .execute(named_params! {
        ":id": id,
        ":key": record.key,
        ":provider": record.provider,
        ":client_id": record.client_id,
        ":client_secret": secret,
        ":scopes": text_list(&record.scopes)?,
        ":allowed_hosts": text_list(&record.allowed_hosts)?,
        ":custom": seal("custom", &text::secrets_to_json(&record.custom)?)?,
        ":app_link": record.app_link,
        ":shared_redirect_uri": record.shared_redirect_uri,
        ":unknown_outcome": record.unknown_outcome.map(UnknownOutcome::name),
        ":base_url": record.base_url,
    })?;
    Ok(())
}

/// An integration as its row says it, once the sealed values have confirmed what stands in the clear.
pub(super) fn read_integration(row: &Row<'_>, keys: &SealingKeys, binding: Binding) -> Result<IntegrationRecord> {
    let id: String = row.get("id")?;
    let place = |column| SealContext { integration: &id, connection: "", column };
    let client_secret: Option<Vec<u8>> = row.get("client_secret")?;
    let custom: Vec<u8> = row.get("custom")?;
    let unknown_outcome: Option<String> = row.get("unknown_outcome")?;
    let mut record = IntegrationRecord::without_scopes(row.get::<_, String>("key")?, row.get::<_, String>("provider")?);
    record.id.clone_from(&id);
    record.client_id = row.get("client_id")?;
    record.client_secret = client_secret.as_ref().map(|_| Secret::default());
    record.scopes = text::from_json(row.get::<_, String>("scopes")?.as_bytes())?;
    record.allowed_hosts = text::from_json(row.get::<_, String>("allowed_hosts")?.as_bytes())?;
    record.base_url = row.get("base_url")?;
    record.app_link = row.get("app_link")?;
    record.shared_redirect_uri = row.get("shared_redirect_uri")?;
    record.unknown_outcome = unknown_outcome.as_deref().and_then(UnknownOutcome::from_name);
    let row = bound::integration(&record)?;
    let beside = binding.of(&row);
    record.custom = text::secrets_from_json(&keys.open_beside(place("custom"), beside, &custom)?)?;
    record.client_secret =
        client_secret.map(|sealed| open_text(keys, place("client_secret"), beside, &sealed)).transpose()?;
    Ok(record)
}

pub(super) fn read_connection(
    row: &Row<'_>,
    keys: &SealingKeys,
    integration: &str,
    key: &ConnectionKey,
) -> Result<Connection> {
    let provider: String = row.get("provider")?;
    let beside = bound::connection(&provider, row.get("epoch")?)?;
    let open = |column: &str| -> Result<_> {
        let sealed: Vec<u8> = row.get(column)?;
        Ok(keys.open_beside(SealContext { integration, connection: &key.id, column }, &beside, &sealed)?)
    };
    let mut refresh = RefreshState::default();
    refresh.last_success = optional_timestamp(row.get("last_success")?)?;
    refresh.last_failure = optional_timestamp(row.get("last_failure")?)?;
    refresh.attempts = row.get("attempts")?;
    refresh.failures = row.get("failures")?;
    refresh.unanswered = row.get("unanswered")?;
    refresh.retry_at = optional_timestamp(row.get("retry_at")?)?;
    refresh.exhausted = row.get("exhausted")?;
    refresh.intent = optional_timestamp(row.get("intent")?)?;
    Ok(Connection::new(key.clone(), provider, text::timestamp(row.get("created_at")?)?)
        .config(text::from_json(&open("config")?)?)
        .metadata(text::from_json(&open("metadata")?)?)
        .credentials(text::credentials_from_json(&open("credentials")?)?)
        .refresh(refresh)
        .updated_at(text::timestamp(row.get("updated_at")?)?)
        .epoch(row.get::<_, i64>("epoch")?.cast_unsigned()))
}
