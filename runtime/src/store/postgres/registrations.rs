//! Registered clients as rows; what the server answered is sealed, because it holds the client's secret.

use super::fault::{Fault, Result};
use crate::clock::Timestamp;
use crate::seal::SealingKeys;
use crate::store::sealed::place::{open_text, registration_place, registration_row};
use crate::store::sealed::text::optional_timestamp;
use crate::store::{self, Registration, RegistrationKey};
use deadpool_postgres::Client;

pub(super) async fn read(client: &Client, keys: &SealingKeys, key: &RegistrationKey) -> Result<Option<Registration>> {
    let statement = client
        .prepare_cached(
            "SELECT integrations.id, r.client_id, r.answer, r.expires_at
             FROM registrations r JOIN integrations ON integrations.id = r.integration
             WHERE integrations.key = $1 AND r.issuer = $2 AND r.request = $3",
        )
        .await?;
    let values: [&(dyn tokio_postgres::types::ToSql + Sync); 3] = [&key.integration, &key.issuer, &key.request];
    let Some(row) = client.query_opt(&statement, &values).await? else { return Ok(None) };
    let (integration, client_id): (&str, String) = (row.try_get(0)?, row.try_get(1)?);
    let place = registration_row(key, &client_id);
    let answer = open_text(keys, registration_place(integration, &place), &[], row.try_get(2)?)?;
    let expires_at = optional_timestamp(row.try_get(3)?)?;
    Ok(Some(Registration { key: key.clone(), client_id, answer, expires_at }))
}

/// A page of an integration's clients, in the order of their keys.
pub(super) async fn list(
    client: &Client,
    keys: &SealingKeys,
    integration: &str,
    after: Option<&RegistrationKey>,
    limit: usize,
) -> Result<Vec<Registration>> {
    let statement = client
        .prepare_cached(
            "SELECT integrations.id, r.issuer, r.request, r.client_id, r.answer, r.expires_at
             FROM registrations r JOIN integrations ON integrations.id = r.integration
             WHERE integrations.key = $1 AND (r.issuer, r.request) > ($2, $3)
             ORDER BY r.issuer, r.request LIMIT $4",
        )
        .await?;
    let (issuer, request) = after.map_or(("", ""), |key| (key.issuer.as_str(), key.request.as_str()));
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let values: [&(dyn tokio_postgres::types::ToSql + Sync); 4] = [&integration, &issuer, &request, &limit];
    let mut page = Vec::new();
    for row in client.query(&statement, &values).await? {
        let key = RegistrationKey::new(integration, row.try_get::<_, String>(1)?, row.try_get::<_, String>(2)?);
        let (id, client_id): (&str, String) = (row.try_get(0)?, row.try_get(3)?);
        let place = registration_row(&key, &client_id);
        let answer = open_text(keys, registration_place(id, &place), &[], row.try_get(4)?)?;
        page.push(Registration { key, client_id, answer, expires_at: optional_timestamp(row.try_get(5)?)? });
    }
    Ok(page)
}

pub(super) async fn put(client: &mut Client, keys: &SealingKeys, registration: &Registration) -> Result<()> {
    let Registration { key, client_id, answer, expires_at } = registration;
    let tx = client.transaction().await?;
    // Kept until the end: the integration is not deleted meanwhile.
    let statement = tx.prepare_cached("SELECT id FROM integrations WHERE key = $1 FOR KEY SHARE").await?;
    let row = tx.query_opt(&statement, &[&key.integration]).await?;
    let row = row.ok_or_else(|| store::unknown_integration(&key.integration))?;
    let integration: &str = row.try_get(0)?;
    let place = registration_row(key, client_id);
    let sealed = keys.seal(registration_place(integration, &place), answer.expose().as_bytes())?;
    let statement = tx
        .prepare_cached(
            "INSERT INTO registrations (integration, issuer, request, client_id, answer, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6)
             ON CONFLICT (integration, issuer, request)
             DO UPDATE SET client_id = excluded.client_id, answer = excluded.answer, expires_at = excluded.expires_at",
        )
        .await?;
    let expires_at = expires_at.map(Timestamp::as_microsecond);
    tx.execute(&statement, &[&integration, &key.issuer, &key.request, client_id, &sealed, &expires_at]).await?;
    tx.commit().await.map_err(Fault::of_repeatable)
}

pub(super) async fn delete(client: &Client, integration: &str, client_id: &str) -> Result<bool> {
    let statement = client
        .prepare_cached(
            "DELETE FROM registrations
             WHERE integration = (SELECT id FROM integrations WHERE key = $1) AND client_id = $2",
        )
        .await?;
    Ok(client.execute(&statement, &[&integration, &client_id]).await.map_err(Fault::of_commit)? > 0)
}
