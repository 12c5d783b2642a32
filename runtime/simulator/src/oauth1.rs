//! Signatures of OAuth 1.0 (RFC 5849 section 3), verified: calls, temporary credentials, token credentials.

use crate::check::{Checks, RefusalKind};
use crate::crypto::{base64, hmac_sha1, hmac_sha2, percent};
use crate::mask::Mask;
use crate::request::{ReceivedRequest, duplicate};
use crate::state::VendorState;
use http::Method;

/// Seconds by which the timestamp may differ.
const MAX_SKEW: i64 = 300;

const REFUSED: RefusalKind = RefusalKind::Unauthorized;

/// The secrets that sign a request, and the method.
pub(crate) struct Signer<'a> {
    pub(crate) consumer: (&'a str, &'a str),
    pub(crate) token: Option<(&'a str, &'a str)>,
    /// `HMAC-SHA1`, `HMAC-SHA256` or `PLAINTEXT`.
    pub(crate) method: &'static str,
    pub(crate) realm: Option<String>,
}

/// The parameters of the `Authorization` header, decoded.
pub(crate) fn parameters(received: &ReceivedRequest) -> Option<Vec<(String, String)>> {
    let header = received.header("authorization")?;
    let list = header.strip_prefix("OAuth ")?;
    list.split(',')
        .map(|pair| {
            let (name, value) = pair.trim().split_once('=')?;
            let value = value.strip_prefix('"')?.strip_suffix('"')?;
            let decoded = |text: &str| {
                percent_encoding::percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
            };
            Some((decoded(name)?, decoded(value)?))
        })
        .collect()
}

/// The value of a parameter of the header.
pub(crate) fn parameter(received: &ReceivedRequest, name: &str) -> Option<String> {
    parameters(received)?.into_iter().find(|(own, _)| own == name).map(|(_, value)| value)
}

/// Checks the signature and everything that it covers.
pub(crate) fn verify(
    checks: &mut Checks,
    signer: &Signer<'_>,
    received: &ReceivedRequest,
    state: &VendorState,
    now: i64,
) {
    let Some(own) = parameters(received) else {
        let got = received.header("authorization").map_or_else(|| "nothing".to_owned(), |got| state.mask.wrong(&got));
        checks.note(false, REFUSED, "the header `authorization`", "OAuth and its parameters in quotes", got);
        return;
    };
    checks.unless(
        duplicate(&own).is_none(),
        RefusalKind::Status(400),
        "parameters of the header",
        "each once (RFC 5849 section 3.1)",
        format!("`{}` twice", duplicate(&own).unwrap_or_default()),
    );
    let value = |name: &str| own.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str());
    let mut same = |name: &str, expected: &str, mask: &Mask| {
        let got = value(name).map_or_else(|| "nothing".to_owned(), |got| mask.shown(got));
        checks.note(value(name) == Some(expected), REFUSED, format!("`{name}`"), mask.shown(expected), got);
    };
    same("oauth_consumer_key", signer.consumer.0, &state.mask);
    same("oauth_signature_method", signer.method, &state.mask);
    if let Some((token, _)) = signer.token {
        same("oauth_token", token, &state.mask);
    }
    if let Some(realm) = &signer.realm {
        same("realm", realm, &state.mask);
    }
    let version = value("oauth_version").unwrap_or("1.0");
    checks.note(version == "1.0", REFUSED, "`oauth_version`", "1.0", version);
    let timestamp = value("oauth_timestamp").unwrap_or_default();
    if signer.method != "PLAINTEXT" || !timestamp.is_empty() {
        let seconds: Option<i64> = timestamp.parse().ok();
        let ok = seconds.is_some_and(|seconds| seconds.saturating_sub(now / 1000).saturating_abs() <= MAX_SKEW);
        checks.note(ok, REFUSED, "`oauth_timestamp`", format!("{} or so", now / 1000), timestamp);
        let nonce = value("oauth_nonce").unwrap_or_default();
        let fresh = !nonce.is_empty() && !state.nonces.contains(&format!("{timestamp} {nonce}"));
        checks.note(fresh, REFUSED, "`oauth_nonce`", "one that was not used before", nonce);
    }
    let token_secret = signer.token.map_or("", |(_, secret)| secret);
    let key = format!("{}&{}", percent(signer.consumer.1), percent(token_secret));
    let base = base_string(&own, received);
    let expected = match signer.method {
        "PLAINTEXT" => key,
        "HMAC-SHA256" => base64(&hmac_sha2(256, key.as_bytes(), base.as_bytes())),
        _ => base64(&hmac_sha1(key.as_bytes(), base.as_bytes())),
    };
    let ok = value("oauth_signature") == Some(&expected);
    let shown = if ok { "it" } else { "another one" };
    checks.note(ok, REFUSED, "`oauth_signature`", format!("{} of {}", signer.method, state.mask.shown(&base)), shown);
}

/// The nonce of a request with its timestamp, which counts once.
pub(crate) fn nonce(received: &ReceivedRequest) -> Option<String> {
    Some(format!("{} {}", parameter(received, "oauth_timestamp")?, parameter(received, "oauth_nonce")?))
}

/// RFC 5849 section 3.4.1.
fn base_string(own: &[(String, String)], received: &ReceivedRequest) -> String {
    let header = own.iter().filter(|(name, _)| name != "realm" && name != "oauth_signature").cloned();
    let is_form = received.media_type() == "application/x-www-form-urlencoded" && received.method != Method::GET;
    let form = if is_form { received.form() } else { Vec::new() };
    let all = header.chain(received.query()).chain(form);
    let mut encoded: Vec<(String, String)> = all.map(|(name, value)| (percent(&name), percent(&value))).collect();
    encoded.sort();
    let pairs: Vec<String> = encoded.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let uri = format!("{}://{}{}", received.url.scheme(), received.host(), received.url.path());
    [received.method.as_str(), &percent(&uri), &percent(&pairs.join("&"))].join("&")
}
