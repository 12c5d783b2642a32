//! The values that a part of a URL may hold: host names, ports, paths.
//!
//! The compiler holds what an entry writes to this, the runtime what a customer enters. A host name here is made of
//! labels of letters, digits, `-` and `_` (RFC 1123 section 2.1, with the underscore that real services use). Names in
//! other scripts are refused; their `xn--` form (RFC 5890 section 2.3.2.1) is fine.

use crate::Position;
use core::net::Ipv4Addr;

/// The most bytes of a host name (RFC 1035 section 3.1, without the root's dot).
pub const MAX_NAME: usize = 253;

/// The most bytes of a label (RFC 1035 section 2.3.4).
pub const MAX_LABEL: usize = 63;

/// Whether a value can stand in a place of a URL. The error says why not and never holds the value; it reads after
/// the name of the value.
pub fn fits(position: Position, value: &str) -> Result<(), &'static str> {
    match position {
        Position::Origin => origin(value),
        Position::Host => host_and_path(value),
        Position::HostLabel => labels(value),
        Position::Port => port(value).map(|_| ()),
        Position::Segment if is_dot_segment(value) => Err("must not be `.` or `..`"),
        Position::Path if has_dot_segment(value) => Err(DOTS_IN_PATH),
        // What is encoded as a whole may be anything.
        Position::Text
        | Position::Quoted
        | Position::Query
        | Position::Fragment
        | Position::Segment
        | Position::Path => Ok(()),
    }
}

const ORIGIN: &str = "must look like `https://host`, perhaps with a port and a path";
const DOTS_IN_PATH: &str = "must not contain `.` or `..` as a part of its path";

/// A scheme, a host, and perhaps a path.
fn origin(value: &str) -> Result<(), &'static str> {
    let (scheme, rest) = value.split_once("://").ok_or(ORIGIN)?;
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return Err(ORIGIN);
    }
    host_and_path(rest)
}

/// A customer who names the whole host may name a path below it too: several vendors' forms ask for both in one field.
fn host_and_path(value: &str) -> Result<(), &'static str> {
    if value.contains("://") {
        return Err("must be a host name, without `https://`");
    }
    if value.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '\\' | '?' | '#' | '@')) {
        return Err("must not contain spaces or any of `\\ ? # @`");
    }
    let (authority, path) = value.split_once('/').unwrap_or((value, ""));
    self::authority(authority)?;
    if has_dot_segment(path) { Err(DOTS_IN_PATH) } else { Ok(()) }
}

/// A host name or an IPv4 address, perhaps with a port.
pub fn authority(value: &str) -> Result<(), &'static str> {
    let (name, number) = value.split_once(':').map_or((value, None), |(name, number)| (name, Some(number)));
    labels(name)?;
    if is_numeric(name) && name.parse::<Ipv4Addr>().is_err() {
        return Err("must be a host name or an address of four numbers");
    }
    number.map_or(Ok(()), |number| port(number).map(|_| ()))
}

/// One or more labels of a host name.
pub fn labels(value: &str) -> Result<(), &'static str> {
    if value.len() > MAX_NAME {
        return Err("is longer than a host name can be");
    }
    value.split('.').try_for_each(label)
}

fn label(label: &str) -> Result<(), &'static str> {
    if label.is_empty() || label.len() > MAX_LABEL {
        return Err("must be a host name: labels of 1 to 63 characters, with single dots between them");
    }
    if !label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        return Err("must be a host name: only letters, digits, `-`, `_` and dots");
    }
    if label.starts_with('-') || label.ends_with('-') {
        return Err("must be a host name: no label begins or ends with `-`");
    }
    Ok(())
}

/// True if URL parsers take a name for an IPv4 address, because its last label is a number (WHATWG URL, "ends in a
/// number"). They read `1.2.3` as `1.2.0.3` and `0x7f.1` as `127.0.0.1`.
pub fn is_numeric(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    let last = name.rsplit('.').next().unwrap_or_default();
    let hexadecimal = last.strip_prefix("0x").or_else(|| last.strip_prefix("0X"));
    let is_number = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    is_number || hexadecimal.is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// A port that something can listen on.
pub fn port(value: &str) -> Result<u16, &'static str> {
    let digits = !value.is_empty() && value.len() <= 5 && value.bytes().all(|byte| byte.is_ascii_digit());
    match value.parse::<u16>() {
        Ok(port @ 1..) if digits => Ok(port),
        _ => Err("must be a port number from 1 to 65535"),
    }
}

/// True if a path in its encoded form has a part that a URL parser or a server takes for `.` or `..`.
pub fn has_dot_segment(path: &str) -> bool {
    path.as_bytes().split(|byte| matches!(byte, b'/' | b'\\')).any(is_dot_segment)
}

/// True if a part of a path is `.` or `..`, in any spelling.
pub fn is_dot_segment(part: impl AsRef<[u8]>) -> bool {
    behind_dot(part.as_ref()).is_some_and(|rest| rest.is_empty() || behind_dot(rest) == Some(b""))
}

/// The rest after a dot, in any of its spellings.
fn behind_dot(part: &[u8]) -> Option<&[u8]> {
    match part {
        [b'.', rest @ ..] | [b'%', b'2', b'e' | b'E', rest @ ..] => Some(rest),
        _ => None,
    }
}
