//! The code flow for a known MCP server: OAuth 2.1 with PKCE, and a client that may register itself.
//!
//! The endpoints are the entry's. A client id that the operator set on the integration is used as it is; else the
//! entry says where one comes from. A resource indicator (RFC 8707) stands in the entry's `authorization_params`.
//! Absent here: discovery.

use super::exchange::{Answer, Ask, Grant, Granted, Kept, Page, Step};
use super::oauth2::client::{self, OwnedClient};
use super::oauth2::{self, authorize};
use super::registration;
use super::token_request::json;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use keyway_spec::Entry;
use keyway_spec::auth::{ClientRegistration, McpOAuth2, OAuth2};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use url::Url;

/// Members of a registration request that an entry may set.
const REGISTERED: [&str; 2] = ["response_types", "grant_types"];

/// Where the browser is sent, once there is a client.
pub(super) fn page(inputs: &Inputs<'_>, mode: &McpOAuth2, ask: Ask<'_>, answers: &[Answer]) -> Result<Step<Page>> {
    let kept = match (mode.registration, answers.first()) {
        _ if inputs.integration.client_id.is_some() => Kept::new(),
        (ClientRegistration::Dynamic { url, params }, None) => return register(inputs, url, params, ask),
        (ClientRegistration::Dynamic { .. }, Some(answer)) => registration::registered(answer)?,
        (ClientRegistration::Static | ClientRegistration::MetadataDocument, _) => Kept::new(),
    };
    let client = client(inputs, mode, &kept)?;
    let rules = &mode.authorization;
    let raw: Vec<String> =
        ask.scopes.iter().map(|scope| utf8_percent_encode(scope, NON_ALPHANUMERIC).to_string()).collect();
    let ask = if rules.raw_scopes { Ask { scopes: &raw, ..ask } } else { ask };
    let url = authorize::url(inputs, rules, &client.id, ask, |_| ())?;
    Ok(Step::Done(Page { url, receiver: oauth2::receiver(inputs, &mode.token, &client)?, kept }))
}

/// The next request, or what was granted; the registered client stays with the connection.
pub(super) fn step(
    inputs: &Inputs<'_>,
    mode: &McpOAuth2,
    grant: Grant<'_>,
    answers: &[Answer],
) -> Result<Step<Granted>> {
    let none = Kept::new();
    let kept = if let Grant::Returned(returned) = grant { returned.kept } else { &none };
    if let Some(quirks) = inputs.spec.quirks {
        let code_flow = OAuth2 { authorization: mode.authorization, token: mode.token, outbound: None };
        let client = client(inputs, mode, kept)?;
        let step = oauth2::quirks::step(inputs, &code_flow, quirks, &client, grant, answers)?;
        return Ok(match step {
            Step::Send(request) => Step::Send(request),
            Step::Done(mut granted) => {
                granted.obtained.extend(kept.clone());
                Step::Done(granted)
            }
        });
    }
    if let Some(answer) = answers.first() {
        let mut granted = oauth2::granted(inputs, &mode.token, grant, answer)?;
        granted.obtained.extend(kept.clone());
        return Ok(Step::Done(granted));
    }
    let client = client(inputs, mode, kept)?;
    let request = match grant {
        Grant::Returned(returned) => oauth2::redeem(inputs, &mode.authorization, &mode.token, returned, &client),
        Grant::Renewal => oauth2::refresh(inputs, &mode.token, &client),
        Grant::Login => Err(Error::new(ErrorKind::Unsupported, "an access token comes from the authorization flow")),
    };
    request.map(Step::send)
}

fn client(inputs: &Inputs<'_>, mode: &McpOAuth2, kept: &Kept) -> Result<OwnedClient> {
    match mode.registration {
        ClientRegistration::MetadataDocument if inputs.integration.client_id.is_none() => {
            registration::documented(inputs.integration, None).ok_or_else(registration::undocumented)
        }
        _ => client::of(inputs, kept),
    }
}

fn register(inputs: &Inputs<'_>, url: &str, params: &[Entry], ask: Ask<'_>) -> Result<Step<Page>> {
    let url = Url::parse(url).map_err(|_| {
        Error::new(ErrorKind::InvalidValue, "the registration URL is not a URL: correct `registration_url`")
    })?;
    let mut extra = Vec::new();
    for entry in params.iter().filter(|entry| REGISTERED.contains(&entry.name)) {
        extra.push((entry.name.to_owned(), json(&entry.value, &inputs.scope())?));
    }
    Ok(Step::send(registration::request(inputs, url, ask.redirect_uri, "none", extra)))
}
