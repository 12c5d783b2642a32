//! AWS Signature Version 4 as a header template asks for it.
//!
//! The path is signed as it is in the URL, the payload is hashed, and the signed headers are `host`, `x-amz-date` and
//! the caller's content type. The entry sends `x-amz-date` itself, from the same instant.
//! Absent here: session tokens and query signing.

use super::function::hex;
use super::{Scope, Unfit, date};
use keyway_spec::template::{DatePart, Now};
use ring::{digest, hmac};

/// The `Authorization` value. The host is `<service>.amazonaws.com` when none is given.
pub(super) fn authorization(
    key_id: &str,
    secret: &str,
    region: &str,
    service: &str,
    host: Option<&str>,
    scope: &Scope<'_>,
) -> Result<String, Unfit> {
    let arguments = [("key id", key_id), ("secret", secret), ("region", region), ("service", service)];
    if let Some((argument, _)) = arguments.iter().find(|(_, text)| text.trim().is_empty()) {
        return Err(Unfit::new("awsSigV4", format!("has no {argument}")));
    }
    let signing =
        scope.signing.ok_or_else(|| Unfit::new("awsSigV4", "can only be used in the headers of a request"))?;
    let [key_id, secret, region, service] = [key_id, secret, region, service].map(str::trim);
    let host = host.map(str::trim).filter(|host| !host.is_empty());
    let host = host.map_or_else(|| format!("{service}.amazonaws.com"), str::to_owned);

    let stamp = date::format(&Now { offset: None, format: STAMP }, scope.moment.now)?;
    let day = stamp.split('T').next().unwrap_or_default();
    let content_type = signing.content_type.trim();
    let (signed_headers, content_type_line) = if content_type.is_empty() {
        ("host;x-amz-date", String::new())
    } else {
        ("content-type;host;x-amz-date", format!("content-type:{content_type}\n"))
    };
    let path = if signing.path.is_empty() { "/" } else { &signing.path };
    let canonical = format!(
        "{}\n{path}\n{}\n{content_type_line}host:{host}\nx-amz-date:{stamp}\n\n{signed_headers}\n{}",
        signing.method,
        signing.url_canonical_params,
        sha256(&signing.body_canonical_params),
    );
    let credential_scope = format!("{day}/{region}/{service}/aws4_request");
    let to_sign = format!("AWS4-HMAC-SHA256\n{stamp}\n{credential_scope}\n{}", sha256(&canonical));

    let seed = format!("AWS4{secret}").into_bytes();
    let key = [day, region, service, "aws4_request"].iter().fold(seed, |key, part| mac(&key, part));
    let signature = hex(&mac(&key, &to_sign));
    Ok(format!(
        "AWS4-HMAC-SHA256 Credential={key_id}/{credential_scope}, SignedHeaders={signed_headers}, Signature={signature}"
    ))
}

/// `20260102T030405Z`.
const STAMP: &[DatePart<'_>] = &[
    DatePart::Year,
    DatePart::Month,
    DatePart::Day,
    DatePart::Text("T"),
    DatePart::Hour,
    DatePart::Minute,
    DatePart::Second,
    DatePart::Text("Z"),
];

fn sha256(text: &str) -> String {
    hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref())
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}
