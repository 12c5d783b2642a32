//! Connecting an account in the customer's browser.
//!
//! ```text
//! POST /connect/sessions            (API key)      -> single-use token and link
//! GET  /connect                     (that token)   -> a list, where there are several: `crate::offer`
//! GET  /connect/{integration}       (that token)   -> a form, where something has to be asked: `crate::form`
//! GET  /oauth/connect/{integration} (that token)   -> 302 to the authorization server, binding cookie
//! GET  /oauth/callback/...          (that browser) -> page: `crate::callback`
//! ```
//!
//! A link is used up when the browser is back and the connection is made, not when it is opened: a preview that
//! fetches it, a second click and a closed tab lose nothing, and the address itself still leads to the provider
//! without a page in between. States, PKCE and the code exchange are the runtime's.

use crate::answers::CreatedSession;
use crate::app::{App, AppState};
use crate::error::ApiError;
use crate::extract::{Key, Object};
use crate::input::Fields;
use crate::link::{Link, address_of_integration, address_of_list, connection_of};
use crate::pages::ErrorPage;
use crate::{callback, connections, cookies, form, input, way_back};
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY, SET_COOKIE};
use keyway::Secret;
use keyway::client::{Authorize, MAX_SESSION_INTEGRATIONS, Session, WayBack};
use keyway::connection::{ConfigMap, ConnectionKey};
use std::collections::{BTreeMap, BTreeSet};
use url::Url;

/// `POST /connect/sessions`.
pub(crate) async fn create_session(State(app): AppState, Object(mut fields): Object) -> Result<Response, ApiError> {
    let keys = integrations(&mut fields)?;
    let key = ConnectionKey::new(keys.first().map_or("", String::as_str), fields.required_text("connection_id")?);
    let way = way_back::read(key, &mut fields)?;
    fields.finish()?;
    let (session, link) = session_link(&app, keys, way).await?;
    let answer = CreatedSession {
        token: session.token.expose(),
        url: link.as_str(),
        expires_at: input::instant(session.expires_at),
    };
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// The integrations of a new session: one, or those among which the customer chooses.
fn integrations(fields: &mut Fields) -> Result<Vec<String>, ApiError> {
    let Some(several) = fields.texts("allowed_integrations")?.value() else {
        return Ok(vec![fields.required_text("integration")?]);
    };
    match fields.text("integration")?.value() {
        None => Ok(several),
        Some(_) => Err(ApiError::invalid("send `integration` or `allowed_integrations`, not both")),
    }
}

/// A session for a connection at one of some integrations, and the address that a browser opens with it.
pub(crate) async fn session_link(
    app: &App,
    mut integrations: Vec<String>,
    way: WayBack,
) -> Result<(Session, Url), ApiError> {
    let mut seen = BTreeSet::new();
    integrations.retain(|key| seen.insert(key.clone()));
    let mut records = Vec::new();
    // More of them are refused below, and none of those is made on the way.
    for key in integrations.iter().take(MAX_SESSION_INTEGRATIONS) {
        records.push(connections::integration_of(app, key).await?);
    }
    let session = app.keyway.create_session_among(integrations, way).await?;
    let link = match &records[..] {
        [one] => address_of_integration(app, one, &session.token),
        _ => address_of_list(app, &session.token),
    };
    Ok((session, link))
}

/// `GET /oauth/connect/{integration}?token=...&params[subdomain]=...`: a person's browser comes here.
pub(crate) async fn begin(
    State(app): AppState,
    key: Result<Key, ApiError>,
    RawQuery(query): RawQuery,
) -> Result<Response, ErrorPage> {
    let Key(integration) = key?;
    let Link { token, config, credentials } = Link::read(query.as_deref())?;
    let way = way_back::of_link(&app, &token, &integration).await;
    let begin = async {
        let key = connection_of(&app, &token, &integration).await?;
        if let Some(page) = form::if_incomplete(&app, &integration, &token, &config, way.as_deref()).await? {
            return Ok(page);
        }
        redirect_to_provider(&app, key, &token, FormInput { config, credentials }, StatusCode::FOUND).await
    };
    let begun = begin.await;
    begun.map_err(|error| ErrorPage::of(&app, error, way))
}

/// The customer's input before the redirect to the provider's pages.
pub(crate) struct FormInput {
    pub(crate) config: ConfigMap,
    /// An OAuth client of the customer's own.
    pub(crate) credentials: BTreeMap<String, Secret>,
}

/// Begins the flow, and sends the browser to the provider's pages with the flow's cookie.
pub(crate) async fn redirect_to_provider(
    app: &App,
    key: ConnectionKey,
    token: &Secret,
    input: FormInput,
    status: StatusCode,
) -> Result<Response, ApiError> {
    let FormInput { config, credentials } = input;
    let base = callback::base(app);
    let request = Authorize::new(key, base.to_string()).config(config).credentials(credentials);
    let started = app.keyway.authorize_with_session(token.expose(), request).await?;
    let headers = [
        (LOCATION, started.url),
        (SET_COOKIE, cookies::keep(&base, &started.state, &started.binding)),
        (CACHE_CONTROL, "no-store".to_owned()),
        (REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    Ok((status, headers).into_response())
}
