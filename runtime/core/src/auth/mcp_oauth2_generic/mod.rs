//! The code flow for any MCP server: its authorization server is discovered, then the flow is that of a known one.
//!
//! ```text
//! server URL -> its challenge -> protected-resource metadata (RFC 9728) -> authorization-server metadata (RFC 8414)
//!            -> client -> page
//! ```
//!
//! The server decides where all this leads, so no secret of the operator goes along: the client is public or
//! registered by its server, and every request is held against the egress rules for hosts that a customer names. PKCE
//! with S256 and the resource indicator (RFC 8707) are always sent. What was discovered is kept with the connection:
//! its refresh token only ever goes back to the endpoint that the flow began with.
//!
//! Not supported: servers without metadata. Changed metadata is read only when the customer connects again.

mod authority;
mod challenge;
mod metadata;
mod resource;

use super::exchange::{Answer, Ask, FlowState, Grant, Granted, Page, Returned, Step};
use super::method::Method;
use super::oauth2::{self, authorize, client};
use super::pkce;
use super::purpose::Purpose;
use super::registration::{self, Registered, Registration};
use super::replay::{Replay, Stop};
use super::token_request::{Parameters, TokenRequest, authenticate_client, encoded};
use super::token_response::{ResponseLayout, parse, unit_of};
use crate::clock::Timestamp;
use crate::credentials::Credentials;
use crate::egress::SecretOwner;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::planned::PlannedUrl;
use crate::redirect_uri;
use crate::secret::Secret;
use authority::Authority;
use keyway_spec::ProviderSpec;
use keyway_spec::auth::{BodyFormat, ClientAuth};
use resource::Resource;
use serde_json::Map;
use std::collections::BTreeMap;
use url::Url;

/// The connection's configuration with the server's URL.
const SERVER_URL: &str = "mcp_server_url";

// Values stored with the connection, besides the registered client.
const TOKEN_ENDPOINT: &str = "oauth_token_endpoint";
const ISSUER: &str = "oauth_issuer";
const ISSUER_IS_SENT: &str = "oauth_issuer_is_sent";
const RESOURCE: &str = "oauth_resource";

/// The scope by which a refresh token is asked for (OpenID Connect Core section 11).
const OFFLINE_ACCESS: &str = "offline_access";

/// The mode.
pub(super) struct McpOAuth2Generic;

impl Method for McpOAuth2Generic {
    fn check(&self, credentials: &Credentials) -> Result<()> {
        oauth2::check(credentials)
    }

    fn page(&self, inputs: &Inputs<'_>, ask: Ask<'_>, answers: &[Answer]) -> Result<Step<Page>> {
        page(inputs, ask, answers)
    }

    /// The endpoint that was discovered. No secret of the operator goes there.
    fn token_endpoint(&self, page: &Page) -> Result<Option<(PlannedUrl, SecretOwner)>> {
        Ok(Some((token_endpoint(&page.kept)?, SecretOwner::Customer)))
    }

    fn discovered_issuer<'a>(&self, kept: &'a FlowState) -> Option<&'a str> {
        kept.get(ISSUER).map(Secret::expose)
    }

    fn step(&self, inputs: &Inputs<'_>, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
        step(inputs, grant, answers)
    }

    fn refresh_is_single_use(&self, _: &ProviderSpec, _: &Credentials, _: Timestamp) -> bool {
        true
    }
}

/// Where the browser is sent, after as many requests as it takes to find out. Of several authorization servers the
/// first that can be used is; what is wrong with the first of all is said where none can.
fn page(inputs: &Inputs<'_>, ask: Ask<'_>, answers: &[Answer]) -> Result<Step<Page>> {
    Replay::run(answers, |replay| {
        let server = server(inputs)?;
        let resource = resource::find(&server, replay)?;
        let mut first = None;
        for (index, issuer) in resource.authorities.iter().enumerate() {
            let optional = index + 1 < resource.authorities.len();
            match page_of(inputs, ask, &server, &resource, (issuer, optional), replay) {
                Err(Stop::Failed(error)) => drop(first.get_or_insert(error)),
                outcome => return outcome,
            }
        }
        Err(first.unwrap_or_else(|| metadata::refused("the server names no authorization server")).into())
    })
}

