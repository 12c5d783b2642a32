//! How to sign in: one file per auth mode. This module only dispatches.
//!
//! Values in, values out ([`exchange`]): a mode says which page a person is sent to, which request comes next, and what
//! the answers so far mean. Absent here: sending, storing, waiting.

pub(crate) mod api_key;
pub(crate) mod basic;
pub(crate) mod client_assertion;
pub(crate) mod client_credentials;
pub mod exchange;
pub(crate) mod mcp_oauth2;
pub(crate) mod mcp_oauth2_generic;
pub(crate) mod none;
pub mod oauth2;
pub(crate) mod pkce;
pub(crate) mod registration;
mod replay;
pub mod token_request;
pub mod token_response;

use crate::connection::ConfigMap;
use crate::credentials::Credentials;
use crate::egress::Carries;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::planned::PlannedUrl;
use crate::secret::Secret;
use crate::transport::ClientIdentity;
use exchange::{Answer, Ask, Callback, Grant, Granted, Page, Step};
use keyway_spec::quirks::{GrantType, RefreshWhen};
use keyway_spec::{Auth, ProviderSpec};

/// Refuses credentials that the mode cannot work with. What an entry's own fields say is checked elsewhere.
pub(crate) fn check(spec: &ProviderSpec<'_>, credentials: &Credentials) -> Result<()> {
    let outcome = match &spec.auth {
        Auth::None => none::check(credentials),
        Auth::ApiKey => api_key::check(credentials),
        Auth::Basic => basic::check(credentials),
        Auth::OAuth2(_) | Auth::McpOAuth2(_) | Auth::McpOAuth2Generic => oauth2::check(credentials),
        Auth::OAuth2ClientCredentials(mode) => client_credentials::check(mode, credentials),
        other => Err(unsupported(other)),
    };
    outcome.map_err(|error| error.provider(spec.key))
}

/// The page that a person is sent to, after the answers so far; an error for modes without one.
pub fn page(inputs: &Inputs<'_>, ask: Ask<'_>, answers: &[Answer]) -> Result<Step<Page>> {
    let step = match &inputs.spec.auth {
        Auth::OAuth2(mode) => oauth2::page(inputs, mode, ask),
        Auth::McpOAuth2(mode) => mcp_oauth2::page(inputs, mode, ask, answers),
        Auth::McpOAuth2Generic => mcp_oauth2_generic::page(inputs, ask, answers),
        other if through_a_browser(inputs.spec) => Err(unsupported(other)),
        other => {
            let message = format!("the auth mode `{}` is not connected through a redirect", other.mode());
            Err(Error::new(ErrorKind::Unsupported, message))
        }
    };
    step.map_err(|error| placed(error, inputs, "authorize", answers))
}

/// The next request of an exchange, or what it ended with, after the answers so far.
pub fn step(inputs: &Inputs<'_>, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
    let step = match &inputs.spec.auth {
        Auth::None | Auth::ApiKey | Auth::Basic => Ok(Step::Done(Granted::default())),
        Auth::OAuth2(mode) => oauth2::step(inputs, mode, grant, answers),
        Auth::OAuth2ClientCredentials(mode) => client_credentials::step(inputs, mode, answers),
        Auth::McpOAuth2(mode) => mcp_oauth2::step(inputs, mode, grant, answers),
        Auth::McpOAuth2Generic => mcp_oauth2_generic::step(inputs, grant, answers),
        other => Err(unsupported(other)),
    };
    let stage = if matches!(grant, Grant::Renewal) { "refresh" } else { "token" };
    step.map_err(|error| placed(error, inputs, stage, answers))
}

/// An error with where it happened. Whether something was sent is no question where the person said no.
fn placed(error: Error, inputs: &Inputs<'_>, stage: &'static str, answers: &[Answer]) -> Error {
    let error = error.provider(inputs.spec.key).stage(stage);
    if error.kind() == ErrorKind::AuthorizationDenied { error } else { error.sent(!answers.is_empty()) }
}

/// The endpoint that a flow will send its code to, with whose secret it gets, as far as both are known already.
pub(crate) fn receiver(spec: &ProviderSpec<'_>, page: &Page) -> Result<Option<(PlannedUrl, Carries)>> {
    if matches!(spec.auth, Auth::McpOAuth2Generic) {
        return Ok(Some((mcp_oauth2_generic::token_endpoint(&page.kept)?, Carries::CustomerCredential)));
    }
    Ok(page.receiver.clone().map(|url| (url, Carries::OperatorSecret)))
}

/// What a callback says about the account: the parameters that the entry names, and no others.
pub(crate) fn said(spec: &ProviderSpec<'_>, callback: &Callback) -> ConfigMap {
    let names = match &spec.auth {
        Auth::OAuth2(mode) => mode.authorization.redirect_uri_metadata,
        Auth::McpOAuth2(mode) => mode.authorization.redirect_uri_metadata,
        Auth::Custom(mode) => mode.authorization.redirect_uri_metadata,
        Auth::OAuth1(mode) => mode.redirect_uri_metadata,
        Auth::InstallPlugin(mode) => mode.redirect_uri_metadata,
        _ => &[],
    };
    callback.metadata(names)
}

