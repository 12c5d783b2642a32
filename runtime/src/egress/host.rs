//! Host patterns: `api.example.com`, `*.example.com`, `*-api.example.net`, `*`.
//!
//! `*` stands for one or more labels or a part of one, never for nothing. `*` alone is every public host.

use keyway_spec::Port;
use url::Url;

/// A pattern of a [`keyway_spec::HostSet`], read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedPattern {
    /// The pattern, lower case.
    pub host: String,
    /// The ports that belong to it.
    pub port: Port,
}

impl OwnedPattern {
    /// Reads a pattern of a spec, or a line of an operator's list: `host`, `*.host`, `host:8443`, `host:*`,
    /// `[::1]:8443`.
    ///
    /// The error says what is wrong with the line.
    pub fn parse(text: &str) -> Result<OwnedPattern, String> {
        let line = text.trim().to_ascii_lowercase();
        let wrong = |reason: &str| Err(format!("`{}` is not a host: {reason}", text.trim()));
        if line.contains("://") || line.contains('/') {
            return wrong("leave out the scheme and the path");
        }
        let split = line.rsplit_once(':').filter(|(host, _)| !host.contains(':') || host.ends_with(']'));
        let (host, port) = match split {
            None => (line.as_str(), Port::Default),
            Some((host, "*")) => (host, Port::Any),
            Some((host, number)) => match number.parse() {
                Ok(number @ 1..) => (host, Port::Fixed(number)),
                _ => return wrong("the port must be a number from 1 to 65535, or `*`"),
            },
        };
        let host = host.strip_suffix('.').unwrap_or(host);
        let bracketed = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        if let Some(address) = bracketed.or(host.contains(':').then_some(host)) {
            return match address.parse::<std::net::Ipv6Addr>() {
                Ok(address) => Ok(OwnedPattern { host: format!("[{address}]"), port }),
                Err(_) => wrong("this is no IPv6 address"),
            };
        }
        if !is_name(&host.replace('*', "x")) {
            return wrong("use letters, digits, `-`, `_` and dots, with `*` for the part that varies");
        }
        Ok(OwnedPattern { host: host.to_owned(), port })
    }

    /// Whether a URL's host and port belong to the pattern. `name` is the normalized host.
    pub(super) fn admits(&self, name: &str, is_address: bool, url: &Url, allow_private: bool) -> bool {
        let port = match self.port {
            Port::Any => true,
            Port::Default => url.port().is_none(),
            Port::Fixed(port) => url.port_or_known_default() == Some(port),
        };
        port && self.admits_name(name, is_address, allow_private)
    }

    fn admits_name(&self, name: &str, is_address: bool, allow_private: bool) -> bool {
        if self.host == "*" {
            return allow_private || (!is_address && is_name(name) && is_public(name));
        }
        if !self.host.contains('*') {
            return self.host == name;
        }
        !is_address && is_name(name) && glob(&self.host, name)
    }
}

/// Lower case, without the root's trailing dot.
pub(super) fn normalize(host: &str) -> String {
    let host = host.strip_suffix('.').unwrap_or(host);
    host.to_ascii_lowercase()
}

/// Whether a text is a host name: no empty label, only letters, digits, `-` and `_`.
fn is_name(name: &str) -> bool {
    let character = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    name.len() <= 253 && name.split('.').all(|label| (1..=63).contains(&label.len()) && label.bytes().all(character))
}

/// Names that only mean something inside a machine or a network (RFC 6761, RFC 6762, RFC 7686, RFC 8375).
const SPECIAL: [&str; 5] = ["localhost", "local", "internal", "arpa", "onion"];

fn is_public(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, top)| !SPECIAL.contains(&top))
}

/// Whether a name matches a pattern in which each `*` stands for at least one character.
fn glob(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = parts.collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        // The earliest place that leaves something for the `*` before it.
        let Some(found) = rest.get(1..).and_then(|later| later.find(part)) else { return false };
        rest = rest.get(1 + found + part.len()..).unwrap_or_default();
    }
    rest.strip_suffix(last).is_some_and(|star| !star.is_empty())
}
