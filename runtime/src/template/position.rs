//! Values in URLs: each is checked against the grammar of the place where it lands, and encoded for it.
//!
//! A host name here is made of labels of letters, digits, `-` and `_` (RFC 1123 section 2.1, with the underscore
//! that real services use). Names in other scripts are refused; their `xn--` form is fine.
//! Absent here: which hosts are allowed ([`crate::egress`]).

use keyway_spec::Position;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::borrow::Cow;
use url::Url;

/// The encoded value, or why it does not fit. The reason never holds the value.
pub(crate) fn fit(position: Position, value: &str) -> Result<Cow<'_, str>, &'static str> {
    match position {
        Position::Text => Ok(Cow::Borrowed(value)),
        Position::Quoted => Ok(Cow::Owned(quoted(value))),
        Position::Origin => origin(value).map(Cow::Owned),
        Position::Host => host_and_path(value).map(Cow::Owned),
        Position::HostLabel => labels(value).map(Cow::Borrowed),
        Position::Port => port(value).map(Cow::Borrowed),
        Position::Segment => segment(value),
        Position::Path => path(value).map(Cow::Owned),
        Position::Query | Position::Fragment => Ok(encode(value)),
    }
}

/// What `encodeURIComponent` leaves alone: unreserved characters (RFC 3986 section 2.3) and `!*'()`. The masker looks for
/// secrets in this spelling.
pub(crate) const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b'!')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// As JSON escapes a string (RFC 8259 section 7), which GraphQL reads too (its October 2021 edition, section 2.9.4).
fn quoted(value: &str) -> String {
    let string = serde_json::Value::from(value).to_string();
    let inner = string.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    inner.unwrap_or_default().to_owned()
}

fn encode(value: &str) -> Cow<'_, str> {
    utf8_percent_encode(value, COMPONENT).into()
}

fn origin(value: &str) -> Result<String, &'static str> {
    const SHAPE: &str = "must look like `https://host`, perhaps with a port and a path";
    let (scheme, rest) = value.split_once("://").ok_or(SHAPE)?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return Err(SHAPE);
    }
    let text = format!("{}://{}", scheme.to_ascii_lowercase(), host_and_path(rest)?);
    Url::parse(&text).map_err(|_| SHAPE)?;
    Ok(text)
}

/// A customer who names the whole host may name a path below it too: several vendors' forms ask for both in one field.
/// A slash that is the whole path says no more than none (RFC 3986 section 6.2.3) and is dropped, because what follows in
/// the template brings its own; one at the end of a path is a part of it.
fn host_and_path(value: &str) -> Result<String, &'static str> {
    if value.contains("://") {
        return Err("must be a host name, without `https://`");
    }
    if value.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '?' | '#' | '@')) {
        return Err("must not contain spaces or any of `\\ ? # @`");
    }
    let (authority, path) = value.split_once('/').unwrap_or((value, ""));
    let authority = host(authority)?;
    if has_dot_segment(path) {
        return Err("must not contain `.` or `..` as a part of its path");
    }
    Ok(if path.is_empty() { authority } else { format!("{authority}/{path}") })
}

fn host(value: &str) -> Result<String, &'static str> {
    match value.split_once(':') {
        Some((name, number)) => Ok(format!("{}:{}", labels(name)?, port(number)?)),
        None => labels(value).map(str::to_owned),
    }
}

fn labels(value: &str) -> Result<&str, &'static str> {
    if value.len() > 253 {
        return Err("is longer than a host name can be");
    }
    for label in value.split('.') {
        if label.is_empty() || label.len() > 63 {
            return Err("must be a host name: labels of 1 to 63 characters, with single dots between them");
        }
        if !label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
            return Err("must be a host name: only letters, digits, `-`, `_` and dots");
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Err("must be a host name: no label begins or ends with `-`");
        }
    }
    Ok(value)
}

fn port(value: &str) -> Result<&str, &'static str> {
    let digits = !value.is_empty() && value.len() <= 5 && value.bytes().all(|byte| byte.is_ascii_digit());
    match value.parse::<u16>() {
        Ok(1..) if digits => Ok(value),
        _ => Err("must be a port number from 1 to 65535"),
    }
}

/// What may stand in a segment of a path as it is (RFC 3986 section 3.3): unreserved characters, `sub-delims`, `:` and `@`.
/// The masker looks for secrets in this spelling too.
pub(crate) const SEGMENT: &AsciiSet =
    &COMPONENT.remove(b'$').remove(b'&').remove(b'+').remove(b',').remove(b';').remove(b'=').remove(b':').remove(b'@');

fn in_segment(value: &str) -> Cow<'_, str> {
    utf8_percent_encode(value, SEGMENT).into()
}

fn segment(value: &str) -> Result<Cow<'_, str>, &'static str> {
    if is_dot_segment(value) { Err("must not be `.` or `..`") } else { Ok(in_segment(value)) }
}

fn path(value: &str) -> Result<String, &'static str> {
    if value.split(['/', '\\']).any(is_dot_segment) {
        return Err("must not contain `.` or `..` as a part of its path");
    }
    Ok(value.split('/').map(in_segment).collect::<Vec<_>>().join("/"))
}

/// Whether a path in its encoded form has a part that a URL parser or a server takes for `.` or `..`.
pub(crate) fn has_dot_segment(path: &str) -> bool {
    path.split(['/', '\\']).any(is_dot_segment)
}

/// A URL that templates made; `None` where it is none, or where values that are harmless one by one make a segment that
/// the parser would resolve: `.` beside `.`.
pub(crate) fn url(text: &str) -> Option<Url> {
    let (_, behind_scheme) = text.split_once("://")?;
    let path = behind_scheme.split(['?', '#']).next().and_then(|text| text.split_once(['/', '\\']));
    let resolves = path.is_some_and(|(_, path)| has_dot_segment(path));
    Url::parse(text).ok().filter(|_| !resolves)
}

fn is_dot_segment(part: &str) -> bool {
    behind_dot(part).is_some_and(|rest| rest.is_empty() || behind_dot(rest) == Some(""))
}

/// What follows a dot, in any of its spellings.
fn behind_dot(part: &str) -> Option<&str> {
    [".", "%2e", "%2E"].iter().find_map(|dot| part.strip_prefix(dot))
}
