//! The few pages that a person sees in the browser: connected, or not, the form that asks for what is missing, the
//! choice of one of several accounts, and the API reference of an integration.
//!
//! The markup is in `templates/`, a file a page; the structs here say what each page is filled with. The templates
//! escape every value ([`escape`]). A page loads nothing, and its style and script are the ones that [`policy`] knows.

mod choice;
pub(crate) mod escape;
mod form;
mod policy;
mod reference;

pub(crate) use choice::choice;
pub(crate) use form::{FormState, form, web_link};
pub(crate) use policy::{FormTarget, SCRIPT, STYLE};
pub(crate) use reference::{quoted, reference};

use crate::error::ApiError;
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

/// The page that says that the account is connected.
pub(crate) fn connected(integration: &str) -> Response {
    document(StatusCode::OK, &Connected { integration }, FormTarget::None)
}

/// The page that says that the installation goes on at the provider.
pub(crate) fn pending(integration: &str) -> Response {
    document(StatusCode::OK, &Pending { integration }, FormTarget::None)
}

/// An error that a person sees: its page says that the account is not connected, and why.
pub(crate) struct ErrorPage(ApiError);

impl From<ApiError> for ErrorPage {
    fn from(error: ApiError) -> ErrorPage {
        ErrorPage(error)
    }
}

impl IntoResponse for ErrorPage {
    fn into_response(self) -> Response {
        let ErrorPage(ApiError { status, code, message, .. }) = self;
        document(status, &Failed { code, message: &message }, FormTarget::None)
    }
}

#[derive(Template)]
#[template(path = "connected.html")]
struct Connected<'a> {
    integration: &'a str,
}

impl Connected<'_> {
    const TITLE: &'static str = "Connected";
}

#[derive(Template)]
#[template(path = "pending.html")]
struct Pending<'a> {
    integration: &'a str,
}

impl Pending<'_> {
    const TITLE: &'static str = "Almost connected";
}

#[derive(Template)]
#[template(path = "failed.html")]
struct Failed<'a> {
    code: &'a str,
    message: &'a str,
}

impl Failed<'_> {
    const TITLE: &'static str = "Not connected";
}

/// A page with its headers. Rendering into memory does not fail; if it ever did, the answer would be a bare 500.
pub(crate) fn document(status: StatusCode, page: &impl Template, forms: FormTarget) -> Response {
    let html = match page.render() {
        Ok(html) => html,
        Err(error) => {
            tracing::error!(%error, "cannot render a page");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let headers = [
        ("content-type", "text/html; charset=utf-8"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ];
    (status, headers, [("content-security-policy", policy::policy(forms))], html).into_response()
}

#[cfg(test)]
mod tests;
