//! Connecting an account in the customer's browser.
//!
//! ```text
//! POST /connect/sessions            (API key)      -> single-use token and link
//! GET  /connect/{integration}       (that token)   -> a form, where something has to be asked: `crate::form`
//! GET  /oauth/connect/{integration} (that token)   -> 302 to the authorization server, binding cookie
//! GET  /oauth/callback/...          (that browser) -> page: `crate::callback`
//! ```
//!
//! A link is used up when the browser is back and the connection is made, not when it is opened: so a preview that
//! fetches it, a second click and a closed tab lose nothing, and the address itself still leads to the provider without
//! a page in between. Absent here: states, PKCE and the exchange, which are the runtime's.

use crate::error::ApiError;
use crate::{App, AppState, callback, connections, cookies, form, input, pages};
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY, SET_COOKIE};
use keyway::Secret;
use keyway::connection::{ConfigMap, ConnectionKey};
use keyway_spec::{Auth, ProviderSpec};
use serde_json::json;
use std::collections::BTreeMap;
use url::Url;

/// `POST /connect/sessions`.
pub(crate) async fn create_session(State(app): AppState, body: Body) -> Result<Response, ApiError> {
    let mut fields = input::object(body).await?;
    let key = ConnectionKey::new(fields.required_text("integration")?, fields.required_text("connection_id")?);
    fields.finish()?;
    let integration = connections::integration_of(&app, &key.integration).await?;
    let spec = app.keyway.catalogue().get(&integration.provider);
    let mut link = match spec {
        Some(spec) if !redirects(spec) => below(&app.config.public_url, &["connect", &key.integration]),
        _ => below(&app.config.public_url, &["oauth", "connect", &key.integration]),
    };
    let session = app.keyway.create_session(key).await?;
    link.query_pairs_mut().append_pair("token", session.token.expose());
    let answer = json!({
        "token": session.token.expose(),
        "url": link.as_str(),
        "expires_at": input::instant(session.expires_at),
    });
    Ok((StatusCode::CREATED, [(CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// `GET /oauth/connect/{integration}?token=...&params[subdomain]=...`: a person's browser comes here.
pub(crate) async fn begin(
    State(app): AppState,
    path: Result<Path<String>, PathRejection>,
    RawQuery(raw): RawQuery,
) -> Response {
    match start(&app, path, raw.as_deref()).await {
        Ok(response) => response,
        Err(error) => pages::failed(error.status, error.code, &error.message),
    }
}

async fn start(app: &App, path: Result<Path<String>, PathRejection>, raw: Option<&str>) -> Result<Response, ApiError> {
    let Path(integration) = path?;
    let Link { token, config, credentials } = read_link(raw.unwrap_or_default())?;
    let key = for_integration(app, &token, &integration).await?;
    if let Some(page) = form::asked_first(app, &integration, &token, &config).await? {
        return Ok(page);
    }
    leave(app, key, &token, Entered { config, credentials }, StatusCode::FOUND).await
}

/// What somebody entered before leaving for the provider's pages.
pub(crate) struct Entered {
    pub(crate) config: ConfigMap,
    /// A client of the customer's own.
    pub(crate) credentials: BTreeMap<String, Secret>,
}

/// The connection that a link is for, which has to be one of the integration in its path. The link stays good.
pub(crate) async fn for_integration(app: &App, token: &Secret, integration: &str) -> Result<ConnectionKey, ApiError> {
    let key = app.keyway.session(token.expose()).await?;
    if key.integration == integration {
        return Ok(key);
    }
    Err(ApiError::invalid("this link is for another integration"))
}

/// Sends the browser to the provider's pages.
pub(crate) async fn leave(
    app: &App,
    key: ConnectionKey,
    token: &Secret,
    entered: Entered,
    status: StatusCode,
) -> Result<Response, ApiError> {
    let Entered { config, credentials } = entered;
    let base = callback::base(app);
    let request = keyway::client::Authorize { key, config, redirect_uri: base.to_string(), scopes: None, credentials };
    let started = app.keyway.authorize_with_session(token.expose(), request).await?;
    let headers = [
        (LOCATION, started.url),
        (SET_COOKIE, cookies::keep(&base, &started.state, &started.binding)),
        (CACHE_CONTROL, "no-store".to_owned()),
        (REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    Ok((status, headers).into_response())
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) token: Secret,
    pub(crate) config: ConfigMap,
    pub(crate) credentials: BTreeMap<String, Secret>,
}

pub(crate) fn read_link(raw: &str) -> Result<Link, ApiError> {
    let mut token = None;
    let (mut config, mut credentials) = (ConfigMap::new(), BTreeMap::new());
    for (name, value) in form_urlencoded::parse(raw.as_bytes()) {
        let inside = |group: &str| name.strip_prefix(group)?.strip_prefix('[')?.strip_suffix(']');
        if name == "token" {
            token = Some(Secret::new(value));
        } else if name == "user_scope" {
            config.insert(name.into_owned(), value.into_owned());
        } else if let Some(name) = inside("params") {
            config.insert(name.to_owned(), value.into_owned());
        } else if let Some(name) = inside("authorization_params") {
            config.insert(format!("authorization_params.{name}"), value.into_owned());
        } else if let Some(name) = inside("credentials") {
            credentials.insert(name.to_owned(), Secret::new(value));
        } else {
            let known =
                "`token`, `params[<name>]`, `authorization_params[<name>]`, `credentials[<name>]`, `user_scope`";
            return Err(ApiError::invalid(format!("unknown parameter `{name}`: send {known}")));
        }
    }
    match token {
        Some(token) => Ok(Link { token, config, credentials }),
        None => Err(ApiError::invalid("this link has no token")),
    }
}

/// Whether a browser leaves this server in order to connect.
pub(crate) fn redirects(spec: &ProviderSpec) -> bool {
    match spec.auth {
        Auth::OAuth2(mode) => mode.outbound.is_none(),
        Auth::OAuth1(_)
        | Auth::App(_)
        | Auth::Custom(_)
        | Auth::InstallPlugin(_)
        | Auth::McpOAuth2(_)
        | Auth::McpOAuth2Generic => true,
        _ => false,
    }
}

/// A URL of this server. The public URL was checked to have a base when the server was set up.
pub(crate) fn below(public_url: &Url, segments: &[&str]) -> Url {
    let mut url = public_url.clone();
    url.set_query(None);
    url.set_fragment(None);
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_holds_a_token_and_parameters() {
        let raw = "token=t&params[subdomain]=ac%20me&params%5Ba.b%5D=1&authorization_params[prompt]=login\
                   &credentials[oauth_client_id_override]=id&user_scope=chat";
        let link = read_link(raw).unwrap();
        let config =
            [("a.b", "1"), ("authorization_params.prompt", "login"), ("subdomain", "ac me"), ("user_scope", "chat")];
        let config = config.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let credentials = BTreeMap::from([("oauth_client_id_override".to_owned(), Secret::new("id"))]);
        assert_eq!(link, Link { token: Secret::new("t"), config, credentials });
        for raw in ["", "params[a]=b", "token=t&subdomain=x", "token=t&params[a=b"] {
            assert!(read_link(raw).is_err(), "{raw}");
        }
    }
}
