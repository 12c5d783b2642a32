//! `/connections`: customers' accounts.
//!
//! Only `GET /connections/{id}` shows a credential, because that is what its callers want. [`crate::connect`] is for
//! accounts that a customer connects in a browser.

use crate::answers::{ConnectionPage, ListedConnection, OpenConnection, ShownCall, StoredConnection};
use crate::app::{App, AppState};
use crate::error::ApiError;
use crate::extract::{Key, NoQuery, Object};
use crate::input::{self, Fields, Patch};
use crate::providers;
use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::CACHE_CONTROL;
use keyway::clock::Timestamp;
use keyway::connection::{ConfigMap, Connection, ConnectionKey};
use keyway::credentials::{Credentials, Token};
use keyway::fields::Trust;
use keyway::integration::IntegrationRecord;
use keyway::store::{ConnectionListing, ConnectionQuery};
use keyway::{ErrorKind, RevocationOutcome};
use keyway_spec::{Field, Mode};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

/// The number of connections that a page of the list holds, unless the caller asks for another number.
pub(crate) const DEFAULT_PAGE_SIZE: usize = 100;

/// The most connections of a page.
pub(crate) const MAX_PAGE_SIZE: usize = 1000;

/// `POST /connections`: stores credentials that the caller already has.
pub(crate) async fn import(State(app): AppState, _: NoQuery, Object(mut fields): Object) -> Result<Response, ApiError> {
    let key = ConnectionKey::new(fields.required_text("integration")?, fields.required_text("connection_id")?);
    let config = fields.text_map("config")?.value().unwrap_or_default();
    let metadata = fields.map("metadata")?.value().unwrap_or_default();
    let credentials = fields.fields("credentials")?;
    let verify = fields.boolean("verify")?.unwrap_or(true);
    fields.finish()?;
    let integration = integration_of(&app, &key.integration).await?;
    let credentials = read_credentials(&app, &integration, credentials)?;
    let connection = if verify {
        app.keyway.import(key, config, metadata, credentials, Trust::Operator).await?
    } else {
        app.keyway.import_unverified(key, config, metadata, credentials).await?
    };
    Ok((StatusCode::CREATED, Json(without_secrets(&app, &connection))).into_response())
}

/// The parameters of the list's query.
pub(crate) const LIST_QUERY: [&str; 5] = ["integration", "id_prefix", "reconnect_needed", "after", "limit"];

/// `GET /connections?integration=&id_prefix=&reconnect_needed=&after=&limit=`: never a credential.
pub(crate) async fn list(State(app): AppState, RawQuery(query): RawQuery) -> Result<Response, ApiError> {
    let [integration, id_prefix, reconnect_needed, after, limit] = input::query(query.as_deref(), LIST_QUERY)?;
    let reconnect_needed = reconnect_needed.map(|text| boolean("reconnect_needed", &text)).transpose()?;
    let limit = match limit.as_deref().map(str::parse) {
        None => DEFAULT_PAGE_SIZE,
        Some(Ok(limit @ 1..=MAX_PAGE_SIZE)) => limit,
        Some(_) => return Err(ApiError::invalid(format!("`limit` must be a number from 1 to {MAX_PAGE_SIZE}"))),
    };
    let after = match (after.as_deref().map(read_cursor).transpose()?, &integration) {
        (None, _) => None,
        (Some(Cursor::Whole(key)), None) => Some(key),
        (Some(Cursor::Within(id)), Some(integration)) => Some(ConnectionKey::new(integration.as_str(), id)),
        (Some(_), _) => return Err(ApiError::invalid("`after` belongs to a list with another `integration`")),
    };
    let mut query = ConnectionQuery::first(limit);
    query.integration.clone_from(&integration);
    (query.id_prefix, query.reconnect_needed, query.after) = (id_prefix, reconnect_needed, after);
    let (page, more) = page_of(&app, query).await?;
    let next = page.last().filter(|_| more).map(|last| match &integration {
        Some(_) => cursor(&Cursor::Within(last.key.id.clone())),
        None => cursor(&Cursor::Whole(last.key.clone())),
    });
    Ok(Json(ConnectionPage { connections: page.iter().map(listed).collect(), next }).into_response())
}

/// A page of a list, and whether there are more behind it: one more than the page has is asked for.
pub(crate) async fn page_of(
    app: &App,
    mut query: ConnectionQuery,
) -> Result<(Vec<ConnectionListing>, bool), keyway::Error> {
    let size = query.limit;
    query.limit = size.saturating_add(1);
    let mut page = app.keyway.list_connections(query).await?;
    let more = page.len() > size;
    page.truncate(size);
    Ok((page, more))
}

