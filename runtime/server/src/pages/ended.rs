//! The pages that end a session: connected, to be completed by the vendor, or not connected.

use super::back::{Back, SessionEnd};
use super::for_customers::for_customers;
use super::{FormTarget, document_of};
use crate::app::App;
use crate::error::{ApiError, ERROR_HEADER};
use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http::HeaderValue;
use keyway::client::WayBack;
use keyway::connection::{Connection, PENDING};

/// The page of a connection that was made, or that the vendor completes. The way back leads to the connection as it is
/// now: its integration may have got another key since the session began.
pub(crate) fn ended(app: &App, made: &Connection, way: Option<&WayBack>) -> Response {
    let spec = app.keyway.catalogue().get(&made.provider);
    let provider = spec.map_or(made.provider.as_str(), |spec| spec.display_name);
    let way = way.map(|way| {
        let mut way = way.clone();
        way.key = made.key.clone();
        way
    });
    if made.config.contains_key(PENDING) {
        return pending(provider, &made.key.id, way.as_ref());
    }
    connected(provider, &made.key.id, way.as_ref())
}

/// The page that says that the account is connected.
pub(super) fn connected(provider: &str, connection: &str, way: Option<&WayBack>) -> Response {
    let back = way.map(|way| Back::new(way, SessionEnd::Connected));
    document_of(StatusCode::OK, &Connected { provider, connection, back }, FormTarget::None, way)
}

/// The page that says that the installation goes on at the provider.
pub(super) fn pending(provider: &str, connection: &str, way: Option<&WayBack>) -> Response {
    let back = way.map(|way| Back::new(way, SessionEnd::Pending));
    document_of(StatusCode::OK, &Pending { provider, connection, back }, FormTarget::None, way)
}

/// An error that a person sees: its page says that the account is not connected, and why.
pub(crate) struct ErrorPage {
    error: ApiError,
    /// The name of the provider, where the error is about one.
    pub(super) provider: Option<&'static str>,
    pub(super) way: Option<Box<WayBack>>,
}

impl ErrorPage {
    /// The page of an error after which the session's way back is shown.
    pub(crate) fn of(app: &App, error: ApiError, way: Option<Box<WayBack>>) -> ErrorPage {
        let spec = error.provider.as_deref().and_then(|key| app.keyway.catalogue().get(key));
        ErrorPage { error, provider: spec.map(|spec| spec.display_name), way }
    }
}

impl From<ApiError> for ErrorPage {
    fn from(error: ApiError) -> ErrorPage {
        ErrorPage { error, provider: None, way: None }
    }
}

impl IntoResponse for ErrorPage {
    fn into_response(self) -> Response {
        let ErrorPage { error: ApiError { status, code, message, .. }, provider, way } = self;
        let back = way.as_deref().map(|way| Back::new(way, SessionEnd::Failed(code)));
        let message = for_customers(code, &message);
        let page = Failed { code, message, provider, back };
        let mut response = document_of(status, &page, FormTarget::None, way.as_deref());
        response.headers_mut().insert(ERROR_HEADER, HeaderValue::from_static(code));
        response
    }
}

#[derive(Template)]
#[template(path = "connected.html")]
struct Connected<'a> {
    provider: &'a str,
    connection: &'a str,
    back: Option<Back<'a>>,
}

impl Connected<'_> {
    fn title(&self) -> String {
        format!("Connected to {}", self.provider)
    }

    fn leads_back(&self) -> bool {
        self.back.as_ref().is_some_and(|back| back.link.is_some())
    }
}

#[derive(Template)]
#[template(path = "pending.html")]
struct Pending<'a> {
    provider: &'a str,
    connection: &'a str,
    back: Option<Back<'a>>,
}

impl Pending<'_> {
    fn title(&self) -> String {
        format!("Almost connected to {}", self.provider)
    }
}

#[derive(Template)]
#[template(path = "failed.html")]
struct Failed<'a> {
    code: &'a str,
    message: String,
    provider: Option<&'static str>,
    back: Option<Back<'a>>,
}

impl Failed<'_> {
    fn title(&self) -> String {
        self.provider.map_or_else(|| "Not connected".to_owned(), |name| format!("Not connected to {name}"))
    }

    fn leads_back(&self) -> bool {
        self.back.as_ref().is_some_and(|back| back.link.is_some())
    }
}
