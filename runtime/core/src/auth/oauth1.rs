//! OAuth 1.0a (RFC 5849): temporary credentials, the customer's consent, token credentials that never expire.
//!
//! The protocol has no state of its own: the callback carries it as a query parameter. Which flow a callback belongs to
//! is checked twice, by that state and by the temporary token. The signature itself is [`crate::sign::oauth1`]'s.
//! Proxied calls are signed in [`crate::request`]. Not supported: `RSA-SHA1`. There is no renewal.

use super::exchange::{Answer, Ask, Callback, FlowState, Grant, Granted, Page, Returned, Step};
use super::method::Method;
use super::oauth2::authorize;
use super::signed_call::{has_authorization, nonce, with_oauth1};
use super::token_request::{Parameters, TokenRequest, encoded};
use super::token_response::{members, refused};
use crate::call::Call;
use crate::connection::ConfigMap;
use crate::credentials::{Credentials, Token};
use crate::egress::SecretOwner;
use crate::error::{Error, ErrorKind, Result};
use crate::inputs::Inputs;
use crate::integration::IntegrationRecord;
use crate::mask::hide;
use crate::plan::Plan;
use crate::planned::PlannedUrl;
use crate::secret::Secret;
use crate::sign::oauth1 as sign;
use form_urlencoded::Serializer;
use keyway_spec::Entry;
use keyway_spec::auth::{OAuth1, SignatureMethod};
use serde_json::Value;
use std::collections::BTreeMap;
use url::Url;

/// The names of the token and its secret, in answers, callbacks and what is kept (section 2).
const TOKEN: &str = "oauth_token";
const TOKEN_SECRET: &str = "oauth_token_secret";

impl Method for OAuth1 {
    fn check(&self, credentials: &Credentials) -> Result<()> {
        method(self)?;
        token(credentials).map(|_| ())
    }

    fn page(&self, inputs: &Inputs<'_>, ask: Ask<'_>, answers: &[Answer]) -> Result<Step<Page>> {
        page(inputs, self, ask, answers)
    }

    fn callback_metadata(&self, callback: &Callback) -> ConfigMap {
        callback.metadata(self.redirect_uri_metadata)
    }

    fn step(&self, inputs: &Inputs<'_>, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
        step(inputs, self, grant, answers)
    }

    fn sign(&self, inputs: &Inputs<'_>, call: &Call, plan: &mut Plan) -> Result<()> {
        if has_authorization(inputs, call) {
            return Ok(());
        }
        let (consumer_key, consumer_secret) = consumer(inputs.integration)?;
        let token = Some(token(inputs.credentials)?);
        let who = sign::Credentials { consumer_key, consumer_secret, token };
        with_oauth1(inputs, plan, who, method(self)?, None)
    }

    /// `PLAINTEXT` is the secret itself.
    fn carries_operator_secret(&self, _: &Inputs<'_>) -> bool {
        true
    }
}

/// Asks for temporary credentials (section 2.1), then says where the customer agrees (section 2.2).
fn page(inputs: &Inputs<'_>, mode: &OAuth1, ask: Ask<'_>, answers: &[Answer]) -> Result<Step<Page>> {
    let callback = callback_url(ask)?;
    let Some(answer) = answers.first() else {
        let extra = [("oauth_callback", callback.as_str())];
        return request(inputs, mode, (mode.request_url, mode.request_params), None, &extra).map(Step::send);
    };
    let (token, secret, _) = issued(answer, "the temporary-credential endpoint")?;
    let url = authorization_url(inputs, mode, ask, token.expose(), &callback)?;
    let token_endpoint = Some(PlannedUrl(endpoint(mode.token_url)?));
    let kept = FlowState::from([(TOKEN.to_owned(), token), (TOKEN_SECRET.to_owned(), secret)]);
    Ok(Step::Done(Page { url, token_endpoint, kept }))
}

