//! Requests of an entry beside tokens and calls: look-ups once an account is connected, and the end of its tokens
//! (RFC 7009).

use crate::check::{Checks, RefusalKind};
use crate::compare::{header, once, user_agent};
use crate::expected::headers;
use crate::grant::TokenUse;
use crate::request::ReceivedRequest;
use crate::state::{VendorState, texts};
use crate::template::evaluate;
use crate::token_answer::overlay;
use crate::{answer, place, sentence, stand_in};
use bytes::Bytes;
use http::{Method, Response};
use keyway_spec::quirks::{Lookup, RevokedToken};
use serde_json::{Value, json};

/// The URL of a look-up.
pub(crate) fn lookup_url(state: &VendorState, lookup: &Lookup, received: &ReceivedRequest, now: i64) -> Option<String> {
    evaluate(&lookup.url, &state.values(Some(received), now))?.literal()
}

/// The URL of the revocation.
pub(crate) fn revocation_url(state: &VendorState, received: &ReceivedRequest, now: i64) -> Option<String> {
    let url = state.spec.quirks?.revocation?.request.url?;
    evaluate(&url, &state.values(Some(received), now))?.literal()
}

/// Checks a look-up: a GET, or a POST of the entry's body, with the credential, in its own headers where it has some,
/// else as calls carry it.
pub(crate) fn examine_lookup(state: &VendorState, lookup: &Lookup, received: &ReceivedRequest, now: i64) -> Checks {
    let mut checks = Checks::default();
    user_agent(&mut checks, received);
    once(&mut checks, received);
    let got = received.method.to_string();
    let method = if lookup.body.is_empty() { Method::GET } else { Method::POST };
    checks.unless(received.method == method, RefusalKind::Status(405), "the method", method.as_str(), got);
    let values = state.values(Some(received), now);
    let expected = match &state.spec.proxy {
        Some(proxy) if lookup.headers.is_empty() => place::headers(state, proxy, &values),
        _ => headers(lookup.headers, &values),
    };
    // What an entry adds for calls may name what is only being found out.
    let credential = expected.iter().filter(|(_, value)| value.secret);
    for (name, value) in credential {
        header(&mut checks, name, value, RefusalKind::Unauthorized, received, &state.mask);
    }
    state.note_use(&mut checks, received, TokenUse::Access, now, RefusalKind::Unauthorized);
    checks
}

/// The answer to a look-up: one item.
pub(crate) fn looked_up(state: &VendorState, lookup: &Lookup) -> Response<Bytes> {
    let mut item = json!({});
    for (name, path) in lookup.set {
        let known = state.account.config.get(*name).filter(|value| !value.is_empty()).cloned();
        let value = known.unwrap_or_else(|| stand_in::of_config(state.spec, name));
        let part = lookup.take.iter().find(|(taken, _)| taken == name);
        let value = part.map_or_else(|| value.clone(), |(_, pattern)| sentence::with(pattern, &value));
        crate::path::set(&mut item, path, value.into());
    }
    if let Some(label) = lookup.choose.and_then(|choice| choice.label)
        && crate::path::get(&item, label).is_none()
    {
        crate::path::set(&mut item, label, "Simulated".into());
    }
    let body = match lookup.items {
        None => item,
        Some("") => Value::Array(vec![item]),
        Some(path) => {
            let mut body = json!({});
            crate::path::set(&mut body, path, Value::Array(vec![item]));
            body
        }
    };
    answer::json(200, &body)
}

/// Checks a revocation: it names a token that lives, or one that ended with another that was revoked before it (RFC
/// 7009 section 2.1 ends what belongs together).
pub(crate) fn examine_revocation(state: &VendorState, received: &ReceivedRequest, now: i64) -> Checks {
    let mut checks = Checks::default();
    user_agent(&mut checks, received);
    let living = living(state, received, now).is_some() || ended(state, received, now);
    let got = if living { "it" } else { "none" };
    checks.unless(living, RefusalKind::OAuth("invalid_request"), "a token that lives", "it", got);
    checks
}

/// Ends the tokens of the one that a request names. The answer has no body (RFC 7009 section 2.2).
pub(crate) fn revoked(state: &mut VendorState, received: &ReceivedRequest, now: i64) -> Response<Bytes> {
    if let Some(token) = living(state, received, now)
        && let Some(family) = state.grants.family_of(&token)
    {
        state.grants.revoke(family);
    }
    let request = state.spec.quirks.and_then(|quirks| quirks.revocation).map(|revocation| revocation.request);
    let mut body = json!({});
    overlay(&mut body, request.map_or(&[], |request| request.response.success_if));
    answer::json(request.and_then(|request| request.response.status).unwrap_or(200), &body)
}

/// True if a request of a revocation of both tokens names one that ended with the first.
fn ended(state: &VendorState, received: &ReceivedRequest, now: i64) -> bool {
    let revocation = state.spec.quirks.and_then(|quirks| quirks.revocation);
    let said = texts(received);
    revocation.is_some_and(|revocation| revocation.token == RevokedToken::Both)
        && state.grants.revoked(TokenUse::Access, now).any(|token| said.iter().any(|text| text.contains(&token.value)))
}

fn living(state: &VendorState, received: &ReceivedRequest, now: i64) -> Option<String> {
    let said = texts(received);
    let usable = [TokenUse::Refresh, TokenUse::Access].into_iter().flat_map(|usage| state.grants.usable(usage, now));
    let mut named = usable.filter(|token| said.iter().any(|text| text.contains(&token.value)));
    named.next().map(|token| token.value.clone())
}
