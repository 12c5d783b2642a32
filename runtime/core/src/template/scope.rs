//! The names a template can use, and where their values are.
//!
//! The compiler has decided which names a field may use.

use crate::callback::Callback;
use crate::clock::Moment;
use crate::connection::ConfigMap;
use crate::credentials::{Credentials, Token};
use crate::integration::IntegrationRecord;
use crate::json;
use crate::secret::Secret;
use bytes::Bytes;
use keyway_format::path;
use keyway_spec::quirks::SplitCredential;
use keyway_spec::{Field, Reference, Root};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;

/// Everything a name can stand for. Start with [`Scope::new`] and set what else there is.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// `connectionConfig.x`.
    pub config: &'a ConfigMap,
    /// `credentials.x`, the bare names of credentials, `accessToken`, `refresh_token`, `assertionOption.x`.
    pub credentials: &'a Credentials,
    /// `clientId`, `clientSecret`, `appPublicLink`.
    pub integration: &'a IntegrationRecord,
    /// `now`, `random`.
    pub moment: &'a Moment,
    /// Submitted credentials that are several: `credentials.x.part`.
    pub split: &'a [SplitCredential],
    /// Fields of `integration_config` that stand for the credential of the same name where the operator filled them in.
    pub settings: &'a [Field],
    /// `metadata.x`.
    pub metadata: Option<&'a Map<String, Value>>,
    /// `connection_id`.
    pub connection_id: Option<&'a str>,
    /// `token`: the JWT just signed.
    pub token: Option<&'a Secret>,
    /// `assertion`: the assertion just built.
    pub assertion: Option<&'a Secret>,
    /// `stepN.x`: the answers so far, the first one being `step1`.
    pub steps: &'a [Value],
    /// `code`, `callback.x`, `redirectUri`, `scopes`: what a token exchange began with.
    pub flow: Option<&'a FlowInputs<'a>>,
    /// `method`, `host`, `path`, ...: what signing headers cover.
    pub signing: Option<&'a Signing>,
}

/// Shows the provider only: everything else may be a secret.
impl fmt::Debug for Scope<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scope")
            .field("integration", &self.integration.key)
            .field("connection_id", &self.connection_id)
            .field("steps", &self.steps.len())
            .finish_non_exhaustive()
    }
}

/// The values that a token exchange began with. Not shown by `Debug`: a callback holds a code.
#[derive(Clone, Copy, Default)]
pub struct FlowInputs<'a> {
    /// The code that is exchanged.
    pub code: Option<&'a Secret>,
    /// The parameters of the callback.
    pub callback: Option<&'a Callback>,
    /// The redirect URI of the flow that made the connection.
    pub redirect_uri: Option<&'a str>,
    /// The scopes that are asked for, joined.
    pub scopes: &'a str,
}

impl fmt::Debug for FlowInputs<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FlowInputs").field("redirect_uri", &self.redirect_uri).finish_non_exhaustive()
    }
}

impl<'a> FlowInputs<'a> {
    /// The redirect URI, or its part of this name.
    fn redirect_uri(&self, part: &str) -> Option<Cow<'a, str>> {
        let whole = self.redirect_uri?;
        match part {
            "" => Some(Cow::Borrowed(whole)),
            "host" => {
                let url = url::Url::parse(whole).ok()?;
                let host = url.host_str()?;
                Some(Cow::Owned(url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))))
            }
            _ => None,
        }
    }
}

/// The parts of a call that a signing header covers. Not shown by `Debug`: a query or a body may hold a secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Signing {
    /// The method, upper case.
    pub method: String,
    /// The host of the final URL, with its port unless it is the scheme's own.
    pub host: String,
    /// The path of the final URL, percent-encoded.
    pub path: String,
    /// The endpoint as the caller gave it, query included.
    pub endpoint: String,
    /// Canonical parameters: of the body for POST, PUT and PATCH, else of the URL.
    pub params: String,
    /// Canonical parameters of the URL.
    pub url_canonical_params: String,
    /// The body as text; empty where it is not UTF-8.
    pub body_canonical_params: String,
    /// The body's bytes.
    pub body: Bytes,
    /// The caller's content type, or nothing.
    pub content_type: String,
}

impl fmt::Debug for Signing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signing").field("method", &self.method).field("host", &self.host).finish_non_exhaustive()
    }
}

