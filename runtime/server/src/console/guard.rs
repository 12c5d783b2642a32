//! Who may see operators' pages, and send their forms.
//!
//! A page without a session leads to the sign-in page and back. A form is taken from the session that it was made for:
//! it carries that session's token, its cookie is `SameSite=Strict`, and a browser that says that a request comes from
//! another site is refused.

use super::frame::{Frame, problem};
use super::session::{Session, seconds};
use super::sign_in_address;
use crate::app::{App, AppState};
use crate::cookies::is_secure;
use crate::error::ApiError;
use axum::extract::{FromRequest, FromRequestParts, Request, State};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use cookie::{Cookie, SameSite};
use http::header::{COOKIE, LOCATION, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use keyway::clock::Timestamp;
use std::sync::Arc;
use url::Url;

/// The largest form of an operator, in bytes.
const MAX_FORM: usize = 256 * 1024;

/// The most values of one.
const MAX_VALUES: usize = 2000;

/// The most cookies of a request that are read.
const MAX_COOKIES: usize = 500;

/// A session's cookie is written again when it was last seen so many seconds ago.
const RENEWAL_INTERVAL: u64 = 60;

/// The operator of a request, as a handler takes it.
#[derive(Clone, Debug)]
pub(super) struct Operator {
    pub(super) session: Session,
    pub(super) frame: Frame,
}

/// A request that cannot be answered as it should. The page that says so is made where the operator is known.
pub(super) struct Unanswered(ApiError);

impl<E: Into<ApiError>> From<E> for Unanswered {
    fn from(error: E) -> Unanswered {
        Unanswered(error.into())
    }
}

impl IntoResponse for Unanswered {
    fn into_response(self) -> Response {
        let status = self.0.status;
        (status, axum::Extension(Arc::new(self.0))).into_response()
    }
}

/// Lets an operator through, and sends anyone else to the sign-in page.
pub(super) async fn require(State(app): AppState, mut request: Request, next: Next) -> Response {
    let now = app.keyway.clock().now();
    let Some(session) = current(&app, request.headers(), now) else {
        return signed_out(&app, &request);
    };
    let frame = Frame::new(&app, &session, request.uri());
    request.extensions_mut().insert(Operator { session, frame: frame.clone() });
    let mut response = next.run(request).await;
    if let Some(error) = response.extensions_mut().remove::<Arc<ApiError>>() {
        response = problem(&frame, &error);
    }
    let renewed = session.seen(now);
    let signs_out = response.headers().contains_key(SET_COOKIE);
    if !signs_out && seconds(now) >= session.last_seen() + RENEWAL_INTERVAL {
        keep(&app, &renewed, &mut response);
    }
    protect(&mut response);
    response
}

/// Refuses what a browser says to come from another site (Fetch Metadata). One that says nothing is let through: forms
/// prove themselves by their token.
pub(super) fn same_site(headers: &HeaderMap) -> Result<(), ApiError> {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    match site {
        None | Some(b"same-origin" | b"none") => Ok(()),
        Some(_) => Err(ApiError::new(StatusCode::FORBIDDEN, "other_site", "this form was sent from another site")),
    }
}

/// The operator that a request's cookie stands for.
pub(super) fn current(app: &App, headers: &HeaderMap, now: Timestamp) -> Option<Session> {
    let name = cookie_name(&app.config.public_url);
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(Cookie::split_parse);
    let mut ours = cookies.take(MAX_COOKIES).filter_map(Result::ok).filter(|cookie| cookie.name() == name);
    let session = ours.find_map(|cookie| app.operators.key.as_ref()?.read(cookie.value(), now))?;
    (!app.operators.signed_out.contains(&session, now)).then_some(session)
}

/// Gives a browser the cookie of a session.
pub(super) fn keep(app: &App, session: &Session, response: &mut Response) {
    if let Some(key) = &app.operators.key {
        set(response, &cookie(&app.config.public_url, key.write(session).expose()).build().to_string());
    }
}

/// Takes it away.
pub(super) fn forget(app: &App, response: &mut Response) {
    set(response, &cookie(&app.config.public_url, "").max_age(cookie::time::Duration::ZERO).build().to_string());
}

fn set(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(SET_COOKIE, value);
    }
}

