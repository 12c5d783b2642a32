//! `POST /connect/{integration}`: what a customer entered, from the form or as JSON.
//!
//! The session's token allows one connection: in the query, where the form has it, or in the body. A sender without
//! a token in the query is a stranger until the body was read, so that body is small; the path and a token in the query are
//! looked at before any of it. A refusal names fields and never values, and leaves the token good for another try. Absent
//! here: the pages themselves ([`crate::form`]), and cross-origin scripts: no answer allows
//! another origin to read it.

use crate::error::ApiError;
use crate::form::{self, Shown, input as name_of};
use crate::{App, AppState, connect, input, pages};
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use keyway::Secret;
use keyway::connection::{ConfigMap, Connection, PENDING};
use keyway::credentials::Credentials;
use keyway::fields::{self, Trust};
use keyway_spec::ProviderSpec;
use serde_json::json;
use std::collections::BTreeMap;

/// The largest submission, in bytes: with a good token in the query, and without one.
const MAX_BODY: usize = 256 * 1024;
const MAX_BODY_OF_STRANGERS: usize = 32 * 1024;

/// The most values of a form that are read.
const MAX_VALUES: usize = 200;

/// What was submitted.
#[derive(Default)]
struct Submission {
    token: Secret,
    config: ConfigMap,
    credentials: BTreeMap<String, Secret>,
    assertion_options: BTreeMap<String, Secret>,
}

/// `POST /connect/{integration}`.
pub(crate) async fn receive(
    State(app): AppState,
    path: Result<Path<String>, PathRejection>,
    RawQuery(raw): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let admitted = admit(&app, path, raw.as_deref(), body).await;
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/x-www-form-urlencoded") {
        let page = match admitted {
            Ok(admitted) => from_form(&app, admitted).await,
            Err(error) => Err(error),
        };
        return page.unwrap_or_else(|error| pages::failed(error.status, error.code, &error.message));
    }
    let answer = match admitted {
        Ok(admitted) => from_json(&app, admitted).await,
        Err(error) => Err(error),
    };
    answer.unwrap_or_else(IntoResponse::into_response)
}

/// A submission whose path is right, and whose token is, as far as it was shown before the body.
struct Admitted {
    integration: String,
    token: Option<Secret>,
    body: Bytes,
}

async fn admit(
    app: &App,
    path: Result<Path<String>, PathRejection>,
    raw: Option<&str>,
    body: Body,
) -> Result<Admitted, ApiError> {
    let Path(integration) = path?;
    let [token] = input::query(raw, ["token"])?;
    let token = token.map(Secret::new);
    let limit = if let Some(token) = &token {
        connect::for_integration(app, token, &integration).await?;
        MAX_BODY
    } else {
        form::spec(app, &integration).await?;
        MAX_BODY_OF_STRANGERS
    };
    Ok(Admitted { integration, token, body: input::whole(body, limit).await? })
}

async fn from_json(app: &App, admitted: Admitted) -> Result<Response, ApiError> {
    let Admitted { integration, token, body } = admitted;
    let mut fields = input::object(Body::from(body)).await?;
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
    let connection = submitted(app, &integration, submission).await?;
    let shown = json!({
        "integration": connection.key.integration,
        "connection_id": connection.key.id,
        "provider": connection.provider,
        "pending": connection.config.contains_key(PENDING),
    });
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(shown)).into_response())
}