impl<'a> Scope<'a> {
    /// A scope with what every request has.
    pub fn new(
        config: &'a ConfigMap,
        credentials: &'a Credentials,
        integration: &'a IntegrationRecord,
        moment: &'a Moment,
    ) -> Scope<'a> {
        Scope {
            config,
            credentials,
            integration,
            moment,
            split: &[],
            settings: &[],
            metadata: None,
            connection_id: None,
            token: None,
            assertion: None,
            steps: &[],
            flow: None,
            signing: None,
        }
    }

    /// The value of a reference: a dotted path first, then a flat key. Only text, numbers and booleans are values.
    pub fn lookup(&self, reference: &Reference) -> Option<Cow<'a, str>> {
        let path = reference.path;
        let secret = |secret: &'a Secret| Cow::Borrowed(secret.expose());
        match reference.root {
            Root::ConnectionConfig => self.config.get(path).map(|text| Cow::Borrowed(text.as_str())),
            Root::Credentials => self
                .made(path)
                .or_else(|| split_part(self.split, self.credentials, path))
                .or_else(|| credential(self.credentials, path)),
            Root::AssertionOption => self.credentials.assertion_options.get(path).map(secret),
            Root::Metadata => member(self.metadata?, path),
            Root::AccessToken => self.credentials.token.as_ref().map(|token| secret(&token.access)),
            Root::ClientId => self.integration.client_id.as_deref().map(Cow::Borrowed),
            Root::ClientSecret => self.integration.client_secret.as_ref().map(secret),
            Root::RefreshToken => self.credentials.token.as_ref()?.refresh.as_ref().map(secret),
            Root::Token => self.token.map(secret),
            Root::Assertion => self.assertion.map(secret),
            Root::Step(number) => descend(self.steps.get(usize::from(number).checked_sub(1)?)?, path).map(Cow::Owned),
            Root::AppPublicLink => self.integration.app_link.as_deref().map(Cow::Borrowed),
            Root::ConnectionId => self.connection_id.map(Cow::Borrowed),
            Root::Method => self.signing.map(|parts| Cow::Borrowed(parts.method.as_str())),
            Root::Host => self.signing.map(|parts| Cow::Borrowed(parts.host.as_str())),
            Root::Path => self.signing.map(|parts| Cow::Borrowed(parts.path.as_str())),
            Root::Endpoint => self.signing.map(|parts| Cow::Borrowed(parts.endpoint.as_str())),
            Root::Params => self.signing.map(|parts| Cow::Borrowed(parts.params.as_str())),
            Root::UrlCanonicalParams => self.signing.map(|parts| Cow::Borrowed(parts.url_canonical_params.as_str())),
            Root::BodyCanonicalParams => self.signing.map(|parts| Cow::Borrowed(parts.body_canonical_params.as_str())),
            Root::ContentType => self.signing.map(|parts| Cow::Borrowed(parts.content_type.as_str())),
            Root::Code => self.flow?.code.map(secret),
            Root::Callback => self.flow?.callback?.get(path).map(Cow::Borrowed),
            Root::RedirectUri => self.flow?.redirect_uri(path),
            Root::Scopes => self.flow.map(|flow| Cow::Borrowed(flow.scopes)),
        }
    }
}

/// A part of a submitted credential that is several, joined by `:`. The last part takes the rest.
fn split_part<'a>(split: &[SplitCredential], credentials: &'a Credentials, path: &str) -> Option<Cow<'a, str>> {
    let (name, wanted) = path.rsplit_once('.')?;
    let split = split.iter().find(|split| split.credential == name)?;
    let index = split.into.iter().position(|part| *part == wanted)?;
    let mut parts = credentials.inputs.get(name)?.expose().splitn(split.into.len(), ':');
    parts.nth(index).map(Cow::Borrowed)
}

impl<'a> Scope<'a> {
    /// A credential that is not the connection's: just signed, just built, or the operator's.
    fn made(&self, name: &str) -> Option<Cow<'a, str>> {
        let made = match name {
            "token" => self.token,
            "assertion" => self.assertion,
            _ => operators(self.settings, self.integration, name),
        };
        made.map(|secret| Cow::Borrowed(secret.expose()))
    }
}

/// The operator's value for a credential, where there is one: the customer's is not looked at then.
pub(crate) fn operators<'a>(settings: &[Field], integration: &'a IntegrationRecord, name: &str) -> Option<&'a Secret> {
    let declared = settings.iter().any(|field| field.name == name);
    integration.custom.get(name).filter(|value| declared && !value.is_empty())
}

/// A credential: the token's own names, what was submitted, values obtained with the token, the token response.
fn credential<'a>(credentials: &'a Credentials, path: &str) -> Option<Cow<'a, str>> {
    if let Some(own) = credentials.token.as_ref().and_then(|token| of_token(token, path)) {
        return Some(own);
    }
    if let Some(input) = credentials.inputs.get(path).or_else(|| credentials.obtained.get(path)) {
        return Some(Cow::Borrowed(input.expose()));
    }
    if let Some((first, rest)) = path.split_once('.')
        && let Some(input) = credentials.inputs.get(first)
    {
        return part(input.expose(), rest);
    }
    let raw = json::exact(credentials.token.as_ref()?.raw.as_ref()?.expose()).ok()?;
    descend(&raw, path.strip_prefix("raw.").unwrap_or(path)).map(Cow::Owned)
}

/// The names that belong to a token: no submitted value of such a name takes their place.
fn of_token<'a>(token: &'a Token, name: &str) -> Option<Cow<'a, str>> {
    let own = match name {
        "access_token" | "token" => Some(&token.access).filter(|access| !access.is_empty()),
        "refresh_token" => token.refresh.as_ref(),
        _ => None,
    };
    own.map(|own| Cow::Borrowed(own.expose()))
}

/// A part of a submitted value that is itself a JSON object, such as a service account's key file, or a key with its
/// id in front, `id:secret`.
fn part<'a>(value: &'a str, path: &str) -> Option<Cow<'a, str>> {
    if let Ok(object @ Value::Object(_)) = json::exact(value) {
        return descend(&object, path).map(Cow::Owned);
    }
    let (id, secret) = value.split_once(':')?;
    match path {
        "id" => Some(Cow::Borrowed(id)),
        "secret" => Some(Cow::Borrowed(secret)),
        _ => None,
    }
}

/// A text by dotted path among an object's members.
fn member<'a>(map: &'a Map<String, Value>, path: &str) -> Option<Cow<'a, str>> {
    path::get_member(map, path).and_then(scalar).or_else(|| scalar(map.get(path)?)).map(Cow::Owned)
}

/// The text at a dotted path; where there is none, at the flat key of that name.
fn descend(value: &Value, path: &str) -> Option<String> {
    path::get(value, path).and_then(scalar).or_else(|| scalar(value.get(path)?))
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
