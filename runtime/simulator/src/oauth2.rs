//! The token endpoint of OAuth 2.0 (RFC 6749 sections 4.1.3, 4.4, 6; RFC 7636; RFC 7662), with an entry's differences.

use crate::check::{Checks, EndpointKind, RefusalKind};
use crate::client_auth;
use crate::compare::compare;
use crate::expected::{ExpectedParameter, ExpectedRequest, ParameterValue, headers, lay_over};
use crate::grant::TokenUse;
use crate::jwt;
use crate::mcp;
use crate::request::ReceivedRequest;
use crate::state::{Chain, VendorState, texts};
use crate::template::{Values, evaluate};
use crate::text::{Expected, TextForm};
use keyway_spec::auth::{BodyFormat, ClientAuth, TokenEndpoint};
use keyway_spec::quirks::{ExchangeQuirks, GrantType, RequestMethod, RequestQuirks};
use keyway_spec::{Auth, ProviderSpec};

/// A request to a token endpoint, by its place in the course of things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenStep {
    /// The code is redeemed.
    Code,
    /// A follow-up of the code, from 0.
    CodeThen(usize),
    /// The refresh token is redeemed.
    Refresh,
    /// A follow-up of the refresh.
    RefreshThen(usize),
    /// The client itself is redeemed.
    Client,
    /// A second token is obtained, or refreshed.
    Also(usize),
    /// The token is asked about.
    Introspect,
}

/// The token endpoint of an entry.
pub(crate) fn endpoint(spec: &ProviderSpec) -> Option<&TokenEndpoint> {
    if let Some((_, endpoint)) = spec.auth.code_flow() {
        return Some(endpoint);
    }
    if matches!(spec.auth, Auth::McpOAuth2Generic) {
        return Some(&TokenEndpoint::EMPTY);
    }
    if let Auth::OAuth2ClientCredentials(mode) = &spec.auth { Some(&mode.token) } else { None }
}

/// Every request to the token endpoint that an entry of a code flow or of client credentials describes.
pub(crate) fn steps(spec: &ProviderSpec) -> Vec<TokenStep> {
    let is_code = spec.auth.facts().code_flow;
    let mut steps = if is_code { vec![TokenStep::Code, TokenStep::Refresh] } else { vec![TokenStep::Client] };
    if let Some(quirks) = spec.quirks {
        let count = |exchange: Option<ExchangeQuirks>| exchange.map_or(0, |exchange| exchange.then.len());
        steps.extend((0..count(quirks.code)).map(TokenStep::CodeThen));
        steps.extend((0..count(quirks.refresh)).map(TokenStep::RefreshThen));
        steps.extend((0..quirks.also.len()).map(TokenStep::Also));
        steps.extend(quirks.introspect.map(|_| TokenStep::Introspect));
    }
    steps
}

/// The differences of a step's request from the standard.
pub(crate) fn request_of(spec: &'static ProviderSpec, step: TokenStep) -> Option<RequestQuirks> {
    let quirks = spec.quirks;
    // A client that registers itself at any server is a public one.
    let is_public = matches!(spec.auth, Auth::McpOAuth2Generic);
    let standard = |grant| match RequestQuirks::standard(&spec.auth, grant) {
        request if is_public => RequestQuirks { client_auth: ClientAuth::Public, ..request },
        request => request,
    };
    let code = quirks.and_then(|quirks| quirks.code);
    let refresh = quirks.and_then(|quirks| quirks.refresh);
    match step {
        TokenStep::Code => Some(code.map_or_else(|| standard(GrantType::AuthorizationCode), |code| code.request)),
        TokenStep::Client => Some(code.map_or_else(|| standard(GrantType::ClientCredentials), |code| code.request)),
        TokenStep::Refresh => {
            Some(refresh.map_or_else(|| standard(GrantType::RefreshToken), |refresh| refresh.request))
        }
        TokenStep::CodeThen(at) => code.and_then(|code| code.then.get(at)).map(|then| then.request),
        TokenStep::RefreshThen(at) => refresh.and_then(|refresh| refresh.then.get(at)).map(|then| then.request),
        TokenStep::Also(at) => quirks.and_then(|quirks| quirks.also.get(at)).map(|also| also.request),
        TokenStep::Introspect => quirks.and_then(|quirks| quirks.introspect),
    }
}

/// The kind of endpoint of a step.
pub(crate) fn kind(step: TokenStep) -> EndpointKind {
    match step {
        TokenStep::Code => EndpointKind::TokenCode,
        TokenStep::Refresh => EndpointKind::TokenRefresh,
        TokenStep::Client => EndpointKind::TokenClient,
        TokenStep::CodeThen(_) | TokenStep::RefreshThen(_) | TokenStep::Also(_) => EndpointKind::TokenFurther,
        TokenStep::Introspect => EndpointKind::Introspect,
    }
}