/// Exchanges what the browser brought back for token credentials (section 2.3).
fn step(inputs: &Inputs<'_>, mode: &OAuth1, grant: Grant<'_>, answers: &[Answer]) -> Result<Step<Granted>> {
    let Grant::Returned(returned) = grant else {
        let message = "a token of OAuth 1.0 comes from the authorization flow and is not renewed";
        return Err(Error::new(ErrorKind::Unsupported, message));
    };
    let Some(answer) = answers.first() else { return redeem(inputs, mode, returned).map(Step::send) };
    let (access, secret, raw) = issued(answer, "the token endpoint")?;
    let token = Some(Token { access, refresh: None, expires_at: None, raw: Some(raw) });
    let obtained = BTreeMap::from([(TOKEN_SECRET.to_owned(), secret)]);
    Ok(Step::Done(Granted { token, obtained, ..Granted::default() }))
}

/// The signature method of the mode.
fn method(mode: &OAuth1) -> Result<sign::Method> {
    match mode.signature_method {
        SignatureMethod::HmacSha1 => Ok(sign::Method::HmacSha1),
        SignatureMethod::Plaintext => Ok(sign::Method::Plaintext),
        SignatureMethod::RsaSha1 => {
            let message = "the signature method `RSA-SHA1` is not supported: use `HMAC-SHA1` if the provider offers it";
            Err(Error::new(ErrorKind::Unsupported, message))
        }
    }
}

/// The operator's client.
pub(super) fn consumer(integration: &IntegrationRecord) -> Result<(&str, &Secret)> {
    let missing = |what: &str| {
        let message = format!("the integration `{}` has no client {what}: set it first", integration.key);
        Error::new(ErrorKind::MissingValue, message)
    };
    let id = integration.client_id.as_deref().filter(|id| !id.is_empty()).ok_or_else(|| missing("id"))?;
    Ok((id, integration.client_secret.as_ref().ok_or_else(|| missing("secret"))?))
}

/// The token that calls are signed with, and its secret.
fn token(credentials: &Credentials) -> Result<(&str, &Secret)> {
    let token = credentials.token.as_ref().map(|token| token.access.expose()).filter(|token| !token.is_empty());
    token.zip(credentials.obtained.get(TOKEN_SECRET)).ok_or_else(|| {
        let message = "an OAuth 1.0 token or its secret is missing: send the customer through the authorization flow";
        Error::new(ErrorKind::MissingValue, message)
    })
}

/// The request that exchanges temporary credentials.
fn redeem(inputs: &Inputs<'_>, mode: &OAuth1, returned: Returned<'_>) -> Result<TokenRequest> {
    let verifier = verifier(returned.callback)?;
    let kept = returned.kept.get(TOKEN).zip(returned.kept.get(TOKEN_SECRET));
    let named = returned.callback.get(TOKEN).unwrap_or_default();
    let Some((token, secret)) = kept.filter(|(token, _)| token.matches(named)) else {
        let message = "the callback is about another token than this flow's: start again";
        return Err(Error::new(ErrorKind::InvalidState, message));
    };
    let (endpoint, extra) = ((mode.token_url, mode.token_params), [("oauth_verifier", verifier)]);
    let mut request = request(inputs, mode, endpoint, Some((token.expose(), secret)), &extra)?;
    request.secrets.extend([token.clone(), secret.clone(), verifier.into()]);
    Ok(request)
}

/// The verifier of a callback, or why there is none. Vendors say it in three ways; the protocol in none.
fn verifier(callback: &Callback) -> Result<&str> {
    if let Some(verifier) = callback.get("oauth_verifier") {
        return Ok(verifier);
    }
    let said = ["oauth_problem", "error"].iter().find_map(|name| callback.get(name));
    let message = match said {
        Some(problem) => format!("the provider said `{}`", hide(problem, &[])),
        None if callback.get("denied").is_some() => "the customer did not agree".to_owned(),
        None => "the provider sent no `oauth_verifier`: start again".to_owned(),
    };
    Err(Error::new(ErrorKind::AuthorizationDenied, message))
}

