//! Signature Version 4 from the server's side (AWS IAM User Guide, "Create a signed AWS API request"): written for the
//! tests alone.

use crate::cloud::Sent;
use crate::openssl::{digest, hex, hmac};
use crate::rfc5849::{decoded_bytes, encoded, encoded_bytes};

/// Whose signature it is, and where it holds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Signed {
    pub(crate) key_id: String,
    pub(crate) region: String,
    pub(crate) service: String,
}

/// What a request says about its signature.
pub(crate) fn claimed(sent: &Sent) -> Option<Signed> {
    let (key_id, scope) = field(sent, "Credential")?.split_once('/')?;
    let [_, region, service, "aws4_request"] = scope.split('/').collect::<Vec<_>>()[..] else { return None };
    Some(Signed { key_id: key_id.to_owned(), region: region.to_owned(), service: service.to_owned() })
}

/// Whether the signature is the one that this secret makes over everything that must be covered.
pub(crate) fn is_signed_with(sent: &Sent, secret: &str) -> bool {
    let Some((signed, names, signature)) = claimed(sent)
        .zip(field(sent, "SignedHeaders"))
        .zip(field(sent, "Signature"))
        .map(|((signed, names), signature)| (signed, names, signature))
    else {
        return false;
    };
    let covered: Vec<&str> = names.split(';').collect();
    let must = sent.headers.keys().filter(|name| name.starts_with("x-amz-") || *name == "content-type");
    if !covered.contains(&"host") || !must.into_iter().all(|name| covered.contains(&name.as_str())) {
        return false;
    }
    let payload = sent.header("x-amz-content-sha256");
    if payload != "UNSIGNED-PAYLOAD" && payload != hex(&digest("sha256", &sent.body)) {
        return false;
    }
    let value = |name: &str| sent.header(name).split_ascii_whitespace().collect::<Vec<_>>().join(" ");
    let headers: Vec<String> = covered.iter().map(|name| format!("{name}:{}", value(name))).collect();
    let headers = headers.join("\n");
    let (path, query) = (path(sent, &signed.service), query(sent));
    let canonical = [&sent.method, &path, &query, &headers, "", names, payload].map(ToString::to_string).join("\n");
    let date = sent.header("x-amz-date");
    let scope = format!("{}/{}/{}/aws4_request", &date[..8], signed.region, signed.service);
    let hash = hex(&digest("sha256", canonical.as_bytes()));
    let text = format!("AWS4-HMAC-SHA256\n{date}\n{scope}\n{hash}");
    let key = [&date[..8], &signed.region, &signed.service, "aws4_request"]
        .iter()
        .fold(format!("AWS4{secret}").into_bytes(), |key, part| hmac("sha256", &key, part.as_bytes()));
    hex(&hmac("sha256", &key, text.as_bytes())) == signature
}

fn field<'a>(sent: &'a Sent, name: &str) -> Option<&'a str> {
    let fields = sent.header("authorization").strip_prefix("AWS4-HMAC-SHA256 ")?;
    fields.split(", ").find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
}

/// S3 encodes the key that it was asked for once; every other service encodes what it was sent once more.
fn path(sent: &Sent, service: &str) -> String {
    let segments = sent.url.path().split('/');
    let segments: Vec<String> = if service == "s3" {
        segments.map(|segment| encoded_bytes(&decoded_bytes(segment, false))).collect()
    } else {
        segments.map(encoded).collect()
    };
    segments.join("/")
}

/// A plus sign is a plus sign here.
fn query(sent: &Sent) -> String {
    let pairs = sent.url.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<(String, String)> = pairs
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (encoded_bytes(&decoded_bytes(name, false)), encoded_bytes(&decoded_bytes(value, false))))
        .collect();
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}
