//! The logins of stored credentials: the first request, the steps after it, and the refresh.

use crate::check::{Checks, RefusalKind};
use crate::compare::compare;
use crate::expected::{ExpectedRequest, headers, lay_over};
use crate::grant::TokenUse;
use crate::request::ReceivedRequest;
use crate::state::{Chain, Exchange, VendorState};
use crate::template::{Values, evaluate};
use crate::text::TextForm;
use crate::{answer, instant, jwt, path, stand_in, token_answer, xml};
use bytes::Bytes;
use http::Response;
use keyway_spec::auth::{Assertion, BodyFormat, LoginRequest, TwoStep};
use serde_json::{Value, json};

/// A request of a login, by its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LoginStep {
    /// The first.
    LogIn,
    /// The redemption of a stored refresh token.
    Refresh,
    /// A step after the first, from 0.
    Further(usize),
}

/// Every request that the entry describes.
pub(crate) fn steps(mode: &TwoStep) -> Vec<LoginStep> {
    let refresh = mode.refresh.map(|_| LoginStep::Refresh);
    let further = (0..mode.additional_steps.len()).map(LoginStep::Further);
    [LoginStep::LogIn].into_iter().chain(refresh).chain(further).collect()
}

fn request_of(mode: &TwoStep, step: LoginStep) -> Option<LoginRequest> {
    match step {
        LoginStep::LogIn => Some(mode.login),
        LoginStep::Refresh => mode.refresh,
        LoginStep::Further(at) => mode.additional_steps.get(at).copied(),
    }
}

/// The URL of a step.
pub(crate) fn url(mode: &TwoStep, step: LoginStep, values: &Values<'_>) -> Option<String> {
    evaluate(&request_of(mode, step)?.url, values)?.literal()
}

/// Checks a request as a step.
pub(crate) fn examine(
    state: &VendorState,
    mode: &TwoStep,
    step: LoginStep,
    received: &ReceivedRequest,
    now: i64,
) -> Checks {
    let mut checks = Checks::default();
    let Some(request) = request_of(mode, step) else { return checks };
    let mut values = state.values(Some(received), now);
    // A UUID is the same throughout a request: one that was seen is known in functions of it.
    values.random = random(&request, &values, received);
    let Some(url) = url(mode, step, &values) else { return checks };
    if let LoginStep::Further(at) = step {
        let ok = state.exchange.chain != Chain::Nothing && state.exchange.next == at;
        checks.unless(ok, RefusalKind::Status(400), "the order of requests", "after the login", "before it");
    }
    let mut parameters = Vec::new();
    if !request.get {
        lay_over(&mut parameters, request.params, request.body_format != BodyFormat::Form, &values);
    }
    for parameter in &mut parameters {
        parameter.refused = RefusalKind::Unauthorized;
    }
    let expected = ExpectedRequest {
        method: if request.get { http::Method::GET } else { http::Method::POST },
        url,
        query: Vec::new(),
        parameters,
        format: if request.get { BodyFormat::Query } else { request.body_format },
        headers: headers(request.headers, &values),
        order: &[],
        refused: RefusalKind::Unauthorized,
    };
    let own = expected.headers.iter().any(|(name, _)| name == "authorization");
    let got = received.header("authorization").unwrap_or_default();
    checks.unless(
        own || got.is_empty(),
        RefusalKind::Unauthorized,
        "the header `authorization`",
        "nothing",
        state.mask.wrong(&got),
    );
    let (compared, captures) = compare(&expected, received, &state.mask);
    checks.extend(compared);
    for (form, text) in captures {
        made(&mut checks, state, mode, form, &text, &values);
    }
    if step == LoginStep::Refresh {
        state.note_use(&mut checks, received, TokenUse::Refresh, now, RefusalKind::Unauthorized);
    }
    checks
}

/// The UUID that stands by itself in a header.
fn random(request: &LoginRequest, values: &Values<'_>, received: &ReceivedRequest) -> Option<String> {
    headers(request.headers, values).into_iter().find_map(|(name, expected)| {
        let captures = expected.captures(&received.header(&name)?)?;
        captures.into_iter().find(|(form, _)| *form == TextForm::Uuid).map(|(_, text)| text)
    })
}

