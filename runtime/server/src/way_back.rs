//! The way back to the app: read from a request that makes a session, and found again for the pages of that session.
//!
//! A page without its way still says what happened, so a store that does not answer here is no error.

use crate::app::App;
use crate::error::ApiError;
use crate::input::{self, Fields};
use crate::link::connection_of;
use keyway::Secret;
use keyway::client::WayBack;
use keyway::connection::ConnectionKey;

/// Reads `return_url` and `origins` of the body that makes a session. The runtime checks them.
pub(crate) fn read(key: ConnectionKey, fields: &mut Fields) -> Result<WayBack, ApiError> {
    let mut way = WayBack::new(key);
    way.return_url = fields.text("return_url")?.value();
    way.origins = fields.texts("origins")?.value().unwrap_or_default();
    Ok(way)
}

/// The way back of the session, or of the choice, that a token stands for.
pub(crate) async fn of_token(app: &App, token: &Secret) -> Option<Box<WayBack>> {
    found(app.keyway.way_back(token.expose()).await)
}

/// The same on a page of one integration, which is said on the way back where the session allows it.
pub(crate) async fn of_link(app: &App, token: &Secret, integration: &str) -> Option<Box<WayBack>> {
    let mut way = of_token(app, token).await?;
    if way.key.integration.is_empty()
        && let Ok(key) = connection_of(app, token, integration).await
    {
        way.key = key;
    }
    Some(way)
}

/// The same for the token of a query.
pub(crate) async fn of_query(app: &App, query: Option<&str>, integration: &str) -> Option<Box<WayBack>> {
    let [token] = input::query(query, ["token"]).ok()?;
    of_link(app, &Secret::new(token?), integration).await
}

/// The way back of the flow that a browser comes back from, if it is the browser that began it.
pub(crate) async fn of_flow(app: &App, callback: &str, binding: &str) -> Option<Box<WayBack>> {
    found(app.keyway.way_back_of_flow(callback, binding).await)
}

fn found(way: Result<Option<WayBack>, keyway::Error>) -> Option<Box<WayBack>> {
    way.unwrap_or_else(|error| {
        tracing::warn!(%error, "a way back could not be read");
        None
    })
    .map(Box::new)
}
