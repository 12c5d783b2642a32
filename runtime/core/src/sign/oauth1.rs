//! Signed requests of OAuth 1.0 (RFC 5849 section 3), in the `Authorization` header.
//!
//! The signature covers the method, the URL with its query, the protocol parameters, and the parameters of a form
//! body. HMAC-SHA256 is HMAC-SHA1 with another hash, as vendors of token-based authentication define it. Nonces and
//! the time are passed in. Types that hold a URL, a form or a token do not implement `Debug`. Not supported:
//! `RSA-SHA1`, which `ring` does not offer.

use super::digest::{hmac_sha1, hmac_sha256};
use super::parameters::{canonical, encode, pairs};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use url::Url;
use zeroize::Zeroizing;

/// The signature method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `HMAC-SHA1` (section 3.4.2).
    HmacSha1,
    /// `HMAC-SHA256`: the same with SHA-256.
    HmacSha256,
    /// `PLAINTEXT` (section 3.4.4): the secrets themselves, for TLS only.
    Plaintext,
}

impl Method {
    /// The value of `oauth_signature_method`.
    pub const fn name(self) -> &'static str {
        match self {
            Method::HmacSha1 => "HMAC-SHA1",
            Method::HmacSha256 => "HMAC-SHA256",
            Method::Plaintext => "PLAINTEXT",
        }
    }
}

/// The request to sign, when its URL is final.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The HTTP method.
    pub method: &'a str,
    /// The URL, query included.
    pub url: &'a Url,
    /// The body, if it is `application/x-www-form-urlencoded`; empty otherwise (section 3.4.1.3.1).
    pub form: &'a [u8],
}

/// The signer: a client and its token.
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// The client's identifier, `oauth_consumer_key`.
    pub consumer_key: &'a str,
    /// The client's secret.
    pub consumer_secret: &'a Secret,
    /// The token and its secret; none yet when temporary credentials are asked for.
    pub token: Option<(&'a str, &'a Secret)>,
}

/// The inputs that differ between requests and vendors.
#[derive(Clone, Copy)]
pub struct Options<'a> {
    /// The signature method.
    pub method: Method,
    /// Unique among the requests of one timestamp.
    pub nonce: &'a str,
    /// Seconds since 1970.
    pub timestamp: i64,
    /// Further protocol parameters: `oauth_callback`, `oauth_verifier`.
    pub extra: &'a [(&'a str, &'a str)],
    /// The `realm`, which is not signed (section 3.4.1.3.1).
    pub realm: Option<&'a str>,
}

/// The value of the `Authorization` header (section 3.5.1).
pub fn authorization(request: Request<'_>, credentials: Credentials<'_>, options: Options<'_>) -> Result<Secret> {
    let timestamp = options.timestamp.to_string();
    let mut protocol: Vec<(&str, &str)> = vec![
        ("oauth_consumer_key", credentials.consumer_key),
        ("oauth_nonce", options.nonce),
        ("oauth_signature_method", options.method.name()),
        ("oauth_timestamp", &timestamp),
        ("oauth_version", "1.0"),
    ];
    protocol.extend(credentials.token.map(|(token, _)| ("oauth_token", token)));
    protocol.extend(options.extra);

    let secrets = secrets(credentials);
    let signature = signature(options.method, &secrets, &base_string(request, &protocol));
    protocol.push(("oauth_signature", &signature));
    protocol.sort_unstable();

    let realm = options.realm.map(realm).transpose()?;
    let fields = protocol.iter().map(|(name, value)| format!("{}=\"{}\"", encode(name), encode(value)));
    Ok(Secret::new(format!("OAuth {}", realm.into_iter().chain(fields).collect::<Vec<_>>().join(", "))))
}

/// The signature base string (section 3.4.1). A parameter that is there twice is signed twice.
fn base_string(request: Request<'_>, protocol: &[(&str, &str)]) -> Zeroizing<String> {
    let own = protocol.iter().map(|(name, value)| (name.as_bytes().to_vec(), value.as_bytes().to_vec()));
    let query = request.url.query().unwrap_or_default();
    let parameters = Zeroizing::new(canonical(pairs(query.as_bytes()).chain(pairs(request.form)).chain(own)));
    let mut uri = request.url.clone();
    uri.set_query(None);
    uri.set_fragment(None);
    // Neither can fail where there is a host, and neither belongs to the base string (section 3.4.1.2).
    let _ = uri.set_username("");
    let _ = uri.set_password(None);
    let method = request.method.to_ascii_uppercase();
    Zeroizing::new(format!("{}&{}&{}", encode(&method), encode(uri.as_str()), encode(&parameters)))
}

/// Both secrets, each encoded (section 3.4.2): the key of a MAC, or the plain signature.
fn secrets(credentials: Credentials<'_>) -> Zeroizing<String> {
    let token = credentials.token.map_or("", |(_, secret)| secret.expose());
    Zeroizing::new(format!("{}&{}", encode(credentials.consumer_secret.expose()), encode(token)))
}

fn signature(method: Method, secrets: &str, base: &str) -> Zeroizing<String> {
    Zeroizing::new(match method {
        Method::HmacSha1 => STANDARD.encode(hmac_sha1(secrets.as_bytes(), base.as_bytes())),
        Method::HmacSha256 => STANDARD.encode(hmac_sha256(secrets.as_bytes(), base.as_bytes())),
        Method::Plaintext => secrets.to_owned(),
    })
}

/// A quoted string (RFC 9110 section 5.6.4) without escapes, which servers of this protocol do not read.
fn realm(text: &str) -> Result<String> {
    if text.chars().any(|c| c.is_control() || !c.is_ascii() || matches!(c, '"' | '\\')) {
        return Err(Error::new(
            ErrorKind::InvalidValue,
            "the OAuth `realm` may hold printable ASCII without quotes and backslashes only",
        ));
    }
    Ok(format!("realm=\"{text}\""))
}

#[cfg(test)]
mod tests;