/// Checks a JWT or an assertion that was made for the login.
fn made(checks: &mut Checks, state: &VendorState, mode: &TwoStep, form: TextForm, text: &str, values: &Values<'_>) {
    let refused = RefusalKind::Unauthorized;
    match (form, mode.token, mode.assertion) {
        (TextForm::Jwt, Some(token), _) => {
            jwt::verify(checks, "the JWT", text, token, values, refused, &state.mask);
        }
        (TextForm::Assertion, _, Some(Assertion::Jwt { lifetime, header, payload, .. })) => {
            jwt::verify_assertion(checks, text, (*lifetime, header, payload), values, refused, &state.mask);
        }
        (TextForm::Assertion, _, Some(Assertion::Saml(_))) => {
            let xml = crate::crypto::from_base64(text).and_then(|xml| String::from_utf8(xml).ok()).unwrap_or_default();
            let ok = xml.contains("Assertion") && xml.contains("urn:oasis:names:tc:SAML:2.0:assertion");
            let got = if ok { "one" } else { "something else" };
            checks.note(ok, refused, "the assertion", "a SAML 2.0 assertion (its signature is not verified)", got);
        }
        _ => {}
    }
}

/// Answers a request that passed every check.
pub(crate) fn succeed(state: &mut VendorState, mode: &TwoStep, step: LoginStep, now: i64) -> Response<Bytes> {
    match step {
        LoginStep::LogIn | LoginStep::Refresh => {
            let family = state.grants.family();
            state.exchange = Exchange { chain: Chain::Code, family, ..Exchange::default() };
        }
        LoginStep::Further(_) => state.exchange.next += 1,
    }
    let format = request_of(mode, step).map_or(BodyFormat::Json, |request| request.body_format);
    let is_last = step == LoginStep::Refresh || state.exchange.next == mode.additional_steps.len();
    let number = u8::try_from(state.exchange.answers.len().saturating_add(1)).unwrap_or(u8::MAX);
    let mut body = json!({});
    if is_last {
        body = tokens(state, mode, now);
    }
    for (at, value) in stand_in::of_step(state.spec, number) {
        if path::get(&body, at).is_none() {
            path::set(&mut body, at, value.into());
        }
    }
    state.exchange.answers.push(body.clone());
    let answer = match &body {
        Value::String(token) => answer::text(200, "text/plain", token.clone()),
        body if format == BodyFormat::Xml => answer::text(200, "application/xml", xml::write(body)),
        body => answer::json(200, body),
    };
    with_headers(state, mode, answer)
}

/// The token answer: the token, its expiry and a refresh token, at their paths.
fn tokens(state: &mut VendorState, mode: &TwoStep, now: i64) -> Value {
    let response = mode.response;
    let token = token_answer::access_token(state, mode.response_metadata);
    let lifetime = state.lifetime.saturating_mul(1000);
    let fixed = mode.expires_in_ms.filter(|_| response.expiration.is_none());
    let expires_at = match fixed {
        Some(0) => None,
        fixed => Some(now.saturating_add(fixed.unwrap_or(lifetime))),
    };
    let family = state.exchange.family;
    let mut body = json!({});
    if let Some(at) = response.refresh_token {
        let is_same = at == response.token;
        let refresh = if is_same { token.clone() } else { state.grants.fresh("refresh") };
        if !is_same {
            state.issue(refresh.clone(), TokenUse::Refresh, family, None);
        }
        path::set(&mut body, at, refresh.into());
    }
    state.issue(token.clone(), TokenUse::Access, family, expires_at);
    if response.token.is_empty() {
        return token.into();
    }
    path::set(&mut body, response.token, token.into());
    if let Some(at) = response.expiration {
        let value: Value = if response.expiration_is_duration {
            token_answer::in_unit(lifetime / 1000, token_answer::unit_of(state.spec)).into()
        } else {
            instant::iso(now.saturating_add(lifetime)).into()
        };
        path::set(&mut body, at, value);
    }
    token_answer::metadata(&mut body, mode.response_metadata, state);
    for (at, value) in stand_in::of_raw(state.spec) {
        path::set(&mut body, at, value.into());
    }
    body
}

/// The headers that are kept with the credentials.
fn with_headers(state: &mut VendorState, mode: &TwoStep, mut answer: Response<Bytes>) -> Response<Bytes> {
    for name in mode.response_headers {
        let value = state.grants.fresh("header");
        state.mask.add(name, &value);
        if name.eq_ignore_ascii_case("set-cookie") {
            answer = answer::with_header(answer, name, &format!("SESSION={value}; Path=/; Secure; HttpOnly"));
            answer = answer::with_header(answer, name, "ROUTE=node1; Path=/");
            state.issued.insert("SESSION".to_owned(), value.clone());
            state.issued.insert("ROUTE".to_owned(), "node1".to_owned());
            state.issued.insert("_cookies".to_owned(), format!("SESSION={value}; ROUTE=node1"));
        } else {
            answer = answer::with_header(answer, name, &value);
            state.issued.insert((*name).to_owned(), value);
        }
    }
    answer
}
