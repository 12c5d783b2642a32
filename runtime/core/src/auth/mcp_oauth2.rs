//! The code flow for a known MCP server: OAuth 2.1 with PKCE, and a client that may register itself.
//!
//! The endpoints are the entry's. A client id that the operator set on the integration is used as it is; else the
//! entry says where one comes from. A resource indicator (RFC 8707) stands in the entry's `authorization_params`.
//! Nothing is discovered; `MCP_OAUTH2_GENERIC` does that.

use super::exchange::{Answer, Ask, Callback, FlowState, Grant, Granted, Page, Step};
use super::method::Method;
use super::oauth2::client::{self, OwnedClient};
use super::oauth2::{self, authorize};
use super::purpose::Purpose;
use super::registration::{self, Registration};
use super::replay::{Replay, Stop};
use super::token_request::TokenRequest;
use super::values;
use crate::clock::Timestamp;
use crate::connection::ConfigMap;
use crate::credentials::Credentials;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use keyway_spec::auth::{Authorization, ClientRegistration, McpOAuth2, OAuth2, TokenEndpoint};
use keyway_spec::{Entry, ProviderSpec};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};
use url::Url;

/// A member of the registration that the entry does not decide: the flow sets the redirect URI.
const NOT_THE_ENTRYS: &str = "redirect_uris";

impl Method for McpOAuth2 {
    fn check(&self, credentials: &Credentials) -> Result<()> {
        oauth2::check(credentials)
    }

    fn page(&self, inputs: &Inputs<'_>, ask: Ask<'_>, answers: &[Answer]) -> Result<Step<Page>> {
        page(inputs, self, ask, answers)
    }

    fn callback_metadata(&self, callback: &Callback) -> ConfigMap {
        callback.metadata(self.authorization.redirect_uri_metadata)
    }

    fn step(&self, inputs: &Inputs<'_>, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
        step(inputs, self, grant, answers)
    }

    fn refresh_is_single_use(&self, _: &ProviderSpec, _: &Credentials, _: Timestamp) -> bool {
        true
    }
}

/// Where the browser is sent, once there is a client.
fn page(inputs: &Inputs<'_>, mode: &McpOAuth2, ask: Ask<'_>, answers: &[Answer]) -> Result<Step<Page>> {
    Replay::run(answers, |replay| {
        let kept = match mode.registration {
            ClientRegistration::Dynamic { url, params } if inputs.integration.client_id.is_none() => {
                register(inputs, mode, (url, params), ask, replay)?
            }
            _ => FlowState::new(),
        };
        let client = client(inputs, mode, &kept)?;
        let url = page_url(inputs, &mode.authorization, &client.id, ask)?;
        Ok(Page { url, token_endpoint: oauth2::token_endpoint(inputs, &mode.token, &client)?, kept })
    })
}

/// The next request, or what was granted; the registered client stays with the connection.
fn step(inputs: &Inputs<'_>, mode: &McpOAuth2, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
    let kept = if let Grant::Returned(returned) = grant { returned.kept } else { &inputs.credentials.obtained };
    let own = |granted: Granted| Granted { obtained: with_client(kept, granted.obtained), ..granted };
    let explain = |error, answer: &Answer| registration::explain(error, inputs, kept, grant, answer);
    let token = endpoint(mode, kept);
    if matches!(grant, Grant::Renewal) && answers.is_empty() {
        registration::check_expiry(kept, inputs.moment.now)?;
    }
    let code_flow = OAuth2 { authorization: mode.authorization, token, outbound: None };
    let client = client(inputs, mode, kept)?;
    let step = oauth2::step(inputs, &code_flow, &client, grant, answers).map_err(|error| match answers.first() {
        Some(answer) => explain(error, answer),
        None => error,
    })?;
    Ok(match step {
        Step::Send(request) => Step::Send(Box::new(TokenRequest { purpose: purpose(&client), ..*request })),
        Step::Done(granted) => Step::Done(own(granted)),
    })
}

