//! The outcome of a token request: tokens are issued, or a grant that was used twice ends its family.

use crate::answer;
use crate::check::RefusalKind;
use crate::grant::{TokenUse, USER_TOKEN};
use crate::jwt;
use crate::oauth2::{TokenStep, endpoint, request_of};
use crate::request::ReceivedRequest;
use crate::state::{Chain, Exchange, VendorState, texts};
use crate::token_answer::{self, AnsweredTokens};
use bytes::Bytes;
use http::Response;
use keyway_spec::quirks::{GrantType, KeepRefreshToken, RefreshWhen, RequestQuirks};
use serde_json::{Value, json};

/// Answers a request that passed every check.
pub(crate) fn succeed(
    state: &mut VendorState,
    step: TokenStep,
    received: &ReceivedRequest,
    now: i64,
) -> Response<Bytes> {
    let (Some(request), Some(endpoint)) = (request_of(state.spec, step), endpoint(state.spec)) else {
        return answer::json(500, &json!({}));
    };
    remember_assertion(state, received);
    if step == TokenStep::Introspect {
        return introspect(state, now);
    }
    let lifetime = request.response.lifetime.map_or(state.lifetime, i64::from);
    let mut tokens = AnsweredTokens { lifetime, now, ..AnsweredTokens::default() };
    tokens.scope = state.account.scopes.join(request.scope_separator);
    tokens.unit = token_answer::unit_of(state.spec);
    begin(state, step, received);
    if let TokenStep::Also(at) = step {
        return second(state, at, tokens, &request);
    }
    let names = endpoint.response_metadata;
    let family = state.exchange.family;
    if request.response.keep_access_token && step != TokenStep::Code {
        renew(state, family, now, lifetime);
    } else {
        let access = token_answer::access_token(state, names);
        let expires_at = now.saturating_add(lifetime.saturating_mul(1000));
        // Calls of an installation carry its own token.
        let is_users = state.spec.auth.facts().app_page;
        let usage = if is_users { TokenUse::Second(USER_TOKEN) } else { TokenUse::Access };
        state.issue(access.clone(), usage, family, Some(expires_at));
        tokens.access = Some(access);
    }
    tokens.refresh = refresh_token(state, step, &request, family, now);
    // Where a second token is, the first one is not.
    let second =
        |at: &&str| state.spec.quirks.is_some_and(|quirks| quirks.also.iter().any(|also| also.from == Some(*at)));
    let alternate = endpoint.alternate_token_path.filter(|at| !second(at));
    let mut body = token_answer::body(&request.response, alternate, &tokens);
    token_answer::metadata(&mut body, names, state);
    seconds(state, step, &mut body, &tokens);
    for (at, value) in crate::stand_in::of_step(state.spec, step_number(state)) {
        if crate::path::get(&body, at).is_none() {
            crate::path::set(&mut body, at, value.into());
        }
    }
    state.exchange.answers.push(body.clone());
    answer::not_stored(answer::json(request.response.status.unwrap_or(200), &body))
}

/// The number that templates give to the answer that is made now.
fn step_number(state: &VendorState) -> u8 {
    u8::try_from(state.exchange.answers.len().saturating_add(1)).unwrap_or(u8::MAX)
}

/// Answers a request that is refused. What was used twice ends its family.
pub(crate) fn refuse(
    state: &mut VendorState,
    step: TokenStep,
    received: &ReceivedRequest,
    refused: RefusalKind,
    reason: &str,
    now: i64,
) -> Response<Bytes> {
    let texts = texts(received);
    let carries = |value: &str| texts.iter().any(|text| text.contains(value));
    let codes = state.grants.codes.iter().filter(|code| code.used && carries(&code.value)).map(|code| code.family);
    let replaced = |problem: Option<&str>| problem == Some("a token that was used before");
    let tokens = state.grants.tokens.iter().filter(|token| token.usage == TokenUse::Refresh && carries(&token.value));
    let tokens = tokens.filter(|token| replaced(state.grants.token_problem(&token.value, TokenUse::Refresh, now)));
    let families: Vec<u64> = codes.chain(tokens.map(|token| token.family)).collect();
    if state.detects_reuse {
        for family in families {
            state.grants.revoke(family);
        }
    }
    let RefusalKind::OAuth(code) = refused else { return answer::refusal(refused, reason) };
    let codes = state.spec.quirks.map_or(&[] as &[&str], |quirks| quirks.invalid_grant_codes);
    let code = codes.first().copied().filter(|_| code == "invalid_grant" && step == TokenStep::Refresh).unwrap_or(code);
    let response = request_of(state.spec, step).map(|request| request.response);
    let own = response.and_then(|response| token_answer::refusal(&response, code, reason));
    own.unwrap_or_else(|| answer::refusal(RefusalKind::OAuth(code), reason))
}

