//! Records as rows: every statement, and what is sealed in it.
//!
//! Each function runs inside its caller's transaction. Absent here: tasks, locks, files.

use super::{Fault, open};
use crate::clock::Timestamp;
use crate::connection::{Connection, ConnectionKey, RefreshState};
use crate::error::{Error, ErrorKind};
use crate::integration::IntegrationRecord;
use crate::seal::{Place, SealingKey, SealingKeys};
use crate::secret::Secret;
use crate::store::{self, ConnectionListing, Ticket, stored};
use keyway_spec::quirks::UnknownOutcome;
use rusqlite::{OptionalExtension, Row, Transaction, named_params, params};

type Result<T> = std::result::Result<T, Fault>;

pub(super) fn insert_integration(tx: &Transaction<'_>, keys: &SealingKeys, record: &IntegrationRecord) -> Result<()> {
    if internal_id(tx, &record.key)?.is_some() {
        return Err(store::integration_exists(&record.key).into());
    }
    write_integration(tx, keys, &new_id()?, record)
}

pub(super) fn update_integration(
    tx: &Transaction<'_>,
    keys: &SealingKeys,
    key: &str,
    record: &IntegrationRecord,
) -> Result<()> {
    let id = internal_id(tx, key)?.ok_or_else(|| store::unknown_integration(key))?;
    if record.key != key && internal_id(tx, &record.key)?.is_some() {
        return Err(store::integration_exists(&record.key).into());
    }
    write_integration(tx, keys, &id, record)
}

pub(super) fn integration(tx: &Transaction<'_>, keys: &SealingKeys, key: &str) -> Result<Option<IntegrationRecord>> {
    let mut statement = tx.prepare_cached("SELECT * FROM integrations WHERE key = ?1")?;
    let mut rows = statement.query([key])?;
    rows.next()?.map(|row| read_integration(row, keys)).transpose()
}

