//! The headers of a proxied request: which connection, how to send, what to pass on.
//!
//! `Nango-Proxy-<Name>` and `Keyway-Proxy-<Name>` are passed on as `<Name>`, some end-to-end headers as they are, and
//! with a body the two headers that describe it; nothing else. The runtime adds the provider's headers.

use crate::error::ApiError;
use axum::http::StatusCode;
use http::HeaderMap;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue, UPGRADE};
use keyway::connection::ConnectionKey;
use keyway::request::is_reserved;

/// The prefixes of the name of a header that is to be passed on.
const PREFIXES: [&str; 2] = ["nango-proxy-", "keyway-proxy-"];

/// The most extra attempts that a caller can ask for.
pub(crate) const MAX_RETRIES: u32 = 20;

/// The wishes of a caller.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Instructions {
    pub(super) key: ConnectionKey,
    pub(super) retries: u32,
    pub(super) retry_on: Vec<u16>,
    pub(super) base_url_override: Option<String>,
    pub(super) decompress: bool,
    pub(super) forward_on_redirect: Option<bool>,
    pub(super) forwarded: Vec<(String, String)>,
    pub(super) passed: Vec<(HeaderName, HeaderValue)>,
}

/// True if a request asks for another protocol (RFC 9110 section 7.8). `h2c`, the same request over HTTP/2, does not
/// count: some clients offer it with each first request, and a server may ignore the offer.
pub(super) fn switches_protocol(headers: &HeaderMap) -> bool {
    let lines = headers.get_all(UPGRADE).iter().map(HeaderValue::as_bytes);
    let mut protocols = lines.flat_map(|line| line.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii);
    protocols.any(|protocol| !protocol.eq_ignore_ascii_case(b"h2c"))
}

impl Instructions {
    /// Reads every header once: this is done for each request.
    pub(super) fn read(headers: &HeaderMap) -> Result<Instructions, ApiError> {
        let (mut integration, mut id, mut base_url_override) = (None, None, None);
        let (mut decompress, mut forward_on_redirect) = (None, None);
        let (mut retries, mut retry_on) = (None, None);
        let (mut forwarded, mut passed) = (Vec::new(), Vec::new());
        for (name, value) in headers {
            match name.as_str() {
                "provider-config-key" => once(&mut integration, name, value)?,
                "connection-id" => once(&mut id, name, value)?,
                "retries" => once(&mut retries, name, value)?,
                "retry-on" => once(&mut retry_on, name, value)?,
                "base-url-override" => once(&mut base_url_override, name, value)?,
                "decompress" => once(&mut decompress, name, value)?,
                "forward-headers-on-redirect" => once(&mut forward_on_redirect, name, value)?,
                // End-to-end headers (RFC 9110 section 7.6.1) that say what is requested, carry no credential and frame
                // nothing; those of MCP's transport (Streamable HTTP) among them. A provider's own header of the same
                // name wins, because clients send `Accept: */*` by default; a prefixed one wins over both.
                "accept"
                | "accept-language"
                | "if-match"
                | "if-modified-since"
                | "if-none-match"
                | "if-range"
                | "if-unmodified-since"
                | "last-event-id"
                | "mcp-protocol-version"
                | "mcp-session-id"
                | "range" => {
                    text(name.as_str(), value)?;
                    passed.push((name.clone(), value.clone()));
                }
                other => forwarded.extend(prefixed(other, value)?),
            }
        }
        Ok(Instructions {
            key: ConnectionKey::new(required("provider-config-key", integration)?, required("connection-id", id)?),
            retries: self::retries(retries)?,
            retry_on: self::retry_on(retry_on)?,
            base_url_override: base_url_override.filter(|url| !url.is_empty()).map(str::to_owned),
            decompress: flag("decompress", decompress)?.unwrap_or(false),
            forward_on_redirect: flag("forward-headers-on-redirect", forward_on_redirect)?,
            forwarded,
            passed,
        })
    }

