//! The three requests of OAuth 1.0 before a call (RFC 5849 section 2): temporary credentials, the consent of the owner,
//! token credentials.

use crate::answer;
use crate::authorize::{ConsentDecision, Outcome, metadata, with_query};
use crate::check::{Checks, RefusalKind};
use crate::compare::{is_same_place, once, user_agent};
use crate::expected::to_json;
use crate::oauth1::{Signer, nonce, parameter, verify};
use crate::request::ReceivedRequest;
use crate::state::{TemporaryCredentials, VendorState};
use bytes::Bytes;
use http::{Method, Response};
use keyway_spec::Entry;
use keyway_spec::auth::OAuth1;
use url::Url;

/// Checks the request for temporary credentials.
pub(crate) fn examine_temporary(state: &VendorState, mode: &OAuth1, received: &ReceivedRequest, now: i64) -> Checks {
    let mut checks = begin(received);
    let consumer = (state.account.client_id.as_str(), state.account.client_secret.as_str());
    let signer = Signer { consumer, token: None, method: mode.signature_method.name(), realm: None };
    verify(&mut checks, &signer, received, state, now);
    let callback = parameter(received, "oauth_callback").unwrap_or_default();
    let own = callback.split('?').next().unwrap_or_default();
    let registered = &state.account.redirect_uri;
    // The first one is registered where there is none yet.
    let ok = if registered.is_empty() { !own.is_empty() } else { own == registered };
    checks.note(ok, RefusalKind::Unauthorized, "`oauth_callback`", registered.clone(), own);
    extra(&mut checks, state, mode.request_params, received);
    checks
}

/// Issues temporary credentials.
pub(crate) fn temporary(state: &mut VendorState, received: &ReceivedRequest) -> Response<Bytes> {
    state.nonces.extend(nonce(received));
    let (token, secret) = (state.grants.fresh("temporary"), state.grants.fresh("temporary_secret"));
    state.mask.add("the secret of the temporary credentials", &secret);
    let body = format!("oauth_token={token}&oauth_token_secret={secret}&oauth_callback_confirmed=true");
    let callback = parameter(received, "oauth_callback").unwrap_or_default();
    if state.account.redirect_uri.is_empty() {
        callback.split('?').next().unwrap_or_default().clone_into(&mut state.account.redirect_uri);
    }
    state.temporary.push(TemporaryCredentials { token, secret, callback, verifier: None, used: false });
    answer::text(200, "application/x-www-form-urlencoded", body)
}

/// The answer to a browser at the owner's page.
pub(crate) fn consent(
    state: &mut VendorState,
    mode: &OAuth1,
    url: &Url,
    decision: ConsentDecision,
    checks: &mut Checks,
) -> Outcome {
    let is_there = is_same_place(mode.authorization_url, url);
    checks.note(
        is_there,
        RefusalKind::Status(404),
        "the URL",
        mode.authorization_url,
        url.as_str().split('?').next().unwrap_or_default(),
    );
    let query: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    let sent = |name: &str| query.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let token = sent("oauth_token").unwrap_or_default().to_owned();
    let is_known = state.temporary.iter().any(|own| own.token == token && own.verifier.is_none());
    checks.note(
        is_known,
        RefusalKind::Status(400),
        "`oauth_token`",
        "that of the temporary credentials",
        token.clone(),
    );
    let scopes = state.account.scopes.join(mode.scope_separator);
    if !scopes.is_empty() {
        let got = sent("scope").unwrap_or("nothing");
        checks.note(got == scopes, RefusalKind::Status(400), "`scope`", scopes.clone(), got);
    }
    for entry in mode.authorization_params {
        let expected = text(entry, state);
        let got = sent(entry.name).unwrap_or("nothing");
        checks.note(got == expected, RefusalKind::Status(400), format!("`{}`", entry.name), expected.clone(), got);
    }
    if checks.refusal.is_some() {
        return Err(checks.reason().unwrap_or_default());
    }
    let verifier = state.grants.fresh("verifier");
    let added = metadata(state, mode.redirect_uri_metadata);
    let Some(own) = state.temporary.iter_mut().find(|own| own.token == token) else { return Err(String::new()) };
    if decision == ConsentDecision::Deny {
        return Ok(with_query(&own.callback, &[("denied".to_owned(), token)]));
    }
    own.verifier = Some(verifier.clone());
    let mut back = vec![("oauth_token".to_owned(), token), ("oauth_verifier".to_owned(), verifier)];
    back.extend(added);
    Ok(with_query(&own.callback, &back))
}

/// Checks the request for token credentials.
pub(crate) fn examine_token(state: &VendorState, mode: &OAuth1, received: &ReceivedRequest, now: i64) -> Checks {
    let mut checks = begin(received);
    let token = parameter(received, "oauth_token").unwrap_or_default();
    let own = state.temporary.iter().find(|own| own.token == token).or(state.temporary.last());
    let consumer = (state.account.client_id.as_str(), state.account.client_secret.as_str());
    let pair = own.map_or(("", ""), |own| (own.token.as_str(), own.secret.as_str()));
    let signer = Signer { consumer, token: Some(pair), method: mode.signature_method.name(), realm: None };
    verify(&mut checks, &signer, received, state, now);
    let verifier = own.and_then(|own| own.verifier.clone());
    let got = parameter(received, "oauth_verifier");
    let ok = verifier.is_some() && got == verifier;
    let shown = if ok { "it" } else { "another one" };
    checks.note(ok, RefusalKind::Unauthorized, "`oauth_verifier`", "that of the callback", shown);
    let unused = own.is_some_and(|own| !own.used);
    checks.note(
        unused,
        RefusalKind::Unauthorized,
        "the temporary credentials",
        "used once",
        if unused { "unused" } else { "used before" },
    );
    extra(&mut checks, state, mode.token_params, received);
    checks
}

/// Issues token credentials.
pub(crate) fn token(state: &mut VendorState, received: &ReceivedRequest) -> Response<Bytes> {
    state.nonces.extend(nonce(received));
    let own = parameter(received, "oauth_token").unwrap_or_default();
    state.temporary.iter_mut().filter(|credentials| credentials.token == own).for_each(|own| own.used = true);
    let (token, secret) = (state.grants.fresh("token"), state.grants.fresh("token_secret"));
    state.mask.add("credentials.oauth_token_secret", &secret);
    let body = format!("oauth_token={token}&oauth_token_secret={secret}");
    state.issued.insert("oauth_token".to_owned(), token);
    state.issued.insert("oauth_token_secret".to_owned(), secret);
    answer::text(200, "application/x-www-form-urlencoded", body)
}

fn begin(received: &ReceivedRequest) -> Checks {
    let mut checks = Checks::default();
    let method = received.method.as_str();
    checks.note(received.method == Method::POST, RefusalKind::Status(405), "the method", "POST", method);
    user_agent(&mut checks, received);
    once(&mut checks, received);
    checks
}

/// The entry's own parameters, in the body, the URL or the header.
fn extra(checks: &mut Checks, state: &VendorState, entries: &[Entry], received: &ReceivedRequest) {
    for entry in entries {
        let expected = text(entry, state);
        let sent = received.form().into_iter().chain(received.query()).find(|(name, _)| name == entry.name);
        let got = sent.map(|(_, value)| value).or_else(|| parameter(received, entry.name)).unwrap_or_default();
        checks.note(
            got == expected,
            RefusalKind::Status(400),
            format!("`{}`", entry.name),
            expected.clone(),
            got.clone(),
        );
    }
}

fn text(entry: &Entry, state: &VendorState) -> String {
    match to_json(&entry.value, &state.values(None, 0)) {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}
