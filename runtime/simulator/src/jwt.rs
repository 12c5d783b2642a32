//! JWTs that a request carries (RFC 7519): their form, header, claims and times, and the signatures of shared secrets.
//!
//! Signatures of private keys are not verified: no implementation is at hand that the runtime does not use.

use crate::check::{Checks, RefusalKind};
use crate::crypto;
use crate::expected::{ParameterValue, flatten};
use crate::mask::Mask;
use crate::path;
use crate::template::{Values, evaluate};
use crate::text::Expected;
use keyway_spec::Entry;
use keyway_spec::auth::{Jwt, KeyKind};
use serde_json::Value;

/// Seconds by which clocks may differ.
const MAX_SKEW: i64 = 60;

/// The longest life of a client assertion, in seconds.
const MAX_ASSERTION_LIFETIME: i64 = 3600;

/// The longest life of an app's JWT, in seconds.
const MAX_APP_LIFETIME: i64 = 600;

/// A JWT in its parts.
struct Parsed<'a> {
    header: Value,
    claims: Value,
    signed: &'a str,
    signature: Vec<u8>,
}

fn parse(text: &str) -> Option<Parsed<'_>> {
    let (signed, signature) = text.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    let read = |part: &str| serde_json::from_slice(&crypto::from_base64url(part)?).ok();
    Some(Parsed { header: read(header)?, claims: read(claims)?, signed, signature: crypto::from_base64url(signature)? })
}

/// Checks a JWT against the block of the entry that describes it.
pub(crate) fn verify(
    checks: &mut Checks,
    what: &str,
    text: &str,
    jwt: &Jwt,
    values: &Values<'_>,
    refused: RefusalKind,
    mask: &Mask,
) {
    let Some(parsed) = parse(text) else {
        checks.note(false, refused, what, "a JWT", "something else");
        return;
    };
    members(checks, &format!("{what}, header"), jwt.header, &parsed.header, &["alg", "typ"], values, refused, mask);
    let own = ["iat", "exp", "nbf", "jti"];
    members(checks, &format!("{what}, claim"), jwt.payload, &parsed.claims, &own, values, refused, mask);
    let is_left_out =
        |name: &str| jwt.payload.iter().any(|entry| entry.name == name && entry.value == keyway_spec::Value::Null);
    times(checks, what, &parsed.claims, is_left_out("iat"), Some(jwt.expires_in_ms / 1000), values.now, refused);
    let algorithm = parsed.header.get("alg").and_then(Value::as_str).unwrap_or_default();
    signature(checks, what, &parsed, jwt, algorithm, values, refused);
}

/// Checks the JWT of an assertion by its header and claims.
pub(crate) fn verify_assertion(
    checks: &mut Checks,
    text: &str,
    (lifetime, header, payload): (i64, &[Entry], &[Entry]),
    values: &Values<'_>,
    refused: RefusalKind,
    mask: &Mask,
) {
    let what = "the assertion";
    let Some(parsed) = parse(text) else {
        checks.note(false, refused, what, "a JWT", "something else");
        return;
    };
    members(checks, &format!("{what}, header"), header, &parsed.header, &["alg", "typ"], values, refused, mask);
    let own = ["iat", "exp", "nbf", "jti"];
    members(checks, &format!("{what}, claim"), payload, &parsed.claims, &own, values, refused, mask);
    // An assertion may be sent again while it is good, so it may be older than the request.
    let exp = parsed.claims.get("exp").and_then(Value::as_i64).unwrap_or(0);
    let now = values.now / 1000;
    let ok = exp > now - MAX_SKEW && exp <= now.saturating_add(lifetime).saturating_add(MAX_SKEW);
    checks.note(
        ok,
        refused,
        format!("{what}, `exp`"),
        format!("in at most {lifetime} s"),
        format!("in {} s", exp.saturating_sub(now)),
    );
}

/// Checks a client assertion (RFC 7523 section 3).
pub(crate) fn verify_client(
    checks: &mut Checks,
    text: &str,
    client_id: &str,
    audience: &str,
    now: i64,
    refused: RefusalKind,
) {
    let what = "the client assertion";
    let Some(parsed) = parse(text) else {
        checks.note(false, refused, what, "a JWT", "something else");
        return;
    };
    let claim = |name: &str| parsed.claims.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    for name in ["iss", "sub"] {
        let got = claim(name);
        checks.note(got == client_id, refused, format!("{what}, `{name}`"), client_id, got);
    }
    let audiences = match parsed.claims.get("aud") {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => vec![claim("aud")],
    };
    let is_own = audiences.iter().any(|own| own == audience);
    checks.note(is_own, refused, format!("{what}, `aud`"), audience, audiences.join(", "));
    checks.note(!claim("jti").is_empty(), refused, format!("{what}, `jti`"), "an identifier", claim("jti"));
    times(checks, what, &parsed.claims, true, None, now, refused);
}

