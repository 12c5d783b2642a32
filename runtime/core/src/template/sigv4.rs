//! AWS Signature Version 4 as a header template asks for it.
//!
//! The path is signed as it is in the URL, the payload is hashed, and the signed headers are `host`, `x-amz-date` and
//! the caller's content type. The entry sends `x-amz-date` itself, from the same instant. The signature itself is
//! computed in [`crate::sign::sigv4`]. Not supported: session tokens.

use super::{Scope, Unfit};
use crate::secret::Secret;
use crate::sign::digest::sha256_hex;
use crate::sign::sigv4::{self, Canonical, Credentials};

/// The `Authorization` value. The host is `<service>.amazonaws.com` when none is given.
pub(super) fn authorization(
    key_id: &str,
    secret: &str,
    region: &str,
    service: &str,
    host: Option<&str>,
    scope: &Scope<'_>,
) -> Result<String, Unfit> {
    let signing =
        scope.signing.ok_or_else(|| Unfit::new("awsSigV4", "can only be used in the headers of a request"))?;
    let [key_id, secret, region, service] = [key_id, secret, region, service].map(str::trim);
    let host = host.map(str::trim).filter(|host| !host.is_empty());
    let host = host.map_or_else(|| format!("{service}.amazonaws.com"), str::to_owned);

    let mut headers = vec![("host".to_owned(), host), ("x-amz-date".to_owned(), sigv4::stamp(scope.moment.now))];
    let content_type = signing.content_type.trim();
    if !content_type.is_empty() {
        headers.insert(0, ("content-type".to_owned(), content_type.to_owned()));
    }
    let canonical = Canonical {
        method: &signing.method,
        path: if signing.path.is_empty() { "/" } else { &signing.path },
        query: &signing.url_canonical_params,
        headers: &headers,
        payload: &sha256_hex(&signing.body),
    };
    let secret = Secret::from(secret);
    let credentials = Credentials { key_id, secret: &secret, session_token: None };
    let holds = sigv4::Scope { region, service, at: scope.moment.now };
    let value = sigv4::authorization(&canonical, credentials, holds)
        .map_err(|error| Unfit::new("awsSigV4", format!("cannot sign: {}", error.message())))?;
    Ok(value.expose().to_owned())
}
