//! Client ids without an operator: registration (RFC 7591), or a document about the client that the
//! authorization server reads (OAuth Client ID Metadata Document).
//!
//! A registration's answer is kept with the integration, for its issuer and this very request, and used for every
//! flow that would send the same request; the client is also kept with each connection, so that refreshes use the one
//! that obtained the token. A stored client is used again only until its secret expires, and once the authorization
//! endpoint was seen not to refuse it: a server that forgot its clients says so to a browser, which never comes back.
//!
//! Not supported: initial access tokens, software statements, changing or deleting a registration (RFC 7592).

use super::exchange::{Answer, FlowState, Grant};
use super::oauth2::client::{OwnedClient, REGISTERED_ID, REGISTERED_SECRET};
use super::purpose::Purpose;
use super::replay::{Replay, Stop};
use super::token_request::TokenRequest;
use super::token_response::{members, refused};
use crate::clock::Timestamp;
use crate::egress::SecretOwner;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::integration::IntegrationRecord;
use crate::redirect_uri;
use crate::secret::Secret;
use http::header::LOCATION;
use jiff::SignedDuration;
use keyway_spec::auth::ClientAuth;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use url::Url;

/// The operator's setting that names the client to people (`client_name`).
const CLIENT_NAME: &str = "oauth_client_name";
/// Further settings of the operator, under the names of RFC 7591.
const SETTINGS: [(&str, &str); 2] = [("oauth_client_uri", "client_uri"), ("oauth_client_logo_uri", "logo_uri")];

/// The operator's setting with the URL of the integration's metadata document.
pub(crate) const METADATA_URL: &str = "client_metadata_url";
/// Where this program serves the document, unless the operator says where one is.
pub const SERVED_METADATA_URL: &str = "served_client_metadata_url";

/// Methods by which a client proves itself (RFC 7591 section 2), as far as a registered one can.
pub(super) const POST: &str = "client_secret_post";
pub(super) const BASIC: &str = "client_secret_basic";
const PUBLIC: &str = "none";

/// FlowState with a connection: how its registered client proves itself, and when the secret expires.
pub(super) const AUTH_METHOD: &str = "oauth_token_endpoint_auth_method";
const SECRET_EXPIRES_AT: &str = "oauth_client_secret_expires_at";

/// The least remaining lifetime of a kept client's secret for a new flow: the time that a person has to come back.
const MARGIN: SignedDuration = SignedDuration::from_hours(1);

/// A client that registers.
pub(super) struct Registration<'a> {
    /// Where.
    pub(super) url: Url,
    /// The authorization server.
    pub(super) issuer: &'a str,
    pub(super) redirect_uri: &'a str,
    /// The client authentication method that is asked for.
    pub(super) auth_method: &'a str,
    /// The scopes that will be asked for, with blanks between them.
    pub(super) scope: &'a str,
    /// Further members; they take the place of those that follow from the integration.
    pub(super) extra: Map<String, Value>,
}

/// A client that was registered (RFC 7591 section 3.2.1).
#[derive(Debug)]
pub struct Registered {
    /// Its id.
    pub id: String,
    secret: Option<Secret>,
    auth_method: String,
    /// When its secret is worthless; `None` for one that is not told to be, and for a client without one.
    pub expires_at: Option<Timestamp>,
}

/// The client of a flow: a kept one that the server still knows, or one that is registered now. `page` is where the
/// browser of a client would be sent.
pub(super) fn obtain(
    inputs: &Inputs<'_>,
    registration: &Registration<'_>,
    optional: bool,
    replay: &mut Replay<'_>,
    page: impl FnOnce(&str) -> Result<Url>,
) -> Result<Registered, Stop> {
    let request = TokenRequest { optional, ..request(inputs, registration) };
    let answer = replay.answer(request.clone())?;
    let client = registered(answer, registration.auth_method)?;
    if !answer.kept || !is_refused(replay.answer(TokenRequest::page(page(&client.id)?))?) {
        return Ok(client);
    }
    let purpose = Purpose::Registration { issuer: registration.issuer.to_owned(), except: Some(client.id) };
    Ok(registered(replay.answer(TokenRequest { purpose, ..request })?, registration.auth_method)?)
}

/// A registration request (RFC 7591 section 3.1). It carries no secret.
fn request(inputs: &Inputs<'_>, registration: &Registration<'_>) -> TokenRequest {
    let mut members = metadata(inputs.spec.display_name, inputs.integration, registration.redirect_uri);
    members.insert("token_endpoint_auth_method".to_owned(), registration.auth_method.into());
    if !registration.scope.is_empty() {
        members.insert("scope".to_owned(), registration.scope.into());
    }
    members.extend(registration.extra.clone());
    let body = Value::Object(members).to_string().into();
    let purpose = Purpose::Registration { issuer: registration.issuer.to_owned(), except: None };
    let post = TokenRequest::post(registration.url.clone(), SecretOwner::None);
    let mut request = TokenRequest { body, purpose, ..post };
    request.set_header("content-type", "application/json");
    request
}

