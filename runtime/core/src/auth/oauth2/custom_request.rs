//! A token request of a code flow: the standard one of its grant, and what the entry's quirks lay over it.

use super::client::OwnedClient;
use super::connection_overrides;
use super::progress::Progress;
use super::redeemed::{code, refresh_token};
use crate::auth::client_assertion;
use crate::auth::exchange::Returned;
use crate::auth::token_request::{Parameters, TokenRequest, authenticate_client, endpoint_mentions, text, url};
use crate::auth::values;
use crate::credentials::Credentials;
use crate::egress::SecretOwner;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::secret::Secret;
use crate::template::{FlowInputs, Scope, Signing, mentions, value_mentions};
use bytes::Bytes;
use http::Method;
use keyway_spec::auth::{Authorization, BodyFormat, ClientAuth, TokenEndpoint};
use keyway_spec::quirks::{GrantType, RequestMethod, RequestQuirks};
use keyway_spec::{Root, Value};

/// The name under which a connection remembers the redirect URI, where its refresh mentions it.
pub(crate) const REDIRECT_URI: &str = "redirectUri";

/// The values that the requests of an exchange share.
#[derive(Clone, Copy)]
pub(super) struct ExchangeContext<'a> {
    pub(super) rules: &'a Authorization,
    pub(super) endpoint: &'a TokenEndpoint,
    pub(super) client: &'a OwnedClient,
    /// The parameters that the browser brought back; `None` in a refresh.
    pub(super) returned: Option<Returned<'a>>,
    /// The token that the request is about, where it asks about one (RFC 7662) or revokes one (RFC 7009).
    pub(super) about: Option<AboutToken<'a>>,
}

/// A token that a request is about.
#[derive(Clone, Copy)]
pub(super) struct AboutToken<'a> {
    pub(super) token: &'a Secret,
    /// Its `token_type_hint`, where one is sent.
    pub(super) hint: Option<&'static str>,
}

/// The request, after the answers so far.
pub(super) fn build(
    progress: &Progress<'_>,
    context: &ExchangeContext<'_>,
    quirks: &RequestQuirks,
) -> Result<TokenRequest> {
    with(progress, &progress.credentials, context, quirks)
}

/// The request with other credentials than those of the exchange.
pub(super) fn with(
    progress: &Progress<'_>,
    credentials: &Credentials,
    context: &ExchangeContext<'_>,
    quirks: &RequestQuirks,
) -> Result<TokenRequest> {
    let inputs = Inputs { credentials, config: &progress.config, ..*progress.inputs };
    let code = match (context.returned, quirks.grant) {
        (Some(returned), GrantType::AuthorizationCode) => Some(code(returned.callback, context.rules.code_param)?),
        (Some(returned), _) => returned.callback.get(context.rules.code_param).map(Secret::new),
        (None, _) => None,
    };
    let scopes = scopes(&inputs).join(quirks.scope_separator);
    let stored_redirect = credentials.obtained.get(REDIRECT_URI).map(Secret::expose);
    let flow = FlowInputs {
        code: code.as_ref(),
        callback: context.returned.map(|returned| returned.callback),
        redirect_uri: context.returned.and_then(|returned| returned.sent_redirect_uri()).or(stored_redirect),
        scopes: &scopes,
    };
    let scope = Scope { flow: Some(&flow), steps: &progress.steps, ..inputs.scope() };
    let mut parameters = standard(&inputs, &scope, context, quirks)?;
    let endpoint = TokenEndpoint { url: quirks.url.unwrap_or_else(|| context.url(quirks.grant)), ..*context.endpoint };
    let authorization = match &quirks.client_assertion {
        Some(jwt) if quirks.client_auth == ClientAuth::PrivateKeyJwt => {
            parameters.set("client_assertion_type", client_assertion::TYPE);
            parameters.set("client_assertion", client_assertion::signed(jwt, &inputs, &scope)?.expose());
            None
        }
        _ if quirks.client_auth == ClientAuth::PrivateKeyJwt => {
            client_assertion::add(
                &inputs,
                &endpoint,
                &context.client.id,
                context.client.private_key()?,
                &mut parameters,
            )?;
            None
        }
        _ => authenticate_client(quirks.client_auth, &context.client.borrowed(), &mut parameters)?,
    };
    parameters.lay_over(quirks.params, (&inputs, &scope), context)?;
    parameters.leave_out_empty_scope();
    parameters.put_first(quirks.order);
    let mut query = Parameters::default();
    query.lay_over(quirks.query, (&inputs, &scope), context)?;
    let mut target = url(&endpoint.url, &scope)?;
    if !query.is_empty() {
        target.query_pairs_mut().extend_pairs(query.pairs());
    }
    let secrets = credentials.secrets().chain(&progress.inputs.integration.client_secret);
    let secrets = secrets.chain(&context.client.secret).chain(&code).cloned();
    let mut secrets: Vec<Secret> = secrets.collect();
    secrets.extend(context.returned.and_then(|returned| returned.sent_verifier().cloned()));
    let request = TokenRequest { secrets, ..TokenRequest::post(target, carries(context, quirks)) };
    // An encoding of nothing is nothing.
    let format = if parameters.is_empty() { BodyFormat::Query } else { quirks.body_format };
    let mut request = if parameters.is_empty() && authorization.is_none() {
        request
    } else {
        request.with_body(format, parameters, authorization)?
    };
    request.method = match quirks.method {
        RequestMethod::Post => Method::POST,
        RequestMethod::Get => Method::GET,
        RequestMethod::Delete => Method::DELETE,
    };
    let body = request.body.expose();
    let signing = Signing {
        body_canonical_params: body.to_owned(),
        body: Bytes::copy_from_slice(body.as_bytes()),
        ..Signing::default()
    };
    let scope = Scope { signing: Some(&signing), ..scope };
    for (name, value) in quirks.headers {
        request.set_header(name, text(value, &scope)?);
    }
    Ok(request)
}

