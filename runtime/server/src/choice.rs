//! `POST /oauth/choice`: which of several accounts is to be connected.
//!
//! The token of the choice stands in the page that asked, or in the error that an API caller got. It is unguessable and
//! good for one connection, so no cookie has to protect it from forgery. A value that the vendor does not list leaves
//! it good for another try.

use crate::answers::MadeConnection;
use crate::app::{App, AppState};
use crate::error::ApiError;
use crate::extract::NoQuery;
use crate::input::Fields;
use crate::link::server_url;
use crate::pages::{self, ChoiceState, ErrorPage};
use crate::way_back;
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use keyway::Secret;
use keyway::client::WayBack;

/// The largest submission, in bytes.
pub(crate) const MAX_BODY: usize = 16 * 1024;

/// `POST /oauth/choice`: answers a form with a page, and anything else with JSON.
pub(crate) async fn receive(
    State(app): AppState,
    query: Result<NoQuery, ApiError>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_form = content_type.starts_with("application/x-www-form-urlencoded");
    match query {
        Ok(NoQuery) if is_form => from_form(&app, body).await.into_response(),
        Ok(NoQuery) => from_json(&app, body).await.into_response(),
        Err(error) if is_form => ErrorPage::from(error).into_response(),
        Err(error) => error.into_response(),
    }
}

/// The page that asks, where an error asks for a choice or a choice can be made again.
pub(crate) fn page(app: &App, error: &ApiError, again: Option<&Secret>, way: Option<&WayBack>) -> Option<Response> {
    let choices = error.choices.as_ref()?;
    let token = choices.token.as_ref().or(again)?;
    let url = server_url(&app.config.public_url, &["oauth", "choice"]);
    let state = ChoiceState {
        spec: error.provider.as_deref().and_then(|key| app.keyway.catalogue().get(key)),
        token: token.expose(),
        action: url.path(),
        message: again.map(|_| "Choose one of these."),
        way,
    };
    // A page that asks is no failure.
    let status = if choices.token.is_some() { StatusCode::OK } else { error.status };
    Some(pages::choice(status, choices, &state))
}

async fn from_form(app: &App, body: Body) -> Result<Response, ErrorPage> {
    let (token, value) = read_form(&app.bodies.read(body, MAX_BODY).await?.bytes)?;
    let way = way_back::of_token(app, &token).await;
    match app.keyway.choose(token.expose(), &value).await.map_err(ApiError::from) {
        Ok(connection) => Ok(pages::ended(app, &connection, way.as_deref())),
        Err(error) => match page(app, &error, Some(&token), way.as_deref()) {
            Some(again) => Ok(again),
            None => Err(ErrorPage::of(app, error, way)),
        },
    }
}

fn read_form(body: &[u8]) -> Result<(Secret, String), ApiError> {
    let (mut token, mut value) = (Secret::default(), String::new());
    for (name, given) in form_urlencoded::parse(body) {
        match &*name {
            "token" => token = Secret::new(given),
            "value" => value = given.into_owned(),
            _ => return Err(ApiError::invalid("the form has an input that it was not given")),
        }
    }
    Ok((token, value))
}

async fn from_json(app: &App, body: Body) -> Result<Response, ApiError> {
    let body = app.bodies.read(body, MAX_BODY).await?;
    let mut fields = Fields::parse(&body.bytes)?;
    let (token, value) = (Secret::new(fields.required_text("token")?), fields.required_text("value")?);
    fields.finish()?;
    let connection = app.keyway.choose(token.expose(), &value).await?;
    let shown = MadeConnection {
        integration: &connection.key.integration,
        connection_id: &connection.key.id,
        provider: &connection.provider,
    };
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(shown)).into_response())
}
