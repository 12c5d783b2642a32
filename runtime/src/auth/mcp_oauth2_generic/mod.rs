//! The code flow for any MCP server: who authorizes for it is discovered, then as for a known one.
//!
//! ```text
//! server URL -> protected-resource metadata (RFC 9728) -> authorization-server metadata (RFC 8414) -> client -> page
//! ```
//!
//! Whoever runs the server decides where all this leads, so no secret of the operator goes along: the client is public
//! or registered for this connection, and every request is held against the egress rules for hosts that a customer
//! names. PKCE with S256 and the resource indicator (RFC 8707) are always sent. What was discovered is kept with the
//! connection: its refresh token only ever goes back to the endpoint that the flow began with.
//!
//! Absent here: servers without metadata, and asking again when the metadata changes (connect again).

mod authority;
mod resource;

use super::exchange::{Answer, Ask, Grant, Granted, Kept, Page, Returned, Step};
use super::oauth2::{self, authorize, client};
use super::pkce;
use super::registration;
use super::replay::{Replay, Stop};
use super::token_request::{Parameters, TokenRequest, encoded, prove};
use super::token_response::{Shape, parse};
use crate::egress::Carries;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::planned::PlannedUrl;
use crate::redirect_uri;
use crate::secret::Secret;
use authority::Authority;
use keyway_spec::auth::{BodyFormat, ClientAuth};
use resource::Resource;
use std::collections::BTreeMap;
use url::Url;

/// The connection's configuration with the server's URL.
const SERVER_URL: &str = "mcp_server_url";

// What is kept with the connection, beside the registered client.
const TOKEN_ENDPOINT: &str = "oauth_token_endpoint";
const ISSUER: &str = "oauth_issuer";
const ISSUER_IS_SENT: &str = "oauth_issuer_is_sent";
const RESOURCE: &str = "oauth_resource";
const AUTH_METHOD: &str = "oauth_token_endpoint_auth_method";

/// Where the browser is sent, after as many requests as it takes to find out.
pub(super) fn page(inputs: &Inputs<'_>, ask: Ask<'_>, answers: &[Answer]) -> Result<Step<Page>> {
    Replay::run(answers, |replay| {
        let resource = resource::find(&server(inputs)?, replay)?;
        let authority = authority::find(&resource.authority, replay)?;
        // The server that the customer names says which issuer, so every issuer has a redirect URI of its own.
        let redirect_uri = redirect_uri::of_issuer(ask.redirect_uri, &authority.issuer)?;
        let ask = Ask { redirect_uri: &redirect_uri, ..ask };
        let (client_id, mut kept) = client(inputs, &authority, ask, replay)?;
        let scopes = scopes(ask, &resource, &authority);
        let url = url(&authority, &resource, &client_id, &scopes, ask);
        for (name, value) in [
            (TOKEN_ENDPOINT, authority.token_endpoint.as_str()),
            (ISSUER, &authority.issuer),
            (ISSUER_IS_SENT, if authority.sends_issuer { "true" } else { "false" }),
            (RESOURCE, &resource.identifier),
        ] {
            kept.insert(name.to_owned(), value.into());
        }
        Ok(Page { url, receiver: None, kept })
    })
}

/// The issuer that was discovered, from what a flow keeps.
pub(super) fn issuer(kept: &Kept) -> Option<&str> {
    kept.get(ISSUER).map(Secret::expose)
}

