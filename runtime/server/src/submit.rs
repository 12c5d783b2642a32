//! `POST /connect/{integration}`: what a customer entered, from the form or as JSON.
//!
//! The session's token allows one connection. It stands in the query, where the form has it, or in the body. A sender
//! without a token in the query is unknown until the body was read, so its body has to be small; the path and a token
//! in the query are checked before any of it is read. A refusal names fields and never values, and leaves the token
//! valid for another try. No answer allows another origin to read it, so scripts of other sites cannot use this
//! route.

use crate::app::{App, AppState};
use crate::choice;
use crate::connect::{FormInput, redirect_to_provider};
use crate::error::ApiError;
use crate::extract::Key;
use crate::form;
use crate::form_fields::{self, input_name, split_input_name};
use crate::input::{self, Fields};
use crate::link::connection_of;
use crate::pages::{self, ErrorPage, FormState};
use axum::Json;
use axum::body::Body;
use axum::extract::{RawQuery, State};
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
use keyway_spec::mode::Connect;
use serde_json::json;
use std::collections::BTreeMap;

/// The largest submission with a valid token in the query, in bytes.
const MAX_BODY: usize = 256 * 1024;

/// The largest submission without one, in bytes.
const MAX_BODY_WITHOUT_TOKEN: usize = 32 * 1024;

/// The most values of a form that are read.
const MAX_VALUES: usize = 200;

/// `POST /connect/{integration}`: answers a form with a page, and anything else with JSON.
pub(crate) async fn receive(
    State(app): AppState,
    key: Result<Key, ApiError>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let admitted = admit(&app, key, query.as_deref(), body).await;
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if content_type.starts_with("application/x-www-form-urlencoded") {
        let page = match admitted {
            Ok(admitted) => from_form(&app, admitted).await,
            Err(error) => Err(error),
        };
        return page.map_err(ErrorPage::from).into_response();
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
    /// The token of the query, which is valid for this integration.
    token: Option<Secret>,
    body: Bytes,
}

async fn admit(app: &App, key: Result<Key, ApiError>, query: Option<&str>, body: Body) -> Result<Admitted, ApiError> {
    let Key(integration) = key?;
    let [token] = input::query(query, ["token"])?;
    let token = token.map(Secret::new);
    let limit = if let Some(token) = &token {
        connection_of(app, token, &integration).await?;
        MAX_BODY
    } else {
        form::provider_of(app, &integration).await?;
        MAX_BODY_WITHOUT_TOKEN
    };
    Ok(Admitted { integration, token, body: input::whole(body, limit).await? })
}

/// The submitted form.
#[derive(Default)]
struct Submission {
    token: Secret,
    config: ConfigMap,
    credentials: BTreeMap<String, Secret>,
    assertion_options: BTreeMap<String, Secret>,
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
    let mut submission = read_form(&body)?;
    submission.token = token.unwrap_or(submission.token);
    let spec = form::provider_of(app, &integration).await?;
    let (token, entered) = (submission.token.clone(), repeatable(spec, &submission.config));
    let problems = problems(spec, &submission);
    if !problems.is_empty() {
        let message = of_no_input(spec, &problems).join("; ");
        let message = Some(message.as_str()).filter(|text| !text.is_empty());
        let state = FormState { entered, problems: problems.clone(), message };
        return Ok(form::page(app, spec, &integration, &token, StatusCode::BAD_REQUEST, &state));
    }
    if spec.auth.connect() == Connect::Interactive {
        let key = connection_of(app, &token, &integration).await?;
        let input = FormInput { config: submission.config, credentials: BTreeMap::new() };
        return redirect_to_provider(app, key, &token, input, StatusCode::SEE_OTHER).await;
    }
    match submit(app, &integration, submission).await {
        Ok(connection) if connection.config.contains_key(PENDING) => Ok(pages::pending(&integration)),
        Ok(_) => Ok(pages::connected(&integration)),
        Err(error) if error.choices.as_ref().is_some_and(|choices| choices.token.is_some()) => {
            choice::page(app, &error, None).ok_or(error)
        }
        // Without a valid token there is nothing to try again.
        Err(error) if app.keyway.session(token.expose()).await.is_err() => Err(error),
        Err(error) => {
            let state = FormState { entered, message: Some(&error.message), ..FormState::default() };
            Ok(form::page(app, spec, &integration, &token, error.status, &state))
        }
    }
}

async fn submit(app: &App, integration: &str, submission: Submission) -> Result<Connection, ApiError> {
    let Submission { token, config, credentials, assertion_options } = submission;
    let credentials = Credentials::submitted(credentials).assertion_options(assertion_options);
    Ok(app.keyway.submit(token.expose(), integration, config, credentials).await?)
}

/// Reads a form. An input that is left empty counts as not entered.
fn read_form(body: &[u8]) -> Result<Submission, ApiError> {
    let mut submission = Submission::default();
    for (name, value) in form_urlencoded::parse(body).take(MAX_VALUES).filter(|(_, value)| !value.is_empty()) {
        if name == "token" {
            submission.token = Secret::new(value);
            continue;
        }
        match split_input_name(&name) {
            Some(("config", field)) => drop(submission.config.insert(field.to_owned(), value.into_owned())),
            Some(("credentials", field)) => drop(submission.credentials.insert(field.to_owned(), Secret::new(value))),
            Some(("assertion_option", field)) => {
                submission.assertion_options.insert(field.to_owned(), Secret::new(value));
            }
            _ => return Err(ApiError::invalid("the form has an input that it was not given")),
        }
    }
    Ok(submission)
}

/// The problems, by the name of the input.
fn problems(spec: &ProviderSpec, submission: &Submission) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (group, of_group) in form_fields::groups(spec) {
        let problems = match group {
            "config" => fields::problems(of_group, &submission.config, Trust::User),
            "credentials" => fields::problems(of_group, &submission.credentials, Trust::User),
            _ => fields::problems(of_group, &submission.assertion_options, Trust::User),
        };
        found.extend(problems.into_iter().map(|(field, problem)| (input_name(group, &field), problem)));
    }
    found
}

/// The problems that no input of the form shows.
fn of_no_input<'a>(spec: &ProviderSpec, problems: &'a BTreeMap<String, String>) -> Vec<&'a str> {
    let shown: Vec<String> = form_fields::groups(spec)
        .into_iter()
        .flat_map(|(group, fields)| form_fields::shown(fields).map(move |field| input_name(group, field.name)))
        .collect();
    problems.iter().filter(|(name, _)| !shown.contains(name)).map(|(_, text)| text.as_str()).collect()
}

/// The values that the form may repeat: configuration that is not secret, by the name of its input.
fn repeatable(spec: &ProviderSpec, config: &ConfigMap) -> BTreeMap<String, String> {
    let plain = |name: &String| spec.connection_config.iter().any(|field| field.name == *name && !field.secret);
    config
        .iter()
        .filter(|(name, _)| plain(name))
        .map(|(name, value)| (input_name("config", name), value.clone()))
        .collect()
}