/// A signed request. Its parameters are a form, and signed (section 3.4.1.3.1).
fn request(
    inputs: &Inputs<'_>,
    mode: &OAuth1,
    (url, params): (&str, &[Entry]),
    token: Option<(&str, &Secret)>,
    extra: &[(&str, &str)],
) -> Result<TokenRequest> {
    let (consumer_key, consumer_secret) = consumer(inputs.integration)?;
    let mut parameters = Parameters::default();
    parameters.set_all(params, inputs, &inputs.scope())?;
    let body = encoded(&parameters);
    let url = endpoint(url)?;
    let signed = sign::Request { method: "POST", url: &url, form: body.as_bytes() };
    let options = sign::Options {
        method: method(mode)?,
        nonce: &nonce(inputs.moment),
        timestamp: inputs.moment.now.as_second(),
        extra,
        realm: None,
    };
    let authorization =
        sign::authorization(signed, sign::Credentials { consumer_key, consumer_secret, token }, options)?;
    let secrets = vec![consumer_secret.clone(), authorization.clone()];
    let post = TokenRequest::post(url, SecretOwner::Operator);
    let mut request = TokenRequest { body: body.into(), secrets, ..post };
    request.set_header("accept", "*/*");
    request.set_header("content-type", "application/x-www-form-urlencoded");
    request.set_header("authorization", authorization);
    Ok(request)
}

/// The token of an answer, its secret, and the whole answer as JSON.
fn issued(answer: &Answer, who: &str) -> Result<(Secret, Secret, Secret)> {
    let members = members(answer.body.expose());
    if !(200..300).contains(&answer.status) {
        return Err(refused(answer, members.as_ref(), &format!("{who} refused")));
    }
    let member = |name: &str| members.as_ref()?.get(name)?.as_str();
    // A provider that did not confirm the callback implements OAuth 1.0 without revision A, where an attacker could
    // finish the flow. Some write the confirmation as their language prints it (`True`), or as a JSON boolean.
    let confirmed = members.as_ref().and_then(|members| members.get("oauth_callback_confirmed"));
    if confirmed.is_some_and(|confirmed| !is_yes(confirmed)) {
        return Err(refused(answer, members.as_ref(), &format!("{who} did not confirm the callback")));
    }
    match (member(TOKEN).filter(|token| !token.is_empty()), member(TOKEN_SECRET)) {
        (Some(token), Some(secret)) => {
            Ok((token.into(), secret.into(), Value::from(members.clone()).to_string().into()))
        }
        _ => Err(refused(answer, members.as_ref(), &format!("{who} answered without a token and its secret"))),
    }
}

/// True if a member says yes: `true` in any case, or the JSON boolean.
fn is_yes(value: &Value) -> bool {
    value.as_bool().unwrap_or_else(|| value.as_str().is_some_and(|text| text.trim().eq_ignore_ascii_case("true")))
}

/// The redirect URI, exactly as it was registered, with the state in its query.
fn callback_url(ask: Ask<'_>) -> Result<String> {
    let uri = ask.redirect_uri;
    if uri.contains('#') {
        return Err(Error::new(ErrorKind::InvalidValue, "the redirect URI must not have a fragment"));
    }
    let state = Serializer::new(String::new()).append_pair("state", ask.state).finish();
    Ok(format!("{uri}{}{state}", if uri.contains('?') { '&' } else { '?' }))
}

/// The page where the customer agrees. Scopes, where a vendor has any, are not part of the protocol.
fn authorization_url(inputs: &Inputs<'_>, mode: &OAuth1, ask: Ask<'_>, token: &str, callback: &str) -> Result<String> {
    let mut parameters = Parameters::default();
    parameters.set(TOKEN, token);
    if !ask.scopes.is_empty() {
        parameters.set("scope", ask.scopes.join(mode.scope_separator));
    }
    parameters.set_all(mode.authorization_params, inputs, &inputs.scope())?;
    parameters.set("oauth_callback", callback);
    Ok(authorize::join(&endpoint(mode.authorization_url)?, None, &encoded(&parameters)))
}

fn endpoint(text: &str) -> Result<Url> {
    Url::parse(text).map_err(|_| Error::new(ErrorKind::InvalidValue, "an OAuth 1.0 endpoint of the entry is not a URL"))
}