/// The parameters of the query of one connection.
pub(crate) const SHOW_QUERY: [&str; 2] = ["integration", "refresh"];

/// `GET /connections/{id}?integration=&refresh=`: with credentials, renewed if they had to be, or with `refresh=true`
/// in any case.
pub(crate) async fn show(State(app): AppState, Key(id): Key, RawQuery(query): RawQuery) -> Result<Response, ApiError> {
    let [integration, refresh] = input::query(query.as_deref(), SHOW_QUERY)?;
    let key = connection_key(integration, id)?;
    let refresh = refresh.map(|text| boolean("refresh", &text)).transpose()?.unwrap_or(false);
    let connection = if refresh { app.keyway.refresh(&key).await? } else { app.keyway.fetch(&key).await? };
    let shown = OpenConnection {
        connection: outline(&connection),
        credentials: credentials_of(&app, &connection),
        recent_calls: app.keyway.recent_calls(&connection).into_iter().map(ShownCall::from).collect(),
    };
    Ok(([(CACHE_CONTROL, "no-store")], Json(shown)).into_response())
}

/// The parameters of the query that changes a connection.
pub(crate) const CHANGE_QUERY: [&str; 1] = ["integration"];

/// `PATCH /connections/{id}?integration=`: the metadata that is given replaces the old, `null` clears it.
pub(crate) async fn change(
    State(app): AppState,
    Key(id): Key,
    RawQuery(query): RawQuery,
    Object(mut fields): Object,
) -> Result<Response, ApiError> {
    let [integration] = input::query(query.as_deref(), CHANGE_QUERY)?;
    let key = connection_key(integration, id)?;
    let metadata = fields.map("metadata")?;
    fields.finish()?;
    let metadata = match metadata {
        Patch::Set(metadata) => metadata,
        Patch::Clear => Map::new(),
        Patch::Keep => {
            let message = "`metadata` is missing: send an object";
            return Err(ApiError::new(StatusCode::BAD_REQUEST, "missing_value", message));
        }
    };
    let connection = app.keyway.set_metadata(&key, metadata).await?;
    Ok(Json(without_secrets(&app, &connection)).into_response())
}

/// The fate of the token of a connection that was removed: `revoked`, `refused`, ..., and the vendor's status.
pub(crate) const REVOCATION: &str = "keyway-revocation";

/// The parameters of the query that removes a connection.
pub(crate) const DELETE_QUERY: [&str; 1] = ["integration"];

/// `DELETE /connections/{id}?integration=`. The connection is gone whatever the vendor says about its token, which a
/// header tells.
pub(crate) async fn delete(
    State(app): AppState,
    Key(id): Key,
    RawQuery(query): RawQuery,
) -> Result<Response, ApiError> {
    let [integration] = input::query(query.as_deref(), DELETE_QUERY)?;
    let key = connection_key(integration, id)?;
    if let Some(outcome) = app.keyway.disconnect(&key).await? {
        return Ok((StatusCode::NO_CONTENT, [(REVOCATION, told(&outcome))]).into_response());
    }
    let ConnectionKey { integration, id } = key;
    let message = format!("there is no connection `{id}` of `{integration}`");
    Err(keyway::Error::new(ErrorKind::UnknownConnection, message).into())
}

/// `revoked`, or `refused; status=400`.
fn told(outcome: &RevocationOutcome) -> String {
    let status = outcome.error().and_then(|error| error.evidence().status);
    status.map_or_else(|| outcome.code().to_owned(), |status| format!("{}; status={status}", outcome.code()))
}

fn boolean(name: &str, text: &str) -> Result<bool, ApiError> {
    text.parse().map_err(|_| ApiError::invalid(format!("`{name}` must be `true` or `false`")))
}

fn connection_key(integration: Option<String>, id: String) -> Result<ConnectionKey, ApiError> {
    let Some(integration) = integration.filter(|key| !key.is_empty()) else {
        let message = "say which integration: `?integration=<key>`";
        return Err(ApiError::new(StatusCode::BAD_REQUEST, "missing_value", message));
    };
    Ok(ConnectionKey::new(integration, id))
}

