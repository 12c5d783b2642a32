//! `GET /oauth/client-metadata/{integration}`: who the client of an integration is, for authorization servers that read
//! it instead of registering clients.
//!
//! Public: it holds no secret, and whoever reads it has no API key. Absent here: what it says.

use crate::AppState;
use crate::connect::below;
use crate::error::ApiError;
use axum::Json;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use serde_json::{Map, Value};
use url::Url;

/// The path below the public URL, before the integration's key.
pub(crate) const PATH: [&str; 2] = ["oauth", "client-metadata"];

/// Where a server with this public URL serves the documents: for [`keyway::client::Builder::client_metadata`].
pub fn client_metadata_base(public_url: &Url) -> Url {
    below(public_url, &PATH)
}

pub(crate) async fn show(
    State(app): AppState,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let Path(integration) = path?;
    let redirect_uri = below(&app.config.public_url, &["oauth", "callback"]);
    Ok(Json(app.keyway.client_metadata(&integration, redirect_uri.as_str()).await?))
}
