//! `GET /oauth/callback/...`: where authorization servers send browsers back to.
//!
//! ```text
//! /oauth/callback/{integration's id}                 the integration's own
//! /oauth/callback/{integration's id}/{issuer's hash} the same, where a customer names the authorization server
//! /oauth/callback                                    shared, by choice of an integration
//! ```
//!
//! The runtime decides which of them belongs to a flow, refuses a browser that comes back on another one, and
//! exchanges the code.

use crate::app::{App, AppState};
use crate::error::ApiError;
use crate::link::server_url;
use crate::pages::{self, ErrorPage};
use crate::{choice, cookies, way_back};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::SET_COOKIE;
use http::{HeaderMap, Uri};
use url::Url;

/// The prefix of every integration's redirect URI; alone it is the shared one.
pub(crate) fn base(app: &App) -> Url {
    server_url(&app.config.public_url, &["oauth", "callback"])
}

/// A browser comes back: finishes its flow, and removes the flow's cookie whatever came of it.
pub(crate) async fn receive(State(app): AppState, uri: Uri, headers: HeaderMap) -> Response {
    let base = base(&app);
    let found = cookies::find(&base, &headers, uri.query().unwrap_or_default());
    let binding = found.as_ref().map_or("", |(_, binding)| binding.expose());
    let callback = seen_by_browser(&app, &uri);
    // Before the end of the flow, which takes time, and so the way may not be known after it.
    let way = way_back::of_flow(&app, &callback, binding).await;
    let mut response = match app.keyway.finish(&callback, binding).await {
        Ok(connection) => pages::ended(&app, &connection, way.as_deref()),
        Err(error) => {
            let error = ApiError::from(error);
            choice::page(&app, &error, None, way.as_deref())
                .unwrap_or_else(|| ErrorPage::of(&app, error, way).into_response())
        }
    };
    if let Some((name, _)) = found
        && let Ok(value) = cookies::remove(&base, name).parse()
    {
        response.headers_mut().insert(SET_COOKIE, value);
    }
    response
}

/// The path and query as the browser sees them: below the public URL's path, which a reverse proxy takes away.
fn seen_by_browser(app: &App, uri: &Uri) -> String {
    let prefix = app.config.public_url.path().trim_end_matches('/');
    format!("{prefix}{}?{}", uri.path(), uri.query().unwrap_or_default())
}
