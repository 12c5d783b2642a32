//! `GET /oauth/client-metadata/{integration}`: who the client of an integration is, for authorization servers that read
//! it instead of registering clients. Where there is a redirect URI for each of them, so is a document: the same path with
//! `/{issuer's hash}` behind it.
//!
//! Public: it holds no secret, and whoever reads it has no API key. Absent here: what it says.

use crate::connect::below;
use crate::error::ApiError;
use crate::{AppState, callback};
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
    path: Result<Path<Vec<(String, String)>>, PathRejection>,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let Path(behind) = path?;
    let mut segments = behind.iter().map(|(_, segment)| segment.as_str());
    let (integration, issuer) = (segments.next().unwrap_or_default(), segments.next());
    Ok(Json(app.keyway.client_metadata(integration, issuer, callback::base(&app).as_str()).await?))
}
