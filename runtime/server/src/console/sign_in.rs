//! `/sign-in`, `/sign-out`: an operator proves to have the API key, once.
//!
//! Attempts are slow and few at a time, so that guessing leads nowhere and costs little. Signing out ends the session
//! on this server at once; another server of a fleet learns of it by the cookie that is gone, or by the idle limit.

use super::frame::{Frame, go};
use super::guard::{self, Operator, Submitted};
use super::session::Session;
use super::sign_in_address::{address, local, wanted};
use crate::app::{App, AppState};
use crate::error::ApiError;
use crate::pages::{FormTarget, document};
use askama::Template;
use axum::body::Body;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use keyway::Secret;
use std::time::Duration;

/// The largest form of a sender who is not signed in, in bytes.
const MAX_FORM: usize = 16 * 1024;

/// The time until the answer to a wrong key.
const WRONG_KEY_INTERVAL: Duration = Duration::from_secs(1);

/// `GET /sign-in?to=`.
pub(super) async fn show(State(app): AppState, RawQuery(query): RawQuery, headers: HeaderMap) -> Response {
    let to = wanted(query.as_deref());
    if guard::current(&app, &headers, app.keyway.clock().now()).is_some() {
        return go(&format!("{}{to}", Frame::signed_out(&app).root));
    }
    let mut frame = Frame::signed_out(&app);
    frame.notice = super::notice::of(query.as_deref());
    page(StatusCode::OK, &frame, &to, None)
}

/// `POST /sign-in`.
pub(super) async fn receive(State(app): AppState, headers: HeaderMap, body: Body) -> Response {
    match sign_in(&app, &headers, body).await {
        Ok(response) => response,
        Err((to, error)) => page(error.status, &Frame::signed_out(&app), &to, Some(&error.message)),
    }
}

async fn sign_in(app: &App, headers: &HeaderMap, body: Body) -> Result<Response, (String, ApiError)> {
    let start = |error: ApiError| ("/".to_owned(), error);
    guard::same_site(headers).map_err(start)?;
    let body = app.bodies.read(body, MAX_FORM).await.map_err(start)?;
    let (mut key, mut to) = (Secret::default(), "/".to_owned());
    for (name, value) in form_urlencoded::parse(&body.bytes) {
        match &*name {
            "api_key" => key = Secret::new(value.trim()),
            "to" => to = local(&value),
            _ => {}
        }
    }
    drop(body);
    // One attempt takes a place for as long as it is thought about, so that a flood of them waits for itself.
    let Ok(place) = app.operators.attempts.try_acquire() else {
        let message = "too many are trying to sign in: wait a few seconds";
        return Err((to, ApiError::new(StatusCode::TOO_MANY_REQUESTS, "busy", message)));
    };
    if !app.config.api_key.matches(key.expose()) {
        tracing::warn!("an operator's page was opened with a wrong API key");
        tokio::time::sleep(WRONG_KEY_INTERVAL).await;
        return Err((to, ApiError::unauthorized("this is not the API key of this server")));
    }
    drop(place);
    let mut id = [0; 16];
    app.keyway.clock().random(&mut id).map_err(|error| start(error.into()))?;
    let session = Session::begin(id, app.keyway.clock().now());
    let mut response = go(&format!("{}{to}", Frame::signed_out(app).root));
    guard::keep(app, &session, &mut response);
    Ok(response)
}

/// `POST /sign-out`.
pub(super) async fn sign_out(State(app): AppState, operator: Operator, _: Submitted) -> Response {
    app.operators.signed_out.add(&operator.session, app.keyway.clock().now());
    let mut response = go(&format!("{}?done=signed-out", address(&app, None)));
    guard::forget(&app, &mut response);
    response
}

fn page(status: StatusCode, frame: &Frame, to: &str, problem: Option<&str>) -> Response {
    document(status, &SignIn { frame, to, problem }, FormTarget::Own).into_response()
}

#[derive(Template)]
#[template(path = "console/sign_in.html")]
struct SignIn<'a> {
    frame: &'a Frame,
    to: &'a str,
    problem: Option<&'a str>,
}

impl SignIn<'_> {
    const TITLE: &'static str = "Sign in";
}