/// The URL of a step.
pub(crate) fn url(state: &VendorState, step: TokenStep, values: &Values<'_>) -> Option<String> {
    if let Some(discovered) = mcp::token_url(state) {
        return Some(discovered);
    }
    let request = request_of(state.spec, step)?;
    let endpoint = endpoint(state.spec)?;
    let own = match step {
        TokenStep::Refresh => endpoint.refresh_url.unwrap_or(endpoint.url),
        _ => endpoint.url,
    };
    evaluate(&request.url.unwrap_or(own), values)?.literal()
}

fn method(method: RequestMethod) -> http::Method {
    match method {
        RequestMethod::Post => http::Method::POST,
        RequestMethod::Get => http::Method::GET,
        RequestMethod::Delete => http::Method::DELETE,
    }
}

/// Checks a request as a step. Changes nothing: of several steps that a request may be, the best is taken.
pub(crate) fn examine(state: &VendorState, step: TokenStep, received: &ReceivedRequest, now: i64) -> Checks {
    let mut checks = Checks::default();
    let (Some(request), Some(endpoint)) = (request_of(state.spec, step), endpoint(state.spec)) else { return checks };
    let mut values = state.values(Some(received), now);
    values.scopes = state.account.scopes.join(request.scope_separator);
    if let TokenStep::Also(at) = step
        && let Some(second) = state.spec.quirks.and_then(|quirks| quirks.also.get(at))
        && let Some(token) = state.grants.latest(TokenUse::SecondRefresh(second.name))
    {
        values.refresh_token = Some(token.value.clone());
    }
    let Some(url) = url(state, step, &values) else { return checks };
    in_order(&mut checks, state, step);
    let client = values.client.clone();
    let expected = ExpectedRequest {
        method: method(request.method),
        url: url.clone(),
        query: in_url(&request, &values),
        parameters: parameters(state, step, &request, endpoint, &values),
        format: if request.method == RequestMethod::Get { BodyFormat::Query } else { request.body_format },
        headers: headers(request.headers, &values),
        order: request.order,
        refused: RefusalKind::OAuth("invalid_client"),
    };
    let own = expected.headers.iter().any(|(name, _)| name == "authorization");
    let (compared, captures) = compare(&expected, received, &state.mask);
    client_auth::header(&mut checks, request.client_auth, &client, own, received, &state.mask);
    checks.extend(compared);
    for (_, text) in captures.iter().filter(|(form, _)| *form == TextForm::Jwt) {
        let refused = RefusalKind::OAuth("invalid_client");
        match &request.client_assertion {
            Some(own) => jwt::verify(&mut checks, "the client assertion", text, own, &values, refused, &state.mask),
            None => jwt::verify_client(&mut checks, text, &client.0, &url, now, refused),
        }
        let used = jwt::identifier(text).is_some_and(|identifier| state.nonces.contains(&identifier));
        checks.unless(!used, refused, "the client assertion", "one that was not used before", "the same again");
    }
    credentials(&mut checks, state, step, request.grant, received, now);
    checks
}

/// The parameters in the URL beside those in the body.
fn in_url(request: &RequestQuirks, values: &Values<'_>) -> Vec<ExpectedParameter> {
    let mut parameters = Vec::new();
    lay_over(&mut parameters, request.query, false, values);
    parameters
}

