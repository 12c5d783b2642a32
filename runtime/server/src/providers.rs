//! `GET /providers`, `GET /providers/{key}`: what the catalogue says, as far as a form needs it, and the operations
//! that can be called by name: no templates, no API URLs.

use crate::answers::{ProviderDetails, ProviderList, ProviderSummary, ShownField};
use crate::app::{App, AppState};
use crate::error::ApiError;
use crate::extract::Key;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use keyway::operation::described;
use keyway_spec::mode::Client;
use keyway_spec::{Field, Format, ProviderSpec};

/// Every provider, by key.
pub(crate) async fn list(State(app): AppState) -> Json<ProviderList> {
    Json(ProviderList { providers: app.keyway.catalogue().iter().map(summary).collect() })
}

/// One provider, with the fields that a customer and an operator fill in.
pub(crate) async fn show(State(app): AppState, Key(key): Key) -> Result<Json<ProviderDetails>, ApiError> {
    let spec = find(&app, &key)?;
    Ok(Json(ProviderDetails {
        summary: summary(spec),
        docs_connect: spec.docs_connect,
        setup_guide_url: spec.setup_guide_url,
        connection_config: fields(spec.connection_config),
        credentials: fields(spec.credentials),
        assertion_option: fields(spec.assertion_option),
        integration_config: fields(spec.integration_config),
        default_scopes: spec.default_scopes,
        needs_client: needs_client(spec),
        operations: spec.operations.iter().map(described).collect::<Vec<_>>(),
    }))
}

/// True if an integration needs what an operator registered with the vendor. Others may be used under the provider's
/// own key without being created first.
pub(crate) fn needs_client(spec: &ProviderSpec) -> bool {
    spec.auth.facts().client == Client::Required || !spec.integration_config.is_empty()
}

fn find(app: &App, key: &str) -> Result<&'static ProviderSpec, ApiError> {
    app.keyway.catalogue().get(key).ok_or_else(|| {
        let message = format!("the catalogue has no provider `{key}`; GET /providers lists them");
        ApiError::new(StatusCode::NOT_FOUND, "unknown_provider", message)
    })
}

fn summary(spec: &'static ProviderSpec) -> ProviderSummary {
    ProviderSummary {
        key: spec.key,
        display_name: spec.display_name,
        auth_mode: spec.auth.mode(),
        categories: spec.categories,
        docs: spec.docs,
    }
}

fn fields(fields: &'static [Field]) -> Vec<ShownField> {
    fields
        .iter()
        .map(|field| ShownField {
            name: field.name,
            title: field.title,
            description: field.description,
            example: field.example,
            pattern: field.pattern,
            format: field.format.map(Format::name),
            choices: field.choices,
            default_value: field.default_value,
            optional: field.optional,
            hidden: field.hidden,
            automated: field.automated,
            secret: field.secret,
        })
        .collect()
}