/// The next request, or what was granted.
pub(super) fn step(inputs: &Inputs<'_>, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
    let kept = match grant {
        Grant::Returned(returned) => returned.kept,
        _ => &inputs.credentials.obtained,
    };
    if let Some(answer) = answers.first() {
        let mut granted = parse(answer, Shape::default())?;
        granted.obtained.extend(kept.clone());
        return Ok(Step::Done(granted));
    }
    let mut parameters = Parameters::default();
    let mut secrets = Vec::new();
    match grant {
        Grant::Returned(returned) => {
            check_issuer(returned)?;
            let code = oauth2::code(returned.callback, "code")?;
            parameters.set("grant_type", "authorization_code");
            parameters.set("code", code.expose());
            parameters.set("redirect_uri", returned.redirect_uri);
            parameters.set("code_verifier", returned.verifier.expose());
            secrets.extend([code, returned.verifier.clone()]);
        }
        Grant::Renewal => {
            parameters.set("grant_type", "refresh_token");
            parameters.set("refresh_token", oauth2::refresh_token(inputs)?.expose());
        }
        Grant::Login => {
            let message = "an access token comes from the authorization flow";
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
    }
    let mut request = token_request(inputs, kept, parameters)?;
    request.secrets.extend(secrets);
    Ok(Step::send(request))
}

/// The endpoint that was discovered for tokens, from what a flow keeps.
pub(super) fn token_endpoint(kept: &BTreeMap<String, Secret>) -> Result<PlannedUrl> {
    let url = kept.get(TOKEN_ENDPOINT).and_then(|url| Url::parse(url.expose()).ok());
    url.map(PlannedUrl).ok_or_else(|| {
        let message = "it is not known which token endpoint granted this connection: connect again";
        Error::new(ErrorKind::ReconnectNeeded, message)
    })
}

/// The server's URL. Whether its host may be asked is the egress rules' to say.
fn server(inputs: &Inputs<'_>) -> Result<Url> {
    let missing = || Error::new(ErrorKind::MissingValue, format!("`{SERVER_URL}` has no value: connecting needs it"));
    let text = inputs.config.get(SERVER_URL).ok_or_else(missing)?;
    let mut url = Url::parse(text).map_err(|_| {
        Error::new(ErrorKind::InvalidValue, format!("`{SERVER_URL}` is not a URL: write it as `https://host/path`"))
    })?;
    url.set_fragment(None);
    Ok(url)
}

/// The client's id and what is kept of it: the operator's, public; a document's; one that is registered now.
fn client(
    inputs: &Inputs<'_>,
    authority: &Authority,
    ask: Ask<'_>,
    replay: &mut Replay<'_>,
) -> Result<(String, Kept), Stop> {
    let public = |id: String| {
        let kept = [(client::REGISTERED_ID, id.as_str()), (AUTH_METHOD, "none")];
        let kept = kept.map(|(name, value)| (name.to_owned(), Secret::from(value)));
        (id, Kept::from(kept))
    };
    if let Some(id) = &inputs.integration.client_id {
        return Ok(public(id.clone()));
    }
    if authority.reads_documents
        && let Some(client) = registration::documented(inputs.integration, Some(&authority.issuer))
    {
        return Ok(public(client.id));
    }
    let Some(endpoint) = &authority.registration_endpoint else {
        let message = "the authorization server registers no clients: register one by hand and set its client id on \
                       the integration";
        return Err(Error::new(ErrorKind::MissingValue, message).into());
    };
    let method = authority.auth_method()?;
    let grants = ("grant_types".to_owned(), serde_json::json!(["authorization_code", "refresh_token"]));
    let responses = ("response_types".to_owned(), serde_json::json!(["code"]));
    let request = registration::request(inputs, endpoint.clone(), ask.redirect_uri, method, [grants, responses]);
    let mut kept = registration::registered(replay.answer(request)?)?;
    let id = kept.get(client::REGISTERED_ID).map_or_else(String::new, |id| id.expose().to_owned());
    kept.insert(AUTH_METHOD.to_owned(), method.into());
    Ok((id, kept))
}

/// The flow's own scopes, else what the resource asks for, else what the authorization server has.
fn scopes(ask: Ask<'_>, resource: &Resource, authority: &Authority) -> String {
    let lists = [ask.scopes, &resource.scopes, &authority.scopes];
    lists.into_iter().find(|scopes| !scopes.is_empty()).unwrap_or_default().join(" ")
}

fn url(authority: &Authority, resource: &Resource, client_id: &str, scopes: &str, ask: Ask<'_>) -> String {
    let mut parameters = Parameters::default();
    parameters.set("response_type", "code");
    parameters.set("client_id", client_id);
    parameters.set("redirect_uri", ask.redirect_uri);
    if !scopes.is_empty() {
        parameters.set("scope", scopes);
    }
    parameters.set("state", ask.state);
    parameters.set("code_challenge", pkce::challenge(ask.verifier));
    parameters.set("code_challenge_method", "S256");
    parameters.set("resource", resource.identifier.as_str());
    authorize::join(&authority.authorization_endpoint, None, &encoded(&parameters))
}

/// Refuses an answer of another authorization server than the one that was asked (RFC 9207).
fn check_issuer(returned: Returned<'_>) -> Result<()> {
    let expected = returned.kept.get(ISSUER).map_or("", |issuer| issuer.expose());
    let is_sent = returned.kept.get(ISSUER_IS_SENT).is_some_and(|sent| sent.expose() == "true");
    match returned.callback.get("iss") {
        Some(issuer) if issuer == expected => Ok(()),
        None if !is_sent => Ok(()),
        _ => {
            let message =
                "the answer is not the asked authorization server's (its `iss` differs or is missing): start again";
            Err(Error::new(ErrorKind::AuthorizationDenied, message))
        }
    }
}

fn token_request(
    inputs: &Inputs<'_>,
    kept: &BTreeMap<String, Secret>,
    mut parameters: Parameters,
) -> Result<TokenRequest> {
    let endpoint = token_endpoint(kept)?;
    if let Some(resource) = kept.get(RESOURCE) {
        parameters.set("resource", resource.expose());
    }
    let client = client::kept(kept)?;
    let how = match kept.get(AUTH_METHOD).map(Secret::expose) {
        Some("client_secret_basic") => ClientAuth::Basic,
        _ => ClientAuth::Post,
    };
    let authorization = prove(how, &client, &mut parameters)?;
    let secrets = inputs.credentials.secrets().chain(kept.values()).cloned().collect();
    let request = TokenRequest { secrets, ..TokenRequest::post(endpoint.0, Carries::CustomerCredential) };
    request.with_body(BodyFormat::Form, parameters, authorization)
}
