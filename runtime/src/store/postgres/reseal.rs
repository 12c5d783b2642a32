//! Seals every value again with the first key, so that older keys can be deleted.
//!
//! In batches, beside servers that write: what they write meanwhile is sealed with the key that they have. The check
//! value comes last: once it opens with the new key, everything does that was there before.

use super::fault::{Fault, Result};
use super::integrations;
use crate::seal::{SealContext, SealingKeys};
use crate::store::sealed::bound;
use crate::store::sealed::place::{CHECK, CHECK_TEXT, ticket_place};
use deadpool_postgres::Client;

/// The number of rows that one transaction holds.
const BATCH: i64 = 200;

/// One batch of connections after a key: the key of the last one, or `None` when there are no more.
pub(super) async fn connections(
    client: &mut Client,
    keys: &SealingKeys,
    after: (&str, &str),
) -> Result<Option<(String, String)>> {
    let tx = client.transaction().await?;
    let select = tx
        .prepare_cached(
            "SELECT integration, id, provider, epoch, config, metadata, credentials FROM connections
             WHERE (integration, id) > ($1, $2) ORDER BY integration, id LIMIT $3 FOR UPDATE",
        )
        .await?;
    let update = tx
        .prepare_cached(
            "UPDATE connections SET config = $3, metadata = $4, credentials = $5 WHERE integration = $1 AND id = $2",
        )
        .await?;
    let mut last = None;
    for row in tx.query(&select, &[&after.0, &after.1, &BATCH]).await? {
        let (integration, id): (&str, &str) = (row.try_get(0)?, row.try_get(1)?);
        let beside = bound::connection(row.try_get(2)?, row.try_get(3)?)?;
        let again = |column: &str| {
            let place = SealContext { integration, connection: id, column };
            let value = keys.open_beside(place, &beside, row.try_get(column)?)?;
            Ok::<_, Fault>(keys.seal_beside(place, &beside, &value)?)
        };
        let sealed = (again("config")?, again("metadata")?, again("credentials")?);
        tx.execute(&update, &[&integration, &id, &sealed.0, &sealed.1, &sealed.2]).await?;
        last = Some((integration.to_owned(), id.to_owned()));
    }
    tx.commit().await.map_err(Fault::of_repeatable)?;
    Ok(last)
}

/// Everything else, and then the check value.
pub(super) async fn rest(client: &mut Client, keys: &SealingKeys) -> Result<()> {
    let tx = client.transaction().await?;
    for row in tx.query("SELECT * FROM integrations FOR UPDATE", &[]).await? {
        let record = integrations::open(&row, keys)?;
        integrations::write(&tx, keys, row.try_get("id")?, &record).await?;
    }
    let place = "issuer || ' ' || request || ' ' || client_id";
    let select = format!("SELECT integration, {place}, answer, issuer, request FROM registrations FOR UPDATE");
    for row in tx.query(&select, &[]).await? {
        let (integration, connection): (&str, &str) = (row.try_get(0)?, row.try_get(1)?);
        let place = SealContext { integration, connection, column: "answer" };
        let sealed = keys.seal(place, &keys.open(place, row.try_get(2)?)?)?;
        let (issuer, request): (&str, &str) = (row.try_get(3)?, row.try_get(4)?);
        let update = "UPDATE registrations SET answer = $4 WHERE integration = $1 AND issuer = $2 AND request = $3";
        tx.execute(update, &[&integration, &issuer, &request, &sealed]).await?;
    }
    for row in tx.query("SELECT id, expires_at, payload FROM tickets FOR UPDATE", &[]).await? {
        let id: &str = row.try_get(0)?;
        let beside = bound::ticket(row.try_get(1)?)?;
        let value = keys.open_beside(ticket_place(id), &beside, row.try_get(2)?)?;
        let sealed = keys.seal_beside(ticket_place(id), &beside, &value)?;
        tx.execute("UPDATE tickets SET payload = $2 WHERE id = $1", &[&id, &sealed]).await?;
    }
    tx.execute("UPDATE seal SET sealed = $1", &[&keys.seal(CHECK, CHECK_TEXT)?]).await?;
    tx.commit().await.map_err(Fault::of_repeatable)
}
