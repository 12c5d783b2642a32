//! The vendor's page: what is checked of an authorization URL, and where the browser is sent (RFC 6749 section 4.1.1,
//! RFC 7636 section 4.3).

use crate::check::{Checks, EndpointKind, RefusalKind};
use crate::compare::is_same_place;
use crate::expected::{ExpectedParameter, ParameterValue, lay_over};
use crate::mcp;
use crate::redirect_uri;
use crate::request::duplicate;
use crate::state::VendorState;
use crate::template::evaluate;
use crate::text::{Expected, TextForm};
use keyway_spec::auth::Authorization;
use std::collections::BTreeMap;
use url::Url;

/// The decision of the customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConsentDecision {
    /// The customer agrees.
    Approve,
    /// The customer does not.
    Deny,
}

/// A page that does not send the browser back, because it does not trust where to (RFC 6749 section 4.1.2.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRefused {
    /// The kind of endpoint.
    pub endpoint: EndpointKind,
    /// The reason, as a sentence.
    pub reason: String,
}

impl std::fmt::Display for ConsentRefused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)
    }
}

impl std::error::Error for ConsentRefused {}

/// Where the browser goes: back with these parameters, or nowhere.
pub(crate) type Outcome = Result<String, String>;

/// Parameters without which the page does not send the browser back.
const TRUSTED: [&str; 2] = ["client_id", "redirect_uri"];

/// The answer to a browser at the authorization endpoint of OAuth 2.0.
pub(crate) fn consent(
    state: &mut VendorState,
    page: &Authorization,
    url: &Url,
    decision: ConsentDecision,
    now: i64,
    checks: &mut Checks,
) -> Outcome {
    let expected = parameters(state, page, now);
    let received = received(page, url);
    let values = state.values(None, now);
    let own = page.url.and_then(|url| evaluate(&url, &values)?.literal());
    let base = own.or_else(|| mcp::authorization_url(state)).unwrap_or_default();
    let is_there = is_same_place(&base, url);
    checks.note(
        is_there,
        RefusalKind::Status(404),
        "the URL",
        base,
        state.mask.shown(url.as_str().split(['?', '#']).next().unwrap_or_default()),
    );
    check_fragment(checks, page, url);
    checks.unless(
        duplicate(&received).is_none(),
        RefusalKind::OAuth("invalid_request"),
        "parameters",
        "each once (RFC 6749 section 3.1)",
        format!("`{}` twice", duplicate(&received).unwrap_or_default()),
    );
    let mut is_trusted = is_there;
    for (standard, parameter) in &expected {
        let got = received.iter().find(|(name, _)| *name == parameter.name).map(|(_, value)| value.as_str());
        let ok = match (&parameter.value, got) {
            (_, None) => parameter.optional,
            (ParameterValue::Text(text), Some(got)) => is_as_expected(standard, text, got),
            (ParameterValue::Json(value), Some(got)) => {
                serde_json::from_str(got).is_ok_and(|got: serde_json::Value| got == *value)
            }
            (ParameterValue::Verifier(_), Some(_)) => false,
        };
        let shown = match &parameter.value {
            ParameterValue::Text(text) => text.shown.clone(),
            ParameterValue::Json(value) => value.to_string(),
            ParameterValue::Verifier(_) => String::new(),
        };
        let got = got.map_or_else(|| "nothing".to_owned(), |got| state.mask.shown(got));
        checks.note(ok, refused(standard), format!("`{}`", parameter.name), shown, got);
        is_trusted &= ok || !TRUSTED.contains(&standard.as_str());
    }
    for (name, value) in &received {
        let is_expected = expected.iter().any(|(_, parameter)| parameter.name == *name);
        let got = state.mask.wrong(value);
        // RFC 6749 section 3.3: a scope has at least one token, so an empty one is none.
        let error = if name == "scope" { "invalid_scope" } else { "invalid_request" };
        checks.unless(is_expected, RefusalKind::OAuth(error), &format!("`{name}`"), "nothing", got);
    }
    // An entry may say it itself, but a flow whose browser comes back without a code has none to redeem.
    let response_type = received.iter().find(|(name, _)| name == "response_type");
    if let Some((_, value)) = response_type {
        let has_code = value.split([' ', '_']).any(|word| word == "code");
        let error = RefusalKind::OAuth("unsupported_response_type");
        checks.unless(has_code, error, "`response_type`", "code (RFC 6749 section 4.1.1)", value.clone());
    }
    // A client that registered itself has the redirect URIs that it said then.
    if let Some((_, uri)) = received.iter().find(|(name, _)| name == "redirect_uri")
        && !state.redirect_uris.is_empty()
    {
        let is_registered = state.redirect_uris.iter().any(|registered| redirect_uri::is_same(registered, uri));
        let expected = state.redirect_uris.join(", ");
        checks.note(is_registered, refused("redirect_uri"), "`redirect_uri`", expected, uri.clone());
        is_trusted &= is_registered;
    }
    if !is_trusted {
        return Err(checks.reason().unwrap_or_default());
    }
    let sent = |standard: &str| {
        let own = expected.iter().find(|(name, _)| name == standard).map(|(_, parameter)| parameter.name.clone())?;
        received.iter().find(|(name, _)| *name == own).map(|(name, value)| (name.clone(), value.clone()))
    };
    let back_to = sent("redirect_uri").map(|(_, value)| value).unwrap_or_default();
    let mut back: Vec<(String, String)> = Vec::new();
    match (checks.refusal, decision) {
        (Some(RefusalKind::OAuth(code)), _) => {
            back.push(("error".to_owned(), code.to_owned()));
            back.push(("error_description".to_owned(), crate::answer::described(&checks.reason().unwrap_or_default())));
        }
        (Some(_), _) => return Err(checks.reason().unwrap_or_default()),
        (None, ConsentDecision::Deny) => back.push(("error".to_owned(), "access_denied".to_owned())),
        (None, ConsentDecision::Approve) => {
            let challenge = sent("code_challenge").map(|(_, value)| value);
            let code = state.grants.code(&back_to, challenge, now);
            state.mask.add("code", &code);
            back.push((page.code_param.to_owned(), code));
            back.extend(metadata(state, page.redirect_uri_metadata));
            back.extend(mcp::callback(state));
        }
    }
    back.extend(sent("state"));
    state.callback = back.iter().cloned().collect::<BTreeMap<_, _>>();
    Ok(with_query(&back_to, &back))
}