/// Without a lifetime, so that it ends with the browser at the latest.
fn cookie<'c>(public_url: &Url, value: &'c str) -> cookie::CookieBuilder<'c> {
    let secure = is_secure(public_url);
    let path = if secure { "/" } else { public_url.path() }.to_owned();
    let cookie = Cookie::build((cookie_name(public_url), value)).path(path).http_only(true);
    cookie.same_site(SameSite::Strict).secure(secure)
}

/// Under https `__Host-`, which no other host and no plain page can set (RFC 6265bis section 4.1.3.2).
fn cookie_name(public_url: &Url) -> &'static str {
    if is_secure(public_url) { "__Host-keyway_operator" } else { "keyway_operator" }
}

/// Where a request without a session goes. What was asked for is kept for afterwards where it was a page.
fn signed_out(app: &App, request: &Request) -> Response {
    if request.method() == Method::GET {
        let to = sign_in_address::address(app, Some(request.uri().path()));
        return (StatusCode::SEE_OTHER, [(LOCATION, to)]).into_response();
    }
    let error = ApiError::unauthorized("your session is over: sign in again, then send the form again");
    let mut response = problem(&Frame::signed_out(app), &error);
    protect(&mut response);
    response
}

/// Headers of every page of an operator, besides those of all pages.
fn protect(response: &mut Response) {
    let headers = [("cross-origin-opener-policy", "same-origin"), ("cross-origin-resource-policy", "same-origin")];
    for (name, value) in headers {
        response.headers_mut().insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Operator {
    type Rejection = Unanswered;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Operator, Unanswered> {
        let none = || Unanswered(ApiError::unauthorized("sign in first"));
        parts.extensions.get::<Operator>().cloned().ok_or_else(none)
    }
}

/// A form that its own session sent.
pub(super) struct Submitted {
    values: Vec<(String, String)>,
}

impl Submitted {
    /// A value without the white space around it; empty where there is none.
    pub(super) fn text(&self, name: &str) -> &str {
        self.values.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim())
    }

    /// True if the form has an input of a name, filled in or not.
    pub(super) fn has(&self, name: &str) -> bool {
        self.values.iter().any(|(known, _)| known == name)
    }

    /// Every value of a name.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.values.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The names and values behind a prefix.
    pub(super) fn behind(&self, prefix: &str) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.trim())))
    }
}

impl FromRequest<Arc<App>> for Submitted {
    type Rejection = Unanswered;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Submitted, Unanswered> {
        let (mut parts, body) = request.into_parts();
        let Operator { session, .. } = Operator::from_request_parts(&mut parts, app).await?;
        same_site(&parts.headers)?;
        let body = crate::input::whole(body, MAX_FORM).await?;
        let values: Vec<(String, String)> = form_urlencoded::parse(&body)
            .take(MAX_VALUES)
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        let submitted = Submitted { values };
        let token = submitted.text("form_token");
        if app.operators.key.as_ref().is_some_and(|key| key.is_form_token(&session, token)) {
            return Ok(submitted);
        }
        let message = "this form is not from your session: go back, open the page again and repeat";
        Err(Unanswered(ApiError::new(StatusCode::FORBIDDEN, "wrong_form_token", message)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_for_this_host_for_pages_of_this_site_and_for_no_script() {
        for (public_url, expected) in [
            ("https://kw.test/below", "__Host-keyway_operator=v; HttpOnly; SameSite=Strict; Secure; Path=/"),
            ("http://127.0.0.1:3900", "keyway_operator=v; HttpOnly; SameSite=Strict; Path=/"),
        ] {
            assert_eq!(cookie(&public_url.parse().unwrap(), "v").build().to_string(), expected);
        }
    }

    #[test]
    fn a_browser_that_says_that_it_comes_from_elsewhere_is_refused() {
        for (site, fits) in [
            (None, true),
            (Some("same-origin"), true),
            (Some("none"), true),
            (Some("same-site"), false),
            (Some("cross-site"), false),
            (Some(""), false),
        ] {
            let headers = site.map(|site| (HeaderName::from_static("sec-fetch-site"), HeaderValue::from_static(site)));
            assert_eq!(same_site(&headers.into_iter().collect()).is_ok(), fits, "{site:?}");
        }
    }
}
