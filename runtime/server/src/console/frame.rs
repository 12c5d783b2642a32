//! The surroundings of every operator's page, and the page that says what went wrong.

use super::notice;
use super::session::Session;
use crate::app::App;
use crate::error::ApiError;
use crate::pages::{FormTarget, document};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http::Uri;
use http::header::LOCATION;
use keyway::Secret;

/// The frame of a page: where links lead, which part of the console it is, what just happened.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    /// The path below which this server is reached, without a slash at its end.
    pub(super) root: String,
    /// The token that forms carry; `None` where nobody is signed in.
    pub(super) form_token: Option<Secret>,
    /// The first segment behind `/console`.
    pub(super) section: String,
    /// The outcome of the form before this page.
    pub(super) notice: Option<&'static str>,
}

impl Frame {
    /// Of a request of an operator.
    pub(super) fn new(app: &App, session: &Session, uri: &Uri) -> Frame {
        let section = uri.path().strip_prefix("/console/").and_then(|rest| rest.split('/').next());
        Frame {
            root: root(app),
            form_token: app.operators.key.as_ref().map(|key| key.form_token(session)),
            section: section.unwrap_or_default().to_owned(),
            notice: notice::of(uri.query()),
        }
    }

    /// Where nobody is signed in.
    pub(super) fn signed_out(app: &App) -> Frame {
        Frame { root: root(app), form_token: None, section: String::new(), notice: None }
    }

    /// The form token as templates print it.
    pub(super) fn token(&self) -> &str {
        self.form_token.as_ref().map_or("", Secret::expose)
    }

    /// The address of a page of this server, of segments that are encoded here.
    pub(super) fn to(&self, segments: &[&str]) -> String {
        let encoded = segments.iter().map(|segment| {
            let text: String = form_urlencoded::byte_serialize(segment.as_bytes()).collect();
            format!("/{}", text.replace('+', "%20"))
        });
        format!("{}{}", self.root, encoded.collect::<String>())
    }

    /// The same with a query.
    pub(super) fn asking(&self, segments: &[&str], query: &[(&str, &str)]) -> String {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(query).finish();
        format!("{}?{query}", self.to(segments))
    }
}

/// A page of an operator.
pub(super) fn page(page: &impl Template) -> Response {
    document(StatusCode::OK, page, FormTarget::Own)
}

/// To another page, after a form did what it should: sent again by a reload, a page does nothing.
pub(super) fn go(to: &str) -> Response {
    (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response()
}

/// The page of what cannot be done.
pub(super) fn problem(frame: &Frame, error: &ApiError) -> Response {
    document(error.status, &ProblemPage { frame, code: error.code, message: &error.message }, FormTarget::Own)
}

#[derive(Template)]
#[template(path = "console/problem.html")]
struct ProblemPage<'a> {
    frame: &'a Frame,
    code: &'a str,
    message: &'a str,
}

impl ProblemPage<'_> {
    const TITLE: &'static str = "That did not work";
}

fn root(app: &App) -> String {
    app.config.public_url.path().trim_end_matches('/').to_owned()
}
