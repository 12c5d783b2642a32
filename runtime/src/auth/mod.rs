//! How to sign in: one file per auth mode. This module only dispatches.
//!
//! Values in, values out ([`exchange`]): a mode says which page a person is sent to, which request comes next, and what
//! the answers so far mean. Invariant: only the sender calls a transport (`tests/tests/architecture.rs`).

pub(crate) mod api_key;
mod app;
pub(crate) mod aws_sigv4;
pub(crate) mod basic;
pub(crate) mod bill;
mod claims;
pub(crate) mod client_assertion;
pub(crate) mod client_credentials;
mod custom;
pub mod exchange;
pub(crate) mod install_plugin;
pub(crate) mod issuer;
pub(crate) mod jwt;
pub(crate) mod mcp_oauth2;
pub(crate) mod mcp_oauth2_generic;
pub(crate) mod none;
pub(crate) mod oauth1;
pub mod oauth2;
pub(crate) mod pkce;
pub mod purpose;
pub(crate) mod refusal;
pub(crate) mod registration;
mod replay;
pub(crate) mod signature;
pub(crate) mod tba;
pub mod token_request;
pub mod token_response;
pub(crate) mod two_step;
mod unsupported;

use crate::clock::Timestamp;
use crate::connection::ConfigMap;
use crate::credentials::Credentials;
use crate::egress::Carries;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::identity::ClientIdentity;
use crate::inputs::Inputs;
use crate::integration::IntegrationRecord;
use crate::planned::PlannedUrl;
use crate::secret::Secret;
use exchange::{Answer, Ask, Callback, Grant, Granted, Page, Step};
pub use jwt::UnsignedJwt;
use keyway_spec::auth::ClientAuth;
use keyway_spec::quirks::{GrantType, RefreshWhen};
use keyway_spec::{Auth, ProviderSpec};

/// Refuses credentials that the mode cannot work with. What an entry's own fields say is checked elsewhere.
pub(crate) fn check(spec: &ProviderSpec, credentials: &Credentials) -> Result<()> {
    let outcome = match &spec.auth {
        Auth::None => none::check(credentials),
        Auth::ApiKey => api_key::check(credentials),
        Auth::Basic => basic::check(credentials),
        Auth::OAuth2(_) | Auth::McpOAuth2(_) | Auth::McpOAuth2Generic => oauth2::check(credentials),
        Auth::OAuth2ClientCredentials(mode) => client_credentials::check(mode, credentials),
        Auth::OAuth1(mode) => oauth1::check(mode, credentials),
        Auth::Tba => tba::check(credentials),
        Auth::AwsSigV4 => aws_sigv4::check(credentials),
        Auth::TwoStep(_) | Auth::Jwt(_) => jwt::check(credentials),
        Auth::Signature(_) => signature::check(credentials),
        Auth::Bill(_) => bill::check(credentials),
        Auth::App(_) | Auth::Custom(_) | Auth::InstallPlugin(_) => Ok(()),
    };
    outcome.map_err(|error| error.provider(spec.key))
}

/// Refuses an operator's settings that no connection could use.
pub(crate) fn check_integration(spec: &ProviderSpec, integration: &IntegrationRecord) -> Result<()> {
    let outcome = match spec.auth {
        Auth::App(_) => app::check_key(integration.client_secret.as_ref()),
        Auth::AwsSigV4 => aws_sigv4::check_integration(integration),
        Auth::Custom(_) => app::check_key(integration.custom.get("private_key")),
        Auth::OAuth2(mode) if mode.token.client_auth == ClientAuth::PrivateKeyJwt => {
            let key = integration.client_secret.as_ref();
            client_assertion::check_integration(integration)
                .and_then(|()| key.map_or(Ok(()), |key| client_assertion::check_key(key, integration)))
        }
        Auth::OAuth2ClientCredentials(mode) if mode.token.client_auth == ClientAuth::PrivateKeyJwt => {
            client_assertion::check_integration(integration)
        }
        _ => Ok(()),
    };
    outcome.map_err(|error| error.provider(spec.key))
}

