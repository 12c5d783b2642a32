//! AWS Signature Version 4, in headers (AWS IAM User Guide, "Create a signed AWS API request").
//!
//! [`headers`] signs a final request. [`authorization`] is the signature over parts that are canonical already, for a
//! caller that sends the other headers itself. Only the headers named are signed: what intermediaries change
//! (`user-agent`, `connection`) should not be among them. Nothing here has a `Debug` that shows a URL, header or
//! body. Not supported: signatures in the query, chunked bodies, version 4A.

mod signature;

use signature::stamped;
pub use signature::{Canonical, authorization, stamp};

use super::digest::sha256_hex;
use super::parameters::{canonical, encode, pairs, respell};
use crate::clock::Timestamp;
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use url::Url;

/// The signer's credentials.
#[derive(Clone, Copy, Debug)]
pub struct Credentials<'a> {
    /// The access key's id.
    pub key_id: &'a str,
    /// The secret access key.
    pub secret: &'a Secret,
    /// The session token of temporary credentials.
    pub session_token: Option<&'a Secret>,
}

/// The scope of the signature.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// The region.
    pub region: &'a str,
    /// The service's signing name.
    pub service: &'a str,
    /// The instant; a service accepts it for some minutes.
    pub at: Timestamp,
}

/// The request to sign, when its URL and body are final.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The URL, query included. Its host is signed as the header `host`.
    pub url: &'a Url,
    /// Further headers to sign. `host`, `authorization` and what [`headers`] makes are left out.
    pub headers: &'a [(&'a str, &'a str)],
    /// The body.
    pub payload: Payload<'a>,
    /// The form of the path that is signed.
    pub path: PathForm,
    /// True if `x-amz-content-sha256` is sent: S3 requires it, other services accept it.
    pub content_hash: bool,
}

/// The body of a request, as far as the signature covers it.
#[derive(Clone, Copy)]
pub enum Payload<'a> {
    /// These bytes, and no others.
    Bytes(&'a [u8]),
    /// Any: `UNSIGNED-PAYLOAD`, which only S3 accepts.
    Unsigned,
}

/// The form of the path that a service signs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathForm {
    /// As it is in the URL: S3, whose keys may hold empty segments and dots.
    AsSent,
    /// Without empty and dot segments, each segment encoded once more: every other service.
    Normalized,
}

/// The headers to add to a request: `x-amz-date`, `x-amz-content-sha256` and `x-amz-security-token` where they apply,
/// and `authorization`.
pub fn headers(
    request: &Request<'_>,
    credentials: Credentials<'_>,
    scope: Scope<'_>,
) -> Result<Vec<(&'static str, Secret)>> {
    let payload = match request.payload {
        Payload::Bytes(bytes) => sha256_hex(bytes),
        Payload::Unsigned => "UNSIGNED-PAYLOAD".to_owned(),
    };
    let stamp = stamp(scope.at);
    let mut made = vec![("x-amz-date", Secret::from(stamp.as_str()))];
    if request.content_hash {
        made.push(("x-amz-content-sha256", Secret::from(payload.as_str())));
    }
    if let Some(token) = credentials.session_token {
        made.push(("x-amz-security-token", token.clone()));
    }

    let host = request.url.host_str().ok_or_else(|| invalid("the URL has no host to sign"))?;
    let host = request.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"));
    let own = made.iter().map(|(name, value)| (*name, value.expose()));
    let foreign = |name: &str| !OWN.iter().any(|own| own.eq_ignore_ascii_case(name.trim()));
    let further = request.headers.iter().copied().filter(|(name, _)| foreign(name));
    let signed = sorted(further.chain([("host", host.as_str())]).chain(own));

    let path = match request.path {
        PathForm::AsSent => request.url.path().to_owned(),
        PathForm::Normalized => normalized(request.url.path()),
    };
    let query = canonical(pairs(request.url.query().unwrap_or_default().as_bytes()));
    let method = request.method.to_ascii_uppercase();
    let parts = Canonical { method: &method, path: &path, query: &query, headers: &signed, payload: &payload };
    made.push(("authorization", stamped(&parts, credentials, scope, &stamp)?));
    Ok(made)
}

/// Headers that are signed from their own source, whatever a request has under these names.
const OWN: [&str; 5] = ["authorization", "host", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"];

/// Names in lower case and sorted; values trimmed, inner runs of spaces made one; repeated headers joined by commas.
fn sorted<'a>(headers: impl IntoIterator<Item = (&'a str, &'a str)>) -> Vec<(String, String)> {
    let mut list: Vec<(String, String)> = headers
        .into_iter()
        .map(|(name, value)| {
            let value = value.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
            (name.trim().to_ascii_lowercase(), value)
        })
        .collect();
    list.sort_by(|(a, _), (b, _)| a.cmp(b)); // stable: repeated headers keep their order
    list.dedup_by(|(name, value), (kept, joined)| {
        let same = name == kept;
        if same {
            joined.push(',');
            joined.push_str(value);
        }
        same
    });
    list
}

/// The spelling of a path that S3 signs, whatever it is sent: everything but unreserved characters encoded, once.
pub fn object_path(path: &str) -> String {
    path.split('/').map(respell).collect::<Vec<_>>().join("/")
}

/// A path as all services but S3 sign it. A parsed URL holds no `..`.
fn normalized(path: &str) -> String {
    let segments: Vec<String> =
        path.split('/').filter(|part| !matches!(*part, "" | ".")).map(|part| encode(part).to_string()).collect();
    let end = if path.ends_with('/') && !segments.is_empty() { "/" } else { "" };
    format!("/{}{end}", segments.join("/"))
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::InvalidValue, message)
}

#[cfg(test)]
mod tests;
