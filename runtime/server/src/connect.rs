//! Connecting an account in the customer's browser.
//!
//! ```text
//! POST /connect/sessions            (API key)      -> single-use token and link
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
use crate::link::{Link, connection_of, server_url};
use crate::pages::ErrorPage;
use crate::{callback, connections, cookies, form, input, way_back};
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY, SET_COOKIE};
use keyway::Secret;
use keyway::client::{Authorize, Session, WayBack};
use keyway::connection::{ConfigMap, ConnectionKey};
use keyway::integration::IntegrationRecord;
use keyway_spec::mode::Connect;
use std::collections::BTreeMap;
use url::Url;

/// `POST /connect/sessions`.
pub(crate) async fn create_session(State(app): AppState, Object(mut fields): Object) -> Result<Response, ApiError> {
    let key = ConnectionKey::new(fields.required_text("integration")?, fields.required_text("connection_id")?);
    let way = way_back::read(key, &mut fields)?;
    fields.finish()?;
    let integration = connections::integration_of(&app, &way.key.integration).await?;
    let (session, link) = session_link(&app, &integration, way).await?;
    let answer = CreatedSession {
        token: session.token.expose(),
        url: link.as_str(),
        expires_at: input::instant(session.expires_at),
    };
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// A session for a connection, and the address that a browser opens with it.
pub(crate) async fn session_link(
    app: &App,
    integration: &IntegrationRecord,
    way: WayBack,
) -> Result<(Session, Url), ApiError> {
    let key = &way.key;
    let mut link = match app.keyway.catalogue().get(&integration.provider) {
        Some(spec) if spec.auth.connect() != Connect::Interactive => {
            server_url(&app.config.public_url, &["connect", &key.integration])
        }
        _ => server_url(&app.config.public_url, &["oauth", "connect", &key.integration]),
    };
    let session = app.keyway.create_session_with(way).await?;
    link.query_pairs_mut().append_pair("token", session.token.expose());
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
    let way = way_back::of_token(&app, &token).await;
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
