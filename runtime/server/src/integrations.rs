//! `/integrations`: what the operator set up for each provider.
//!
//! Secrets are accepted and never returned: an answer says which are set.

use crate::answers::{IntegrationList, ShownIntegration};
use crate::app::{App, AppState};
use crate::callback;
use crate::error::ApiError;
use crate::extract::{Key, Object};
use crate::input::{self, Fields, Patch};
use crate::{pages, providers};
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use keyway::client::RedirectUri;
use keyway::integration::IntegrationRecord;
use keyway::{ErrorKind, Secret};
use keyway_spec::ProviderSpec;
use keyway_spec::quirks::UnknownOutcome;
use serde_json::{Map, Value, json};

/// `POST /integrations`.
pub(crate) async fn create(State(app): AppState, Object(mut fields): Object) -> Result<Response, ApiError> {
    let provider = fields.required_text("provider")?;
    let mut record = match app.keyway.catalogue().get(&provider) {
        Some(spec) => IntegrationRecord::new(provider, spec),
        None => IntegrationRecord::without_scopes(provider.clone(), provider),
    };
    apply(fields, &mut record)?;
    let key = record.key.clone();
    app.keyway.create_integration(record).await?;
    let record = app.keyway.get_integration(&key).await?;
    Ok((StatusCode::CREATED, Json(view(&app, &record))).into_response())
}

/// `GET /integrations`.
pub(crate) async fn list(State(app): AppState) -> Result<Response, ApiError> {
    let records = app.keyway.list_integrations().await?;
    let integrations = records.iter().map(|record| view(&app, record)).collect();
    Ok(Json(IntegrationList { integrations }).into_response())
}

/// The parameters of the query of one integration.
pub(crate) const QUERY: [&str; 1] = ["issuer"];

/// `GET /integrations/{key}?issuer=`: with the redirect URI for that authorization server, where there is one for each.
pub(crate) async fn show(State(app): AppState, Key(key): Key, RawQuery(query): RawQuery) -> Result<Response, ApiError> {
    let [issuer] = input::query(query.as_deref(), QUERY)?;
    let record = app.keyway.get_integration(&key).await?;
    let mut shown = view(&app, &record);
    if let Some(issuer) = issuer {
        shown.redirect_uri = redirect_uri(&app, &record)?.of_issuer(&issuer)?;
    }
    Ok(Json(shown).into_response())
}

/// `PATCH /integrations/{key}`: members that are given replace, `null` clears, a new `key` renames.
pub(crate) async fn update(State(app): AppState, Key(key): Key, Object(fields): Object) -> Result<Response, ApiError> {
    // Called again with the current record if another change came first, so that no change is lost.
    let record = app.keyway.change_integration(&key, |record| apply(fields.clone(), record)).await?;
    Ok(Json(view(&app, &record)).into_response())
}

/// `DELETE /integrations/{key}`: with its connections.
pub(crate) async fn delete(State(app): AppState, Key(key): Key) -> Result<StatusCode, ApiError> {
    if app.keyway.delete_integration(&key).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    let message = format!("there is no integration `{key}`");
    Err(keyway::Error::new(ErrorKind::UnknownIntegration, message).into())
}

/// `GET /integrations/{key}/reference`: the operations of its provider, as a page.
pub(crate) async fn reference(State(app): AppState, Key(key): Key) -> Result<Response, ApiError> {
    let spec = provider_of(&app, &key).await?;
    Ok(pages::reference(&app.config.public_url, &key, spec))
}

/// The provider of an integration. One that needs nothing from the operator may be used before it is created.
pub(crate) async fn provider_of(app: &App, key: &str) -> Result<&'static ProviderSpec, ApiError> {
    let catalogue = app.keyway.catalogue();
    match app.keyway.get_integration(key).await {
        Ok(record) => Ok(catalogue.require(&record.provider)?),
        Err(error) => match catalogue.get(key).filter(|_| error.kind() == ErrorKind::UnknownIntegration) {
            Some(spec) if !providers::needs_client(spec) => Ok(spec),
            _ => Err(error.into()),
        },
    }
}

/// Changes a record as a body says.
pub(crate) fn apply(mut fields: Fields, record: &mut IntegrationRecord) -> Result<(), ApiError> {
    match fields.text("key")? {
        Patch::Keep => {}
        Patch::Set(key) if !key.is_empty() => record.key = key,
        Patch::Clear | Patch::Set(_) => return Err(ApiError::invalid("`key` must not be empty")),
    }
    fields.text("client_id")?.map(Some).apply(&mut record.client_id);
    fields.secret("client_secret")?.map(Some).apply(&mut record.client_secret);
    fields.texts("scopes")?.apply(&mut record.scopes);
    fields.texts("allowed_hosts")?.apply(&mut record.allowed_hosts);
    fields.text("base_url")?.map(Some).apply(&mut record.base_url);
    let custom = fields.text_map("custom")?;
    custom
        .map(|map| map.into_iter().map(|(name, value)| (name, Secret::new(value))).collect())
        .apply(&mut record.custom);
    fields.text("app_link")?.map(Some).apply(&mut record.app_link);
    fields.flag("shared_redirect_uri")?.apply(&mut record.shared_redirect_uri);
    match fields.text("unknown_outcome")? {
        Patch::Keep => {}
        Patch::Clear => record.unknown_outcome = None,
        Patch::Set(name) => {
            let outcome = UnknownOutcome::from_name(&name);
            let refused = || ApiError::invalid("`unknown_outcome` must be `retry`, `final` or `null`");
            record.unknown_outcome = Some(outcome.ok_or_else(refused)?);
        }
    }
    fields.finish()
}

fn redirect_uri(app: &App, record: &IntegrationRecord) -> Result<RedirectUri, ApiError> {
    Ok(app.keyway.redirect_uri_of(record, callback::base(app).as_str())?)
}

fn view<'a>(app: &App, record: &'a IntegrationRecord) -> ShownIntegration<'a> {
    // An integration whose provider left the catalogue can still be read, changed and deleted.
    let redirect = redirect_uri(app, record).unwrap_or(RedirectUri::None);
    let (uri, per) = match &redirect {
        RedirectUri::None => (None, None),
        RedirectUri::Shared(uri) => (Some(uri.clone()), Some("server")),
        RedirectUri::Own(uri) => (Some(uri.clone()), Some("integration")),
        RedirectUri::PerIssuer { .. } => (None, Some("issuer")),
    };
    let listed =
        record.allowed_hosts.iter().filter(|_| matches!(redirect, RedirectUri::PerIssuer { by_identifier: false, .. }));
    let named = listed.filter(|host| !host.contains('*'));
    let uris: Map<String, Value> =
        named.filter_map(|host| Some((host.clone(), json!(redirect.of_issuer(host).ok()??)))).collect();
    ShownIntegration {
        id: &record.id,
        key: &record.key,
        provider: &record.provider,
        client_id: record.client_id.as_deref(),
        client_secret_set: record.client_secret.is_some(),
        scopes: &record.scopes,
        allowed_hosts: &record.allowed_hosts,
        base_url: record.base_url.as_deref(),
        custom_set: record.custom.keys().map(String::as_str).collect(),
        app_link: record.app_link.as_deref(),
        shared_redirect_uri: per == Some("server"),
        redirect_uri: uri,
        redirect_uri_per: per,
        redirect_uris: uris,
        unknown_outcome: record.unknown_outcome.map(UnknownOutcome::name),
    }
}
