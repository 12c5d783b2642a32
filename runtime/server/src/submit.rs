//! `POST /connect/{integration}`: what a customer entered, from the form or as JSON.
//!
//! The session's token allows one connection. It stands in the query, where the form has it, or in the body. A sender
//! without a token in the query is unknown until the body was read, so its body has to be small; the path and a token
//! in the query are checked before any of it is read. A refusal names fields and never values, and leaves the token
//! valid for another try. No answer allows another origin to read it, so scripts of other sites cannot use this
//! route.

use crate::answers::{MadeConnection, SubmittedConnection};
use crate::app::{App, AppState};
use crate::error::ApiError;
use crate::extract::Key;
use crate::input::{self, Fields};
use crate::link::connection_of;
use crate::pages::ErrorPage;
use crate::submission::{Submission, submit};
use crate::{form, submit_form, way_back};
use axum::Json;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use keyway::Secret;
use keyway::connection::PENDING;

/// The largest submission with a valid token in the query, in bytes.
pub(crate) const MAX_BODY: usize = 256 * 1024;

/// The largest submission without one, in bytes.
const MAX_BODY_WITHOUT_TOKEN: usize = 32 * 1024;

/// `POST /connect/{integration}`: answers a form with a page, and anything else with JSON.
pub(crate) async fn receive(
    State(app): AppState,
    key: Result<Key, ApiError>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let named = key.as_ref().map_or_else(|_| String::new(), |Key(integration)| integration.clone());
    let admitted = admit(&app, key, query.as_deref(), body).await;
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if content_type.starts_with("application/x-www-form-urlencoded") {
        let way = way_back::of_query(&app, query.as_deref(), &named).await;
        return match admitted {
            Ok(Admitted { integration, token, body }) => {
                submit_form::answer(&app, &integration, token, &body, way).await
            }
            Err(error) => ErrorPage::of(&app, error, way).into_response(),
        };
    }
    let answer = match admitted {
        Ok(admitted) => from_json(&app, admitted).await,
        Err(error) => Err(error),
    };
    answer.into_response()
}

/// A request that passed the checks which come before its body is interpreted.
struct Admitted {
    integration: String,
    /// The token of the query, which is valid for this integration or was a moment ago.
    token: Option<Secret>,
    body: Bytes,
}

async fn admit(app: &App, key: Result<Key, ApiError>, query: Option<&str>, body: Body) -> Result<Admitted, ApiError> {
    let Key(integration) = key?;
    let [token] = input::query(query, ["token"])?;
    let token = token.map(Secret::new);
    let Some(sent) = &token else {
        form::provider_of(app, &integration).await?;
        let body = input::whole(body, MAX_BODY_WITHOUT_TOKEN).await?;
        return Ok(Admitted { integration, token, body });
    };
    let limit = match connection_of(app, sent, &integration).await {
        Ok(_) => MAX_BODY,
        // A second click comes when the first one has used the token up, and sees what that one did.
        Err(_) if app.keyway.is_submitted(sent.expose()) => MAX_BODY_WITHOUT_TOKEN,
        Err(error) => return Err(error),
    };
    Ok(Admitted { integration, token, body: input::whole(body, limit).await? })
}

async fn from_json(app: &App, admitted: Admitted) -> Result<Response, ApiError> {
    let Admitted { integration, token, body } = admitted;
    let mut fields = Fields::parse(&body)?;
    let token = match token {
        Some(token) => token,
        None => Secret::new(fields.required_text("token")?),
    };
    let submission = Submission {
        token,
        config: fields.text_map("config")?.value().unwrap_or_default(),
        credentials: fields.fields("credentials")?.rest_as_secrets()?,
        assertion_options: fields.fields("assertion_option")?.rest_as_secrets()?,
    };
    fields.finish()?;
    let connection = submit(app, &integration, submission).await?;
    let made = MadeConnection {
        integration: &connection.key.integration,
        connection_id: &connection.key.id,
        provider: &connection.provider,
    };
    let shown = SubmittedConnection { made, pending: connection.config.contains_key(PENDING) };
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(shown)).into_response())
}