pub(super) fn integrations(tx: &Transaction<'_>, keys: &SealingKeys) -> Result<Vec<IntegrationRecord>> {
    let mut statement = tx.prepare_cached("SELECT * FROM integrations ORDER BY key")?;
    let mut rows = statement.query([])?;
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read_integration(row, keys)?);
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
    let found: Option<i64> = tx
        .prepare_cached("SELECT epoch FROM connections WHERE integration = ?1 AND id = ?2")?
        .query_row([&integration, &key.id], |row| row.get(0))
        .optional()?;
    if found.map(i64::cast_unsigned) != expected {
        return Err(store::conflict(key).into());
    }
    let epoch: i64 =
        tx.prepare_cached("UPDATE epoch SET last = last + 1 RETURNING last")?.query_row([], |row| row.get(0))?;
    let place = |column| Place { integration: &integration, connection: &key.id, column };
    tx.prepare_cached(
        "INSERT OR REPLACE INTO connections (integration, id, provider, config, metadata, credentials,
         last_success, last_failure, attempts, exhausted, created_at, updated_at, expires_at, epoch, intent,
         failures, unanswered, retry_at)
         VALUES (:integration, :id, :provider, :config, :metadata, :credentials,
         :last_success, :last_failure, :attempts, :exhausted, :created_at, :updated_at, :expires_at, :epoch, :intent,
         :failures, :unanswered, :retry_at)",
    )?
    .execute(named_params! {
        ":integration": integration,
        ":id": key.id,
        ":provider": connection.provider,
        ":config": keys.seal(place("config"), &stored::to_json(&connection.config)?)?,
        ":metadata": keys.seal(place("metadata"), &stored::to_json(&connection.metadata)?)?,
        ":credentials": keys.seal(place("credentials"), &stored::credentials_to_json(&connection.credentials)?)?,
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

pub(super) fn connections(
    tx: &Transaction<'_>,
    after: Option<&ConnectionKey>,
    limit: usize,
) -> Result<Vec<ConnectionListing>> {
    let mut statement = tx.prepare_cached(
        "SELECT integrations.key AS integration_key, connections.id, connections.provider, created_at, updated_at,
                expires_at, exhausted
         FROM connections JOIN integrations ON integrations.id = connections.integration
         WHERE ?1 IS NULL OR (integrations.key, connections.id) > (?1, ?2)
         ORDER BY integrations.key, connections.id LIMIT ?3",
    )?;
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let after = after.map(|key| (key.integration.as_str(), key.id.as_str()));
    let mut rows = statement.query(params![after.map(|key| key.0), after.map(|key| key.1), limit])?;
    let mut page = Vec::new();
    while let Some(row) = rows.next()? {
        page.push(ConnectionListing {
            key: ConnectionKey::new(row.get::<_, String>(0)?, row.get::<_, String>(1)?),
            provider: row.get(2)?,
            created_at: stored::timestamp(row.get(3)?)?,
            updated_at: stored::timestamp(row.get(4)?)?,
            expires_at: optional_timestamp(row.get(5)?)?,
            reconnect_needed: row.get(6)?,
        });
    }
    Ok(page)
}

pub(super) fn delete_connection(tx: &Transaction<'_>, key: &ConnectionKey) -> Result<bool> {
    let Some(integration) = internal_id(tx, &key.integration)? else { return Ok(false) };
    Ok(tx.execute("DELETE FROM connections WHERE integration = ?1 AND id = ?2", [&integration, &key.id])? > 0)
}

pub(super) fn put_ticket(tx: &Transaction<'_>, keys: &SealingKeys, ticket: &Ticket) -> Result<()> {
    let payload = keys.seal(ticket_place(&ticket.id), ticket.payload.expose().as_bytes())?;
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
    let payload = open_text(keys, ticket_place(id), &payload)?;
    Ok(Some(Ticket { id: id.to_owned(), payload, expires_at: stored::timestamp(expires_at)? }))
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
    let payload = open_text(keys, ticket_place(id), &payload)?;
    Ok(Some(Ticket { id: id.to_owned(), payload, expires_at: stored::timestamp(expires_at)? }))
}

/// Reads and writes every record, which seals it with the first key. Epochs do not move: nothing changed.
pub(super) fn reseal(tx: &Transaction<'_>, keys: &SealingKeys) -> Result<()> {
    open::reseal_check(tx, keys)?;
    reseal_column(tx, keys, "integrations", "id", "''", "client_secret")?;
    reseal_column(tx, keys, "integrations", "id", "''", "custom")?;
    for column in ["config", "metadata", "credentials"] {
        reseal_column(tx, keys, "connections", "integration", "id", column)?;
    }
    reseal_column(tx, keys, "tickets", "''", "id", "payload")
}

/// `integration` and `connection` are the SQL of the two parts of a row's [`Place`].
fn reseal_column(
    tx: &Transaction<'_>,
    keys: &SealingKeys,
    table: &str,
    integration: &str,
    connection: &str,
    column: &str,
) -> Result<()> {
    let mut select = tx.prepare(&format!(
        "SELECT rowid, {integration}, {connection}, {column} FROM {table} WHERE {column} IS NOT NULL"
    ))?;
    let mut update = tx.prepare(&format!("UPDATE {table} SET {column} = ?2 WHERE rowid = ?1"))?;
    let mut rows = select.query([])?;
    while let Some(row) = rows.next()? {
        let (integration, connection): (String, String) = (row.get(1)?, row.get(2)?);
        let sealed: Vec<u8> = row.get(3)?;
        if keys.is_current(&sealed) {
            continue;
        }
        let place = Place { integration: &integration, connection: &connection, column };
        let again = keys.seal(place, &keys.open(place, &sealed)?)?;
        update.execute(params![row.get::<_, i64>(0)?, again])?;
    }
    Ok(())
}

fn internal_id(tx: &Transaction<'_>, key: &str) -> Result<Option<String>> {
    let mut statement = tx.prepare_cached("SELECT id FROM integrations WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

/// A new internal id: 128 random bits. Never shown, never changed.
fn new_id() -> Result<String> {
    // A fresh key's id is the hash of fresh randomness; two of them are an id that no generator of ours repeats.
    Ok([SealingKey::generate()?.id(), SealingKey::generate()?.id()].concat())
}

fn write_integration(tx: &Transaction<'_>, keys: &SealingKeys, id: &str, record: &IntegrationRecord) -> Result<()> {
    let place = |column| Place { integration: id, connection: "", column };
    let secret = record.client_secret.as_ref();
    let secret = secret.map(|secret| keys.seal(place("client_secret"), secret.expose().as_bytes())).transpose()?;
    tx.prepare_cached(
        "INSERT INTO integrations (id, key, provider, client_id, client_secret, scopes, allowed_hosts, custom, app_link,
         unknown_outcome)
         VALUES (:id, :key, :provider, :client_id, :client_secret, :scopes, :allowed_hosts, :custom, :app_link,
         :unknown_outcome)
         ON CONFLICT (id) DO UPDATE SET key = :key, provider = :provider, client_id = :client_id,
         client_secret = :client_secret, scopes = :scopes, allowed_hosts = :allowed_hosts, custom = :custom,
         app_link = :app_link, unknown_outcome = :unknown_outcome",
    )?
    .execute(named_params! {
        ":id": id,
        ":key": record.key,
        ":provider": record.provider,
        ":client_id": record.client_id,
        ":client_secret": secret,
        ":scopes": text_list(&record.scopes)?,
        ":allowed_hosts": text_list(&record.allowed_hosts)?,
        ":custom": keys.seal(place("custom"), &stored::secrets_to_json(&record.custom)?)?,
        ":app_link": record.app_link,
        ":unknown_outcome": record.unknown_outcome.map(UnknownOutcome::name),
    })?;
    Ok(())
}

fn read_integration(row: &Row<'_>, keys: &SealingKeys) -> Result<IntegrationRecord> {
    let id: String = row.get("id")?;
    let place = |column| Place { integration: &id, connection: "", column };
    let client_secret: Option<Vec<u8>> = row.get("client_secret")?;
    let custom: Vec<u8> = row.get("custom")?;
    Ok(IntegrationRecord {
        key: row.get("key")?,
        provider: row.get("provider")?,
        client_id: row.get("client_id")?,
        client_secret: client_secret.map(|sealed| open_text(keys, place("client_secret"), &sealed)).transpose()?,
        scopes: stored::from_json(row.get::<_, String>("scopes")?.as_bytes())?,
        allowed_hosts: stored::from_json(row.get::<_, String>("allowed_hosts")?.as_bytes())?,
        custom: stored::secrets_from_json(&keys.open(place("custom"), &custom)?)?,
        app_link: row.get("app_link")?,
        unknown_outcome: row.get::<_, Option<String>>("unknown_outcome")?.as_deref().and_then(UnknownOutcome::named),
    })
}

fn read_connection(row: &Row<'_>, keys: &SealingKeys, integration: &str, key: &ConnectionKey) -> Result<Connection> {
    let open = |column: &str| -> Result<_> {
        let sealed: Vec<u8> = row.get(column)?;
        Ok(keys.open(Place { integration, connection: &key.id, column }, &sealed)?)
    };
    Ok(Connection {
        key: key.clone(),
        provider: row.get("provider")?,
        config: stored::from_json(&open("config")?)?,
        metadata: stored::from_json(&open("metadata")?)?,
        credentials: stored::credentials_from_json(&open("credentials")?)?,
        refresh: RefreshState {
            last_success: optional_timestamp(row.get("last_success")?)?,
            last_failure: optional_timestamp(row.get("last_failure")?)?,
            attempts: row.get("attempts")?,
            failures: row.get("failures")?,
            unanswered: row.get("unanswered")?,
            retry_at: optional_timestamp(row.get("retry_at")?)?,
            exhausted: row.get("exhausted")?,
            intent: optional_timestamp(row.get("intent")?)?,
        },
        created_at: stored::timestamp(row.get("created_at")?)?,
        updated_at: stored::timestamp(row.get("updated_at")?)?,
        epoch: row.get::<_, i64>("epoch")?.cast_unsigned(),
    })
}

fn open_text(keys: &SealingKeys, place: Place<'_>, sealed: &[u8]) -> Result<Secret> {
    let opened = keys.open(place, sealed)?;
    let text = std::str::from_utf8(&opened)
        .map_err(|_| Error::new(ErrorKind::SealBroken, "a stored text is not UTF-8: restore a copy"))?;
    Ok(Secret::new(text))
}

fn ticket_place(id: &str) -> Place<'_> {
    Place { integration: "", connection: id, column: "payload" }
}

fn text_list(texts: &[String]) -> Result<String> {
    let json = stored::to_json(&texts)?;
    Ok(String::from_utf8_lossy(&json).into_owned())
}

fn optional_timestamp(microseconds: Option<i64>) -> Result<Option<Timestamp>> {
    Ok(microseconds.map(stored::timestamp).transpose()?)
}