async fn from_form(app: &App, admitted: Admitted) -> Result<Response, ApiError> {
    let Admitted { integration, token, body } = admitted;
    let mut submission = read(&body)?;
    submission.token = token.unwrap_or(submission.token);
    let spec = form::spec(app, &integration).await?;
    let (token, entered) = (submission.token.clone(), shown_again(spec, &submission.config));
    let problems = problems(spec, &submission);
    if !problems.is_empty() {
        let listed: Vec<&str> = unplaced(spec, &problems);
        let message = listed.join("; ");
        let shown = Shown {
            entered,
            message: Some(&message).filter(|text| !text.is_empty()).map(String::as_str),
            problems: problems.clone(),
        };
        return Ok(form::page(app, spec, &integration, &token, StatusCode::BAD_REQUEST, &shown));
    }
    let outcome = if connect::redirects(spec) {
        let key = connect::for_integration(app, &token, &integration).await?;
        let entered = connect::Entered { config: submission.config, credentials: BTreeMap::new() };
        return connect::leave(app, key, &token, entered, StatusCode::SEE_OTHER).await;
    } else {
        submitted(app, &integration, submission).await
    };
    match outcome {
        Ok(connection) if connection.config.contains_key(PENDING) => Ok(pages::pending(&integration)),
        Ok(_) => Ok(pages::connected(&integration)),
        Err(error) if app.keyway.session(token.expose()).await.is_err() => Err(error),
        Err(error) => {
            let shown = Shown { entered, message: Some(&error.message), ..Shown::default() };
            Ok(form::page(app, spec, &integration, &token, error.status, &shown))
        }
    }
}

async fn submitted(app: &App, integration: &str, submission: Submission) -> Result<Connection, ApiError> {
    let Submission { token, config, credentials, assertion_options } = submission;
    let credentials = Credentials { assertion_options, ..Credentials::submitted(credentials) };
    Ok(app.keyway.submit(token.expose(), integration, config, credentials).await?)
}

/// An input that is left empty was not entered.
fn read(body: &[u8]) -> Result<Submission, ApiError> {
    let mut submission = Submission::default();
    for (name, value) in form_urlencoded::parse(body).take(MAX_VALUES).filter(|(_, value)| !value.is_empty()) {
        let inner = |group: &str| {
            let inner = name.strip_prefix(group)?.strip_prefix('[')?.strip_suffix(']')?;
            Some(inner.to_owned())
        };
        if name == "token" {
            submission.token = Secret::new(value);
        } else if let Some(field) = inner("config") {
            submission.config.insert(field, value.into_owned());
        } else if let Some(field) = inner("credentials") {
            submission.credentials.insert(field, Secret::new(value));
        } else if let Some(field) = inner("assertion_option") {
            submission.assertion_options.insert(field, Secret::new(value));
        } else {
            return Err(ApiError::invalid("the form has an input that it was not given"));
        }
    }
    Ok(submission)
}

/// What is wrong, by the name of its input.
fn problems(spec: &ProviderSpec, submission: &Submission) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (group, of_group) in form::groups(spec) {
        let problems = match group {
            "config" => fields::problems(of_group, &submission.config, Trust::User),
            "credentials" => fields::problems(of_group, &submission.credentials, Trust::User),
            _ => fields::problems(of_group, &submission.assertion_options, Trust::User),
        };
        found.extend(problems.into_iter().map(|(field, problem)| (name_of(group, &field), problem)));
    }
    found
}

/// What is wrong with inputs that the form does not show.
fn unplaced<'a>(spec: &ProviderSpec, problems: &'a BTreeMap<String, String>) -> Vec<&'a str> {
    let placed: Vec<String> = form::groups(spec)
        .into_iter()
        .flat_map(|(group, fields)| {
            let asked = fields.iter().filter(|field| !field.hidden && !field.automated);
            asked.map(move |field| name_of(group, field.name))
        })
        .collect();
    problems.iter().filter(|(name, _)| !placed.contains(name)).map(|(_, text)| text.as_str()).collect()
}

/// What the form repeats: configuration that is no secret.
fn shown_again(spec: &ProviderSpec, config: &ConfigMap) -> BTreeMap<String, String> {
    let plain = |name: &String| spec.connection_config.iter().any(|field| field.name == *name && !field.secret);
    config
        .iter()
        .filter(|(name, _)| plain(name))
        .map(|(name, value)| (name_of("config", name), value.clone()))
        .collect()
}
