//! Authentication of a vendor's webhooks.
//!
//! Vendors differ in the header and the spelling of their signature, not in what it is: the HMAC-SHA256 (RFC 2104) of
//! the body under a secret that both sides know. It cannot be made without the secret, so it does not matter which
//! header holds it: hexadecimal or Base64, with or without `sha256=` before it. Without a secret every webhook is
//! refused.
//!
//! A repeated webhook is authentic too; the caller must act on it only once.

use crate::error::{Error, ErrorKind, Result};
use crate::integration::IntegrationRecord;
use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER_PERMISSIVE;
use ring::hmac;

/// The operator's setting that holds the secret.
const SETTING: &str = "webhookSecret";
/// A vendor's request has fewer headers than this.
const MAX_HEADERS: usize = 100;
/// The bytes of the HMAC.
const LENGTH: usize = 32;

/// Refuses a body that no header signs.
pub fn authenticate(integration: &IntegrationRecord, body: &[u8], headers: &[&str]) -> Result<()> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret(integration)?.expose().as_bytes());
    let authentic = signatures(headers).any(|signature| hmac::verify(&key, body, &signature).is_ok());
    if authentic { Ok(()) } else { Err(unsigned()) }
}

/// Refuses a webhook before its body is there, where no header can be its signature.
pub fn expect(integration: &IntegrationRecord, headers: &[&str]) -> Result<()> {
    secret(integration)?;
    if signatures(headers).next().is_some() { Ok(()) } else { Err(unsigned()) }
}

/// The secret that the operator shares with the vendor.
pub fn secret(integration: &IntegrationRecord) -> Result<&Secret> {
    integration.custom.get(SETTING).filter(|secret| !secret.is_empty()).ok_or_else(|| {
        let message =
            format!("the integration `{}` has no webhook secret: set `custom.{SETTING}` first", integration.key);
        Error::new(ErrorKind::MissingValue, message)
    })
}

/// The possible signatures among the headers' values.
fn signatures(headers: &[&str]) -> impl Iterator<Item = Vec<u8>> {
    let found = headers.iter().take(MAX_HEADERS).flat_map(|value| spellings(value));
    found.filter(|signature| signature.len() == LENGTH)
}

fn unsigned() -> Error {
    let message = "no header of the webhook signs its body with the integration's webhook secret";
    Error::new(ErrorKind::NotAuthentic, message)
}

/// The bytes that a header's value may mean.
fn spellings(value: &str) -> impl Iterator<Item = Vec<u8>> {
    let value = value.trim();
    let value = value.strip_prefix("sha256=").unwrap_or(value);
    let fits = value.len() == 2 * LENGTH || value.len() == 44;
    let hexadecimal = fits.then(|| HEXLOWER_PERMISSIVE.decode(value.as_bytes()).ok()).flatten();
    let base64 = fits.then(|| STANDARD.decode(value).ok()).flatten();
    hexadecimal.into_iter().chain(base64)
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 4231 section 4.3: key "Jefe".
    const BODY: &[u8] = b"what do ya want for nothing?";
    const HEXADECIMAL: &str = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    const BASE64: &str = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=";

    fn signed(secret: &str, body: &[u8], headers: &[&str]) -> Option<ErrorKind> {
        let custom = [(SETTING.to_owned(), Secret::new(secret))].into();
        let integration = IntegrationRecord { custom, ..IntegrationRecord::default() };
        authenticate(&integration, body, headers).err().map(|error| error.kind())
    }

    #[test]
    fn a_signature_counts_in_every_spelling_and_any_header() {
        let upper = HEXADECIMAL.to_uppercase();
        let prefixed = format!("sha256={HEXADECIMAL}");
        for header in [HEXADECIMAL, BASE64, &upper, &prefixed] {
            assert_eq!(signed("Jefe", BODY, &["application/json", header]), None, "{header}");
        }
    }

    #[test]
    fn nothing_else_does() {
        let cut = &HEXADECIMAL[..62];
        for (secret, body, headers) in [
            ("Jefe", BODY, &[][..]),
            ("Jefe", BODY, &["", "sha256=", cut, "Jefe"]),
            ("Jefe", b"what do ya want for something?", &[HEXADECIMAL]),
            ("jefe", BODY, &[HEXADECIMAL]),
        ] {
            assert_eq!(signed(secret, body, headers), Some(ErrorKind::NotAuthentic), "{headers:?}");
        }
        let many = vec!["x"; MAX_HEADERS];
        let late: Vec<&str> = many.iter().copied().chain([HEXADECIMAL]).collect();
        assert_eq!(signed("Jefe", BODY, &late), Some(ErrorKind::NotAuthentic));
        assert_eq!(signed("", BODY, &[HEXADECIMAL]), Some(ErrorKind::MissingValue));
    }

    #[test]
    fn what_cannot_be_signed_is_refused_before_its_body_is_there() {
        let expected = |secret: &str, headers: &[&str]| {
            let custom = [(SETTING.to_owned(), Secret::new(secret))].into();
            let integration = IntegrationRecord { custom, ..IntegrationRecord::default() };
            expect(&integration, headers).err().map(|error| error.kind())
        };
        let forged = "0".repeat(64);
        assert_eq!(expected("Jefe", &["text/plain", &forged]), None, "only the body can tell");
        assert_eq!(expected("Jefe", &["text/plain", "sha256="]), Some(ErrorKind::NotAuthentic));
        assert_eq!(expected("", &[HEXADECIMAL]), Some(ErrorKind::MissingValue));
    }
}