/// The page that a person is sent to, after the answers so far; an error for modes without one.
pub fn page(inputs: &Inputs<'_>, ask: Ask<'_>, answers: &[Answer]) -> Result<Step<Page>> {
    let step = match &inputs.spec.auth {
        Auth::OAuth2(mode) => oauth2::page(inputs, mode, ask),
        Auth::OAuth1(mode) => oauth1::page(inputs, mode, ask, answers),
        Auth::McpOAuth2(mode) => mcp_oauth2::page(inputs, mode, ask, answers),
        Auth::McpOAuth2Generic => mcp_oauth2_generic::page(inputs, ask, answers),
        Auth::App(mode) => app::page(inputs, mode, ask),
        Auth::Custom(mode) => custom::page(inputs, mode, ask),
        Auth::InstallPlugin(mode) => install_plugin::page(inputs, mode, ask),
        other => {
            let message = format!("the auth mode `{}` is not connected through a redirect", other.mode());
            Err(Error::new(ErrorKind::Unsupported, message))
        }
    };
    step.map_err(|error| placed(error, inputs, Stage::Authorize, answers))
}

/// The next request of an exchange, or what it ended with, after the answers so far.
pub fn step(inputs: &Inputs<'_>, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
    let step = match &inputs.spec.auth {
        Auth::None | Auth::ApiKey | Auth::Basic | Auth::Tba => Ok(Step::Done(Granted::default())),
        Auth::OAuth2(mode) => oauth2::step(inputs, mode, grant, answers),
        Auth::OAuth2ClientCredentials(mode) => client_credentials::step(inputs, mode, answers),
        Auth::OAuth1(mode) => oauth1::step(inputs, mode, grant, answers),
        Auth::AwsSigV4 => aws_sigv4::step(inputs, grant, answers),
        Auth::TwoStep(mode) => two_step::step(inputs, mode, grant, answers),
        Auth::Jwt(mode) => jwt::step(inputs, mode),
        Auth::Signature(mode) => signature::step(inputs, *mode),
        Auth::Bill(mode) => bill::step(inputs, mode, answers),
        Auth::McpOAuth2(mode) => mcp_oauth2::step(inputs, mode, grant, answers),
        Auth::McpOAuth2Generic => mcp_oauth2_generic::step(inputs, grant, answers),
        Auth::App(mode) => app::step(inputs, mode, grant, answers),
        Auth::Custom(mode) => custom::step(inputs, mode, grant, answers),
        Auth::InstallPlugin(_) => install_plugin::step(inputs, grant),
    };
    let stage = if matches!(grant, Grant::Renewal) { Stage::Refresh } else { Stage::Token };
    step.map_err(|error| placed(error, inputs, stage, answers))
}

/// The JSON Web Token that calls of this connection carry, where the mode makes one here, before it is signed. No key
/// is needed for that. `None` for every other mode.
pub fn unsigned_jwt(inputs: &Inputs<'_>) -> Result<Option<UnsignedJwt>> {
    match &inputs.spec.auth {
        Auth::Jwt(mode) => {
            jwt::unsigned(inputs, mode).map(Some).map_err(|error| placed(error, inputs, Stage::Token, &[]))
        }
        _ => Ok(None),
    }
}

/// Adds to an error where it happened. Whether a request was sent does not matter if the person denied access.
fn placed(error: Error, inputs: &Inputs<'_>, stage: Stage, answers: &[Answer]) -> Error {
    let error = error.provider(inputs.spec.key).stage(stage);
    if error.kind() == ErrorKind::AuthorizationDenied { error } else { error.sent(!answers.is_empty()) }
}

/// The endpoint that a flow will send its code to, with whose secret it gets, as far as both are known already.
pub(crate) fn receiver(spec: &ProviderSpec, page: &Page) -> Result<Option<(PlannedUrl, Carries)>> {
    if matches!(spec.auth, Auth::McpOAuth2Generic) {
        return Ok(Some((mcp_oauth2_generic::token_endpoint(&page.kept)?, Carries::CustomerCredential)));
    }
    Ok(page.receiver.clone().map(|url| (url, Carries::OperatorSecret)))
}

/// Whether a customer of this provider names the authorization server, so that each has a redirect URI of its own.
pub fn customer_names_issuer(spec: &ProviderSpec) -> bool {
    issuer::is_customers(spec)
}

/// The issuer that a flow found out by discovery.
pub(crate) fn discovered_issuer<'a>(spec: &ProviderSpec, kept: &'a exchange::Kept) -> Option<&'a str> {
    if matches!(spec.auth, Auth::McpOAuth2Generic) { mcp_oauth2_generic::issuer(kept) } else { None }
}

