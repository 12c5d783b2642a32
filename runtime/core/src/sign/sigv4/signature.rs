//! The signature over parts that are canonical already: string to sign, derived key, `Authorization` header.

use super::{Credentials, Scope, invalid};
use crate::clock::Timestamp;
use crate::error::Result;
use crate::secret::Secret;
use crate::sign::digest::{hex, hmac_sha256, sha256_hex};
use zeroize::Zeroizing;

/// Parts of a request in canonical form.
#[derive(Clone, Copy)]
pub struct Canonical<'a> {
    /// The method, upper case.
    pub method: &'a str,
    /// The path, encoded as the service signs it.
    pub path: &'a str,
    /// The sorted, encoded query.
    pub query: &'a str,
    /// The signed headers: names in lower case, sorted, each once.
    pub headers: &'a [(String, String)],
    /// The hexadecimal SHA-256 of the body, or `UNSIGNED-PAYLOAD`.
    pub payload: &'a str,
}

/// The value of the `Authorization` header.
pub fn authorization(request: &Canonical<'_>, credentials: Credentials<'_>, scope: Scope<'_>) -> Result<Secret> {
    stamped(request, credentials, scope, &stamp(scope.at))
}

/// The same where the scope's instant was printed already.
pub(super) fn stamped(
    request: &Canonical<'_>,
    credentials: Credentials<'_>,
    scope: Scope<'_>,
    stamp: &str,
) -> Result<Secret> {
    let Scope { region, service, .. } = scope;
    let secret = credentials.secret.expose();
    for (name, text) in
        [("access key id", credentials.key_id), ("secret access key", secret), ("region", region), ("service", service)]
    {
        if text.is_empty() {
            return Err(invalid(format!("the {name} of the AWS signature is empty")));
        }
    }
    let day = stamp.split('T').next().unwrap_or_default();
    let headers = request.headers.iter();
    let lines: Vec<&str> = headers.flat_map(|(name, value)| [name.as_str(), ":", value, "\n"]).collect();
    let lines = Zeroizing::new(lines.concat());
    let names = request.headers.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(";");
    let Canonical { method, path, query, payload, .. } = *request;
    let canonical = [method, "\n", path, "\n", query, "\n", &lines, "\n", &names, "\n", payload].concat();
    let hash = sha256_hex(Zeroizing::new(canonical).as_bytes());
    let credential_scope = [day, "/", region, "/", service, "/aws4_request"].concat();
    let to_sign = ["AWS4-HMAC-SHA256\n", stamp, "\n", &credential_scope, "\n", &hash].concat();

    let seed = Zeroizing::new(["AWS4", secret].concat().into_bytes());
    let key = [day, region, service, "aws4_request"]
        .iter()
        .fold(seed, |key, part| Zeroizing::new(hmac_sha256(&key, part.as_bytes()).as_ref().to_vec()));
    let signature = hex(hmac_sha256(&key, to_sign.as_bytes()).as_ref());
    let who = ["AWS4-HMAC-SHA256 Credential=", credentials.key_id, "/", &credential_scope].concat();
    Ok(Secret::new([who.as_str(), ", SignedHeaders=", &names, ", Signature=", &signature].concat()))
}

/// The instant as `x-amz-date` has it: `20260102T030405Z`.
pub fn stamp(at: Timestamp) -> String {
    at.strftime("%Y%m%dT%H%M%SZ").to_string()
}
