//! `GET /connect/{integration}`: the form in which a customer enters what an entry asks for.
//!
//! HTML that works without its one script, under a policy that allows no other. The session's token in the form's
//! address protects it from forgery, so no cookie has to; it stands there and not in the body, so that a submission
//! without one is refused unread. Looking at the form does not use the token up. [`crate::submit`] takes what was
//! entered.

use crate::app::{App, AppState};
use crate::error::ApiError;
use crate::extract::Key;
use crate::form_fields::input_name;
use crate::link::{Link, connection_of, local, server_url, way_to_others};
use crate::pages::{self, ErrorPage, FormPlaces, FormState};
use crate::way_back;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use keyway::Secret;
use keyway::client::WayBack;
use keyway::connection::ConfigMap;
use keyway::fields;
use keyway_spec::ProviderSpec;
use std::collections::BTreeMap;

/// `GET /connect/{integration}?token=...`.
pub(crate) async fn show(
    State(app): AppState,
    key: Result<Key, ApiError>,
    RawQuery(query): RawQuery,
) -> Result<Response, ErrorPage> {
    let Key(integration) = key?;
    let Link { token, config, .. } = Link::read(query.as_deref())?;
    let way = way_back::of_link(&app, &token, &integration).await;
    let open = async {
        connection_of(&app, &token, &integration).await?;
        let spec = provider_of(&app, &integration).await?;
        Ok(prefilled(&app, spec, &integration, &token, &config, way.as_deref()).await)
    };
    let opened = open.await;
    opened.map_err(|error| ErrorPage::of(&app, error, way))
}

/// The form of an interactive mode, if the link lacks a value that the provider's pages need.
pub(crate) async fn if_incomplete(
    app: &App,
    integration: &str,
    token: &Secret,
    config: &ConfigMap,
    way: Option<&WayBack>,
) -> Result<Option<Response>, ApiError> {
    let spec = provider_of(app, integration).await?;
    let incomplete = fields::must_be_asked(spec.connection_config, config);
    if !incomplete {
        return Ok(None);
    }
    Ok(Some(prefilled(app, spec, integration, token, config, way).await))
}

/// The provider of an integration.
pub(crate) async fn provider_of(app: &App, integration: &str) -> Result<&'static ProviderSpec, ApiError> {
    let record = app.keyway.get_integration(integration).await?;
    Ok(app.keyway.catalogue().require(&record.provider)?)
}

/// The form in a certain state.
pub(crate) async fn page(
    app: &App,
    spec: &ProviderSpec,
    integration: &str,
    token: &Secret,
    status: StatusCode,
    state: &FormState<'_>,
) -> Response {
    let mut url = server_url(&app.config.public_url, &["connect", integration]);
    url.query_pairs_mut().append_pair("token", token.expose());
    let others = way_to_others(app, token).await;
    let places = FormPlaces { action: &local(&url), others: others.as_deref() };
    pages::form(status, spec, places, state, app.keyway.egress_policy().allow_http)
}

async fn prefilled(
    app: &App,
    spec: &ProviderSpec,
    integration: &str,
    token: &Secret,
    config: &ConfigMap,
    way: Option<&WayBack>,
) -> Response {
    let entered: BTreeMap<String, String> =
        config.iter().map(|(name, value)| (input_name("config", name), value.clone())).collect();
    page(app, spec, integration, token, StatusCode::OK, &FormState { entered, way, ..FormState::default() }).await
}