/// The page of one authorization server.
fn page_of(
    inputs: &Inputs<'_>,
    ask: Ask<'_>,
    server: &Url,
    resource: &Resource,
    (issuer, optional): (&str, bool),
    replay: &mut Replay<'_>,
) -> Result<Page, Stop> {
    if let Ok(url) = Url::parse(issuer) {
        metadata::not_weaker(server, &url)?;
    }
    let authority = authority::find(issuer, optional, replay)?;
    // The server that the customer names says which issuer, so every issuer has a redirect URI of its own.
    let redirect_uri = redirect_uri::of_issuer(ask.redirect_uri, &authority.issuer)?;
    let ask = Ask { redirect_uri: &redirect_uri, ..ask };
    let scopes = scopes(ask, resource, &authority);
    let page = |id: &str, ask: Ask<'_>| url(&authority, resource, id, &scopes, ask);
    let mut kept = client(inputs, &authority, ask, &scopes.join(" "), optional, replay, |id| {
        // The page is only looked at: neither state nor challenge is a flow's.
        let nobodys = Ask { state: &inputs.moment.uuid, verifier: &inputs.moment.uuid, ..ask };
        Url::parse(&page(id, nobodys)).map_err(|_| metadata::refused("the authorization endpoint is not a URL"))
    })?;
    let url = page(client::kept(&kept)?.id, ask);
    for (name, value) in [
        (TOKEN_ENDPOINT, authority.token_endpoint.as_str()),
        (ISSUER, &authority.issuer),
        (ISSUER_IS_SENT, if authority.sends_issuer { "true" } else { "false" }),
        (RESOURCE, &resource.identifier),
    ] {
        kept.insert(name.to_owned(), value.into());
    }
    Ok(Page { url, token_endpoint: None, kept })
}

/// The next request, or what was granted.
fn step(inputs: &Inputs<'_>, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
    let kept = match grant {
        Grant::Returned(returned) => returned.kept,
        _ => &inputs.credentials.obtained,
    };
    if let Some(answer) = answers.first() {
        let unit = unit_of(inputs.spec).unwrap_or_default();
        let granted = parse(answer, ResponseLayout { unit, ..ResponseLayout::default() });
        let mut granted = granted.map_err(|error| registration::explain(error, inputs, kept, grant, answer))?;
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
            registration::check_expiry(kept, inputs.moment.now)?;
            parameters.set("grant_type", "refresh_token");
            parameters.set("refresh_token", oauth2::refresh_token(inputs.credentials)?.expose());
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
fn token_endpoint(kept: &BTreeMap<String, Secret>) -> Result<PlannedUrl> {
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

/// The values to keep of the client: the operator's public one, a document's, or a registered one.
fn client(
    inputs: &Inputs<'_>,
    authority: &Authority,
    ask: Ask<'_>,
    scope: &str,
    optional: bool,
    replay: &mut Replay<'_>,
    page: impl FnOnce(&str) -> Result<Url>,
) -> Result<FlowState, Stop> {
    let public = |id: &str| {
        let kept = [(client::REGISTERED_ID, id), (registration::AUTH_METHOD, "none")];
        FlowState::from(kept.map(|(name, value)| (name.to_owned(), Secret::from(value))))
    };
    if let Some(id) = &inputs.integration.client_id {
        return Ok(public(id));
    }
    if authority.reads_documents
        && let Some(client) = registration::documented(inputs.integration, Some(&authority.issuer))
    {
        return Ok(public(&client.id));
    }
    let Some(endpoint) = &authority.registration_endpoint else {
        let message = "the authorization server registers no clients: register one by hand and set its client id on \
                       the integration";
        return Err(Error::new(ErrorKind::MissingValue, message).into());
    };
    let registration = Registration {
        url: endpoint.clone(),
        issuer: &authority.issuer,
        redirect_uri: ask.redirect_uri,
        auth_method: authority.auth_method()?,
        scope,
        extra: Map::from_iter([
            ("grant_types".to_owned(), authority.grants().into()),
            ("response_types".to_owned(), vec!["code"].into()),
        ]),
    };
    registration::obtain(inputs, &registration, optional, replay, page).map(Registered::kept)
}

/// The flow's own scopes, else what the server's challenge asks for, else what the resource has, else what the
/// authorization server has; and a refresh token, where that has to be asked for.
fn scopes(ask: Ask<'_>, resource: &Resource, authority: &Authority) -> Vec<String> {
    let lists = [ask.scopes, &resource.challenged, &resource.scopes, &authority.scopes];
    let mut scopes = lists.into_iter().find(|scopes| !scopes.is_empty()).unwrap_or_default().to_vec();
    let offline = |scope: &String| scope == OFFLINE_ACCESS;
    if authority.scopes.iter().any(offline) && !scopes.iter().any(offline) {
        scopes.push(OFFLINE_ACCESS.to_owned());
    }
    scopes
}

fn url(authority: &Authority, resource: &Resource, client_id: &str, scopes: &[String], ask: Ask<'_>) -> String {
    let mut parameters = Parameters::default();
    parameters.set("response_type", "code");
    parameters.set("client_id", client_id);
    parameters.set("redirect_uri", ask.redirect_uri);
    if !scopes.is_empty() {
        parameters.set("scope", scopes.join(" "));
    }
    if scopes.iter().any(|scope| scope == OFFLINE_ACCESS) && authority.takes_consent_prompt() {
        parameters.set("prompt", "consent");
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
    let how = registration::client_auth(kept).unwrap_or(ClientAuth::Post);
    let authorization = authenticate_client(how, &client, &mut parameters)?;
    let purpose = Purpose::RegisteredClient { id: client.id.to_owned() };
    let secrets = inputs.credentials.secrets().chain(kept.values()).cloned().collect();
    let request = TokenRequest { secrets, purpose, ..TokenRequest::post(endpoint.0, SecretOwner::Customer) };
    request.with_body(BodyFormat::Form, parameters, authorization)
}
