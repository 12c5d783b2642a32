//! Listings that seek: every page begins in an index, whatever stands before it.
//!
//! A page is the rest of one integration after a connection, then the beginnings of the integrations after that one.

use super::fault::Result;
use crate::connection::ConnectionKey;
use crate::store::sealed::text::{optional_timestamp, timestamp};
use crate::store::seek::behind_prefix;
use crate::store::{ConnectionListing, ConnectionQuery};
use deadpool_postgres::Client;
use std::fmt::Write as _;
use tokio_postgres::Row;
use tokio_postgres::types::ToSql;

const COLUMNS: &str = "c.id, c.provider, c.created_at, c.updated_at, c.expires_at, c.exhausted";

pub(super) async fn page(client: &Client, query: &ConnectionQuery) -> Result<Vec<ConnectionListing>> {
    let mut page = Vec::new();
    for Statement { sql, values } in statements(query) {
        let missing = query.limit.saturating_sub(page.len());
        if missing == 0 {
            break;
        }
        let limit = i64::try_from(missing).unwrap_or(i64::MAX);
        let mut values: Vec<&(dyn ToSql + Sync)> = values.iter().map(|value| &**value as _).collect();
        values.push(&limit);
        let statement = client.prepare_cached(&sql).await?;
        for row in client.query(&statement, &values).await? {
            page.push(listing(&row)?);
        }
    }
    Ok(page)
}

/// SQL and its values but the last, which is the limit.
struct Statement {
    sql: String,
    values: Vec<Box<dyn ToSql + Sync + Send>>,
}

/// The statements of a page, of which the next continues where the one before ends.
fn statements(query: &ConnectionQuery) -> Vec<Statement> {
    let after = query.after.as_ref();
    match (&query.integration, after) {
        (Some(integration), None) => vec![of_one(query, integration, None)],
        (Some(integration), Some(after)) if *integration == after.integration => {
            vec![of_one(query, integration, Some(after))]
        }
        (Some(integration), Some(after)) if *integration > after.integration => vec![of_one(query, integration, None)],
        (Some(_), Some(_)) => Vec::new(),
        (None, Some(after)) => vec![of_one(query, &after.integration, Some(after)), of_more(query, Some(after))],
        (None, None) => vec![of_more(query, None)],
    }
}

/// Connections of one integration.
fn of_one(query: &ConnectionQuery, integration: &str, after: Option<&ConnectionKey>) -> Statement {
    let mut values: Vec<Box<dyn ToSql + Sync + Send>> = vec![Box::new(integration.to_owned())];
    let mut conditions = conditions(query, &mut values);
    if let Some(after) = after {
        values.push(Box::new(after.id.clone()));
        let _infallible = write!(conditions, " AND c.id > ${}", values.len());
    }
    let limit = values.len() + 1;
    let sql = format!(
        "SELECT $1, {COLUMNS} FROM connections c
         WHERE c.integration = (SELECT id FROM integrations WHERE key = $1){conditions}
         ORDER BY c.id LIMIT ${limit}"
    );
    Statement { sql, values }
}

/// Connections of every integration after one.
fn of_more(query: &ConnectionQuery, after: Option<&ConnectionKey>) -> Statement {
    let mut values: Vec<Box<dyn ToSql + Sync + Send>> = Vec::new();
    let mut integrations = String::new();
    if let Some(after) = after {
        values.push(Box::new(after.integration.clone()));
        integrations.push_str("WHERE key > $1");
    }
    let conditions = conditions(query, &mut values);
    let limit = values.len() + 1;
    // The inner limit bounds what is read of one integration, the order of the outer table what is sorted.
    let sql = format!(
        "SELECT i.key, c.* FROM (SELECT id, key FROM integrations {integrations} ORDER BY key) i
         CROSS JOIN LATERAL (
             SELECT {COLUMNS} FROM connections c WHERE c.integration = i.id{conditions} ORDER BY c.id LIMIT ${limit}
         ) c
         ORDER BY i.key, c.id LIMIT ${limit}"
    );
    Statement { sql, values }
}

/// The conditions that hold for each connection.
fn conditions(query: &ConnectionQuery, values: &mut Vec<Box<dyn ToSql + Sync + Send>>) -> String {
    let mut sql = String::new();
    let mut add = |condition: &str, value: Box<dyn ToSql + Sync + Send>| {
        values.push(value);
        let _infallible = write!(sql, " AND {condition} ${}", values.len());
    };
    if let Some(needed) = query.reconnect_needed {
        add("c.exhausted =", Box::new(needed));
    }
    if let Some(prefix) = &query.id_prefix {
        add("c.id >=", Box::new(prefix.clone()));
        if let Some(end) = behind_prefix(prefix) {
            add("c.id <", Box::new(end));
        }
    }
    sql
}

fn listing(row: &Row) -> Result<ConnectionListing> {
    Ok(ConnectionListing {
        key: ConnectionKey::new(row.try_get::<_, String>(0)?, row.try_get::<_, String>(1)?),
        provider: row.try_get(2)?,
        created_at: timestamp(row.try_get(3)?)?,
        updated_at: timestamp(row.try_get(4)?)?,
        expires_at: optional_timestamp(row.try_get(5)?)?,
        reconnect_needed: row.try_get(6)?,
    })
}

#[cfg(test)]
mod tests;
