//! Integrations as rows.

use super::fault::{Fault, Result};
use crate::integration::IntegrationRecord;
use crate::seal::{SealContext, SealingKeys};
use crate::secret::Secret;
use crate::store;
use crate::store::sealed::bound;
use crate::store::sealed::place::{new_id, open_text};
use crate::store::sealed::text::{self, text_list};
use deadpool_postgres::{Client, Transaction};
use keyway_spec::quirks::UnknownOutcome;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

const INSERT: &str = "
    INSERT INTO integrations (id, key, provider, client_id, client_secret, scopes, allowed_hosts, custom, app_link,
        shared_redirect_uri, unknown_outcome, base_url)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
const UPDATE: &str = "
    UPDATE integrations SET key = $2, provider = $3, client_id = $4, client_secret = $5, scopes = $6,
        allowed_hosts = $7, custom = $8, app_link = $9, shared_redirect_uri = $10, unknown_outcome = $11,
        base_url = $12
    WHERE id = $1";

pub(super) async fn insert(client: &Client, keys: &SealingKeys, record: &IntegrationRecord) -> Result<()> {
    let id = if record.id.is_empty() { new_id()? } else { record.id.clone() };
    let columns = Columns::of(keys, &id, record)?;
    let statement = client.prepare_cached(INSERT).await?;
    match client.execute(&statement, &columns.values()).await.map_err(Fault::of_commit) {
        Ok(_) => Ok(()),
        Err(fault) => Err(taken(fault, record)),
    }
}

pub(super) async fn update(
    client: &mut Client,
    keys: &SealingKeys,
    key: &str,
    record: &IntegrationRecord,
    expected: Option<&IntegrationRecord>,
) -> Result<()> {
    let tx = client.transaction().await?;
    let statement = tx.prepare_cached("SELECT * FROM integrations WHERE key = $1 FOR UPDATE").await?;
    let row = tx.query_opt(&statement, &[&key]).await?.ok_or_else(|| store::unknown_integration(key))?;
    if let Some(expected) = expected
        && open(&row, keys)? != *expected
    {
        return Err(store::integration_conflict(key).into());
    }
    let id: String = row.try_get("id")?;
    write(&tx, keys, &id, record).await?;
    tx.commit().await.map_err(Fault::of_commit)
}

/// Writes an integration that is there, by its id.
pub(super) async fn write(
    tx: &Transaction<'_>,
    keys: &SealingKeys,
    id: &str,
    record: &IntegrationRecord,
) -> Result<()> {
    let columns = Columns::of(keys, id, record)?;
    let statement = tx.prepare_cached(UPDATE).await?;
    match tx.execute(&statement, &columns.values()).await {
        Ok(_) => Ok(()),
        Err(error) => Err(taken(error.into(), record)),
    }
}

pub(super) async fn read(client: &Client, keys: &SealingKeys, key: &str) -> Result<Option<IntegrationRecord>> {
    let statement = client.prepare_cached("SELECT * FROM integrations WHERE key = $1").await?;
    let row = client.query_opt(&statement, &[&key]).await?;
    row.map(|row| open(&row, keys)).transpose()
}

pub(super) async fn read_all(client: &Client, keys: &SealingKeys) -> Result<Vec<IntegrationRecord>> {
    let statement = client.prepare_cached("SELECT * FROM integrations ORDER BY key").await?;
    client.query(&statement, &[]).await?.iter().map(|row| open(row, keys)).collect()
}

pub(super) async fn delete(client: &Client, key: &str) -> Result<bool> {
    let statement = client.prepare_cached("DELETE FROM integrations WHERE key = $1").await?;
    Ok(client.execute(&statement, &[&key]).await.map_err(Fault::of_commit)? > 0)
}

/// The error of a key or an id that another integration has.
fn taken(fault: Fault, record: &IntegrationRecord) -> Fault {
    if fault.breaks("integrations_by_key") {
        return store::integration_exists(&record.key).into();
    }
    if fault.breaks("integrations_by_id") { store::id_exists().into() } else { fault }
}

/// An integration as its row holds it.
struct Columns<'a> {
    id: &'a str,
    record: &'a IntegrationRecord,
    client_secret: Option<Vec<u8>>,
    scopes: String,
    allowed_hosts: String,
    custom: Vec<u8>,
    unknown_outcome: Option<&'static str>,
}

impl<'a> Columns<'a> {
    fn of(keys: &SealingKeys, id: &'a str, record: &'a IntegrationRecord) -> Result<Columns<'a>> {
        let beside = bound::integration(record)?;
        let seal = |column, value: &[u8]| {
            keys.seal_beside(SealContext { integration: id, connection: "", column }, &beside, value)
        };
        let secret = record.client_secret.as_ref();
        Ok(Columns {
            id,
            record,
            client_secret: secret.map(|secret| seal("client_secret", secret.expose().as_bytes())).transpose()?,
            scopes: text_list(&record.scopes)?,
            allowed_hosts: text_list(&record.allowed_hosts)?,
            custom: seal("custom", &text::secrets_to_json(&record.custom)?)?,
            unknown_outcome: record.unknown_outcome.map(UnknownOutcome::name),
        })
    }

    /// In the order of [`INSERT`] and [`UPDATE`].
    fn values(&self) -> [&(dyn ToSql + Sync); 12] {
        let Columns { id, record, client_secret, scopes, allowed_hosts, custom, unknown_outcome } = self;
        let IntegrationRecord { key, provider, client_id, app_link, shared_redirect_uri, base_url, .. } = record;
        [
            id,
            key,
            provider,
            client_id,
            client_secret,
            scopes,
            allowed_hosts,
            custom,
            app_link,
            shared_redirect_uri,
            unknown_outcome,
            base_url,
        ]
    }
}

/// An integration as its row says it, once the sealed values have confirmed what stands in the clear.
pub(super) fn open(row: &Row, keys: &SealingKeys) -> Result<IntegrationRecord> {
    let id: String = row.try_get("id")?;
    let place = |column| SealContext { integration: &id, connection: "", column };
    let client_secret: Option<Vec<u8>> = row.try_get("client_secret")?;
    let list = |column| Ok::<Vec<String>, Fault>(text::from_json(row.try_get::<_, &str>(column)?.as_bytes())?);
    let (key, provider): (String, String) = (row.try_get("key")?, row.try_get("provider")?);
    let mut record = IntegrationRecord::without_scopes(key, provider).id(id.clone());
    record.client_id = row.try_get("client_id")?;
    record.client_secret = client_secret.as_ref().map(|_| Secret::default());
    record.scopes = list("scopes")?;
    record.allowed_hosts = list("allowed_hosts")?;
    record.base_url = row.try_get("base_url")?;
    record.app_link = row.try_get("app_link")?;
    record.shared_redirect_uri = row.try_get("shared_redirect_uri")?;
    record.unknown_outcome = row.try_get::<_, Option<&str>>("unknown_outcome")?.and_then(UnknownOutcome::from_name);
    let beside = bound::integration(&record)?;
    record.custom = text::secrets_from_json(&keys.open_beside(place("custom"), &beside, row.try_get("custom")?)?)?;
    let secret = client_secret.map(|sealed| open_text(keys, place("client_secret"), &beside, &sealed));
    record.client_secret = secret.transpose()?;
    Ok(record)
}
