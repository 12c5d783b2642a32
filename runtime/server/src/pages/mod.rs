//! The few pages that a person sees in the browser: connected, or not, with the way back to the app; the list of what
//! can be connected, the form that asks for what is missing, the choice of one of several accounts, and the API
//! reference of an integration.
//!
//! The markup is in `templates/`, a file a page; the structs here say what each page is filled with. The templates
//! escape every value ([`escape`]). A page loads nothing, and its style and script are the ones that [`policy`] knows.

mod back;
mod browser_pattern;
mod choice;
pub(crate) mod dressed;
mod ended;
pub(crate) mod escape;
mod for_customers;
mod form;
mod input;
mod offer;
mod policy;
mod reference;
mod sentence;
mod web_link;

pub(crate) use choice::{ChoiceState, choice};
pub(crate) use ended::{ErrorPage, ended};
pub(crate) use form::{FormPlaces, form};
pub(crate) use input::FormState;
pub(crate) use offer::{OfferedIntegration, offer};
pub(crate) use policy::{FormTarget, SCRIPT, STYLE};
pub(crate) use reference::{curl as curl_of_operation, quoted, reference};
pub(crate) use web_link::web_link;

use askama::Template;
use axum::Extension;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use dressed::Undressed;
use keyway::client::WayBack;
use policy::source_of;

/// A page with its headers. Rendering into memory does not fail; if it ever did, the answer would be a bare 500.
pub(crate) fn document(status: StatusCode, page: &impl Template, forms: FormTarget) -> Response {
    document_of(status, page, forms, None)
}

/// The same for a page of a session, which the pages of its origins may hold in a frame.
fn document_of(status: StatusCode, page: &impl Template, forms: FormTarget, way: Option<&WayBack>) -> Response {
    answered(status, page.render(), forms, way)
}

/// Apart from the template, so that it is compiled once and not for each page.
fn answered(status: StatusCode, html: askama::Result<String>, forms: FormTarget, way: Option<&WayBack>) -> Response {
    let html = match html {
        Ok(html) => html,
        Err(error) => {
            tracing::error!(%error, "cannot render a page");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let origins = way.map_or(&[][..], |way| &way.origins);
    let headers = [
        ("content-type", "text/html; charset=utf-8"),
        ("referrer-policy", "no-referrer"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ];
    let undressed = Undressed { html: html.clone(), forms, origins: origins.to_vec() };
    let policy = [("content-security-policy", policy::policy(forms, origins))];
    (status, headers, policy, Extension(undressed), html).into_response()
}

#[cfg(test)]
mod tests;