/// Whether a person has to visit the provider's pages.
pub(crate) fn through_a_browser(spec: &ProviderSpec<'_>) -> bool {
    match spec.auth {
        Auth::OAuth2(_)
        | Auth::OAuth1(_)
        | Auth::App(_)
        | Auth::Custom(_)
        | Auth::InstallPlugin(_)
        | Auth::McpOAuth2(_)
        | Auth::McpOAuth2Generic => true,
        Auth::None
        | Auth::ApiKey
        | Auth::Basic
        | Auth::OAuth2ClientCredentials(_)
        | Auth::TwoStep(_)
        | Auth::Jwt(_)
        | Auth::Signature(_)
        | Auth::Tba
        | Auth::Bill(_)
        | Auth::AwsSigV4 => false,
    }
}

/// Whether a token is obtained as soon as the credentials are there, without a person.
pub(crate) fn exchanges_at_once(spec: &ProviderSpec<'_>) -> bool {
    match spec.auth {
        Auth::OAuth2ClientCredentials(_)
        | Auth::TwoStep(_)
        | Auth::Jwt(_)
        | Auth::Signature(_)
        | Auth::Bill(_)
        | Auth::AwsSigV4 => true,
        Auth::None
        | Auth::ApiKey
        | Auth::Basic
        | Auth::Tba
        | Auth::OAuth2(_)
        | Auth::OAuth1(_)
        | Auth::App(_)
        | Auth::Custom(_)
        | Auth::InstallPlugin(_)
        | Auth::McpOAuth2(_)
        | Auth::McpOAuth2Generic => false,
    }
}

/// Whether what is stored is enough for another token.
pub(crate) fn renews(spec: &ProviderSpec<'_>, credentials: &Credentials) -> bool {
    let has_refresh_token = || {
        let token = credentials.token.as_ref();
        token.and_then(|token| token.refresh.as_ref()).is_some_and(|token| !token.is_empty())
    };
    if spec.quirks.is_some_and(|quirks| quirks.refresh_when == RefreshWhen::Never) {
        return false;
    }
    match (spec.auth, refreshed_by(spec)) {
        (Auth::OAuth2(_), GrantType::AccessToken) => credentials.token.is_some(),
        (Auth::OAuth2(_), GrantType::ClientCredentials | GrantType::Nothing) | (Auth::App(_) | Auth::Custom(_), _) => {
            true
        }
        (Auth::OAuth2(_) | Auth::McpOAuth2(_) | Auth::McpOAuth2Generic, _) => has_refresh_token(),
        _ => exchanges_at_once(spec),
    }
}

/// Whether a renewal sends something that may be good for one time only, so that a lost answer may have used it up.
pub(crate) fn redeems_once(spec: &ProviderSpec<'_>) -> bool {
    let has_a_second = || {
        let also = spec.quirks.map_or(&[][..], |quirks| quirks.also);
        also.iter().any(|second| second.request.grant == GrantType::RefreshToken)
    };
    match spec.auth {
        Auth::OAuth2(_) => refreshed_by(spec) == GrantType::RefreshToken || has_a_second(),
        _ => matches!(spec.auth, Auth::McpOAuth2(_) | Auth::McpOAuth2Generic),
    }
}

/// What a refresh of a code flow redeems.
fn refreshed_by(spec: &ProviderSpec<'_>) -> GrantType {
    let own = spec.quirks.and_then(|quirks| quirks.refresh);
    own.map_or(GrantType::RefreshToken, |exchange| exchange.request.grant)
}

fn unsupported(auth: &Auth<'_>) -> Error {
    Error::new(ErrorKind::Unsupported, format!("the auth mode `{}` is not supported yet", auth.mode()))
}

/// The TLS client certificate that calls of a connection show, where its mode has one.
pub(crate) fn identity(inputs: &Inputs<'_>) -> Result<Option<ClientIdentity>> {
    match &inputs.spec.auth {
        Auth::OAuth2ClientCredentials(mode) => client_credentials::of_calls(mode, inputs.credentials),
        _ => Ok(None),
    }
}

/// A submitted value, unless it is empty.
fn given<'a>(credentials: &'a Credentials, name: &str) -> Option<&'a Secret> {
    credentials.input(name).filter(|value| !value.is_empty())
}

/// Refuses a missing input, one longer than `longest`, and, unless `may_be_empty`, an empty one.
fn check_input(credentials: &Credentials, name: &str, may_be_empty: bool, longest: usize) -> Result<()> {
    match credentials.input(name) {
        None => Err(Error::new(ErrorKind::MissingValue, format!("the credential `{name}` is missing"))),
        Some(value) if value.is_empty() && !may_be_empty => {
            Err(Error::new(ErrorKind::MissingValue, format!("the credential `{name}` is empty")))
        }
        Some(value) if value.expose().len() > longest => {
            Err(Error::new(ErrorKind::InvalidValue, format!("the credential `{name}` is longer than {longest} bytes")))
        }
        Some(_) => Ok(()),
    }
}
