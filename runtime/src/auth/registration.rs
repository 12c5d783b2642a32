//! How a client comes by its id without an operator: registration (RFC 7591), or a document about the client that the
//! authorization server reads (OAuth Client ID Metadata Document).
//!
//! A registration belongs to the flow that made it, because it names the flow's redirect URI; it is kept with the
//! connection, so that refreshes use the same client. Absent here: initial access tokens, software statements, changing
//! or deleting a registration (RFC 7592).

use super::exchange::{Answer, Kept};
use super::oauth2::client::{OwnedClient, REGISTERED_ID, REGISTERED_SECRET};
use super::token_request::TokenRequest;
use super::token_response::refused;
use crate::egress::Carries;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::integration::IntegrationRecord;
use crate::redirect_uri;
use crate::secret::Secret;
use serde_json::{Map, Value, json};
use url::Url;

/// The operator's setting that names the client to people (`client_name`).
const CLIENT_NAME: &str = "oauth_client_name";
/// Further settings of the operator, under the names of RFC 7591.
const SETTINGS: [(&str, &str); 2] = [("oauth_client_uri", "client_uri"), ("oauth_client_logo_uri", "logo_uri")];

/// The operator's setting with the URL of the integration's metadata document.
pub(crate) const METADATA_URL: &str = "client_metadata_url";
/// Where this program serves the document, unless the operator says where one is.
pub(crate) const SERVED_METADATA_URL: &str = "served_client_metadata_url";

/// A registration request (RFC 7591 section 3.1). It carries no secret of anybody.
pub(super) fn request(
    inputs: &Inputs<'_>,
    url: Url,
    redirect_uri: &str,
    auth_method: &str,
    extra: impl IntoIterator<Item = (String, Value)>,
) -> TokenRequest {
    let mut members = metadata(inputs.spec.display_name, inputs.integration, redirect_uri);
    members.insert("token_endpoint_auth_method".to_owned(), auth_method.into());
    members.extend(extra);
    let body = Value::Object(members).to_string().into();
    let mut request = TokenRequest { body, ..TokenRequest::post(url, Carries::Nothing) };
    request.set_header("content-type", "application/json");
    request
}

/// What a registration answered (RFC 7591 section 3.2), to be kept with the connection.
pub(super) fn registered(answer: &Answer) -> Result<Kept> {
    let members: Option<Map<String, Value>> = serde_json::from_str(answer.body.expose()).ok();
    let text = |name: &str| members.as_ref()?.get(name)?.as_str().filter(|text| !text.is_empty());
    let id = text("client_id").filter(|_| matches!(answer.status, 200..=299));
    let Some(id) = id else {
        return Err(refused(answer, members.as_ref(), "the authorization server registered no client"));
    };
    let mut kept = Kept::from([(REGISTERED_ID.to_owned(), Secret::from(id))]);
    if let Some(secret) = text("client_secret") {
        kept.insert(REGISTERED_SECRET.to_owned(), secret.into());
    }
    Ok(kept)
}

/// The client whose id is the URL of its metadata document: a public one. A document lists the redirect URIs of its
/// client, so where there is one for each issuer, each issuer reads a document of its own.
pub(super) fn documented(integration: &IntegrationRecord, issuer: Option<&str>) -> Option<OwnedClient> {
    let setting = |name: &str| integration.custom.get(name).map(Secret::expose);
    let url = match (setting(METADATA_URL), issuer) {
        (Some(url), _) => url.to_owned(),
        (None, Some(issuer)) => redirect_uri::of_issuer(setting(SERVED_METADATA_URL)?, issuer).ok()?,
        (None, None) => setting(SERVED_METADATA_URL)?.to_owned(),
    };
    let parsed = Url::parse(&url).ok().filter(|url| url.scheme() == "https" && url.path() != "/")?;
    let id = parsed.into();
    Some(OwnedClient { id, secret: None, carries: Carries::Nothing })
}

/// The error where a document is needed and there is none.
pub(super) fn undocumented() -> Error {
    let message = "this authorization server reads the client's metadata document: serve Keyway under a public https \
                   URL, or set the integration's client id to the URL of a document";
    Error::new(ErrorKind::MissingValue, message)
}

/// The metadata document of an integration, as `url` serves it.
pub(crate) fn document(
    display_name: &str,
    integration: &IntegrationRecord,
    url: &str,
    redirect_uri: &str,
) -> Map<String, Value> {
    let mut members = metadata(display_name, integration, redirect_uri);
    members.insert("client_id".to_owned(), url.into());
    members.insert("token_endpoint_auth_method".to_owned(), "none".into());
    members.insert("grant_types".to_owned(), json!(["authorization_code", "refresh_token"]));
    members.insert("response_types".to_owned(), json!(["code"]));
    members
}

/// What both ways say about the client.
fn metadata(display_name: &str, integration: &IntegrationRecord, redirect_uri: &str) -> Map<String, Value> {
    let setting = |name: &str| integration.custom.get(name).map(Secret::expose).filter(|text| !text.is_empty());
    let mut members = Map::new();
    members.insert("redirect_uris".to_owned(), json!([redirect_uri]));
    let name = setting(CLIENT_NAME).map_or_else(|| format!("Keyway - {display_name}"), str::to_owned);
    members.insert("client_name".to_owned(), name.into());
    for (own, standard) in SETTINGS {
        if let Some(value) = setting(own) {
            members.insert(standard.to_owned(), value.into());
        }
    }
    members
}
