//! `/console/integrations/{key}`: one integration, its redirect URI, and its end.

use super::frame::{Frame, go, page};
use super::guard::{Operator, Submitted, Unanswered};
use super::named::NamedKey;
use super::setup::{self, Setup};
use crate::app::{App, AppState};
use crate::callback;
use crate::error::ApiError;
use crate::integrations::apply;
use crate::pages::{FormTarget, document, web_link};
use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use keyway::client::RedirectUri;
use keyway::integration::IntegrationRecord;
use keyway_spec::ProviderSpec;

/// `GET /console/integrations/{key}`.
pub(super) async fn show(
    State(app): AppState,
    operator: Operator,
    NamedKey(key): NamedKey,
) -> Result<Response, Unanswered> {
    let record = app.keyway.get_integration(&key).await?;
    Ok(shown(&app, &operator.frame, &record, StatusCode::OK, None))
}

/// `POST /console/integrations/{key}`: what the form says replaces what was there.
pub(super) async fn save(
    State(app): AppState,
    operator: Operator,
    NamedKey(key): NamedKey,
    form: Submitted,
) -> Result<Response, Unanswered> {
    let before = app.keyway.get_integration(&key).await?;
    let spec = app.keyway.catalogue().get(&before.provider).unwrap_or(&ProviderSpec::EMPTY);
    let fields = setup::read(spec, &form)?;
    let kept = before.custom.clone();
    let changed = app.keyway.change_integration(&key, |record: &mut IntegrationRecord| {
        apply(fields.clone(), record)?;
        // Fields that were left empty keep their values.
        for (name, value) in &kept {
            record.custom.entry(name.clone()).or_insert_with(|| value.clone());
        }
        Ok::<(), ApiError>(())
    });
    match changed.await {
        Ok(record) => {
            let done = if record.key == key { "saved" } else { "renamed" };
            let to = operator.frame.to(&["console", "integrations", &record.key]);
            Ok(go(&format!("{to}?done={done}")))
        }
        Err(error) => Ok(shown(&app, &operator.frame, &before, error.status, Some(&error.message))),
    }
}

/// `POST /console/integrations/{key}/delete`: where the key was typed.
pub(super) async fn delete(
    State(app): AppState,
    operator: Operator,
    NamedKey(key): NamedKey,
    form: Submitted,
) -> Result<Response, Unanswered> {
    if form.text("typed") != key {
        let record = app.keyway.get_integration(&key).await?;
        let message = "Type the integration's key to delete it. Nothing was deleted.";
        return Ok(shown(&app, &operator.frame, &record, StatusCode::BAD_REQUEST, Some(message)));
    }
    app.keyway.delete_integration(&key).await?;
    Ok(go(&format!("{}?done=integration-deleted", operator.frame.to(&["console", "integrations"]))))
}

fn shown(app: &App, frame: &Frame, record: &IntegrationRecord, status: StatusCode, problem: Option<&str>) -> Response {
    let spec = app.keyway.catalogue().get(&record.provider);
    let redirect = app.keyway.redirect_uri_of(record, callback::base(app).as_str()).unwrap_or(RedirectUri::None);
    let page_of_it = IntegrationPage {
        frame,
        problem,
        provider: spec.map_or(record.provider.as_str(), |spec| spec.display_name),
        in_catalogue: spec.is_some(),
        action: frame.to(&["console", "integrations", &record.key]),
        delete: frame.to(&["console", "integrations", &record.key, "delete"]),
        connections: frame.asking(&["console", "connections"], &[("integration", &record.key)]),
        connect: frame.to(&["console", "connect"]),
        reference: spec
            .filter(|spec| !spec.operations.is_empty())
            .map(|_| frame.to(&["integrations", &record.key, "reference"])),
        guide: spec.and_then(|spec| web_link(spec.setup_guide_url?, "")),
        redirect_uri: match &redirect {
            RedirectUri::Shared(uri) | RedirectUri::Own(uri) => Some(uri.clone()),
            RedirectUri::None | RedirectUri::PerIssuer { .. } => None,
        },
        setup: Setup::new(spec.unwrap_or(&ProviderSpec::EMPTY), record),
    };
    if status == StatusCode::OK { page(&page_of_it) } else { document(status, &page_of_it, FormTarget::Own) }
}

#[derive(Template)]
#[template(path = "console/integration.html")]
struct IntegrationPage<'a> {
    frame: &'a Frame,
    problem: Option<&'a str>,
    provider: &'a str,
    in_catalogue: bool,
    action: String,
    delete: String,
    connections: String,
    connect: String,
    reference: Option<String>,
    guide: Option<String>,
    redirect_uri: Option<String>,
    setup: Setup<'a>,
}
