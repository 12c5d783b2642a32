//! A signed request of OAuth 1.0, read from the server's side (RFC 5849 section 3.2): written for the tests alone.

#![allow(dead_code, clippy::format_collect, clippy::format_push_string)] // each binary uses its part; texts are short

use super::openssl;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use std::collections::BTreeMap;

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) method: String,
    pub(crate) host: String,
    pub(crate) target: String,
    pub(crate) authorization: String,
    pub(crate) content_type: String,
    pub(crate) body: String,
}

/// The protocol parameters of a request, `realm` included.
pub(crate) type Protocol = BTreeMap<String, String>;

pub(crate) fn protocol(received: &Received) -> Option<Protocol> {
    let parameters = received.authorization.strip_prefix("OAuth ")?.split(", ");
    parameters
        .map(|parameter| {
            let (name, value) = parameter.split_once("=\"")?;
            Some((decoded(name, false), decoded(value.strip_suffix('"')?, false)))
        })
        .collect()
}

/// Whether the signature is the one that these secrets make.
pub(crate) fn is_signed_with(
    received: &Received,
    protocol: &Protocol,
    client_secret: &str,
    token_secret: &str,
) -> bool {
    let secrets = format!("{}&{}", encoded(client_secret), encoded(token_secret));
    let base = base_string(received, protocol);
    let expected = match protocol["oauth_signature_method"].as_str() {
        "HMAC-SHA1" => STANDARD.encode(openssl::hmac("sha1", secrets.as_bytes(), base.as_bytes())),
        "HMAC-SHA256" => STANDARD.encode(openssl::hmac("sha256", secrets.as_bytes(), base.as_bytes())),
        "PLAINTEXT" => secrets,
        _ => return false,
    };
    protocol["oauth_signature"] == expected
}

/// Section 3.4.1.
fn base_string(received: &Received, protocol: &Protocol) -> String {
    let (path, query) = received.target.split_once('?').unwrap_or((&received.target, ""));
    let is_form = received.content_type.starts_with("application/x-www-form-urlencoded");
    let form = if is_form { received.body.as_str() } else { "" };
    let pairs = [query, form].into_iter().flat_map(|text| text.split('&')).filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (encoded_bytes(&decoded_bytes(name, true)), encoded_bytes(&decoded_bytes(value, true)))
    });
    let own = protocol.iter().filter(|(name, _)| !matches!(name.as_str(), "realm" | "oauth_signature"));
    let mut all: Vec<_> = pairs.chain(own.map(|(name, value)| (encoded(name), encoded(value)))).collect();
    all.sort();
    let all: Vec<String> = all.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let uri = format!("http://{}{path}", received.host);
    format!("{}&{}&{}", received.method, encoded(&uri), encoded(&all.join("&")))
}

/// Section 3.6.
pub(crate) fn encoded(text: &str) -> String {
    encoded_bytes(text.as_bytes())
}

pub(crate) fn encoded_bytes(bytes: &[u8]) -> String {
    let mut encoded = String::new();
    for byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(char::from(*byte)),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// Percent-decoded; in a query or a form, a plus sign is a space.
pub(crate) fn decoded(text: &str, is_form: bool) -> String {
    String::from_utf8(decoded_bytes(text, is_form)).unwrap()
}

/// The same as the bytes that were sent, which need not be UTF-8. A `%` without two digits is itself.
pub(crate) fn decoded_bytes(text: &str, is_form: bool) -> Vec<u8> {
    let (mut bytes, mut rest) = (Vec::new(), text.as_bytes());
    while let [first, after @ ..] = rest {
        rest = after;
        match (first, after) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digits = String::from_utf8(vec![*high, *low]).unwrap();
                bytes.push(u8::from_str_radix(&digits, 16).unwrap());
                rest = after;
            }
            (b'+', _) if is_form => bytes.push(b' '),
            (byte, _) => bytes.push(*byte),
        }
    }
    bytes
}