/// The exchange that a request begins or continues, and its family.
fn begin(state: &mut VendorState, step: TokenStep, received: &ReceivedRequest) {
    let texts = texts(received);
    let carries = |value: &str| texts.iter().any(|text| text.contains(value));
    let code = state.grants.codes.iter().rev().find(|code| carries(&code.value)).map(|code| code.value.clone());
    let token = state.grants.tokens.iter().rev().find(|token| carries(&token.value)).map(|token| token.family);
    match step {
        TokenStep::Code | TokenStep::Client => {
            let family = code.as_deref().and_then(|code| state.grants.family_of(code));
            let family = family.unwrap_or_else(|| state.grants.family());
            if let Some(code) = &code {
                state.grants.use_code(code);
            }
            state.exchange = Exchange { chain: Chain::Code, family, ..Exchange::default() };
        }
        TokenStep::Refresh => {
            let latest = state.grants.tokens.last().map(|token| token.family);
            let family = token.or(latest).unwrap_or_default();
            state.exchange = Exchange { chain: Chain::Refresh, family, ..Exchange::default() };
        }
        TokenStep::CodeThen(_) | TokenStep::RefreshThen(_) => state.exchange.next += 1,
        TokenStep::Also(_) | TokenStep::Introspect => {}
    }
}

/// The refresh token of an answer, if it has one.
fn refresh_token(
    state: &mut VendorState,
    step: TokenStep,
    request: &RequestQuirks,
    family: u64,
    now: i64,
) -> Option<String> {
    let quirks = state.spec.quirks;
    let redeemed_as =
        quirks.and_then(|quirks| quirks.refresh).map_or(GrantType::RefreshToken, |refresh| refresh.request.grant);
    let is_refreshed =
        quirks.is_none_or(|quirks| quirks.refresh_when != RefreshWhen::Never) && redeemed_as == GrantType::RefreshToken;
    let stays = request.response.keep_refresh_token == KeepRefreshToken::Always || !state.rotates;
    match step {
        TokenStep::Code if is_refreshed => {}
        TokenStep::Refresh if is_refreshed && !stays => state.grants.replace(TokenUse::Refresh, family, now),
        _ => return None,
    }
    let refresh = state.grants.fresh("refresh");
    state.issue(refresh.clone(), TokenUse::Refresh, family, None);
    Some(refresh)
}

/// The stored access token lives longer.
fn renew(state: &mut VendorState, family: u64, now: i64, lifetime: i64) {
    let at = now.saturating_add(lifetime.saturating_mul(1000));
    let tokens = state.grants.tokens.iter_mut().rev();
    let mut own = tokens.filter(|token| token.usage == TokenUse::Access && token.family == family);
    if let Some(token) = own.next() {
        token.expires_at = Some(at);
    }
}

/// A second token by a request of its own.
fn second(state: &mut VendorState, at: usize, mut tokens: AnsweredTokens, request: &RequestQuirks) -> Response<Bytes> {
    let Some(second) = state.spec.quirks.and_then(|quirks| quirks.also.get(at)) else {
        return answer::json(500, &json!({}));
    };
    let expires_at = tokens.now.saturating_add(tokens.lifetime.saturating_mul(1000));
    let (access, family) = (state.grants.fresh(second.name), state.exchange.family);
    state.issue(access.clone(), TokenUse::Second(second.name), family, Some(expires_at));
    tokens.access = Some(access);
    if second.from.is_some() {
        let refresh = state.grants.fresh("second_refresh");
        state.grants.replace(TokenUse::SecondRefresh(second.name), family, tokens.now);
        state.issue(refresh.clone(), TokenUse::SecondRefresh(second.name), family, None);
        tokens.refresh = Some(refresh);
    }
    answer::not_stored(answer::json(
        request.response.status.unwrap_or(200),
        &token_answer::body(&request.response, None, &tokens),
    ))
}

/// Second tokens that the answer to the code holds.
fn seconds(state: &mut VendorState, step: TokenStep, body: &mut Value, tokens: &AnsweredTokens) {
    if step != TokenStep::Code {
        return;
    }
    for second in state.spec.quirks.iter().flat_map(|quirks| quirks.also) {
        let Some(from) = second.from else { continue };
        let (access, refresh) = (state.grants.fresh(second.name), state.grants.fresh("second_refresh"));
        let expires_at = tokens.now.saturating_add(tokens.lifetime.saturating_mul(1000));
        let family = state.exchange.family;
        state.issue(access.clone(), TokenUse::Second(second.name), family, Some(expires_at));
        state.issue(refresh.clone(), TokenUse::SecondRefresh(second.name), family, None);
        let object = json!({"access_token": access, "refresh_token": refresh, "expires_in": tokens.lifetime});
        crate::path::set(body, from, object);
    }
}

/// RFC 7662 section 2.2.
fn introspect(state: &VendorState, now: i64) -> Response<Bytes> {
    let active = state.grants.usable(TokenUse::Access, now).next();
    let body = match active {
        Some(token) => json!({"active": true, "exp": token.expires_at.unwrap_or(now) / 1000}),
        None => json!({"active": false}),
    };
    answer::json(200, &body)
}

/// The identifier of a client assertion counts once (RFC 7523 section 3).
fn remember_assertion(state: &mut VendorState, received: &ReceivedRequest) {
    let identifiers: Vec<String> = texts(received).iter().filter_map(|text| jwt::identifier(text)).collect();
    state.nonces.extend(identifiers);
}