/// The standard parameters of a grant, the entry's own laid over them, the client's, and the quirks' over all.
fn parameters(
    state: &VendorState,
    step: TokenStep,
    request: &RequestQuirks,
    endpoint: &TokenEndpoint,
    values: &Values<'_>,
) -> Vec<ExpectedParameter> {
    let is_json = request.body_format == BodyFormat::Json;
    let plain = ExpectedParameter::plain;
    let refresh_token = || values.refresh_token.clone().unwrap_or_default();
    let mut parameters = match request.grant {
        GrantType::AuthorizationCode => code_parameters(state, values),
        GrantType::RefreshToken => vec![
            plain("grant_type", "refresh_token"),
            ExpectedParameter::text("refresh_token", Expected::secret("refresh_token", refresh_token())),
        ],
        GrantType::ClientCredentials => {
            // A plain entry writes `grant_type` itself, where the vendor wants it.
            let is_quirk = state.spec.quirks.is_some_and(|quirks| quirks.code.is_some());
            let grant = ExpectedParameter { optional: !is_quirk, ..plain("grant_type", "client_credentials") };
            let scope = (!values.scopes.is_empty()).then(|| plain("scope", &values.scopes));
            [grant].into_iter().chain(scope).collect()
        }
        GrantType::AccessToken | GrantType::Nothing => Vec::new(),
    };
    if step == TokenStep::Introspect && request.grant == GrantType::Nothing {
        let token = values.access_token.clone().unwrap_or_default();
        parameters.push(ExpectedParameter::text("token", token));
    }
    match (step, request.grant) {
        (TokenStep::Code, GrantType::AuthorizationCode) | (TokenStep::Client, _) => {
            lay_over(&mut parameters, endpoint.params, is_json, values);
            // Scopes that are asked for take the place of one that the entry writes.
            if step == TokenStep::Client && !values.scopes.is_empty() {
                parameters.retain(|parameter| parameter.name != "scope");
                parameters.push(plain("scope", &values.scopes));
            }
        }
        (TokenStep::Refresh, GrantType::RefreshToken) => {
            lay_over(&mut parameters, endpoint.refresh_params, is_json, values);
        }
        _ => {}
    }
    parameters.extend(mcp::resource(state).map(|resource| plain("resource", &resource)));
    let of_client = client_auth::parameters(request.client_auth, &values.client, request.client_assertion.is_some());
    for parameter in of_client {
        parameters.retain(|other| other.name != parameter.name);
        parameters.push(parameter);
    }
    lay_over(&mut parameters, request.params, is_json, values);
    parameters
}

/// RFC 6749 section 4.1.3, and the verifier of RFC 7636 section 4.5.
fn code_parameters(state: &VendorState, values: &Values<'_>) -> Vec<ExpectedParameter> {
    let value = values.code.clone().unwrap_or_default();
    let code = state.grants.codes.iter().find(|code| code.value == value);
    let mut parameters = vec![
        ExpectedParameter::plain("grant_type", "authorization_code"),
        ExpectedParameter::text("code", Expected::secret("code", value.clone())),
    ];
    if state.spec.auth.outbound().is_some() {
        return parameters;
    }
    let redirect_uri = code.map_or(&state.account.redirect_uri, |code| &code.redirect_uri);
    parameters.push(ExpectedParameter::plain("redirect_uri", redirect_uri));
    // An installation page takes no challenge.
    let has_pkce = state.spec.auth.code_flow().is_none_or(|(page, _)| page.pkce) && !state.spec.auth.facts().app_page;
    if has_pkce {
        let challenge = code.and_then(|code| code.challenge.clone()).unwrap_or_default();
        parameters.push(ExpectedParameter {
            value: ParameterValue::Verifier(challenge),
            ..ExpectedParameter::plain("code_verifier", "")
        });
    }
    parameters
}

/// A follow-up comes after what it follows.
fn in_order(checks: &mut Checks, state: &VendorState, step: TokenStep) {
    let exchange = &state.exchange;
    let (ok, expected) = match step {
        TokenStep::CodeThen(at) => {
            (exchange.chain == Chain::Code && exchange.next == at, "after the code was redeemed")
        }
        TokenStep::RefreshThen(at) => (exchange.chain == Chain::Refresh && exchange.next == at, "after the refresh"),
        TokenStep::Also(_) => (exchange.chain != Chain::Nothing, "after the first token"),
        TokenStep::Code | TokenStep::Refresh | TokenStep::Client | TokenStep::Introspect => return,
    };
    checks.unless(ok, RefusalKind::OAuth("invalid_request"), "the order of requests", expected, "before it");
}

/// The code and the refresh token of a request are still good.
fn credentials(
    checks: &mut Checks,
    state: &VendorState,
    step: TokenStep,
    grant: GrantType,
    received: &ReceivedRequest,
    now: i64,
) {
    let invalid_grant = RefusalKind::OAuth("invalid_grant");
    let texts = texts(received);
    let carries = |value: &str| texts.iter().any(|text| text.contains(value));
    if step == TokenStep::Code
        && let Some(code) = state.grants.codes.iter().rev().find(|code| carries(&code.value))
    {
        let problem = state.grants.code_problem(&code.value, now);
        let got = problem.unwrap_or("a good one");
        checks.note(problem.is_none(), invalid_grant, "the code", "one of the last 60 s, used once", got);
    }
    let usage = match (step, grant) {
        (TokenStep::Also(_) | TokenStep::Introspect, _) => return,
        (_, GrantType::RefreshToken) => TokenUse::Refresh,
        (_, GrantType::AccessToken) => TokenUse::Access,
        _ => return,
    };
    state.note_use(checks, received, usage, now, invalid_grant);
}
