//! `GET /console/connections?integration=&id=&broken=&after=`: customers' accounts, a page at a time.

use super::frame::{Frame, page};
use super::guard::{Operator, Unanswered};
use super::words::distance;
use crate::app::AppState;
use crate::connections::{Cursor, cursor, page_of, read_cursor};
use crate::error::ApiError;
use crate::input;
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use form_urlencoded::Serializer;
use keyway::clock::Timestamp;
use keyway::connection::ConnectionKey;
use keyway::store::{ConnectionListing, ConnectionQuery};

/// The connections of a page.
const PAGE_SIZE: usize = 50;

/// The page.
pub(super) async fn show(
    State(app): AppState,
    operator: Operator,
    RawQuery(query): RawQuery,
) -> Result<Response, Unanswered> {
    let [integration, id, broken, after] = input::query(query.as_deref(), ["integration", "id", "broken", "after"])?;
    let wanted = ConnectionSearch {
        integration: integration.filter(|text| !text.is_empty()),
        id: id.filter(|text| !text.is_empty()),
        broken: broken.is_some_and(|text| !text.is_empty()),
    };
    let after = after.as_deref().map(read_cursor).transpose()?.map(|cursor| match cursor {
        Cursor::Whole(key) => Ok(key),
        Cursor::Within(_) => Err(ApiError::invalid("`after` belongs to another list")),
    });
    let mut asked = ConnectionQuery::first(PAGE_SIZE);
    asked.integration.clone_from(&wanted.integration);
    asked.id_prefix.clone_from(&wanted.id);
    asked.reconnect_needed = wanted.broken.then_some(true);
    asked.after = after.transpose()?;
    let is_first = asked.after.is_none();
    let (found, more) = page_of(&app, asked).await?;
    let now = app.keyway.clock().now();
    let frame = &operator.frame;
    let list = frame.to(&["console", "connections"]);
    let last = found.last().filter(|_| more).map(|last| last.key.clone());
    Ok(page(&Connections {
        frame,
        connect: frame.to(&["console", "connect"]),
        next: last.map(|key| format!("{list}?{}", wanted.query(Some(key)))),
        first: (!is_first).then(|| format!("{list}?{}", wanted.query(None))),
        list,
        integrations: app.keyway.list_integrations().await?.into_iter().map(|record| record.key).collect(),
        listed: found.iter().map(|listing| ConnectionRow::new(frame, listing, now)).collect(),
        wanted,
    }))
}

/// The conditions of a listing.
struct ConnectionSearch {
    integration: Option<String>,
    id: Option<String>,
    broken: bool,
}

impl ConnectionSearch {
    fn is_integration(&self, key: &str) -> bool {
        self.integration.as_deref() == Some(key)
    }

    /// The same list, after a connection.
    fn query(&self, after: Option<ConnectionKey>) -> String {
        let mut query = Serializer::new(String::new());
        for (name, value) in [("integration", &self.integration), ("id", &self.id)] {
            if let Some(value) = value {
                query.append_pair(name, value);
            }
        }
        if self.broken {
            query.append_pair("broken", "yes");
        }
        if let Some(key) = after {
            query.append_pair("after", &cursor(&Cursor::Whole(key)));
        }
        query.finish()
    }
}

#[derive(Template)]
#[template(path = "console/connections.html")]
struct Connections<'a> {
    frame: &'a Frame,
    connect: String,
    list: String,
    next: Option<String>,
    first: Option<String>,
    integrations: Vec<String>,
    listed: Vec<ConnectionRow<'a>>,
    wanted: ConnectionSearch,
}

impl Connections<'_> {
    const TITLE: &'static str = "Connections";
}

struct ConnectionRow<'a> {
    address: String,
    id: &'a str,
    integration: &'a str,
    provider: &'a str,
    broken: bool,
    expires: Option<String>,
    updated: String,
}

impl<'a> ConnectionRow<'a> {
    fn new(frame: &Frame, listing: &'a ConnectionListing, now: Timestamp) -> ConnectionRow<'a> {
        let ConnectionKey { integration, id } = &listing.key;
        ConnectionRow {
            address: frame.to(&["console", "connections", integration, id]),
            id,
            integration,
            provider: &listing.provider,
            broken: listing.reconnect_needed,
            expires: listing.expires_at.map(|at| distance(at, now)),
            updated: distance(listing.updated_at, now),
        }
    }
}