/// The integration; it is created if the key is a provider's that needs nothing from the operator.
pub(crate) async fn integration_of(app: &App, key: &str) -> Result<IntegrationRecord, ApiError> {
    let error = match app.keyway.get_integration(key).await {
        Ok(integration) => return Ok(integration),
        Err(error) => error,
    };
    let simple = app.keyway.catalogue().get(key).filter(|spec| !providers::needs_client(spec));
    let Some(spec) = simple.filter(|_| error.kind() == ErrorKind::UnknownIntegration) else {
        return Err(error.into());
    };
    let record = IntegrationRecord::new(key, spec);
    match app.keyway.create_integration(record.clone()).await {
        Ok(()) => Ok(record),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(app.keyway.get_integration(key).await?),
        Err(error) => Err(error.into()),
    }
}

/// Reads `credentials`: `access_token`, `refresh_token` and when they expire are the token, `assertion_option` is
/// what an assertion is made from; every other member is a submitted value.
fn read_credentials(app: &App, integration: &IntegrationRecord, mut fields: Fields) -> Result<Credentials, ApiError> {
    let mode = app.keyway.catalogue().get(&integration.provider).map(|spec| spec.auth.kind());
    if let (Some(named), Some(mode)) = (fields.text("type")?.value(), mode)
        && named != mode.name()
    {
        return Err(ApiError::invalid(format!("`credentials.type` must be `{mode}` for `{}`", integration.provider)));
    }
    let assertion_options = fields.fields("assertion_option")?.rest_as_secrets()?;
    let access = fields.secret("access_token")?.value();
    // OAuth 1.0 has names of its own.
    let (access, obtained) = if mode == Some(Mode::OAuth1) {
        let secret =
            fields.secret("oauth_token_secret")?.value().map(|secret| ("oauth_token_secret".to_owned(), secret));
        (fields.secret("oauth_token")?.value().or(access), secret.into_iter().collect())
    } else {
        (access, BTreeMap::new())
    };
    let refresh = fields.secret("refresh_token")?.value();
    // Held against its bounds also where `expires_at` says the same and wins.
    let lifetime = fields.seconds("expires_in")?;
    let ends = lifetime.map(|seconds| end_of_lifetime(app.keyway.clock().now(), seconds)).transpose()?;
    let expires_at = match fields.text("expires_at")?.value() {
        Some(text) => Some(text.parse::<Timestamp>().map_err(|_| {
            ApiError::invalid("`credentials.expires_at` must be an instant like `2030-01-31T12:00:00Z` (RFC 3339)")
        })?),
        None => ends,
    };
    let token = match access {
        Some(access) => Some(Token::new(access).refresh(refresh).expires_at(expires_at)),
        None if refresh.is_some() || expires_at.is_some() => {
            return Err(ApiError::invalid("`credentials.access_token` is missing beside its companions"));
        }
        None => None,
    };
    let submitted = Credentials::submitted(fields.rest_as_secrets()?);
    Ok(submitted.token(token).obtained(obtained).assertion_options(assertion_options))
}

/// The longest lifetime of an imported token, in seconds: a hundred years.
const MAX_LIFETIME: u64 = 100 * 365 * 24 * 60 * 60;

/// When a token expires that lives for so many seconds. A lifetime outside the range is refused: to clamp it could
/// make a token that has expired one that never does.
fn end_of_lifetime(now: Timestamp, seconds: i64) -> Result<Timestamp, ApiError> {
    let lifetime = u64::try_from(seconds).ok().filter(|seconds| (1..=MAX_LIFETIME).contains(seconds));
    let end = lifetime.and_then(|seconds| now.checked_add(Duration::from_secs(seconds)).ok());
    end.ok_or_else(|| {
        let message = "`credentials.expires_in` must be a number of seconds from 1 to 3153600000; leave it out for a \
                       token that does not expire, and give `expires_at` for one that has expired";
        ApiError::invalid(message)
    })
}

fn outline(connection: &Connection) -> StoredConnection<'_> {
    let token = connection.credentials.token.as_ref();
    StoredConnection {
        integration: &connection.key.integration,
        connection_id: &connection.key.id,
        provider: &connection.provider,
        config: Cow::Borrowed(&connection.config),
        metadata: &connection.metadata,
        expires_at: instant(token.and_then(|token| token.expires_at)),
        reconnect_needed: connection.refresh.exhausted,
        created_at: input::instant(connection.created_at),
        updated_at: input::instant(connection.updated_at),
    }
}

/// A connection as every answer but that of `GET` shows it.
fn without_secrets<'a>(app: &App, connection: &'a Connection) -> StoredConnection<'a> {
    let mut shown = outline(connection);
    let spec = app.keyway.catalogue().get(&connection.provider);
    hide_secrets(spec.map_or(&[], |spec| spec.connection_config), shown.config.to_mut());
    shown
}

