//! JSON Web Tokens (RFC 7519): one without a signature that counts, of redacted claims. Entries read claims.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

/// The claims of a token; `None` for a text that is none.
pub(super) fn claims(text: &str) -> Option<Value> {
    let mut parts = text.split('.');
    let (header, claims, _signature) = (parts.next()?, parts.next()?, parts.next()?);
    let object = |part: &str| {
        let value: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()?;
        value.is_object().then_some(value)
    };
    let is_whole = parts.next().is_none() && object(header).is_some_and(|header| header.get("alg").is_some());
    object(claims).filter(|_| is_whole)
}

/// A token of these claims, with the word `signature` in the place of one.
pub(super) fn of_claims(claims: &Value) -> String {
    let encoded = |text: String| URL_SAFE_NO_PAD.encode(text);
    let header = json!({"alg": "none", "typ": "JWT"}).to_string();
    [encoded(header), encoded(claims.to_string()), encoded("signature".to_owned())].join(".")
}
