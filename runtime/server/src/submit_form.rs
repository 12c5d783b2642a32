//! A submission that a browser's form made: read, checked field by field, answered with a page.
//!
//! A problem that can be mended is answered with the form again, each at its field; any other one, and the end, with a
//! page that has the way back to the app.

use crate::app::App;
use crate::choice;
use crate::connect::{FormInput, redirect_to_provider};
use crate::error::ApiError;
use crate::form;
use crate::form_fields::{self, input_name, split_input_name};
use crate::link::connection_of;
use crate::pages::{self, ErrorPage, FormState};
use crate::submission::{Submission, submit};
use crate::way_back;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use keyway::Secret;
use keyway::client::WayBack;
use keyway::connection::ConfigMap;
use keyway::fields::{self, Trust};
use keyway_spec::ProviderSpec;
use keyway_spec::mode::Connect;
use std::collections::BTreeMap;

/// The most values of a form that are read.
const MAX_VALUES: usize = 200;

/// The page that answers a form. `way` is that of the token in the query.
pub(crate) async fn answer(
    app: &App,
    integration: &str,
    token: Option<Secret>,
    body: &[u8],
    way: Option<Box<WayBack>>,
) -> Response {
    let mut submission = match read_form(body) {
        Ok(submission) => submission,
        Err(error) => return ErrorPage::of(app, error, way).into_response(),
    };
    let way = match token {
        Some(token) => {
            submission.token = token;
            way
        }
        None => way_back::of_link(app, &submission.token, integration).await,
    };
    let made = make(app, integration, submission, way.as_deref()).await;
    made.unwrap_or_else(|error| ErrorPage::of(app, error, way).into_response())
}

async fn make(
    app: &App,
    integration: &str,
    submission: Submission,
    way: Option<&WayBack>,
) -> Result<Response, ApiError> {
    let spec = form::provider_of(app, integration).await?;
    let (token, entered) = (submission.token.clone(), repeatable(spec, &submission.config));
    let problems = problems(spec, &submission);
    if !problems.is_empty() {
        let message = of_no_input(spec, &problems).join("; ");
        let message = Some(message.as_str()).filter(|text| !text.is_empty());
        let state = FormState { entered, problems: problems.clone(), message, way };
        return Ok(form::page(app, spec, integration, &token, StatusCode::BAD_REQUEST, &state).await);
    }
    if spec.auth.connect() == Connect::Interactive {
        let key = connection_of(app, &token, integration).await?;
        let input = FormInput { config: submission.config, credentials: BTreeMap::new() };
        return redirect_to_provider(app, key, &token, input, StatusCode::SEE_OTHER).await;
    }
    match submit(app, integration, submission).await {
        Ok(connection) => Ok(pages::ended(app, &connection, way)),
        Err(error) if error.choices.as_ref().is_some_and(|choices| choices.token.is_some()) => {
            choice::page(app, &error, None, way).ok_or(error)
        }
        // Without a valid token there is nothing to try again.
        Err(error) if app.keyway.session_keys(token.expose()).await.is_err() => Err(error),
        Err(error) => {
            let state = FormState { entered, message: Some(&error.message), way, ..FormState::default() };
            Ok(form::page(app, spec, integration, &token, error.status, &state).await)
        }
    }
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
