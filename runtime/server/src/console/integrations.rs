//! `/console/integrations`: those that there are, and a new one.

use super::frame::{Frame, go, page};
use super::guard::{Operator, Submitted, Unanswered};
use super::provider::find;
use super::setup::{self, Setup};
use crate::app::{App, AppState};
use crate::error::ApiError;
use crate::input;
use crate::integrations::apply;
use crate::pages::{FormTarget, document, web_link};
use askama::Template;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::Response;
use keyway::integration::IntegrationRecord;
use keyway_spec::ProviderSpec;

/// `GET /console/integrations`.
pub(super) async fn show(State(app): AppState, operator: Operator) -> Result<Response, Unanswered> {
    let frame = &operator.frame;
    let records = app.keyway.list_integrations().await?;
    let listed = records.into_iter().map(|record| IntegrationRow {
        address: frame.to(&["console", "integrations", &record.key]),
        name: app.keyway.catalogue().get(&record.provider).map(|spec| spec.display_name),
        key: record.key,
        provider: record.provider,
        client_id: record.client_id,
    });
    let new = frame.to(&["console", "providers"]);
    Ok(page(&Integrations { frame, new, listed: listed.collect() }))
}

#[derive(Template)]
#[template(path = "console/integrations.html")]
struct Integrations<'a> {
    frame: &'a Frame,
    new: String,
    listed: Vec<IntegrationRow>,
}

impl Integrations<'_> {
    const TITLE: &'static str = "Integrations";
}

struct IntegrationRow {
    address: String,
    /// `None` where the provider left the catalogue.
    name: Option<&'static str>,
    key: String,
    provider: String,
    client_id: Option<String>,
}

/// `GET /console/integrations/new?provider=`.
pub(super) async fn ask(
    State(app): AppState,
    operator: Operator,
    RawQuery(query): RawQuery,
) -> Result<Response, Unanswered> {
    let [provider] = input::query(query.as_deref(), ["provider"])?;
    let spec = find(&app, provider.as_deref().unwrap_or_default())?;
    let record = IntegrationRecord::new(free_key(&app, spec.key).await?, spec);
    Ok(form(&operator.frame, spec, &record, StatusCode::OK, None))
}

/// `POST /console/integrations`.
pub(super) async fn create(State(app): AppState, operator: Operator, form: Submitted) -> Result<Response, Unanswered> {
    let spec = find(&app, form.text("provider"))?;
    let mut record = IntegrationRecord::new(spec.key, spec);
    let done = async {
        apply(setup::read(spec, &form)?, &mut record)?;
        Ok::<_, ApiError>(app.keyway.create_integration(record.clone()).await?)
    };
    match done.await {
        Ok(()) => {
            let to = operator.frame.to(&["console", "integrations", &record.key]);
            Ok(go(&format!("{to}?done=created")))
        }
        Err(error) => Ok(self::form(&operator.frame, spec, &record, error.status, Some(&error.message))),
    }
}

/// The provider's key, or the first of `github-2`, `github-3`, ... that no integration has.
async fn free_key(app: &App, key: &str) -> Result<String, ApiError> {
    let taken = app.keyway.list_integrations().await?;
    let is_free = |candidate: &String| !taken.iter().any(|record| record.key == *candidate);
    let candidates = (2..).map(|number| format!("{key}-{number}"));
    let mut candidates = std::iter::once(key.to_owned()).chain(candidates).take(taken.len() + 1);
    Ok(candidates.find(is_free).unwrap_or_default())
}

fn form(
    frame: &Frame,
    spec: &ProviderSpec,
    record: &IntegrationRecord,
    status: StatusCode,
    problem: Option<&str>,
) -> Response {
    let page = NewIntegration {
        frame,
        spec,
        problem,
        action: frame.to(&["console", "integrations"]),
        guide: spec.setup_guide_url.and_then(|url| web_link(url, "")),
        setup: Setup::new(spec, record),
    };
    document(status, &page, FormTarget::Own)
}

#[derive(Template)]
#[template(path = "console/new_integration.html")]
struct NewIntegration<'a> {
    frame: &'a Frame,
    spec: &'a ProviderSpec,
    problem: Option<&'a str>,
    action: String,
    guide: Option<String>,
    setup: Setup<'a>,
}

impl NewIntegration<'_> {
    const TITLE: &'static str = "New integration";
}