    /// Passes on the headers that describe the body, unless a prefixed header does. The body is sent unchanged, so
    /// they are still true; without them the upstream could only guess.
    pub(super) fn describe_body(&mut self, headers: &HeaderMap) -> Result<(), ApiError> {
        for name in [CONTENT_TYPE, CONTENT_ENCODING] {
            let prefixed = self.forwarded.iter().any(|(forwarded, _)| *forwarded == name.as_str());
            if let Some(value) = one(headers, &name)?
                && !prefixed
            {
                self.forwarded.push((name.as_str().to_owned(), value.to_owned()));
            }
        }
        Ok(())
    }
}

fn retries(retries: Option<&str>) -> Result<u32, ApiError> {
    match retries.map(str::parse) {
        None => Ok(0),
        Some(Ok(retries @ 0..=MAX_RETRIES)) => Ok(retries),
        Some(_) => Err(invalid(format!("`Retries` must be a number from 0 to {MAX_RETRIES}"))),
    }
}

fn retry_on(list: Option<&str>) -> Result<Vec<u16>, ApiError> {
    let Some(list) = list else { return Ok(Vec::new()) };
    let digits = |status: &str| !status.is_empty() && status.bytes().all(|byte| byte.is_ascii_digit());
    list.split(',')
        .map(|status| status.parse().ok().filter(|_| digits(status)))
        .collect::<Option<Vec<u16>>>()
        .ok_or_else(|| invalid("`Retry-On` must be statuses joined by commas, like `409,423`"))
}

/// A header that is passed on without its prefix; `None` for one that has none.
fn prefixed(name: &str, value: &HeaderValue) -> Result<Option<(String, String)>, ApiError> {
    let Some(name) = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)) else { return Ok(None) };
    if HeaderName::from_bytes(name.as_bytes()).is_err() {
        return Err(invalid("a prefix without a header name behind it"));
    }
    if is_reserved(name) {
        return Err(invalid(format!("`{name}` cannot be passed on: the proxy sets its own")));
    }
    Ok(Some((name.to_owned(), text(name, value)?.to_owned())))
}

fn required(name: &str, value: Option<&str>) -> Result<String, ApiError> {
    let value = value.filter(|value| !value.is_empty());
    value.map(str::to_owned).ok_or_else(|| invalid(format!("`{name}` is missing")))
}

fn flag(name: &str, value: Option<&str>) -> Result<Option<bool>, ApiError> {
    match value {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(_) => Err(invalid(format!("`{name}` must be `true` or `false`"))),
    }
}

/// Takes the one value of a header. With two, an intermediary may have read the other one.
fn once<'h>(taken: &mut Option<&'h str>, name: &HeaderName, value: &'h HeaderValue) -> Result<(), ApiError> {
    match taken.replace(text(name.as_str(), value)?) {
        None => Ok(()),
        Some(_) => Err(twice(name)),
    }
}

/// The one value of a header. With two, an intermediary may have read the other one.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, ApiError> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => text(name.as_str(), value).map(Some),
        (Some(_), Some(_)) => Err(twice(name)),
    }
}

fn twice(name: &HeaderName) -> ApiError {
    invalid(format!("`{name}` is given twice"))
}

fn text<'a>(name: &str, value: &'a http::HeaderValue) -> Result<&'a str, ApiError> {
    std::str::from_utf8(value.as_bytes()).map_err(|_| invalid(format!("the value of `{name}` is not UTF-8")))
}

