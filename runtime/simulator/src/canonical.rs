//! The canonical request of AWS Signature Version 4: what a signature is of, computed from what arrived.

use crate::crypto::{RESERVED, percent};
use crate::request::ReceivedRequest;

/// The canonical request: bytes, as those of a header need not be UTF-8.
pub(crate) fn canonical(service: &str, received: &ReceivedRequest, signed: &[&str], payload: &str) -> Vec<u8> {
    let mut lines = Vec::new();
    for name in signed {
        let values: Vec<Vec<u8>> = match *name {
            "host" => vec![received.host().into_bytes()],
            name => received.headers.get_all(name).iter().map(|value| trimmed(value.as_bytes())).collect(),
        };
        lines.extend([name.as_bytes(), b":", &values.join(&b","[..]), b"\n"].concat());
    }
    let query = query(received.url.query().unwrap_or_default());
    let path = path(service, received.url.path());
    let signed = signed.join(";");
    let parts = [
        received.method.as_str().as_bytes(),
        path.as_bytes(),
        query.as_bytes(),
        &lines,
        signed.as_bytes(),
        payload.as_bytes(),
    ];
    parts.join(&b"\n"[..])
}

/// A value without blanks around it, and with one where there are several.
fn trimmed(value: &[u8]) -> Vec<u8> {
    let words = value.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(&b" "[..])
}

/// The path: of S3 each byte encoded once, of other services the path as it was sent, without empty and dot segments,
/// encoded once more.
fn path(service: &str, path: &str) -> String {
    if is_storage(service) {
        let decoded = |part: &str| percent_encoding::percent_decode_str(part).collect::<Vec<u8>>();
        let encoded = |part: &str| percent_encoding::percent_encode(&decoded(part), RESERVED).to_string();
        return path.split('/').map(encoded).collect::<Vec<_>>().join("/");
    }
    let mut parts: Vec<String> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(percent(part)),
        }
    }
    let end = if path.ends_with('/') && !parts.is_empty() { "/" } else { "" };
    format!("/{}{end}", parts.join("/"))
}

/// The parameters, encoded by RFC 3986 and sorted. A plus sign is one, and no space.
fn query(query: &str) -> String {
    // Bytes, which need not be UTF-8.
    let encoded = |text: &str| {
        let decoded: Vec<u8> = percent_encoding::percent_decode_str(text).collect();
        percent_encoding::percent_encode(&decoded, RESERVED).to_string()
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let mut pairs: Vec<(String, String)> = pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (encoded(name), encoded(value))
        })
        .collect();
    pairs.sort();
    pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

/// S3 and its kind.
pub(crate) fn is_storage(service: &str) -> bool {
    matches!(service, "s3" | "s3express" | "s3-object-lambda" | "s3-outposts")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_queries_are_canonical_as_the_service_has_them() {
        for (service, sent, expected) in [
            ("iam", "/", "/"),
            ("iam", "/a/b/", "/a/b/"),
            ("iam", "//a/./b/../c", "/a/c"),
            ("iam", "/a%20b", "/a%2520b"),
            ("s3", "//a//b/", "//a//b/"),
            ("s3", "/a%20b$(c)", "/a%20b%24%28c%29"),
        ] {
            assert_eq!(path(service, sent), expected, "{service} {sent}");
        }
        for (sent, expected) in [
            ("", ""),
            ("b=2&a=1&a=0", "a=0&a=1&b=2"),
            ("lifecycle", "lifecycle="),
            ("a=x+y&b=x%20y&c=%2f", "a=x%2By&b=x%20y&c=%2F"),
            ("name=%e9t%E9&%ff", "%FF=&name=%E9t%E9"),
        ] {
            assert_eq!(query(sent), expected, "{sent}");
        }
    }
}
