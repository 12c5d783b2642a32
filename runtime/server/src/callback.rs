//! `GET /oauth/callback/...`: where authorization servers send browsers back to.
//!
//! ```text
//! /oauth/callback/{integration's id}                 the integration's own
//! /oauth/callback/{integration's id}/{issuer's hash} the same, where a customer names the authorization server
//! /oauth/callback                                    shared, by choice of an integration
//! ```
//!
//! Which of them a flow has is the runtime's to say, and it refuses a browser that comes back on another one. Absent
//! here: the exchange.

use crate::connect::below;
use crate::error::ApiError;
use crate::{App, AppState, cookies, pages};
use axum::extract::State;
use axum::response::Response;
use http::header::SET_COOKIE;
use http::{HeaderMap, Uri};
use url::Url;

/// The routes, as axum writes them.
pub(crate) const ROUTES: [&str; 3] =
    ["/oauth/callback", "/oauth/callback/{integration}", "/oauth/callback/{integration}/{issuer}"];

/// What the redirect URI of every integration begins with; alone it is the shared one.
pub(crate) fn base(app: &App) -> Url {
    below(&app.config.public_url, &["oauth", "callback"])
}

/// A browser comes back.
pub(crate) async fn receive(State(app): AppState, uri: Uri, headers: HeaderMap) -> Response {
    let base = base(&app);
    let found = cookies::find(&base, &headers, uri.query().unwrap_or_default());
    let binding = found.as_ref().map_or("", |(_, binding)| binding.expose());
    let mut response = match app.keyway.finish(&seen_by_browser(&app, &uri), binding).await {
        Ok(connection) => pages::connected(&connection.key.integration),
        Err(error) => {
            let error = ApiError::from(error);
            pages::failed(error.status, error.code, &error.message)
        }
    };
    if let Some((name, _)) = found
        && let Ok(value) = cookies::remove(&base, name).parse()
    {
        response.headers_mut().insert(SET_COOKIE, value);
    }
    response
}

/// The path and query as the browser sees them: below the public URL's path, which a proxy in front takes away.
fn seen_by_browser(app: &App, uri: &Uri) -> String {
    let prefix = app.config.public_url.path().trim_end_matches('/');
    format!("{prefix}{}?{}", uri.path(), uri.query().unwrap_or_default())
}