/// Some entries ask for a key among the configuration: like every credential it is shown only by `GET`.
fn hide_secrets(fields: &[Field], config: &mut ConfigMap) {
    config.retain(|name, _| fields.iter().all(|field| !field.secret || field.name != name));
}

fn listed(listing: &ConnectionListing) -> ListedConnection<'_> {
    ListedConnection {
        integration: &listing.key.integration,
        connection_id: &listing.key.id,
        provider: &listing.provider,
        expires_at: instant(listing.expires_at),
        reconnect_needed: listing.reconnect_needed,
        created_at: input::instant(listing.created_at),
        updated_at: input::instant(listing.updated_at),
    }
}

/// The one place where credentials are written out. Assertion options are left out: only the runtime needs them.
fn credentials_of(app: &App, connection: &Connection) -> Value {
    let mode = app.keyway.catalogue().get(&connection.provider).map(|spec| spec.auth.kind());
    let mut shown = Map::new();
    shown.insert("type".to_owned(), json!(mode.map(Mode::name)));
    let Credentials { obtained, inputs, .. } = &connection.credentials;
    for (name, value) in inputs.iter().chain(obtained) {
        shown.insert(name.clone(), json!(value.expose()));
    }
    if let Some(token) = &connection.credentials.token {
        // Under the name that an import reads.
        if mode == Some(Mode::OAuth1) {
            shown.insert("oauth_token".to_owned(), json!(token.access.expose()));
        }
        shown.insert("access_token".to_owned(), json!(token.access.expose()));
        shown.insert("refresh_token".to_owned(), json!(token.refresh.as_ref().map(keyway::Secret::expose)));
        shown.insert("expires_at".to_owned(), json!(instant(token.expires_at)));
        let raw = token.raw.as_ref().and_then(|raw| serde_json::from_str::<Value>(raw.expose()).ok());
        shown.insert("raw".to_owned(), json!(raw));
    }
    Value::Object(shown)
}

fn instant(at: Option<Timestamp>) -> Option<String> {
    at.map(input::instant)
}

/// Where a page ended.
#[derive(Debug, PartialEq)]
pub(crate) enum Cursor {
    /// In the list of all connections.
    Whole(ConnectionKey),
    /// In the list of one integration, whose key is not repeated: it may be renamed between two pages.
    Within(String),
}

pub(crate) fn cursor(cursor: &Cursor) -> String {
    let text = match cursor {
        Cursor::Whole(key) => json!([key.integration, key.id]),
        Cursor::Within(id) => json!([id]),
    };
    URL_SAFE_NO_PAD.encode(text.to_string())
}

pub(crate) fn read_cursor(cursor: &str) -> Result<Cursor, ApiError> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let names = bytes.and_then(|bytes| serde_json::from_slice::<Vec<String>>(&bytes).ok()).unwrap_or_default();
    match names.as_slice() {
        [integration, id] => Ok(Cursor::Whole(ConnectionKey::new(integration.as_str(), id.as_str()))),
        [id] => Ok(Cursor::Within(id.clone())),
        _ => Err(ApiError::invalid("`after` must be the `next` of an earlier page")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_among_the_configuration_is_not_repeated() {
        let fields = [Field { name: "site", ..Field::EMPTY }, Field { name: "appKey", secret: true, ..Field::EMPTY }];
        let config = |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), "k".to_owned())).collect();
        let mut shown: ConfigMap = config(&["site", "appKey"]);
        hide_secrets(&fields, &mut shown);
        assert_eq!(shown, config(&["site"]));
    }

    #[test]
    fn a_cursor_survives_any_key() {
        for (integration, id) in [("github", "user-42"), ("a", "\u{0}\"[],é"), ("a", "")] {
            for end in [Cursor::Whole(ConnectionKey::new(integration, id)), Cursor::Within(id.to_owned())] {
                assert_eq!(read_cursor(&cursor(&end)).unwrap(), end);
            }
        }
    }

    #[test]
    fn an_invented_cursor_is_refused() {
        for text in [
            "",
            "!",
            "bm8",
            &URL_SAFE_NO_PAD.encode("[1,2]"),
            &URL_SAFE_NO_PAD.encode("[]"),
            &URL_SAFE_NO_PAD.encode("[\"a\",\"b\",\"c\"]"),
        ] {
            assert!(read_cursor(text).is_err(), "{text}");
        }
    }
}
