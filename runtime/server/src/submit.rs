//! `POST /connect/{integration}`: what a customer entered, from the form or as JSON.
//!
//! The session's token in the body allows one connection. A refusal names fields and never values, and leaves the token
//! good for another try. Absent here: the pages themselves ([`crate::form`]), and cross-origin scripts: no answer allows
//! another origin to read it.

use crate::error::ApiError;
use crate::form::{self, Shown, input as name_of};
use crate::{App, AppState, connect, input, pages};
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use keyway::Secret;
use keyway::connection::{ConfigMap, Connection, PENDING};
use keyway::credentials::Credentials;
use keyway::fields::{self, Trust};
use keyway_spec::ProviderSpec;
use serde_json::json;
use std::collections::BTreeMap;

/// The largest form, in bytes, and the most values in it.
const MAX_FORM: usize = 256 * 1024;
const MOST_VALUES: usize = 200;

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
    headers: HeaderMap,
    body: Body,
) -> Response {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind.starts_with("application/x-www-form-urlencoded") {
        return match from_form(&app, path, body).await {
            Ok(page) => page,
            Err(error) => pages::failed(error.status, error.code, &error.message),
        };
    }
    from_json(&app, path, body).await.unwrap_or_else(IntoResponse::into_response)
}

async fn from_json(app: &App, path: Result<Path<String>, PathRejection>, body: Body) -> Result<Response, ApiError> {
    let Path(integration) = path?;
    let mut fields = input::object(body).await?;
    let submission = Submission {
        token: Secret::new(fields.required_text("token")?),
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

async fn from_form(app: &App, path: Result<Path<String>, PathRejection>, body: Body) -> Result<Response, ApiError> {
    let Path(integration) = path?;
    let submission = read(&input::whole(body, MAX_FORM).await?)?;
    if app.keyway.session(submission.token.expose()).await?.integration != integration {
        return Err(ApiError::invalid("this form is for another integration"));
    }
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
        let entered = connect::Entered { config: submission.config, credentials: BTreeMap::new() };
        return connect::leave(app, &integration, &token, entered, StatusCode::SEE_OTHER).await;
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
    for (name, value) in form_urlencoded::parse(body).take(MOST_VALUES).filter(|(_, value)| !value.is_empty()) {
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
