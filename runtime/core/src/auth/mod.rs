//! Signing in: one file per auth mode, which implements [`Method`](method::Method). `method()` finds it: the only
//! place that asks which mode an entry has in order to act on it. The functions here are what the rest of the runtime
//! calls.
//!
//! Values in, values out ([`exchange`]): a mode says which page a person is sent to, which request comes next, and what
//! the answers so far mean. Invariant: nothing here sends, stores or waits (`tests/tests/architecture.rs`).

mod api_key;
mod app;
mod aws_sigv4;
mod basic;
mod bill;
mod claims;
pub(crate) mod client_assertion;
mod client_credentials;
mod custom;
pub mod exchange;
mod install_plugin;
pub mod issuer;
mod jwt;
pub mod lookup;
mod mcp_oauth2;
mod mcp_oauth2_generic;
mod method;
mod none;
mod oauth1;
pub mod oauth2;
pub mod pkce;
mod place;
pub mod purpose;
pub(crate) mod refusal;
pub mod registration;
mod replay;
mod signature;
mod signed_call;
mod submitted;
mod tba;
pub mod token_request;
pub mod token_response;
mod two_step;
mod unsigned_jwt;
mod unsupported;
mod values;

use crate::call::Call;
use crate::clock::Timestamp;
use crate::connection::ConfigMap;
use crate::credentials::Credentials;
use crate::egress::SecretOwner;
use crate::error::{Error, ErrorKind, Result, Stage};
use crate::identity::ClientIdentity;
use crate::inputs::Inputs;
use crate::integration::IntegrationRecord;
use crate::plan::Plan;
use crate::planned::PlannedUrl;
use crate::secret::Secret;
use exchange::{Answer, Ask, Callback, Grant, Granted, Page, Step};
use keyway_spec::mode::{Connect, TokenFrom};
use keyway_spec::quirks::RefreshWhen;
use keyway_spec::{Auth, ProviderSpec};
use method::Method;
use std::borrow::Cow;
pub use unsigned_jwt::UnsignedJwt;

/// The mode of an entry, as something that acts.
fn method(auth: &Auth) -> &dyn Method {
    match auth {
        Auth::None => &none::NoCredential,
        Auth::ApiKey => &api_key::ApiKey,
        Auth::Basic => &basic::Basic,
        Auth::OAuth2(mode) => mode,
        Auth::OAuth2ClientCredentials(mode) => mode,
        Auth::OAuth1(mode) => mode,
        Auth::TwoStep(mode) => mode,
        Auth::Jwt(mode) => mode,
        Auth::Signature(mode) => mode,
        Auth::Tba => &tba::Tba,
        Auth::Bill(mode) => mode,
        Auth::App(mode) => mode,
        Auth::Custom(mode) => mode,
        Auth::InstallPlugin(mode) => mode,
        Auth::AwsSigV4 => &aws_sigv4::AwsSigV4,
        Auth::McpOAuth2(mode) => mode,
        Auth::McpOAuth2Generic => &mcp_oauth2_generic::McpOAuth2Generic,
    }
}

/// Refuses credentials that the mode cannot work with. What an entry's own fields say is checked elsewhere.
pub(crate) fn check(spec: &ProviderSpec, credentials: &Credentials) -> Result<()> {
    method(&spec.auth).check(credentials).map_err(|error| error.provider(spec.key))
}

/// Refuses an operator's settings that no connection could use.
pub fn check_integration(spec: &ProviderSpec, integration: &IntegrationRecord) -> Result<()> {
    method(&spec.auth).check_integration(integration).map_err(|error| error.provider(spec.key))
}

/// The page that a person is sent to, after the answers so far; an error for modes without one.
pub fn page(inputs: &Inputs<'_>, ask: Ask<'_>, answers: &[Answer]) -> Result<Step<Page>> {
    let page = method(&inputs.spec.auth).page(inputs, ask, answers);
    page.map_err(|error| with_context(error, inputs, Stage::Authorize, answers))
}

/// The next request of an exchange, or what it ended with, after the answers so far.
pub fn step(inputs: &Inputs<'_>, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
    let stage = if matches!(grant, Grant::Renewal) { Stage::Refresh } else { Stage::Token };
    let step = method(&inputs.spec.auth).step(inputs, grant, answers);
    step.map_err(|error| with_context(error, inputs, stage, answers))
}

/// The JSON Web Token that calls of this connection carry, where the mode makes one here, before it is signed. No key
/// is needed for that. `None` for every other mode.
pub fn unsigned_jwt(inputs: &Inputs<'_>) -> Result<Option<UnsignedJwt>> {
    let unsigned = method(&inputs.spec.auth).unsigned_jwt(inputs);
    unsigned.map_err(|error| with_context(error, inputs, Stage::Token, &[]))
}

/// Adds to an error where it happened. Whether a request was sent does not matter if the person denied access.
fn with_context(error: Error, inputs: &Inputs<'_>, stage: Stage, answers: &[Answer]) -> Error {
    let error = error.provider(inputs.spec.key).stage(stage);
    if error.kind() == ErrorKind::AuthorizationDenied { error } else { error.sent(!answers.is_empty()) }
}

