//! The answer of a token endpoint, in the form that the entry says it has.

use crate::crypto;
use crate::expected::to_json;
use crate::path;
use crate::state::VendorState;
use crate::template::Values;
use crate::{answer, instant};
use bytes::Bytes;
use http::Response;
use keyway_spec::quirks::{LifetimeUnit, ResponseQuirks};
use keyway_spec::{Auth, Entry, ProviderSpec};
use serde_json::{Value, json};

/// Tokens that are answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct AnsweredTokens {
    pub(crate) access: Option<String>,
    pub(crate) refresh: Option<String>,
    /// Seconds.
    pub(crate) lifetime: i64,
    pub(crate) now: i64,
    /// The unit of `expires_in`, unless the answer's own reading names one.
    pub(crate) unit: LifetimeUnit,
    pub(crate) scope: String,
}

/// The body of a success.
pub(crate) fn body(response: &ResponseQuirks, alternate: Option<&str>, tokens: &AnsweredTokens) -> Value {
    let mut inner = json!({});
    let plain = ResponseQuirks::EMPTY;
    let is_elsewhere = alternate.filter(|_| response.token == plain.token && response.root.is_none());
    match is_elsewhere {
        // A member that is called a token holds it; any other is an object of the standard's members.
        Some(at) if path::parts(at).last().is_some_and(|last| last.to_ascii_lowercase().contains("token")) => {
            put(&mut inner, at, tokens.access.clone());
            put(&mut inner, response.refresh_token, tokens.refresh.clone());
            expiry(&mut inner, response, tokens);
        }
        Some(at) => {
            let mut object = standard(response, tokens);
            path::set(&mut object, "token_type", "user".into());
            path::set(&mut inner, at, object);
        }
        None => inner = standard(response, tokens),
    }
    let mut whole = match response.root {
        Some(root) => {
            let mut whole = json!({});
            path::set(&mut whole, root, inner);
            whole
        }
        None => inner,
    };
    overlay(&mut whole, response.success_if);
    whole
}

/// The members of RFC 6749 section 5.1, where the entry says they are.
fn standard(response: &ResponseQuirks, tokens: &AnsweredTokens) -> Value {
    let mut inner = json!({});
    if !response.keep_access_token {
        put(&mut inner, response.token, tokens.access.clone());
    }
    path::set(&mut inner, "token_type", "Bearer".into());
    put(&mut inner, response.refresh_token, tokens.refresh.clone());
    expiry(&mut inner, response, tokens);
    if !tokens.scope.is_empty() {
        path::set(&mut inner, "scope", tokens.scope.clone().into());
    }
    inner
}

/// The expiry: as an instant where the entry names a member for it, else as a lifetime.
fn expiry(inner: &mut Value, response: &ResponseQuirks, tokens: &AnsweredTokens) {
    let plain = ResponseQuirks::EMPTY;
    if response.lifetime.is_some() {
        return;
    }
    if response.expires_at != plain.expires_at && response.expires_in == plain.expires_in {
        let at = tokens.now.saturating_add(tokens.lifetime.saturating_mul(1000));
        path::set(inner, response.expires_at, instant::iso(at).into());
        return;
    }
    let amount = in_unit(tokens.lifetime, response.expires_in_unit.unwrap_or(tokens.unit));
    path::set(inner, response.expires_in, amount.into());
}

/// A number of seconds in a unit; minutes are rounded up.
pub(crate) fn in_unit(seconds: i64, unit: LifetimeUnit) -> i64 {
    match unit {
        LifetimeUnit::Seconds => seconds,
        LifetimeUnit::Milliseconds => seconds.saturating_mul(1000),
        LifetimeUnit::Minutes => seconds.saturating_add(59) / 60,
    }
}

/// The unit of the lifetimes that an entry's endpoints answer.
pub(crate) fn unit_of(spec: &ProviderSpec) -> LifetimeUnit {
    let is_milliseconds = matches!(&spec.auth, Auth::OAuth2ClientCredentials(mode) if mode.expires_in_milliseconds);
    let own = if is_milliseconds { LifetimeUnit::Milliseconds } else { LifetimeUnit::Seconds };
    spec.quirks.and_then(|quirks| quirks.expires_in_unit).unwrap_or(own)
}

fn put(target: &mut Value, at: &str, text: Option<String>) {
    if let Some(text) = text {
        path::set(target, at, text.into());
    }
}

/// Puts literal values at their paths.
pub(crate) fn overlay(whole: &mut Value, entries: &[Entry]) {
    for entry in entries {
        path::set(whole, entry.name, to_json(&entry.value, &Values::default()));
    }
}

/// Puts values of connection configuration into an answer: those that the entry reads from there.
pub(crate) fn metadata(whole: &mut Value, names: &[&str], state: &VendorState) {
    for name in names {
        let value = state.account.config.get(*name).cloned().unwrap_or_default();
        match name.split_once('.') {
            // Into a token that is a JWT; the access token was made with its claims.
            Some(("access_token", _)) => {}
            Some((token, claim)) if token.ends_with("_token") => {
                let claims = json!({claim: value});
                path::set(whole, token, unsigned_jwt(&claims).into());
            }
            _ => path::set(whole, name, value.into()),
        }
    }
}

/// A new access token: a JWT where the entry reads claims from it.
pub(crate) fn access_token(state: &mut VendorState, names: &[&str]) -> String {
    let fresh = state.grants.fresh("access");
    let mut claims = json!({});
    for (name, claim) in names.iter().filter_map(|name| Some((*name, name.strip_prefix("access_token.")?))) {
        path::set(&mut claims, claim, state.account.config.get(name).cloned().unwrap_or_default().into());
    }
    if claims.as_object().is_some_and(serde_json::Map::is_empty) {
        return fresh;
    }
    path::set(&mut claims, "jti", fresh.into());
    unsigned_jwt(&claims)
}

/// A JWT whose signature nobody checks: to its reader it is opaque or read as it is.
fn unsigned_jwt(claims: &Value) -> String {
    let part = |value: &Value| crypto::base64url(value.to_string().as_bytes());
    format!("{}.{}.{}", part(&json!({"alg": "RS256", "typ": "JWT"})), part(claims), crypto::base64url(b"signature"))
}

/// The answer to a refused request, in the entry's own form of an error.
pub(crate) fn refusal(response: &ResponseQuirks, code: &str, reason: &str) -> Option<Response<Bytes>> {
    if response.error_if.is_empty() && response.success_if.is_empty() {
        return None;
    }
    let mut body = json!({"error": code, "error_description": answer::described(reason)});
    for entry in response.success_if {
        path::set(&mut body, entry.name, opposite(&to_json(&entry.value, &Values::default())));
    }
    overlay(&mut body, response.error_if);
    Some(answer::json(200, &body))
}

/// Another value of the same type.
fn opposite(value: &Value) -> Value {
    match value {
        Value::Bool(bool) => (!bool).into(),
        Value::Number(number) => (number.as_i64().unwrap_or(0).wrapping_add(1)).into(),
        _ => "error".into(),
    }
}
