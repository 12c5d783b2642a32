//! One-time tickets as rows. Taking one deletes it: of several processes one gets it.

use super::fault::{Fault, Result};
use crate::clock::Timestamp;
use crate::seal::SealingKeys;
use crate::store::Ticket;
use crate::store::sealed::bound;
use crate::store::sealed::place::{open_text, ticket_place};
use crate::store::sealed::text::timestamp;
use deadpool_postgres::Client;
use tokio_postgres::Row;

/// Removes expired tickets, not too many at once; those that another process is removing are left to it.
const PURGE: &str = "
    DELETE FROM tickets WHERE id IN (
        SELECT id FROM tickets WHERE expires_at <= $1 ORDER BY expires_at LIMIT 1000 FOR UPDATE SKIP LOCKED
    )";

pub(super) async fn put(client: &Client, keys: &SealingKeys, ticket: &Ticket) -> Result<()> {
    let Ticket { id, payload, expires_at } = ticket;
    let expires_at = expires_at.as_microsecond();
    let sealed = keys.seal_beside(ticket_place(id), &bound::ticket(expires_at)?, payload.expose().as_bytes())?;
    let statement = client
        .prepare_cached(
            "INSERT INTO tickets (id, payload, expires_at) VALUES ($1, $2, $3)
             ON CONFLICT (id) DO UPDATE SET payload = excluded.payload, expires_at = excluded.expires_at",
        )
        .await?;
    // Not repeated after a lost line: it may have been taken since.
    client.execute(&statement, &[id, &sealed, &expires_at]).await.map_err(Fault::of_commit)?;
    Ok(())
}

pub(super) async fn read(client: &Client, keys: &SealingKeys, id: &str, now: Timestamp) -> Result<Option<Ticket>> {
    let statement = client.prepare_cached("SELECT payload, expires_at FROM tickets WHERE id = $1").await?;
    let row = client.query_opt(&statement, &[&id]).await?;
    living(row, keys, id, now)
}

pub(super) async fn take(client: &Client, keys: &SealingKeys, id: &str, now: Timestamp) -> Result<Option<Ticket>> {
    client.execute(&client.prepare_cached(PURGE).await?, &[&now.as_microsecond()]).await?;
    let statement = client.prepare_cached("DELETE FROM tickets WHERE id = $1 RETURNING payload, expires_at").await?;
    let row = client.query_opt(&statement, &[&id]).await.map_err(Fault::of_commit)?;
    living(row, keys, id, now)
}

fn living(row: Option<Row>, keys: &SealingKeys, id: &str, now: Timestamp) -> Result<Option<Ticket>> {
    let Some(row) = row else { return Ok(None) };
    let end: i64 = row.try_get(1)?;
    let expires_at = timestamp(end)?;
    if expires_at <= now {
        return Ok(None);
    }
    let payload = open_text(keys, ticket_place(id), &bound::ticket(end)?, row.try_get(0)?)?;
    Ok(Some(Ticket { id: id.to_owned(), payload, expires_at }))
}