/// The obtained values, with those of the registered client, which stay with the connection.
fn with_client(kept: &FlowState, mut obtained: FlowState) -> FlowState {
    for (name, value) in kept {
        obtained.entry(name.clone()).or_insert_with(|| value.clone());
    }
    obtained
}

fn purpose(client: &OwnedClient) -> Purpose {
    Purpose::RegisteredClient { id: client.id.clone() }
}

fn client(inputs: &Inputs<'_>, mode: &McpOAuth2, kept: &FlowState) -> Result<OwnedClient> {
    match mode.registration {
        ClientRegistration::MetadataDocument if inputs.integration.client_id.is_none() => {
            registration::documented(inputs.integration, None).ok_or_else(registration::undocumented)
        }
        _ => client::of(inputs, kept),
    }
}

fn page_url(inputs: &Inputs<'_>, rules: &Authorization, client_id: &str, ask: Ask<'_>) -> Result<String> {
    let raw: Vec<String> =
        ask.scopes.iter().map(|scope| utf8_percent_encode(scope, NON_ALPHANUMERIC).to_string()).collect();
    let ask = if rules.raw_scopes { Ask { scopes: &raw, ..ask } } else { ask };
    authorize::url(inputs, rules, client_id, ask, |_| ())
}

/// The endpoint, with the method that the registered client proves itself by.
fn endpoint(mode: &McpOAuth2, kept: &FlowState) -> TokenEndpoint {
    let client_auth = registration::client_auth(kept).unwrap_or(mode.token.client_auth);
    TokenEndpoint { client_auth, ..mode.token }
}

/// The client that the entry's endpoint registers; its issuer is that endpoint, because the entry names no other.
fn register(
    inputs: &Inputs<'_>,
    mode: &McpOAuth2,
    (url, params): (&str, &[Entry]),
    ask: Ask<'_>,
    replay: &mut Replay<'_>,
) -> Result<FlowState, Stop> {
    let endpoint = Url::parse(url).map_err(|_| {
        Error::new(ErrorKind::InvalidValue, "the registration URL is not a URL: correct `registration_url`")
    })?;
    let scope = inputs.scope();
    let mut extra = Map::new();
    for entry in params {
        if entry.name == NOT_THE_ENTRYS {
            tracing::warn!(
                target: "keyway::auth::mcp_oauth2",
                provider = inputs.spec.key,
                "`registration_params.redirect_uris` is not sent: the flow's own redirect URI is registered"
            );
            continue;
        }
        if let Some(value) = values::value(inputs, &scope, &entry.value)? {
            extra.insert(entry.name.to_owned(), value);
        }
    }
    // An entry may fix the scopes of its authorization request.
    let fixed = mode.authorization.params.iter().find(|entry| entry.name == "scope");
    let fixed = fixed.map(|entry| values::value(inputs, &scope, &entry.value)).transpose()?.flatten();
    let asked = match fixed.as_ref().and_then(Value::as_str) {
        Some(fixed) => fixed.replace(mode.authorization.scope_separator, " "),
        None => ask.scopes.join(" "),
    };
    let method = extra.get("token_endpoint_auth_method").and_then(Value::as_str).unwrap_or("none").to_owned();
    let registration = Registration {
        url: endpoint,
        issuer: url,
        redirect_uri: ask.redirect_uri,
        auth_method: &method,
        scope: &asked,
        extra,
    };
    let client = registration::obtain(inputs, &registration, false, replay, |id| {
        // The page is only looked at: neither state nor challenge is a flow's.
        let nobodys = Ask { state: &inputs.moment.uuid, verifier: &inputs.moment.uuid, ..ask };
        let url = page_url(inputs, &mode.authorization, id, nobodys)?;
        Url::parse(&url).map_err(|_| Error::new(ErrorKind::InvalidValue, "the authorization URL is not a URL"))
    })?;
    Ok(client.kept())
}
