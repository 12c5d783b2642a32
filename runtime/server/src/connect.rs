//! Connecting an account in the customer's browser.
//!
//! ```text
//! POST /connect/sessions            (API key)      -> single-use token and link
//! GET  /connect/{integration}       (that token)   -> a form, where something has to be asked: `crate::form`
//! GET  /oauth/connect/{integration} (that token)   -> 302 to the authorization server, binding cookie
//! GET  /oauth/callback              (that browser) -> page
//! ```
//!
//! The cookie holds the binding of one flow and is named after its state, so that two flows in one browser do not
//! disturb each other. Absent here: states, PKCE and the exchange, which are the runtime's.

use crate::auth::fingerprint;
use crate::error::ApiError;
use crate::{App, AppState, connections, form, input, pages};
use axum::Json;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use http::HeaderMap;
use http::header::{CACHE_CONTROL, COOKIE, LOCATION, REFERRER_POLICY, SET_COOKIE};
use keyway::Secret;
use keyway::connection::{ConfigMap, ConnectionKey};
use keyway_spec::{Auth, ProviderSpec};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use url::Url;

/// The path that authorization servers send browsers back to.
pub(crate) const CALLBACK: &str = "/oauth/callback";

/// How long a browser keeps the binding, in seconds.
const COOKIE_LIFETIME: u32 = 3600;
const COOKIE_PREFIX: &str = "keyway_oauth_";

/// `POST /connect/sessions`.
pub(crate) async fn create_session(State(app): AppState, body: Body) -> Result<(StatusCode, Json<Value>), ApiError> {
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
    Ok((StatusCode::CREATED, Json(answer)))
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

/// `GET /oauth/callback`.
pub(crate) async fn callback(State(app): AppState, headers: HeaderMap, RawQuery(raw): RawQuery) -> Response {
    let query = raw.unwrap_or_default();
    let (name, binding) = binding_of(&headers, &query).unwrap_or_default();
    let mut response = match app.keyway.finish(&query, &binding).await {
        Ok(connection) => pages::connected(&connection.key.integration),
        Err(error) => {
            let error = ApiError::from(error);
            pages::failed(error.status, error.code, &error.message)
        }
    };
    if !name.is_empty()
        && let Ok(value) = cookie(&app, &name, "", 0).parse()
    {
        response.headers_mut().insert(SET_COOKIE, value);
    }
    response
}

async fn start(app: &App, path: Result<Path<String>, PathRejection>, raw: Option<&str>) -> Result<Response, ApiError> {
    let Path(integration) = path?;
    let Link { token, config, credentials } = read_link(raw.unwrap_or_default())?;
    let key = app.keyway.session(token.expose()).await?;
    if key.integration == integration
        && let Some(page) = form::asked_first(app, &integration, &token, &config).await?
    {
        return Ok(page);
    }
    leave(app, &integration, &token, Entered { config, credentials }, StatusCode::FOUND).await
}

/// What somebody entered before leaving for the provider's pages.
pub(crate) struct Entered {
    pub(crate) config: ConfigMap,
    /// A client of the customer's own.
    pub(crate) credentials: BTreeMap<String, Secret>,
}

/// Uses the session up, and sends the browser to the provider's pages.
pub(crate) async fn leave(
    app: &App,
    integration: &str,
    token: &Secret,
    entered: Entered,
    status: StatusCode,
) -> Result<Response, ApiError> {
    let Entered { config, credentials } = entered;
    let key = app.keyway.redeem_session(token.expose()).await?;
    if key.integration != integration {
        return Err(ApiError::invalid("this link is for another integration"));
    }
    let redirect_uri = below(&app.config.public_url, &["oauth", "callback"]).into();
    let request = keyway::client::Authorize { key, config, redirect_uri, scopes: None, credentials };
    let started = app.keyway.authorize(request).await?;
    let name = cookie_name(started.state.expose());
    let headers = [
        (LOCATION, started.url),
        (SET_COOKIE, cookie(app, &name, started.binding.expose(), COOKIE_LIFETIME)),
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

fn cookie(app: &App, name: &str, value: &str, lifetime: u32) -> String {
    let callback = below(&app.config.public_url, &["oauth", "callback"]);
    let secure = if callback.scheme() == "https" { "; Secure" } else { "" };
    let path = callback.path();
    format!("{name}={value}; Path={path}; Max-Age={lifetime}; HttpOnly; SameSite=Lax{secure}")
}

/// Named after a hash, so that any state makes a valid name, and the name gives nothing away.
fn cookie_name(state: &str) -> String {
    let name: String = fingerprint(state).chars().take(16).collect();
    format!("{COOKIE_PREFIX}{name}")
}

/// The name and value of the cookie whose state is among the callback's parameters, whatever parameter holds it.
fn binding_of(headers: &HeaderMap, query: &str) -> Option<(String, String)> {
    let names: Vec<String> = form_urlencoded::parse(query.as_bytes()).map(|(_, value)| cookie_name(&value)).collect();
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(name, _)| names.iter().any(|known| known == name))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

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

    #[test]
    fn the_binding_is_found_by_its_state_in_any_parameter() {
        let mut headers = HeaderMap::new();
        let cookies = format!("theme=dark; {}=one; {}=two", cookie_name("s1"), cookie_name("s2"));
        headers.insert(COOKIE, HeaderValue::from_str(&cookies).unwrap());
        for (query, expected) in [
            ("code=c&state=s2", Some("two")),
            ("code=c&customField=s1", Some("one")),
            ("code=c&state=s3", None),
            ("", None),
        ] {
            let found = binding_of(&headers, query).map(|(_, value)| value);
            assert_eq!(found.as_deref(), expected, "{query}");
        }
    }
}