impl ExchangeContext<'_> {
    /// Where a request goes that names no URL.
    fn url(&self, grant: GrantType) -> keyway_spec::Template {
        let refreshes = self.returned.is_none() && grant != GrantType::ClientCredentials;
        self.endpoint.refresh_url.filter(|_| refreshes).unwrap_or(self.endpoint.url)
    }
}

/// The parameters that a grant has anyway, and the entry's own.
fn standard(
    inputs: &Inputs<'_>,
    scope: &Scope<'_>,
    context: &ExchangeContext<'_>,
    quirks: &RequestQuirks,
) -> Result<Parameters> {
    let mut parameters = Parameters::default();
    match quirks.grant {
        GrantType::AuthorizationCode => {
            let Some((flow, returned)) = scope.flow.zip(context.returned) else {
                let message = "a code is exchanged once, when the browser is back: let the customer connect again";
                return Err(Error::new(ErrorKind::ReconnectNeeded, message));
            };
            parameters.set("grant_type", "authorization_code");
            parameters.set("code", flow.code.map_or("", Secret::expose));
            if let Some(redirect_uri) = returned.sent_redirect_uri() {
                parameters.set("redirect_uri", redirect_uri);
            }
            parameters.set_all(context.endpoint.params, inputs, scope)?;
            if let Some(verifier) = returned.sent_verifier().filter(|_| context.rules.pkce) {
                parameters.set("code_verifier", verifier.expose());
            }
        }
        GrantType::RefreshToken => {
            parameters.set("grant_type", "refresh_token");
            parameters.set_all(context.endpoint.refresh_params, inputs, scope)?;
            parameters.set("refresh_token", refresh_token(scope.credentials)?.expose());
        }
        GrantType::ClientCredentials => {
            parameters.set("grant_type", "client_credentials");
            if let Some(scopes) = scope.flow.map(|flow| flow.scopes).filter(|scopes| !scopes.is_empty()) {
                parameters.set("scope", scopes);
            }
        }
        GrantType::AccessToken | GrantType::Nothing => {
            if let Some(AboutToken { token, hint }) = context.about {
                parameters.set("token", token.expose());
                if let Some(hint) = hint {
                    parameters.set("token_type_hint", hint);
                }
            }
        }
    }
    Ok(parameters)
}

/// The scopes that are asked for: the connection's own, else the integration's.
fn scopes(inputs: &Inputs<'_>) -> Vec<String> {
    connection_overrides::scopes(inputs.config).unwrap_or_else(|| inputs.integration.scopes.clone())
}

/// Whose secret a request carries: the operator's as soon as a template of the entry names it, whatever the client. One
/// that sends nothing of the client is the customer's.
fn carries(context: &ExchangeContext<'_>, quirks: &RequestQuirks) -> SecretOwner {
    if request_mentions(quirks, Root::ClientSecret) || endpoint_mentions(context.endpoint, Root::ClientSecret) {
        return SecretOwner::Operator;
    }
    if quirks.client_auth == ClientAuth::Nothing { SecretOwner::Customer } else { context.client.carries }
}

impl Parameters {
    /// Lays an entry's parameters over these: `null` removes one, and a redirect URI goes too where the code
    /// came by webhook, because no flow had one.
    fn lay_over(
        &mut self,
        entries: &[keyway_spec::Entry],
        (inputs, scope): (&Inputs<'_>, &Scope<'_>),
        context: &ExchangeContext<'_>,
    ) -> Result<()> {
        let by_webhook = context.rules.url.is_none()
            || context.returned.is_some_and(|returned| returned.sent_redirect_uri().is_none());
        for entry in entries {
            if entry.value == Value::Null || by_webhook && value_mentions(&entry.value, Root::RedirectUri) {
                self.remove(entry.name);
            } else if let Some(value) = values::value(inputs, scope, &entry.value)? {
                self.set(entry.name, value);
            }
        }
        Ok(())
    }

    /// Puts parameters in front, in the order of their names.
    fn put_first(&mut self, names: &[&str]) {
        self.sort_by_key(|name| names.iter().position(|first| *first == name).unwrap_or(names.len()));
    }
}

/// True if a request uses a name.
pub(super) fn request_mentions(request: &RequestQuirks, root: Root) -> bool {
    let assertion = request.client_assertion.as_ref();
    let of_assertion = assertion.iter().flat_map(|jwt| jwt.header.iter().chain(jwt.payload));
    let mut entries = request.params.iter().chain(request.query).chain(of_assertion);
    entries.any(|entry| value_mentions(&entry.value, root))
        || request.url.as_ref().is_some_and(|url| mentions(url, root))
        || assertion.is_some_and(|jwt| mentions(&jwt.signing_key, root))
        || request.headers.iter().any(|(_, value)| mentions(value, root))
}