/// The configuration that a callback brings: the parameters that the entry names, and no others.
pub(crate) fn said(spec: &ProviderSpec, callback: &Callback) -> ConfigMap {
    let names = match &spec.auth {
        Auth::OAuth2(mode) => mode.authorization.redirect_uri_metadata,
        Auth::McpOAuth2(mode) => mode.authorization.redirect_uri_metadata,
        Auth::Custom(mode) => mode.authorization.redirect_uri_metadata,
        Auth::OAuth1(mode) => mode.redirect_uri_metadata,
        Auth::InstallPlugin(mode) => mode.redirect_uri_metadata,
        _ => &[],
    };
    let mut said = callback.metadata(names);
    if matches!(spec.auth, Auth::App(_) | Auth::Custom(_)) {
        said.extend(callback.metadata(&[app::INSTALLATION]));
    }
    said
}

/// Whether a person has to visit the provider's pages.
pub(crate) fn through_a_browser(spec: &ProviderSpec) -> bool {
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
pub(crate) fn exchanges_at_once(spec: &ProviderSpec) -> bool {
    match spec.auth {
        Auth::OAuth2ClientCredentials(_)
        | Auth::TwoStep(_)
        | Auth::Jwt(_)
        | Auth::Signature(_)
        | Auth::Bill(_)
        | Auth::App(_)
        | Auth::AwsSigV4 => true,
        Auth::None
        | Auth::ApiKey
        | Auth::Basic
        | Auth::Tba
        | Auth::OAuth2(_)
        | Auth::OAuth1(_)
        | Auth::Custom(_)
        | Auth::InstallPlugin(_)
        | Auth::McpOAuth2(_)
        | Auth::McpOAuth2Generic => false,
    }
}

/// Whether what is stored is enough for another token.
pub(crate) fn renews(spec: &ProviderSpec, credentials: &Credentials) -> bool {
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

/// What a refresh of a code flow redeems.
fn refreshed_by(spec: &ProviderSpec) -> GrantType {
    let own = spec.quirks.and_then(|quirks| quirks.refresh);
    own.map_or(GrantType::RefreshToken, |exchange| exchange.request.grant)
}

/// What of a connection's configuration stays when the account is connected again.
pub(crate) fn lasting(spec: &ProviderSpec) -> &'static [&'static str] {
    if matches!(spec.auth, Auth::AwsSigV4) { aws_sigv4::LASTING } else { &[] }
}

/// Whether a renewal sends a value that may be single-use, so that a lost answer may have used it up.
pub(crate) fn redeems_once(spec: &ProviderSpec, credentials: &Credentials, now: Timestamp) -> bool {
    match spec.auth {
        Auth::OAuth2(_) => {
            let also = spec.quirks.map_or(&[][..], |quirks| quirks.also);
            let mut grants = also.iter().map(|second| second.request.grant).chain([refreshed_by(spec)]);
            grants.any(|grant| grant == GrantType::RefreshToken)
        }
        Auth::McpOAuth2(_) | Auth::McpOAuth2Generic => true,
        Auth::Custom(_) => custom::user_is_due(credentials, now),
        _ => false,
    }
}

/// Whether a renewal sends a request; else it is made here, at once.
pub(crate) fn renews_by_request(spec: &ProviderSpec) -> bool {
    !matches!(spec.auth, Auth::Jwt(_) | Auth::Signature(_))
}

/// The refresh token that the answers of a renewal have brought so far, where the renewal takes several requests and it
/// is another than the one that was sent.
pub(crate) fn successor(inputs: &Inputs<'_>, answers: &[Answer]) -> Option<Secret> {
    let (Auth::OAuth2(mode), Some(quirks)) = (&inputs.spec.auth, inputs.spec.quirks) else { return None };
    oauth2::quirks::successor(inputs, mode, quirks, answers)
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
        None => Err(Error::new(ErrorKind::MissingValue, format!("`credentials.{name}` is missing"))),
        Some(value) if value.is_empty() && !may_be_empty => {
            Err(Error::new(ErrorKind::MissingValue, format!("`credentials.{name}` is empty")))
        }
        Some(value) if value.expose().len() > longest => {
            Err(Error::new(ErrorKind::InvalidValue, format!("`credentials.{name}` is longer than {longest} bytes")))
        }
        Some(_) => Ok(()),
    }
}
