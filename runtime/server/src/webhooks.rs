//! `POST /webhooks/{integration}`: the vendor says that a customer installed the app.
//!
//! There is no API key: the vendor's signature stands for it, made with the integration's webhook secret. Whether the
//! integration takes webhooks, and whether a header can be a signature at all, is checked before the body is read;
//! the body is interpreted only after its signature was checked. A webhook about anything else is accepted and
//! ignored.

use crate::app::AppState;
use crate::error::ApiError;
use crate::extract::Key;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use http::HeaderMap;

/// The largest webhook, in bytes.
pub(crate) const MAX_BODY: usize = 256 * 1024;

/// 200 for an installation that was completed, 204 for a webhook about something else.
pub(crate) async fn receive(
    State(app): AppState,
    Key(integration): Key,
    headers: HeaderMap,
    body: Body,
) -> Result<StatusCode, ApiError> {
    let values: Vec<&str> = headers.values().filter_map(|value| value.to_str().ok()).collect();
    app.keyway.expects_webhook(&integration, &values).await?;
    let body = app.bodies.read(body, MAX_BODY).await?;
    let completed = app.keyway.complete_outbound(&integration, &body.bytes, &values).await?;
    Ok(if completed.is_some() { StatusCode::OK } else { StatusCode::NO_CONTENT })
}