/// Checks the JWT of an app: its algorithm, its issuer, and ten minutes at most.
pub(crate) fn verify_app(checks: &mut Checks, text: &str, app_id: &str, now: i64, refused: RefusalKind) {
    let what = "the app's JWT";
    let Some(parsed) = parse(text) else {
        checks.note(false, refused, what, "a JWT", "something else");
        return;
    };
    let member = |part: &Value, name: &str| match part.get(name) {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Number(number)) => number.to_string(),
        _ => String::new(),
    };
    let algorithm = member(&parsed.header, "alg");
    checks.note(algorithm == "RS256", refused, format!("{what}, `alg`"), "RS256", algorithm);
    let issuer = member(&parsed.claims, "iss");
    checks.note(issuer == app_id, refused, format!("{what}, `iss`"), app_id, issuer);
    let at = |name: &str| parsed.claims.get(name).and_then(Value::as_i64);
    let (iat, exp, now) = (at("iat").unwrap_or(i64::MAX), at("exp").unwrap_or(0), now / 1000);
    let shown = |at: i64| format!("{} s from now", at.saturating_sub(now));
    checks.note(iat <= now, refused, format!("{what}, `iat`"), "no later than now", shown(iat));
    let ok = exp > now && exp.saturating_sub(now) <= MAX_APP_LIFETIME;
    let expected = format!("later than now, by {MAX_APP_LIFETIME} s at most");
    checks.note(ok, refused, format!("{what}, `exp`"), expected, shown(exp));
    let got = format!("{} bytes", parsed.signature.len());
    let ok = parsed.signature.len() >= 256;
    checks.note(ok, refused, format!("{what}, signature"), "one of an RSA key (not verified)", got);
}

/// The identifier of a JWT, which a client assertion uses once.
pub(crate) fn identifier(text: &str) -> Option<String> {
    parse(text)?.claims.get("jti")?.as_str().map(str::to_owned)
}

#[allow(clippy::too_many_arguments, reason = "a table of what is compared with what")]
fn members(
    checks: &mut Checks,
    what: &str,
    expected: &[Entry],
    got: &Value,
    own: &[&str],
    values: &Values<'_>,
    refused: RefusalKind,
    mask: &Mask,
) {
    let mut leaves = Vec::new();
    for entry in expected {
        flatten(entry.name, &entry.value, true, values, &mut leaves);
    }
    let received = path::leaves(got);
    for leaf in &leaves {
        let found = received.iter().find(|(name, _)| *name == leaf.name).map(|(_, value)| value);
        let ok = match (&leaf.value, found) {
            (_, None) => leaf.optional,
            (ParameterValue::Text(text), Some(value)) => {
                value.as_str().is_some_and(|value| text.captures(value).is_some())
            }
            (ParameterValue::Json(json), Some(value)) => json == value,
            (ParameterValue::Verifier(_), Some(_)) => false,
        };
        let shown = found.map_or_else(|| "nothing".to_owned(), |value| mask.shown(&value.to_string()));
        let expected = match &leaf.value {
            ParameterValue::Text(Expected { shown, .. }) => shown.clone(),
            ParameterValue::Json(json) => json.to_string(),
            ParameterValue::Verifier(_) => String::new(),
        };
        checks.note(ok, refused, format!("{what} `{}`", leaf.name), expected, shown);
    }
    let is_of_entry =
        |name: &str| expected.iter().any(|entry| name == entry.name || name.starts_with(&format!("{}.", entry.name)));
    for (name, _) in received.iter().filter(|(name, _)| !is_of_entry(name) && !own.contains(&name.as_str())) {
        checks.note(false, refused, format!("{what} `{name}`"), "nothing", "a value");
    }
}

/// Checks the instants of a JWT (RFC 7519 section 4.1).
fn times(
    checks: &mut Checks,
    what: &str,
    claims: &Value,
    without_iat: bool,
    lifetime: Option<i64>,
    now: i64,
    refused: RefusalKind,
) {
    let now = now / 1000;
    let (iat, exp) = (claims.get("iat").and_then(Value::as_i64), claims.get("exp").and_then(Value::as_i64));
    if !without_iat || iat.is_some() {
        let ok = iat.is_some_and(|iat| iat <= now + MAX_SKEW);
        let got = iat.map_or_else(|| "nothing".to_owned(), |iat| format!("{} s ago", now.saturating_sub(iat)));
        checks.note(ok, refused, format!("{what}, `iat`"), "not in the future", got);
    }
    let max = lifetime.unwrap_or(MAX_ASSERTION_LIFETIME);
    let ok = exp.is_some_and(|exp| exp > now && exp.saturating_sub(now) <= max.saturating_add(MAX_SKEW));
    let got = exp.map_or_else(|| "nothing".to_owned(), |exp| format!("in {} s", exp.saturating_sub(now)));
    checks.note(ok, refused, format!("{what}, `exp`"), format!("in at most {max} s"), got);
}

fn signature(
    checks: &mut Checks,
    what: &str,
    parsed: &Parsed<'_>,
    jwt: &Jwt,
    algorithm: &str,
    values: &Values<'_>,
    refused: RefusalKind,
) {
    let what = format!("{what}, signature");
    let key = evaluate(&jwt.signing_key, values).and_then(|key| key.literal()).unwrap_or_default();
    let key = match jwt.key_kind {
        KeyKind::HmacHex => crypto::from_hex(&key).unwrap_or_default(),
        KeyKind::HmacUtf8 => key.into_bytes(),
        KeyKind::Rsa | KeyKind::Ec => {
            let prefixes: &[&str] = if jwt.key_kind == KeyKind::Rsa { &["RS", "PS"] } else { &["ES"] };
            let ok = parsed.signature.len() >= 64 && prefixes.iter().any(|prefix| algorithm.starts_with(prefix));
            let got = format!("{algorithm}, {} bytes", parsed.signature.len());
            checks.note(ok, refused, what, "one of a private key (not verified)", got);
            return;
        }
    };
    let bits = match algorithm {
        "HS384" => 384,
        "HS512" => 512,
        _ => 256,
    };
    let ok = algorithm.starts_with("HS")
        && !key.is_empty()
        && crypto::hmac_sha2(bits, &key, parsed.signed.as_bytes()) == parsed.signature;
    checks.note(ok, refused, what, "HMAC with the key", if ok { "it" } else { "another one" });
}
