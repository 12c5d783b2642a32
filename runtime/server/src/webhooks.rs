//! `POST /webhooks/{integration}`: the vendor says that somebody installed the app.
//!
//! No API key: the vendor's signature stands for it, made with the integration's webhook secret. Whether the integration
//! takes webhooks, and whether a header can be a signature at all, is looked at before a byte of the body is read; what
//! the body says only after its signature was checked. Absent here: webhooks about anything else, which are taken and
//! dropped.

use crate::AppState;
use crate::error::ApiError;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use http::HeaderMap;

/// The largest webhook, in bytes.
const MAX_BODY: usize = 256 * 1024;

/// 200 for an installation that was completed, 204 for a webhook about something else.
pub(crate) async fn receive(
    State(app): AppState,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let Path(integration) = path?;
    let values: Vec<&str> = headers.values().filter_map(|value| value.to_str().ok()).collect();
    app.keyway.expects_webhook(&integration, &values).await?;
    let body = app.unproved.read(body, MAX_BODY).await?;
    let completed = app.keyway.complete_outbound(&integration, &body.bytes, &values).await?;
    Ok(if completed.is_some() { StatusCode::OK } else { StatusCode::NO_CONTENT })
}