/// The endpoint that a flow will send its code to, with whose secret it gets, as far as both are known already.
pub fn token_endpoint(spec: &ProviderSpec, page: &Page) -> Result<Option<(PlannedUrl, SecretOwner)>> {
    method(&spec.auth).token_endpoint(page)
}

/// True if a customer of this provider names the authorization server, so that each has a redirect URI of its own.
pub fn customer_names_issuer(spec: &ProviderSpec) -> bool {
    issuer::is_customers(spec)
}

/// The issuer that a flow found out by discovery.
pub fn discovered_issuer<'a>(spec: &ProviderSpec, kept: &'a exchange::FlowState) -> Option<&'a str> {
    method(&spec.auth).discovered_issuer(kept)
}

/// The configuration that a callback brings: the parameters that the entry names, and no others.
pub fn callback_metadata(spec: &ProviderSpec, callback: &Callback) -> ConfigMap {
    method(&spec.auth).callback_metadata(callback)
}

/// True if a person has to visit the provider's pages.
pub fn needs_browser(spec: &ProviderSpec) -> bool {
    spec.auth.connect() != Connect::Direct
}

/// True if a token is obtained as soon as the credentials are there, without a person.
pub fn exchanges_at_once(spec: &ProviderSpec) -> bool {
    spec.auth.facts().obtains_at_once()
}

/// True if what is stored is enough for another token.
pub fn can_refresh(spec: &ProviderSpec, credentials: &Credentials) -> bool {
    let never = spec.quirks.is_some_and(|quirks| quirks.refresh_when == RefreshWhen::Never);
    !never && method(&spec.auth).can_refresh(spec, credentials)
}

/// The names in a connection's configuration that stay when the account is connected again.
pub fn persistent_config(spec: &ProviderSpec) -> &'static [&'static str] {
    method(&spec.auth).persistent_config()
}

/// True if a renewal sends a value that may be single-use, so that a lost answer may have used it up.
pub fn refresh_is_single_use(spec: &ProviderSpec, credentials: &Credentials, now: Timestamp) -> bool {
    method(&spec.auth).refresh_is_single_use(spec, credentials, now)
}

/// True if a renewal sends a request; else it is made here, at once.
pub fn renews_by_request(spec: &ProviderSpec) -> bool {
    spec.auth.facts().token != TokenFrom::Made
}

/// True if a token is good for one call only: it is made again as late as the entry says, whatever its lifetime.
pub fn tokens_are_single_use(spec: &ProviderSpec) -> bool {
    method(&spec.auth).tokens_are_single_use()
}

/// The refresh token that the answers of a renewal have brought so far, where the renewal takes several requests and it
/// is another than the one that was sent.
pub fn successor(inputs: &Inputs<'_>, answers: &[Answer]) -> Option<Secret> {
    method(&inputs.spec.auth).successor(inputs, answers)
}

/// The headers that a call carries by itself, before those of the entry and of the caller.
pub(crate) fn headers(inputs: &Inputs<'_>) -> Result<Vec<(&'static str, Secret)>> {
    method(&inputs.spec.auth).headers(inputs)
}

/// Signs a call where the mode does that.
pub fn sign(inputs: &Inputs<'_>, call: &Call, plan: &mut Plan) -> Result<()> {
    method(&inputs.spec.auth).sign(inputs, call, plan)
}

/// True if calls carry something of the operator's, or are signed with it.
pub(crate) fn carries_operator_secret(inputs: &Inputs<'_>) -> bool {
    method(&inputs.spec.auth).carries_operator_secret(inputs)
}

/// The base URL that the account says, in the place of the entry's.
pub(crate) fn own_base_url<'a>(inputs: &Inputs<'a>) -> Option<&'a str> {
    method(&inputs.spec.auth).own_base_url(inputs)
}

/// The entry's base URL, its templates evaluated, as the account's calls have it.
pub(crate) fn base_url<'b>(inputs: &Inputs<'_>, base: Cow<'b, str>) -> Result<Cow<'b, str>> {
    method(&inputs.spec.auth).base_url(inputs, base)
}

/// True if what a call carries is worth nothing at another host than the one it names.
pub(crate) fn is_bound_to_host(inputs: &Inputs<'_>) -> bool {
    method(&inputs.spec.auth).is_bound_to_host()
}

/// The certificate and private key that were submitted with the credentials, where the mode takes them. Whether the two
/// belong together is for a transport to say.
pub fn submitted_identity(spec: &ProviderSpec, credentials: &Credentials) -> Result<Option<ClientIdentity>> {
    method(&spec.auth).submitted_identity(credentials)
}

/// The TLS client certificate that calls of a connection show, where its mode has one.
pub(crate) fn identity(inputs: &Inputs<'_>) -> Result<Option<ClientIdentity>> {
    method(&inputs.spec.auth).identity(inputs)
}
