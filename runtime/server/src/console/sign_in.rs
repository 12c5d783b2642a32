//! `/sign-in`, `/sign-out`: an operator proves to have the API key, once.
//!
//! Attempts are slow and few at a time, so that guessing leads nowhere and costs little. Signing out ends the session on
//! this server at once; another server of a fleet learns of it by the cookie that is gone, or by the idle limit.

use super::frame::{Frame, go};
use super::guard::{self, Operator, Submitted};
use super::session::Session;
use crate::app::{App, AppState};
use crate::error::ApiError;
use crate::link::server_url;
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

/// How long a wrong key is thought about.
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
    let Ok(place) = app.console.attempts.try_acquire() else {
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
    app.console.signed_out.add(&operator.session, app.keyway.clock().now());
    let mut response = go(&format!("{}?done=signed-out", address(&app, None)));
    guard::forget(&app, &mut response);
    response
}

/// The address of the page, and where it leads afterwards.
pub(super) fn address(app: &App, to: Option<&str>) -> String {
    let mut url = server_url(&app.config.public_url, &["sign-in"]);
    if let Some(to) = to.filter(|to| *to != "/") {
        url.query_pairs_mut().append_pair("to", to);
    }
    url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()))
}

fn wanted(query: Option<&str>) -> String {
    let found = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).find(|(name, _)| name == "to");
    found.map_or_else(|| "/".to_owned(), |(_, to)| local(&to))
}

/// A path of the console, and nothing that leads elsewhere.
fn local(to: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-_.~%".contains(&byte);
    let fits = to.starts_with("/console/") && !to.contains("//") && !to.contains("..") && to.bytes().all(plain);
    if fits { to.to_owned() } else { "/".to_owned() }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signing_in_leads_to_a_page_of_the_console_and_nowhere_else() {
        for (to, expected) in [
            ("/console/providers", "/console/providers"),
            ("/console/connections/github/a%20b", "/console/connections/github/a%20b"),
            ("https://evil.example", "/"),
            ("//evil.example", "/"),
            ("/console//evil.example", "/"),
            ("/console/../proxy", "/"),
            ("/console/\\evil.example", "/"),
            ("/console/a?done=x", "/"),
            ("/console/a\r\nset-cookie: x", "/"),
            ("javascript:alert(1)", "/"),
            ("/proxy/x", "/"),
            ("", "/"),
        ] {
            assert_eq!(local(to), expected, "{to}");
        }
    }
}
