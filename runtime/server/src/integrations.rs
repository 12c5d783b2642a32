//! `/integrations`: what the operator set up for each provider.
//!
//! Secrets go in and never come out: an answer says which are set. Absent here: customers' connections.

use crate::AppState;
use crate::error::ApiError;
use crate::input::{self, Change, Fields};
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use keyway::integration::IntegrationRecord;
use keyway::{ErrorKind, Secret};
use keyway_spec::quirks::UnknownOutcome;
use serde_json::{Value, json};

/// `POST /integrations`.
pub(crate) async fn create(State(app): AppState, body: Body) -> Result<(StatusCode, Json<Value>), ApiError> {
    let mut fields = input::object(body).await?;
    let provider = fields.required_text("provider")?;
    let mut record = match app.keyway.catalogue().get(&provider) {
        Some(spec) => IntegrationRecord::new(provider, spec),
        None => IntegrationRecord { key: provider.clone(), provider, ..IntegrationRecord::default() },
    };
    apply(fields, &mut record)?;
    let shown = view(&record);
    app.keyway.create_integration(record).await?;
    Ok((StatusCode::CREATED, Json(shown)))
}

/// `GET /integrations`.
pub(crate) async fn list(State(app): AppState) -> Result<Json<Value>, ApiError> {
    let integrations: Vec<Value> = app.keyway.list_integrations().await?.iter().map(view).collect();
    Ok(Json(json!({"integrations": integrations})))
}

/// `GET /integrations/{key}`.
pub(crate) async fn show(
    State(app): AppState,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<Value>, ApiError> {
    let Path(key) = path?;
    Ok(Json(view(&app.keyway.get_integration(&key).await?)))
}

/// `PATCH /integrations/{key}`: members that are given replace, `null` clears, a new `key` renames.
pub(crate) async fn update(
    State(app): AppState,
    path: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Value>, ApiError> {
    let Path(key) = path?;
    let fields = input::object(body).await?;
    let mut record = app.keyway.get_integration(&key).await?;
    apply(fields, &mut record)?;
    let shown = view(&record);
    app.keyway.update_integration(&key, record).await?;
    Ok(Json(shown))
}

/// `DELETE /integrations/{key}`: with its connections.
pub(crate) async fn delete(
    State(app): AppState,
    path: Result<Path<String>, PathRejection>,
) -> Result<StatusCode, ApiError> {
    let Path(key) = path?;
    if app.keyway.delete_integration(&key).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    let message = format!("there is no integration `{key}`");
    Err(keyway::Error::new(ErrorKind::UnknownIntegration, message).into())
}

fn apply(mut fields: Fields, record: &mut IntegrationRecord) -> Result<(), ApiError> {
    match fields.text("key")? {
        Change::Keep => {}
        Change::Set(key) if !key.is_empty() => record.key = key,
        Change::Clear | Change::Set(_) => return Err(ApiError::invalid("`key` must not be empty")),
    }
    fields.text("client_id")?.map(Some).apply(&mut record.client_id);
    fields.secret("client_secret")?.map(Some).apply(&mut record.client_secret);
    fields.texts("scopes")?.apply(&mut record.scopes);
    fields.texts("allowed_hosts")?.apply(&mut record.allowed_hosts);
    let custom = fields.text_map("custom")?;
    custom
        .map(|map| map.into_iter().map(|(name, value)| (name, Secret::new(value))).collect())
        .apply(&mut record.custom);
    fields.text("app_link")?.map(Some).apply(&mut record.app_link);
    match fields.text("unknown_outcome")? {
        Change::Keep => {}
        Change::Clear => record.unknown_outcome = None,
        Change::Set(name) => {
            let outcome = UnknownOutcome::named(&name);
            let refused = || ApiError::invalid("`unknown_outcome` must be `retry`, `final` or `null`");
            record.unknown_outcome = Some(outcome.ok_or_else(refused)?);
        }
    }
    fields.finish()
}

fn view(record: &IntegrationRecord) -> Value {
    json!({
        "key": record.key,
        "provider": record.provider,
        "client_id": record.client_id,
        "client_secret_set": record.client_secret.is_some(),
        "scopes": record.scopes,
        "allowed_hosts": record.allowed_hosts,
        "custom_set": record.custom.keys().collect::<Vec<_>>(),
        "app_link": record.app_link,
        "unknown_outcome": record.unknown_outcome.map(UnknownOutcome::name),
    })
}