/// Registers the redirect URI of an authorization URL, where the client has none yet.
pub(crate) fn register(state: &mut VendorState, page: &Authorization, url: &Url, now: i64) {
    if !state.account.redirect_uri.is_empty() {
        return;
    }
    let parameters = parameters(state, page, now);
    let own = parameters.iter().find(|(standard, _)| standard == "redirect_uri");
    let name = own.map_or("redirect_uri", |(_, parameter)| parameter.name.as_str());
    if let Some((_, value)) = received(page, url).into_iter().find(|(given, _)| given == name) {
        state.account.redirect_uri = value;
    }
}

/// Values that the vendor adds to a callback.
pub(crate) fn metadata(state: &VendorState, names: &[&str]) -> Vec<(String, String)> {
    let value = |name: &str| state.account.config.get(name).cloned().unwrap_or_default();
    names.iter().map(|name| ((*name).to_owned(), value(name))).collect()
}

/// A URL with parameters added to its query.
pub(crate) fn with_query(url: &str, parameters: &[(String, String)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(parameters);
    let separator = if url.contains('?') { '&' } else { '?' };
    format!("{url}{separator}{}", query.finish())
}

/// The parameters of the URL; those of an entry with a fragment stand behind it.
fn received(page: &Authorization, url: &Url) -> Vec<(String, String)> {
    let query = match page.fragment {
        Some(_) => url.fragment().and_then(|fragment| fragment.split_once('?')).map(|(_, query)| query),
        None => url.query(),
    };
    let query = query.unwrap_or_default();
    let mut pairs: Vec<(String, String)> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    if page.raw_scopes {
        // Unencoded: a plus sign is one.
        let raw = query.split('&').find_map(|pair| pair.strip_prefix("scope="));
        let raw = raw.map(|raw| percent_encoding::percent_decode_str(raw).decode_utf8_lossy().into_owned());
        if let (Some(raw), Some(pair)) = (raw, pairs.iter_mut().find(|(name, _)| name == "scope")) {
            pair.1 = raw;
        }
    }
    pairs
}

fn check_fragment(checks: &mut Checks, page: &Authorization, url: &Url) {
    let got = url.fragment().map(|fragment| fragment.split('?').next().unwrap_or_default());
    if page.fragment.is_some() || got.is_some() {
        let (expected, shown) = (page.fragment.unwrap_or("nothing"), got.unwrap_or("nothing"));
        checks.note(page.fragment == got, RefusalKind::Status(404), "the fragment", expected, shown);
    }
}

/// The expected parameters with their standard names. The names of some vendors are others.
fn parameters(state: &VendorState, page: &Authorization, now: i64) -> Vec<(String, ExpectedParameter)> {
    let values = state.values(None, now);
    let plain = ExpectedParameter::plain;
    let form = |name: &str, shown: &str| {
        let value = Expected { shown: shown.to_owned(), secret: false, ..Expected::form(name, TextForm::Any) };
        ExpectedParameter::text(name, value)
    };
    let mut parameters = vec![
        plain("response_type", "code"),
        plain("client_id", &state.account.client_id),
        plain("redirect_uri", &state.account.redirect_uri),
    ];
    let scope = state.account.scopes.join(page.scope_separator);
    if !scope.is_empty() {
        parameters.push(plain("scope", &scope));
    }
    parameters.push(form("state", "a value that cannot be guessed"));
    if page.pkce {
        parameters.push(form("code_challenge", "the SHA-256 of a verifier, 43 characters"));
        parameters.push(plain("code_challenge_method", "S256"));
    }
    for name in state.spec.quirks.map_or(&[] as &[&str], |quirks| quirks.authorization_config_params) {
        if let Some(value) = state.account.config.get(*name).filter(|value| !value.is_empty()) {
            parameters.push(plain(name, value));
        }
    }
    parameters.extend(mcp::resource(state).map(|resource| plain("resource", &resource)));
    lay_over(&mut parameters, page.params, false, &values);
    if page.skip_empty {
        let is_empty = |value: &ParameterValue| matches!(value, ParameterValue::Text(text) if text.is_empty());
        parameters.retain(|parameter| !is_empty(&parameter.value));
    }
    let mut named: Vec<(String, ExpectedParameter)> =
        parameters.into_iter().map(|parameter| (parameter.name.clone(), parameter)).collect();
    for (from, to) in page.replacements {
        // The first occurrence in the whole URL: the names are the ones that are meant.
        if let Some((_, parameter)) =
            named.iter_mut().find(|(_, parameter)| format!("{}=", parameter.name).contains(from))
        {
            let replaced = format!("{}=", parameter.name).replacen(from, to, 1);
            replaced.strip_suffix('=').unwrap_or(&replaced).clone_into(&mut parameter.name);
        }
    }
    named
}

fn is_as_expected(name: &str, expected: &Expected, got: &str) -> bool {
    match name {
        "code_challenge" => {
            got.len() == 43 && crate::crypto::from_base64url(got).is_some_and(|digest| digest.len() == 32)
        }
        "state" => got.len() >= 16,
        "redirect_uri" if expected.literal().is_some_and(|registered| redirect_uri::is_same(&registered, got)) => true,
        _ => expected.captures(got).is_some(),
    }
}

/// The error of RFC 6749 section 4.1.2.1.
fn refused(name: &str) -> RefusalKind {
    RefusalKind::OAuth(match name {
        "response_type" => "unsupported_response_type",
        "scope" => "invalid_scope",
        _ => "invalid_request",
    })
}
