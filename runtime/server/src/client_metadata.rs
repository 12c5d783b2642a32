//! `GET /oauth/client-metadata/{integration}`: the OAuth client of an integration, described for authorization
//! servers that read this document instead of registering clients. Where each of them has a redirect URI of its own,
//! it also has a document of its own: the same path and `/{issuer's hash}`.
//!
//! Public, because the readers have no API key; it holds no secret. The runtime makes the document.

use crate::app::{App, AppState};
use crate::callback;
use crate::error::ApiError;
use crate::extract::Key;
use crate::link::server_url;
use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value};
use url::Url;

/// The path below the public URL, before the integration's key.
const PATH: [&str; 2] = ["oauth", "client-metadata"];

/// Where a server with this public URL serves the documents: for [`keyway::client::Builder::client_metadata`].
pub fn client_metadata_base(public_url: &Url) -> Url {
    server_url(public_url, &PATH)
}

/// The document for every authorization server.
pub(crate) async fn show(State(app): AppState, Key(integration): Key) -> Result<Json<Map<String, Value>>, ApiError> {
    document(&app, &integration, None).await
}

/// The document for one authorization server.
pub(crate) async fn show_for_issuer(
    State(app): AppState,
    Key((integration, issuer)): Key<(String, String)>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    document(&app, &integration, Some(&issuer)).await
}

async fn document(app: &App, integration: &str, issuer: Option<&str>) -> Result<Json<Map<String, Value>>, ApiError> {
    Ok(Json(app.keyway.client_metadata(integration, issuer, callback::base(app).as_str()).await?))
}