/// Reads the answer of a registration. The server may have changed what was asked for (RFC 7591 section 3.2.1).
pub fn registered(answer: &Answer, asked_method: &str) -> Result<Registered> {
    let members: Option<Map<String, Value>> = serde_json::from_str(answer.body.expose()).ok();
    let text = |name: &str| members.as_ref()?.get(name)?.as_str().filter(|text| !text.is_empty());
    let id = text("client_id").filter(|_| matches!(answer.status, 200..=299));
    let Some(id) = id else {
        return Err(refused(answer, members.as_ref(), "the authorization server registered no client"));
    };
    let secret = text("client_secret").map(Secret::from);
    let auth_method = match text("token_endpoint_auth_method").unwrap_or(asked_method) {
        method @ (PUBLIC | POST | BASIC) => method,
        method => {
            let method = crate::mask::hide(method, &answer.secrets);
            let message = format!(
                "the authorization server registered a client that proves itself by `{method}`, which is not supported \
                 for registered clients: register one by hand and set its client id on the integration"
            );
            return Err(Error::new(ErrorKind::Unsupported, message).sent(true));
        }
    };
    // Without a secret there is nothing to prove; with one, a server that was not asked for it wants to see it.
    let auth_method = match (auth_method, &secret) {
        (_, None) => PUBLIC,
        (PUBLIC, Some(_)) if text("token_endpoint_auth_method").is_none() => POST,
        (method, Some(_)) => method,
    };
    let expiry = members.as_ref().and_then(|members| members.get("client_secret_expires_at"));
    let expires_at = expiry.and_then(seconds).filter(|seconds| *seconds > 0 && secret.is_some());
    Ok(Registered {
        id: id.to_owned(),
        secret,
        auth_method: auth_method.to_owned(),
        expires_at: expires_at.and_then(|seconds| Timestamp::from_second(seconds).ok()),
    })
}

impl Registered {
    /// The values that a connection keeps of its client.
    pub(super) fn kept(self) -> FlowState {
        let mut kept = FlowState::from([
            (REGISTERED_ID.to_owned(), Secret::from(self.id)),
            (AUTH_METHOD.to_owned(), Secret::from(self.auth_method)),
        ]);
        if let Some(secret) = self.secret {
            kept.insert(REGISTERED_SECRET.to_owned(), secret);
        }
        if let Some(expires_at) = self.expires_at {
            kept.insert(SECRET_EXPIRES_AT.to_owned(), expires_at.to_string().into());
        }
        kept
    }

    /// True if a flow that begins now can end with this client.
    pub fn lasts(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|expires_at| expires_at.duration_since(now) > MARGIN)
    }
}

/// The client authentication of a registered client, as far as its connection knows.
pub(super) fn client_auth(kept: &BTreeMap<String, Secret>) -> Option<ClientAuth> {
    match kept.get(AUTH_METHOD)?.expose() {
        BASIC => Some(ClientAuth::Basic),
        // A public client is one without a secret.
        POST | PUBLIC => Some(ClientAuth::Post),
        _ => None,
    }
}

/// Refuses to renew with a client whose secret is worthless (`client_secret_expires_at`).
pub(super) fn check_expiry(kept: &BTreeMap<String, Secret>, now: Timestamp) -> Result<()> {
    let expires_at = kept.get(SECRET_EXPIRES_AT).and_then(|at| at.expose().parse::<Timestamp>().ok());
    match expires_at.filter(|expires_at| *expires_at <= now) {
        None => Ok(()),
        Some(expires_at) => {
            let message = format!(
                "the secret of this connection's registered client expired at {expires_at}: connect again, which \
                 registers a new client"
            );
            Err(Error::new(ErrorKind::ReconnectNeeded, message).sent(false))
        }
    }
}

/// True if a token endpoint says that it does not know the client (RFC 6749 section 5.2).
pub fn is_unknown_client(answer: &Answer) -> bool {
    let members = members(answer.body.expose());
    let code = members.as_ref().and_then(|members| members.get("error")).and_then(Value::as_str);
    matches!(answer.status, 200 | 400 | 401 | 403) && code == Some("invalid_client")
}

/// The refusal of a token request by a registered client: if the server has forgotten it, only another one helps.
pub(super) fn explain(error: Error, inputs: &Inputs<'_>, kept: &FlowState, grant: Grant<'_>, answer: &Answer) -> Error {
    let id = kept.get(REGISTERED_ID).map(Secret::expose);
    let registered = id.is_some() && id != inputs.integration.client_id.as_deref();
    if !registered || !is_unknown_client(answer) {
        return error;
    }
    let message = format!(
        "{}; the client that was registered for this connection is not known any more: connect again, which registers a \
         new one",
        error.message()
    );
    let kind = if matches!(grant, Grant::Renewal) { ErrorKind::ReconnectNeeded } else { error.kind() };
    error.reworded(kind, message)
}

/// True if an authorization endpoint refuses a client. It must not redirect for one that it does not know (RFC 6749
/// section 4.1.2.1), so what it says is on a page for people.
fn is_refused(answer: &Answer) -> bool {
    const CODES: [&str; 2] = ["invalid_client", "unauthorized_client"];
    const WORDS: [&str; 8] =
        ["invalid", "not found", "unknown", "not registered", "unregistered", "no such", "not exist", "unrecogni"];
    match answer.status {
        300..=399 => {
            let target = answer.headers.get(LOCATION).map(|value| String::from_utf8_lossy(value.as_bytes()));
            let target = target.unwrap_or_default();
            let query = target.split_once('?').map_or("", |(_, query)| query);
            form_urlencoded::parse(query.as_bytes()).any(|(name, value)| name == "error" && CODES.contains(&&*value))
        }
        400..=404 | 422 => {
            let said = answer.body.expose().to_lowercase();
            CODES.iter().any(|code| said.contains(code))
                || said.contains("client") && WORDS.iter().any(|word| said.contains(word))
        }
        _ => false,
    }
}

fn seconds(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.trim().parse().ok())
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
    Some(OwnedClient { id, secret: None, carries: SecretOwner::None })
}

/// The error where a document is needed and there is none.
pub(super) fn undocumented() -> Error {
    let message = "this authorization server reads the client's metadata document: serve Keyway under a public https \
                   URL, or set the integration's client id to the URL of a document";
    Error::new(ErrorKind::MissingValue, message)
}

/// The metadata document of an integration, as `url` serves it.
pub fn document(
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

/// The client metadata that both ways share.
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