fn invalid(message: impl Into<String>) -> ApiError {
    ApiError::new(StatusCode::BAD_REQUEST, "invalid_headers", message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(lines: &[(&str, &str)]) -> Result<Instructions, String> {
        Instructions::read(&map(lines)).map_err(|error| {
            assert_eq!((error.status, error.code), (StatusCode::BAD_REQUEST, "invalid_headers"));
            error.message
        })
    }

    fn map(lines: &[(&str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in [("provider-config-key", "github"), ("connection-id", "user-42")].iter().chain(lines) {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            headers.append(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
        headers
    }

    #[test]
    fn a_connection_is_enough() {
        let plain = Instructions {
            key: ConnectionKey::new("github", "user-42"),
            retries: 0,
            retry_on: Vec::new(),
            base_url_override: None,
            decompress: false,
            forward_on_redirect: None,
            forwarded: Vec::new(),
            passed: Vec::new(),
        };
        let ignored = [
            ("authorization", "Bearer k"),
            ("cookie", "a=b"),
            ("content-type", "text/plain"),
            ("base-url-override", ""),
        ];
        assert_eq!(read(&ignored).unwrap(), plain);
    }

    #[test]
    fn every_option_is_read() {
        let read = read(&[
            ("retries", "3"),
            ("retry-on", "409,423"),
            ("base-url-override", "https://api.example.com"),
            ("decompress", "true"),
            ("forward-headers-on-redirect", "false"),
            ("Nango-Proxy-X-One", "1"),
            ("keyway-proxy-Accept", "text/csv"),
            ("keyway-proxy-authorization", ""),
        ])
        .unwrap();
        assert_eq!((read.retries, read.retry_on, read.decompress), (3, vec![409, 423], true));
        assert_eq!(read.base_url_override.as_deref(), Some("https://api.example.com"));
        assert_eq!(read.forward_on_redirect, Some(false));
        let forwarded = [("x-one", "1"), ("accept", "text/csv"), ("authorization", "")];
        assert_eq!(read.forwarded, forwarded.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn end_to_end_headers_pass_as_they_are() {
        let lines = [
            ("Accept", "application/json, text/event-stream"),
            ("Mcp-Session-Id", "s-1"),
            ("Mcp-Protocol-Version", "2025-11-25"),
            ("Last-Event-ID", "7"),
            ("If-None-Match", "\"a\""),
            ("If-None-Match", "\"b\""),
            ("Range", "bytes=0-9"),
            ("user-agent", "node"),
            ("accept-encoding", "gzip"),
            ("cookie", "a=b"),
            ("referer", "https://a.test"),
        ];
        let passed = read(&lines).unwrap().passed;
        let mut names: Vec<&str> = passed.iter().map(|(name, _)| name.as_str()).collect();
        names.dedup();
        let expected = ["accept", "mcp-session-id", "mcp-protocol-version", "last-event-id", "if-none-match", "range"];
        assert_eq!((names.as_slice(), passed.len()), (&expected[..], 7));
    }

    #[test]
    fn only_a_switch_to_another_protocol_is_one() {
        for (lines, expected) in [
            (vec![], false),
            (vec![("upgrade", "h2c")], false),
            (vec![("upgrade", "websocket")], true),
            (vec![("upgrade", "H2C, websocket")], true),
            (vec![("upgrade", "h2c"), ("upgrade", "foo/2")], true),
        ] {
            assert_eq!(switches_protocol(&map(&lines)), expected, "{lines:?}");
        }
    }

    #[test]
    fn wrong_headers_are_named() {
        for (name, value, expected) in [
            ("retries", "-1", "`Retries` must be a number from 0 to 20"),
            ("retries", "21", "`Retries` must be a number from 0 to 20"),
            ("retry-on", "409,", "`Retry-On` must be statuses joined by commas, like `409,423`"),
            ("retry-on", "+409", "`Retry-On` must be statuses joined by commas, like `409,423`"),
            ("decompress", "yes", "`decompress` must be `true` or `false`"),
            ("connection-id", "other", "`connection-id` is given twice"),
            ("nango-proxy-host", "evil.example", "`host` cannot be passed on: the proxy sets its own"),
            ("keyway-proxy-transfer-encoding", "x", "`transfer-encoding` cannot be passed on: the proxy sets its own"),
            ("nango-proxy-", "x", "a prefix without a header name behind it"),
        ] {
            assert_eq!(read(&[(name, value)]).unwrap_err(), expected);
        }
        let error = Instructions::read(&HeaderMap::new()).unwrap_err();
        assert_eq!(error.message, "`provider-config-key` is missing");
    }

    #[test]
    fn a_body_is_described_once() {
        for (lines, expected) in [
            (vec![("content-type", "text/csv"), ("content-encoding", "gzip")], vec!["text/csv", "gzip"]),
            (vec![("content-type", "text/csv"), ("nango-proxy-content-type", "text/plain")], vec!["text/plain"]),
        ] {
            let mut read = read(&lines).unwrap();
            read.describe_body(&map(&lines)).unwrap();
            let values: Vec<&str> = read.forwarded.iter().map(|(_, value)| value.as_str()).collect();
            assert_eq!(values, expected);
        }
    }
}
